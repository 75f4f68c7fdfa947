"""What changed between two texts, first by sentences and, in those that are still alike, by words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

Kind = Literal["same", "gone", "come"]
Opcode = tuple[str, int, int, int, int]  # as difflib's: "equal" or another, and where in the one and in the other

BETWEEN = re.compile(r"((?<!\s)\s*\n\s*|(?<=[.!?…])\s+)")  # two sentences; looked for once in a row of spaces
WORD = re.compile(r"\w+|\s+|[^\w\s]")
MOST = 25_000_000  # pairs that are compared; a text of which more are asked for is taken as another one
ALIKE = 0.4  # share of words in common from which two passages are the same one, edited


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of text that stayed, went or came."""

    kind: Kind
    text: str


def edits(old: str, new: str) -> tuple[Edit, ...]:
    """Both texts in one: without what came it is the old one, without what went the new one."""
    joined = groupby(_words(old, new), key=lambda edit: edit.kind)
    return tuple(Edit(kind, "".join(one.text for one in some)) for kind, some in joined)


def sentences(text: str) -> list[str]:
    """A text in sentences, and what stands between two."""
    return [part for part in BETWEEN.split(text) if part]


def compared(old: Sequence[str], new: Sequence[str]) -> Iterator[Opcode]:
    """What is equal in two sequences and what is not, in their order; at a bounded cost."""
    from rapidfuzz.distance import Indel  # noqa: PLC0415 - most questions do without it

    start = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    left = min(len(old), len(new)) - start
    end = next((at for at in range(left) if old[-1 - at] != new[-1 - at]), left)
    yield "equal", 0, start, 0, start
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    if len(before) * len(after) > MOST:
        yield "replace", start, len(old) - end, start, len(new) - end
    else:
        for told in Indel.opcodes(before, after):
            places = (told.src_start, told.src_end, told.dest_start, told.dest_end)
            one, two, three, four = (start + at for at in places)
            yield told.tag, one, two, three, four
    yield "equal", len(old) - end, len(old), len(new) - end, len(new)


def _words(old: str, new: str) -> Iterator[Edit]:
    before, after = sentences(old), sentences(new)
    for same, gone, come in _stretches(before, after):
        if same:
            yield Edit("same", same)
        else:
            yield from _passage(gone, come)


def _passage(gone: str, come: str) -> Iterator[Edit]:
    """What went and what came in one place: word for word where they are alike."""
    before, after = WORD.findall(gone), WORD.findall(come)
    found = list(_stretches(before, after))
    if sum(len(same) for same, _, _ in found) < ALIKE * max(len(gone), len(come)):
        found = [("", gone, come)]
    for same, left, right in found:
        yield from (Edit(kind, text) for kind, text in _told(same, left, right) if text)


def _told(same: str, gone: str, come: str) -> tuple[tuple[Kind, str], ...]:
    return ("same", same), ("gone", gone), ("come", come)


def _stretches(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """What stayed, or what went and what came in its place; one after another."""
    gone = come = ""
    for tag, one, two, three, four in compared(before, after):
        if tag != "equal":
            gone, come = gone + "".join(before[one:two]), come + "".join(after[three:four])
        elif one < two:
            if gone or come:
                yield "", gone, come
                gone = come = ""
            yield "".join(before[one:two]), "", ""
    if gone or come:
        yield "", gone, come
