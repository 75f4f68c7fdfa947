"""Maintenance beside readers and a writer: nobody waits for more than a second.

    python drills/upkeep.py [--events 20000] [--originals 10000]     an invented database, with much to let go of
    python drills/upkeep.py --database FILE                          a copy of another one in its place

`tracker maintain --full` is done on a database with old originals, requests and listings, while two processes ask for
the timeline and one writes, each some times a second. At last the file is written anew, as is done once with one of an
earlier tracker: then only readers must not wait. Exit code 1 where an answer or a write took more than a second, a
write was refused, or the file is not sound afterwards. `--short` is for tests: few events, and nothing is timed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import query_world

from tracker.config import Settings
from tracker.errors import BusyError
from tracker.model import FetchSettings
from tracker.pipeline import maintenance
from tracker.pipeline.maintenance import Job
from tracker.query import Timeline
from tracker.store import Store, soundness
from tracker.store.connection import open_database

NOW = datetime(2030, 1, 1, tzinfo=UTC)
OLD = (NOW - timedelta(days=400)).isoformat()
PROBE_EVERY = 0.1  # seconds
WAIT_MOST = 1.0  # second
READERS = 2
PAGE = """
INSERT OR IGNORE INTO page (article_id, url, final_url, status, content_type, fetched_at, size, encoding, body)
SELECT id, 'u', 'u', 200, 'text/html', ?1, 0, 'zlib', ?2 FROM article WHERE number = ?3
"""
FETCHES = """
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
INSERT INTO fetch (url, fetched_at, outcome) SELECT 'https://x.example/' || i, ?1, 'page' FROM n
"""
ITEMS = """
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
INSERT INTO item (id, source_id, key, url, url_id, title, state, is_whole, article_id, first_seen_at, last_seen_at, content)
SELECT 'upkeep' || i, (SELECT min(id) FROM source), i, 'u' || i, 'u' || i, 'T', 'stored', 1, 'u' || i, ?1, ?1,
  hex(randomblob(1500)) FROM n
