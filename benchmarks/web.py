"""How fast pages are at a million events: one after another, and for many readers while a writer writes.

    .venv/bin/python benchmarks/web.py --keep /tmp/query.db [--events 1000000] [--minutes 3] [--only WORDS] [--alone]

The database is built where there is none (`query_world.py`). `tracker serve` runs on it as a process of its own. First
every kind of page (`web_pages.py`) is asked for alone, each address once before: milliseconds of the wall from the
request to the last byte, and of the server's processor. Then, on a copy, readers ask by lot, each thinking for some
seconds between two pages, while a process of its own writes new events and their reports in batches as a refresh does,
all the time. At last the same readers ask a Datasette without our pages for pages of the table `event`.
"""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from random import Random

import web_pages
from query_questions import NOW, Draw
from query_world import build

from tracker.query import Timeline

GOAL = 300  # milliseconds, p95 of each page
TICK = os.sysconf("SC_CLK_TCK")
LEAST = 12  # times that a page is asked for
LATER = 600.0  # seconds after which a page is given up
HEAD = "| page | asked | wall: median / p95 | cpu: median / p95 | KB |\n| --- | ---: | ---: | ---: | ---: |"
READ = "| page | asked | median | p95 | errors |\n| --- | ---: | ---: | ---: | ---: |"
# Pages of the table as Datasette shows it: the newest, of a type, of a status.
BARE = ("/{db}/event?_sort_desc=day", "/{db}/event?type={type}", "/{db}/event?status={status}&_sort_desc=day")


@dataclass(slots=True)
class Told:
    """What a page took, each time: milliseconds, and what went wrong."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    size: int = 0
    errors: int = 0


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs."""

    port: int
    process: subprocess.Popen[bytes]

    def cpu(self) -> float:
        """Milliseconds of the processor that it took so far, with its children."""
        return sum(map(_cpu, _family(self.process.pid)))

    def memory(self) -> float:
        """Megabytes of its own that it holds, without pages of files."""
        lines = [line for pid in _family(self.process.pid) for line in _lines(pid)]
        return sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1000


@contextmanager
def serving(*words: str, alone: bool = False) -> Iterator[Server]:
    """A server of some words, which get a port; `alone`: Datasette without plugins."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    told = [sys.executable, "-m", *words, "--port", str(port)]
    apart = {**os.environ, "DATASETTE_LOAD_PLUGINS": ""} if alone else dict(os.environ)
    with subprocess.Popen(told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=apart) as process:
        server = Server(port, process)
        try:
            _until(lambda: _answers(server), "answers")
            yield server
        finally:
            process.terminate()


def get(connection: http.client.HTTPConnection, address: str) -> tuple[int, int]:
    """Status and size of a page."""
    connection.request("GET", address)
    answer = connection.getresponse()
    return answer.status, len(answer.read())


def one_by_one(server: Server, asked: dict[str, list[str]]) -> Iterator[tuple[str, Told]]:
    """Every kind alone, warm."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=LATER)
    for name, addresses in asked.items():
        told = Told()
        for address in addresses:
            get(connection, address)
        for address in islice(cycle(addresses), max(LEAST, len(addresses))):
            wall, cpu = time.perf_counter(), server.cpu()
            status, size = get(connection, address)
            told.wall.append(1000 * (time.perf_counter() - wall))
            told.cpu.append(server.cpu() - cpu)
            told.errors += status != 200
            told.size = max(told.size, size)
        yield name, told


def together(
    server: Server, asked: dict[str, list[str]], readers: int, think: float, seconds: float
) -> dict[str, Told]:
    """Readers who think between two pages."""
    found: dict[str, Told] = defaultdict(Told)
    lock, until = threading.Lock(), time.monotonic() + seconds

    def read(seed: int) -> None:
        chance = Random(seed)
        time.sleep(chance.random() * think)
        for name, address in web_pages.reading(asked, chance):
            if time.monotonic() > until:
                return
            begun = time.perf_counter()
            status = _once(server.port, address)
            with lock:
                found[name].wall.append(1000 * (time.perf_counter() - begun))
                found[name].errors += status != 200
            time.sleep(think * (0.5 + chance.random()))

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@contextmanager
def written(database: Path, pause: float) -> Iterator[None]:
    """A process that writes meanwhile; at the end it says how much."""
    script = Path(__file__).with_name("web_writer.py")
    with subprocess.Popen([sys.executable, str(script), str(database), "--pause", str(pause)]) as process:
        try:
            yield
        finally:
            process.terminate()


