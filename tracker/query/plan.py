"""How a question is answered: the rarest thing asked for drives, the others are looked up for each event it gives.

What is asked for is a facet (any of some keys of `event_facet`), a set of events (found by words, or the steps of a
measure) or a test of the event's own row. Facets stand in the order of the timeline, so that the first page is there at
once where events are many; where all is rare, what there is of the rarest is put in order. It does not know what the
filters mean: that is `tracker.query.filters`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tracker.query import density
from tracker.store.connection import Connection, Value

Clause = tuple[str, tuple[Value, ...]]  # SQL with its values

MOST_SORTED = 20_000  # events of several keys, or of a set, that are put in order for one page
MOST_TRIED = 12  # keys that are tried one after another for each event
NO_DAY = 99999999  # later than all
TRIED = "EXISTS (SELECT 1 FROM event_facet WHERE key IN ({keys}) AND day = {day} AND event_facet.number = {number})"
# Where all are told, in any order: quicker than to try each.
JOINED = """ CROSS JOIN event_facet AS f{nth}
  ON f{nth}.key = {key} AND f{nth}.day = place.day AND f{nth}.number = place.number"""
HELD = "{number} IN (SELECT number FROM event_facet WHERE key IN (SELECT value FROM json_each(?)))"
# Of many keys with many events: the event's own keys are looked through.
READ = """EXISTS (SELECT 1 FROM event_keys, json_each(event_keys.keys) AS own
  WHERE event_keys.number = {number} AND own.value IN (SELECT value FROM json_each(?)))"""
EVENT = "EXISTS (SELECT 1 FROM event WHERE event.number = {number} AND {tests})"
OF_EVENT = {"day": "event.at", "number": "event.number"}
OF_PLACE = {"day": "place.day", "number": "place.number"}
OF_SET = """day, number FROM (
  SELECT event_keys.day, event_keys.number
  FROM ({sql}) AS told CROSS JOIN event_keys ON event_keys.number = told.number)"""
WORDS = "SELECT rowid AS number FROM event_fts WHERE event_fts MATCH ?"
WORDS_OF_ONE = "EXISTS (SELECT 1 FROM event_fts WHERE event_fts MATCH ? AND event_fts.rowid = {number})"
MONTHS = """
SELECT coalesce(sum(events), 0) FROM facet_month WHERE key IN (SELECT value FROM json_each(?)) AND month BETWEEN ? AND ?
"""
KEYS = """
SELECT number, events FROM json_each(?2) AS wanted CROSS JOIN facet_key ON field = ?1 AND facet_key.value = wanted.value
"""
WAYS = {"newest": ("DESC", "<"), "oldest": ("ASC", ">")}


@dataclass(frozen=True, slots=True)
class Asked:
    """Any of these facets, or any of the events whose numbers `sql` gives; `events`: how many at most have it.

    With `but` it is the others that are asked for. `found`: the question that gave the keys, where there may be many.
    """

    events: int
    keys: tuple[int, ...] = ()
    sql: str = ""
    values: tuple[Value, ...] = ()
    but: bool = False
    once: str = ""  # where `sql` gives too many to be told at once: the test of one
    found: Clause = ("", ())

    @property
    def orders(self) -> bool:
        """Whether its events stand in the order of the timeline."""
        return len(self.keys) == 1

    def test(self, names: dict[str, str], *, few: bool = False) -> Clause:
        """Whether one event has it; `few`: of which few will be asked, so that `sql` is not asked for all."""
        sql, values = (self.once, self.values) if few and self.once else self._test()
        return (f"NOT {sql}" if self.but else sql).format(**names), values

    def numbers(self) -> Clause:
        """The numbers of all that have it."""
        if self.sql:
            return self.sql, self.values
        return "SELECT number FROM event_facet WHERE key IN (SELECT value FROM json_each(?))", (json.dumps(self.keys),)

    def _test(self) -> Clause:
        if self.sql:
            return f"{{number}} IN ({self.sql})", self.values
        if len(self.keys) <= MOST_TRIED:
            return TRIED.replace("{keys}", ", ".join(map(str, self.keys))), ()
        return HELD if self.events <= MOST_SORTED else READ, (json.dumps(self.keys),)


@dataclass(frozen=True, slots=True)
class Condition:
    """Which events are asked for: `sql` with its `values` is a test of a row of `event`.

    `places` gives them in the order of the timeline, as quickly as they can be had.
    """

    sql: str
    values: tuple[Value, ...]
    plan: Plan | None = None

    def places(self, order: str, after: tuple[int, int] | None = None) -> Clause:
        """A question for `day` and `number` of all events, in order; those beyond a place where one is given."""
        way, beyond = WAYS[order]
        if self.plan is not None:
            return self.plan.places(way, beyond, after)
        tests = [(self.sql, self.values)]
        if after is not None:
            tests.append((f"(event.day, event.number) {beyond} (?, ?)", (_day(after[0]), after[1])))
        sql, values = _all(tests)
        return f"SELECT at AS day, number FROM event WHERE {sql} ORDER BY event.day {way}, number {way}", values  # noqa: S608 - bound

    def any_order(self) -> Clause:
        """The same in any order, to be counted."""
        if self.plan is None:
            return f"SELECT at AS day, number FROM event WHERE {self.sql}", self.values  # noqa: S608 - bound
        return self.plan.numbers()

    def known(self) -> int | None:
        """How many events there are, where that is written down."""
        return None if self.plan is None else self.plan.known()


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for: `every` is the facet of all events, `tests` are about rows of `event`."""

    every: Asked
    asked: tuple[Asked, ...]
    tests: tuple[Clause, ...]
    standing: Clause  # that no person rejected it, or that one did: where no facet says so
    first: int = 0  # days, as numbers, outside of which none of them stands
    last: int = NO_DAY
    late: tuple[Clause, ...] = ()  # tests that hold anyhow of what stands on the day `since` or later
    since: int = 0
    sure: Asked | None = None  # what passes all tests for sure

    def known(self) -> int | None:
        """How many there are, where one tally says it."""
        if self.tests or self.late or self.last < NO_DAY or len(self.asked) > 1:
            return None
        one = self.asked[0] if self.asked else self.every
        return one.events if one.orders and not one.but else None

    def condition(self) -> Condition:
        """As a test of rows of `event`."""
        parts = [self.standing, *self._tests(OF_EVENT)]
        for one in self.asked:
            if not one.but and one.events <= MOST_SORTED:
                sql, values = one.numbers()
                parts.append((f"event.number IN ({sql})", values))
            else:
                parts.append(one.test(OF_EVENT))
        if self.last < NO_DAY:
            parts.append(("event.day <= ?", (_day(self.last),)))
        if self.first:
            parts.append(("event.day >= ?", (_day(self.first),)))
        return Condition(*_all(parts), plan=self)

    def places(self, way: str, beyond: str, after: tuple[int, int] | None) -> Clause:
        """The places of its events in order."""
        drives = self.driver()
        first, last = self.first, self.last
        beyond_it: list[Clause] = []
        if after is not None:
            first, last = (first, min(last, after[0])) if beyond == "<" else (max(first, after[0]), last)
            beyond_it = [(f"(day, number) {beyond} (?, ?)", after)]
        source, values = self._source(drives, beyond_it, first, last)
        order = f"ORDER BY day {way}, number {way}"
        others = self._others([drives], few=True)
        sql, more = _all(others)
        if drives.orders or not others:
            return f"SELECT day, number FROM ({source}) AS place WHERE {sql} {order}", (*values, *more)  # noqa: S608 - bound
        # Put in order first, so that the tests end with the page.
        return f"SELECT day, number FROM ({source} {order} LIMIT -1) AS place WHERE {sql}", (*values, *more)  # noqa: S608 - bound

    def numbers(self) -> Clause:
        """The places of its events in any order."""
        every = [self.every, *(one for one in self.asked if not one.but)]
        drives = min(every, key=lambda one: (one.events, not one.orders))
        source, values = self._source(drives, [], self.first, self.last)
        joined = [] if drives.sql else [one for one in self.asked if one is not drives and one.orders and not one.but]
        sql, more = _all(self._others([drives, *joined]))
        joins = "".join(JOINED.format(nth=nth, key=one.keys[0]) for nth, one in enumerate(joined))
        return f"SELECT place.day, place.number FROM ({source}) AS place {joins} WHERE {sql}", (*values, *more)  # noqa: S608 - bound

    def _source(self, drives: Asked, tests: list[Clause], first: int, last: int) -> Clause:
        """Day and number of all events that have one of the things asked for."""
        given: tuple[Value, ...] = ()
        if drives.sql:
            what, given = OF_SET.format(sql=drives.sql), drives.values
        elif drives.orders:
            what, tests = "day, number FROM event_facet", [(f"key = {drives.keys[0]}", ()), *tests]
        else:
            keys = ("key IN (SELECT value FROM json_each(?))", (json.dumps(drives.keys),))
            what, tests = "DISTINCT day, number FROM event_facet", [keys, *tests]
        if (first, last) != (0, NO_DAY):
            tests.append(("day BETWEEN ? AND ?", (first, last)))
        sql, values = _all(tests)
        return f"SELECT {what} WHERE {sql}", (*given, *values)

    def _others(self, met: list[Asked], *, few: bool = False) -> list[Clause]:
        """What is tested of events that one thing asked for gives, and that meet some others; the rarest first."""
        asked = [one for one in sorted(self.asked, key=lambda one: (bool(one.sql), one.events)) if one not in met]
        if met[0].sql:
            asked.append(self.every)
        return [*(one.test(OF_PLACE, few=few) for one in asked), *self._tests(OF_PLACE)]

    def driver(self) -> Asked:
        """What the events of a page are taken from: the rarest thing asked for that gives them in order, or few."""
        told = [one for one in self.asked if not one.but and (one.orders or one.events <= MOST_SORTED)]
        return min([self.every, *told], key=lambda one: (one.events, not one.orders))

    def _tests(self, names: dict[str, str]) -> list[Clause]:
        """The tests of rows of `event`, the late ones only where the day does not do."""
        inside = names is OF_EVENT
        found = [_all(self.tests) if inside else _on_event(self.tests)] if self.tests else []
        for clause in self.late:
            sql, values = clause if inside else _on_event([clause])
            found.append((f"({names['day']} >= {self.since} OR {sql})", values))
        return found


