"""A month of a thousand sources in virtual time: the process takes no more in the end, and the database what it must.

    python drills/endurance.py [--sources 1000] [--days 30] [--report FILE]
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
from endurance_world import Outlet, outlets

from tracker.store import soundness
from tracker.store.connection import open_database

ROOT = Path(__file__).parent.parent
STEP = timedelta(hours=3)
CALM = timedelta(days=1)  # at the end, without faults
AFTER = tuple(timedelta(hours=12) * number for number in range(1, 6))  # of it, when nothing new is published
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
# What each table grows with. Those in BOUNDED are as large as what is kept of them, and so grow no more after a while.
GROWS: Mapping[str, str] = {
    "article": "each article, with its text",
    "article_fts": "each article, word by word",
    "article_standing": "each article: its signature",
    "article_key": "each article: some twenty keys by which copies are found",
    "article_revision": "each edit: the former text",
    "item": "each item of a listing; its words go after `keep_listings`",
    "page": "each article with a page; its body goes after `keep_pages`",
    "fetch": "each request, for `keep_fetches`",
    "change": "each change; what was before it goes after `keep_past`",
    "report_was": "each report that went elsewhere, for `keep_past`",
    "report": "each report of an event",
    "report_key": "each report: keys by which its like are found",
    "report_standing": "each report",
    "report_amount": "each amount in a report",
    "event": "each event",
    "event_fts": "each event, word by word",
    "event_standing": "each event",
    "event_key": "each event: keys by which its like are found",
    "event_keys": "each event: its facets",
    "event_facet": "each event with each of its facets",
    "event_party": "each event with each of its parties",
    "event_item": "each event with each of its things",
    "event_line": "each event",
    "event_seat": "each event with those that act and those that are hit",
    "facet_key": "each value that events are asked for",
    "facet_month": "each value and month",
    "facet_fts": "each name of a thing",
    "contradiction": "each field that reports tell otherwise",
    "measure": "each measure",
    "measure_step": "each step of a measure",
    "mention": "each party that an article names",
    "entity_evidence": "each party that an article names",
    "source": "each source",
    "validator": "each source",
    "robots": "each host",
    "alarm": "each alarm",
    "entity": "each party",
    "entity_key": "each name of a party",
    "alias": "each name of a party",
    "redirect": "each event that became part of another",
    "message": "each message of an alert; its words go after 90 days",
    "outbox": "each fact that an alert tells",
    "held": "each article that is held back",
    "hold": "each time that a source is held back",
    "sqlite_schema": "nothing",
}
BOUNDED = ("fetch", "robots", "validator", "source")
WORTH, LEAST = 0.002, 0.1  # share of the file, and MB, from which on a table has to be explained
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
    rounds: list[Round] = field(default_factory=list)
    weeks: list[Mapping[str, float]] = field(default_factory=list)  # MB by table
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
                steps = timedelta(days=self.days) // STEP
                for number in range(1, steps + 1):
                    self._round(tracker, START + number * STEP)
                    if number % max(1, steps // 4) == 0:
                        self.weeks.append(sizes(self.database))
                self._after(tracker)
                assert probe.stdin is not None
                probe.stdin.close()
                assert probe.stdout is not None
                self.probed = json.loads(probe.stdout.read())
            assert tracker.stdin is not None
            tracker.stdin.close()
            if tracker.wait(60):
                raise SystemExit(f"the tracker ended with {tracker.returncode}")

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
    for name, most in (("memory", MEMORY_MAY_GROW), ("descriptors", 1.0), ("threads", 1.0), ("children", 1.0)):
        before, after = (max(one.told[name] for one in part) for part in (second, last))
        if after > before * most:
            yield f"{name}: {before:.0f} in the second quarter, {after:.0f} in the last"
    if (most := max(one.log for one in drill.rounds)) > LOG_MOST:
        yield f"the write-ahead log grew to {most:.0f} MB"
    yield from _tables(drill.weeks)


def slow(drill: Drill) -> Iterator[str]:
    """Whoever had to wait for too long."""
    steps = [one.told["maintained"]["longest_step"] for one in drill.rounds if one.told["maintained"]]
    for what, took in (("an answer", drill.probed["slowest"]), ("a step of maintenance", max(steps))):
        if took > WAIT_MOST:
            yield f"{what} took {took:.2f} s"


def _tables(weeks: Sequence[Mapping[str, float]]) -> Iterator[str]:
    whole = sum(weeks[-1].values())
    for name, size in weeks[-1].items():
        if size < max(WORTH * whole, LEAST):
            continue
        if name not in GROWS:
            yield f"{name}: {size:.2f} MB that nobody expects"
            continue
        grew = [after.get(name, 0.0) - before.get(name, 0.0) for before, after in pairwise(weeks)]
        if name in BOUNDED and grew[-1] > 0.1 * size:
            yield f"{name}: grew by {grew[-1]:.2f} MB in the last quarter, though nothing more is kept"
        if grew[-1] > TABLES_MAY_GROW * max(grew[0], 0.05 * size):
            yield f"{name}: grew by {grew[0]:.2f} MB in the second quarter and by {grew[-1]:.2f} in the last"


def _quarter(rounds: Sequence[Round], number: int) -> Sequence[Round]:
    length = len(rounds) // 4
    return rounds[number * length : (number + 1) * length]


def report(drill: Drill, problems: Sequence[str], seconds: float) -> str:
    """The drill in Markdown."""
    told = [one.told for one in drill.rounds]
    kept = Counter[str]()
    for one in told:
        kept.update({name: count for name, count in (one["maintained"] or {}).items() if type(count) is int})
    days, asked = drill.days, sum(one["asked"] for one in told)
    steps = [one["maintained"]["longest_step"] for one in told if one["maintained"]]
    probed = drill.probed
    cost = (
        f"{len(drill.site.outlets)} sources, {days} virtual days in {seconds / 60:.1f} minutes: {len(told)} rounds, "
        f"{asked} times a source was asked, {sum(one['failed'] for one in told)} of them failed; "
        f"{sum(one['articles'] for one in told)} articles, {sum(one['events'] for one in told)} events. "
        f"{probed['answers']:.0f} answers to a reader meanwhile, the median {probed['median'] * 1e3:.0f} ms, "
        f"the slowest {probed['slowest'] * 1e3:.0f} ms; the longest step of maintenance {max(steps) * 1e3:.0f} ms."
    )
    lines = [
        "# Endurance drill", "", cost, "", "## Problems", "",
        *([f"- {problem}" for problem in problems] or ["None."]), "",
        "## The process", "", "| day | memory MB | descriptors | threads | children | database MB | log MB | round s |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {(one.moment - START).days} | {one.told['memory']:.0f} | {one.told['descriptors']} "
            f"| {one.told['threads']} | {one.told['children']} | {one.main:.1f} | {one.log:.1f} "
            f"| {one.told['seconds']:.1f} |"
            for one in drill.rounds[:: max(len(drill.rounds) // 10, 1)]
        ),
        "", "## Maintenance", "", "; ".join(f"{name} {count}" for name, count in kept.items()) + ".", "",
        "## The database", "", "MB by table, with its indexes, after each quarter.", "",
        "| table | 1 | 2 | 3 | 4 | grows with |", "|---|---:|---:|---:|---:|---|", *_growth(drill.weeks), "",
        "## Faults", "", "; ".join(f"{name}: {count}" for name, count in sorted(drill.met.items())) + ".", "",
    ]  # fmt: skip
    return "\n".join(lines)


def _growth(weeks: Sequence[Mapping[str, float]]) -> Iterator[str]:
    whole = sum(weeks[-1].values())
    for name, size in sorted(weeks[-1].items(), key=lambda pair: -pair[1]):
        if size >= max(WORTH * whole, LEAST):
            cells = " | ".join(f"{week.get(name, 0.0):.2f}" for week in weeks)
            yield f"| {name} | {cells} | {GROWS.get(name, '')} |"
    yield f"| all | {' | '.join(f'{sum(week.values()):.1f}' for week in weeks)} | |"


def entry(outlet: Outlet) -> str:
    """Of feeds.yaml."""
    interval = INTERVALS[outlet.number % len(INTERVALS)]
    return ENTRY.format(name=outlet.name, host=outlet.host, paged=str(outlet.paged).lower(), interval=interval)


def main() -> int:
    """Run the drill and print the report; 1 where something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sources", type=int, default=1000)
    parser.add_argument("--days", type=int, default=30, help="of virtual time")
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
        drill = Drill(site=site, table=table, folder=folder, days=days)
        drill.go()
        problems = [*stored_wrong(drill), *grown(drill), *([] if options.short else slow(drill))]
        text = report(drill, problems, time.monotonic() - begun)
    print(text)
    if options.report:
        options.report.write_text(text, encoding="utf-8")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
