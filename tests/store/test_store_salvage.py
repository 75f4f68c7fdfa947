"""Rows saved from damaged files: all that stands on whole pages, and nothing else; what is lost is made again."""

from __future__ import annotations

import io
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from damage_samples import NOISE, PAGE, changed, leaves, roots, spoilt
from stand_ins import BlockReader, Clock, KeptExtractor

from tracker import pipeline
from tracker.config import Config
from tracker.errors import StoreError
from tracker.newsroom import Newsroom
from tracker.store import Store, soundness
from tracker.store.btree import Pages, Seen, UnreadableError
from tracker.store.compare import dump, partition
from tracker.store.connection import SCHEMA_VERSION, Connection, open_database
from tracker.store.migrations import STEPS, migrate
from tracker.store.salvage import Salvaged, salvage

Rows = dict[str, list[tuple[object, ...]]]


@pytest.fixture
def damaged(stocked: Config, tmp_path: Path) -> Path:
    """A copy of a database that is whole so far."""
    path = tmp_path / "t.db"
    with closing(sqlite3.connect(stocked.settings.database)) as raw, closing(sqlite3.connect(path)) as copy:
        raw.backup(copy)
    return path


@pytest.fixture(scope="module")
def undisturbed(stocked: Config) -> Rows:
    return dump(stocked.settings.database)


def saved(path: Path) -> tuple[Salvaged, Path]:
    made = path.with_name("made.db")
    for old in path.parent.glob("made.db*"):
        old.unlink()
    return salvage(path, made), made


def is_sound(path: Path) -> bool:
    with closing(open_database(path, read_only=False)) as db:
        return not (
            soundness.structure(db, thorough=True) or soundness.references(db) or soundness.tallies(db)
            or soundness.full_text(db) or soundness.words(db) or soundness.wrong_facets(db) or soundness.unreadable(db)
        )  # fmt: skip


def test_pages_are_read_as_sqlite_reads_them(damaged: Path) -> None:
    with closing(sqlite3.connect(damaged)) as raw:
        raw.text_factory = str
        rows = {
            name: raw.execute(f"SELECT rowid, * FROM {name} ORDER BY rowid").fetchall() for name in ("page", "item")
        }
    with Pages(damaged) as pages:
        for name, wanted in rows.items():
            seen = Seen()
            found = [(row.number, *row.values) for row in pages.rows(roots(damaged)[name], seen)]
            assert found == wanted
            assert seen.faults == 0


def test_a_log_that_was_left_behind_is_read_up_to_its_last_commit(damaged: Path) -> None:
    with closing(sqlite3.connect(damaged, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = wal")
        raw.execute("UPDATE source SET name = 'told last'")
        raw.execute("BEGIN")
        raw.execute("UPDATE source SET name = 'never told'")
        raw.execute("PRAGMA cache_spill = 1")
        log = damaged.with_name("t.db-wal").read_bytes()
        raw.execute("ROLLBACK")
        copy = damaged.with_name("copy.db")
        shutil.copy(damaged, copy)
    copy.with_name("copy.db-wal").write_bytes(log + log[-PAGE:])
    with Pages(copy) as pages:
        assert {row.values[1] for row in pages.rows(roots(damaged)["source"], Seen())} == {"told last"}


def test_a_whole_file_is_saved_whole(damaged: Path, undisturbed: Rows) -> None:
    found, made = saved(damaged)
    assert not found.has_lost
    assert dump(made) == undisturbed
    assert is_sound(made)


@pytest.mark.parametrize("table", ["article", "change"])
def test_no_row_is_lost_with_the_page_that_led_to_all_of_them(damaged: Path, undisturbed: Rows, table: str) -> None:
    assert len(leaves(damaged, table)) > 1
    spoilt(damaged, roots(damaged)[table])
    found, made = saved(damaged)
    assert not found.has_lost
    assert dump(made) == undisturbed
    with Store.open(made, read_only=True) as store:
        last = "SELECT seq FROM sqlite_sequence WHERE name = 'change'"
        assert store._db.number(last) == store._db.number("SELECT max(cursor) FROM change")


def test_what_was_lost_is_counted_and_had_again_by_a_refresh(
    damaged: Path, stocked: Config, undisturbed: Rows, extractor: KeptExtractor
) -> None:
    wanted = partition(stocked.settings.database)
    spoilt(damaged, leaves(damaged, "article")[1], leaves(damaged, "report")[1], leaves(damaged, "mention")[0])
    found, made = saved(damaged)
    assert found.lost.keys() == {"article", "report", "mention"}
    assert is_sound(made)
    kept = dump(made)
    assert len(undisturbed["article"]) - len(kept["article"]) == found.lost["article"]
    with Newsroom() as room, Store.open(made) as store:
        conf = stocked.with_connect_to(dict.fromkeys(room.hosts, room.address)).with_database(made)
        pipeline.refresh(conf, store, BlockReader, clock=Clock(), extractor=extractor)
    after = dump(made)
    assert [row[0] for row in after["article"]] == [row[0] for row in undisturbed["article"]]
    for name in ("report", "event", "event_party", "measure", "mention", "item"):
        assert len(after[name]) == len(undisturbed[name]), name
    assert partition(made)["report_standing"] == wanted["report_standing"]
    assert partition(made)["event"] == wanted["event"]


@pytest.mark.parametrize(
    ("spoil", "least"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2 + 77]), 0.2),
        (lambda path: spoilt(path, *range(5, 400, 10)), 0.3),
        (lambda path: spoilt(path, *range(3, 400, 7), content=bytes(PAGE)), 0.3),
    ],
    ids=["cut off", "noise everywhere", "zeroes everywhere"],
)
def test_a_file_with_much_damage_becomes_a_sound_one(
    damaged: Path, undisturbed: Rows, spoil: Callable[[Path], object], least: float
) -> None:
    spoil(damaged)
    before = damaged.read_bytes()
    found, made = saved(damaged)
    assert damaged.read_bytes() == before
    assert found.has_lost
    assert is_sound(made)
    kept = dump(made)
    for name in ("article", "page", "item", "report"):  # by their keys: a page within a long text cannot be missed
        assert {row[0] for row in kept[name]} <= {row[0] for row in undisturbed[name]}
    assert sum(map(len, kept.values())) > least * sum(map(len, undisturbed.values()))


