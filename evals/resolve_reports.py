"""The reports that resolution is fitted and judged on.

Gold events as a perfect reader would report them, and what our own reader makes of the same articles, aligned with gold
as the scorer does it.

Reading takes minutes, so what was read is kept in a folder of the user's cache, under a name made of the reader's
version and the part. Nothing is fitted or scored here.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from score import align
from split import split

from tracker import extraction
from tracker.model import (
    Analysis,
    Basis,
    Certainty,
    Direction,
    EventMention,
    EventType,
    Mention,
    Party,
    PartyKind,
    Phrase,
    Report,
    Span,
    Status,
    Tier,
    When,
)
from tracker.nlp import gazetteer
from tracker.nlp.encoder import load_encoder
from tracker.nlp.reader import Reader, open_language
from tracker.nlp.weights import load_models

LEARNED = Path(__file__).parent / "learned"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tracker" / "evals"
ZERO = Span(start=0, end=0)

Doc = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A report and what gold says it tells; keys are unique within a scope (the set of an article)."""

    report: Report
    scope: str
    event: str
    measure: str


def gold(part: str) -> list[Told]:
    """Every gold event of a part as a perfect reader would report it."""
    return [
        _told(doc, number, event, _event(event))
        for doc in split(part)
        for number, event in enumerate(doc["events"])
        if event.get("event_key") and event["evidence"]
    ]


def read(part: str) -> list[Told]:
    """What our own reader finds in the articles of a part, with weights that have not seen the held-out ones."""
    docs = {doc["id"]: doc for doc in split(part)}
    found = []
    for analysis in _analyses(part):
        doc = docs[analysis.article_id]
        aligned = align(doc["events"], [extraction.event(e) for e in analysis.events])
        for i, j, _ in aligned:
            event = doc["events"][i]
            if event.get("event_key") and not event.get("optional"):
                found.append(_told(doc, j, event, analysis.events[j]))
    return found


def _told(doc: Doc, number: int, event: Doc, told: EventMention) -> Told:
    scope = doc["id"].split("-")[0]
    report = Report(
        id=f"{doc['id']}#{number:03}",
        article_id=doc["id"],
        origin=doc["id"],
        published=doc["published_at"],
        tier=Tier.MAJOR,
        event=told,
    )
    measure = event.get("measure") or f"alone/{doc['id']}#{number}"
    return Told(report=report, scope=scope, event=f"{scope}/{event['event_key']}", measure=f"{scope}/{measure}")


def _analyses(part: str) -> list[Analysis]:
    """What the reader finds, out of the cache where it has read with the same weights before."""
    lines = [json.dumps(doc) for doc in split(part)]
    weights = (LEARNED / "weights.json.gz").read_bytes() + "".join(lines).encode()
    kept = CACHE / f"read-{part}-{hashlib.sha256(weights).hexdigest()[:16]}.pickle"
    if kept.exists():
        return list(pickle.loads(kept.read_bytes()))  # noqa: S301  (we wrote it)
    reader = Reader(open_language(), load_models(LEARNED / "weights.json.gz"), load_encoder(LEARNED))
    found = list(reader.read_many(extraction.articles(lines)))
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(pickle.dumps(found))
    return found


def _event(event: Doc) -> EventMention:
    return EventMention(
        type=EventType(event["type"]),
        status=Status(event["status"]),
        direction=Direction(event["direction"]),
        certainty=Certainty(event["certainty"]),
        actors=_mentions(event["actors"]),
        targets=_mentions(event["targets"]),
        items=tuple(Phrase(text=t, span=ZERO) for t in event["items"]),
        instruments=tuple(Phrase(text=t, span=ZERO) for t in event["instruments"]),
        announced_on=_when(event["announced_on"]),
        effective_on=_when(event["effective_on"]),
        evidence=(Span(start=event["evidence"][0]["start"], end=event["evidence"][0]["end"]),),
        confidence=1.0,
    )


def _mentions(parties: Sequence[Doc]) -> tuple[Mention, ...]:
    return tuple(Mention(party=_party(p["name"], p["kind"], p["country"]), span=ZERO) for p in parties)


@cache
def _party(name: str, kind: str, country: str | None) -> Party:
    """A gold party; one that the gazetteer knows by its whole name, as the reader would give it."""
    plain = Party(name=name, kind=PartyKind(kind), country=country)
    for match in gazetteer.load().find(name):
        if match.end - match.start == len(name) and plain.kind is not PartyKind.GROUP:
            return replace(match.entry.party, kind=plain.kind)
    return plain


def _when(value: str | None) -> When | None:
    return When(value=value, basis=Basis.STATED) if value else None


def scopes(told: Iterable[Told]) -> dict[str, list[Told]]:
    """By the set of articles within which keys are unique."""
    found: dict[str, list[Told]] = {}
    for one in told:
        found.setdefault(one.scope, []).append(one)
    return found
