"""Reports settled per second, memory and quality while a database grows to a million reports; beside a naive baseline.

    python benchmarks/resolve.py [--sizes 10000,100000,1000000] [--at-once 1000] [--beside 3000] [--keep FILE]

The articles of `resolve_world.py` are written to a database on disk as a reader would hand them over, and settled after
every `--at-once` reports as after a refresh: parties, events, consensus, measures with their histories. No language
model runs. At each size the partition is scored against the truth (B-cubed), and twenty articles are placed one by one.
Seconds are of CPU, in a process of its own.

The naive baseline compares all pairs by the same scores and puts together whatever a chain of them connects.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import combinations, islice
from pathlib import Path
from typing import Any

from resolve_world import Told, World

from tracker import resolve
from tracker.model import Report, Tier
from tracker.pipeline import settling
from tracker.store import Store

SINGLE = 20  # articles placed one by one at each size
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def clock() -> datetime:
    """A time that stands still."""
    return NOW


# ------------------------------------------------------------------------------------------------------ quality


def bcubed(found: Sequence[object], true: Sequence[object]) -> tuple[float, float, float]:
    """Precision, recall and F1 over things by which of them are held to be one, and which are."""
    cells = Counter(zip(found, true, strict=True))
    of_found, of_true = Counter(found), Counter(true)
    precision = sum(count * count / of_found[f] for (f, _), count in cells.items()) / len(found)
    recall = sum(count * count / of_true[t] for (_, t), count in cells.items()) / len(found)
    return precision, recall, 2 * precision * recall / (precision + recall)


def quality(found: Sequence[tuple[object, object]], true: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """B-cubed of events, of events told at least twice, and of measures."""
    told = Counter(event for event, _ in true)
    twice = [n for n, (event, _) in enumerate(true) if told[event] > 1]
    return {
        "events": bcubed([f[0] for f in found], [t[0] for t in true]),
        "twice": bcubed([found[n][0] for n in twice], [true[n][0] for n in twice]),
        "measures": bcubed([f[1] for f in found], [t[1] for t in true]),
    }


def scored(path: Path) -> dict[str, Any]:
    """The quality of what is stored, with the truth that lies beside it."""
    true = {row[0]: (row[1], row[2]) for row in sqlite3.connect(f"{path}.truth").execute("SELECT * FROM truth")}
    rows = sqlite3.connect(path).execute(
        "SELECT article_id || position, event_id, measure_id FROM report LEFT JOIN event ON event.id = event_id"
    )
    pairs = [((event or key, measure or key), true[key]) for key, event, measure in rows]
    events, measures = (len({pair[0][n] for pair in pairs}) for n in (0, 1))
    found = quality([pair[0] for pair in pairs], [pair[1] for pair in pairs])
    return found | {"found": (events, measures), "true": tuple(len({p[1][n] for p in pairs}) for n in (0, 1))}


# ------------------------------------------------------------------------------------------------------- growth


class Growth:
    """A database that is filled, with the seconds that it took."""

    def __init__(self, path: Path) -> None:
        """Make the database and begin the world."""
        self._path = path
        self._told = World().articles()
        self.store = Store.open(path)
        self._truth = sqlite3.connect(f"{path}.truth", isolation_level=None)
        self._truth.execute("CREATE TABLE truth (id TEXT PRIMARY KEY, event INTEGER, measure INTEGER) WITHOUT ROWID")
        self.reports = 0
        self.seconds = array("d", [0.0])  # settling, after each batch
        self.written = array("d", [0.0])  # writing articles and analyses
        self.sizes = array("l", [0])

    def grow(self, size: int, at_once: int) -> None:
        """Fill it to so many reports."""
        while self.reports < size:
            began = time.process_time()
            self._write(min(at_once, size - self.reports))
            wrote = time.process_time()
            settling.settle(self.store, clock)
            self.seconds.append(self.seconds[-1] + time.process_time() - wrote)
            self.written.append(self.written[-1] + wrote - began)
            self.sizes.append(self.reports)
            if not len(self.sizes) % 20:
                self._say()

    def alone(self, count: int) -> list[float]:
        """Seconds to settle one article, several times."""
        found = []
        for _ in range(count):
            self._write(1)
            began = time.process_time()
            settling.settle(self.store, clock)
            found.append(time.process_time() - began)
        return found

    def figures(self) -> dict[str, Any]:
        """What it came to: rates over all and over the last tenth."""
        last = next(n for n, size in enumerate(self.sizes) if size >= self.sizes[-1] * 0.9 or n == len(self.sizes) - 1)
        many = self.sizes[-1] - self.sizes[last]
        return {
            "reports": self.sizes[-1],
            "settled a second": self.sizes[-1] / self.seconds[-1],
            "last tenth": many / (self.seconds[-1] - self.seconds[last]) if many else 0.0,
            "with writing, last tenth": many
            / (self.seconds[-1] - self.seconds[last] + self.written[-1] - self.written[last])
            if many
            else 0.0,
            "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "file MB": sum(p.stat().st_size for p in self._path.parent.glob(self._path.name + "*")) / 1e6,
        }

    def _write(self, reports: int) -> None:
        """Store articles with at least so many reports, as reading does."""
        goal = self.reports + reports
        rows = []
        with self.store.batch():
            while self.reports < goal:
                told = next(self._told)
                self.store.articles.save(None, told.article, now=NOW)
                self.store.analyses.save(told.analysis, now=NOW)
                rows += [(f"{told.article.id}{n}", *true) for n, true in enumerate(told.truth)]
                self.reports += len(told.truth)
        self._truth.execute("BEGIN")
        self._truth.executemany("INSERT INTO truth VALUES (?, ?, ?)", rows)
        self._truth.execute("COMMIT")

    def _say(self) -> None:
        rate = (self.sizes[-1] - self.sizes[-11]) / (self.seconds[-1] - self.seconds[-11])
        print(f"{self.reports} reports, {rate:.0f} a second", file=sys.stderr, flush=True)


def grown(path: Path, sizes: Sequence[int], at_once: int) -> None:
    """Fill a database, and print a line of JSON at each size."""
    growth = Growth(path)
    with growth.store.writing():
        for size in sizes:
            growth.grow(size, at_once)
            figures = growth.figures()
            figures |= {"one article, ms": statistics.median(growth.alone(SINGLE)) * 1000}
            print(json.dumps(figures | child("--score", str(path))), flush=True)


# ------------------------------------------------------------------------------------------------------- beside


def sample(count: int) -> tuple[list[Report], list[tuple[int, int]]]:
    """The first reports of the world, without a database."""
    told = [_reports(one) for one in islice(World().articles(), count)]
    reports = [report for some, _ in told for report in some][:count]
    return reports, [truth for _, some in told for truth in some][:count]


def _reports(told: Told) -> tuple[list[Report], Sequence[tuple[int, int]]]:
    article = told.article
    published = article.published.value if article.published else None
    return [
        Report(
            id=f"{article.id}{n}",
            article_id=article.id,
            origin=article.id,
            published=published,
            tier=Tier.MAJOR,
            event=event,
        )
        for n, event in enumerate(told.analysis.events)
    ], told.truth


def naive(count: int) -> dict[str, Any]:
    """All pairs, and all that they connect."""
    reports, true = sample(count)
    packed = [resolve.report_standing(report).profile for report in reports]
    began = time.process_time()
    top = list(range(len(packed)))

    def root(n: int) -> int:
        while top[n] != n:
            top[n] = n = top[top[n]]
        return n

    for one, two in combinations(range(len(packed)), 2):
        if resolve.EVENTS.score(packed[one], packed[two]) >= resolve.EVENTS.at:
            top[root(one)] = root(two)
    return _beside(time.process_time() - began, [root(n) for n in range(len(packed))], true)


def ours(count: int) -> dict[str, Any]:
    """The same reports in memory: keys, who leads and who follows; no database, consensus or measures."""
    reports, true = sample(count)
    things = [resolve.report_standing(report) for report in reports]
    held = resolve.Memory(resolve.EVENTS)
    began = time.process_time()
    for start in range(0, len(things), 300):
        held.put(resolve.settle(things[start : start + 300], [], held, resolve.EVENTS))
    seconds = time.process_time() - began
    lead_of = {one.id: one.lead for one in held.standings()}
    return _beside(seconds, [lead_of[one.id] for one in things], true)


def _beside(seconds: float, found: Sequence[object], true: Sequence[tuple[int, int]]) -> dict[str, Any]:
    twice = quality([(one, one) for one in found], true)
    return {"reports": len(found), "seconds": seconds, "events": twice["events"], "twice": twice["twice"]}


# ------------------------------------------------------------------------------------------------------ the parent


def child(*words: str) -> Any:
    """What a process of its own prints as JSON."""
    done = subprocess.run([sys.executable, str(Path(__file__).resolve()), *words], stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def lines(*words: str) -> Iterator[Any]:
    """The lines of JSON of a process of its own, as they come."""
    command = [sys.executable, str(Path(__file__).resolve()), *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield from map(json.loads, process.stdout)


def told(row: dict[str, Any]) -> str:
    """A line of the table."""
    values = " | ".join(
        f"{value:,.0f}" if value >= 10 else f"{value:.1f}" for value in row.values() if isinstance(value, int | float)
    )
    f1 = " | ".join("/".join(f"{x:.3f}" for x in row[name]) for name in ("events", "twice", "measures") if name in row)
    return f"| {values} | {f1} |"


def run(sizes: str, at_once: int, beside: int, keep: Path | None) -> None:
    """Print the tables."""
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}\n")
    for name in ("naive", "ours"):
        print(name, told(child("--beside-one", name, "--beside", str(beside))), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path = keep or Path(folder) / "grown.db"
        for row in lines("--grow", str(path), "--sizes", sizes, "--at-once", str(at_once)):
            print(json.dumps(row), told(row), sep="\n", flush=True)


def main(words: Iterable[str] | None = None) -> None:
    """Measure, or be one of the processes that do."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--at-once", type=int, default=1000)
    parser.add_argument("--beside", type=int, default=3000)
    parser.add_argument("--keep", type=Path)
    for name in ("--grow", "--score"):
        parser.add_argument(name, type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--beside-one", choices=("naive", "ours"), help=argparse.SUPPRESS)
    options = parser.parse_args(None if words is None else list(words))
    if options.grow:
        grown(options.grow, [int(size) for size in options.sizes.split(",")], options.at_once)
    elif options.score:
        print(json.dumps(scored(options.score)))
    elif options.beside_one:
        print(json.dumps({"naive": naive, "ours": ours}[options.beside_one](options.beside)))
    else:
        run(options.sizes, options.at_once, options.beside, options.keep)


if __name__ == "__main__":
    main()
