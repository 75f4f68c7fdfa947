"""Saved queries on the command line: the file that is meant, its queries as filters, as options and as a table."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from tracker.cli.render import clean
from tracker.config import queries
from tracker.errors import InputError
from tracker.model import SavedQuery
from tracker.query import Filters, given


def load(obj: Mapping[str, Any]) -> dict[str, SavedQuery]:
    """The queries of the file beside the feeds.yaml that is meant."""
    return queries.load(queries.locate(obj["config"]), given)


def find(obj: Mapping[str, Any], name: str) -> SavedQuery:
    """One of them; raises NotFoundError."""
    return queries.find(queries.locate(obj["config"]), name, given)


def keep(obj: Mapping[str, Any], query: SavedQuery, *, replace: bool) -> Path:
    """Write one; the file."""
    path = queries.locate(obj["config"])
    queries.add(path, query, given, replace=replace)
    return path


def remove(obj: Mapping[str, Any], name: str) -> SavedQuery:
    """Take one away."""
    return queries.remove(queries.locate(obj["config"]), name, given)


def filters(query: SavedQuery) -> Filters:
    """The filters of a query; InputError names the query."""
    try:
        return given(query.filters)
    except InputError as error:
        raise InputError(f"query {query.name}: {error}") from None


def spelt(query: SavedQuery) -> str:
    """The command that asks the same."""
    words = ["tracker", "timeline"]
    for name, value in query.filters.items():
        option = f"--{name.replace('_', '-')}"
        for one in (value,) if isinstance(value, str) else value:
            words += [option] if one == "true" else [option, one]
    return shlex.join([*words, *(["--oldest"] if query.oldest else [])])


def as_dict(query: SavedQuery) -> dict[str, Any]:
    """JSON-ready."""
    plain = {name: value if isinstance(value, str) else list(value) for name, value in query.filters.items()}
    return {"name": query.name, "title": query.title, "filters": plain, "order": "oldest" if query.oldest else "newest"}


def table(found: Collection[SavedQuery], counts: Mapping[str, int]) -> Iterator[RenderableType]:
    """One query a row."""
    if not found:
        yield Text("no query is saved; `tracker queries add NAME` with filters saves one")
        return
    rows = Table(box=None, pad_edge=False, header_style="bold")
    rows.add_column("query", no_wrap=True)
    rows.add_column("events", justify="right")
    rows.add_column("title")
    rows.add_column("filters", overflow="fold")
    for one in found:
        words = " ".join(spelt(one).split()[2:])
        rows.add_row(Text(one.name), Text(str(counts[one.name])), Text(clean(one.title)), Text(clean(words)))
    yield rows
