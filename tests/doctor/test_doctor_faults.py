"""What goes wrong with files and disks, by command: a message in words, an exit code, and the database as it was."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from damage_samples import PAGE, changed, leaves, roots, spoilt

from tracker.config import Config
from tracker.store import Store

SCRIPT = Path(__file__).with_name("faulty_commands.py")
FEEDS = (
    "sources:\n  news:\n    - {id: dead, name: Dead, kind: feed, url: 'http://127.0.0.1:9/feed', private: true,"
    " tier: major, language: en}\n"
)
ALL_FAILED, IO, BUSY = 69, 74, 75  # exit codes
WRITERS = (("refresh", "-q"), ("maintain",))
READERS = (("timeline", "--limit", "1"), ("search", "OpenAI"), ("export", "csv"))


@pytest.fixture(scope="module")
def child() -> Iterator[subprocess.Popen[str]]:
    """The process that runs the commands."""
    command = [sys.executable, str(SCRIPT)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as running:
        yield running
        assert running.stdin is not None
        running.stdin.close()


@pytest.fixture(scope="module")
def whole(stocked: Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file, without a log."""
    path = tmp_path_factory.mktemp("whole") / "t.db"
    with closing(sqlite3.connect(stocked.settings.database)) as raw, closing(sqlite3.connect(path)) as copy:
        raw.backup(copy)
    return path


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is done to an installation, and what then comes of it."""

    spoil: Callable[[Path], object] = lambda path: None  # noqa: ARG005 - nothing
    writers: int = IO
    readers: int = IO
    told: str = ""  # of the message of whoever fails
    most_bytes: int | None = None
    locks: bool = True
    stays: bool = True  # the file is the same byte for byte
    commands: tuple[tuple[str, ...], ...] = (*READERS, *WRITERS)


def pages_lost(path: Path) -> None:
    spoilt(path, roots(path)["event"], leaves(path, "source")[0], roots(path)["upkeep"], roots(path)["article"])


def no_text(path: Path) -> None:
    wrong = "CAST(x'41ff42' AS TEXT)"
    changed(path, f"UPDATE source SET name = {wrong}", f"UPDATE event SET summary = {wrong}")


def foreign(path: Path) -> None:
    path.unlink()
    changed(path, "CREATE TABLE bookmark (url)")


def log_left(path: Path) -> None:
    script = "import os, sqlite3, sys; raw = sqlite3.connect(sys.argv[1]); raw.execute('PRAGMA journal_mode = wal');"
    script += "raw.execute('UPDATE source SET failures = failures + 1'); raw.commit(); os._exit(0)"
    subprocess.run([sys.executable, "-c", script, str(path)], check=True)


DAMAGED = r"damaged.*`tracker doctor --repair` saves what it still holds"
CASES = {
    "all is well": Case(writers=0, readers=0, stays=False),
    "the file cannot be written": Case(spoil=lambda path: path.chmod(0o444), readers=0, told="check its permissions"),
    "the folder cannot be written": Case(
        spoil=lambda path: path.parent.chmod(0o555), readers=0, told="those of its directory"
    ),
    "the lock file belongs to somebody else": Case(
        spoil=lambda path: os.close(os.open(f"{path}.lock", os.O_CREAT, 0o444)),
        readers=0, told="run the tracker as its owner",
    ),
    "it is cut off at its half": Case(spoil=lambda path: os.truncate(path, path.stat().st_size // 2), told=DAMAGED),
    "it is cut off within its second page": Case(spoil=lambda path: os.truncate(path, PAGE + 99), told=DAMAGED),
    "it is cut off within its head": Case(spoil=lambda path: os.truncate(path, 50), told=DAMAGED),
    "pages are overwritten": Case(spoil=pages_lost, told=DAMAGED, stays=False),
    "a text is none": Case(spoil=no_text, told=DAMAGED, stays=False, commands=(*READERS, ("refresh", "-q"))),
    "it is no database": Case(spoil=lambda path: path.write_bytes(b"notes" * 999), told="left alone; name another"),
    "it is another program's": Case(spoil=foreign, told="another program, so it was left alone"),
    "it is a later tracker's": Case(
        spoil=lambda path: changed(path, "PRAGMA user_version = 99"), told="upgrade tracker"
    ),
    "a log was left behind": Case(spoil=log_left, writers=0, readers=0, stays=False),
    "the disk is full": Case(most_bytes=0, readers=0, told="no room left|disk is full|cannot be written"),
    "files cannot be locked": Case(locks=False, readers=0, told="does not lock files.*; use a local disk"),
}  # fmt: skip


def asked(child: subprocess.Popen[str], folder: Path, case: Case, words: tuple[str, ...]) -> dict[str, Any]:
    named = ["--config", str(folder / "feeds.yaml"), "--db", str(folder / "t.db"), *words]
    assert child.stdin is not None
    assert child.stdout is not None
    question = {"words": named, "most_bytes": case.most_bytes, "locks": case.locks}
    child.stdin.write(json.dumps(question) + "\n")
    child.stdin.flush()
    answer: dict[str, Any] = json.loads(child.stdout.readline())
    return answer


def check(answer: dict[str, Any], code: int, told: str) -> None:
    assert "Traceback" not in answer["messages"], answer
    assert answer["code"] == code, answer
    if code:
        assert re.search(told, answer["messages"]), answer
        assert answer["messages"].count("\n") == 1
        assert answer["messages"].startswith("tracker: ")


@pytest.mark.parametrize("name", CASES)
def test_every_fault_ends_in_words_and_harms_nothing(
    name: str, whole: Path, tmp_path: Path, child: subprocess.Popen[str]
) -> None:
    case = CASES[name]
    for number, words in enumerate(case.commands):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / "t.db"
        shutil.copy(whole, path)
        (folder / "feeds.yaml").write_text(FEEDS)
        case.spoil(path)
        before = path.read_bytes()
        answer = asked(child, folder, case, words)
        folder.chmod(0o755)
        if words in READERS:
            check(answer, case.readers, case.told)
        elif case.writers == 0 and words[0] == "refresh":
            assert answer["code"] == ALL_FAILED, answer  # its one source does not answer
        else:
            check(answer, case.writers, case.told)
        if case.stays or words in READERS:
            assert path.read_bytes() == before


def test_who_comes_second_is_told_and_readers_go_on(whole: Path, tmp_path: Path, child: subprocess.Popen[str]) -> None:
    shutil.copy(whole, tmp_path / "t.db")
    (tmp_path / "feeds.yaml").write_text(FEEDS)
    with ExitStack() as stack:
        store = stack.enter_context(Store.open(tmp_path / "t.db"))
        stack.enter_context(store.writing())
        check(
            asked(child, tmp_path, Case(), ("refresh", "-q")), BUSY, "is writing to this database; wait for it to end"
        )
        check(asked(child, tmp_path, Case(), ("timeline", "--limit", "1")), 0, "")


@pytest.mark.parametrize(("mode", "readers"), [("normal", 0), ("exclusive", BUSY)])
def test_a_program_that_keeps_the_file_locked_is_told(
    whole: Path, tmp_path: Path, child: subprocess.Popen[str], mode: str, readers: int
) -> None:
    path = tmp_path / "t.db"
    shutil.copy(whole, path)
    (tmp_path / "feeds.yaml").write_text(FEEDS)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(f"PRAGMA locking_mode = {mode}")
        other.execute("BEGIN EXCLUSIVE")
        check(asked(child, tmp_path, Case(), ("refresh", "-q")), BUSY, "another program keeps the database locked")
        check(
            asked(child, tmp_path, Case(), ("timeline", "--limit", "1")), readers, "another program keeps the database"
        )
