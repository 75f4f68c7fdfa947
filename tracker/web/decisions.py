"""What a form decides, done by `tracker.review` with a store of its own; and what was decided, in words.

One decision opens the database for writing, waits a little where something else is writing, and closes it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from tracker import review
from tracker.errors import BusyError, InputError, NotFoundError
from tracker.model import Certainty, Direction, EventType, Status
from tracker.query import EventRow, JudgementRow, Timeline
from tracker.review import Carried, Decision
from tracker.store import Store
from tracker.web.asking import Ask
from tracker.web.links import Links
from tracker.web.words import LABELS, counted, date, spelt

WAIT, PAUSE = 5.0, 0.2  # seconds that a decision waits for another writer, and between two tries
BUSY = "A refresh is writing to the database; your decision was not taken. Try again in a moment."
UNSETTLED = (
    "The rules of resolution have changed since this database was put together. The first decision puts everything "
    "together anew, which can take minutes with many reports; `tracker refresh` does the same."
)
# Fields of an event that people correct: label, and how a value is given.
CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "type": tuple(EventType),
        "status": tuple(Status),
        "direction": tuple(Direction),
        "certainty": tuple(Certainty),
    }
)
PARTIES = "names or ids, separated by ; (one that is new: Acme (company, US))"
THINGS = "separated by ;"
DAY = "2024-06-25, 2024-06 or 2024; empty: not known"
HINTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        field: (LABELS[field], hint)
        for field, hint in (
            ("type", ""),
            ("status", ""),
            ("direction", ""),
            ("certainty", ""),
            ("announced_on", DAY),
            ("effective_on", DAY),
            ("actors", PARTIES),
            ("targets", PARTIES),
            ("items", THINGS),
            ("instruments", THINGS),
            ("subtype", "of an ontology of your own; empty: none"),
            ("summary", ""),
        )
    }
)
# Reasons that are often given, offered for the field that asks why.
REASONS = (
    "the original says so",
    "an opinion, nothing was decided",
    "no policy event",
    "one step, told twice",
    "two steps of one measure",
    "another party's step",
    "the gazette has it",
)
# What was decided, by kind.
DONE: Mapping[str, str] = MappingProxyType(
    {
        "accept": "right as it is",
        "reject": "no policy event",
        "same": "one and the same",
        "different": "two different ones",
        "split": "taken apart",
        "edit": "corrected",
    }
)


@dataclass(frozen=True, slots=True)
class By:
    """What a decision needs beside what it is about."""

    store: Store
    ask: Ask
    who: dict[str, Any]

    def pair(self, act: Callable[..., Decision]) -> Decision:
        """A decision about two things."""
        return act(self.store, self.ask.sent("one"), self.ask.sent("two"), **self.who)

    def single(self, act: Callable[..., Decision]) -> Decision:
        """A decision about one."""
        return act(self.store, self.ask.sent("one"), **self.who)


def decide(ask: Ask) -> tuple[Decision, ...]:
    """Take the decision of a form, for whoever sent it.

    Raises:
        InputError: something of it is missing or cannot be; nothing was decided.
        NotFoundError: what it is about is not there.
        BusyError: another process has been writing all the time; nothing was decided.
    """
    act = ACTS.get(ask.sent("act"))
    if act is None or ask.reviewer is None:
        raise InputError(f"{ask.sent('act')!r} is no decision: one of {', '.join(ACTS)}")
    if not ask.timeline.path.exists():
        raise NotFoundError(f"{ask.timeline.path}: the database is not there any more")
    who = {"who": ask.reviewer, "why": ask.sent("why"), "now": ask.now}
    if not who["why"] and ask.sent("act") not in SILENT:
        raise InputError("say why, in a few words; nothing was decided yet")
    until = time.monotonic() + WAIT
    while True:
        try:
            with Store.open(ask.timeline.path) as store:
                if not review.is_by_present_rules(store) and not ask.sent("settle"):
                    raise InputError(f"{UNSETTLED} Say that you want this; nothing was decided yet")
                return act(By(store, ask, who))
        except BusyError:
            if time.monotonic() > until:
                raise BusyError(BUSY) from None
            time.sleep(PAUSE)


def _accept(by: By) -> tuple[Decision, ...]:
    return (by.single(lambda store, one, **who: review.accept(store, one, **{**who, "why": who["why"] or RIGHT})),)


def _split(by: By) -> tuple[Decision, ...]:
    parts = by.ask.form.get("part", ())
    if not parts:
        raise InputError("choose the reports that tell something else; nothing was decided yet")
    return (review.split(by.store, by.ask.sent("one"), parts, **by.who),)


def _edit(by: By) -> tuple[Decision, ...]:
    """Set the fields that the form holds otherwise than they were."""
    form = by.ask.form
    changes = {field: by.ask.sent(f"set-{field}") for field in HINTS if f"set-{field}" in form}
    changed = {field: text for field, text in changes.items() if text != by.ask.sent(f"was-{field}")}
    if not changed:
        raise InputError("every field is as it was: change one; nothing was decided yet")
    return review.edits(by.store, by.ask.sent("one"), changed, **by.who)


def _close(by: By) -> tuple[Decision, ...]:
    return (review.close(by.store, by.ask.sent("one"), who=by.who["who"], now=by.who["now"]),)


MOST_TOLD = 12
RIGHT = "right as it is"
SILENT = frozenset({"accept", "close"})  # need no reason
ACTS: Mapping[str, Callable[[By], tuple[Decision, ...]]] = MappingProxyType(
    {
        "accept": _accept,
        "reject": lambda by: (by.single(review.reject),),
        "same": lambda by: (by.pair(review.same),),
        "different": lambda by: (by.pair(review.different),),
        "split": _split,
        "edit": _edit,
        "again": lambda by: (by.single(review.again),),
        "close": _close,
    }
)


def unsettled(ask: Ask) -> str | None:
    """What is to be said where the next decision puts everything together anew; None where it does not."""
    with Store.open(ask.timeline.path, read_only=True) as store:
        return None if review.is_by_present_rules(store) else UNSETTLED


def written(event: EventRow) -> dict[str, str]:
    """The fields of an event as a form has them."""
    return {field: plain(getattr(event, field)) for field in HINTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A decision as people read it; `about` are the things that it is about, as far as they are still there."""

    judgement: JudgementRow
    what: str
    about: tuple[tuple[str, str], ...]  # words and address


