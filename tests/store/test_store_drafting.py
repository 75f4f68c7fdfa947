"""A database that is filled: a draft takes its place, or is written over it where others have it open."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracker.errors import StoreError
from tracker.store import Store
from tracker.store.bulk import Packed, packed

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
OUTLET = ("herald", "Herald", "archive", "", "social", "en", "[]", 86_400, 0, 0)
OTHER = ("post", *OUTLET[1:])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database that nobody else may read."""
    Store.open(tmp_path / "t.db").close()
    (tmp_path / "t.db").chmod(0o600)
    return tmp_path / "t.db"


def names(store: Store) -> list[str]:
    return [row[0] for row in store._db.rows("SELECT id FROM source ORDER BY id")]


def test_a_draft_becomes_the_database_where_nobody_else_has_it_open(path: Path) -> None:
    (path.parent / ".t.db.filling").write_bytes(b"what a run left that was killed")
    linked = path.parent / "linked.db"
    linked.symlink_to(path)
    file = path.stat().st_ino
    with Store.open(linked) as store, store.writing():
        store.fill([packed({"source": [OUTLET]})], NOW)
        assert names(store) == ["herald"]  # the store goes on with the new file
        assert store._db.rows("PRAGMA journal_mode")[0][0] == "wal"
        store.fill([packed({"source": [OTHER]})], NOW)  # sources are nothing that is in the way
    assert path.stat().st_ino != file
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert linked.is_symlink()
    assert sorted(one.name for one in path.parent.iterdir()) == ["linked.db", "linked.db.lock", "t.db", "t.db.lock"]
    with Store.open(path, read_only=True) as store:
        assert names(store) == ["herald", "post"]


def test_who_has_the_database_open_sees_it_as_it_was_until_the_end(path: Path) -> None:
    with Store.open(path) as store, store.writing(), closing(Store.open(path, read_only=True)) as reader:

        def batches() -> Iterator[Packed]:
            yield packed({"source": [OUTLET]})
            assert names(reader) == []

        store.fill(batches(), NOW)
        assert names(reader) == names(store) == ["herald"]


def test_what_goes_wrong_leaves_the_database_as_it_was(path: Path) -> None:
    def batches() -> Iterator[Packed]:
        yield packed({"source": [OUTLET]})
        raise StoreError("the lake is gone")

    before = path.read_bytes()
    with Store.open(path) as store, store.writing(), pytest.raises(StoreError, match="the lake is gone"):
        store.fill(batches(), NOW)
    assert path.read_bytes() == before
    assert not list(path.parent.glob(".t.db*"))


def test_a_folder_that_cannot_be_written_is_told(path: Path) -> None:
    (path.parent / ".t.db.filling").mkdir()
    with Store.open(path) as store, store.writing(), pytest.raises(StoreError, match="filling: cannot be written"):
        store.fill([packed({"source": [OUTLET]})], NOW)
