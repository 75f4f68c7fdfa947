"""What a refresh of many sources costs, beside other feed readers, first and then with nothing new.

    python benchmarks/refresh.py [--feeds 2000] [--hosts 500] [--rounds 3] [--peers FOLDER]

Every way is a process of its own that asks the same server (`feed_server.py`) for the same feeds: once with an empty
database, then again with nothing changed, so that a feed answers 304 to whoever sends a validator. CPU is user and
system time of the process and its children; memory is the largest resident set of one of them; requests are those that
the server counted. Of the unchanged rounds the one with the least CPU counts.

The entries are German and whole in their feed, so the tracker stores them and neither fetches pages nor loads the
reader: what is measured is fetching, parsing and storing. The tracker also asks for each host's robots.txt, pauses
between requests to one host, finds near copies and keeps a row per fetch; the others do none of this. They are

    reader       the library `reader`, all feeds whether due or not (`scheduled=False`), stored in SQLite
    newsboat     `newsboat -x reload` of Debian, in C++, stored in SQLite; left out where it is not installed
    httpx alone  one GET after another with validators, nothing parsed, nothing stored: the floor for Python

`reader` is installed, newest version, into an environment of its own (--peers). Not measured: TLS, pages, reading.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import feed_server

HERE = Path(__file__).parent
ROOT = HERE.parent
GOAL = 0.7  # of the CPU of the best peer that also stores, with nothing new
MEMORY_GOAL = 250  # MB
PEER = ("reader", "sgmllib3k")  # the second is what its own copy of feedparser needs and reader 3.26 does not name
UNSET = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
ENTRY = (
    "  - {{id: feed-{number}, name: Blatt {number}, kind: feed, url: '{url}', tier: specialist, language: de, "
    "full_text: false, private: true}}\n"
)
SETTINGS = "settings: {contact: bench@example.org}\nsources:\n all:\n"

# Runs in the peers' environment: reader.py DATABASE WORKERS < urls
READER = """
import sys
from reader import make_reader
reader = make_reader(sys.argv[1])
known = {feed.url for feed in reader.get_feeds()}
for url in sys.stdin.read().split():
    if url not in known:
        reader.add_feed(url)
reader.update_feeds(scheduled=False, workers=int(sys.argv[2]))
"""
# Runs in our environment: httpx.py STATE < urls
HTTPX = """
import json, pathlib, sys
import httpx
state = pathlib.Path(sys.argv[1])
known = json.loads(state.read_text()) if state.exists() else {}
with httpx.Client() as client:
    for url in sys.stdin.read().split():
        answer = client.get(url, headers={"If-None-Match": known[url]} if url in known else {})
        known[url] = answer.headers["etag"]
state.write_text(json.dumps(known))
"""
NEWSBOAT = "reload-threads {threads}\nauto-reload no\nuse-proxy no\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one process cost."""

    cpu: float  # seconds
    wall: float  # seconds
    memory: float  # MB
    asked: dict[str, int]  # what the server counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One client: its name, its command for a folder, what is given on standard input, whether it stores.

    `left` says whether a first fetch has left something for another run of the same command.
    """

    name: str
    command: Callable[[Path], Sequence[str | Path]]
    given: str = ""
    stores: bool = True
    left: Callable[[Path], bool] = lambda _: False


# ---------------------------------------------------------------------------------------------------- the ways


def tracker(folder: Path) -> Sequence[str | Path]:
    """Our own refresh, as cron runs it; all sources, due or not, unless the last one has left something."""
    config, database = folder.parent / "feeds.yaml", folder / "tracker.db"
    force = [] if tracker_left(folder) else ["--force"]
    return [sys.executable, "-m", "tracker", "--config", config, "--db", database, "refresh", "--quiet", *force]


def tracker_left(folder: Path) -> bool:
    """Whether entries wait for the next refresh, which takes them up in parts."""
    if not (folder / "tracker.db").exists():
        return False
    with closing(sqlite3.connect(folder / "tracker.db")) as connection:
        return bool(connection.execute("SELECT count(*) FROM item WHERE state = 'pending'").fetchone()[0])


def reader(python: Path, workers: int) -> Callable[[Path], Sequence[str | Path]]:
    """The library of that name."""
    return lambda folder: [python, "-c", READER, folder / "reader.sqlite", str(workers)]


def newsboat(threads: int) -> Callable[[Path], Sequence[str | Path]]:
    """Debian's terminal reader, without its terminal."""

    def command(folder: Path) -> Sequence[str | Path]:
        config = folder / "config"
        config.write_text(NEWSBOAT.format(threads=threads), encoding="utf-8")
        return ["newsboat", "-q", "-C", config, "-u", folder.parent / "urls", "-c", folder / "cache.db", "-x", "reload"]

    return command


