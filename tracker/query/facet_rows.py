"""Facets of events, read from the database into arrays (`tracker.query.facet_columns`).

SQLite joins what it has to say of many events into one text, which is read as one array of numbers: rows of Python
would take most of the time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from tracker.query.dates import AXES
from tracker.query.facet_columns import DAYS, Column, Part, Values
from tracker.store.connection import Connection, Value
from tracker.store.facets import REJECTED

if TYPE_CHECKING:
    import numpy as np

    Array: TypeAlias = np.ndarray[Any, Any]

AT_ONCE = 20_000  # events
MAPPED = 1 << 36  # bytes of the file that may be mapped: as good as all of it
# The fields that are held, each with whose values it shares; the others are counted by no list and asked for by no
# filter, or (who meets whom, party by party) have more values than there are events.
HELD: Mapping[str, str] = MappingProxyType(
    {
        "type": "type",
        "subtype": "subtype",
        "status": "status",
        "direction": "direction",
        "certainty": "certainty",
        "actor": "party",
        "target": "party",
        "both": "party",
        "actor_seat": "country",
        "target_seat": "country",
        "actor_state": "country",
        "pair": "pair",
        "party_kind": "party_kind",
        "item": "item",
        "instrument": "instrument",
        "source": "source",
        "tier": "tier",
        "tag": "tag",
        "language": "language",
        "amount": "amount",
        "confidence": "confidence",
        "origins": "origins",
        "reviewed": "reviewed",
        "contradicted": "contradicted",
    }
)
EVERY = "all"  # the facet that says who is rejected
FIELDS = tuple(HELD)
SKIPPED, STANDING, GONE = -1, -2, -3  # codes of keys of fields that are not held, and of `all` of either kind


def _day(date: str) -> str:
    return f"coalesce(nullif(replace({date}, '-', ''), ''), '0')"


# An event begins with its number, below 0; then days, then keys.
TOLD = " || ',' || ".join(
    (
        "'-' || kept.number",
        "kept.day",
        _day(AXES["announced"][1]),
        _day(AXES["effective"][0]),
        _day(AXES["effective"][1]),
        _day(f"substr({AXES['first_seen'][0]}, 1, 10)"),
        "substr(keys, 2, length(keys) - 2)",
    )
)
SOME = f"""
SELECT group_concat(told) FROM (
  SELECT {TOLD} AS told FROM event_keys AS kept CROSS JOIN event ON event.number = kept.number WHERE {{where}})
