"""A database backed up and put back: what was, is again, for whoever has it open too."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from backup_samples import AT, LATER, articles, fill, stopping

from tracker import backups
from tracker.bell import StoppedError
from tracker.errors import (
    BusyError,
    ForeignDatabaseError,
    InputError,
    NewerDatabaseError,
    StoreError,
)
from tracker.store import Store
from tracker.store.compare import dump
from tracker.store.connection import SCHEMA_VERSION
from tracker.store.upkeep import RESTORED


@pytest.fixture
def backup(path: Path, made: Path) -> backups.Backup:
    """Of two articles; a third comes after it."""
    shutil.rmtree(path.parent)
    shutil.copytree(made, path.parent)
    return backups.listed(backups.beside(path))[0]


def test_what_was_is_again_and_what_is_is_kept(path: Path, backup: backups.Backup) -> None:
    before = dump(path)
    done = backups.restore(backup.file, path, now=LATER)
    assert articles(path) == ["a1", "a2"]
    assert done.aside == path.with_name("t.db.replaced-20260201T040000Z")
    assert done.aside is not None
    assert dump(done.aside) == before
    assert (done.made_at, done.contents.counts["article"], done.was_damaged) == (AT, 2, False)
    with Store.open(path) as store:
        assert store.upkeep.done_at(RESTORED) == LATER
    left = {one.name for one in path.parent.iterdir()} - {"t.db-wal", "t.db-shm"}
    assert left == {"t.db", "t.db.lock", "backups", done.aside.name}


def test_two_restores_of_one_second_keep_both_that_were_there(path: Path, backup: backups.Backup) -> None:
    asides = [backups.restore(backup.file, path, now=LATER).aside for _ in range(2)]
    assert [articles(aside) for aside in asides if aside] == [["a1", "a2", "a3"], ["a1", "a2"]]


def test_what_a_killed_run_left_is_removed_by_the_next(path: Path, backup: backups.Backup) -> None:
    for name in (".t.db.restoring", ".t.db.restoring-wal", ".t.db.replaced-20260101T000000Z.part"):
        path.with_name(name).write_bytes(b"x")
    backups.restore(backup.file, path, now=LATER)
    assert not list(path.parent.glob(".*"))
    assert articles(path) == ["a1", "a2"]


def test_what_was_kept_can_be_put_back_too(path: Path, backup: backups.Backup) -> None:
    aside = backups.restore(backup.file, path, now=AT).aside
    assert aside is not None
    backups.restore(aside, path, now=LATER)
    assert articles(path) == ["a1", "a2", "a3"]


def test_whoever_has_it_open_sees_what_was_restored(path: Path, backup: backups.Backup) -> None:
    """Another process's connection, which is none of ours and knows nothing of backups."""
    code = (
        "import sqlite3, sys\n"
        "raw = sqlite3.connect(sys.argv[1])\n"
        "for _ in sys.stdin:\n"
        "    print(raw.execute('SELECT count(*) FROM article').fetchone()[0], flush=True)\n"
    )
    command = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None

        def seen() -> int:
            reader.stdin.write("\n")  # type: ignore[union-attr]
            reader.stdin.flush()  # type: ignore[union-attr]
            return int(reader.stdout.readline())  # type: ignore[union-attr]

        assert seen() == 3
        backups.restore(backup.file, path, now=LATER)
        assert seen() == 2
        fill(path, "a4", "a5")
        assert seen() == 4
        reader.stdin.close()
    assert articles(path) == ["a1", "a2", "a4", "a5"]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: 4096 * 5])


def shred(path: Path) -> None:
    """The page that a table begins with; its schema stays."""
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = raw.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'article'").fetchone()[0]
    content = bytearray(path.read_bytes())
    content[4096 * (page - 1) : 4096 * page] = b"\xff" * 4096
    path.write_bytes(content)


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")


def behead(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:50])


# What has become of the database -> whether others have to open it again, and whether something is kept beside it.
PRESENT: dict[str, tuple[Callable[[Path], object], bool, bool]] = {
    "is there": (str, False, True),
    "is gone": (Path.unlink, False, False),
    "is empty": (lambda path: path.write_bytes(b""), False, False),
    "is cut short": (cut, True, True),
    "ends within its head": (behead, True, True),
    "is shredded within": (shred, False, True),
    "is of a later tracker": (newer, True, True),
}


@pytest.mark.parametrize("what", PRESENT)
def test_whatever_became_of_the_database_it_is_restored(path: Path, backup: backups.Backup, what: str) -> None:
    harm, reopened, kept = PRESENT[what]
    harm(path)
    before = path.read_bytes() if path.exists() else b""
    stray(path)
    done = backups.restore(backup.file, path, now=LATER)
    assert articles(path) == ["a1", "a2"]
    assert (done.was_damaged, done.aside is not None) == (reopened, kept)
    if done.aside is not None and reopened:
        assert done.aside.read_bytes() == before


