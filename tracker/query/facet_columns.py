"""Facets of events as arrays: which events have some values, and how many have each.

A value is a code, 0 none. Of a field most events have few values, so that the first of each, the second and so on
stand in arrays of their own, one place an event; from where few have so many on, as pairs of place and code. It knows
neither filters nor the database.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np

    Array: TypeAlias = np.ndarray[Any, Any]

FULL = 4  # an array of its own where one event of so many has a value there
FEW = 2  # small codes are picked by the places of their events where at most one of so many is chosen
MOST = 0.8  # of all events: where more are chosen, none is picked
COMPARED = 10  # codes that are looked for one by one: quicker than to look up what each event has
RARE = 8  # pairs are picked where at most one of so many events is chosen
BYTE = 256


@dataclass(frozen=True, slots=True)
class Values:
    """The values of fields and their codes, from 1 on; what has a code once keeps it."""

    spelt: list[str] = field(default_factory=lambda: [""])
    codes: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def code(self, value: str) -> int:
        """The code of a value, of a new one too."""
        found = self.codes.get(value)
        if found is None:
            with self.lock:
                found = self.codes.get(value)
                if found is None:
                    found = len(self.spelt)
                    self.spelt.append(value)
                    self.codes[value] = found
        return found

    @property
    def size(self) -> int:
        """More than every code."""
        return len(self.spelt)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Some events of a part: for each whether it is one, and the places of them where they are few."""

    mask: Array
    events: int
    places: Array | None

    @classmethod
    def of(cls, mask: Array) -> Chosen:
        """Those that are marked."""
        import numpy as np  # noqa: PLC0415 - other questions need no arrays

        events = int(np.count_nonzero(mask))
        return cls(mask, events, np.flatnonzero(mask) if events <= MOST * len(mask) else None)

    def picked(self, values: Array) -> Array:
        """What an array says of them."""
        return values.compress(self.mask) if self.places is None else values.take(self.places)

    def counts(self, codes: Array, size: int) -> Array:
        """How many of them have each code; of code 0 it may be any number."""
        import numpy as np  # noqa: PLC0415 - as above

        if self.places is not None and (codes.dtype != np.uint8 or self.events * FEW <= len(self.mask)):
            return np.bincount(codes.take(self.places), minlength=size)
        told = codes * self.mask.view(np.uint8)
        if told.dtype != np.uint8:
            return np.bincount(told, minlength=size)
        even = len(told) // 2 * 2  # two events at a time: half of the work
        pairs = np.bincount(told[:even].view(np.uint16), minlength=BYTE * BYTE).reshape(BYTE, BYTE)
        found: Array = pairs.sum(axis=0) + pairs.sum(axis=1) + np.bincount(told[even:], minlength=BYTE)
        return found if len(found) == size else np.resize(np.append(found[:size], np.zeros(size, dtype=np.int64)), size)


