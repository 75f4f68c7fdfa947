"""A backfill as it is told: a bar on a terminal, a line now and then in a log, a report at the end."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

from tracker.backfill import Ran, Report, Standing, Watches, unwatched
from tracker.cli.render import clean
from tracker.cli.sizes import in_words as size
from tracker.store.codec import encode

LINE_EVERY = 60.0  # seconds between two lines of a log
SHOWN = 10  # chunks that were set aside


@contextmanager
def watching(stream: IO[str], *, quiet: bool) -> Iterator[Watches]:
    """Who is told how far it has come."""
    if quiet:
        yield unwatched
    elif not stream.isatty():
        yield Lines(stream)
    else:
        from tracker.cli.bars import measured

        with measured(stream) as show:
            yield lambda standing: show(standing.share, line(standing))


class Lines:
    """A line every minute, and one at the end."""

    def __init__(self, stream: IO[str]) -> None:
        """Write to the stream."""
        self._stream, self._next = stream, LINE_EVERY

    def __call__(self, standing: Standing) -> None:
        """Tell, if it is time."""
        if standing.seconds < self._next and standing.chunks < standing.chunks_of:
            return
        self._next = standing.seconds + LINE_EVERY
        self._stream.write(f"backfill: {standing.share:.0%} of {size(standing.bytes_of)}, {line(standing)}\n")
        self._stream.flush()


def line(standing: Standing) -> str:
    """Chunks, articles, rate, time left."""
    parts = [f"{standing.chunks:,} of {standing.chunks_of:,} chunks", f"{standing.articles:,} articles"]
    if standing.rate is not None:
        parts.append(f"{standing.rate:,.1f}/s")
    if standing.refused:
        parts.append(f"{standing.refused} set aside")
    if standing.chunks < standing.chunks_of:
        parts.append(f"{standing.workers} at work" if standing.workers else "waiting for workers")
        if standing.left is not None:
            parts.append(f"{span(standing.left)} left")
    return ", ".join(parts)


def span(seconds: float) -> str:
    """A time for a person: 3 d 4 h, 2 h 5 min, 40 s."""
    minutes, hours, days = (int(seconds // unit) for unit in (60, 3_600, 86_400))
    if days:
        return f"{days} d {hours % 24} h"
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min" if minutes else f"{seconds:.0f} s"


def as_json(made: Report) -> str:
    """The report as one JSON object."""
    return json.dumps(encode(made), ensure_ascii=False)


def in_words(made: Report, ran: Ran, out: str) -> str:
    """What came of it."""
    of = ran.done + ran.before + len(ran.refused)
    if not ran.done and not ran.refused_now:
        first = f"{'all ' if not ran.refused else ''}{ran.before} chunks are done: nothing was changed"
    else:
        rate = f"{made.articles_per_second:,.1f} articles a second"
        first = f"{ran.done} of {of} chunks done in {span(ran.seconds)} ({rate}), {ran.before} before"
    counted = [f"{made.counts.get(name, 0):,} {name}" for name in ("records", "articles", "read", "reports", "faults")]
    lines = [first, f"in the lake: {', '.join(counted)}; {size(made.bytes)} in {made.months} months"]
    unread: Callable[[str], bool] = lambda name: name.startswith(("unread: ", "skipped: "))  # noqa: E731
    lines += [f"{count:,} {name}" for name, count in made.counts.items() if unread(name)]
    lines += [
        clean(f"! set aside: {one.chunk.input} {list(one.chunk.part)}: {one.reason}") for one in ran.refused[:SHOWN]
    ]
    if len(ran.refused) > SHOWN:
        lines.append(f"! and {len(ran.refused) - SHOWN} chunks more")
    if ran.refused:
        lines.append("chunks that were set aside are tried again with --retry-failed")
    return "\n".join([*lines, f"lake: {out} (report.md has more); into a database: tracker import {shlex.quote(out)}"])


def plan(told: Mapping[str, Any]) -> str:
    """What there is to do."""
    forms = ", ".join(f"{count} of {form}" for form, count in told["forms"].items())
    lines = [
        f"{told['chunks']:,} chunks ({forms}), {size(told['bytes'])}",
        f"{told['done']:,} done, {told['set_aside']:,} set aside, {told['left']:,} to do ({size(told['left_bytes'])})",
    ]
    return "\n".join(lines)
