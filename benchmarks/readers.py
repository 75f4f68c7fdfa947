"""How many analysts one SQLite file serves: processes that ask without a pause, alone, beside a writer, on a replica.

    .venv/bin/python benchmarks/readers.py --keep /tmp/query.db [--events 1000000] [--readers 1,2,4] [--seconds 60]

Each reader is a process of its own with a `Timeline` of its own, as a notebook or a command has, and asks questions of
TYPICAL by lot, one after another. Questions a second are of the wall; milliseconds of the processor for a question say
what remains of them on a busy machine. Beside a writer (`web_writer.py`: batches of 50 events, committed as a refresh
does) the database is a copy. The replica is a second copy, made anew by SQLite's own backup while the writer goes on,
and put in place of the last one whole; readers open it again when it has changed. It costs more than replication by the
log (litestream), and stands in for it where readers are concerned: they read a file that nobody writes to.

What readers of the pages get is in `web.py --crowd`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from query_questions import NOW, QUESTIONS, Draw, draws
from query_world import build
from web import high, load

from tracker.query import Timeline

TYPICAL = {
    "newest page": 6, "page: a country acts": 4, "page: a rare party": 3, "page: type, status, country acts, since": 6,
    "page: country against country, type": 3, "page: word of an item, country acts": 3, "deep page": 2,
    "count: type, country acts, since": 4, "search: rare word": 3, "search: common word": 1, "search: phrase": 2,
    "event in full": 8, "measure": 3, "party": 2, "upcoming": 1, "changed since": 2,
    "matrix: country x country, everything": 1, "counts: by type and month, everything": 1,
}  # fmt: skip
SIDES = ("", "-wal", "-shm", ".lock")
HEAD = (
    "| readers | beside | questions | a second | ms: median / p95 | cpu ms a question | errors |\n"
    "| ---: | --- | ---: | ---: | ---: | ---: | ---: |"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one reader, or all together, were answered."""

    wall: tuple[float, ...]  # milliseconds of each question
    cpu: float  # seconds
    errors: int
    seconds: float


def read(database: Path, told: Sequence[Draw], seed: int, seconds: float) -> Asked:
    """Ask for so long; a database that was put in place of another is opened anew, which counts."""
    chance, wall, errors = Random(seed), list[float](), 0
    asked = {one.name: one.ask for one in QUESTIONS if one.name in TYPICAL}
    timeline, known = Timeline.open(database, clock=lambda: NOW), database.stat().st_ino
    cpu, began = time.process_time(), time.monotonic()
    while time.monotonic() < began + seconds:
        (name,) = chance.choices(list(TYPICAL), list(TYPICAL.values()))
        start = time.perf_counter()
        if (found := database.stat().st_ino) != known:
            timeline.close()
            timeline, known = Timeline.open(database, clock=lambda: NOW), found
        try:
            asked[name](timeline, chance.choice(told))
        except Exception:  # noqa: BLE001 - counted, whatever it is
            errors += 1
        wall.append(1000 * (time.perf_counter() - start))
    timeline.close()
    return Asked(wall=tuple(wall), cpu=time.process_time() - cpu, errors=errors, seconds=time.monotonic() - began)


def crowd(database: Path, told: Path, readers: int, seconds: float) -> Asked:
    """All readers at once, each a process."""
    command = [sys.executable, __file__, "--keep", str(database), "--told", str(told), "--seconds", str(seconds)]
    running = [
        subprocess.Popen([*command, "--seed", str(seed)], stdout=subprocess.PIPE, text=True) for seed in range(readers)
    ]
    found = [json.loads(process.communicate()[0]) for process in running]
    return Asked(
        wall=tuple(ms for one in found for ms in one["wall"]),
        cpu=sum(one["cpu"] for one in found),
        errors=sum(one["errors"] for one in found),
        seconds=max(one["seconds"] for one in found),
    )


@contextmanager
def written(database: Path, pause: float) -> Iterator[None]:
    """A process that writes meanwhile; at the end it says how much."""
    script = Path(__file__).with_name("web_writer.py")
    with subprocess.Popen([sys.executable, str(script), str(database), "--pause", str(pause)]) as process:
        try:
            time.sleep(2)  # until it writes
            yield
        finally:
            process.terminate()


