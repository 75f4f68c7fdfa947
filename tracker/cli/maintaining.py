"""What `tracker maintain` does with its options, and how it tells what it did."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

import click

from tracker.cli import opening
from tracker.cli.clock import now
from tracker.config import Settings
from tracker.errors import BusyError
from tracker.pipeline import maintenance
from tracker.pipeline.maintenance import Job, Maintained
from tracker.store import Store

# Task: what is counted, before and after it is done.
WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "pages": ("originals of articles to let go of", "originals of articles let go of"),
        "listings": ("listings' words to let go of", "listings' words let go of"),
        "fetches": ("requests to take out of the log", "requests taken out of the log"),
        "past": ("changes whose past is to be let go of", "changes and places whose past was let go of"),
        "robots": ("texts of robots.txt to forget", "texts of robots.txt forgotten"),
        "messages": ("words of sent messages to let go of", "words of sent messages let go of"),
        "merges": ("parts of indexes for full text", "steps of merging indexes for full text"),
        "analyses": ("tables to take figures of", "tables whose figures were taken"),
        "free_pages": ("free pages to give back", "free pages given back"),
    }
)


def look(settings: Settings, *, as_json: bool, full: bool) -> None:
    """Tell how much there is to do."""
    with Store.open(settings.database, read_only=True) as store:
        job = _job(store, settings, full=full)
        left, doubtful = maintenance.planned(job), maintenance.doubtful_until(job)
        keeps_size, size = not store.space.gives_back, store.space.pages * store.space.page_size
    if as_json:
        click.echo(json.dumps({**left, **_kept(doubtful), "keeps_its_size": keeps_size, "bytes": size}))
        return
    for line in [*_counted(left, 0), *_doubts(doubtful)]:
        click.echo(line)
    if keeps_size:
        click.echo("the file cannot give pages back: `tracker maintain --full` writes it anew, once")
    click.echo(f"{_megabytes(size)}; a dry run: nothing was changed in {settings.database}")


def do(settings: Settings, *, as_json: bool, full: bool) -> None:
    """Do it and tell.

    Raises:
        BusyError: another process was writing, from the beginning or from somewhere in between.
    """
    with opening.store(settings.database, lambda: settings.backup) as store:
        before = store.space.pages * store.space.page_size
        job = _job(store, settings, full=full)
        done, doubtful = maintenance.maintain(job, check=_nothing), maintenance.doubtful_until(job)
        rewritten = full and done.is_finished and maintenance.rewrite(store)
        after = store.space.pages * store.space.page_size
    if as_json:
        click.echo(json.dumps({**done.told, **_kept(doubtful), "bytes_before": before, "bytes_after": after}))
    else:
        click.echo("\n".join(_words(done, doubtful, before, after, rewritten=rewritten)))
    if not done.is_finished:
        raise BusyError(f"{settings.database}: another process writes; the next `tracker maintain` goes on from here")


def _job(store: Store, settings: Settings, *, full: bool) -> Job:
    return Job(store=store, settings=settings, now=now(), full=full)


def _nothing() -> None:
    """Nothing asks for the end but signals, which need no look."""


def _kept(doubtful: datetime | None) -> dict[str, str]:
    return {} if doubtful is None else {"nothing_pruned_until": doubtful.isoformat()}


def _doubts(doubtful: datetime | None) -> list[str]:
    if doubtful is None:
        return []
    known = "the clock went ahead by months since it was looked at last"
    return [f"{known}: nothing is let go of for its age until {doubtful:%Y-%m-%d}, in case it is wrong"]


def _words(done: Maintained, doubtful: datetime | None, before: int, after: int, *, rewritten: bool) -> list[str]:
    lines = [*_counted(done.counts, 1), *_doubts(doubtful)]
    if rewritten:
        lines.append("the file was written anew, and gives free pages back from now on")
    if not done.has_empty_log:
        lines.append("somebody still reads from the write-ahead log, so that it was not cut off")
    return [*lines, f"{_megabytes(before)} before, {_megabytes(after)} after; {_longest(done)}"]


def _counted(counts: Mapping[str, int], which: int) -> list[str]:
    return [f"{count:>9,}  {WORDS[name][which]}" for name, count in counts.items() if count]


def _longest(done: Maintained) -> str:
    return f"the longest step took {done.longest_step * 1000:.0f} ms"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