@pytest.mark.parametrize("kind", ["packed", "kept"])
def test_a_file_that_may_only_be_read_gives_a_database_that_may_be_written(
    path: Path, backup: backups.Backup, kind: str
) -> None:
    file = backup.file if kind == "packed" else path.rename(path.with_name("t.db.replaced-20260101T000000Z"))
    file.chmod(0o440)
    backups.restore(file, path.with_name("new.db"), now=LATER)
    assert path.with_name("new.db").stat().st_mode & 0o777 == 0o640


def stray(path: Path) -> None:
    """A log that somebody left who removed the database: it must not be taken for one of the restored one."""
    if not path.exists():
        path.with_name("t.db-wal").write_bytes(b"\x37\x7f\x06\x82" + b"\0" * 5000)
        path.with_name("t.db-shm").write_bytes(b"\1" * 32768)


def manifest(backup: backups.Backup) -> Path:
    return backup.file.with_name(backup.file.name + ".json")


def cut_to(file: Path, length: int) -> None:
    file.write_bytes(file.read_bytes()[:length])


def alter(file: Path, where: int) -> None:
    content = bytearray(file.read_bytes())
    content[where] ^= 1
    file.write_bytes(content)


def lie(backup: backups.Backup) -> None:
    told = manifest(backup).read_text(encoding="utf-8")
    manifest(backup).write_text(told.replace('"article": 2', '"article": 3'), encoding="utf-8")


def bare(backup: backups.Backup) -> None:
    """Cut short, and without the manifest that would tell."""
    manifest(backup).unlink()
    cut_to(backup.file, 3000)


def from_later(backup: backups.Backup) -> None:
    """A plain database under the backup's name."""
    with closing(sqlite3.connect(backup.file.with_name("later.db"))) as raw, closing(database_of(backup)) as old:
        old.backup(raw)
        raw.execute("PRAGMA journal_mode = delete")
        raw.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    backup.file.with_name("later.db").replace(backup.file)


def database_of(backup: backups.Backup) -> sqlite3.Connection:
    return sqlite3.connect(backup.database)


# What is wrong with the backup -> the error, and what it says.
Spoil = Callable[[backups.Backup], object]
BROKEN: dict[str, tuple[Spoil, type[Exception], str]] = {
    "cut short": (lambda one: cut_to(one.file, one.bytes - 100), InputError, "is cut short|is damaged"),
    "a byte altered": (lambda one: alter(one.file, one.bytes // 2), InputError, "is damaged|is not what it was"),
    "not there": (lambda one: one.file.unlink(), InputError, "cannot be read: No such file"),
    "no manifest, cut": (bare, StoreError, "is damaged; take another backup"),
    "a manifest that lies": (lie, InputError, "does not hold what its manifest says"),
    "a manifest of nonsense": (lambda one: manifest(one).write_text("[1]"), InputError, "is no manifest of a backup"),
    "no backup": (lambda one: one.file.write_text("hello"), ForeignDatabaseError, "is no SQLite database"),
    "of a later tracker": (from_later, NewerDatabaseError, "written by a later tracker"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_no_whole_backup_is_refused_and_changes_nothing(path: Path, backup: backups.Backup, what: str) -> None:
    spoil, error, words = BROKEN[what]
    spoil(backup)
    before = dump(path)
    with pytest.raises(error, match=words) as told:
        backups.restore(backup.file, path, now=LATER)
    assert ".restoring" not in str(told.value)
    assert dump(path) == before
    assert not [one for one in path.parent.iterdir() if "restoring" in one.name or "replaced" in one.name]


def test_nothing_is_restored_while_somebody_writes(path: Path, backup: backups.Backup) -> None:
    with Store.open(path) as store, store.writing(), pytest.raises(BusyError, match="is writing to this database"):
        backups.restore(backup.file, path, now=LATER)
    assert articles(path) == ["a1", "a2", "a3"]


def test_another_programs_file_is_left_alone(path: Path, backup: backups.Backup) -> None:
    notes = path.with_name("notes.txt")
    notes.write_text("my notes")
    with pytest.raises(ForeignDatabaseError, match="left alone"):
        backups.restore(backup.file, notes, now=LATER)
    assert notes.read_text() == "my notes"


def test_the_database_is_no_backup_of_itself(path: Path) -> None:
    with pytest.raises(InputError, match="is the database itself"):
        backups.restore(path, path, now=LATER)


@pytest.mark.parametrize("after", [0, 1, 3, 4, 6])
def test_stopped_anywhere_it_is_as_before_or_restored(path: Path, backup: backups.Backup, after: int) -> None:
    ended = False
    with suppress(StoppedError):
        backups.restore(backup.file, path, now=LATER, check=stopping(after))
        ended = True
    assert articles(path) == (["a1", "a2"] if ended else ["a1", "a2", "a3"])
    assert not [one for one in path.parent.iterdir() if "restoring" in one.name or ".part" in one.name]
