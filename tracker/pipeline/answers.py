"""What a source has answered in this refresh, and how it comes into the database: many answers per transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Self
from urllib.parse import urlsplit

import tracker
from tracker import fetch
from tracker.journal import tell
from tracker.model import (
    Done,
    Failed,
    Fetched,
    Item,
    Listing,
    Pace,
    Page,
    Poison,
    Skipped,
    Source,
    SourceState,
    Unchanged,
)
from tracker.pipeline import alarms, trust
from tracker.pipeline.run import Run
from tracker.store import Note, Validators

FLUSH_SOURCES = 100  # sources per transaction
FLUSH_ITEMS = 2_000  # items per transaction, a source's last answer apart
GAP_OF = 10  # of the newest items that a source lists at first, from whose dates its rhythm is guessed


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One answer: the request in short, what to keep of its validators, the items with the ids of their articles."""

    url: str
    note: Note
    at: datetime
    marks: Validators | None = None  # None: nothing is kept of them, and what was kept before goes
    keep_as: str = ""  # the address that they are kept for: that of the next request
    sent: bool = False  # the request was conditional
    pairs: tuple[tuple[Item, str], ...] = ()


@dataclass(slots=True, kw_only=True)
class Asking:
    """One source that is being asked, and what it has answered so far."""

    source: Source  # with the address that it has moved to
    named: Source  # as the configuration has it
    state: SourceState
    reading: str  # a hash of how its answers are read
    waiting: int = 0  # requests under way
    kept: dict[str, Validators | None] = field(default_factory=dict)  # of every address asked
    kept_back: list[Answered] = field(default_factory=list)
    older_urls: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    note: Note | None = None  # of the first answer that was stored
    fault: Failed | Poison | Skipped | None = None
    owed: str | None = None
    listed: int | None = None
    dates: list[str] = field(default_factory=list)
    new: int = 0
    same: bool = True  # nothing but unchanged answers, indexes apart
    pace: Pace = field(default_factory=Pace)
    fresh_for: timedelta | None = None
    moved_to: str | None = None

    @classmethod
    def begin(cls, source: Source, state: SourceState) -> Self:
        """Nothing asked yet. A source that has moved is asked where it is now."""
        there = state.moved_to if state.moved_to and _may_move(source, state.moved_to) else None
        return cls(
            source=replace(source, url=there) if there else source, named=source, state=state, reading=_reading(source)
        )

    def had(self, page: Page | Unchanged, url: str) -> None:
        """Note what an answer says of itself besides what it lists."""
        if len(self.kept) == 1 or url == self.source.url:  # the first that was asked
            self.fresh_for = page.fresh_for
        if page.moved_to and url == self.source.url and _may_move(self.named, page.moved_to):
            self.moved_to = page.moved_to

    def lists(self, listing: Listing) -> None:
        """Note what an answer lists."""
        if listing.items or not listing.follow:  # an index of parts lists nothing by itself
            self.listed = (self.listed or 0) + len(listing.items)
        self.dates += [item.published.value for item in listing.items if item.published]
        self.notes += listing.notes
        if listing.pace != Pace():
            self.pace = listing.pace

    def failed(self, url: str, fault: Failed | Poison | Skipped) -> None:
        """Note an answer that was none. Of older items, it is asked for next time, unless that is of no use."""
        if url in self.older_urls:
            self.owed = url if isinstance(fault, Failed) else self.owed
            self.notes.append(f"a page of older items could not be had: {fault.reason}")
            return
        self.fault = self.fault or fault
        self.moved_to = None

    def harvest(self) -> fetch.Harvest:
        """What the refresh brought, for the schedule."""
        return fetch.Harvest(
            listed=self.listed,
            dated=len(self.dates),
            new=self.new,
            first_gap=_usual_gap(self.dates) if self.state.last_new is None else None,
            pace=self.pace,
            fresh_for=self.fresh_for,
            moved_to=self.moved_to,
        )


class Book:
    """Answers that wait for being stored; `flush` stores them in one transaction."""

    def __init__(self, run: Run) -> None:
        """Start with nothing."""
        self._run = run
        self._entries: list[tuple[Asking, Answered | None]] = []  # None: that was all of the source
        self._closed = self._items = 0

    def add(self, one: Asking, answered: Answered) -> None:
        """An answer that nothing else waits for."""
        self._entries.append((one, answered))
        self._items += len(answered.pairs)
        if self._items >= FLUSH_ITEMS and one.waiting:  # parts of a large whole; else `close` follows at once
            self.flush()

    def close(self, one: Asking) -> None:
        """All of the source's answers are there: what was kept back goes in with its new state, the oldest first."""
        self._entries += [(one, answered) for answered in reversed(one.kept_back)]
        self._entries.append((one, None))
        self._items += sum(len(answered.pairs) for answered in one.kept_back)
        self._closed += 1
        if self._closed >= FLUSH_SOURCES or self._items >= FLUSH_ITEMS:
            self.flush()
        self._run.watch.advance()

    def flush(self) -> None:
        """Store all that waits."""
        entries, self._entries, self._closed, self._items = self._entries, [], 0, 0
        with self._run.store.batch():
            for one, answered in entries:
                if answered is None:
                    _remember(self._run, one)
                else:
                    _store(self._run, one, answered)


