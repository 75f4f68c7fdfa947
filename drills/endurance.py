"""A month of a thousand sources in virtual time: the process takes no more in the end, and the database what it must.

    python drills/endurance.py [--sources 1000] [--days 30] [--minutes N] [--report FILE]
    python drills/endurance.py --short                    twenty sources, three days, as a test: nothing is timed

Outlets on loopback (`endurance_world.py`) publish English articles, some of the same events, and misbehave by turns in
the ways of `drill_kinds` that take no real time. One process (`endurance_tracker.py`) stays and does what is due every
few virtual hours, with a stand-in for the reader, while another one asks for the timeline. Exit code 1 where an article
is missing, memory, descriptors, threads or the log grow, a reader or a writer waits for more than a second, or a table
grows that nobody expects to. The report is Markdown.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from drill_kinds import FEED, Kind, Trick, kinds
from drill_outlets import START, Site
from endurance_report import GROWS, LEAST, WORTH, quarters, report
from endurance_world import Outlet, outlets

from tracker.store import soundness
from tracker.store.connection import open_database

ROOT = Path(__file__).parent.parent
STEP, A_DAY = timedelta(hours=3), 8
FEW_DAYS = 8  # in which tables are looked at more often
CALM = timedelta(days=1)  # at the end, without faults
AFTER = tuple(timedelta(hours=12) * number for number in range(1, 8))  # of it, when nothing new is published
TAKE_TIME = {"slow", "a drip", "endless body", "brotli bomb", "zstd bomb", "410 gone"}  # or are never asked again
CONFIG = """settings:
  contact: drill@example.org
  fetch: {connect_timeout: 5, read_timeout: 10, total_timeout: 20, host_delay: 0, concurrency: 32}
sources:
  all:
