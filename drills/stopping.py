"""SIGTERM and Ctrl-C end every command within five seconds, with a word and a code, and nothing is lost or left.

    python drills/stopping.py [--rounds 2] [--seed 1] [--only WORD] [--keep FOLDER]

Each command of the table is started as a user starts it, on an invented database and beside a server that never
answers, and signalled at a random moment of its work. Exit code 0 where all held, else 1. Before the first line of a
command is reached (Python itself is loading then) signals end it as they end any program; that is not looked at here.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import crash_forks
import crash_state
from crash_state import Folder

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
import query_world

EVENTS = 3_000
LIMIT = 5.0  # seconds
LOADED = 60.0  # seconds that a command may take to begin
SAID = "tracker: stopped"
FEEDS = """\
settings: {{contact: drill@example.org, database: t.db}}
sources:
  one:
    - {{id: one, name: One, kind: json_feed, url: "http://127.0.0.1:{port}/one.json", tier: major, language: de,
       private: true, full_text: false}}
"""
ALERTS = """\
channels: {program: {command: [sleep, "0.1"]}}
alerts: {all: {channel: program, since: 2000-01-01}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A command: its words, the seconds in which its work falls, and the code of its end."""

    words: str
    within: float
    code: int | None = None  # None: 128 and the number of the signal
    is_silent: bool = False  # it says so in other words, or has nothing to say
    is_first: bool = False  # there is no database yet


CASES = (
    Case(words="refresh", within=8),
    Case(words="run", within=8, code=0, is_silent=True),
    Case(words="run --once", within=8, is_silent=True),
    Case(words="reprocess", within=25),
    Case(words="reprocess --stage resolve", within=10),
    Case(words="extract articles.jsonl", within=25),
    Case(words="demo", within=40, is_first=True),
    Case(words="export csv -o out.csv", within=1),
    Case(words="export stix -o out.json", within=3),
    Case(words="serve --port 0", within=6, code=0, is_silent=True),
    Case(words="serve --port 0 --review", within=6, code=0, is_silent=True),
    Case(words="alerts send", within=8),
    Case(words="sources check", within=6),
    Case(words="backup", within=3),
    Case(words="maintain", within=2),
    Case(words="doctor --thorough", within=3),
    Case(words="review queue", within=1),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command that was signalled ended."""

    case: Case
    signal: signal.Signals
    after: float  # seconds of work
    took: float  # seconds from the signal to the end
    problems: tuple[str, ...]
    was_over: bool  # it had ended by itself


def stopped(case: Case, number: signal.Signals, after: float, folder: Path, mark: str) -> Ended:
    """Start a command, signal it, and see how it ends."""
    words = [sys.executable, "-m", "tracker", "--config", "feeds.yaml", "--db", "t.db", *case.words.split()]
    environment = os.environ | {crash_forks.MARK: mark, "PYTHONPATH": os.pathsep.join(sys.path)}
    with (folder / "said.txt").open("w+") as said, subprocess.Popen(
        words, cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=environment
    ) as process:  # fmt: skip
        wait_for_ears(process)
        is_over = _ends(process, after)
        begun = time.monotonic()
        process.send_signal(number)
        is_late = not _ends(process, 6 * LIMIT)
        took = time.monotonic() - begun
        process.kill()
    text = (folder / "said.txt").read_text(encoding="utf-8", errors="replace")
    found = [] if is_over else list(_wrong(case, number, process.returncode, text))
    if is_late or took > LIMIT:
        found.append(f"it took {took:.1f} s")
    found += crash_state.unsound(Folder(path=folder, start=folder, whole=folder))
    found += [f"left behind: {path.name}" for path in folder.iterdir() if path.name.endswith(".part")]
    found += _survivors(mark)
    return Ended(case=case, signal=number, after=after, took=took, problems=tuple(found), was_over=is_over)


def _wrong(case: Case, number: signal.Signals, code: int, text: str) -> Iterator[str]:
    is_of_signal = case.code is None or SAID in text  # also of a service that has not begun to serve
    if code not in {128 + number if is_of_signal else case.code, 0}:  # 0: it came to its end just then
        yield f"it ended with {code}"
    if "Traceback" in text:
        yield f"it showed a traceback: {text[-600:]}"
    if code and not case.is_silent and SAID not in text:
        yield f"it did not say that it stopped: {text[-200:]}"


def wait_for_ears(process: subprocess.Popen[bytes]) -> None:
    """Wait until a process has its own answer to SIGTERM, or has ended."""
    status, until = Path(f"/proc/{process.pid}/status"), time.monotonic() + LOADED
    while process.poll() is None and time.monotonic() < until:
        lines = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
        if int(lines.get("SigCgt", "0"), 16) >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.01)


