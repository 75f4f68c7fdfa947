"""The threads that answer: each with its own connection, none for longer than a page may take, all with one index."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import apart
import pytest
import query_samples

from tracker import backups
from tracker.errors import ForeignDatabaseError, InputError, StoreError
from tracker.query import Timeline
from tracker.query.facets import Index
from tracker.query.past_tables import beside
from tracker.store import facets
from tracker.store.changes import log_change
from tracker.store.connection import Connection, open_database
from tracker.web import indexing
from tracker.web.desk import THREADS, Desk, TooSlowError
from tracker.web.indexing import Keeper

NOW = datetime(2024, 11, 1, tzinfo=UTC)
ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return query_samples.build(tmp_path / "t.db")


def desk(path: Path, seconds: float = 5.0) -> Desk:
    return Desk(path, clock=lambda: NOW, seconds=seconds)


def test_threads_answer_beside_each_other_each_with_its_own_connection(path: Path) -> None:
    meeting = threading.Barrier(THREADS, timeout=20)

    def question(timeline: Timeline) -> int:
        meeting.wait()  # all are there at once, or none gets on
        return timeline.ask(lambda db, _: id(db.raw))

    async def all_at_once() -> list[int]:
        one = desk(path)
        return await asyncio.gather(*(one.ask(question) for _ in range(THREADS)))

    assert len(set(apart.run(all_at_once()))) == THREADS


def test_what_asks_of_the_past_has_one_thread_for_itself(path: Path) -> None:
    def where(_: Timeline) -> str:
        time.sleep(0.01)
        return threading.current_thread().name

    async def asked() -> tuple[set[str], set[str]]:
        one = desk(path)
        past = await asyncio.gather(*(one.ask(where, past=True) for _ in range(6)))
        return set(past), {await one.ask(where) for _ in range(2)}

    past, present = apart.run(asked())
    assert len(past) == 1
    assert past.isdisjoint(present)


def test_a_thread_keeps_its_connection_and_sees_what_is_written(path: Path) -> None:
    one = desk(path)
    seen = [one.answer(lambda timeline: (id(timeline), timeline.count()))]
    with sqlite3.connect(path) as other:
        other.execute("UPDATE facet_key SET events = events + 1 WHERE field = 'all'")
    other.close()
    seen.append(one.answer(lambda timeline: (id(timeline), timeline.count())))
    assert seen[0][0] == seen[1][0]
    assert seen[0][1] + 1 == seen[1][1]


def test_a_question_that_takes_too_long_ends_and_the_next_is_answered(path: Path) -> None:
    one = desk(path, seconds=0.05)
    begun = time.monotonic()
    with pytest.raises(TooSlowError):
        one.answer(lambda timeline: timeline.ask(lambda db, _: db.rows(ENDLESS)))
    assert time.monotonic() - begun < 5
    assert one.answer(lambda timeline: timeline.count()) > 0


def test_the_past_is_asked_on_a_connection_of_its_own_and_for_no_longer(path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(TooSlowError):
        desk(path, seconds=0.05).answer(lambda timeline: timeline.ask(lambda db, _: beside(db).rows(ENDLESS)))
    assert time.monotonic() - began < 5


def test_what_is_wrong_with_a_question_or_a_file_is_told(path: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unknown type"):
        desk(path).answer(lambda timeline: timeline.count(type="war"))
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        desk(path).answer(lambda timeline: timeline.ask(lambda db, _: db.rows("SELECT 1 FROM none_such")))
    with pytest.raises(StoreError, match="there is no database yet"):
        desk(tmp_path / "none.db").answer(lambda timeline: timeline.count())
    (tmp_path / "text.db").write_text("hello")
    with pytest.raises(ForeignDatabaseError):
        desk(tmp_path / "text.db").answer(lambda timeline: timeline.count())


def test_it_writes_nothing(path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        desk(path).answer(lambda timeline: timeline.ask(lambda db, _: db.run("DELETE FROM event")))


def test_another_file_of_the_name_is_shown_at_once_and_counted_anew(path: Path, tmp_path: Path) -> None:
    one = desk(path)

    def told(timeline: Timeline) -> tuple[int, int]:
        found = timeline.ask(lambda db, given: soon(one, timeline).facets(db, given, ()))
        assert found is not None
        return timeline.count(), found.events

    assert one.answer(told) == (8, 8)
    other = Path(shutil.copy(path, tmp_path / "backup.db"))
    reject(other)
    other.replace(path)
    for ending in ("-wal", "-shm"):
        path.with_name(f"{path.name}{ending}").unlink(missing_ok=True)
    assert one.answer(told) == (7, 7)
    path.unlink()
    with pytest.raises(StoreError, match="there is no database yet"):
        one.answer(lambda timeline: timeline.count())


def test_a_restored_backup_is_shown_at_once_though_it_was_written_to_just_as_often(path: Path, tmp_path: Path) -> None:
    one = desk(path)

    def told(timeline: Timeline) -> tuple[dict[str, int], dict[str, int]]:
        found = timeline.ask(lambda db, given: soon(one, timeline).facets(db, given, ("type",)))
        assert found is not None
        counted = timeline.counts("type", top=None)
        return (
            {row.values[0]: row.events for row in counted.rows},
            {value.value: value.events for value in found.fields["type"]},
        )

    backup = backups.make(path, tmp_path / "backups", now=NOW).backup
    reject(path)
    before = one.answer(told)
    backups.restore(backup.file, path, now=NOW)
    reject(path, "DESC")  # the log of changes is as long as it was
    after = one.answer(told)
    assert before[0] == before[1] != after[0]
    assert after[0] == after[1]


def test_the_index_is_one_for_all_threads_and_follows_what_is_written(path: Path) -> None:
    keeper = Keeper(path)
    with Timeline.open(path) as timeline, Timeline.open(path) as other:
        index = soon(keeper, timeline)
        assert keeper.index(other) is index
        reject(path)
        assert wait_for(lambda: keeper.index(other) is not index)
        assert keeper.index(timeline) is keeper.index(other)
        found = timeline.ask(lambda db, told: soon(keeper, timeline).facets(db, told, ()))
        assert found is not None
        assert found.events == timeline.count()


def test_what_takes_long_to_follow_is_left_alone_for_a_while(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "FOLLOWED", 0.0)  # whatever it takes is long
    monkeypatch.setattr(indexing, "PAUSE", 1e9)
    keeper = Keeper(path)
    with Timeline.open(path) as timeline:
        first = soon(keeper, timeline)
        monkeypatch.setattr(indexing, "LONGEST", 600.0)
        reject(path)
        assert wait_for(lambda: keeper.index(timeline) is not first)
        second = soon(keeper, timeline)
        reject(path, "DESC")
        assert not wait_for(lambda: keeper.index(timeline) is not second, 0.3)


def test_a_page_does_not_wait_long_for_the_index(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "LOADED", 0.0)
    loading, go = threading.Event(), threading.Event()
    load = Index.load

    def slowly(db: Connection) -> Index:
        loading.set()
        assert go.wait(20)
        return load(db)

    monkeypatch.setattr(Index, "load", slowly)
    keeper = Keeper(path)
    with Timeline.open(path) as timeline:
        assert keeper.index(timeline) is None
        assert loading.wait(20)
        assert keeper.index(timeline) is None
        go.set()
        assert wait_for(lambda: keeper.index(timeline) is not None)


def test_where_the_file_is_gone_there_is_no_index_and_a_later_page_tries_again(path: Path, tmp_path: Path) -> None:
    away = tmp_path / "away.db"
    keeper = Keeper(away)
    with Timeline.open(path) as timeline:
        assert keeper.index(timeline) is None
        shutil.copy(path, away)
        assert wait_for(lambda: keeper.index(timeline) is not None)


def soon(keeper: Keeper | Desk, timeline: Timeline) -> Index:
    """The index, as soon as it is loaded."""
    assert wait_for(lambda: keeper.index(timeline) is not None)
    index = keeper.index(timeline)
    assert index is not None
    return index


def wait_for(holds: object, seconds: float = 20.0) -> bool:
    """Whether something comes to hold."""
    assert callable(holds)
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def reject(path: Path, order: str = "ASC") -> None:
    """A person rejects an event."""
    db = open_database(path, read_only=False)
    db.before_commit = facets.settle
    with db.batch():
        row = db.row(f"SELECT id FROM event WHERE verdict IS NULL ORDER BY number {order} LIMIT 1")
        assert row is not None
        db.run("UPDATE event SET verdict = 'reject', changed_at = 'later' WHERE id = ?", (row["id"],))
        log_change(db, "event", row["id"], "updated", "2024-11-01T00:00:00+00:00")
    db.close()
