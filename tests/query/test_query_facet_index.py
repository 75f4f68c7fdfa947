"""The index in memory counts what `Timeline.counts` counts, under any filters and after any writes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

import facet_world
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.query import Timeline
from tracker.query.counting import FIELDS
from tracker.query.facets import Facets, Index

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
    "item": ("chip", "chip -tools", "list", "-gallium"),
    "instrument": ("act",),
    "source": ("herald", "none"),
    "tier": ("official", "social"),
    "tag": ("law",),
    "language": ("DE", "en"),
    "measure": ("m1",),
    "amount": (">=1bn USD", "rate<=25"),
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
def compare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Compare]:
    path = tmp_path_factory.mktemp("index") / "t.db"
    facet_world.write(path, 3, 200)
    with Timeline.open(path) as timeline:
        index = Index.load(timeline._db)
        yield lambda filters, fields: same(timeline, asked(timeline, index, filters, fields), filters)


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


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(filters=FILTERS, fields=st.lists(st.sampled_from(COUNTED), max_size=4, unique=True))
def test_the_index_counts_what_the_timeline_counts(
    compare: Compare, filters: dict[str, Any], fields: list[str]
) -> None:
    if filters.get("since", "0") > filters.get("until", "9"):
        filters.pop("since")
    compare(filters, fields)