@dataclass(frozen=True, slots=True)
class Column:
    """The values of one field: `dense` arrays with a place for each event, and pairs of what is left."""

    dense: tuple[Array, ...]
    owners: Array
    codes: Array

    @classmethod
    def of(cls, owners: Array, codes: Array, events: int) -> Column:
        """Of pairs in the order of the events' places."""
        import numpy as np  # noqa: PLC0415 - as above

        kind = np.min_scalar_type(int(codes.max(initial=0)))
        dense: list[Array] = []
        while len(owners) * FULL >= events and len(owners):
            first = np.ones(len(owners), dtype=bool)
            np.not_equal(owners[1:], owners[:-1], out=first[1:])
            if np.count_nonzero(first) * FULL < events:
                break
            told = np.zeros(events, dtype=kind)
            told[owners[first]] = codes[first]
            dense.append(told)
            owners, codes = owners[~first], codes[~first]
        return cls(tuple(dense), owners.astype(np.int32), codes.astype(kind))

    def marked(self, wanted: Array, events: int) -> Array:
        """Which events have a wanted code: `wanted` says of every code whether it is."""
        import numpy as np  # noqa: PLC0415 - as above

        few = np.flatnonzero(wanted).tolist()

        def told(codes: Array) -> Array:
            if len(few) > COMPARED:
                return wanted.take(codes)
            return reduce(np.logical_or, (codes == code for code in few), np.zeros(len(codes), dtype=bool))

        found: Array = reduce(np.logical_or, map(told, self.dense), np.zeros(events, dtype=bool))
        found[self.owners[told(self.codes)]] = True
        return found

    def counts(self, chosen: Chosen, size: int) -> Array:
        """How many of some events have each code."""
        import numpy as np  # noqa: PLC0415 - as above

        total = np.zeros(size, dtype=np.int64)
        for told in self.dense:
            total += chosen.counts(told, size)
        if len(self.owners):
            there = chosen.mask.take(self.owners)
            rare = chosen.events * RARE <= len(chosen.mask)
            left = self.codes[there] if rare else self.codes * there.view(np.uint8)
            total += np.bincount(left, minlength=size)
        total[0] = 0
        return total

    def pairs(self, kept: Array) -> tuple[Array, Array]:
        """All places and codes of the events that are kept, by their places among these."""
        import numpy as np  # noqa: PLC0415 - as above

        places = np.cumsum(kept) - 1
        owners, codes = [], []
        for told in self.dense:
            there = np.flatnonzero(kept & (told > 0))
            owners.append(places[there])
            codes.append(told[there].astype(np.int64))
        there = kept[self.owners]
        owners.append(places[self.owners[there]])
        codes.append(self.codes[there].astype(np.int64))
        return np.concatenate(owners), np.concatenate(codes)

    @property
    def bytes(self) -> int:
        """Of memory."""
        return sum(one.nbytes for one in (*self.dense, self.owners, self.codes))


@dataclass(frozen=True, slots=True)
class Part:
    """Some events: numbers, days as numbers (0: none), whether a person rejected them, and a column for each field.

    Of days `DAYS` names each array. `alive`: those that were not written anew since.
    """

    numbers: Array
    days: Mapping[str, Array]
    rejected: Array
    alive: Array
    columns: Mapping[str, Column]

    def __len__(self) -> int:
        """How many events, dead ones too."""
        return len(self.numbers)

    def holds(self, numbers: Array) -> Array:
        """Which events are among some."""
        import numpy as np  # noqa: PLC0415 - as above

        most = int(self.numbers.max(initial=0)) + 1
        told = np.zeros(most, dtype=bool)
        told[numbers[numbers < most]] = True
        found: Array = told[self.numbers]
        return found

    @property
    def bytes(self) -> int:
        """Of memory."""
        arrays = (self.numbers, self.rejected, self.alive, *self.days.values())
        return sum(one.nbytes for one in arrays) + sum(one.bytes for one in self.columns.values())


# The days by which events are found: of each axis the first and the last on which an event may lie.
DAYS = ("announced", "announced_last", "effective", "effective_last", "first_seen")


def joined(parts: Sequence[Part]) -> Part:
    """The living events of some parts as one."""
    import numpy as np  # noqa: PLC0415 - as above

    def all_of(arrays: Iterator[Array]) -> Array:
        return np.concatenate([one[part.alive] for one, part in zip(arrays, parts, strict=True)])

    numbers = all_of(part.numbers for part in parts)
    begins = np.cumsum([0, *(np.count_nonzero(part.alive) for part in parts)])
    columns = {}
    for name in parts[0].columns:
        told = [part.columns[name].pairs(part.alive) for part in parts]
        owners = np.concatenate([one + begin for (one, _), begin in zip(told, begins, strict=False)])
        codes = np.concatenate([one for _, one in told])
        order = np.argsort(owners, kind="stable")
        columns[name] = Column.of(owners[order], codes[order], len(numbers))
    return Part(
        numbers=numbers,
        days={name: all_of(part.days[name] for part in parts) for name in DAYS},
        rejected=all_of(part.rejected for part in parts),
        alive=np.ones(len(numbers), dtype=bool),
        columns=columns,
    )