def replicate(database: Path, replica: Path) -> tuple[float, float]:
    """Put a whole copy in place of the last one; wall and CPU seconds that it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    made = replica.with_name(f"{replica.name}.new")
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(made)) as target:
        source.backup(target)
    made.replace(replica)
    return time.perf_counter() - wall, time.process_time() - cpu


@contextmanager
def replicated(database: Path, replica: Path, every: float) -> Iterator[list[tuple[float, float]]]:
    """A replica that follows while the block lasts; what each copy took."""
    took = [replicate(database, replica)]
    over = threading.Event()

    def follow() -> None:
        while not over.wait(every):
            took.append(replicate(database, replica))

    thread = threading.Thread(target=follow)
    thread.start()
    try:
        yield took
    finally:
        over.set()
        thread.join()


def show(beside: str, readers: int, one: Asked) -> None:
    """A line of the table."""
    count = max(len(one.wall), 1)
    speed = f"{len(one.wall) / one.seconds:.1f}"
    times = f"{statistics.median(one.wall):.0f} / {high(list(one.wall)):.0f}"
    print(
        f"| {readers} | {beside} | {len(one.wall)} | {speed} | {times} | {1000 * one.cpu / count:.0f} | {one.errors} |",
        flush=True,
    )


def copied(database: Path) -> Path:
    """A copy beside the database, with what was in its log."""
    with closing(sqlite3.connect(database)) as whole:
        whole.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = database.with_name(f"{database.stem}-copy.db")
    shutil.copy(database, copy)
    return copy


def cleared(*databases: Path) -> None:
    """Leave nothing behind."""
    for one in databases:
        for end in SIDES:
            one.with_name(one.name + end).unlink(missing_ok=True)


def main() -> None:
    """Ask alone, beside a writer, and on a replica; or, with --told, be one reader."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--keep", type=Path, required=True, help="the database; built where there is none")
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--readers", default="1,2,4", help="how many at once, parted by commas")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between two batches of the writer")
    parser.add_argument("--every", type=float, default=5.0, help="seconds between two copies of the replica")
    parser.add_argument("--only", default="alone,writer,replica", help="parted by commas")
    parser.add_argument("--told", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=0, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.told:
        one = read(asked.keep, json.loads(asked.told.read_text()), asked.seed, asked.seconds)
        print(json.dumps({"wall": one.wall, "cpu": one.cpu, "errors": one.errors, "seconds": one.seconds}))
        return
    if not asked.keep.exists():
        build(asked.keep, asked.events)
    told = asked.keep.with_name(f"{asked.keep.stem}-told.json")
    with Timeline.open(asked.keep, clock=lambda: NOW) as timeline:
        told.write_text(json.dumps(list(draws(timeline))))
        print(f"{timeline.count():,} events, {asked.keep.stat().st_size / 1e9:.1f} GB, {load()}\n\n{HEAD}", flush=True)
    several = [int(one) for one in asked.readers.split(",")]
    ways = asked.only.split(",")
    if "alone" in ways:
        for readers in several:
            show("nothing", readers, crowd(asked.keep, told, readers, asked.seconds))
    if {"writer", "replica"} & set(ways):
        copy, replica = copied(asked.keep), asked.keep.with_name(f"{asked.keep.stem}-replica.db")
        try:
            beside(ways, copy, replica, told, several, asked)
        finally:
            cleared(copy, replica)
    told.unlink()
    print(f"\n{load()}")


def beside(
    ways: list[str], copy: Path, replica: Path, told: Path, several: list[int], asked: argparse.Namespace
) -> None:
    """What is asked while somebody writes: on the same file, and on one that follows it."""
    for readers in several if "writer" in ways else ():
        with written(copy, asked.pause):
            show("a writer", readers, crowd(copy, told, readers, asked.seconds))
    for readers in several if "replica" in ways else ():
        with written(copy, asked.pause), replicated(copy, replica, asked.every) as took:
            show("a writer, on a replica", readers, crowd(replica, told, readers, asked.seconds))
        wall, cpu = (statistics.mean(some) for some in zip(*took, strict=True))
        print(f"\n{len(took)} copies, each {wall:.0f} s of the wall, {cpu:.1f} of the processor\n", flush=True)


if __name__ == "__main__":
    main()
