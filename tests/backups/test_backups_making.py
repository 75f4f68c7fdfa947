"""Backups made: what is in them, what is refused, what is left behind, and what the manifests of strangers may say."""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import zstandard
from backup_samples import AT, LATER, fill, stopping
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker import backups
from tracker.backups import manifest
from tracker.bell import StoppedError
from tracker.errors import BusyError, ForeignDatabaseError, InputError, StoreError
from tracker.model.backups import Keep
from tracker.store import Store

NONE = Keep(daily=0, weekly=0, monthly=0)


def test_a_backup_is_a_database_that_any_program_unpacks_and_opens(path: Path, tmp_path: Path) -> None:
    path.chmod(0o640)
    made = backups.make(path, backups.beside(path), now=AT).backup
    assert made.file == path.parent / "backups" / "t-20260131T040000Z.db.zst"
    assert (made.counts["article"], made.why, made.made_at) == (2, "asked", AT)
    assert stat.S_IMODE(made.file.stat().st_mode) & 0o077 == 0o040
    with made.file.open("rb") as packed, (tmp_path / "plain.db").open("wb") as out:
        zstandard.ZstdDecompressor().copy_stream(packed, out)
    with closing(sqlite3.connect(tmp_path / "plain.db")) as raw:
        assert raw.execute("SELECT count(*) FROM article").fetchone() == (2,)
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert sorted(one.name for one in made.file.parent.iterdir()) == [
        "t-20260131T040000Z.db.zst",
        "t-20260131T040000Z.db.zst.json",
        "t.db.lock",
    ]