def rested(server: Server) -> None:
    """Wait until the server has loaded what it loads, and does nothing."""
    _once(server.port, "/")
    _until(lambda: _idle(server), "rests")


def bare(database: Path, told: list[Draw]) -> dict[str, list[str]]:
    """Addresses of table pages in Datasette, under the name of the timeline, so that readers ask for them."""
    return {
        "timeline": [
            one.format(db=database.stem, type=draw["type"], status=draw["status"]) for draw in told for one in BARE
        ]
    }


def high(told: list[float]) -> float:
    """The 95th percentile."""
    return sorted(told)[min(len(told) - 1, int(0.95 * len(told)))]


def load() -> str:
    """How busy the machine is."""
    return f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors"


def _once(port: int, address: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LATER)
    try:
        return get(connection, address)[0]
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def _until(holds: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + LATER
    while not holds():
        if time.monotonic() > until:
            raise SystemExit(f"no server {what} after {LATER:.0f} seconds")
        time.sleep(0.2)


def _answers(server: Server) -> bool:
    if (code := server.process.poll()) is not None:
        raise SystemExit(f"the server ended with {code}")
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", server.port)) == 0


def _idle(server: Server) -> bool:
    before = server.cpu()
    time.sleep(2)
    return server.cpu() - before < 50


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from _family(int(child))


def _cpu(pid: int) -> float:
    """Milliseconds, of all threads that there are."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e6
    except OSError:
        return 0.0


def _lines(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return []


def show(name: str, told: Told) -> None:
    """A line of the first table."""
    wall = f"{statistics.median(told.wall):.0f} / {high(told.wall):.0f}"
    cpu = f"{statistics.median(told.cpu):.0f} / {high(told.cpu):.0f}"
    wrong = f" ({told.errors} errors)" if told.errors else ""
    missed = " (missed)" if high(told.wall) > GOAL else ""
    print(f"| {name}{wrong} | {len(told.wall)} | {wall}{missed} | {cpu} | {told.size / 1000:.0f} |", flush=True)


def show_all(found: dict[str, Told]) -> None:
    """The second table, the last line of all pages together."""
    every = Told()
    print(READ)
    for name, told in sorted(found.items()):
        figures = f"{statistics.median(told.wall):.0f} | {high(told.wall):.0f} | {told.errors}"
        print(f"| {name} | {len(told.wall)} | {figures} |")
        every.wall += told.wall
        every.errors += told.errors
    median, most = statistics.median(every.wall), high(every.wall)
    print(f"| all | {len(every.wall)} | {median:.0f} | {most:.0f} | {every.errors} |", flush=True)


def main() -> None:
    """Build the database where there is none, then ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, required=True, help="the database; built where there is none")
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--only", default="", help="only pages whose names hold this")
    parser.add_argument("--alone", action="store_true", help="one by one, and no more")
    parser.add_argument("--crowd", action="store_true", help="many readers, and no more")
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--think", type=float, default=5.0, help="seconds between two pages, half to one and a half")
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between two batches of the writer")
    asked = parser.parse_args()
    if not asked.keep.exists():
        build(asked.keep, asked.events)
    with Timeline.open(asked.keep, clock=lambda: NOW) as timeline:
        told = web_pages.told(timeline)
        print(f"{timeline.count():,} events, {load()}\n")
    pages = web_pages.addresses(told, asked.only)
    if not asked.crowd:
        with serving("tracker", "--db", str(asked.keep), "serve") as server:
            rested(server)
            print(f"{HEAD}")
            for name, one in one_by_one(server, pages):
                show(name, one)
            print(f"\n{load()}; the server holds {server.memory():.0f} MB\n")
    if asked.alone:
        return
    copy = asked.keep.with_name(f"{asked.keep.stem}-copy.db")
    with closing(sqlite3.connect(asked.keep)) as whole:
        whole.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what only its log holds would not be copied
    shutil.copy(asked.keep, copy)
    seconds = 60 * asked.minutes
    try:
        with serving("tracker", "--db", str(copy), "serve") as server:
            rested(server)
            with written(copy, asked.pause):
                show_all(together(server, pages, asked.readers, asked.think, seconds))
            print(f"\n{load()}; the server holds {server.memory():.0f} MB\n")
        with serving("datasette", "serve", str(copy), alone=True) as server, written(copy, asked.pause):
            show_all(together(server, bare(copy, told), asked.readers, asked.think, seconds))
        print(f"\n{load()}")
    finally:
        for end in ("", "-wal", "-shm", ".lock"):
            copy.with_name(copy.name + end).unlink(missing_ok=True)


if __name__ == "__main__":
    main()
