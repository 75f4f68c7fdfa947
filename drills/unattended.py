"""An unattended tracker against a world that goes wrong: nothing lost, nothing doubled, every fault seen.

    python drills/unattended.py --minutes 30 [--report FILE]     as cron would, every few seconds, in virtual time
    python drills/unattended.py --short                          each fault once, in half a minute

Outlets on loopback (`drill_outlets.py`) publish articles while virtual time goes on, and misbehave by turns in every
way of `drill_kinds.py`. The refresh runs again and again in a process of its own (`drill_once.py`), and some runs are
killed with SIGKILL. In the end the world is calm for some virtual weeks, and the database is compared with what was
published. Exit code 0 where all holds, else 1; the report is Markdown. Does not load the reader: the articles are in a
language that is not read.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import drill_verdict
from drill_kinds import Kind, kinds
from drill_outlets import START, Outlet, Site, published
from drill_verdict import Phase, Run

ROOT = Path(__file__).parent.parent
CONFIG = """settings:
  contact: drill@example.org
  fetch:
    {{connect_timeout: 2, read_timeout: 3, total_timeout: 5, host_delay: 0.05, max_bytes: 2000000, concurrency: 32}}
sources:
  all:
"""
ENTRY = (
    "    - {{id: {name}, name: {name}, kind: feed, url: 'http://{host}/feed.xml', tier: specialist, language: de, "
    "interval: 30m, full_text: {paged}}}\n"
)
ON, OFF = timedelta(hours=8), timedelta(hours=28)  # how long an outlet misbehaves, and how long it does not
AFTER = tuple(timedelta(hours=hours) for hours in (26, 52, 78, 150, 330, 510))  # the calm weeks at the end
SHORT = tuple(timedelta(hours=hours) for hours in (0, 3, 6, 9))  # the last is calm again
AFTER_SHORT = tuple(timedelta(hours=hours) for hours in (26, 200))
SEED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When the refresh runs, who misbehaves when, and which runs are killed."""

    moments: Sequence[datetime]
    interval: float  # real seconds between the starts of two runs
    kill_every: int
    turns: bool  # each outlet goes through several kinds, else each has its own at the same hours
    budget: float  # real seconds that a run may take at most
    after: Sequence[timedelta]  # the runs of the calm weeks at the end
    seconds: float = float("inf")  # real time after which no run of the plan is started

    def kind(self, outlet: Outlet, moment: datetime, table: Sequence[Kind]) -> tuple[int, Kind] | None:
        """How an outlet misbehaves at a moment, and for which time it misbehaves."""
        since = moment - START
        if not self.turns:
            return (0, table[outlet.number % len(table)]) if SHORT[1] <= since < SHORT[-1] else None
        shifted = since - (ON + OFF) * outlet.number / len(table)
        turn, place = divmod(shifted, ON + OFF)
        if turn < 0 or place >= ON:
            return None
        kind = table[(outlet.number + turn * 7) % len(table)]
        return (turn, kind) if kind.paged in (None, outlet.paged) else None


