"""What `tracker import` does with its options, and how it tells what came of it."""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from tracker import config
from tracker.cli import opening
from tracker.cli.clock import now
from tracker.cli.progress import watching
from tracker.errors import InputError
from tracker.extras import needed
from tracker.model import Source


def run(
    obj: dict[str, Any],
    *,
    where: str,
    engine: str,
    workers: int | None,
    timeline: bool,
    dry_run: bool,
    quiet: bool,
    stream: IO[str],
) -> Any:
    """Import, or tell what would be imported."""
    needed("pyarrow", "the lake", extra="lake")
    from tracker import backfill
    from tracker.backfill import importing
    from tracker.lake import Lake
    from tracker.query import lakes

    if timeline:
        _see_that_it_lies_here(where)
    Lake.open(where)  # before a database is made for it
    sources = _sources(obj)
    if dry_run:
        with opening.named(obj) as store:
            return importing.plan(where, store)
    engine_of = backfill.opened(backfill.Wanted(name=engine, workers=workers))
    with engine_of as opened, opening.named(obj) as store, store.writing(), watching(stream, quiet=quiet) as watch:
        if sources:
            store.sources.sync(sources.values(), now())
        done = importing.load(where, store, opened, sources=sources, clock=now, watch=watch)
        if timeline:
            watch.begin("timelines written", 1)
            lakes.make(store.path, Path(where.removeprefix("file://")), now=now())
            watch.advance(1)
            watch.end()
        return done


def _see_that_it_lies_here(where: str) -> None:
    """Say before hours of work that nothing would come of the end of it."""
    if "://" in where and not where.startswith("file://"):
        raise InputError(
            f"--timeline: {where} is not a folder of this machine; leave it out, and `tracker lake FOLDER` writes the "
            "timeline to one"
        )


def _sources(obj: dict[str, Any]) -> dict[str, Source]:
    """The sources of the feeds.yaml that is meant; none where there is none."""
    named = obj["config"]
    if named is None and not config.locate().exists():
        return {}
    return {one.id: one for one in config.load(named).sources}


def as_json(done: Any, *, dry_run: bool) -> str:
    """What came of it as one JSON object."""
    return json.dumps(asdict(done) | {"dry_run": dry_run}, ensure_ascii=False)


def in_words(done: Any, *, dry_run: bool, timeline: str | None = None) -> str:
    """What came of it, and of which lake the timeline was written."""
    told = [_in_words(done, dry_run=dry_run)]
    if timeline is not None and not dry_run:
        told.append(f"the timeline is in the lake: tracker timeline --lake {shlex.quote(timeline)}")
    return "\n".join(told)


def _in_words(done: Any, *, dry_run: bool) -> str:
    first = f"{done.articles:,} articles in the lake ({done.repeated:,} further texts of them left out)"
    if not done.new:
        return f"{first}; all are in the database: nothing was imported"
    way = "at once" if done.at_once else "one by one, as from a refresh"
    verb = "would be imported" if dry_run else "imported"
    lines = [first, f"{done.new:,} {verb} {way}, {done.known:,} were there; {done.outlets:,} new outlets"]
    if not dry_run:
        told = ", ".join(f"{done.counts[name]:,} {name}s" for name in ("article", "report", "event", "measure"))
        lines.append(f"in the database: {told}")
    return "\n".join(lines)
