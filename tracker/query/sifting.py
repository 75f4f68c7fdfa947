"""Counts of the events that a condition holds for, looked at one by one.

The keys of their facets are read, many events at once, and counted as arrays of numbers.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias

from tracker.query.counting import AXES, FIELDS, Field, Values, iso, period, ranked
from tracker.query.filters import Condition
from tracker.query.tallies import Tally
from tracker.store.connection import Connection
from tracker.store.facets import REJECTED

if TYPE_CHECKING:
    import numpy as np

    Numbers: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]

AT_ONCE = 100_000  # events
MAPPED = 1 << 36  # bytes of the file that may be mapped: as good as all of it
KEYS = """
SELECT day, substr(keys, 2, length(keys) - 2) FROM event_keys WHERE number IN (SELECT number FROM ({places}))
"""
# On another axis than that of the timeline.
OTHER_DAY = """
SELECT coalesce(CAST(replace({day}, '-', '') AS INTEGER), 0), substr(keys, 2, length(keys) - 2)
FROM ({places}) AS place JOIN event ON event.number = place.number JOIN event_keys ON event_keys.number = place.number
"""
# What keys mean; parties that are one with another are told by that one.
MEANT = """
SELECT facet_key.number, field, facet_key.value,
  EXISTS (SELECT 1 FROM entity WHERE id = facet_key.value AND merged_into IS NOT NULL) AS gone
FROM json_each(?) AS wanted JOIN facet_key ON facet_key.number = wanted.value
"""
VALUES, PERIODS = 1 << 23, 1 << 16  # more than there are: two values and a period fit into one number
NEVER = 99999999


def tell(db: Connection, where: Condition, by: Sequence[str], *, per: str | None, on: str, top: int | None) -> Tally:
    """Counts of the events of a condition."""
    found = faceted(db, where, [FIELDS[name] for name in by], per=per, on=on)
    totals = {values: sum(one.values()) for values, one in found.counts.items()}
    found.values = len(totals)
    found.counts = {values: found.counts[values] for values in ranked(totals, top)}
    found.first = {values: found.first[values] for values in found.counts if values in found.first}
    return found


def faceted(db: Connection, where: Condition, fields: Sequence[Field], *, per: str | None, on: str) -> Tally:
    """Counts by facets: none, one or two of them."""
    import numpy as np  # noqa: PLC0415 - other questions need no arrays

    codes = [_Codes(db, one, np.full(1, -2)) for one in fields]
    periods: dict[str | None, int] = {}
    counts: Counter[int] = Counter()
    first: dict[int, int] = {}
    total: Counter[int] = Counter()
    places, given = where.places("oldest")
    sql = KEYS if on == "announced" else OTHER_DAY
    db.run(f"PRAGMA mmap_size = {MAPPED}")
    rows = db.tuples(sql.format(places=places, day=AXES[on]), given)
    while some := list(islice(rows, AT_ONCE)):
        days = np.array([day for day, _ in some], dtype=np.int64)
        when = _coded(days, per, periods)
        total.update(dict(zip(*map(np.ndarray.tolist, np.unique(when, return_counts=True)), strict=True)))
        owners = np.repeat(np.arange(len(some)), [text.count(",") + 1 for _, text in some])
        keys = np.fromstring(",".join(text for _, text in some), dtype=np.int64, sep=",")
        if not codes:
            continue
        events, values = _together([one.of(owners, keys) for one in codes])
        _add(values * PERIODS + when[events], days[events], counts, first)
    return _decoded(codes, list(periods), counts, first, total)


@dataclass(slots=True)
class _Codes:
    """The values of a field as numbers, learned as keys come up."""

    db: Connection
    about: Field
    codes: Numbers  # of each key: its value's number; -1: it is of another field; -2: not looked up yet
    values: dict[str, int] = field(default_factory=dict)

    def of(self, owners: Numbers, keys: Numbers) -> tuple[Numbers, Numbers]:
        """Which event has which value of the field, each once, in the order of the events."""
        import numpy as np  # noqa: PLC0415 - as above

        if (most := int(keys.max(initial=0))) >= len(self.codes):
            self.codes = np.concatenate([self.codes, np.full(most + 1 - len(self.codes), -2)])
        found = np.unique(keys)
        self._learn(found[self.codes[found] == -2].tolist())
        codes = self.codes[keys]
        told = np.unique(owners[codes >= 0] * VALUES + codes[codes >= 0])
        return told // VALUES, told % VALUES

    def _learn(self, keys: list[int]) -> None:
        self.codes[keys] = -1
        for row in self.db.rows(MEANT, (json.dumps(keys),)):
            stands = self.about.named != "party" or not row["gone"]
            if row["field"].removeprefix(REJECTED) in self.about.facets and stands:
                self.codes[row["number"]] = self.values.setdefault(row["value"], len(self.values))


def _coded(days: Numbers, per: str | None, periods: dict[str | None, int]) -> Numbers:
    """The number of each day's period; new ones get the next number."""
    import numpy as np  # noqa: PLC0415 - as above

    known, places = np.unique(days, return_inverse=True)
    told = [None if per is None else period(iso(day), per) for day in known.tolist()]
    return np.array([periods.setdefault(one, len(periods)) for one in told], dtype=np.int64)[places]


def _together(told: Sequence[tuple[Numbers, Numbers]]) -> tuple[Numbers, Numbers]:
    """Of one field: as it is. Of two: every value of an event's first with every one of its second."""
    import numpy as np  # noqa: PLC0415 - as above

    events, values = told[0]
    if len(told) == 1:
        return events, values
    others, seconds = told[1]
    start = np.searchsorted(others, events, side="left")
    many = np.searchsorted(others, events, side="right") - start
    ends = np.cumsum(many)
    places = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - many, many) + np.repeat(start, many)
    return np.repeat(events, many), np.repeat(values, many) * VALUES + seconds[places]


def _add(codes: Numbers, days: Numbers, counts: Counter[int], first: dict[int, int]) -> None:
    """Count the codes, and keep the first day of each."""
    import numpy as np  # noqa: PLC0415 - as above

    found, places, events = np.unique(codes, return_inverse=True, return_counts=True)
    earliest = np.full(len(found), NEVER)
    np.minimum.at(earliest, places, np.where(days > 0, days, NEVER))
    for code, count, day in zip(found.tolist(), events.tolist(), earliest.tolist(), strict=True):
        counts[code] += count
        first[code] = min(day, first.get(code, NEVER))


def _decoded(
    codes: Sequence[_Codes],
    periods: Sequence[str | None],
    counts: Counter[int],
    first: dict[int, int],
    total: Counter[int],
) -> Tally:
    names = [list(one.values) for one in codes]
    tally = Tally(total.total(), {}, Counter({periods[code]: events for code, events in total.items()}), 0)
    for code, events in counts.items():
        values = _values(code // PERIODS, names)
        tally.counts.setdefault(values, Counter())[periods[code % PERIODS]] += events
        if (day := first[code]) < NEVER:
            tally.first[values] = min(iso(day), tally.first.get(values, iso(day)))
    return tally


def _values(code: int, names: Sequence[Sequence[str]]) -> Values:
    return (names[0][code],) if len(names) == 1 else (names[0][code // VALUES], names[1][code % VALUES])
