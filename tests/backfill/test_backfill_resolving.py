"""A lake resolved in parts is what a refresh makes of its articles one by one."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from resolving_samples import NOW, TIERS, Inline, Some, cut, keep, one_by_one, read, source

from tracker.backfill.resolving import resolve_parts
from tracker.backfill.stages import Part
from tracker.errors import StoreError
from tracker.store import Store
from tracker.store.bulk import Rows, packed
from tracker.store.compare import Row, dump, partition
from tracker.store.connection import open_database

PAIRS = tuple(read(number) for number in range(60))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What comes of all articles at once, one by one."""
    path = tmp_path_factory.mktemp("whole") / "t.db"
    one_by_one(path, PAIRS)
    return path


def filled(path: Path, parts: list[Some]) -> None:
    """The database that comes of parts."""
    every: list[Part] = list(parts)
    engine = Inline()
    resolution = resolve_parts(every, engine, tiers=TIERS)
    with Store.open(path) as store, store.writing():
        store.sources.sync([source(key) for key in TIERS], NOW)
        store.fill(resolution.tables(engine), NOW)
        assert not store.needs_settling()


def test_the_sample_has_what_may_go_wrong(whole: Path) -> None:
    found = dump(whole)
    assert len(found["report"]) > 2 * len(found["event"]) > 2 * len(found["measure"]) > 2
    for name in ("measure_link", "tie_ask", "contradiction", "entity_evidence"):
        assert found[name], name
    with Store.open(whole) as store:
        assert store.counts()["copies"] > 5
        assert any(one.withdrawn for one in store.events.events([str(row[0]) for row in found["event"]]))
        assert any(store.entities.standing(store.entities.all().values()))


@pytest.mark.parametrize(("many", "seed"), [(1, 1), (2, 2), (5, 3), (20, 4)])
def test_parts_give_what_comes_of_the_articles_one_by_one(many: int, seed: int, whole: Path, tmp_path: Path) -> None:
    filled(tmp_path / "t.db", cut(PAIRS, many, seed))
    assert different(partition(tmp_path / "t.db"), partition(whole)) == {}
    # All fit into one batch of settling, so that measures have the ids of their leads in both.
    assert different(dump(tmp_path / "t.db"), dump(whole)) == {}
    assert following(tmp_path / "t.db") == following(whole)


def following(path: Path) -> list[list[tuple[object, ...]]]:
    """What is kept beside the events, in words: facets, tallies, lines, what is new."""
    with closing(open_database(path, read_only=True)) as db:
        return [sorted((tuple(row) for row in db.rows(sql)), key=repr) for sql in FOLLOWING]


FOLLOWING = (
    """SELECT event.id, at, event_facet.day, field, value
    FROM event_facet JOIN event USING (number) JOIN facet_key ON key = facet_key.number""",
    "SELECT event.id, event_keys.day, json_array_length(keys) FROM event_keys JOIN event USING (number)",
    "SELECT field, value, month, facet_key.events, facet_month.events FROM facet_key JOIN facet_month ON key = number",
    "SELECT facet_key.value FROM facet_key JOIN facet_fts ON facet_fts.rowid = number",
    "SELECT id, actors, targets, items, instruments, sources, url FROM event_line JOIN event USING (number)",
    "SELECT what, id, kind, fields, was FROM change",
)


def different(one: dict[str, list[Row]], other: dict[str, list[Row]]) -> dict[str, list[Row]]:
    return {name: [row for row in (*one[name], *other[name]) if (row in one[name]) != (row in other[name])][:3]
            for name in one if one[name] != other[name]}  # fmt: skip


def test_what_was_filled_grows_like_any_other_database(whole: Path, tmp_path: Path) -> None:
    filled(tmp_path / "t.db", cut(PAIRS[:40], 3, 5))
    with Store.open(tmp_path / "t.db") as store, store.writing():
        keep(store, PAIRS[40:])
    assert different(partition(tmp_path / "t.db"), partition(whole)) == {}


def test_rows_that_name_what_is_not_there_are_refused_whole(tmp_path: Path) -> None:
    outlet = ("herald", "Her\ud800ald", "archive", "", "social", "en", "[]", 86_400, 0, 0)
    lost: Rows = {"source": [outlet], "mention": [("no-such-article", "text", 0, 1, "gov:cn", "name")]}
    with Store.open(tmp_path / "t.db") as store, store.writing():
        with pytest.raises(StoreError, match="a row of mention names a row of"):
            store.fill([packed(lost)], NOW)
        assert store.counts()["source"] == 0
        store.fill([packed({"source": [outlet]})], NOW)  # what UTF-8 cannot hold is written as anywhere else
        assert store._db.rows("SELECT name FROM source")[0][0] == "Her\ufffdald"
        assert store._db.number("PRAGMA foreign_keys") == 1  # as for any other writing


def test_a_database_that_holds_articles_is_not_filled(tmp_path: Path) -> None:
    one_by_one(tmp_path / "t.db", PAIRS[:2])
    before = dump(tmp_path / "t.db")
    with pytest.raises(StoreError, match="holds articles"):
        filled(tmp_path / "t.db", cut(PAIRS, 1, 1))
    assert dump(tmp_path / "t.db") == before
