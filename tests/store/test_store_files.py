"""Opening: new, empty, foreign, newer, older and damaged files, and what the user is told."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from store_samples import NOW, source

from tracker.errors import ForeignDatabaseError, NewerDatabaseError, StoreError
from tracker.store import Store
from tracker.store.connection import APPLICATION_ID, SCHEMA_VERSION, open_database
from tracker.store.migrations import STEPS, migrate

SCHEMA = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_autoindex%' ORDER BY type, name"


def made(path: Path, *statements: str) -> bytes:
    """A database of somebody else."""
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return path.read_bytes()


def test_a_new_file_and_its_directories_are_made(tmp_path: Path) -> None:
    path = tmp_path / "db" / "deep" / "t.db"
    with Store.open(path) as store:
        assert store.counts()["event"] == 0
        assert store._db.number("PRAGMA application_id") == APPLICATION_ID
        assert store._db.number("PRAGMA user_version") == SCHEMA_VERSION
        assert store._db.number("PRAGMA foreign_keys") == 1
        assert store._db.rows("PRAGMA journal_mode")[0][0] == "wal"


def test_every_table_is_strict(tmp_path: Path) -> None:
    with Store.open(tmp_path / "t.db") as store:
        tables = store._db.rows("SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND schema = 'main'")
        loose = {row["name"] for row in tables if not row["strict"]}
    assert loose == {"_sqlite_migrations", "sqlite_schema", "sqlite_sequence"}


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    Store.open(path).close()
    before = path.read_bytes()
    Store.open(path).close()
    assert path.read_bytes() == before


def test_an_empty_file_is_an_empty_database(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    path.touch()
    with Store.open(path) as store:
        assert store.counts()["source"] == 0


@pytest.mark.parametrize("seen", range(len(STEPS)))
def test_a_database_of_each_earlier_schema_becomes_one_of_the_present(tmp_path: Path, seen: int) -> None:
    old, fresh = tmp_path / "old.db", tmp_path / "fresh.db"
    connection = open_database(old, read_only=False)
    migrate(connection, steps=STEPS[:seen])
    connection.close()

    with Store.open(old) as migrated, Store.open(fresh) as new:
        rows = [[tuple(row) for row in store._db.rows(SCHEMA)] for store in (migrated, new)]
    assert rows[0] == rows[1]


def test_reading_does_not_migrate(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    connection = open_database(path, read_only=False)
    migrate(connection, steps=())
    connection.close()
    with pytest.raises(StoreError, match=r"schema of an earlier tracker; run `tracker refresh`"):
        Store.open(path, read_only=True)


def test_a_failing_step_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    connection = open_database(tmp_path / "t.db", read_only=False)
    connection.run("CREATE TABLE redirect (id TEXT)")  # in the way of the first step, near its end
    with pytest.raises(sqlite3.OperationalError, match="redirect already exists"):
        migrate(connection)
    assert connection.number("PRAGMA user_version") == 0
    assert connection.number("SELECT count(*) FROM sqlite_schema WHERE name = 'source'") == 0
    connection.close()


FOREIGN = {
    "text": None,
    "another program's database": ("CREATE TABLE bookmarks (url)",),
    "another program's mark": ("PRAGMA application_id = 1234",),
    "another program's version": ("PRAGMA user_version = 7",),
    "tables like ours without our mark": ("CREATE TABLE article (id)", "CREATE TABLE event (id)"),
}


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_file_is_left_alone(tmp_path: Path, name: str, read_only: bool) -> None:  # noqa: FBT001
    path = tmp_path / "notes.db"
    path.write_text("my notes")
    if statements := FOREIGN[name]:
        path.unlink()
        made(path, *statements)
    before = path.read_bytes()
    with pytest.raises(ForeignDatabaseError, match=r"notes\.db: is .*so it was left alone; name another file"):
        Store.open(path, read_only=read_only)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_foreign_file_with_a_log_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "bookmarks.db"
    before = made(path, "PRAGMA journal_mode = wal", "CREATE TABLE bookmarks (url)")
    with pytest.raises(ForeignDatabaseError):
        Store.open(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    before = made(path, f"PRAGMA application_id = {APPLICATION_ID}", f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(NewerDatabaseError, match=r"written by a later tracker .*; upgrade tracker"):
        Store.open(path)
    assert path.read_bytes() == before


def test_a_truncated_file_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    Store.open(path).close()
    path.write_bytes(path.read_bytes()[: 4096 * 5])
    with pytest.raises(StoreError, match=r"is damaged; `tracker doctor --repair` saves what it still holds"):
        Store.open(path)


def test_a_damaged_page_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with Store.open(path) as store:
        store.sources.sync([source()], NOW)
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreError, match="is damaged"):
        Store.open(path).sources.states()


def test_there_is_nothing_to_read_yet(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"there is no database yet; run `tracker refresh` first"):
        Store.open(tmp_path / "t.db", read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_a_directory_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a directory; name a file in it"):
        Store.open(tmp_path)


def test_a_file_in_the_way_of_the_directory(tmp_path: Path) -> None:
    (tmp_path / "db").write_text("")
    with pytest.raises(StoreError, match="the directory cannot be made"):
        Store.open(tmp_path / "db" / "t.db")


def test_a_read_only_connection_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    Store.open(path).close()
    with (
        Store.open(path, read_only=True) as store,
        pytest.raises(StoreError, match="cannot be written; check its permissions"),
    ):
        store.sources.sync([source()], NOW)


def test_readers_see_the_last_state_while_somebody_writes(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with Store.open(path) as writer, Store.open(path, read_only=True) as reader:
        with writer.batch():
            writer.sources.sync([source()], NOW)
            assert reader.counts()["source"] == 0
        assert reader.counts()["source"] == 1


READER = """
import os, sys
from tracker.store import Store
if os.geteuid() == 0:
    os.setuid(65534)  # permissions do not bind root
with Store.open(sys.argv[1], read_only=True) as store:
    print(store.counts()["source"])
"""


def test_a_directory_that_cannot_be_written_can_be_read() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Store.open(folder / "t.db") as store:
            store.sources.sync([source()], NOW)
        folder.chmod(0o555)
        command = [sys.executable, "-c", READER, str(folder / "t.db")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        folder.chmod(0o755)
    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr
