"""Whatever is killed, at whatever point, goes on and ends like what was never disturbed.

    python drills/crash.py [--points 200] [--minutes M] [--seed 1] [--only WORD…] [--keep FOLDER]
    python drills/crash.py --short          a few kills without the reader, in seconds

Works of `crash_works.py` (a refresh with faults and the real reader, migrations, reprocess, exports, alerts) are done
once undisturbed. Then they are done again and again, each killed with SIGKILL at random moments; after each kill the
database has to be sound and a file has to be whole or as it was, and in the end all has to be equal but for times. Exit
code 0 where all holds, else 1. A kill ends a process, not the machine: what a loss of power does is not shown here.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path

import crash_forks
import crash_works
from crash_forks import Outcome
from crash_state import Folder
from crash_works import Work

from tracker.newsroom import Newsroom

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
import query_world

EACH = 5  # kills of one step before it may end, at most
ALL = 200
EVENTS, FEW = 1_500, 300  # of the invented database; in the short form
SHORT = {"migration from schema 6": 2, "export of csv": 2}  # kills
SHOWN = 8  # problems of one work


@dataclass(slots=True)
class Told:
    """What became of one work."""

    work: Work
    seconds: float = 0.0  # undisturbed
    kills: int = 0
    trials: int = 0
    late: int = 0  # moments that came after the end
    shares: list[float] = field(default_factory=list)  # of the undisturbed time, at which kills fell
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Drill:
    """A drill that is under way."""

    folder: Path
    context: ForkServerContext
    chance: random.Random
    ends: float  # on the monotonic clock; after it no trial is begun

    def go(self, work: Work, points: int) -> Told:
        """Do a work undisturbed, then with so many kills."""
        told = Told(work=work)
        home = self.folder / work.name.replace(" ", "-")
        start, whole = home / "start", home / "whole"
        for place in (start, whole):
            place.mkdir(parents=True)
            work.begin(place)
        spent = [self.step(work, number, whole).seconds for number in range(len(work.steps))]
        told.seconds = sum(spent)
        while told.kills < points and told.late <= 2 * points and time.monotonic() < self.ends:
            trial = home / f"trial{told.trials}"
            trial.mkdir()
            work.begin(trial)
            self.trial(told, Folder(path=trial, start=start, whole=whole), spent, points)
            said = f"{work.name}: {told.trials} trials, {told.kills} kills, {len(told.problems)} problems"
            print(said, file=sys.stderr)
            if len(told.problems) >= SHOWN:
                break
            shutil.rmtree(trial)
        return told

    def trial(self, told: Told, folder: Folder, spent: Sequence[float], points: int) -> None:
        """All steps once, each killed some times before it may end."""
        told.trials += 1
        work, before = told.work, sum(spent)
        for number, seconds in enumerate(spent):
            for _ in range(self.chance.randint(1, EACH)):
                if told.kills >= points:
                    break
                after = self.chance.uniform(0, seconds)
                outcome = self.step(work, number, folder.path, kill_after=after)
                if not outcome.is_killed:
                    told.late += 1
                    break
                told.kills += 1
                told.shares.append((sum(spent[:number]) + after) / before)
                told.problems += [f"trial {told.trials}, killed: {words}" for words in work.broken(folder)]
            self.step(work, number, folder.path)
        told.problems += [f"trial {told.trials}, in the end: {words}" for words in work.unlike(folder)]

    def step(self, work: Work, number: int, folder: Path, kill_after: float | None = None) -> Outcome:
        """One step, to its end or to the kill; an end with another code than 0 is a fault of the drill or the work."""
        step = work.steps[number]
        step.arrange()
        log = folder / "log.txt"
        outcome = crash_forks.run(self.context, step.do, str(folder), *step.given, log=log, kill_after=kill_after)
        if outcome.code > 0 or (outcome.is_killed and kill_after is None):
            raise SystemExit(f"{work.name}: ended with {outcome.code}\n{log.read_text('utf-8', 'replace')[-3_000:]}")
        return outcome


def works(folder: Path, room: Newsroom, events: int, *, short: bool) -> Iterator[Work]:
    """The works in their order; a later one may begin with what an earlier one has left."""

    @cache
    def world() -> Path:
        query_world.build(folder / "world.db", FEW if short else events)
        return folder / "world.db"

    if not short:
        yield from crash_works.of_newsroom(room)
        yield crash_works.of_readings(folder / "refresh" / "whole" / "t.db")
    yield from crash_works.of_world(world)


def report(told: Sequence[Told], left: Sequence[str], seconds: float) -> str:
    """The drill in Markdown."""
    kills = sum(one.kills for one in told)
    lines = [
        "# Crash drill", "", f"{kills} kills in {seconds / 60:.1f} minutes.", "",
        "| work | undisturbed, s | times done | killed | at which part of its time | moments after its end |",
        "|---|---:|---:|---:|---|---:|",
    ]  # fmt: skip
    for one in told:
        spread = f"{min(one.shares):.0%} to {max(one.shares):.0%}" if one.shares else ""
        lines.append(f"| {one.work.name} | {one.seconds:.2f} | {one.trials} | {one.kills} | {spread} | {one.late} |")
    problems = [f"{one.work.name}: {words}" for one in told for words in one.problems[:SHOWN]]
    problems += [f"a process is left behind: {words}" for words in left]
    return "\n".join([*lines, "", "## Problems", "", *([f"- {words}" for words in problems] or ["None."]), ""])


def main() -> int:
    """Run the drill and print the report; 1 where something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--points", type=int, default=ALL, help="kills in all")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="after so many nothing more is begun")
    parser.add_argument("--events", type=int, default=EVENTS, help="of the invented database")
    parser.add_argument("--seed", type=int, default=1, help="of the moments")
    parser.add_argument("--only", nargs="+", default=[""], metavar="WORD", help="works whose names hold one of these")
    parser.add_argument("--short", action="store_true", help="a few kills, without the reader")
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="a new folder for what is done; else it is not kept"
    )
    options = parser.parse_args()
    begun, told = time.monotonic(), []
    with tempfile.TemporaryDirectory() as temporary, Newsroom() as room:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        mark = f"{folder.name} {begun}"
        context = crash_forks.serve(mark, reads=not options.short)
        ends = begun + 60 * options.minutes
        drill = Drill(folder=folder, context=context, chance=random.Random(options.seed), ends=ends)
        for work in works(folder, room, options.events, short=options.short):
            points = SHORT.get(work.name, 0) if options.short else -(-work.share * options.points // ALL)
            if points and any(word in work.name for word in options.only):
                told.append(drill.go(work, points))
        left = crash_forks.left_behind(mark)
    text = report(told, left, time.monotonic() - begun)
    print(text)
    return 0 if "\nNone.\n" in text else 1


if __name__ == "__main__":
    sys.exit(main())