def _ends(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _survivors(mark: str) -> Iterator[str]:
    """Processes that are there still after a second in which they may end."""
    if crash_forks.left_behind(mark):
        time.sleep(1.0)
        yield from (f"a process is left behind: {words}" for words in crash_forks.left_behind(mark))


def begin(case: Case, folder: Path, world: Path, port: int) -> None:
    """A folder with all that a command wants."""
    folder.mkdir()
    if not case.is_first:
        shutil.copy(world, folder / "t.db")
    (folder / "feeds.yaml").write_text(FEEDS.format(port=port), encoding="utf-8")
    (folder / "alerts.yaml").write_text(ALERTS, encoding="utf-8")
    gold = sorted((Path(__file__).parents[1] / "evals" / "gold").glob("*.jsonl"))
    (folder / "articles.jsonl").write_bytes(b"".join(file.read_bytes() for file in gold))


def report(ended: Sequence[Ended]) -> str:
    """The drill in Markdown."""
    lines = ["# Stopping drill", "", "| command | signals | moments, s | longest until the end, s | over before |",
             "|---|---:|---|---:|---:|"]  # fmt: skip
    for case in dict.fromkeys(one.case for one in ended):
        mine = [one for one in ended if one.case == case]
        moments = ", ".join(f"{one.after:.1f}" for one in mine)
        over = sum(one.was_over for one in mine)
        lines.append(f"| {case.words} | {len(mine)} | {moments} | {max(one.took for one in mine):.1f} | {over} |")
    problems = [
        f"- {one.case.words}, {one.signal.name} after {one.after:.1f} s: {words}"
        for one in ended
        for words in one.problems
    ]
    return "\n".join([*lines, "", "## Problems", "", *(problems or ["None."]), ""])


def main() -> int:
    """Run the drill and print the report; 1 where something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=2, help="times that each command gets each signal")
    parser.add_argument("--seed", type=int, default=1, help="of the moments")
    parser.add_argument("--only", default="", metavar="WORD", help="commands that hold this word")
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="a new folder for what is done; else it is not kept"
    )
    options = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that starts it in the background has it deaf
    chance, ended = random.Random(options.seed), []
    with tempfile.TemporaryDirectory() as temporary, socket.create_server(("127.0.0.1", 0)) as silent:
        home = options.keep or Path(temporary)
        home.mkdir(parents=True, exist_ok=True)
        world = home / "world.db"
        query_world.build(world, EVENTS)
        for number in range(options.rounds):
            for case in CASES:
                for heard in (signal.SIGTERM, signal.SIGINT):
                    after = chance.uniform(0, case.within)
                    if options.only not in case.words:
                        continue
                    folder = home / f"{case.words.replace(' ', '-').replace('.', '')}-{heard.name}-{number}"
                    begin(case, folder, world, silent.getsockname()[1])
                    ended.append(stopped(case, heard, after, folder, folder.name))
                    print(f"{case.words} {heard.name}: {ended[-1].problems or 'held'}", file=sys.stderr)
                    shutil.rmtree(folder)
    text = report(ended)
    print(text)
    return 0 if "\nNone.\n" in text else 1


if __name__ == "__main__":
    sys.exit(main())
