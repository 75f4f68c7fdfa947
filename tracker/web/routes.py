"""Every address of the plugin with the page that answers it: one table."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tracker.web.asking import Answer, Ask
from tracker.web.pages import (
    article,
    event,
    files,
    matrix,
    measure,
    original,
    parties,
    party,
    review,
    review_decide,
    review_enter,
    review_log,
    review_merge,
    search,
    sources,
    timeline,
    upcoming,
    why,
    worldmap,
)

Page = Callable[[Ask], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """A pattern below the base (names in braces take a part of the path), and who answers."""

    pattern: str
    show: Page
    method: str = "GET"
    reviewing: bool = False  # only for people who may decide
    entering: bool = False  # only where people come in to decide; for whoever has the key

    def expression(self, base: str) -> str:
        """As Datasette takes it: a regular expression of the whole path."""
        path = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(self.pattern))
        return f"{re.escape(base)}{path}$"


ROUTES: tuple[Route, ...] = (
    Route("/", timeline.show),
    Route("/events.{form}", files.show),
    Route("/event/{id}.json", event.data),
    Route("/event/{id}/why.json", why.data),
    Route("/event/{id}/why", why.show),
    Route("/event/{id}", event.show),
    Route("/measure/{id}.json", measure.data),
    Route("/measure/{id}", measure.show),
    Route("/parties", parties.show),
    Route("/parties.json", parties.as_json),
    Route("/party/{id}.json", party.as_json),
    Route("/party/{id}", party.show),
    Route("/matrix", matrix.show),
    Route("/matrix.json", matrix.as_json),
    Route("/matrix.csv", matrix.as_csv),
    Route("/map", worldmap.show),
    Route("/map.json", worldmap.as_json),
    Route("/upcoming", upcoming.show),
    Route("/upcoming.json", upcoming.listed),
    Route("/upcoming.ics", upcoming.ics),
    Route("/sources", sources.show),
    Route("/sources.json", sources.listed),
    Route("/source/{id}.json", sources.told),
    Route("/source/{id}", sources.show_one),
    Route("/search", search.show),
    Route("/search.json", search.told),
    Route("/article/{id}.json", article.told),
    Route("/article/{id}/original", original.show),
    Route("/article/{id}/revisions", article.revisions),
    Route("/article/{id}", article.show),
    Route("/review", review.show, reviewing=True),
    Route("/review/merge", review_merge.show, reviewing=True),
    Route("/review/log", review_log.show, reviewing=True),
    Route("/review/decide", review_decide.show, method="POST", reviewing=True),
    Route("/review/leave", review_enter.leave, method="POST", reviewing=True),
    Route("/review/enter", review_enter.show, entering=True),
    Route("/review/begin", review_enter.begin, method="POST", entering=True),
)
