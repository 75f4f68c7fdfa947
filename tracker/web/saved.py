"""The saved queries of queries.yaml, as the pages offer them: read anew when the file has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tracker.config import queries as file
from tracker.errors import ConfigError
from tracker.model import Given, SavedQuery
from tracker.query import given
from tracker.query.filters import several
from tracker.web.asking import Ask

Saved = Mapping[str, SavedQuery]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A query by its title, with the page that asks it."""

    title: str
    to: str


def known(ask: Ask) -> Saved:
    """All of them by name; none where no file is named, or it has faults, which are for `tracker queries` to tell."""
    path = ask.settings.queries
    try:
        return _read(path, path.stat().st_mtime_ns) if path else {}
    except (OSError, ConfigError):
        return {}


def links(ask: Ask) -> tuple[Link, ...]:
    """All of them as links to the timeline, which spell their filters out."""
    return tuple(Link(title=one.title, to=ask.links.home(asked(one))) for one in known(ask).values())


def asked(query: SavedQuery) -> dict[str, Given]:
    """A query as parameters of an address."""
    return {**query.filters, **({"order": "oldest"} if query.oldest else {})}


def asks(query: SavedQuery, stated: Mapping[str, Given]) -> bool:
    """Whether filters are those of a query: one value is the same as a list of it, in whatever order."""
    return _values(query.filters) == _values(stated)


def _values(filters: Mapping[str, Given]) -> dict[str, set[str]]:
    return {name: set(several(values)) for name, values in filters.items()}


@lru_cache(maxsize=8)
def _read(path: Path, changed: int) -> Saved:  # noqa: ARG001 - another time is another file
    return file.load(path, given)
