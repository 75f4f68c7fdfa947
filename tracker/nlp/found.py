"""A party found at a place of a text, while its meaning is still being settled."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.model import Mention, Party, Span
from tracker.nlp.gazetteer_entries import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`text[start:end]` names `party`; `entry` is its row in the tables, `how` as in `Mention`."""

    start: int
    end: int
    party: Party
    how: str
    entry: Entry | None = None
    is_plural: bool = False
    role: str = ""  # the key of the role that stands here, where one does
    is_bare: bool = False  # a role whose country is only that of the context

    def mention(self, *, in_title: bool = False) -> Mention:
        """What the other rooms see."""
        span = Span(start=self.start, end=self.end, field="title" if in_title else "text")
        return Mention(party=self.party, span=span, how=self.how)


def without_overlaps(found: list[Found]) -> list[Found]:
    """In order of place; of two that overlap the longer stays, the first of two equally long."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: (f.start, f.start - f.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
        elif one.end - one.start > kept[-1].end - kept[-1].start:
            kept[-1] = one
    return kept