def ways(urls: Sequence[str], peers: Path) -> Iterator[Way]:
    """Every client that is there."""
    given = "\n".join(urls)
    yield ours()
    python = installed(peers)
    known = output([python, "-c", "import reader; print(reader.__version__)"])
    for workers in (1, 16):
        yield Way(name=f"reader {known}, workers={workers}", command=reader(python, workers), given=given)
    if shutil.which("newsboat"):
        known = output(["newsboat", "--version"]).split()[1]
        for threads in (1, 16):
            yield Way(name=f"newsboat {known}, reload-threads {threads}", command=newsboat(threads))
    alone = Path("etags.json")
    yield Way(
        name=f"httpx {version('httpx')} alone",
        command=lambda folder: [sys.executable, "-c", HTTPX, folder / alone],
        given=given,
        stores=False,
    )


def ours() -> Way:
    """The tracker."""
    return Way(name=f"tracker {version('tracker')}", command=tracker, left=tracker_left)


def installed(peers: Path) -> Path:
    """The Python of an environment that holds `reader`, made where it is missing."""
    python = peers / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", peers], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--upgrade", *PEER], check=True)
    return python


def output(command: Sequence[str | Path]) -> str:
    """What a command prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


# --------------------------------------------------------------------------------------------------- measuring


@contextmanager
def serving(feeds: int, hosts: int, entries: int) -> Iterator[int]:
    """The port of a server that runs meanwhile."""
    numbers = ["--feeds", str(feeds), "--hosts", str(hosts), "--entries", str(entries)]
    command = [sys.executable, str(HERE / "feed_server.py"), *numbers]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())  # leaving closes its standard input, and so the server


def cost(way: Way, folder: Path, port: int) -> Cost:
    """Run a client once."""
    environment = {name: value for name, value in os.environ.items() if name not in UNSET} | {"HOME": str(folder)}
    counted(port)
    given = folder / "given.txt"
    given.write_text(way.given, encoding="utf-8")
    begun = time.perf_counter()
    with given.open("rb") as stdin, (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [str(word) for word in way.command(folder)],
            stdin=stdin,
            stdout=log,
            stderr=log,
            env=environment,
            cwd=ROOT,
        )
        _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{way.name} ended with {process.returncode}:\n{(folder / 'log.txt').read_text()[-2_000:]}")
    return Cost(cpu=used.ru_utime + used.ru_stime, wall=wall, memory=used.ru_maxrss / 1024, asked=counted(port))


def counted(port: int) -> dict[str, int]:
    """What the server was asked since the last call."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/forget") as answer:
        found: dict[str, int] = json.load(answer)
    return found


def measured(way: Way, above: Path, port: int, *, rounds: int) -> tuple[Cost, Cost]:
    """The first fetch, and the cheapest of some that find nothing new."""
    with tempfile.TemporaryDirectory(dir=above) as name:
        first = cost(way, Path(name), port)
        while way.left(Path(name)):
            first = together(first, cost(way, Path(name), port))
        again = [cost(way, Path(name), port) for _ in range(rounds)]
    return first, min(again, key=lambda one: one.cpu)


def together(one: Cost, other: Cost) -> Cost:
    """The cost of two runs, one after the other."""
    asked = dict(Counter(one.asked) + Counter(other.asked))
    return Cost(cpu=one.cpu + other.cpu, wall=one.wall + other.wall, memory=max(one.memory, other.memory), asked=asked)