"""  # noqa: E501 - as it is written elsewhere


def litter(database: Path, originals: int) -> None:
    """What has become too old: originals of some twenty kilobytes, requests, listings, unmerged full text."""
    chance = random.Random(1)
    with closing(sqlite3.connect(database, isolation_level=None)) as raw:
        raw.execute("BEGIN")
        for number in range(1, originals + 1):
            raw.execute(PAGE, (OLD, os.urandom(chance.randint(5_000, 40_000)), number))
        raw.execute(FETCHES, (OLD, originals * 10))
        raw.execute(ITEMS, (OLD, originals))
        raw.execute("COMMIT")
        for number in range(1, 40):
            raw.execute(
                "UPDATE article SET title = title || ' again' WHERE number % 40 = ? AND number < 4000", (number,)
            )


def read(database: str) -> None:
    """Ask for the timeline until standard input ends, and tell how long it took."""
    with Timeline.open(Path(database)) as timeline:
        _probe(lambda: timeline.page(limit=20))


def write(database: str) -> None:
    """As `read`, for a small transaction under the lock of writers."""
    with Store.open(database) as store:

        def once() -> None:
            with store.writing():
                store.upkeep.done("drill", NOW)

        _probe(once)


def _probe(once: Any) -> None:
    took, refused = [], 0
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], PROBE_EVERY)[0]:
        begun = time.monotonic()
        try:
            once()
        except BusyError:
            refused += 1
        took.append(time.monotonic() - begun)
    took.sort()
    print(json.dumps({"times": len(took), "median": took[len(took) // 2], "slowest": took[-1], "refused": refused}))


@contextmanager
def beside(database: Path, roles: Sequence[str]) -> Iterator[list[dict[str, Any]]]:
    """Processes that ask and write meanwhile; afterwards what each of them has to tell."""
    told: list[dict[str, Any]] = []
    command = [sys.executable, __file__, "--as"]
    started = [
        subprocess.Popen([*command, role, "--database", str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for role in roles
    ]
    for one in started:
        assert one.stdout is not None
        one.stdout.readline()
    try:
        yield told
    finally:
        told.extend(
            {"role": role, **json.loads(one.communicate()[0])} for role, one in zip(roles, started, strict=True)
        )


def line(what: str, told: dict[str, Any]) -> str:
    """Of the report."""
    return (
        f"| {what} | {told['role']} | {told['times']} | {told['median'] * 1e3:.1f} | {told['slowest'] * 1e3:.0f} "
        f"| {told['refused']} |"
    )


def drill(database: Path, *, timed: bool) -> tuple[list[str], list[str]]:
    """The report, and what did not hold."""
    lines = ["| meanwhile | who | times | median ms | slowest ms | refused |", "|---|---|---:|---:|---:|---:|"]
    problems: list[str] = []
    with Store.open(database) as store:
        settings = Settings(database=database, fetch=FetchSettings(user_agent="drill"))
        job = Job(store=store, settings=settings, now=NOW, full=True)
        begun, before = time.monotonic(), database.stat().st_size
        with beside(database, ["reader"] * READERS + ["writer"]) as told:
            done = maintenance.maintain(job, check=lambda: None)
        seconds, after = time.monotonic() - begun, store.space.pages * store.space.page_size
        lines += [line("maintenance", one) for one in told]
        begun = time.monotonic()
        store._db.raw.execute("PRAGMA auto_vacuum = none")  # noqa: SLF001 - as an earlier tracker made it
        with beside(database, ["reader"] * READERS) as again:
            store.space.rewrite()
        rewriting = time.monotonic() - begun
        lines += [line("rewriting", one) for one in again]
        emptied = store.space.empty_log()
    waited = [one for one in (*told, *again) if one["slowest"] > WAIT_MOST]
    if timed:
        problems += [f"a {one['role']} waited for {one['slowest']:.2f} s" for one in waited]
        if done.longest_step > WAIT_MOST:
            problems.append(f"a step took {done.longest_step:.2f} s")
        if told[-1]["refused"]:
            problems.append(f"{told[-1]['refused']} writes were refused")
    if not (done.is_finished and emptied):
        problems.append(f"it did not come to its end: {done}")
    with closing(open_database(database, read_only=True)) as connection:
        problems += soundness.structure(connection)
    counts = ", ".join(f"{name} {count:,}" for name, count in done.counts.items())
    sizes = f"the file {before / 1e6:,.0f} MB before, {after / 1e6:,.0f} after; rewriting it took {rewriting:.0f} s"
    longest = f"the longest step {done.longest_step * 1e3:.0f} ms"
    return [*lines, "", f"In {seconds:.0f} s: {counts}; {longest}; {sizes}."], problems


def main() -> int:
    """Run the drill and print the report; 1 where something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--events", type=int, default=20_000, help="of the invented database")
    parser.add_argument("--originals", type=int, default=10_000, help="that are too old")
    parser.add_argument("--database", type=Path, help="a copy of this one in its place")
    parser.add_argument("--short", action="store_true", help="few events, and nothing is timed")
    parser.add_argument("--as", dest="role", choices=("reader", "writer"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.role:
        {"reader": read, "writer": write}[options.role](str(options.database))
        return 0
    with tempfile.TemporaryDirectory(dir=options.database and options.database.parent) as folder:
        database = Path(folder) / "drill.db"
        if options.database:
            shutil.copy(options.database, database)
        else:
            query_world.build(database, 300 if options.short else options.events)
        Store.open(database).close()
        litter(database, 200 if options.short else options.originals)
        lines, problems = drill(database, timed=not options.short)
    print("\n".join(["# Upkeep drill", "", *([f"- {one}" for one in problems] or ["Nobody waited."]), "", *lines]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
