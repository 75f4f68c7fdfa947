"""Ids in the tables of Datasette as links to our pages. Which columns hold ids of what is one table."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup

from tracker.web.links import Links

# Column, or table and column, to the page of what its ids are of.
PAGES: Mapping[str, str] = MappingProxyType(
    {
        "event_id": "event",
        "measure_id": "measure",
        "entity_id": "party",
        "article_id": "article",
        "source_id": "source",
        "event.id": "event",
        "timeline.id": "event",
        "upcoming.id": "event",
        "in_force.id": "event",
        "measure.id": "measure",
        "entity.id": "party",
        "article.id": "article",
        "source.id": "source",
        "source_health.id": "source",
    }
)


def is_told(column: str, table: str | None) -> bool:
    """Whether a column holds ids."""
    return _kind(column, table) is not None


def shown(value: object, column: str, table: str | None, links: Links) -> Markup | None:
    """A cell with an id as a link; None for any other, which Datasette shows as ever."""
    kind = _kind(column, table)
    if kind is None or not isinstance(value, str) or not value:
        return None
    return Markup('<a href="{}">{}</a>').format(links.of(kind, value), value)


def _kind(column: str, table: str | None) -> str | None:
    return PAGES.get(f"{table}.{column}") or PAGES.get(column)
