"""Which of an article's dates belongs to a clause. Pure geometry over spans; knows no grammar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tracker.model import Span
from tracker.nlp.temporal.calendar import Way
from tracker.nlp.temporal.mention import Role, TimeMention

LABELS = frozenset(["dateline", "heading"])


def within(mentions: Iterable[TimeMention], span: Span) -> tuple[TimeMention, ...]:
    """The dates that stand inside a span, in the order of the text."""
    return tuple(found for found in mentions if span.start <= found.span.start and found.span.end <= span.end)


def nearest(
    mentions: Sequence[TimeMention],
    span: Span,
    *,
    sentence: Span | None = None,
    roles: Iterable[Role | None] | None = None,
) -> TimeMention | None:
    """The date of a clause: the best inside it, else the closest in its sentence, or None.

    `roles` keeps only dates of these roles. Datelines and headings are no clause's own date (see `heading_over`).
    """
    wanted = None if roles is None else frozenset(roles)
    usable = [found for found in mentions if found.cue not in LABELS and (wanted is None or found.role in wanted)]
    inside = within(usable, span)
    if not inside and sentence is not None:
        inside = within(usable, sentence)
    return min(inside, key=lambda found: _distance(found.span, span), default=None)


def resolve(mention: TimeMention, way: Way, anchor: str) -> TimeMention:
    """The mention read the way that a clause looks, as a parser tells it; as it was where only one reading is open."""
    here = anchor[: len(mention.value)]
    looks_right = mention.value <= here if way == "past" else mention.value >= here
    if mention.other is None or looks_right or len(mention.other) != len(mention.value):
        return mention
    return replace(mention, when=replace(mention.when, value=mention.other), other=mention.value)


def heading_over(mentions: Sequence[TimeMention], span: Span) -> TimeMention | None:
    """The date heading that governs a span: the last one before it in a newsletter or a timeline."""
    above = [found for found in mentions if found.cue == "heading" and found.span.start <= span.start]
    return above[-1] if above else None


def dateline(mentions: Sequence[TimeMention]) -> TimeMention | None:
    """The date that a report gives at its head ("WASHINGTON, Aug 19 (Reuters) -")."""
    return next((found for found in mentions if found.cue == "dateline"), None)


def _distance(one: Span, other: Span) -> int:
    """Characters between two spans; within an enclosing span, how far the first is from its start."""
    if one.end <= other.start:
        return other.start - one.end
    return max(0, one.start - other.end) if one.start >= other.end else one.start - other.start