def shown(timeline: Timeline, links: Links, judged: Iterable[JudgementRow]) -> list[Shown]:
    """Decisions in words, with links to what they are about."""
    return [Shown(judgement=one, what=what(one), about=tuple(_about(timeline, links, one))) for one in judged]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A decision that was just taken or undone; an `idle` one has no effect, because another keeps it from it."""

    shown: Shown
    idle: bool


def told(ask: Ask) -> list[Told]:
    """What the page before has decided, as the address has it (`done`, `idle`)."""
    found: list[JudgementRow] = []
    for key in ask.query.get("done", ())[:MOST_TOLD]:
        with suppress(NotFoundError):
            found.append(ask.timeline.judgement(key))
    idle = ask.query.get("idle", ())
    return [Told(shown=one, idle=one.judgement.id in idle) for one in shown(ask.timeline, ask.links, found)]


def carried(ask: Ask, one: str, two: str) -> list[str]:
    """What people set of two events and would hold for both, were they one: a sentence each."""
    return [_carried(found) for found in review.carried(ask.timeline, one, two)]


def _carried(one: Carried) -> str:
    if one.field is None:
        outcome = "are left out of the timeline" if one.value == "reject" else "count as looked at"
        return f"{one.judged.who} said “{DONE[one.value]}” of one of them: both together {outcome}."
    label = HINTS[one.field][0]
    value, other = (told_value(one.field, some) or "none" for some in (one.value, one.other))
    if one.instead:
        return (
            f"{label}: “{value}”, as {one.judged.who} set it, holds for both, and no more “{other}”, which "
            f"{one.instead.who} set on fewer reports or earlier."
        )
    return f"{label}: “{value}”, as {one.judged.who} set it, holds for both; the other one says “{other}”."


def what(one: JudgementRow) -> str:
    """What a decision says, without what it is about."""
    if one.field is not None:
        label = HINTS.get(one.field, (one.field, ""))[0]
        return f"{label}: {told_value(one.field, one.value) or 'none'}"
    if one.kind == "split":
        return f"{counted(len(one.right), 'report')} taken out"
    return DONE.get(one.kind, one.kind)


def told_value(field: str, value: Any) -> str:
    """What a field holds, as people read it."""
    text = plain(value)
    return date(text) if field.endswith("_on") else spelt(text) if field in CHOICES else text


def plain(value: Any) -> str:
    """A value as a form has it: names separated by semicolons, nothing for none."""
    if isinstance(value, list | tuple):
        return "; ".join(map(plain, value))
    return str(value["name"] if isinstance(value, Mapping) else value or "")


def _about(timeline: Timeline, links: Links, one: JudgementRow) -> Iterable[tuple[str, str]]:
    page = {"event": links.event, "measure": links.measure, "entity": links.party}
    for key in dict.fromkeys(filter(None, (one.subject, one.object))):
        try:
            found = timeline.subject(key)
        except NotFoundError:
            continue
        if found.what == "report":
            home = next((event for event, _ in timeline.places([found.id])), None)
            yield found.words, links.event(home) if home else ""
        else:
            yield found.words, page[found.what](found.id)
