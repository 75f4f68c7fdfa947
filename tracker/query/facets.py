"""Counts of all facets at once under any filters, from an index in memory: for a process that lives long.

The index holds the facets of every event as arrays (`tracker.query.facet_columns`): about 90 MB for a million events.
Filters become masks over these arrays; what no array holds (full text, measures, what a test of the event's own row
decides) is asked of the database. The answers are those of `Timeline.counts`; nothing is written.

An index never changes. `Index.follow` gives a newer one, which took over what changed: what the log of changes names,
new numbers, and whatever else makes the tallies of facets others than its own (a party that was merged, a source of
another tier). What leaves every tally as it was is not seen: two sources that swapped their tiers in one step, say.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TYPE_CHECKING, Any, TypeAlias, cast
from weakref import ref

from tracker.errors import InputError
from tracker.query import dates, facet_rows
from tracker.query.counting import FIELDS, known
from tracker.query.counts import spelt
from tracker.query.facet_columns import Chosen, Part, Values, joined
from tracker.query.facet_masks import Masks, TooManyError, months
from tracker.query.filters import Filters, is_narrowed, several
from tracker.store.connection import Connection
from tracker.store.facets import REJECTED

if TYPE_CHECKING:
    import numpy as np

    Array: TypeAlias = np.ndarray[Any, Any]

TIMES = ("since", "until", "between", "last")
# Fields that others than events and articles, whose changes are logged, have a part in.
WATCHED = tuple(name for name in facet_rows.HELD if name not in {"item", "instrument", "amount"})
# Parts are made one where the later is not much smaller than the one before, or there is little in both.
LARGE, LITTLE = 4, 2000

CURSOR = "SELECT coalesce(max(cursor), 0) FROM change"
NUMBER = "SELECT coalesce(max(number), 0) FROM event_keys"
# Events that were written after a cursor, also through an article that was.
CHANGED = """
SELECT coalesce((SELECT number FROM event WHERE event.id = change.id), was ->> 'number') FROM change
WHERE cursor > ?1 AND what = 'event'
UNION SELECT event.number FROM change CROSS JOIN report ON report.article_id = change.id
JOIN event ON event.id = report.event_id WHERE cursor > ?1 AND what = 'article'
UNION SELECT number FROM event_keys WHERE number > ?2
"""
SUMS = """
SELECT field, count(*), sum(events), sum(events * events) FROM facet_key
WHERE field IN (SELECT value FROM json_each(?)) GROUP BY field
"""
TALLIES = "SELECT value, events, number FROM facet_key WHERE field = ?"
OF_KEY = "SELECT group_concat(number) FROM event_facet WHERE key = ?"
MERGED = "SELECT id FROM entity WHERE merged_into IS NOT NULL AND id IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """A value, its name as people read it, how many events have it beside the other filters; chosen: it is one."""

    value: str
    name: str
    events: int
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """What events have, counted: all that pass the filters, by each field the values with most of them, by month.

    A field is counted as if nothing were chosen in it; its chosen values are among those told. `months` ("2024-07")
    are those with events, in their order, as if no dates were asked for.
    """

    events: int
    fields: Mapping[str, tuple[FacetValue, ...]]
    months: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Index:
    """The facets of all events at one state of a database."""

    parts: tuple[Part, ...] = field(repr=False)
    known: Mapping[str, Values] = field(repr=False)
    cursor: int
    number: int
    totals: Mapping[tuple[str, bool], Array] = field(
        repr=False
    )  # of each column, of those rejected or not: events by code
    seen: tuple[ref[Connection], int]  # by whom, and what that connection calls this state

    @classmethod
    def load(cls, db: Connection) -> Index:
        """Of all events: takes about as many seconds as there are hundreds of thousands."""
        with db.reading():
            values = facet_rows.spaces()
            part = facet_rows.whole(db, values)
            totals = _counted(part, values)
            return cls((part,), values, db.number(CURSOR), db.number(NUMBER), totals, _seen(db))

    def follow(self, db: Connection) -> Index:
        """The index of what the database holds now: this one where nothing changed."""
        if self.seen == _seen(db):
            return self
        with db.reading():
            told = {int(row[0]) for row in db.tuples(CHANGED, (self.cursor, self.number)) if row[0] is not None}
            found = self._with(db, sorted(told)) if told else self._seen(db)
            if missed := found.differing(db):
                found = found._with(db, sorted(missed))  # noqa: SLF001 - its own kind
            return found

    def facets(self, db: Connection, filters: Filters, fields: Collection[str], *, top: int = 12) -> Facets | None:
        """Of the events that pass filters (`dates.absolute`), counts by fields, of each the `top` values.

        None where it would take too long: filters that only an event's own row answers, and many events.

        Raises:
            InputError: a field or a filter is none.
        """
        settled = cast("Filters", dates.absolute(filters, None))
        for name in fields:
            known((name,))
            if FIELDS[name].facets[0] not in facet_rows.HELD:
                raise InputError(f"events are not counted here by {name!r}: it has too many values")
        try:
            with db.reading():
                return self._facets(Masks(db, self.parts, self.known), settled, fields, top)
        except TooManyError:
            return None

    def monthly(
        self, db: Connection, filters: Filters, name: str, values: Collection[str]
    ) -> dict[str, tuple[tuple[str, int], ...]] | None:
        """Of each of some values of a field the months, as `facets` tells those of all: of events beside other filters.

        None where it would take too long. Raises as `facets`.
        """
        settled = dates.absolute(filters, None)
        timeless = {one: told for one, told in settled.items() if one not in TIMES}
        try:
            with db.reading():
                masks = Masks(db, self.parts, self.known)
                found = {value: masks.of(cast("Filters", {**timeless, name: value})) for value in values}
                return {value: months(self.parts, some, settled.get("on")) for value, some in found.items()}
        except TooManyError:
            return None

    def differing(self, db: Connection) -> set[int]:
        """The numbers of events whose facets are others than those held, as far as the tallies tell."""
        found: set[int] = set()
        fields = [f"{before}{name}" for name in WATCHED for before in ("", REJECTED)]
        theirs = {row[0]: tuple(row)[1:] for row in db.tuples(SUMS, (json.dumps(fields),))}
        for field_ in fields:
            told = self.totals[field_.removeprefix(REJECTED), field_.startswith(REJECTED)]
            ours = (int((told > 0).sum()), int(told.sum()), int((told * told).sum()))
            if ours != theirs.get(field_, (0, 0, 0)):
                found |= self._differing(db, field_, told.copy())
        return found

    def _differing(self, db: Connection, field_: str, left: Array) -> set[int]:
        """Of one field, whose events by code are told."""
        name, rejected = field_.removeprefix(REJECTED), field_.startswith(REJECTED)
        codes, found = self.known[facet_rows.HELD[name]].codes, set[int]()
        for value, events, number in db.tuples(TALLIES, (field_,)):
            code = codes.get(value, 0)
            held = int(left[code]) if code < len(left) else 0
            if held:
                left[code] = 0
            if held != events:
                theirs = set(facet_rows.joined(db, OF_KEY, (number,)).tolist())
                found |= theirs ^ self._having(name, code, rejected=rejected)
        for code in left.nonzero()[0].tolist():  # of which there are no events any more
            found |= self._having(name, code, rejected=rejected)
        return found

    @property
    def bytes(self) -> int:
        """Of memory that the arrays take."""
        return sum(part.bytes for part in self.parts)

    def _with(self, db: Connection, numbers: list[int]) -> Index:
        """The same with some events as they are now."""
        import numpy as np  # noqa: PLC0415 - other questions need no arrays

        fresh = facet_rows.some(db, numbers, self.known)
        totals = _counted(fresh, self.known)
        told = np.array(numbers, dtype=np.int64)
        parts = []
        for part in self.parts:
            if told[0] <= part.numbers.max(initial=0) and (dead := part.holds(told) & part.alive).any():
                for key, old in _counted(replace(part, alive=dead), self.known).items():
                    totals[key] = totals[key] - old
                part = replace(part, alive=part.alive & ~dead)  # noqa: PLW2901 - the same events
            parts.append(part)
        if len(fresh):
            parts.append(fresh)
        while len(parts) > 1 and _is_close(parts[-2], parts[-1]):
            parts[-2:] = [joined(parts[-2:])]
        summed = {key: _sum(self.totals[key], more) for key, more in totals.items()}
        return Index(tuple(parts), self.known, db.number(CURSOR), db.number(NUMBER), summed, _seen(db))

    def _facets(self, masks: Masks, filters: Filters, fields: Collection[str], top: int) -> Facets:
        timeless = cast("Filters", {name: value for name, value in filters.items() if name not in TIMES})
        masks.bound([filters, timeless, *(_without(filters, name) for name in fields if filters.get(name))])
        whole = masks.of(filters)
        return Facets(
            events=sum(one.events for one in whole),
            fields={name: self._field(masks, filters, name, whole, top) for name in fields},
            months=months(self.parts, whole if timeless == filters else masks.of(timeless), filters.get("on")),
        )

    def _seen(self, db: Connection) -> Index:
        """The same: nothing that it holds changed."""
        return replace(self, cursor=db.number(CURSOR), number=db.number(NUMBER), seen=_seen(db))

    def _having(self, name: str, code: int, *, rejected: bool) -> set[int]:
        """The numbers of the events with a code."""
        import numpy as np  # noqa: PLC0415 - as above

        wanted = np.zeros(self.known[facet_rows.HELD[name]].size, dtype=bool)
        wanted[code] = bool(code)
        found: set[int] = set()
        for part in self.parts:
            marked = part.columns[name].marked(wanted, len(part)) & part.alive & (part.rejected == rejected)
            found |= set(part.numbers[marked].tolist())
        return found

    def _field(
        self, masks: Masks, filters: Filters, name: str, whole: tuple[Chosen, ...], top: int
    ) -> tuple[FacetValue, ...]:
        """The values of one field."""
        given = several(cast("Any", filters).get(name))
        others = _without(filters, name)
        rejected = bool(filters.get("rejected"))
        if not is_narrowed({**others, "rejected": None}):
            counts = self._summed(name, lambda facet: self.totals[facet, rejected])
        else:
            counts = self.counts(name, masks.of(others) if given else whole)
        values = self.known[facet_rows.HELD[FIELDS[name].facets[0]]]
        chosen = {text: masks.meant(name, text) for text in given}
        best = leading(masks.db, counts, values, top, parties=FIELDS[name].named == "party")
        told = [value for value in best if value not in chosen.values()]
        names = spelt(masks.db, FIELDS[name].named, {*told, *chosen.values()})
        found = [
            FacetValue(value=value, name=names[value], events=int(counts[values.codes[value]]), chosen=False)
            for value in told
        ]
        for text, value in chosen.items():
            one = masks.of(cast("Filters", {**others, name: text}))
            events = sum(each.events for each in one)
            found.append(FacetValue(value=text, name=names[value], events=events, chosen=True))
        return tuple(sorted(found, key=lambda one: (-one.events, one.value)))

    def counts(self, name: str, some: tuple[Chosen, ...]) -> Array:
        """How many of some events have each value of a field, by code."""

        def of(facet: str) -> Array:
            size = self.known[facet_rows.HELD[facet]].size
            told = [part.columns[facet].counts(one, size) for part, one in zip(self.parts, some, strict=True)]
            return reduce(_sum, told)

        return self._summed(name, of)

    def _summed(self, name: str, of: Callable[[str], Array]) -> Array:
        """A field's counts from those of its facets."""
        one = FIELDS[name]
        values = self.known[facet_rows.HELD[one.facets[0]]]
        total = reduce(_sum, (of(facet) for facet in one.facets))
        if one.less and one.twice == "value":
            total = _sum(total, -of(one.less))
        elif one.less:
            _subtract_same(total, of(one.less), values, self.known[facet_rows.HELD[one.less]])
        return total


