"""The fields of an event as a page tells them: each with its value, the words that show it, and how many say so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from tracker.query import AmountRow, EventDetail, PartyRef, ReportRow
from tracker.query.passages import Passage
from tracker.web.links import Links
from tracker.web.words import BASES, DIRECTIONS, LABELS, counted, date, precision, spelt
from tracker.wording import worded

MOST_PROOFS = 4  # passages for one field
MOST_AMOUNTS = 12
CERTAINTIES: Mapping[str, str] = MappingProxyType(
    {
        "confirmed": "told as a fact, not from unnamed sources or a leak",
        "reported": "rests on unnamed sources, leaks or other media, without a word from who acts",
        "denied": "who is said to act denies it",
    }
)
STATUSES: Mapping[str, str] = MappingProxyType(
    {
        "considered": "weighed or planned",
        "proposed": "formally proposed",
        "announced": "decided; to take effect later, or at no stated time",
        "in_force": "done, or in effect",
        "delayed": "postponed",
        "suspended": "paused, waived or stayed",
        "ended": "lifted, repealed or expired",
        "rejected": "failed, refused or decided against",
    }
)
# What a probability is called from which on.
SURE = ((0.9, "almost certain"), (0.75, "likely"), (0.5, "more likely than not"), (0.0, "doubtful"))
PRECISIONS: Mapping[str, str] = MappingProxyType({"year": "the year is known, no more", "month": "known to the month"})
# What an account says otherwise that is worth a word, and what stands before it.
NUANCES: Mapping[str, str] = MappingProxyType(
    {
        "type": "",
        "status": "",
        "direction": "",
        "certainty": "",
        "announced_on": "announced ",
        "effective_on": "takes effect ",
    }
)


@dataclass(frozen=True, slots=True)
class Word:
    """A value in words, with the address it leads to where there is one, and what it is beside that."""

    text: str
    to: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """Words of an article that show a field, and the report they are of."""

    passage: Passage
    report: ReportRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A field of an event. `note` says more about its value, `agreed` how many accounts give the same."""

    name: str
    label: str
    words: tuple[Word, ...]
    note: str = ""
    agreed: str = ""
    proofs: tuple[Proof, ...] = ()
    edited: bool = False


def facts(
    detail: EventDetail, passages: Mapping[str, Sequence[Passage]], reports: Sequence[ReportRow], links: Links
) -> list[Fact]:
    """All fields that have a value; `reports` are those whose words are looked through, the best first."""
    event = detail.event
    found = (
        ("actors", "actor", _parties(detail.actors, links), ""),
        ("targets", "target", _parties(detail.targets, links), ""),
        ("type", "type", tuple(_kind(detail, links)), DIRECTIONS.get(event.direction, event.direction)),
        ("status", "", (Word(spelt(event.status), links.home(status=event.status)),), STATUSES.get(event.status, "")),
        ("items", "item", _things(event.items, "item", links), ""),
        ("instruments", "instrument", _things(event.instruments, "instrument", links), ""),
        ("amounts", "amount", tuple(map(_amount, detail.amounts[:MOST_AMOUNTS])), ""),
        ("announced_on", "announced_on", *_dated(detail, "announced_on", event.announced_on, detail.announced_basis)),
        ("effective_on", "effective_on", *_dated(detail, "effective_on", event.effective_on, detail.effective_basis)),
        ("certainty", "", (Word(spelt(event.certainty)),), CERTAINTIES.get(event.certainty, "")),
        ("confidence", "", (Word(f"{sure(event.confidence)} ({event.confidence:.2f})"),), ""),
    )
    return [
        Fact(
            name=name,
            label=LABELS[name],
            words=words,
            note=note,
            agreed=agreed(detail, name),
            proofs=tuple(_proofs(passages, reports, name, shown)) if shown else (),
            edited=name in detail.edited,
        )
        for name, shown, words, note in found
        if words
    ]


def sure(value: float) -> str:
    """A probability in words."""
    return next(words for least, words in SURE if value >= least)


def agreed(detail: EventDetail, name: str) -> str:
    """How many accounts give the value of a field that each of them has; nothing where all of them do."""
    if name not in NUANCES or name in detail.edited:
        return ""
    heard = [one for one in detail.reports if not one.withdrawn]
    same = sum(name not in one.differs for one in heard)
    return f"{same:,} of {counted(len(heard), 'report')} say so" if same < len(heard) else ""


def nuances(report: ReportRow, detail: EventDetail) -> list[str]:
    """What an account says otherwise where no contradiction stands: a shade, or what it has replaced since."""
    apart = {one.field for one in detail.contradictions}
    if report.withdrawn:
        return []
    return [
        f"{before}{date(value) if name.endswith('_on') else spelt(value)}"
        for name, before in NUANCES.items()
        if (value := report.differs.get(name)) and name not in apart
    ]


def amount(one: AmountRow) -> str:
    """An amount as a person would write it."""
    return worded(
        kind=one.kind, value=one.value, upper=one.upper, comparison=one.comparison, unit=one.unit, per=one.per
    )


def _proofs(
    passages: Mapping[str, Sequence[Passage]], reports: Sequence[ReportRow], name: str, shown: str
) -> Iterator[Proof]:
    """Where reports that say what the event says show a field, the first passage of each."""
    found = 0
    for report in reports:
        if report.withdrawn or (name in NUANCES and name in report.differs):
            continue
        passage = next(filter(None, (one.about(shown) for one in passages.get(report.id, ()))), None)
        if passage is not None:
            yield Proof(passage, report)
            found += 1
        if found == MOST_PROOFS:
            return


def _parties(parties: Sequence[PartyRef], links: Links) -> tuple[Word, ...]:
    return tuple(
        Word(one.name, links.party(one.id), ", ".join(filter(None, (spelt(one.kind), one.country)))) for one in parties
    )


def _kind(detail: EventDetail, links: Links) -> Iterator[Word]:
    event = detail.event
    yield Word(spelt(event.type), links.home(type=event.type))
    if event.subtype:
        yield Word(spelt(event.subtype), links.home(subtype=event.subtype))


def _things(names: Sequence[str], name: str, links: Links) -> tuple[Word, ...]:
    return tuple(Word(one, links.home({name: one})) for one in names)


def _amount(one: AmountRow) -> Word:
    told = amount(one)
    same = "".join(one.text.split()) == "".join(told.split())
    return Word(told, note="" if same else f"“{one.text}”")


def _dated(detail: EventDetail, name: str, value: str | None, basis: str | None) -> tuple[tuple[Word, ...], str]:
    """A date with how far it is known, and from where; one that a person set is from no text."""
    if not value:
        return (), ""
    whence = "" if name in detail.edited else BASES.get(basis or "", "")
    known = (PRECISIONS.get(precision(value), ""), whence)
    return (Word(date(value)),), "; ".join(filter(None, known))
