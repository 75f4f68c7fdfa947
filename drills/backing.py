"""Backups and restores of a database in use: nothing torn, nobody held up, everybody sees what was restored.

    python drills/backing.py [--megabytes 100] [--rounds 12] [--kills 60] [--keep FOLDER]
    python drills/backing.py --short          a small database, a few rounds, in seconds

A writer (another process) stores articles in transactions of five, hardly with a pause; a reader (another one) asks
the same connection again and again. Meanwhile backups are made, put back beside the database and looked at, and put
back over the database; then both are killed with SIGKILL at random moments. A promise is broken by a transaction that
is there in part, a connection that does not see what was restored, a database that is not sound, or a wait of more
than a second while a backup is made. Exit code 0 where all hold, else 1. A kill ends a process, not the machine.
"""

from __future__ import annotations

import argparse
import json
import random
import select
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tracker import backups
from tracker.errors import BusyError
from tracker.model import Article, Basis, Source, SourceKind, TextFrom, Tier, When
from tracker.model.backups import Keep
from tracker.store import Store

TOGETHER = 5  # articles of a transaction
LONGEST = 1.0  # seconds that a reader or a writer may wait while a backup is made
SHORT_LONGEST = 20.0  # of the short form, which runs beside other tests
PAGE = 100_000  # bytes that cannot be packed, of each original
WRITTEN = "SELECT count(*) FROM article WHERE id >= 'w'"
HERALD = Source(
    id="herald",
    name="Herald",
    kind=SourceKind.FEED,
    url="https://herald.example/feed",
    tier=Tier.MAJOR,
    language="en",
    country="US",
    tags=(),
)
FILL = """
INSERT INTO page (article_id, url, final_url, status, content_type, fetched_at, size, encoding, body)
VALUES (?, 'u', 'u', 200, 'text/html', '2026-01-01T00:00:00+00:00', ?, 'zlib', randomblob(?))
"""


@dataclass(slots=True)
class Told:
    """What was seen."""

    backups: list[float] = field(default_factory=list)  # seconds of each
    restores: list[float] = field(default_factory=list)
    refusals: int = 0  # restores that a writer had to be waited for
    kills: dict[str, int] = field(default_factory=dict)
    late: int = 0  # kills that came after the end
    seen: int = 0  # restores that the reader's open connection saw
    waits: dict[str, float] = field(default_factory=dict)  # the longest of each, while backups were made
    packed: int = 0
    plain: int = 0
    problems: list[str] = field(default_factory=list)


def main(words: Sequence[str] | None = None) -> int:
    """Run the drill and print what it found; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=100, help="how large the database is at the beginning")
    parser.add_argument("--rounds", type=int, default=12, help="backups that are made and put back while others work")
    parser.add_argument("--kills", type=int, default=60, help="kills of a backup or a restore")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="leave the files in this folder")
    parser.add_argument("--short", action="store_true", help="a small database and a few of each")
    parser.add_argument("--work", nargs=2, help=argparse.SUPPRESS)  # what a process of the drill does, and where
    asked = parser.parse_args(words)
    if asked.work:
        work(asked.work[0], Path(asked.work[1]))
        return 0
    if asked.short:
        asked.megabytes, asked.rounds, asked.kills = 1, 1, 2
    with folder(asked.keep) as place:
        told = drill(place / "t.db", asked)
    report(told, asked)
    return 1 if told.problems else 0


@contextmanager
def folder(named: Path | None) -> Iterator[Path]:
    """Where the files are."""
    if named is not None:
        named.mkdir(parents=True)
        yield named
        return
    with tempfile.TemporaryDirectory(prefix="tracker-backing-") as place:
        yield Path(place)


def drill(path: Path, asked: argparse.Namespace) -> Told:
    """All of it, on a database of its own."""
    told, chance = Told(), random.Random(asked.seed)
    fill(path, asked.megabytes)
    with worker("write", path) as writer, worker("read", path) as reader:
        for _ in range(asked.rounds):
            one_round(path, told, writer, reader)
    longest = SHORT_LONGEST if asked.short else LONGEST
    told.problems += [
        f"a {who} waited {most:.2f} s while a backup was made" for who, most in told.waits.items() if most > longest
    ]
    with worker("write", path):
        for number in range(asked.kills):
            kind = "restore" if number % 2 else "backup"
            killed(path, kind, chance.random(), told)
    problems(path, "the database in the end", told)
    return told


def fill(path: Path, megabytes: int) -> None:
    """A database of articles with originals."""
    with Store.open(path) as store, store.batch():
        store.sources.sync([HERALD], now())
        for number in range(megabytes * 1_000_000 // PAGE):
            store.articles.save(None, article(f"base-{number}"), now=now())
            store._db.run(FILL, (f"base-{number}", PAGE, PAGE))  # noqa: SLF001 - as large as can be, as quickly


def one_round(path: Path, told: Told, writer: subprocess.Popen[str], reader: subprocess.Popen[str]) -> None:
    """A backup while others work; it is looked at beside the database, and put back over it."""
    for process in (writer, reader):
        ask(process)  # what was waited for until now does not count
    began = time.monotonic()
    made = backups.make(path, backups.beside(path), now=now(), keep=Keep(daily=1, weekly=0, monthly=0)).backup
    told.backups.append(time.monotonic() - began)
    told.packed, told.plain = made.bytes, made.plain_bytes
    for who, process in (("writer", writer), ("reader", reader)):
        answer = ask(process)
        told.waits[who] = max(told.waits.get(who, 0.0), answer["longest"])
        told.problems += [f"{who}: {problem}" for problem in answer["problems"]]
    beside = path.with_name("beside.db")
    backups.restore(made.file, beside, now=now())
    problems(beside, f"a backup of {made.made_at}", told)
    beside.unlink()
    before = ask(reader)["restored"]
    began = time.monotonic()
    done = restored(made.file, path, told)
    told.restores.append(time.monotonic() - began)
    problems(path, "a database that was restored", told)
    if done.aside is not None:
        problems(done.aside, "what was kept of a database that was restored", told)
        done.aside.unlink()
    if ask(reader)["restored"] == before:
        told.problems.append("a connection that was open did not see what was restored")
    else:
        told.seen += 1


def restored(file: Path, path: Path, told: Told) -> backups.Restored:
    """Put back, as soon as the writer lets go for a moment."""
    until = time.monotonic() + 60
    while True:
        try:
            return backups.restore(file, path, now=now())
        except BusyError:
            told.refusals += 1
            if time.monotonic() > until:
                raise
            time.sleep(0.002)


def killed(path: Path, kind: str, share: float, told: Told) -> None:
    """Begin a backup or a restore in another process, kill it, and see what it left."""
    usual = (told.backups if kind == "backup" else told.restores)[-1]
    words = [sys.executable, __file__, "--work", kind, str(path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()  # it has begun
        try:
            process.wait(share * usual * 1.1)
            told.late += 1
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            told.kills[kind] = told.kills.get(kind, 0) + 1
    problems(path, f"the database after a {kind} was killed", told)
    whole = [one for one in backups.listed(backups.beside(path)) if one.is_whole]
    for one in whole[:1]:
        backups.verify(one)
    if not whole:
        told.problems.append(f"no backup was left after a {kind} was killed")
    for file in path.parent.glob("t.db.replaced-*"):
        if not file.name.endswith((".part", "-wal", "-shm", "-journal")):
            problems(file, f"what was kept when a {kind} was killed", told)
        file.unlink(missing_ok=True)


def problems(path: Path, what: str, told: Told) -> None:
    """Note what is wrong with a database: transactions that are there in part, or whatever SQLite finds."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)) as raw:
        count = raw.execute(WRITTEN).fetchone()[0]
        found = raw.execute("PRAGMA quick_check(1)").fetchone()[0]
    if count % TOGETHER:
        told.problems.append(f"{what} holds a part of a transaction: {count} articles")
    if found != "ok":
        told.problems.append(f"{what} is not sound: {found}")


def work(kind: str, path: Path) -> None:
    """What a process of the drill does until it is told to end, or is killed."""
    match kind:
        case "write":
            write(path)
        case "read":
            read(path)
        case "backup":
            print("begun", flush=True)
            backups.make(path, backups.beside(path), now=now(), keep=Keep(daily=1, weekly=0, monthly=0))
        case _:
            print("begun", flush=True)
            restored(backups.listed(backups.beside(path))[0].file, path, Told())


def write(path: Path) -> None:
    """Articles, five together, without a pause; a line from outside asks how long the longest of it took."""
    longest, number, found = 0.0, 0, list[str]()
    while True:
        began, is_own = time.monotonic(), True
        try:
            with Store.open(path) as store, store.writing(), store.batch():
                for _ in range(TOGETHER):
                    number += 1
                    store.articles.save(None, article(f"w{time.monotonic_ns():020}-{number}"), now=now())
        except BusyError:
            is_own = False  # a restore is under way, and that was told at once
        if is_own:
            longest = max(longest, time.monotonic() - began)
        time.sleep(0.01)  # the lock is free, as between two refreshes
        if asked():
            tell({"longest": longest, "problems": found})
            longest = 0.0


def read(path: Path) -> None:
    """One connection for all time; what it sees must be whole, and go back where something is restored."""
    longest, restores, last, found = 0.0, 0, "", list[str]()
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)) as raw:
        while True:
            began = time.monotonic()
            count = raw.execute(WRITTEN).fetchone()[0]
            mark = raw.execute("SELECT max(done_at) FROM upkeep WHERE task = 'restored'").fetchone()[0] or ""
            longest = max(longest, time.monotonic() - began)
            if count % TOGETHER:
                found.append(f"saw a part of a transaction: {count} articles")
            restores, last = restores + (mark != last), mark
            if asked():
                tell({"longest": longest, "problems": found, "restored": restores})
                longest, found = 0.0, []
            time.sleep(0.005)


def asked() -> bool:
    """Whether a line has come on standard input; at its end this process ends."""
    if not select.select([sys.stdin], [], [], 0)[0]:
        return False
    if not sys.stdin.readline():
        sys.exit(0)
    return True


def tell(answer: dict[str, object]) -> None:
    """One line for whoever asked."""
    print(json.dumps(answer), flush=True)


def ask(process: subprocess.Popen[str]) -> dict[str, Any]:
    """What a writer or a reader has to tell."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("?\n")
    process.stdin.flush()
    answer: dict[str, Any] = json.loads(process.stdout.readline())
    return answer


@contextmanager
def worker(kind: str, path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that works until it is not needed any more."""
    words = [sys.executable, __file__, "--work", kind, str(path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        ask(process)  # it is at work
        try:
            yield process
        finally:
            process.kill()


def article(key: str) -> Article:
    """An invented one."""
    return Article(
        id=key,
        url=f"https://herald.example/{key}",
        title="Commerce curbs chip tools",
        text=f"Text of {key}.",
        published=When(value="2024-06-25", basis=Basis.METADATA),
        language="en",
        text_from=TextFrom.PAGE,
        source_id="herald",
        content_hash=key,
        signature=b"",
    )


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def report(told: Told, asked: argparse.Namespace) -> None:
    """Plainly, on standard output."""
    print(f"database: {told.plain / 1e6:,.0f} MB at the last backup, {told.packed / 1e6:,.0f} MB packed")
    for what, seconds in (("backups", told.backups), ("restores", told.restores)):
        print(f"{what}: {len(seconds)}, {min(seconds):.1f} to {max(seconds):.1f} s")
    print(f"restores seen by a connection that stayed open: {told.seen} of {len(told.restores)}")
    print(f"restores that waited for the writer: {told.refusals} refusals")
    waits = ", ".join(f"{who} {most:.2f} s" for who, most in told.waits.items())
    print(f"longest wait while backups were made: {waits}")
    kills = ", ".join(f"{kind} {count}" for kind, count in told.kills.items())
    print(f"kills: {kills}; {told.late} of {asked.kills} came after the end")
    print("problems:")
    print("\n".join(told.problems) or "None.")


if __name__ == "__main__":
    sys.exit(main())
