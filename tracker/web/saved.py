"""The saved queries of queries.yaml, as the pages offer them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.config import queries as file
from tracker.model import Given, SavedQuery
from tracker.query import given
from tracker.web.asking import Ask


def known(ask: Ask) -> Mapping[str, SavedQuery]:
    """All of them by name; none where no file is named. Raises ConfigError for one with faults."""
    return file.load(ask.settings.queries, given) if ask.settings.queries else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A query by its title, with the page that asks it."""

    title: str
    to: str


def queries(ask: Ask) -> tuple[Link, ...]:
    """All of them as links to the timeline, which spell their filters out."""
    return tuple(Link(title=one.title, to=ask.links.home(asked(one))) for one in known(ask).values())


def asked(query: SavedQuery) -> dict[str, Given]:
    """A query as parameters of an address."""
    return {**query.filters, **({"order": "oldest"} if query.oldest else {})}
