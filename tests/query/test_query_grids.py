"""One field against another, and parties in order: the numbers are those that the timeline counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import facet_world
import pytest

from tracker.errors import InputError
from tracker.query import Timeline, grids, roster
from tracker.query.facets import Index
from tracker.query.grids import Grid

TOP = 2
# Fields whose values are filters of the same name, so that the timeline can be asked for what is left out.
SIDES = [("type", "status"), ("actor", "item"), ("party", "direction"), ("country", "type"), ("instrument", "target")]
FILTERS: list[dict[str, Any]] = [
    {},
    {"direction": "restrict"},
    {"since": "2024"},
    {"rejected": True},
    {"text": "nothing"},
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Timeline, Index]]:
    path: Path = tmp_path_factory.mktemp("grids") / "t.db"
    facet_world.write(path, 5, 150)
    with Timeline.open(path) as timeline:
        yield timeline, timeline.ask(lambda db, _: Index.load(db))


def counted(world: tuple[Timeline, Index], rows: str, columns: str, top: int = TOP, **filters: Any) -> Grid:
    timeline, index = world
    return timeline.ask(lambda db, told: grids.grid(index, db, told, rows, columns, top=top), **filters)


def exactly(field: str, *values: str) -> dict[str, list[str]]:
    return {field: [f"={one}" if field in ("item", "instrument") else one for one in values]}


@pytest.mark.parametrize("filters", FILTERS, ids=str)
@pytest.mark.parametrize(("rows", "columns"), SIDES)
def test_cells_totals_and_others_are_what_the_timeline_counts(
    world: tuple[Timeline, Index], rows: str, columns: str, filters: dict[str, Any]
) -> None:
    timeline, _ = world

    def count(**more: Any) -> int:
        return timeline.count(**{**filters, **more})

    found = counted(world, rows, columns, **filters)
    assert found.events == count()
    shown = [one.value for one in found.columns]
    for side, cells in zip(found.rows, found.cells, strict=True):
        of_row: dict[str, Any] = exactly(rows, side.value)
        assert side.events == count(**of_row)
        assert list(cells) == [count(**of_row, **exactly(columns, value)) for value in shown]
        assert side.others == count(**of_row) - count(**of_row, **exactly(columns, *shown))
    for side in found.columns:
        of_column: dict[str, Any] = exactly(columns, side.value)
        assert side.others == count(**of_column) - count(
            **of_column, **exactly(rows, *(one.value for one in found.rows))
        )


def test_those_with_most_events_come_first_and_the_others_are_counted(world: tuple[Timeline, Index]) -> None:
    every = counted(world, "actor_country", "target_country", top=30)
    some = counted(world, "actor_country", "target_country", top=1)
    assert [one.events for one in every.rows] == sorted((one.events for one in every.rows), reverse=True)
    assert (some.rows[0].value, some.row_values, some.column_values) == (
        every.rows[0].value,
        len(every.rows),
        len(every.columns),
    )
    assert some.most == some.cells[0][0] > 0
    assert list(some.to_dict())[:3] == ["row_field", "column_field", "events"]


@pytest.mark.parametrize("field", ["actor_country", "target", "item", "tier"])
def test_how_many_name_any_value(world: tuple[Timeline, Index], field: str) -> None:
    timeline, index = world
    every = counted(world, field, "type", top=30)
    assert timeline.ask(lambda db, told: grids.named(index, db, told, field)) == sum(
        timeline.count(type=kind.value) - kind.others for kind in every.columns
    )


@pytest.mark.parametrize(
    ("rows", "columns", "filters", "words"),
    [
        ("type", "type", {}, "two different ones"),
        ("typ", "status", {}, "did you mean 'type'"),
        ("type", "status", {"as_of": "2024"}, "not kept of the past"),
    ],
)
def test_what_cannot_be_counted_is_refused(
    world: tuple[Timeline, Index], rows: str, columns: str, filters: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        counted(world, rows, columns, **filters)


def listed(world: tuple[Timeline, Index], **asked: Any) -> roster.Roster:
    return world[0].ask(lambda db, _: roster.roster(db, **asked))


def months_of(timeline: Timeline, key: str) -> dict[str, dict[str, int]]:
    return timeline.ask(lambda db, _: roster.months(db, key))


def test_parties_are_told_with_the_events_that_filters_give(world: tuple[Timeline, Index]) -> None:
    timeline, _ = world
    found = listed(world)
    assert {row.id for row in found.rows} == {one[0] for one in facet_world.ENTITIES if one[4] is None}
    assert found.many == len(found.rows)
    for row in found.rows:
        assert (row.acts, row.targeted) == (timeline.count(actor=row.id), timeline.count(target=row.id))
        months = months_of(timeline, row.id)
        dated = {
            "acts": timeline.count(actor=row.id, since="2000"),
            "targeted": timeline.count(target=row.id, since="2000"),
            "party": timeline.count(party=row.id, since="2000"),
        }
        assert {name: sum(events.values()) for name, events in months.items()} == dated


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({"kind": "court"}, ["court:us"]),
        ({"country": "SG"}, ["co:a:cloud"]),
        ({"kind": "company", "country": "US"}, ["co:b"]),
        ({"text": "co:a:cloud"}, ["co:a:cloud"]),
        ({"text": "name:company:b-inc"}, ["co:b"]),  # what stands for it
        ({"text": "nobody"}, []),
        ({"ids": ("gov:cn", "none")}, ["gov:cn"]),
        ({"offset": 100}, []),
    ],
    ids=str,
)
def test_parties_are_asked_for(world: tuple[Timeline, Index], asked: dict[str, Any], ids: list[str]) -> None:
    assert [row.id for row in listed(world, **asked).rows] == ids


@pytest.mark.parametrize("order", ["active", "acts", "targeted"])
def test_parties_come_in_order(world: tuple[Timeline, Index], order: str) -> None:
    weights = {"active": lambda row: row.acts + row.targeted, "acts": lambda row: row.acts}
    told = list(map(weights.get(order, lambda row: row.targeted), listed(world, order=order).rows))
    assert told == sorted(told, reverse=True)
    assert listed(world, order=order, limit=3, offset=2).rows == listed(world, order=order).rows[2:5]


def test_an_order_that_is_none_is_refused(world: tuple[Timeline, Index]) -> None:
    with pytest.raises(InputError, match="unknown order: 'loud'"):
        listed(world, order="loud")


def test_seats_are_those_of_parties(world: tuple[Timeline, Index]) -> None:
    assert world[0].ask(lambda db, _: roster.seats(db)) == ["CN", "SG", "US"]
