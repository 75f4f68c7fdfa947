"""Ranges of things that have sizes: how a file is cut. Knows no form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of an input: half open, of bytes, row groups, files or lines; `size` in bytes."""

    part: tuple[int, int]
    size: int


def ranges(size: int, chunk_bytes: int) -> Iterator[Part]:
    """Ranges of `chunk_bytes`, the last one shorter; none of nothing."""
    for begin in range(0, size, chunk_bytes):
        end = min(begin + chunk_bytes, size)
        yield Part(part=(begin, end), size=end - begin)


def runs(sizes: Iterable[int], chunk_bytes: int) -> Iterator[Part]:
    """Runs of things that together have no more than `chunk_bytes`, or one thing that has more by itself."""
    begin = number = total = 0
    for number, size in enumerate(sizes, start=1):
        if total and total + size > chunk_bytes:
            yield Part(part=(begin, number - 1), size=total)
            begin, total = number - 1, 0
        total += size
    if number > begin:
        yield Part(part=(begin, number), size=total)
