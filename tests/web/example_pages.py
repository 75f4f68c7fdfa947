"""An address in the demonstration for each route: where a route has none, a test fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from tracker.query import Timeline


@dataclass(frozen=True)
class Ids:
    """What the demonstration is known to have: each chosen for having much to show."""

    event: str
    measure: str
    party: str
    article: str
    source: str


# Route to its example below the home page; names in braces are fields of `Ids`.
PAGES: Mapping[str, str] = MappingProxyType(
    {
        "/": "?size=10",
        "/event/{id}": "event/{event}",
        "/event/{id}/why": "event/{event}/why",
        "/measure/{id}": "measure/{measure}",
        "/parties": "parties",
        "/party/{id}": "party/{party}",
        "/matrix": "matrix",
        "/map": "map",
        "/upcoming": "upcoming",
        "/sources": "sources",
        "/source/{id}": "source/{source}",
        "/search": "search?text=chips",
        "/article/{id}": "article/{article}",
        "/article/{id}/revisions": "article/{article}/revisions",
        "/review/enter": "review/enter",
    }
)
# For people who decide.
REVIEW: Mapping[str, str] = MappingProxyType(
    {"/review": "review", "/review/merge": "review/merge?one={event}", "/review/log": "review/log"}
)
# Addresses that are no pages: what they answer is of this type.
FILES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "/events.{form}": ("events.csv", "text/csv"),
        "/event/{id}.json": ("event/{event}.json", "application/json"),
        "/event/{id}/why.json": ("event/{event}/why.json", "application/json"),
        "/measure/{id}.json": ("measure/{measure}.json", "application/json"),
        "/parties.json": ("parties.json", "application/json"),
        "/party/{id}.json": ("party/{party}.json", "application/json"),
        "/matrix.json": ("matrix.json", "application/json"),
        "/matrix.csv": ("matrix.csv", "text/csv"),
        "/map.json": ("map.json", "application/json"),
        "/upcoming.json": ("upcoming.json", "application/json"),
        "/upcoming.ics": ("upcoming.ics", "text/calendar"),
        "/sources.json": ("sources.json", "application/json"),
        "/source/{id}.json": ("source/{source}.json", "application/json"),
        "/search.json": ("search.json?text=chips", "application/json"),
        "/article/{id}.json": ("article/{article}.json", "application/json"),
        "/article/{id}/original": ("article/{article}/original", "text/html"),
    }
)
# Only forms lead there; `test_web_review` sends them.
FORMS = ("/review/decide", "/review/leave", "/review/begin")


def ids(path: Path) -> Ids:
    """The ids of the demonstration."""
    with Timeline.open(path) as timeline:
        events = timeline.page(limit=500).events
        event = max(events, key=lambda one: (one.origins, one.report_count, one.id))
        counts: dict[str, int] = {}
        for one in events:
            counts[one.measure_id] = counts.get(one.measure_id, 0) + 1
        detail = timeline.event(event.id)
        return Ids(
            event=event.id,
            measure=max(counts, key=lambda key: (counts[key], key)),
            party=timeline.parties(limit=30)[-1].id,
            article=detail.reports[0].article_id,
            source="daily-tattle",
        )
