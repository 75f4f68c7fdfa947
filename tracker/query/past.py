"""What the tracker knew at a moment: the second time axis.

The log of changes holds of every change what was there before. Events (and the steps of measures) that changed since a
moment are put, as they were then, into temporary tables of the same names, which stand before those of the database;
the same questions are asked of both, and the answers joined. What did not change is read where it is, so that the past
costs as much as has changed since, once: later questions of the same moment only add what has been written meanwhile.
Not kept are texts of articles that were read anew, and who is who: parties, sources and the trust in them are those of
today.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType

from tracker.errors import BusyError, InputError, NotFoundError
from tracker.query import events, measures
from tracker.query.answers import EventDetail, EventPage, EventRow, ReportRow, StepRow
from tracker.query.events import Order
from tracker.query.filters import Condition, Filters, condition
from tracker.query.ids import is_id, one_id
from tracker.query.past_tables import Need, Tables, beside
from tracker.query.plan import Asked
from tracker.store.connection import Connection

Key = tuple[int, int]  # day, as a number, and number: a place in the timeline
State = tuple[int, int]  # of a database: its newest change, and how much was written of and is not logged yet
AT_ONCE = 500  # events read at once of a long answer
TRIES = 20  # times that both connections are brought to one state of the database
CURSOR = "SELECT cursor FROM change WHERE changed_at <= ? ORDER BY changed_at DESC, cursor DESC LIMIT 1"
NEWEST = "SELECT coalesce(max(cursor), 0) FROM main.change"
FORGOTTEN = """
SELECT changed_at FROM change
WHERE was IS NULL AND kind <> 'new' AND what <> 'article' AND cursor > ? ORDER BY cursor DESC LIMIT 1
"""
UNLOGGED = "SELECT count(*) FROM main.change_before"
DROP = "DROP TABLE IF EXISTS temp.hidden"
# Events that are not to be read where they are: changed since, or of a measure that was.
HIDDEN = """
INSERT OR IGNORE INTO temp.hidden SELECT one.id, event.number FROM (
  SELECT id FROM change WHERE cursor > ?1 AND what = 'event'
  UNION SELECT id FROM change_before WHERE what = 'event'
  UNION SELECT event.id FROM event WHERE measure_id IN (
    SELECT id FROM change WHERE cursor > ?1 AND what = 'measure'
    UNION SELECT id FROM change_before WHERE what = 'measure')
) AS one JOIN event ON event.id = one.id
"""
# What filters ask of beside the events themselves, which is only there when it is asked of; all others ask of facets.
NEEDS: Mapping[str, tuple[Need, ...]] = MappingProxyType(
    {
        "text": ("words",),
        "amount": ("facets", "reports"),
        "in_force_on": ("steps",),
        "upcoming": ("steps",),
        **dict.fromkeys(("within", "on", "since", "until", "measure", "changed_since", "rejected", "as_of"), ()),
    }
)
STEPS = "SELECT DISTINCT event_id FROM measure_step WHERE measure_id = ?"
KEYS = "SELECT id, at, number FROM event WHERE id IN (SELECT value FROM json_each(?))"
KEPT = "SELECT id, sources, url FROM past WHERE id IN (SELECT value FROM json_each(?))"


def cursor_at(db: Connection, moment: str) -> int:
    """The last change of a moment; 0 before the first.

    Raises:
        InputError: an earlier tracker wrote changes since, which kept nothing of what was before.
    """
    row = db.row(CURSOR, (moment,))
    cursor = 0 if row is None else int(row[0])
    gone = db.row(FORGOTTEN, (cursor,))
    if gone is not None:
        raise InputError(f"what was known then is kept since {gone[0][:19]} only; ask for a later day")
    return cursor


@dataclass(frozen=True, slots=True)
class Ask:
    """The filters, for whichever connection."""

    filters: Filters

    def of(self, db: Connection) -> Condition:
        """As a condition there."""
        return condition(db, self.filters)

    @property
    def needs(self) -> list[Need]:
        """What is asked of beside the events themselves."""
        given = [name for name, value in self.filters.items() if value not in (None, "", (), [])]
        return [need for name in given for need in NEEDS.get(name, ("facets",))]


class Past:
    """The events as they were after a change, asked as the present ones are."""

    def __init__(self, present: Connection, moment: str) -> None:
        """Of the database that a connection is open to."""
        self._now = present
        self.moment = moment
        self._then: Connection | None = None
        self._tables: Tables | None = None
        self._state: State | None = None  # that the tables were filled for

    def close(self) -> None:
        """Let the tables go; twice does no harm."""
        then, filled = self._then, self._tables is not None
        self._then = self._tables = self._state = None
        if then is not None:
            then.close()
        if filled:
            self._now.rows(DROP)

    def page(
        self, ask: Ask, *, limit: int | None, offset: int = 0, after: str | None = None, order: Order
    ) -> list[EventRow]:
        """As `tracker.query.events.page`."""
        with self._both(ask.needs) as then:
            beyond = None if after is None else self._place(then, after)
            return self._page(then, ask, None if limit is None else offset + limit, beyond, order)[offset:]

    def stream(self, ask: Ask, *, order: Order, after: str | None = None) -> Iterator[EventRow]:
        """As `tracker.query.events.stream`; `after` an event, or after a place."""
        with self._both(ask.needs) as then:
            beyond = None if after is None else self._place(then, after)
            while found := self._page(then, ask, AT_ONCE, beyond, order):
                yield from found
                beyond = self._place(then, found[-1].id)

    def pages(self, ask: Ask, *, limit: int, offset: int = 0, after: str | None = None, order: Order) -> EventPage:
        """As `tracker.query.events.pages`."""
        found = self.page(ask, limit=limit + 1, offset=offset, after=after, order=order)
        with self._both(ask.needs) as then:
            more = len(found) > limit > 0
            last = ".".join(map(str, self._place(then, found[limit - 1].id))) if more else None
        return EventPage(events=tuple(found[:limit]), next=last)

    def count(self, ask: Ask, *, most: int | None = None) -> int:
        """As `tracker.query.events.count`."""
        with self._both(ask.needs) as then:
            known = events.count(self._now, _unchanged(ask.of(self._now)), most=most) + events.count(then, ask.of(then))
        return known if most is None else min(known, most)

    def reports(self, found: Sequence[EventRow]) -> dict[str, tuple[ReportRow, ...]]:
        """As `tracker.query.events.reports`."""
        with self._both([]) as then:
            was = {row["id"] for row in then.rows(KEPT, (json.dumps([one.id for one in found]),))}
            self._tell(sorted(was))
            return events.reports(self._now, [one for one in found if one.id not in was]) | events.reports(
                then, [one for one in found if one.id in was]
            )

    def detail(self, event_id: str) -> EventDetail:
        """As `tracker.query.events.detail`.

        Raises:
            NotFoundError: there was no such event.
        """
        with self._both(["steps"]) as then:
            if not is_id(then, event_id, "event"):
                key = one_id(self._now, event_id)
                if self._now.row("SELECT 1 FROM temp.hidden WHERE id = ?", (key,)) is not None:
                    raise NotFoundError(
                        f"no event {event_id!r} was known then; `tracker show {event_id}` shows it as it is"
                    )
                found = events.detail(self._now, key)
                return dataclasses.replace(found, steps=self._steps(then, found.event.measure_id))
            key = one_id(then, event_id)
            self._tell([key])
            found = events.detail(then, key)
            row = then.row("SELECT title FROM past_measure WHERE id = ?", (found.event.measure_id,))
            return dataclasses.replace(
                found,
                event=self._as_told(then, [found.event])[0],
                measure_title=(found.measure_title if row is None else row["title"]) or "",
                steps=self._steps(then, found.event.measure_id),
            )

    def _steps(self, then: Connection, measure_id: str) -> tuple[StepRow, ...]:
        """The steps of a measure: as they were where it changed, else as they are, but for events that changed."""
        self._tell([row["event_id"] for row in then.rows(STEPS, (measure_id,))])
        was = measures.steps(then, measure_id)
        if then.row("SELECT 1 FROM past_measure WHERE id = ?", (measure_id,)) is not None:
            return was
        changed = {(one.date, one.event_id, one.words): one for one in was}
        now = measures.steps(self._now, measure_id)
        return tuple(changed.get((one.date, one.event_id, one.words), one) for one in now)

    def _page(self, then: Connection, ask: Ask, limit: int | None, beyond: Key | None, order: Order) -> list[EventRow]:
        """A page of what did not change and one of what did, joined in the order of the timeline."""
        after = None if beyond is None else ".".join(map(str, beyond))
        now = events.page(self._now, _unchanged(ask.of(self._now)), limit=limit, after=after, order=order)
        was = events.page(then, ask.of(then), limit=limit, after=after, order=order)
        places = _places(self._now, now) | _places(then, was)
        found = sorted([*now, *self._as_told(then, was)], key=lambda one: places[one.id], reverse=order == "newest")
        return found[:limit]

    def _as_told(self, then: Connection, rows: Sequence[EventRow]) -> list[EventRow]:
        """The events with the number of their sources and the first link as they were."""
        kept = {row["id"]: row for row in then.rows(KEPT, (json.dumps([one.id for one in rows]),))}
        return [dataclasses.replace(one, sources=kept[one.id]["sources"], url=kept[one.id]["url"]) for one in rows]

    def _place(self, then: Connection, after: str) -> Key:
        """Where in the timeline an event stood, told by its id or as a place; raises NotFoundError."""
        db = self._now if events.PLACE.fullmatch(after) or not is_id(then, after, "event") else then
        return events.place(db, after)

    def _tell(self, event_ids: Sequence[str]) -> None:
        assert self._tables is not None
        self._tables.tell(event_ids)

    @contextmanager
    def _both(self, needs: Sequence[Need]) -> Iterator[Connection]:
        """Both connections at one state of the database; the one of the past, its tables filled for what is needed."""
        for _ in range(TRIES):
            ready = False
            try:
                with self._now.reading():
                    state, cursor = _state(self._now), cursor_at(self._now, self.moment)
                    if self._tables is not None and self._tables.cursor != cursor:  # the moment is not over yet
                        self.close()
                    then = self._then = self._then or beside(self._now)
                    with then.reading():
                        if state == _state(then):
                            self._fill(then, state, cursor).need(needs)
                            ready = True
                            yield then
                            return
            except BaseException:
                if not ready:  # SQLite may have taken back a part of what was filled
                    self.close()
                raise
        raise BusyError(f"{self._now.path}: is being written to without a pause; ask again")

    def _fill(self, then: Connection, state: State, cursor: int) -> Tables:
        """The tables with all that was written up to a state."""
        if self._tables is None:
            self._now.rows(DROP)  # left over where a question was broken off
            self._now.rows("CREATE TEMP TABLE hidden (id TEXT, number INTEGER, PRIMARY KEY (id, number))")
            self._tables = Tables(then, cursor, self.moment)
        if self._state != state:
            self._now.rows(HIDDEN, (cursor if self._state is None else self._state[0],))
            self._tables.fill(state[0])
            self._state = state
        return self._tables


def _state(db: Connection) -> State:
    return db.number(NEWEST), db.number(UNLOGGED)


def _unchanged(where: Condition) -> Condition:
    """Without the events that are to be asked of the past."""
    assert where.plan is not None
    changed = Asked(0, sql="SELECT number FROM temp.hidden", but=True)
    return dataclasses.replace(where.plan, asked=(*where.plan.asked, changed)).condition()


def _places(db: Connection, rows: Sequence[EventRow]) -> dict[str, Key]:
    found = db.rows(KEYS, (json.dumps([one.id for one in rows]),))
    return {row["id"]: (row["at"], row["number"]) for row in found}


class Moments:
    """The moment that was asked of last: what was made ready for it stays until another one is asked of."""

    def __init__(self, present: Connection) -> None:
        """Of the database that a connection is open to."""
        self._now = present
        self._last: Past | None = None

    def at(self, moment: str) -> Past:
        """The database as it was then."""
        if self._last is None or self._last.moment != moment:
            self.close()
            self._last = Past(self._now, moment)
        return self._last

    def close(self) -> None:
        """Let go of it; twice does no harm."""
        if self._last is not None:
            self._last.close()
        self._last = None
