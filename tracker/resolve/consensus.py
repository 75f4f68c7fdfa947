"""An event's fields from its reports, by one visible rule; it does not decide which reports belong together.

The rule, in the order in which it is applied:

1. **Who is heard** (`speaking`): what an outlet retracted is withdrawn; its correction, or its later report, replaces
   what it said before, in the fields where they differ.
2. **Who counts** (`independence`): several articles of one outlet, copies of one text, and articles that rest on
   another outlet's report are one account.
3. **What is taken** (`votes`): official before major before specialist before social; within a tier the value of most
   independent accounts; a precise date before a vague one that it agrees with; then the surer, then the earlier.
4. **What is left open** (`contradictions`): values that disagree in substance are kept and lower the confidence.
5. **People** (`edits`): what a person set stands above all that.

An event all of whose reports are withdrawn stays as it was told, with no account left: certainty `denied`,
confidence 0, origins 0. The result does not depend on the order of the reports, nor on their ids.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from tracker.model import (
    Basis,
    Certainty,
    Cluster,
    Contradiction,
    Direction,
    Event,
    EventType,
    Judgement,
    Mention,
    Party,
    Phrase,
    Status,
    When,
)
from tracker.resolve import agreement, contradictions, votes
from tracker.resolve.edits import edited
from tracker.resolve.independence import independent, voices
from tracker.resolve.speaking import Claim, Speaker, accounts, heard, rank, speakers, unheard
from tracker.resolve.summary import summary
from tracker.resolve.votes import Vote

__all__ = ["consensus", "rank"]

MOST_SURE = 0.99
BASES = tuple(Basis)  # best first


def consensus(cluster: Cluster, edits: Sequence[Judgement] = ()) -> Event:
    """The event that the reports of a cluster tell, as people edited it.

    Raises InputError where an edit sets a field to a value that it cannot have (`edits.checked` is asked before).
    """
    told, withdrawn = speakers(cluster.reports)
    gone = not told
    if gone:
        told = unheard(cluster.reports)
    event, found = _fields(cluster, told)
    confidence = 0.0 if gone else round(min(MOST_SURE, contradictions.damped(_confidence(told), found)), 3)
    event = replace(
        event,
        certainty=Certainty.DENIED if gone else event.certainty,
        confidence=confidence,
        origins=0 if gone else _origins(cluster, told, withdrawn),
        contradictions=tuple(found),
        withdrawn=withdrawn,
    )
    event = edited(event, cluster, edits)
    return event if "summary" in event.edited else replace(event, summary=summary(event))


def _origins(cluster: Cluster, told: Sequence[Speaker], withdrawn: Collection[str]) -> int:
    """How many independent accounts there are, those among them that are not read whole.

    Of these none counts whose outlet took back something, or whose text was taken back: when is not known.
    """
    if not cluster.more:
        return accounts(told)
    spoken = voices(cluster.reports, cluster.more)
    outlets, texts = ({spoken[key][n] for key in withdrawn} for n in (0, 1))
    more = {spoken[a.report_id] for a in cluster.more}
    kept = {voice for voice in more if voice[0] not in outlets and voice[1] not in texts}
    return independent(kept | {spoken[s.report.id] for s in told})


def _fields(cluster: Cluster, told: Sequence[Speaker]) -> tuple[Event, list[Contradiction]]:
    """The event that is taken from those who are heard, and what they disagree on."""
    words = {name: votes.votes(heard(_words(told, name), agreement.same_word)) for name in CLOSED}
    dates = {name: _dated(told, name) for name in DATES}
    lists = {name: _listed(told, name) for name in LISTS}
    kind = words["type"][0].value
    event = Event(
        id=cluster.event_id,
        type=EventType(kind),
        subtype=_subtype(told, kind),
        status=Status(words["status"][0].value),
        direction=Direction(words["direction"][0].value),
        certainty=Certainty(words["certainty"][0].value),
        actors=lists["actors"][0],
        targets=lists["targets"][0],
        items=lists["items"][0],
        instruments=lists["instruments"][0],
        announced_on=dates["announced_on"][0],
        effective_on=dates["effective_on"][0],
        confidence=0.0,
        summary="",
        report_ids=tuple(sorted((*(r.id for r in cluster.reports), *(a.report_id for a in cluster.more)))),
        origins=0,
        measure_id=cluster.measure_id,
        lead_id=cluster.lead_id,
    )
    found = [c for name, cast in words.items() for c in contradictions.of_values(name, cast, _alike(name, event))]
    found += [c for _, contradicted in lists.values() for c in contradicted]
    found += [c for name, (_, cast) in dates.items() for c in contradictions.of_values(name, cast, DATES[name][1])]
    return event, found


def _words(told: Iterable[Speaker], name: str) -> list[Claim[str]]:
    return [(s, str(getattr(s.report.event, name))) for s in told]


def _subtype(told: Iterable[Speaker], kind: str) -> str | None:
    """The finer kind, among those who tell this type and name one."""
    finer = votes.votes(
        [(s, s.report.event.subtype) for s in told if s.report.event.type == kind and s.report.event.subtype]
    )
    return finer[0].value if finer else None


def _alike(name: str, event: Event) -> Callable[[str, str], bool]:
    """When two values of a closed list agree: announced and in force do not where the start is known to come later."""
    if name != "status" or event.announced_on is None or event.effective_on is None:
        return agreement.same_word
    if not agreement.is_later(event.effective_on.day, event.announced_on.day):
        return agreement.same_word
    return lambda one, two: one == two or (Status.IN_FORCE not in {one, two} and agreement.same_word(one, two))


def _dated(told: Iterable[Speaker], name: str) -> tuple[When | None, list[Vote]]:
    """A date as it was told best, and the votes on its day."""
    vote, agrees = DATES[name]
    claims = [(s, when) for s in told if (when := getattr(s.report.event, name)) is not None]
    if name == "announced_on":  # what is yet to come when an article is published was not announced then
        claims = [(s, when) for s, when in claims if not agreement.is_foretold(when.day, s.report.published)]
    spoken = heard(claims, lambda one, two: agrees(one.day, two.day))
    cast = vote(spoken)
    if not cast:
        return None, cast
    best = min((w for _, w in spoken if w.day == cast[0].value), key=lambda w: (BASES.index(w.basis), w.value))
    return replace(best, span=None), cast


def _listed(told: Iterable[Speaker], name: str) -> tuple[tuple[Any, ...], list[Contradiction]]:
    """What is taken of a list, and who names something else; lists are compared once, by how they are written."""
    vote, agrees, bare, named = LISTS[name]
    given = {s: whole for s in told if (whole := getattr(s.report.event, name))}
    lists = {named(bare(whole)): bare(whole) for whole in given.values()}
    if len(lists) < 2:
        return vote([min(given.items(), key=lambda claim: claim[0].place)] if given else []), []
    known: dict[tuple[str, str], bool] = {}

    def alike(one: str, two: str) -> bool:
        if (one, two) not in known:
            known[one, two] = one == two or agrees(lists[one], lists[two])
        return known[one, two]

    spoken = heard([(s, named(bare(whole))) for s, whole in given.items()], alike)
    leading = votes.leading(spoken, alike)
    taken = vote([(s, given[s]) for s, _ in spoken if s in leading])
    with_taken = {text: agrees(one, taken) for text, one in lists.items()}
    return taken, list(contradictions.of_lists(name, named(taken), spoken, with_taken))


def _bare_parties(mentions: Iterable[Mention]) -> tuple[Party, ...]:
    return tuple(m.party for m in mentions)


def _bare_words(phrases: Iterable[Phrase]) -> tuple[str, ...]:
    return tuple(p.text for p in phrases)


def _names(parties: Iterable[Party]) -> str:
    return " + ".join(sorted({p.id or p.name for p in parties}))


def _texts(phrases: Iterable[str]) -> str:
    return " + ".join(sorted(set(phrases)))


CLOSED = ("type", "status", "direction", "certainty")
DATES: Mapping[str, tuple[Callable[[Sequence[Claim[When]]], list[Vote]], Callable[[str, str], bool]]] = (
    MappingProxyType(
        {
            "announced_on": (votes.announced, agreement.same_announcement),
            "effective_on": (votes.effective, agreement.same_date),
        }
    )
)
# Field: how it is voted on, when two lists agree, what is compared of what a report gives, and how a list is written.
LISTS: Mapping[str, tuple[Callable[..., Any], Callable[..., bool], Callable[..., Any], Callable[..., str]]] = (
    MappingProxyType(
        {
            "actors": (votes.actors, agreement.same_actors, _bare_parties, _names),
            "targets": (votes.targets, agreement.same_targets, _bare_parties, _names),
            "items": (votes.items, agreement.same_items, _bare_words, _texts),
            "instruments": (votes.instruments, agreement.same_instruments, _bare_words, _texts),
        }
    )
)


def _confidence(told: Sequence[Speaker]) -> float:
    """One minus the chance that every independent account is mistaken: the surest of each outlet and of each text."""
    by_outlet, by_text = defaultdict[str, float](float), defaultdict[str, float](float)
    for speaker in told:
        outlet, text = speaker.voice
        by_outlet[outlet] = max(by_outlet[outlet], speaker.report.event.confidence)
        by_text[text] = max(by_text[text], speaker.report.event.confidence)
    most = accounts(told)
    pairs = zip(sorted(by_outlet.values(), reverse=True), sorted(by_text.values(), reverse=True), strict=False)
    return 1 - math.prod(1 - min(pair) for _, pair in zip(range(most), pairs, strict=False))
