"""Values to columns and back: JSON for the frozen dataclasses of the model, ISO text for times.

A dataclass becomes a JSON object of those fields that differ from their default, so a field added later reads old
rows and old rows read as before. It does not know which column holds what.
"""

from __future__ import annotations

import calendar
import dataclasses
import hashlib
import json
import re
import types
import typing
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from functools import cache, partial
from typing import Any, TypeVar

from tracker.model import Basis, Span, When

T = TypeVar("T")

PLAIN = {str, int, float, bool}


def encode(value: object) -> Any:
    """A JSON-ready copy of a dataclass, enum, tuple, mapping or plain value."""
    kind: Any = type(value)  # that it can be hashed is not known to types
    made = _encoder(kind)
    return value if made is None else made(value)


def decode(kind: type[T], data: Any) -> T:
    """The value of type `kind` that `encode` turned into `data`; unknown keys of a later version are ignored."""
    wanted: Any = kind
    made = _decoder(wanted)
    value: T = data if made is None else made(data)
    return value


def dumps(value: object) -> str:
    """Compact JSON of a value, the same for the same value."""
    return json.dumps(encode(value), ensure_ascii=True, separators=(",", ":"))


def loads(kind: type[T], text: str) -> T:
    """The inverse of `dumps`."""
    return decode(kind, json.loads(text))


# What turns values of a type is looked up once for each type: most of them are small, and there are millions. None
# means that they stay as they are.


@cache
def _encoder(kind: Any) -> Callable[[Any], Any] | None:
    if kind in PLAIN or kind is type(None):
        return None
    if dataclasses.is_dataclass(kind):
        return partial(_fields_of, _defaults(kind))  # type: ignore[arg-type]
    if issubclass(kind, Enum):
        return _value_of
    if issubclass(kind, Decimal):
        return str
    if issubclass(kind, tuple | list):
        return _items_of
    return _entries_of if issubclass(kind, dict) else None


def _fields_of(fields: tuple[tuple[str, Any], ...], value: Any) -> dict[str, Any]:
    found = {}
    for name, default in fields:
        item = getattr(value, name)
        if item is not default and item != default:
            made = _encoder(item.__class__)
            found[name] = item if made is None else made(item)
    return found


def _value_of(value: Enum) -> Any:
    return value.value


def _items_of(value: Sequence[Any]) -> list[Any]:
    return [item if (made := _encoder(item.__class__)) is None else made(item) for item in value]


def _entries_of(value: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key): encode(item) for key, item in value.items()}


@cache
def _decoder(kind: Any) -> Callable[[Any], Any] | None:
    origin = typing.get_origin(kind)
    if origin in {typing.Union, types.UnionType}:
        real = [one for one in typing.get_args(kind) if one is not type(None)]
        made = _decoder(real[0]) if len(real) == 1 else None  # a union of plain values is its own JSON
        return made and partial(_perhaps, made)
    if origin is tuple:
        made = _decoder(typing.get_args(kind)[0])
        return tuple if made is None else partial(_tuple, made)
    if origin in {dict, Mapping}:
        return partial(_mapping, _decoder(typing.get_args(kind)[1]))
    if dataclasses.is_dataclass(kind):
        return partial(_dataclass, kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return partial(_member, kind, {one.value: one for one in kind})
    return kind if kind in {float, Decimal} else None


def _perhaps(made: Callable[[Any], Any], data: Any) -> Any:
    return None if data is None else made(data)


def _tuple(made: Callable[[Any], Any], data: Iterable[Any]) -> tuple[Any, ...]:
    return tuple([made(item) for item in data])


def _mapping(made: Callable[[Any], Any] | None, data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: item if made is None else made(item) for key, item in data.items()}


def _dataclass(kind: Any, data: Mapping[str, Any]) -> Any:
    known = _decoders(kind)
    return kind(
        **{name: item if (made := known[name]) is None else made(item) for name, item in data.items() if name in known}
    )


def _member(kind: type[Enum], members: Mapping[Any, Enum], data: Any) -> Enum:
    try:
        return members[data]
    except (KeyError, TypeError):
        return kind(data)


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((field.name, field.default) for field in dataclasses.fields(kind))


@cache
def _decoders(kind: Any) -> dict[str, Callable[[Any], Any] | None]:
    hints = typing.get_type_hints(kind)
    return {field.name: _decoder(hints[field.name]) for field in dataclasses.fields(kind)}


def stamp(moment: datetime) -> str:
    """A time as the database keeps it: ISO 8601 in UTC, so that text order is time order."""
    if moment.tzinfo is None:
        raise ValueError(f"a time without a time zone: {moment}")
    return moment.astimezone(UTC).isoformat()


def stamp_or_none(moment: datetime | None) -> str | None:
    """As `stamp`, for a time that may be absent."""
    return None if moment is None else stamp(moment)


def moment(text: str | None) -> datetime | None:
    """The inverse of `stamp`."""
    return None if text is None else datetime.fromisoformat(text)


def when(value: str | None, basis: str | None, span: str | None = None) -> When | None:
    """A date from its columns."""
    if value is None or basis is None:
        return None
    return When(value=value, basis=Basis(basis), span=loads(Span, span) if span else None)


def bounds(prefix: str) -> tuple[str, str]:
    """The first and the last day of an ISO prefix: "2024-02" is 2024-02-01 to 2024-02-29."""
    day = prefix[:10]
    first = day + "0000-01-01"[len(day) :]
    if len(day) == 4:
        return first, f"{day}-12-31"
    if len(day) == 7:
        return first, f"{day}-{calendar.monthrange(int(day[:4]), int(day[5:]))[1]:02}"
    return first, day


def digest(*parts: str) -> str:
    """A short id for a natural key: 64 bits of SHA-256 in hexadecimal."""
    joined = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:16]


def fingerprint(data: bytes) -> str:
    """A short hash of what was sent: 64 bits of SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()[:16]


def folded(text: str) -> str:
    """A name as it is compared: no case, no accents, single spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())


def slug(text: str) -> str:
    """A name as part of an id: letters and digits of any script joined by hyphens; a hash where there are none."""
    return re.sub(r"[\W_]+", "-", folded(text)).strip("-") or digest(text)
