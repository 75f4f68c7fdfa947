"""The home page: what happened, grouped by day, with everything that it can be narrowed by."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from tracker.query import EventRow
from tracker.web.asking import Answer, Ask
from tracker.web.rendering import page

OWN = ("order", "after", "size")  # parameters that are no filters


def show(ask: Ask) -> Answer:
    """The timeline of the filters in the address."""
    filters = ask.filters(*OWN)
    found = ask.timeline.page(
        limit=ask.number("size", 50, most=200),
        after=ask.one("after") or None,
        order="oldest" if ask.choice("order", ("newest", "oldest"), "newest") == "oldest" else "newest",
        **filters,
    )
    return page(ask, "timeline.html", days=by_day(found.events), following=found.next)


def by_day(events: Sequence[EventRow]) -> list[tuple[str, list[EventRow]]]:
    """Events under the day that they stand under, in the order they are in."""
    return [(day, list(some)) for day, some in groupby(events, key=lambda event: event.date)]
