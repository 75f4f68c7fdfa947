"""What `tracker import` does with its options, and how it tells what came of it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import IO, Any

from tracker import config
from tracker.cli import opening
from tracker.cli.clock import now
from tracker.cli.progress import watching
from tracker.extras import needed
from tracker.model import Source


def run(
    obj: dict[str, Any],
    *,
    where: str,
    engine: str,
    workers: int | None,
    dry_run: bool,
    quiet: bool,
    stream: IO[str],
) -> Any:
    """Import, or tell what would be imported."""
    needed("pyarrow", "the lake", extra="lake")
    from tracker import backfill
    from tracker.backfill import importing

    sources = _sources(obj)
    wanted = backfill.Wanted(name=engine, workers=workers)
    with opening.named(obj) as store, watching(stream, quiet=quiet) as watch:
        if dry_run:
            return importing.plan(where, store)
        with store.writing(), backfill.opened(wanted) as opened:
            if sources:
                store.sources.sync(sources.values(), now())
            return importing.load(where, store, opened, sources=sources, clock=now, watch=watch)


def _sources(obj: dict[str, Any]) -> dict[str, Source]:
    """The sources of the feeds.yaml that is meant; none where there is none."""
    named = obj["config"]
    if named is None and not config.locate().exists():
        return {}
    return {one.id: one for one in config.load(named).sources}


def as_json(done: Any, *, dry_run: bool) -> str:
    """What came of it as one JSON object."""
    return json.dumps(asdict(done) | {"dry_run": dry_run}, ensure_ascii=False)


def in_words(done: Any, *, dry_run: bool) -> str:
    """What came of it."""
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