def planned(options: argparse.Namespace) -> Plan:
    """The plan that the options ask for."""
    budget = options.budget
    if options.short:
        moments = [START + hours for hours in SHORT]
        return Plan(moments=moments, interval=0.0, kill_every=3, turns=False, budget=budget, after=AFTER_SHORT)
    count = int(options.minutes * 60 / options.interval)
    moments = [START + timedelta(minutes=options.step) * number for number in range(count)]
    return Plan(
        moments=moments, interval=options.interval, kill_every=7, turns=True, budget=budget, after=AFTER,
        seconds=options.minutes * 60,
    )  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Drill:
    """A drill that is under way."""

    plan: Plan
    site: Site[Outlet]
    table: Sequence[Kind]
    folder: Path
    runs: list[Run] = field(default_factory=list)
    phases: dict[tuple[str, int], Phase] = field(default_factory=dict)
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))

    @property
    def database(self) -> Path:
        """Where the tracker stores."""
        return self.folder / "drill.db"

    def go(self) -> None:
        """All runs: the plan's, then those of the calm weeks, in which nothing new is published."""
        first = time.monotonic()
        for number, moment in enumerate(self.plan.moments):
            begun = time.monotonic()
            if begun - first > self.plan.seconds:
                break
            self.site.moment = moment
            self._lay_faults(moment)
            self.refresh(moment, killed=number % self.plan.kill_every == self.plan.kill_every - 1)
            time.sleep(max(0.0, self.plan.interval - (time.monotonic() - begun)))
        self.site.faults.clear()
        last = self.site.moment
        for later in self.plan.after:
            self.refresh(last + later, killed=False)

    def _lay_faults(self, moment: datetime) -> None:
        for host, outlet in self.site.outlets.items():
            found = self.plan.kind(outlet, moment, self.table)
            if found is None:
                self.site.faults.pop(host, None)
                continue
            turn, kind = found
            if (outlet.name, turn) not in self.phases:
                self.phases[outlet.name, turn] = Phase(source=outlet.name, kind=kind, begun=moment, ended=moment)
                outlet.edited_at = moment if kind.revised else outlet.edited_at
            self.site.faults[host] = kind

    def refresh(self, moment: datetime, *, killed: bool) -> None:
        """One run as a process, and what it cost."""
        self.site.met.clear()
        command = [sys.executable, str(Path(__file__).with_name("drill_once.py")), str(self.folder / "feeds.yaml")]
        command += [str(self.database), moment.isoformat(), self.site.address, *self.site.outlets]
        begun = time.monotonic()
        with (self.folder / "log.txt").open("ab") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd=ROOT)
        if killed:
            time.sleep(self.chance.uniform(0.4, 3.0))
            os.kill(process.pid, signal.SIGKILL)  # send_signal would reap one that has ended, before wait4 can
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.runs.append(
            Run(
                moment=moment, killed=process.returncode == -signal.SIGKILL, code=process.returncode,
                wall=time.monotonic() - begun, cpu=used.ru_utime + used.ru_stime, memory=used.ru_maxrss / 1024,
                size=sum(path.stat().st_size for path in self.folder.glob("drill.db*")) / 1e6,
            )
        )  # fmt: skip
        if process.returncode == 0:
            self._note_met(moment)

    def _note_met(self, moment: datetime) -> None:
        """Count who met a fault in a run that was not killed, and so must have left a trace."""
        lasting = [phase for phase in self.phases.values() if phase.source in self.misbehaving]
        now = {phase.source: phase for phase in lasting}  # the latest of each source
        for phase in now.values():
            phase.met += self.site.met[f"{phase.source}.example"]
            phase.ended = moment + timedelta(minutes=1)
        drill_verdict.look(self.database, now.values())

    @property
    def misbehaving(self) -> set[str]:
        """The sources that misbehave now."""
        return {self.site.outlets[host].name for host in self.site.faults}


def outlets(table: Sequence[Kind]) -> Iterator[Outlet]:
    """One outlet per kind; every second has pages where its own kind does not say."""
    for number, kind in enumerate(table):
        yield Outlet(number=number, paged=bool(number % 2) if kind.paged is None else kind.paged)


def written(folder: Path, site: Site[Outlet]) -> None:
    """The feeds.yaml of the outlets."""
    entries = (ENTRY.format(name=o.name, host=o.host, paged=str(o.paged).lower()) for o in site.outlets.values())
    (folder / "feeds.yaml").write_text(CONFIG.format() + "".join(entries), encoding="utf-8")


def main() -> int:
    """Run the drill and print the report; 1 where something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=30.0, help="real time of the drill")
    parser.add_argument("--interval", type=float, default=5.0, help="real seconds between two runs")
    parser.add_argument("--step", type=float, default=20.0, help="virtual minutes between two runs")
    parser.add_argument("--budget", type=float, default=30.0, help="real seconds that one run may take")
    parser.add_argument("--short", action="store_true", help="each fault once, as a test")
    parser.add_argument("--report", type=Path, help="where to write the report too")
    parser.add_argument("--keep", type=Path, help="a folder for the database and the log; else they are not kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        begun = time.monotonic()
        with Site[Outlet]({}) as site:
            table = kinds(f"http://{site.address}/feed.xml")
            site.outlets = {outlet.host: outlet for outlet in outlets(table)}
            written(folder, site)
            drill = Drill(plan=planned(options), site=site, table=table, folder=folder)
            drill.go()
            truth = [(outlet.name, story) for outlet, story in published(site)]
        verdict = drill_verdict.judge(
            drill.database, truth, list(drill.phases.values()), drill.runs,
            table=table, strayed=site.strayed, budget=drill.plan.budget,
        )  # fmt: skip
        text = drill_verdict.report(verdict, drill.runs, seconds=time.monotonic() - begun)
        if verdict.problems and (folder / "log.txt").exists():
            text += "\nThe end of the log:\n\n" + (folder / "log.txt").read_text("utf-8", "replace")[-2_000:]
    print(text)
    if options.report:
        options.report.write_text(text, encoding="utf-8")
    return 1 if verdict.problems else 0


if __name__ == "__main__":
    sys.exit(main())