def _store(run: Run, one: Asking, answered: Answered) -> None:
    """One answer: the request, its validators and its items."""
    fetches, key, url = run.store.fetches, one.source.id, answered.url
    fetches.log(key, url, answered.note, answered.at)
    new = run.store.items.see(answered.pairs, answered.at)
    if answered.marks:
        kept = trust.after_page(one.kept.get(url), answered.marks, new=new, conditional=answered.sent)
        fetches.keep_validators(key, answered.keep_as, kept)
        one.kept[url] = kept
    elif answered.note.outcome == "page" and one.kept.get(url):
        fetches.keep_validators(key, url, None)
    one.note = one.note or answered.note
    one.new += new
    one.same &= answered.note.outcome == "unchanged" or answered in one.kept_back
    run.tally.counts["new items"] += new


def _remember(run: Run, one: Asking) -> None:
    """The state that follows from all answers of a source, and what is alarming in it."""
    now, harvest = run.clock(), one.harvest()
    outcome: Fetched = one.fault or Done(value=Unchanged(url=one.source.url, fetched_at=now))
    state = replace(fetch.next_state(one.state, one.named, outcome, now, harvest), owed=one.owed)
    note = one.note or Note(outcome="unchanged")
    if one.fault:
        note = Note(outcome=type(one.fault).__name__.casefold(), reason=one.fault.reason)
    is_put_off = isinstance(one.fault, Failed) and one.fault.postponed
    if is_put_off and one.listed is None:  # it was not asked: what is known of it still holds
        run.store.sources.put_off(state)
    else:
        notes = None if one.listed is None and not one.notes else one.notes
        run.store.sources.remember(state, note, now, notes=notes)
    run.tally.faults += [f"{one.source.id}: {text}" for text in one.notes]
    if one.fault and is_put_off:
        run.tally.faults.append(f"{one.source.id}: {one.fault.reason}; asked later")
        return
    if one.fault:
        run.tally.counts["failed sources"] += 1
        run.tally.faults.append(f"{one.source.id}: {one.fault.reason}")
    else:
        run.tally.counts["unchanged"] += one.same
    _tell(one, note)
    found = alarms.of_answers(
        one.state,
        state,
        harvest,
        now,
        sounding=run.store.alarms.sounding(one.source.id),
        reason=one.fault.reason if one.fault else None,
        distrusted=any(kept and kept.distrusted_at for kept in one.kept.values()),
    )
    alarms.settle(run, one.source.id, found, alarms.OF_ANSWERS)


def _tell(one: Asking, note: Note) -> None:
    """One line for a source: its failures and its news; the rest for those who want to see all."""
    level = "warning" if one.fault else "info" if one.new else "debug"
    reason = one.fault.reason if one.fault else None
    tell(
        "source asked",
        level=level,
        source=one.source.id,
        outcome=note.outcome,
        items=one.listed,
        new=one.new,
        milliseconds=note.milliseconds,
        reason=reason,
    )


def _may_move(source: Source, address: str) -> bool:
    """Whether a source may be asked at another address: one with a token only within its own origin."""
    old, new = urlsplit(source.url), urlsplit(address)
    return source.token is None or (old.scheme, old.netloc) == (new.scheme, new.netloc)


def _reading(source: Source) -> str:
    """A hash of all that decides what is found in the same bytes."""
    how = (tracker.__version__, source.kind.value, source.selectors, source.records, source.wanted)
    return hashlib.sha256(repr(how).encode()).hexdigest()[:16]


def _usual_gap(dates: Sequence[str]) -> timedelta | None:
    """The mean gap between the newest dates of a listing; None where they are too few or say too little."""
    whole = sorted((date for date in dates if len(date) >= len("2024-07-09")), reverse=True)[:GAP_OF]
    if len(whole) < 3:
        return None
    newest, oldest = (datetime.fromisoformat(date).replace(tzinfo=None) for date in (whole[0], whole[-1]))
    return (newest - oldest) / (len(whole) - 1)
