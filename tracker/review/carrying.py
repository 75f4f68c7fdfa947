"""What people set of two events, and what would come of it were they one: told before they are put together.

It decides nothing: `tracker.resolve.edits` says which of several corrections holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.model import JudgementKind
from tracker.query import JudgementRow, Timeline
from tracker.resolve.edits import VERDICTS, seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A decision about one of two events that would hold for both.

    `field` is None of a verdict, which is the `value` then. `other` is what the other event says; where a person has
    set that, `instead` is the decision about it that would hold no more.
    """

    judged: JudgementRow
    field: str | None
    value: Any
    other: Any
    instead: JudgementRow | None


def carried(timeline: Timeline, one: str, two: str) -> tuple[Carried, ...]:
    """What was corrected, accepted or rejected of either event and would hold for both, but where they agree.

    Raises:
        NotFoundError: there is no such event.
    """
    sides = [frozenset(timeline.subject(key, among=("event",)).report_ids) for key in (one, two)]
    found = _holding(timeline.judged(sides[0] | sides[1]), sides[0] | sides[1])
    told = (_carried(timeline, some, (one, two), sides) for some in found.values())
    return tuple(one for one in told if one.value != one.other)


def _holding(judged: Iterable[JudgementRow], reports: frozenset[str]) -> dict[str | None, list[JudgementRow]]:
    """By field the decisions about it, the last of which would hold."""
    found: dict[str | None, list[JudgementRow]] = {}
    for one in sorted(judged, key=lambda one: (seen(one.left, reports), one.decided_at, one.id)):
        if one.kind in {*VERDICTS, JudgementKind.EDIT}:
            found.setdefault(one.field, []).append(one)
    return found


def _named(value: Any) -> Any:
    """A value as events have it: parties by their names."""
    if isinstance(value, list):
        return tuple(one["name"] if isinstance(one, Mapping) else one for one in value)
    return value


def _carried(
    timeline: Timeline, judged: list[JudgementRow], ids: tuple[str, str], sides: list[frozenset[str]]
) -> Carried:
    last = judged[-1]
    here = not sides[0].isdisjoint(last.left)
    key, side = (ids[1], sides[1]) if here else (ids[0], sides[0])
    detail = timeline.event(key)
    return Carried(
        judged=last,
        field=last.field,
        value=_named(last.value) if last.field else last.kind,
        other=getattr(detail.event, last.field) if last.field else detail.verdict,
        instead=next((one for one in reversed(judged[:-1]) if not side.isdisjoint(one.left)), None),
    )
