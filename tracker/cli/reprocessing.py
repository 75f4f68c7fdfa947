"""What `tracker reprocess` does with its options, and how it tells what changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import IO

from tracker.cli import opening
from tracker.cli.clock import now
from tracker.cli.progress import watching
from tracker.cli.render import clean
from tracker.cli.running import reader
from tracker.config import Config
from tracker.extraction import published
from tracker.pipeline.reprocess import Reprocessed, Stage
from tracker.pipeline.reprocess import reprocess as again
from tracker.store import Difference

# Kind of change: how many events it has happened to, in words, and what an example is headed with.
KINDS = {
    "gained": ("new", "+"),
    "lost": ("gone: no article tells them any more", "-"),
    "merged": ("part of another event now", ">"),
    "split": ("taken out of another event", "<"),
    "changed": ("changed", "~"),
}
QUOTED = 110  # characters of a quote


def reprocess(
    config: Config,
    *,
    stages: Sequence[str],
    since: str | None,
    sources: Sequence[str],
    dry_run: bool,
    quiet: bool,
    stream: IO[str],
) -> Reprocessed:
    """Reprocess the database of the configuration."""
    day = published(since, "--since").day if since else None
    load_reader = reader(config)
    with opening.configured(config) as store, watching(stream, quiet=quiet) as watch:
        return again(
            config,
            store,
            load_reader,
            clock=now,
            stages=[Stage(stage) for stage in stages] or tuple(Stage),
            since=day,
            sources=sources,
            dry_run=dry_run,
            watch=watch,
        )


def as_json(done: Reprocessed) -> str:
    """What changed as one JSON object."""
    return json.dumps(asdict(done), ensure_ascii=False)


def in_words(done: Reprocessed, database: Path) -> str:
    """What changed for a person."""
    lines = [
        f"{done.articles_read} articles read again, {done.reports_settled} reports settled again",
        f"{done.events_before} events before, {done.events_after} after",
    ]
    counts = {kind: getattr(done, kind) for kind in KINDS}
    lines += [f"{count} {KINDS[kind][0]}" for kind, count in counts.items() if count]
    if done.fields:
        lines.append("fields that changed: " + ", ".join(f"{name} {count}" for name, count in done.fields.items()))
    if not any(counts.values()):
        lines.append("every event is as it was")
    for kind, examples in groupby(done.examples, key=lambda one: one.kind):
        lines += ["", f"{KINDS[kind][0]}, for example:", *(line for one in examples for line in _example(kind, one))]
    lines += [f"! {fault}" for fault in done.faults]
    end = "a dry run: nothing was changed in" if done.dry_run else "applied to"
    return "\n".join([*lines, "", f"{end} {database}"])


def _example(kind: str, one: Difference) -> Iterator[str]:
    """One event that changed: what it is, what became of it, the words of a report."""
    yield clean(f"  {KINDS[kind][1]} {one.event_id}  {one.summary}")
    if one.other_id:
        yield f"      {'into' if kind == 'merged' else 'out of'} {one.other_id}"
    for name, (old, new) in one.fields.items():
        yield clean(f"      {name}: {_value(old)} → {_value(new)}")
    if one.quote:
        short = one.quote if len(one.quote) <= QUOTED else one.quote[:QUOTED].rsplit(" ", 1)[0] + " …"
        yield clean(f"      “{short}”")


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)