"""
ENTRY = (
    "    - {{id: {name}, name: {name}, kind: feed, url: 'http://{host}/feed.xml', tier: specialist, language: en, "
    "interval: {interval}, full_text: {paged}}}\n"
)
INTERVALS = ("6h", "12h", "12h", *["1d"] * 7)  # by turns
BOUNDED = ("fetch", "robots", "validator", "source")
MEMORY_MAY_GROW, TABLES_MAY_GROW = 1.10, 1.6  # the last quarter to the second; the last week to the second
LOG_MOST = 70.0  # MB
WAIT_MOST = 1.0  # second
OF_TABLE = """
SELECT schema.tbl_name AS name, sum(stat.pgsize) AS size FROM dbstat AS stat
LEFT JOIN sqlite_schema AS schema ON schema.name = stat.name WHERE stat.aggregate = 1 GROUP BY 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What the tracker told of one time, and the size of its files after it."""

    moment: datetime
    told: Mapping[str, Any]
    main: float  # MB
    log: float  # MB


@dataclass(slots=True, kw_only=True)
class Drill:
    """A drill that is under way."""

    site: Site[Outlet]
    table: Sequence[Kind]
    folder: Path
    days: int
    ends: float = math.inf  # on the monotonic clock: the month is cut short after it
    rounds: list[Round] = field(default_factory=list)
    tables: list[Mapping[str, float]] = field(default_factory=list)  # MB by table, after each day or more often
    caches: Sequence[Mapping[str, Any]] = ()
    probed: Mapping[str, float] = field(default_factory=dict)
    met: Counter[str] = field(default_factory=Counter)

    @property
    def database(self) -> Path:
        """Where the tracker stores."""
        return self.folder / "drill.db"

    def go(self) -> None:
        """The month."""
        script, path = str(Path(__file__).with_name("endurance_tracker.py")), str(self.database)
        command = [sys.executable, script, "run", str(self.folder / "feeds.yaml"), path, self.site.address]
        with (self.folder / "log.txt").open("ab") as log, _process(command, log) as tracker:
            self._round(tracker, START)
            with _process([sys.executable, script, "probe", path], log) as probe:
                self._days(tracker)
                self._after(tracker)
                assert probe.stdin is not None
                probe.stdin.close()
                assert probe.stdout is not None
                self.probed = json.loads(probe.stdout.read())
            assert tracker.stdin is not None
            tracker.stdin.close()
            assert tracker.stdout is not None
            self.caches = json.loads(tracker.stdout.read())
            if tracker.wait(60):
                raise SystemExit(f"the tracker ended with {tracker.returncode}")

    def _days(self, tracker: subprocess.Popen[str]) -> None:
        """Day by day, until the last or until the time is up: then the day that was reached is the last."""
        for day in range(self.days):
            for number in range(1, A_DAY + 1):
                self._round(tracker, START + timedelta(days=day) + number * STEP)
                if number % (A_DAY if self.days > FEW_DAYS else 2) == 0:
                    self.tables.append(sizes(self.database))
            if time.monotonic() > self.ends:
                self.days = day + 1
                return

    def _after(self, tracker: subprocess.Popen[str]) -> None:
        """All sources are asked for what they published last."""
        last = self.site.moment
        for later in AFTER:
            self._round(tracker, last + later)

    def _round(self, tracker: subprocess.Popen[str], moment: datetime) -> None:
        if moment <= START + timedelta(days=self.days):
            self.site.moment = moment
        self.site.faults.clear()
        if moment < START + timedelta(days=self.days) - CALM:
            self.site.faults.update(self._faults((moment - START).days))
        assert tracker.stdin is not None
        assert tracker.stdout is not None
        tracker.stdin.write(f"{moment.isoformat()}\n")
        tracker.stdin.flush()
        line = tracker.stdout.readline()
        if not line:
            raise SystemExit(f"the tracker died at {moment}: {(self.folder / 'log.txt').read_text()[-2_000:]}")
        for host, count in self.site.met.items():
            if host in self.site.faults:
                self.met[self.site.faults[host].name] += count
        self.site.met.clear()
        log = self.database.with_name("drill.db-wal")
        self.rounds.append(
            Round(
                moment=moment, told=json.loads(line), main=self.database.stat().st_size / 1e6,
                log=log.stat().st_size / 1e6 if log.exists() else 0.0,
            )
        )  # fmt: skip

    def _faults(self, day: int) -> Iterator[tuple[str, Kind]]:
        """Each outlet misbehaves on one day of thirty, each time in another way."""
        for outlet in self.site.outlets.values():
            if (outlet.number * 7 + day) % 30 == 0:
                yield outlet.host, self.table[(outlet.number + day) % len(self.table)]


def _process(command: list[str], log: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT, encoding="utf-8"
    )


def sizes(database: Path) -> dict[str, float]:
    """MB by table, with its indexes; the parts of an index for full text as one."""
    found: Counter[str] = Counter()
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as raw:
        for name, size in raw.execute(OF_TABLE):
            whole = name or "sqlite_schema"
            found[whole.partition("_fts")[0] + "_fts" if "_fts_" in whole else whole] += size / 1e6
    return dict(found)


def stored_wrong(drill: Drill) -> Iterator[str]:
    """What is not in the database as it was published."""
    published = sum(outlet.count(drill.site.moment) for outlet in drill.site.outlets.values())
    with closing(sqlite3.connect(f"{drill.database.as_uri()}?mode=ro", uri=True)) as raw:
        stored, unread = raw.execute("SELECT count(*), sum(reader IS NULL) FROM article").fetchone()
    if (stored, unread) != (published, 0):
        yield f"{published} articles published, {stored} stored, {unread} of them unread"
    with closing(open_database(drill.database, read_only=True)) as database:
        yield from soundness.structure(database)


def grown(drill: Drill) -> Iterator[str]:
    """What takes more in the end, of the process and of the disk."""
    second, last = _quarter(drill.rounds, 1), _quarter(drill.rounds, 3)
    for name, most in (("memory", MEMORY_MAY_GROW), ("descriptors", 1.0), ("threads", 1.0)):
        before, after = (max(one.told[name] for one in part) for part in (second, last))
        if after > before * most:
            yield f"{name}: {before:.0f} in the second quarter, {after:.0f} in the last"
    if (most := max(one.told["children"] for one in last)) > len(os.sched_getaffinity(0)):
        yield f"children: {most}, more than there are processors"
    if (most := max(one.log for one in drill.rounds)) > LOG_MOST:
        yield f"the write-ahead log grew to {most:.0f} MB"
    yield from _tables(quarters(drill.tables))


def slow(drill: Drill) -> Iterator[str]:
    """Whoever had to wait for too long."""
    steps = [one.told["maintained"]["longest_step"] for one in drill.rounds if one.told["maintained"]]
    for what, took in (("an answer", drill.probed["slowest"]), ("a step of maintenance", max(steps))):
        if took > WAIT_MOST:
            yield f"{what} took {took:.2f} s"


def _tables(ends: Sequence[Mapping[str, float]]) -> Iterator[str]:
    whole = sum(ends[-1].values())
    for name, size in ends[-1].items():
        if size < max(WORTH * whole, LEAST):
            continue
        if name not in GROWS:
            yield f"{name}: {size:.2f} MB that nobody expects"
            continue
        grew = [after.get(name, 0.0) - before.get(name, 0.0) for before, after in pairwise(ends)]
        if name in BOUNDED and grew[-1] > 0.1 * size:
            yield f"{name}: grew by {grew[-1]:.2f} MB in the last quarter, though nothing more is kept"
        if grew[-1] > TABLES_MAY_GROW * max(grew[0], 0.05 * size):
            yield f"{name}: grew by {grew[0]:.2f} MB in the second quarter and by {grew[-1]:.2f} in the last"


def _quarter(rounds: Sequence[Round], number: int) -> Sequence[Round]:
    length = len(rounds) // 4
    return rounds[number * length : (number + 1) * length]


def entry(outlet: Outlet) -> str:
    """Of feeds.yaml."""
    interval = INTERVALS[outlet.number % len(INTERVALS)]
    return ENTRY.format(name=outlet.name, host=outlet.host, paged=str(outlet.paged).lower(), interval=interval)


def main() -> int:
    """Run the drill and print the report; 1 where something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--days", type=int, default=30, help="of virtual time")
    parser.add_argument("--minutes", type=float, default=math.inf, help="after which no further day begins")
    parser.add_argument("--short", action="store_true", help="twenty sources, three days; nothing is timed")
    parser.add_argument("--report", type=Path, help="where to write the report too")
    parser.add_argument("--keep", type=Path, help="a folder for the database and the log; else they are not kept")
    options = parser.parse_args()
    sources, days = (20, 3) if options.short else (options.sources, options.days)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as temporary, Site[Outlet]({}) as site:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        site.outlets = {outlet.host: outlet for outlet in outlets(sources)}
        (folder / "feeds.yaml").write_text(CONFIG + "".join(map(entry, site.outlets.values())), encoding="utf-8")
        every = kinds(f"http://{site.address}/feed.xml")
        table = [
            kind for kind in every if kind.on == FEED and kind.name not in TAKE_TIME and kind.does not in list(Trick)
        ]
        drill = Drill(site=site, table=table, folder=folder, days=days, ends=begun + 60 * options.minutes)
        drill.go()
        problems = [*stored_wrong(drill), *grown(drill), *([] if options.short else slow(drill))]
        text = report(drill, problems, time.monotonic() - begun, days)
    print(text)
    if options.report:
        options.report.write_text(text, encoding="utf-8")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
