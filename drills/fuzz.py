"""Fuzzing: real samples, damaged a million times, for every parser of the tracker and for its reader.

    python drills/fuzz.py --cases 20000 --seconds 30            each target, so many cases or so long
    python drills/fuzz.py --target page --cases 50000           one target (`--list` names them)
    python drills/fuzz.py --target page --case 4711 > case.bin  the bytes of one case, to look at

What is fuzzed stands in `fuzz_targets.py` and `fuzz_own.py`, how cases are made in `fuzz_cases.py`. Each target runs in
a process of its own (`fuzz_worker.py`) that is watched: an exception that is not declared, a broken promise about an
answer, more than 2 seconds of CPU for each megabyte (and for less), more than 1 GB of memory, and a process that dies
are findings. Exit code 1 where there is any. The report is Markdown. Cases are blind; those of `fuzz_guided.py` are led
by what they reach.
"""

from __future__ import annotations

import argparse
import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from fuzz_worker import TARGETS, data_of

WORKER = Path(__file__).with_name("fuzz_worker.py")
HANGS = 60.0  # seconds of the clock in one case, after which its process is ended
START = 120.0  # seconds that a process may take to import what it needs
SHOWN = 5  # findings of a target that are told, each place once


@dataclass(slots=True, kw_only=True)
class Tally:
    """What came of one target."""

    name: str
    cases: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    peak: int = 0
    places: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)  # of each place the first finding

    def add(self, found: dict[str, Any]) -> None:
        """Count a finding of the worker, or its last line."""
        if "done" in found:
            self.slowest = max(self.slowest, found["slowest"])
            self.peak = max(self.peak, found["peak"])
            return
        self.places[found["where"]] += 1
        self.first.setdefault(found["where"], f"case {found['case']}: {found['what']}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A worker under way, and how it is known where it is."""

    process: subprocess.Popen[str]
    note: Path
    said: queue.Queue[str | None]

    @property
    def number(self) -> int:
        """The case that is under way, or was when the process ended."""
        return int.from_bytes(self.note.read_bytes()[:8], "little")

    def is_hanging(self, begun: float) -> bool:
        """Whether a case (or the start) takes longer than any may."""
        since = int.from_bytes(self.note.read_bytes()[8:], "little") / 1000
        return time.monotonic() - (since or begun) > (HANGS if since else START)


def fuzz(name: str, *, cases: int, seconds: float, seed: str, folder: Path) -> Tally:
    """Run the cases of a target; a process that dies or hangs is a finding, and the next goes on behind its case."""
    tally, first, begun = Tally(name=name), 0, time.monotonic()
    while first < cases and (left := seconds - (time.monotonic() - begun)) > 0:
        last, ended = _run(tally, name, first, cases, left, seed, folder)
        tally.cases += last - first
        if ended is None:
            break
        tally.add({"where": ended, "case": last - 1, "what": "its process was ended"})
        first = last
    tally.seconds = time.monotonic() - begun
    return tally


def _run(
    tally: Tally, name: str, first: int, cases: int, seconds: float, seed: str, folder: Path
) -> tuple[int, str | None]:
    """One process: the number behind its last case, and what ended it if it was not its own end."""
    note = folder / "note"
    note.write_bytes(bytes(16))
    command = [sys.executable, str(WORKER), name, seed, str(first), str(cases), str(seconds), str(note)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        watch = Watch(process=process, note=note, said=queue.Queue())
        assert process.stdout is not None
        threading.Thread(target=_listen, args=(process.stdout, watch.said), daemon=True).start()
        begun, done = time.monotonic(), None
        for found in _heard(watch, begun):
            done = found.get("done", done)
            tally.add(found)
        hung = process.poll() is None and watch.is_hanging(begun)
        process.kill()
        status = process.wait()
    if done is not None:
        return done, None
    if not any(note.read_bytes()[8:]):
        raise RuntimeError(f"the process for {name!r} does not start: run {WORKER.name} by hand to see why")
    return watch.number + 1, f"hangs for {HANGS:.0f} s" if hung else f"ends with {status}"


def _listen(stream: IO[str], said: queue.Queue[str | None]) -> None:
    for line in stream:
        said.put(line)
    said.put(None)


def _heard(watch: Watch, begun: float) -> Iterator[dict[str, Any]]:
    """What the worker says, until it ends or hangs."""
    while True:
        try:
            line = watch.said.get(timeout=1.0)
        except queue.Empty:
            if watch.is_hanging(begun):
                return
            continue
        if line is None:
            return
        yield json.loads(line)


def findings(told: Iterable[tuple[str, Counter[str], dict[str, str]]]) -> list[str]:
    """Of targets by their names, how often something was found at which place, and the first of each."""
    lines = [
        f"- {name}: {count} × {place}: {first[place]}"
        for name, places, first in told
        for place, count in places.most_common(SHOWN)
    ]
    return ["", "## Findings", "", *(lines or ["None."]), "", "## Targets", ""]


def report(tallies: Sequence[Tally], *, seed: str) -> str:
    """The drill in Markdown."""
    found = sum(len(one.places) for one in tallies)
    cases, minutes = sum(one.cases for one in tallies), sum(one.seconds for one in tallies) / 60
    lines = ["# Fuzzing", "", f"{cases:,} cases in {minutes:.1f} minutes, seed {seed!r}; {found} findings."]
    lines += findings((one.name, one.places, one.first) for one in tallies)
    lines += ["| target | what | cases | slowest case, s of CPU | memory at most, MB |"]
    lines += ["|---|---|---:|---:|---:|"]
    lines += [
        f"| {one.name} | {TARGETS[one.name].about} | {one.cases:,} | {one.slowest:.2f} | {one.peak:,} |"
        for one in tallies
    ]
    return "\n".join([*lines, ""])


def main() -> int:
    """Fuzz and print the report; 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=20_000, help="cases of each target at most")
    parser.add_argument("--seconds", type=float, default=30.0, help="time of each target at most")
    parser.add_argument("--target", action="append", choices=sorted(TARGETS), help="only this one; may be given again")
    parser.add_argument("--seed", default="1", help="another seed makes other cases")
    parser.add_argument("--case", type=int, help="write the bytes of this case of the target and do nothing else")
    parser.add_argument("--list", action="store_true", help="name the targets")
    parser.add_argument("--report", type=Path, help="where to write the report too")
    options = parser.parse_args()
    names = options.target or list(TARGETS)
    if options.list:
        print(*(f"{name}: {TARGETS[name].about}" for name in names), sep="\n")
        return 0
    if options.case is not None:
        sys.stdout.buffer.write(data_of(TARGETS[names[0]], options.seed, options.case))
        return 0
    tallies = []
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            one = fuzz(name, cases=options.cases, seconds=options.seconds, seed=options.seed, folder=Path(folder))
            tallies.append(one)
            print(f"{name}: {one.cases:,} cases, {len(one.places)} findings", file=sys.stderr, flush=True)
    text = report(tallies, seed=options.seed)
    print(text)
    if options.report:
        options.report.write_text(text, encoding="utf-8")
    return 1 if any(one.places for one in tallies) else 0


if __name__ == "__main__":
    sys.exit(main())
