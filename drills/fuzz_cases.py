"""Cases for the fuzzing drill: real samples, damaged. A case is told by its number, so that it can be made again.

A case is one sample with some changes: bytes, pieces known to break parsers, parts of other samples, values of the
wrong kind in JSON, and now and then a part repeated until the whole is as large as a page may be. Runs nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from fuzz_samples import VALUES

LARGEST = 1_000_000  # bytes of a case in which a part is repeated
USUAL = 200_000  # bytes of a case otherwise
REPEATED = 0.001  # the share of cases in which a part is repeated until the whole is large
IN_JSON = 0.5  # the share of changes of a sample in JSON that change values, not bytes

Change = Callable[[Random, bytes, Sequence[bytes], Sequence[bytes]], bytes]


def case(samples: Sequence[bytes], pieces: Sequence[bytes], *, seed: str) -> bytes:
    """The case of a seed: always the same for the same samples and pieces."""
    chance = Random(seed)
    made = chance.choice(samples)
    value = _loaded(made)
    for _ in range(chance.choice((1, 1, 2, 3, 4, 8))):
        if value is not None and chance.random() < IN_JSON:
            value = _with_other_value(chance, value)
            made = _dumped(value)
        else:
            made = chance.choice(CHANGES)(chance, made, samples, pieces)[:USUAL]
    return _repeated(chance, made) if chance.random() < REPEATED else made


def as_text(data: bytes) -> str:
    """A case for whatever takes text: bytes that are no UTF-8 are lone surrogates."""
    return data.decode("utf-8", "surrogatepass" if b"\xed" in data else "surrogateescape") if _fits(data) else (
        data.decode("utf-8", "surrogateescape")
    )  # fmt: skip


def _fits(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _place(chance: Random, data: bytes) -> tuple[int, int]:
    """A part of the data: mostly short."""
    start = chance.randint(0, len(data))
    return start, min(len(data), start + int(chance.paretovariate(0.7)) - 1)


def _inserted(chance: Random, data: bytes, _: Sequence[bytes], pieces: Sequence[bytes]) -> bytes:
    start, end = _place(chance, data)
    return data[: chance.choice((start, end))] + chance.choice(pieces) + data[end:]


def _removed(chance: Random, data: bytes, *_: Sequence[bytes]) -> bytes:
    start, end = _place(chance, data)
    return data[:start] + data[max(end, start + 1) :]


def _doubled(chance: Random, data: bytes, *_: Sequence[bytes]) -> bytes:
    start, end = _place(chance, data)
    return data[:end] + data[start:end] * chance.choice((1, 1, 2, 20)) + data[end:]


def _flipped(chance: Random, data: bytes, *_: Sequence[bytes]) -> bytes:
    if not data:
        return data
    at = chance.randrange(len(data))
    return (
        data[:at]
        + bytes([chance.choice((chance.randrange(256), data[at] ^ 1 << chance.randrange(8)))])
        + data[at + 1 :]
    )


def _spliced(chance: Random, data: bytes, samples: Sequence[bytes], _: Sequence[bytes]) -> bytes:
    other = chance.choice(samples)
    start, end = sorted((chance.randint(0, len(other)), chance.randint(0, len(other))))
    first, last = _place(chance, data)
    return data[:first] + other[start:end] + data[last:]


def _cut(chance: Random, data: bytes, *_: Sequence[bytes]) -> bytes:
    return data[: chance.randint(0, len(data))]


def _noise(chance: Random, data: bytes, *_: Sequence[bytes]) -> bytes:
    start, end = _place(chance, data)
    return data[:start] + chance.randbytes(chance.choice((1, 2, 4, 40))) + data[end:]


def _recoded(chance: Random, data: bytes, *_: Sequence[bytes]) -> bytes:
    codec = chance.choice(("utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "gb18030", "shift_jis", "utf-7"))
    return data.decode("utf-8", "replace").encode(codec, "replace")


def _other_number(chance: Random, data: bytes, *_: Sequence[bytes]) -> bytes:
    at = next((n for n in range(chance.randint(0, len(data)), len(data)) if 48 <= data[n] < 58), None)
    number = chance.choice((b"0", b"-1", b"9", b"00", b"32", b"61", b"10000", b"99999999999999999999", b"1e9", b"0.1"))
    return data if at is None else data[:at] + number + data[at + 1 :]


CHANGES: tuple[Change, ...] = (
    *(_inserted, _inserted, _inserted, _removed, _removed, _doubled, _flipped, _spliced),
    *(_cut, _noise, _recoded, _other_number),
)


def _repeated(chance: Random, data: bytes) -> bytes:
    """One part again and again: what costs the square of its length is slow then."""
    start = chance.randint(0, len(data))
    part = data[start : start + chance.choice((1, 3, 8, 20, 60, 300))] or b"x"
    size = chance.choice((LARGEST // 20, LARGEST // 4, LARGEST))
    return data[:start] + part * (size // len(part)) + data[start:]


def _loaded(data: bytes) -> Any:
    """A sample's value in JSON, or None."""
    if data.lstrip()[:1] not in (b"{", b"["):
        return None
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def _with_other_value(chance: Random, value: Any) -> Any:
    """One value somewhere in the tree is another, is gone, or is there twice."""
    if not isinstance(value, dict | list) or not value or chance.random() < 0.15:
        return chance.choice(VALUES)
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    key = chance.choice(keys)
    copy: Any = value.copy()
    if chance.random() < 0.1:
        del copy[key]
    elif chance.random() < 0.1 and isinstance(copy, list):
        copy.insert(key, copy[key])
    elif chance.random() < 0.1 and isinstance(copy, dict):
        copy[chance.choice(keys)] = value[key]
    else:
        copy[key] = _with_other_value(chance, value[key])
    return copy