def test_what_is_in_the_log_alone_is_backed_up_too(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA wal_autocheckpoint = 0")
        raw.execute("INSERT INTO redirect VALUES ('old', 'new', '2026-01-01T00:00:00Z')")
        raw.commit()
        backup = backups.make(path, backups.beside(path), now=AT).backup
    backups.restore(backup.file, path.with_name("other.db"), now=LATER)
    with closing(sqlite3.connect(path.with_name("other.db"))) as raw:
        assert raw.execute("SELECT count(*) FROM redirect").fetchone() == (1,)


def test_a_backup_within_the_time_of_another_writers_transaction_holds_none_of_it(path: Path) -> None:
    with Store.open(path) as store, store.writing(), store.batch():
        store._db.run("DELETE FROM change")
        backup = backups.make(path, backups.beside(path), now=AT).backup
    assert backup.counts["change"] == 2


def damaged(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        page = raw.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'article'").fetchone()[0]
    content = bytearray(path.read_bytes())
    content[4096 * (page - 1) : 4096 * page] = b"\xff" * 4096
    path.write_bytes(content)


# What the database is -> the error.
REFUSED: dict[str, tuple[Callable[[Path], object], type[Exception], str]] = {
    "not there": (Path.unlink, StoreError, "there is no database yet"),
    "another program's": (lambda path: path.write_bytes(b"my notes"), ForeignDatabaseError, "left alone"),
    "damaged": (damaged, StoreError, r"/t\.db: .* is damaged; `tracker doctor`"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_whole_database_is_not_backed_up_and_no_backup_goes(path: Path, what: str) -> None:
    harm, error, words = REFUSED[what]
    folder = backups.beside(path)
    kept = backups.make(path, folder, now=AT).backup
    harm(path)
    with pytest.raises(error, match=words):
        backups.make(path, folder, now=LATER, keep=NONE)
    assert backups.listed(folder) == (kept,)
    assert not list(folder.glob(".*"))


def test_the_old_ones_go_and_others_stay(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "all"
    other = path.with_name("of") / "t.db"
    fill(other, "a9")
    theirs = backups.make(other, folder, now=AT).backup
    first = backups.make(path, folder, now=AT).backup
    cut = backups.make(path, folder, now=AT).backup  # of the same second
    os.truncate(cut.file, 100)
    (folder / "notes.txt").write_text("mine")
    done = backups.make(path, folder, now=LATER, keep=NONE)
    assert done.removed == (first.file,)
    assert backups.listed(folder) == (done.backup, theirs, cut)
    assert [one.is_whole for one in backups.listed(folder)] == [True, True, False]
    assert (folder / "notes.txt").exists()


def test_a_database_that_has_lost_half_of_its_articles_lets_no_backup_go(path: Path) -> None:
    fill(path, "a3", "a4", "a5")
    folder = backups.beside(path)
    first = backups.make(path, folder, now=AT).backup
    path.unlink()
    fill(path, "a1", "a2")
    done = backups.make(path, folder, now=LATER, keep=NONE)
    assert (done.removed, done.warning) == (
        (),
        "no older backup was removed: 5 articles were in the last backup, 2 are in this",
    )
    assert first.is_whole


def test_an_emptied_database_lets_no_backup_go(path: Path) -> None:
    folder = backups.beside(path)
    backups.make(path, folder, now=AT)
    path.write_bytes(b"")
    done = backups.make(path, folder, now=LATER, keep=NONE)
    assert (done.removed, done.backup.counts) == ((), {})
    assert done.warning is not None


def test_a_database_of_a_name_that_begins_alike_is_left_to_its_own_backup(path: Path) -> None:
    part = backups.beside(path) / ".t-eu-20260101T000000Z.db.zst.77.part"
    part.parent.mkdir()
    with part.open("wb") as theirs:
        fcntl.flock(theirs, fcntl.LOCK_EX)
        backups.make(path, part.parent, now=AT)
        assert part.exists()
    backups.make(path, part.parent, now=LATER)
    assert not part.exists()


def test_what_a_killed_run_left_is_removed_by_the_next(path: Path) -> None:
    folder = backups.beside(path)
    folder.mkdir()
    for name in (".t.db.copy.part", ".t.db.copy.part-wal", ".t-20260101T000000Z.db.zst.77.part"):
        (folder / name).write_bytes(b"x")
    (folder / ".u-20260101T000000Z.db.zst.77.part").write_bytes(b"x")  # another database's
    backups.make(path, folder, now=AT)
    assert [one.name for one in folder.glob(".*")] == [".u-20260101T000000Z.db.zst.77.part"]


@pytest.mark.parametrize("has_manifest", [False, True])
def test_a_run_killed_before_it_wrote_the_manifest_leaves_no_file_for_good(path: Path, has_manifest: bool) -> None:  # noqa: FBT001
    folder = backups.beside(path)
    made = backups.make(path, folder, now=AT).backup.file
    (folder / ".t.db.packed.part").write_text(made.name)
    if not has_manifest:
        manifest.manifest(made).unlink()
    stranger = folder / "t-20200101T000000Z.db.zst"
    stranger.write_bytes(b"x")  # nobody knows whose
    backups.make(path, folder, now=LATER)
    assert (made.exists(), stranger.exists(), list(folder.glob(".*"))) == (has_manifest, True, [])


def test_what_a_folder_does_not_let_go_of_is_told_in_words(path: Path) -> None:
    odd = backups.beside(path) / ".t.db.copy.part"
    odd.mkdir(parents=True)
    with pytest.raises(StoreError, match=r"copy\.part: .*; look at who owns the folder of backups"):
        backups.make(path, odd.parent, now=AT)


def test_the_folder_is_made_but_not_what_it_lies_in(path: Path, tmp_path: Path) -> None:
    """A disk that is not mounted: its backups would fill the one below."""
    with pytest.raises(StoreError, match=r"disk is not there; if it is a disk, mount it"):
        backups.make(path, tmp_path / "disk" / "backups", now=AT)
    assert not (tmp_path / "disk").exists()
    (tmp_path / "disk").mkdir()
    assert backups.make(path, tmp_path / "disk" / "backups", now=AT).backup.is_whole


def test_two_at_once_do_not_meet(path: Path) -> None:
    inside = threading.Event()
    refused: list[str] = []

    def check() -> None:
        if inside.is_set():
            return
        inside.set()
        with pytest.raises(BusyError) as told:
            backups.make(path, backups.beside(path), now=AT)
        refused.append(str(told.value))

    backups.make(path, backups.beside(path), now=AT, check=check)
    assert "is making a backup of this database" in refused[0]


@pytest.mark.parametrize("at", [0, 2])
def test_a_stopped_one_leaves_nothing(path: Path, at: int) -> None:
    with pytest.raises(StoppedError):
        backups.make(path, backups.beside(path), now=AT, check=stopping(at))
    assert [one.name for one in backups.beside(path).iterdir()] == ["t.db.lock"]


FULL = """
import resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from tracker import backups
from tracker.errors import StoreError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), -1))
path = Path(sys.argv[1])
try:
    backups.make(path, backups.beside(path), now=datetime(2026, 1, 31, tzinfo=UTC))
except StoreError as error:
    print(error)
"""


def test_a_disk_that_is_full_is_told_and_leaves_nothing(path: Path) -> None:
    """Files that may not grow: the copy ends in its midst."""
    command = [sys.executable, "-c", FULL, str(path), "100000"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert str(path.parent) in done.stdout
    assert [one.name for one in backups.beside(path).iterdir()] == ["t.db.lock"]


@pytest.mark.parametrize(
    ("after", "due"),
    [(timedelta(hours=23), False), (timedelta(days=1), True), (timedelta(days=-300), True)],
    ids=["not yet", "a day later", "the clock was ahead"],
)
def test_one_is_due_where_the_last_is_old_or_dated_ahead(path: Path, after: timedelta, due: bool) -> None:  # noqa: FBT001
    folder = backups.beside(path)
    assert backups.is_due(folder, path, timedelta(days=1), AT)
    backups.make(path, folder, now=AT)
    assert backups.is_due(folder, path, timedelta(days=1), AT + after) is due


ODD: tuple[object, ...] = (None, True, False, {}, [], "", float("inf"))
VALUES: st.SearchStrategy[object] = st.sampled_from(ODD) | st.integers() | st.floats() | st.text(max_size=20)


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(sorted(manifest.KEYS)), VALUES) | VALUES, st.binary(max_size=40))
def test_whatever_a_manifest_holds_it_is_read_or_refused_in_words(told: object, data: bytes) -> None:
    for text in (json.dumps(told).encode(), data):
        with pytest.raises(InputError, match="is no manifest of a backup"):
            manifest.parsed(text, Path("x.db.zst"))