def asked(db: Connection, facets: Iterable[tuple[str, Iterable[str]]], *, but: bool = False) -> Asked:
    """Any of these facets: fields, each with values."""
    rows = [row for name, values in facets for row in db.rows(KEYS, (name, json.dumps(sorted(set(values)))))]
    return of_keys({row["number"]: row["events"] for row in rows}.items(), but=but)


def of_keys(rows: Iterable[tuple[int, int]], *, but: bool = False, found: Clause = ("", ())) -> Asked:
    """Any of these keys, each with the number of its events."""
    told = list(rows)
    if not told and not but:
        return Asked(0, sql="SELECT 0 AS number WHERE 0")
    return Asked(sum(events for _, events in told), keys=tuple(key for key, _ in told), but=but, found=found)


def of_set(db: Connection, sql: str, values: tuple[Value, ...], *, but: bool = False) -> Asked:
    """The events whose numbers a question gives."""
    count = f"SELECT count(*) FROM (SELECT 1 FROM ({sql}) LIMIT {MOST_SORTED + 1})"  # noqa: S608 - values are bound
    return Asked(0 if but else db.number(count, values), sql=sql, values=values, but=but)


def of_words(db: Connection, expression: str, *, but: bool = False) -> Asked:
    """The events whose texts an expression of FTS5 finds."""
    events = density.many(db, "event_fts", expression)
    once = WORDS_OF_ONE if events > density.MOST_TOLD else ""
    if events > density.MOST_COUNTED:  # to put them in order takes longer than to go through the timeline
        events = max(events, MOST_SORTED + 1)
    return Asked(0 if but else events, sql=WORDS, values=(expression,), but=but, once=once)


def within(db: Connection, one: Asked, first: int, last: int) -> Asked:
    """The same with the events of some days only counted, by whole months."""
    if one.sql or one.but or one.events < MOST_TRIED or (not first and last == NO_DAY):
        return one
    events = db.number(MONTHS, (json.dumps(one.keys), first // 100, last // 100))
    return replace(one, events=events)


def _on_event(tests: Iterable[Clause]) -> Clause:
    sql, values = _all(tests)
    return EVENT.format(number="place.number", tests=sql), values


def _all(parts: Iterable[Clause]) -> Clause:
    told = list(parts)
    return " AND ".join(f"({sql})" for sql, _ in told) or "1", tuple(value for _, values in told for value in values)


def _day(number: int) -> str:
    """A day as `event.day` has it."""
    return f"{number // 10000:04}-{number // 100 % 100:02}-{number % 100:02}"
