"""What stands in the database: sound as SQLite has it, of our schema, and of one mind with what is derived from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import timedelta

from tracker.doctor.findings import Found, Patient, fine, note, unknown, wrong
from tracker.errors import StoreError
from tracker.store import soundness
from tracker.store.connection import SALVAGE, SCHEMA_VERSION, Connection, open_database
from tracker.store.lock import WriterLock
from tracker.store.migrations import require_current, version
from tracker.store.upkeep import Upkeep

SHOWN = 3  # faults that are told by name
BEHIND = timedelta(minutes=10)  # a clock may differ by so much from the one that wrote last
COMPARING = "is comparing the index for search with the texts; wait for it to end"
REBUILD = "`tracker doctor --repair` makes it anew from what is stored"


def structure(patient: Patient, db: Connection) -> Iterator[Found]:
    """Damaged pages, by SQLite's own check."""
    faults = soundness.structure(db, thorough=patient.thorough)
    if not faults:
        yield fine("whole" if patient.thorough else "whole, by the quick check")
    else:
        yield wrong(f"damaged: {_some(faults)}", SALVAGE)


def schema(_: Patient, db: Connection) -> Iterator[Found]:
    """A schema of an earlier tracker, an upgrade that was cut off, something that is missing."""
    number = version(db)
    if not number:
        yield note("there are no tables yet", "the next `tracker refresh` makes them")
        return
    missing, other = soundness.schema(db)
    if missing:
        only_derived = all(name.split()[0] in {"index", "view", "trigger"} for name in missing)
        yield wrong(f"missing: {_some(list(missing))}", REBUILD if only_derived else SALVAGE)
    if other:
        yield note(f"not as this tracker made it: {_some(other)}", "somebody has changed it; undo that")
    if number < SCHEMA_VERSION:
        yield note(
            f"schema {number} of an earlier tracker; this one has {SCHEMA_VERSION}",
            "the next `tracker refresh` upgrades it",
        )
        return
    try:
        require_current(db)
    except StoreError:
        yield note("an upgrade was cut off", "the next `tracker refresh` goes on with it")
    if not missing and not other:
        yield fine(f"schema {number}")


def references(_: Patient, db: Connection) -> Iterator[Found]:
    """Rows that lead to rows that are not there."""
    if found := soundness.references(db):
        yield wrong(
            f"lead to nothing: {_counted(found)}", "`tracker doctor --repair` cuts them off and has them made again"
        )


def full_text(_: Patient, db: Connection) -> Iterator[Found]:
    """The search knows all that there is."""
    if version(db) == SCHEMA_VERSION and (found := soundness.full_text(db)):
        yield wrong(f"rows not in the index for search, or too many: {_counted(found)}", REBUILD)


def tallies(_: Patient, db: Connection) -> Iterator[Found]:
    """Counts that are kept say what a recount says."""
    if version(db) < SCHEMA_VERSION:
        return
    if found := soundness.tallies(db):
        yield wrong(f"counted wrongly: {_counted(found)}", REBUILD)
    if count := soundness.miscounted(db):
        yield wrong(f"{count} events have another number of reports than they say", REBUILD)


def words(patient: Patient, db: Connection) -> Iterator[Found]:
    """The indexes for search agree with the texts, word by word."""
    if version(db) < SCHEMA_VERSION:
        return
    lock = WriterLock(patient.database, doing=COMPARING)  # a refresh would else be broken off by a locked database
    try:
        lock.acquire()
        try:
            with closing(open_database(patient.database, read_only=False)) as writer:
                found = soundness.words(writer)
        finally:
            lock.release()
    except StoreError as error:
        yield unknown(f"only who may write can compare them: {error}")
        return
    if found:
        yield wrong(f"does not agree with its texts: {', '.join(found)}", REBUILD)


def facets(_: Patient, db: Connection) -> Iterator[Found]:
    """What each event can be found by is what its rows say."""
    if version(db) == SCHEMA_VERSION and (count := soundness.wrong_facets(db)):
        yield wrong(f"{count} events are found by other fields than they have", REBUILD)


def text(_: Patient, db: Connection) -> Iterator[Found]:
    """Every text is text, which a damaged byte undoes."""
    if found := soundness.unreadable(db):
        yield wrong(
            f"rows with bytes that are no text: {_counted(found)}", "`tracker doctor --repair` marks those bytes"
        )


def clock(patient: Patient, db: Connection) -> Iterator[Found]:
    """This machine's clock is not behind what it wrote before, nor far ahead of it all at once."""
    newest = soundness.newest(db) if version(db) == SCHEMA_VERSION else None
    if newest is not None and newest - patient.now > BEHIND:
        behind = newest - patient.now
        told = f"{behind.days} days" if behind.days else f"{behind.seconds // 60} minutes"
        yield wrong(
            f"the clock is {told} behind: it is {patient.now:%Y-%m-%d %H:%M} UTC, and something was stored at"
            f" {newest:%Y-%m-%d %H:%M}",
            "set the clock (timedatectl); nothing stored is touched, and a refresh goes on meanwhile",
        )
    if version(db) == SCHEMA_VERSION and (until := Upkeep(db).doubtful_until(patient.now)) is not None:
        yield wrong(
            f"the clock has leapt ahead by months: it is {patient.now:%Y-%m-%d %H:%M} UTC",
            f"see that it is right (timedatectl); nothing is let go of for its age until {until:%Y-%m-%d}",
        )


def _some(faults: list[str]) -> str:
    more = f" … and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
    return "; ".join(faults[:SHOWN]) + more


def _counted(found: Mapping[str, int]) -> str:
    return ", ".join(f"{name} ({count})" for name, count in found.items())
