"""What is held back, shown and decided about: what `tracker sources held`, `release`, `discard` and `retry` share."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

import click
from rich.console import RenderableType
from rich.text import Text

from tracker import assertions
from tracker.cli import render
from tracker.cli.clock import now
from tracker.cli.options import database, open_timeline
from tracker.model.assertions import Ruling
from tracker.pipeline import holding
from tracker.query.holds import HoldRow, holds
from tracker.store import Store

WHAT_TO_DO = (
    "`tracker sources release ID` publishes, `discard ID` keeps out for good, `retry ID` has pages asked for again"
)
DECIDED: Mapping[Ruling, str] = MappingProxyType(
    {
        Ruling.RELEASED: "released",
        Ruling.DISCARDED: "kept out for good",
        Ruling.RETRIED: "asked for again by the next refresh",
    }
)


def show(obj: dict[str, Any], ids: Collection[str], *, as_json: bool) -> None:
    """Tell what is held back, of some sources or all."""
    with open_timeline(obj) as timeline:
        found = timeline.ask(lambda db, _: holds(db, ids))
    if as_json:
        click.echo(render.as_json(found))
    else:
        render.show(*_told(found))


def _told(found: Sequence[HoldRow]) -> Iterator[RenderableType]:
    if not found:
        yield Text("nothing is held back")
        return
    for one in found:
        yield render.heading(f"{one.source_id}: {_amount(one.articles, one.reports)} since {one.since_at[:10]}")
        for breach in one.reasons:
            yield Text(render.clean(assertions.words(breach)), style="yellow")
        for article in one.shown:
            yield render.entry(
                article.id[: render.ID_SHOWN],
                Text(render.clean(article.title)),
                Text(render.clean(article.url or "")),
                Text(render.clean(article.beginning), style="dim"),
            )
    yield Text(WHAT_TO_DO, style="dim")


def decide(obj: dict[str, Any], ruling: Ruling, ids: Collection[str], *, everything: bool, as_json: bool) -> None:
    """Decide about what is held back of some sources, or of all."""
    if bool(ids) == everything:
        raise click.UsageError("name the sources, or say --all")
    with open_timeline(obj) as timeline:  # a source that is misspelt is told before anything is written
        timeline.ask(lambda db, _: holds(db, ids))
    with Store.open(database(obj)) as store:
        found, events = holding.decide(store, ruling, None if everything else ids, clock=now)
    if as_json:
        told = {"decision": ruling.value, "held": [asdict(one) for one in found], "new_events": events}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.source_id}: {_amount(one.articles, one.reports)} {DECIDED[ruling]}")
    for key in sorted(set(ids) - {one.source_id for one in found}):
        click.echo(f"{key}: nothing is held back")
    if everything and not found:
        click.echo("nothing is held back")
    if events:
        click.echo(render.counted(events, "new event"))


def _amount(articles: int, reports: int) -> str:
    return f"{render.counted(articles, 'article')} with {render.counted(reports, 'report')} of events"
