"""What a file that a page gives says of itself: its title, its filters, how much it knows, and where it can be had."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.model import About, Given
from tracker.store.connection import SCHEMA_VERSION
from tracker.web.asking import Ask

CALENDAR = "text/calendar; charset=utf-8"


def about(
    ask: Ask, title: str, stated: Mapping[str, Given], cursor: int, *, at: str, query: str | None = None
) -> About:
    """Of the file `at` a page for some filters; `query` is the name of the saved query that asks the same."""
    return About(
        title=title,
        query=query,
        filters=stated,
        as_of=ask.now.isoformat(timespec="seconds"),
        cursor=cursor,
        schema=SCHEMA_VERSION,
        link=ask.links.whole(ask.links.page(at, stated)),
        pages=ask.links.whole(ask.links.event("")),
    )
