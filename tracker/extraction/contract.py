"""The extraction contract of the annotation guide: articles as JSON lines in, events and entities as JSON lines out.

Reads one article a line (`{"id", "url", "title", "text", "published_at", "lang"}`, all but `id` and `text` may be
null), hands it to the reader, lets resolution name events and measures across the whole input (`naming`), and gives one
object per article in the order of the input. Not here: what is not JSON lines (`inputs`).
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from tracker import jsonlines
from tracker.extraction.naming import Naming
from tracker.model import (
    Amount,
    Article,
    Basis,
    EventMention,
    Mention,
    Party,
    Reads,
    Reason,
    Report,
    Span,
    Tier,
)

JSON = dict[str, Any]
DATED: Mapping[Basis, str] = {
    Basis.STATED: "written out",
    Basis.RELATIVE: "counted from the article's date",
    Basis.METADATA: "the article's own date",
    Basis.PAGE: "the article's own date",
    Basis.FEED: "the article's own date",
    Basis.FETCHED: "the day of fetching",
}


def articles(lines: Iterable[str], *, name: str = "input") -> Iterator[Article]:
    """The articles of JSON lines; raises InputError that names the line and the fault. Blank lines are passed over."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield jsonlines.article(line, f"{name}:{number}")


def extract(found: Iterable[Article], reader: Reads, *, explain: bool = False, stream: bool = False) -> Iterator[JSON]:
    """One object of the contract per article, in order.

    Args:
        found: the articles.
        reader: what reads them.
        explain: add the reasons of every field.
        stream: give each answer as soon as it is known, its events named by what has come so far. Else all answers wait
            for the last article (packed, in memory), and their names do not depend on the order of the articles.
    """
    naming = Naming()
    told: list[Report] = []
    waiting: list[bytes] = []
    for answer, reports in _read(found, reader, explain=explain):
        if stream:
            naming.add(reports)
            yield _named(answer, naming)
        else:
            told += reports
            waiting.append(zlib.compress(json.dumps(answer).encode(), 1))
    naming.add(told)
    for packed in waiting:
        yield _named(json.loads(zlib.decompress(packed)), naming)


def _read(found: Iterable[Article], reader: Reads, *, explain: bool) -> Iterator[tuple[JSON, list[Report]]]:
    """The answer to each article, whose events have the ids of their reports instead of names, and the reports."""
    waiting: deque[Article] = deque()
    for analysis in reader.read_many(_remember(found, waiting)):
        article = waiting.popleft()
        reports = [_report(article, number, told) for number, told in enumerate(analysis.events)]
        events = [_event(report, explain=explain) for report in reports]
        yield {"id": article.id, "events": events, "entities": entities(analysis.mentions)}, reports


def _named(answer: JSON, naming: Naming) -> JSON:
    for told in answer["events"]:
        told["event_id"], told["measure_id"] = naming.names(told["event_id"])
    return answer


def entities(mentions: Iterable[Mention]) -> list[JSON]:
    """The parties of an article, each with the places where it is named."""
    places: defaultdict[Party, list[Span]] = defaultdict(list)
    for mention in mentions:
        places[mention.party].append(mention.span)
    return [_party(party) | {"mentions": [_span(s) for s in sorted(spans)]} for party, spans in places.items()]


def _remember(found: Iterable[Article], waiting: deque[Article]) -> Iterator[Article]:
    for article in found:
        waiting.append(article)
        yield article


def _report(article: Article, number: int, told: EventMention) -> Report:
    """Its id rests on content alone, so that the order of the input does not matter."""
    return Report(
        id=hashlib.sha256(repr((article.id, number, told)).encode("utf-8", "surrogatepass")).hexdigest()[:32],
        article_id=article.id,
        origin=article.id,
        published=article.published.value if article.published else None,
        tier=Tier.MAJOR,
        event=told,
    )


def _event(report: Report, *, explain: bool) -> JSON:
    told = report.event
    out = event(told) | {"event_id": report.id, "measure_id": ""}
    return out | {"why": [_reason(r) for r in (*told.why, *_plain_reasons(told))]} if explain else out


def _plain_reasons(told: EventMention) -> Iterator[Reason]:
    """Why of the fields that the reader gives no reasons for: how a date or a phrase was come by says it."""
    known = {reason.what for reason in told.why}
    found = [Reason(what="item", words="phrase of the sentence", span=p.span) for p in told.items]
    found += [
        Reason(what="instrument", words="name of a rule, list or programme", span=p.span) for p in told.instruments
    ]
    found += [Reason(what="amount", words=f"{a.kind} in the clause", span=a.span) for a in told.amounts]
    for what, when in (("announced", told.announced_on), ("effective", told.effective_on)):
        found += [Reason(what=what, words=DATED[when.basis], span=when.span)] if when else []
    yield from (reason for reason in found if reason.what not in known)


def event(told: EventMention) -> JSON:
    """An event of one article in the form of the contract."""
    return {
        "type": told.type,
        **({"subtype": told.subtype} if told.subtype else {}),  # of a user's ontology
        "status": told.status,
        "direction": told.direction,
        "certainty": told.certainty,
        "actors": [_party(m.party) for m in told.actors],
        "targets": [_party(m.party) for m in told.targets],
        "items": [p.text for p in told.items],
        "instruments": [p.text for p in told.instruments],
        "amounts": [_amount(a) for a in told.amounts],
        "announced_on": told.announced_on.day if told.announced_on else None,
        "effective_on": told.effective_on.day if told.effective_on else None,
        "evidence": [_span(s) for s in told.evidence],
        "confidence": round(told.confidence, 3),
        "spans": _spans(told),
    }


def _spans(told: EventMention) -> JSON:
    """Where each field stands in the text."""
    found: dict[str, list[Span | None]] = {
        "actors": [m.span for m in told.actors],
        "targets": [m.span for m in told.targets],
        "items": [p.span for p in told.items],
        "instruments": [p.span for p in told.instruments],
        "amounts": [a.span for a in told.amounts],
        "announced_on": [told.announced_on.span if told.announced_on else None],
        "effective_on": [told.effective_on.span if told.effective_on else None],
    }
    return {field: [_span(s) for s in spans if s] for field, spans in found.items() if any(spans)}


def _amount(amount: Amount) -> JSON:
    """A typed value with its words; numbers are JSON numbers, whole where they are whole."""
    return {
        "kind": amount.kind,
        "value": _number(amount.value),
        "upper": None if amount.upper is None else _number(amount.upper),
        "comparison": amount.comparison,
        "unit": amount.unit,
        "per": amount.per,
        "text": amount.text,
    }


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _party(party: Party) -> JSON:
    return {"name": party.name, "kind": party.kind, "country": party.country, "wikidata": party.wikidata}


def _span(span: Span) -> JSON:
    return {"start": span.start, "end": span.end} | ({"field": "title"} if span.field == "title" else {})


def _reason(reason: Reason) -> JSON:
    out = {k: v for k, v in asdict(reason).items() if v not in (None, 0.0)}
    return out | {"span": _span(reason.span)} if reason.span else out