def prepare(folder: Path, feeds: int, hosts: int, port: int) -> list[str]:
    """The lists of feeds that the clients read; the addresses."""
    urls = feed_server.urls(feeds, hosts, port)
    entries = "".join(ENTRY.format(number=number, url=url) for number, url in enumerate(urls))
    (folder / "feeds.yaml").write_text(SETTINGS + entries, encoding="utf-8")
    (folder / "urls").write_text("\n".join(urls) + "\n", encoding="utf-8")
    return urls


# --------------------------------------------------------------------------------------------------- reporting


def row(*cells: str | float) -> str:
    """A line of a Markdown table."""
    return "| " + " | ".join(cell if isinstance(cell, str) else f"{cell:.2f}" for cell in cells) + " |"


def requests(one: Cost) -> str:
    """The counts of the server in words."""
    named = ", ".join(f"{count} × {what}" for what, count in sorted(one.asked.items()) if what != "connections")
    return f"{named}; {one.asked.get('connections', 0) - 1} connections"


def beside(options: argparse.Namespace, folder: Path) -> None:
    """Print the table of all clients."""
    print(row("client", "run", "CPU s", "wall s", "peak MB", "requests"))
    print(row("---", "---", "---:", "---:", "---:", "---"))
    best, own = float("inf"), 0.0
    with serving(options.feeds, options.hosts, options.entries) as port:
        urls = prepare(folder, options.feeds, options.hosts, port)
        for way in ways(urls, options.peers):
            first, again = measured(way, folder, port, rounds=options.rounds)
            for run, one in (("first", first), ("unchanged", again)):
                print(row(way.name, run, one.cpu, one.wall, f"{one.memory:.0f}", requests(one)), flush=True)
            if way.command is tracker:
                own = again.cpu
            elif way.stores:
                best = min(best, again.cpu)
    print(f"\nunchanged: {own / best:.2f} of the best peer that stores (goal: {GOAL}); memory goal {MEMORY_GOAL} MB")


def linear(options: argparse.Namespace, folder: Path) -> None:
    """Print what the tracker costs by number of sources."""
    print(
        "\n"
        + row("sources", "first: CPU s", "per source ms", "peak MB", "unchanged: CPU s", "per source ms", "peak MB")
    )
    print(row(*["---:"] * 7))
    way = ours()
    for feeds in map(int, filter(None, options.linear.split(","))):
        hosts = max(feeds * options.hosts // options.feeds, 1)
        with serving(feeds, hosts, options.entries) as port:
            prepare(folder, feeds, hosts, port)
            first, again = measured(way, folder, port, rounds=options.rounds)
        cells = [f for one in (first, again) for f in (one.cpu, one.cpu / feeds * 1_000, f"{one.memory:.0f}")]
        print(row(str(feeds), *cells), flush=True)


def machine() -> str:
    """What it ran on, without its name."""
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.+)", info.read_text("utf-8")) if info.exists() else None
    kind = found[1] if found else platform.processor() or platform.machine()
    return f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {kind}, Python {platform.python_version()}"


def main() -> None:
    """Print the tables as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--feeds", type=int, default=2_000)
    parser.add_argument("--hosts", type=int, default=500)
    parser.add_argument("--entries", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3, help="refreshes with nothing new")
    parser.add_argument("--peers", type=Path, default=ROOT / ".venv-peers", help="an environment that holds `reader`")
    parser.add_argument("--linear", default="250,500,1000,2000", help="numbers of sources; empty for none")
    parser.add_argument("--alone", action="store_true", help="leave the other clients out")
    options = parser.parse_args()
    print(f"{machine()}; {options.feeds} feeds of {options.entries} entries on {options.hosts} hosts\n")
    with tempfile.TemporaryDirectory() as name:
        if not options.alone:
            beside(options, Path(name))
        linear(options, Path(name))


if __name__ == "__main__":
    main()