"""  # noqa: S608 - constants
BLOCK = SOME.format(where="kept.number BETWEEN ? AND ?")
THESE = SOME.format(where="kept.number IN (SELECT value FROM json_each(?))")
MEANT = "SELECT number, field, facet_key.value FROM facet_key"
THEIRS = f"{MEANT} JOIN json_each(?) AS wanted ON facet_key.number = wanted.value"
HEAD = 1 + len(DAYS)


def spaces() -> dict[str, Values]:
    """The values of all fields, none yet."""
    return {name: Values() for name in HELD.values()}


def whole(db: Connection, known: Mapping[str, Values]) -> Part:
    """All events."""
    import numpy as np  # noqa: PLC0415 - other questions need no arrays

    db.run(f"PRAGMA mmap_size = {MAPPED}")
    most = db.number("SELECT coalesce(max(number), 0) FROM facet_key")
    fields = np.full(most + 1, SKIPPED, dtype=np.int8)
    codes = np.zeros(most + 1, dtype=np.int32)
    for field in (*FIELDS, EVERY):
        for shown in (field, f"{REJECTED}{field}"):
            for number, _, value in db.tuples(f"{MEANT} WHERE field = ?", (shown,)):
                fields[number], codes[number] = _meant(shown, value, known)
    last = db.number("SELECT coalesce(max(number), 0) FROM event_keys")
    blocks = [
        _read(db, BLOCK, (first, min(last, first + AT_ONCE - 1)), fields, codes)
        for first in range(1, last + 1, AT_ONCE)
    ]
    return _part(blocks)


def some(db: Connection, numbers: list[int], known: Mapping[str, Values]) -> Part:
    """The events of some numbers, as far as there are any."""
    import numpy as np  # noqa: PLC0415 - as above

    blocks = []
    for begin in range(0, len(numbers), AT_ONCE):
        told = json.dumps(numbers[begin : begin + AT_ONCE])
        flat = joined(db, THESE, (told,))
        keys = np.unique(flat[_inside(flat)])
        fields = np.full(int(keys.max(initial=0)) + 1, SKIPPED, dtype=np.int8)
        codes = np.zeros(len(fields), dtype=np.int32)
        for number, field, value in db.tuples(THEIRS, (json.dumps(keys.tolist()),)):
            fields[number], codes[number] = _meant(field, value, known)
        blocks.append(_cut(flat, fields, codes))
    return _part(blocks)


def joined(db: Connection, sql: str, values: tuple[Value, ...]) -> Array:
    """The numbers that a question joins into one text."""
    import numpy as np  # noqa: PLC0415 - as above

    row = db.row(sql, values)
    return np.fromstring((row and row[0]) or "", dtype=np.int64, sep=",")


def _meant(field: str, value: str, known: Mapping[str, Values]) -> tuple[int, int]:
    """Field and code of a key."""
    if field.removeprefix(REJECTED) == EVERY:
        return (GONE if field.startswith(REJECTED) else STANDING), 0
    name = field.removeprefix(REJECTED)
    return (FIELDS.index(name), known[HELD[name]].code(value)) if name in HELD else (SKIPPED, 0)


_Block: TypeAlias = "tuple[Array, Array, Array, list[tuple[Array, Array]]]"


def _read(db: Connection, sql: str, values: tuple[Value, ...], fields: Array, codes: Array) -> _Block:
    return _cut(joined(db, sql, values), fields, codes)


def _inside(flat: Array) -> Array:
    """Where keys stand among the numbers."""
    import numpy as np  # noqa: PLC0415 - as above

    inside = np.ones(len(flat), dtype=bool)
    begins = np.flatnonzero(flat < 0)
    for place in range(HEAD):
        inside[begins + place] = False
    return inside


def _cut(flat: Array, fields: Array, codes: Array) -> _Block:
    """Numbers, days and rejection of events, and for each field the places of events with codes."""
    import numpy as np  # noqa: PLC0415 - as above

    begins = np.flatnonzero(flat < 0)
    days = np.array([flat[begins + place] for place in range(1, HEAD)], dtype=np.int32)
    keys = flat[_inside(flat)]
    many = np.diff(np.append(begins, len(flat))) - HEAD
    owners = np.repeat(np.arange(len(begins), dtype=np.int32), many)
    of_field, codes = fields[keys], codes[keys]
    rejected = np.zeros(len(begins), dtype=bool)
    rejected[owners[of_field == GONE]] = True
    order = np.argsort(of_field, kind="stable")  # the places stay in order
    ends = np.searchsorted(of_field[order], np.arange(len(FIELDS) + 1))
    told = []
    for begin, end in pairwise(ends.tolist()):
        here = order[begin:end]
        values = codes[here]
        told.append((owners[here], values.astype(np.min_scalar_type(int(values.max(initial=0))))))
    return -flat[begins], days, rejected, told


def _part(blocks: list[_Block]) -> Part:
    """Blocks of events as one part."""
    import numpy as np  # noqa: PLC0415 - as above

    begins = np.cumsum([0, *(len(numbers) for numbers, _, _, _ in blocks)]).astype(np.int32)
    events = int(begins[-1])
    columns = {}
    for name in FIELDS:  # what was taken over is let go
        told = [parts.pop(0) for _, _, _, parts in blocks]
        owners = _all([owners + begin for begin, (owners, _) in zip(begins, told, strict=False)], np.int32)
        columns[name] = Column.of(
            owners, np.concatenate([np.zeros(0, np.uint8), *(codes for _, codes in told)]), events
        )
    days = {
        name: _all([told[place] for _, told, _, _ in blocks], np.int32)
        for place, name in enumerate(DAYS)
    }  # fmt: skip
    return Part(
        numbers=_all([numbers for numbers, _, _, _ in blocks], np.int32),
        days=days,
        rejected=_all([rejected for _, _, rejected, _ in blocks], bool),
        alive=np.ones(events, dtype=bool),
        columns=columns,
    )


def _all(arrays: list[Array], kind: Any) -> Array:
    import numpy as np  # noqa: PLC0415 - as above

    return np.concatenate([np.zeros(0, dtype=kind), *arrays]).astype(kind, copy=False)
