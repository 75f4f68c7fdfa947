"""The index in memory counts what `Timeline.counts` counts, under any filters and after any writes."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import facet_world
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.errors import InputError
from tracker.query import Timeline
from tracker.query.counting import FIELDS
from tracker.query.facets import Facets, Index
from tracker.store import facets
from tracker.store.changes import log_change
from tracker.store.connection import Connection, open_database

COUNTED = tuple(name for name in FIELDS if name != "actor_target")
TIMES = ("since", "until", "between", "last")
ONE_OR_MORE = {
    "type": ("export_control", "access_restriction", "tariff"),
    "subtype": ("visa_ban",),
    "status": ("announced", "proposed", "ended"),
    "direction": ("restrict", "ease"),
    "certainty": ("reported", "denied"),
    "actor": ("US", "gov:us", "co:a", "nobody"),
    "target": ("CN", "co:b", "co:a:cloud"),
    "party": ("co:a", "CN"),
    "party_kind": ("court", "company"),
    "country": ("SG", "cn"),
    "pair": ("US>CN", "us > sg", "US>"),
    "item": ("chip", "chip -tools", "list", "-gallium", "=AI chips"),
    "instrument": ("act",),
    "source": ("herald", "none"),
    "tier": ("official", "social"),
    "tag": ("law",),
    "language": ("DE", "en"),
    "measure": ("m1",),
    "amount": (">=1bn USD", "rate<=25", ">=3bn USD", ">1.5bn", ">0 %", "1m..3bn USD"),
}
DATES = st.sampled_from(["2023", "2024-02", "2024-06-25", "2024-06-26"])
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        **{
            name: st.one_of(st.sampled_from(values), st.lists(st.sampled_from(values), min_size=1, unique=True))
            for name, values in ONE_OR_MORE.items()
        },
        "since": DATES,
        "until": DATES,
        "on": st.sampled_from(["announced", "effective", "first_seen"]),
        "in_force_on": st.just("2024-06-25"),
        "min_confidence": st.sampled_from([0.3, 0.33]),
        "min_origins": st.sampled_from([2, 10]),
        "reviewed": st.booleans(),
        "contradicted": st.booleans(),
        "rejected": st.booleans(),
        "text": st.sampled_from(["s", "nothing"]),
    },
)


def asked(timeline: Timeline, index: Index, filters: dict[str, Any], fields: Collection[str]) -> Facets:
    found = timeline.ask(lambda db, told: index.facets(db, told, fields), **filters)
    assert found is not None
    return found


Compare = Callable[[dict[str, Any], list[str]], None]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Timeline, Index]]:
    path = tmp_path_factory.mktemp("index") / "t.db"
    facet_world.write(path, 3, 200)
    with Timeline.open(path) as timeline:
        yield timeline, Index.load(timeline._db)


@pytest.fixture(scope="module")
def compare(world: tuple[Timeline, Index]) -> Compare:
    timeline, index = world
    return lambda filters, fields: same(timeline, asked(timeline, index, filters, fields), filters)


def same(timeline: Timeline, found: Facets, filters: dict[str, Any]) -> None:
    """What the index says is what the timeline says."""
    assert found.events == timeline.count(**filters)
    timeless = {name: value for name, value in filters.items() if name not in TIMES}
    months = timeline.counts(per="month", **timeless)
    assert found.months == tuple((row.period, row.events) for row in months.rows if row.period)
    for name, values in found.fields.items():
        others = {key: value for key, value in filters.items() if key != name}
        told = {row.values[0]: (row.names[0], row.events) for row in timeline.counts(name, top=None, **others).rows}
        for one in values:
            if one.chosen:
                assert one.events == timeline.count(**{**others, name: one.value}), (name, one)
            else:
                assert (one.name, one.events) == told[one.value], (name, one)
        if not any(one.chosen for one in values):
            best = sorted(told, key=lambda value: (-told[value][1], value))
            assert [one.value for one in values] == best[: len(values)]
            assert len(values) == min(len(told), 12)


def test_what_is_chosen_is_told_as_it_was_asked_for_under_its_name(world: tuple[Timeline, Index]) -> None:
    timeline, index = world
    cases: list[tuple[str, tuple[str, ...], list[tuple[str, str]]]] = [
        ("item", ("=AI chips", "chip"), [("=AI chips", "AI chips"), ("chip", "chip")]),
        ("country", ("cn", "FR"), [("FR", "FR"), ("cn", "CN")]),
        ("actor", ("co:a", "nobody"), [("co:a", "co:a"), ("nobody", "nobody")]),
        ("language", ("DE",), [("DE", "de")]),
    ]
    for field, texts, told in cases:
        found = asked(timeline, index, {field: texts}, (field,)).fields[field]
        assert sorted((one.value, one.name) for one in found if one.chosen) == told, field
        names = [one.name for one in found]
        assert len(set(names)) == len(names), field  # nothing twice


def test_a_field_with_too_many_values_is_refused(world: tuple[Timeline, Index]) -> None:
    timeline, index = world
    with pytest.raises(InputError, match="not counted here by 'actor_target'"):
        asked(timeline, index, {}, ("actor_target",))
    with pytest.raises(InputError, match="cannot be counted by 'colour'"):
        asked(timeline, index, {}, ("colour",))


def test_where_too_many_would_have_to_be_looked_at_nothing_is_counted(
    world: tuple[Timeline, Index], monkeypatch: pytest.MonkeyPatch
) -> None:
    timeline, index = world
    monkeypatch.setattr("tracker.query.facet_masks.MOST_TESTED", 10)
    assert timeline.ask(lambda db, told: index.facets(db, told, ()), min_confidence=0.33) is None
    assert timeline.ask(lambda db, told: index.facets(db, told, ()), min_confidence=0.35) is not None


def test_no_event_is_looked_at_twice_nor_in_vain(
    world: tuple[Timeline, Index], monkeypatch: pytest.MonkeyPatch
) -> None:
    timeline, index = world
    looked: list[int] = []

    def note(sql: str) -> None:
        if told := re.search(r"FROM event WHERE number IN .*json_each\('(\[.*?\])'\)", sql):
            looked.extend(json.loads(told[1]))

    def count() -> Facets | None:
        return timeline.ask(lambda db, told: index.facets(db, told, ("type",)), type="tariff", min_confidence=0.33)

    timeline._db.raw.set_trace_callback(note)
    try:
        assert count() is not None
        assert len(looked) == len(set(looked)) > timeline.count(type="tariff")
        monkeypatch.setattr("tracker.query.facet_masks.MOST_TESTED", len(looked) - 1)
        looked.clear()
        assert count() is None  # the other types are too many, whose counts a page shows beside those of this one
        assert looked == []
    finally:
        timeline._db.raw.set_trace_callback(None)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(filters=FILTERS, fields=st.lists(st.sampled_from(COUNTED), max_size=4, unique=True))
def test_the_index_counts_what_the_timeline_counts(
    compare: Compare, filters: dict[str, Any], fields: list[str]
) -> None:
    if filters.get("since", "0") > filters.get("until", "9"):
        filters.pop("since")
    compare(filters, fields)


def reject(db: Connection, chance: random.Random) -> None:
    number = some_event(db, chance)
    verdict = chance.choice(("reject", "accept", None))
    db.run("UPDATE event SET verdict = ?, changed_at = 'later' WHERE number = ?", (verdict, number))
    logged(db, number, "updated")


def alter(db: Connection, chance: random.Random) -> None:
    number = some_event(db, chance)
    day = chance.choice(("2023-05-01", "2025-01-01"))
    db.run("UPDATE event SET type = 'tariff', day = ?1, announced_from = ?1, announced_to = ?1, changed_at = 'later'"
           " WHERE number = ?2", (day, number))  # fmt: skip
    logged(db, number, "updated")


def remove(db: Connection, chance: random.Random) -> None:
    number = some_event(db, chance)
    key = str(db.rows("SELECT id FROM event WHERE number = ?", (number,))[0][0])
    db.run("UPDATE report SET event_id = NULL WHERE event_id = ?", (key,))
    db.run("DELETE FROM event WHERE id = ?", (key,))
    log_change(db, "event", key, "removed", facet_world.AT)


def add(db: Connection, chance: random.Random) -> None:
    number = db.number("SELECT max(number) FROM event") + 1
    while db.row("SELECT 1 FROM event WHERE id = ?", (f"e{number}",)) or db.row(
        "SELECT 1 FROM report WHERE id LIKE ?", (f"e{number}-%",)
    ):
        number += 1
    facet_world._event(db.raw, chance, number)
    logged(db, number, "new")


def merge(db: Connection, chance: random.Random) -> None:
    """Nothing is logged of the events."""
    one, other = chance.sample([entity[0] for entity in facet_world.ENTITIES], 2)
    db.run("UPDATE entity SET merged_into = NULL WHERE merged_into IS NOT NULL")
    db.run("UPDATE entity SET merged_into = ? WHERE id = ?", (one, other))


def move(db: Connection, chance: random.Random) -> None:
    """As above."""
    one = chance.choice([entity[0] for entity in facet_world.ENTITIES])
    db.run("UPDATE entity SET country = ? WHERE id = ?", (chance.choice(("US", "SG", "FR", None)), one))


def retier(db: Connection, chance: random.Random) -> None:
    """As above."""
    source = chance.choice([one[0] for one in facet_world.SOURCES])
    db.run("UPDATE source SET tier = ?, tags = ? WHERE id = ?", (chance.choice(("official", "social")), "[]", source))


WRITES = (reject, alter, remove, add, merge, move, retier)
ASKED: tuple[dict[str, Any], ...] = (
    {},
    {"rejected": True},
    {"actor": "US", "since": "2024"},
    {"type": "tariff", "tier": "official"},
    {"country": ("SG", "FR"), "item": "chip"},
)


def some_event(db: Connection, chance: random.Random) -> int:
    return int(chance.choice(db.rows("SELECT number FROM event"))[0])


def logged(db: Connection, number: int, kind: str) -> None:
    key = str(db.rows("SELECT id FROM event WHERE number = ?", (number,))[0][0])
    log_change(db, "event", key, kind, facet_world.AT)


@pytest.mark.parametrize(("seed", "little"), [(1, 2000), (2, 0)], ids=["in one part", "in parts"])
def test_an_index_that_follows_is_one_loaded_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, little: int
) -> None:
    monkeypatch.setattr("tracker.query.facets.LITTLE", little)
    facet_world.write(tmp_path / "t.db", seed, 80)
    chance, steps = random.Random(seed), list(WRITES) * 2
    chance.shuffle(steps)
    writer = open_database(tmp_path / "t.db", read_only=False)
    writer.run("PRAGMA foreign_keys = off")
    writer.before_commit = facets.settle
    with Timeline.open(tmp_path / "t.db") as timeline:
        db = timeline._db
        index = Index.load(db)
        for step in steps:
            with writer.batch():
                for _ in range(chance.randrange(1, 4)):
                    step(writer, chance)
            before, index = index, index.follow(db)
            assert index.follow(db) is index
            assert not index.differing(db)
            assert before.totals["type", False].sum() == asked(timeline, before, {}, ()).events
            for filters in ASKED:
                fields = chance.sample(COUNTED, 4)
                same(timeline, asked(timeline, index, filters, fields), filters)
        assert (len(index.parts) == 1) == (little > 0)
    writer.close()
