"""A text cut where something begins or ends that is to be marked in it: places may lie within and across each other.

Pure; it knows neither what a place tells nor how it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Generic, Protocol, TypeVar

ENDS = ("\n", " ")  # where a long text is cut, best first


class Place(Protocol):
    """From one offset of a text up to another."""

    @property
    def start(self) -> int:
        """Of the first character."""

    @property
    def end(self) -> int:
        """After the last one."""


P = TypeVar("P", bound=Place)


@dataclass(frozen=True, slots=True)
class Piece(Generic[P]):
    """A piece of a text with the places that cover it, the longest first, and those of them that end with it."""

    text: str
    over: tuple[P, ...] = ()
    ends: tuple[P, ...] = ()


def pieces(text: str, places: Iterable[P], *, start: int = 0, end: int | None = None) -> Iterator[Piece[P]]:
    """A text, or the part of it between two offsets, in pieces: joined, they are that text.

    Of a place that reaches beyond the part the rest is covered, and it ends with the part; one of no length is nowhere.
    """
    stop = len(text) if end is None else min(end, len(text))
    inside = sorted(
        (max(one.start, start), min(one.end, stop), n, one)
        for n, one in enumerate(places)
        if max(one.start, start) < min(one.end, stop)
    )
    cuts = sorted({start, stop, *(cut for one in inside for cut in one[:2])})
    open_: list[tuple[int, int, int, P]] = []
    at = 0
    for first, last in pairwise(cuts):
        while at < len(inside) and inside[at][0] == first:
            open_.append(inside[at])
            at += 1
        open_ = sorted((one for one in open_ if one[1] > first), key=lambda one: (one[0] - one[1], one[2]))
        ends = tuple(one[3] for one in open_ if one[1] == last)
        yield Piece(text[first:last], tuple(one[3] for one in open_), ends)


def paragraphs(cut: Iterable[Piece[P]]) -> list[list[Piece[P]]]:
    """Pieces by the lines of their text, empty ones left out; what ends with a line break ends before it."""
    found: list[list[Piece[P]]] = [[]]
    for piece in cut:
        *whole, last = piece.text.split("\n")
        for line in whole:
            if line.strip():
                found[-1].append(replace(piece, text=line, ends=()))
            if found[-1]:
                found.append([])
        if last.strip() or (last and found[-1]):
            found[-1].append(replace(piece, text=last))
        elif piece.ends:
            _end(found, piece.ends)
    return [line for line in found if line]


def _end(lines: list[list[Piece[P]]], ends: tuple[P, ...]) -> None:
    """Note that something ended with the last piece there is."""
    for line in reversed(lines):
        if line:
            line[-1] = replace(line[-1], ends=(*line[-1].ends, *ends))
            return


def parts(text: str, most: int) -> list[tuple[int, int]]:
    """A long text in parts of so many characters at most, cut between lines or at least between words."""
    found, start = [], 0
    while len(text) - start > most:
        cuts = (text.rfind(sign, start + most // 2, start + most) + 1 for sign in ENDS)
        end = next((cut for cut in cuts if cut > start), start + most)
        found.append((start, end))
        start = end
    return [*found, (start, len(text))]


def numbered(keys: Iterable[str | None]) -> dict[str, int]:
    """Each key with its number, in the order in which they come up first."""
    return {key: n for n, key in enumerate(dict.fromkeys(key for key in keys if key), start=1)}