def _without(filters: Filters, name: str) -> Filters:
    return cast("Filters", {one: value for one, value in filters.items() if one != name})


def _subtract_same(total: Array, pairs: Array, values: Values, space: Values) -> None:
    """Take off those that have a value on both sides of a pair."""
    for code in pairs.nonzero()[0].tolist():
        left, _, right = space.spelt[code].partition(">")
        if left == right:
            total[values.codes[left]] -= pairs[code]


def leading(db: Connection, counts: Array, values: Values, top: int, *, parties: bool) -> list[str]:
    """The values with most events first, those with equally many by their spelling; no party that is another."""
    import numpy as np  # noqa: PLC0415 - as above

    there = int(np.count_nonzero(counts))
    wanted = top
    while True:
        many = min(there, wanted)
        least = max(1, int(np.partition(counts, len(counts) - many)[len(counts) - many])) if many else 1
        codes = np.flatnonzero(counts >= least).tolist() if many else []
        told = sorted((-int(counts[code]), values.spelt[code]) for code in codes)
        found = [value for _, value in told]
        if parties:
            gone = {row[0] for row in db.tuples(MERGED, (json.dumps(found),))}
            found = [value for value in found if value not in gone]
        if len(found) >= top or many == there:
            return found[:top]
        wanted *= 4


def _counted(part: Part, known: Mapping[str, Values]) -> dict[tuple[str, bool], Array]:
    """How many of its events have each code of each column."""
    found = {}
    for rejected in (False, True):
        chosen = Chosen.of(part.alive & (part.rejected == rejected))
        for name, space in facet_rows.HELD.items():
            found[name, rejected] = part.columns[name].counts(chosen, known[space].size)
    return found


def _sum(one: Array, other: Array) -> Array:
    """Of two arrays of counts, one of which may know fewer codes; a new array."""
    import numpy as np  # noqa: PLC0415 - as above

    found = np.zeros(max(len(one), len(other)), dtype=np.int64)
    found[: len(one)] += one
    found[: len(other)] += other
    return found


def _is_close(before: Part, after: Part) -> bool:
    return len(before) <= max(LITTLE, LARGE * len(after))


def _seen(db: Connection) -> tuple[ref[Connection], int]:
    """By what a connection knows that nobody wrote since."""
    return ref(db), db.number("PRAGMA data_version")