@pytest.mark.parametrize("pages", [150, 300])
def test_no_row_is_given_up_because_the_disk_is_full(
    damaged: Path, monkeypatch: pytest.MonkeyPatch, pages: int
) -> None:
    def full(path: Path, *, read_only: bool) -> Connection:
        db = open_database(path, read_only=read_only)
        if path.name == "made.db":
            db.rows(f"PRAGMA max_page_count = {pages}")
        return db

    monkeypatch.setattr("tracker.store.salvage.open_database", full)
    with pytest.raises(StoreError, match="the disk is full"):
        saved(damaged)


class Failing(io.BytesIO):
    """A file with a sector that the disk does not read any more."""

    sector = 5 * PAGE

    def read(self, size: int | None = -1) -> bytes:
        """Read, but there."""
        if self.tell() == self.sector:
            raise OSError(5, "Input/output error")
        return super().read(size)


def test_a_page_that_the_disk_does_not_read_is_left_out(damaged: Path) -> None:
    with Pages(damaged) as pages:
        pages._file.close()
        pages._file = Failing(damaged.read_bytes())
        assert pages.kind(6) == 0
        with pytest.raises(UnreadableError, match="Input/output error"):
            pages.page(6)
        assert len(pages.page(7)) == PAGE


def test_bytes_that_are_no_text_are_marked_and_the_row_stays(damaged: Path, undisturbed: Rows) -> None:
    changed(damaged, "UPDATE article SET title = CAST(x'41ff42' AS TEXT) WHERE number = 1")
    found, made = saved(damaged)
    assert found.mended == {"article": 1}
    with Store.open(made, read_only=True) as store:
        assert store._db.row("SELECT title FROM article WHERE number = 1")["title"] == "A\ufffdB"  # type: ignore[index]
    assert len(dump(made)["article"]) == len(undisturbed["article"])


def test_a_file_of_an_earlier_schema_is_saved_and_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with closing(open_database(path, read_only=False)) as db:
        migrate(db, steps=STEPS[:3])
        db.run("INSERT INTO measure (id, title, first_seen_at) VALUES ('m', 'M', '2024-07-01T00:00:00+00:00')")
    spoilt(path, roots(path)["report"])
    _, made = saved(path)
    with closing(open_database(made, read_only=True)) as db:
        assert db.number("PRAGMA user_version") == SCHEMA_VERSION
        assert db.number("SELECT count(*) FROM measure") == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (NOISE * 3, "restore a backup"),
        (b"", "restore a backup"),
        (b"SQLite format 3\0" + bytes(50), "restore a backup"),
    ],
    ids=["noise", "nothing", "a piece of a head"],
)
def test_what_is_no_database_at_all_is_left_alone(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "t.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=told):
        saved(path)
    assert path.read_bytes() == content
    assert [file.name for file in tmp_path.iterdir()] == ["t.db"]
