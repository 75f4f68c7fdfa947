"""Pages asked without a server: what a request says, with a clock that stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from tracker.query import Timeline
from tracker.query.facets import Index
from tracker.web.asking import Answer, Ask
from tracker.web.links import Links
from tracker.web.settings import Settings

NOW = datetime(2024, 11, 1, 12, tzinfo=UTC)
LINKS = Links("", "/demo", "http://tracker.test")


def clock() -> datetime:
    """The time in these tests."""
    return NOW


def asked(
    timeline: Timeline,
    show: Callable[[Ask], Answer],
    ident: str = "",
    index: Index | None = None,
    /,
    **query: str | tuple[str, ...],
) -> Answer:
    """What a page answers; `ident` is the id that its route names, `index` what counts, `query` its parameters."""
    told = {name: (value,) if isinstance(value, str) else value for name, value in query.items()}
    ask = Ask(
        timeline=timeline,
        links=LINKS,
        settings=Settings(),
        now=NOW,
        path={"id": ident},
        query=told,
        counting=lambda: index,
    )
    return show(ask)


def text(answer: Answer) -> str:
    """A body as text."""
    return answer.body if isinstance(answer.body, str) else answer.body.decode()
