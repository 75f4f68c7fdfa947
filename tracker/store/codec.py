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
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from tracker.model import Basis, Span, When

T = TypeVar("T")

PLAIN = {str, int, float, bool}


def encode(value: object) -> Any:
    """A JSON-ready copy of a dataclass, enum, tuple, mapping or plain value."""
    if value is None or type(value) in PLAIN:
        return value
    if dataclasses.is_dataclass(value):
        pairs = ((name, default, getattr(value, name)) for name, default in _defaults(type(value)))  # type: ignore[arg-type]
        return {name: encode(item) for name, default, item in pairs if item != default}
    if isinstance(value, Enum | Decimal):
        return value.value if isinstance(value, Enum) else str(value)
    if isinstance(value, tuple | list):
        return [encode(item) for item in value]
    if isinstance(value, dict):
        return {str(key): encode(item) for key, item in value.items()}
    return value


def decode(kind: type[T], data: Any) -> T:
    """The value of type `kind` that `encode` turned into `data`; unknown keys of a later version are ignored."""
    value: T = _decode(kind, data)
    return value


def dumps(value: object) -> str:
    """Compact JSON of a value, the same for the same value."""
    return json.dumps(encode(value), ensure_ascii=True, separators=(",", ":"))


def loads(kind: type[T], text: str) -> T:
    """The inverse of `dumps`."""
    return decode(kind, json.loads(text))


def _decode(kind: Any, data: Any) -> Any:
    origin = typing.get_origin(kind)
    if origin in {typing.Union, types.UnionType}:
        return _decode_union(typing.get_args(kind), data)
    if origin is tuple:
        return tuple(_decode(typing.get_args(kind)[0], item) for item in data)
    if origin in {dict, Mapping}:
        return {key: _decode(typing.get_args(kind)[1], item) for key, item in data.items()}
    if dataclasses.is_dataclass(kind):
        known = _fields(kind)  # type: ignore[arg-type]
        return kind(**{name: _decode(known[name], item) for name, item in data.items() if name in known})  # type: ignore[operator]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(data)
    return kind(data) if kind in {float, Decimal} else data


def _decode_union(kinds: tuple[Any, ...], data: Any) -> Any:
    if data is None:
        return None
    real = [kind for kind in kinds if kind is not type(None)]
    return _decode(real[0], data) if len(real) == 1 else data  # a union of plain values is its own JSON


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((field.name, field.default) for field in dataclasses.fields(kind))


@cache
def _fields(kind: Any) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


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
