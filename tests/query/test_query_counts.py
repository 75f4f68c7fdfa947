"""Counts: what is read from tallies, and what is counted event by event, is what one would count by hand."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import product
from typing import Any

import count_samples
import pytest
import query_samples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.errors import InputError
from tracker.query import EventDetail, Timeline
from tracker.query.counting import FIELDS, PERIODS, Per, period, span

PARENTS = {party.id: party.parent for party in query_samples.PARTIES.values()}
TIERS = {key: tier.value for key, (_, tier) in query_samples.SOURCES.items()}


@pytest.fixture(scope="session")
def details(many: Timeline) -> dict[str, EventDetail]:
    rejected = many.timeline(limit=None, rejected=True)
    assert len(rejected) == len(count_samples.REJECTED)
    return {row.id: many.event(row.id) for row in (*many.timeline(limit=None), *rejected)}


def family(ids: list[str]) -> set[str]:
    """Parties with what they belong to."""
    found = set(ids)
    while over := {up for one in found if (up := PARENTS.get(one))} - found:
        found |= over
    return found


def values(event: EventDetail, field: str) -> set[str]:
    """What an event has of a field, by hand."""
    row = event.event
    actors, targets = event.actors, event.targets
    here, there = ([party.country for party in parties if party.country] for parties in (actors, targets))
    told: dict[str, Any] = {
        "actor": family([one.id for one in actors]),
        "target": family([one.id for one in targets]),
        "party": family([one.id for one in (*actors, *targets)]),
        "party_kind": [one.kind for one in (*actors, *targets)],
        "country": here + there,
        "actor_country": here,
        "target_country": there,
        "pair": [f"{left}>{right}" for left, right in product(here, there)],
        "actor_target": [f"{left.id}>{right.id}" for left, right in product(actors, targets)],
        "item": [item.casefold() for item in row.items],
        "instrument": [name.casefold() for name in row.instruments],
        "source": [report.source_id for report in event.reports],
        "tier": [report.tier for report in event.reports],
        "tag": [],
        "language": [report.language for report in event.reports],
    }
    plain = getattr(row, field) if field not in told else None
    return set(told[field]) if field in told else set() if plain is None else {plain}


def when(event: EventDetail, per: str | None, on: str) -> str | None:
    days = {
        "announced": event.event.date,
        "effective": event.event.effective_on,
        "first_seen": event.first_seen_at[:10],
    }
    day = days[on] or ""
    return None if per is None else period(day + "-01-01"[len(day) - 4 :] if 4 <= len(day) < 10 else day, per)


FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["sanction", ["tariff", "export_control"]]),
        "status": st.sampled_from(["announced", "in_force"]),
        "actor": st.sampled_from(["US", "gov:us", "China", "Nvidia"]),
        "target": st.sampled_from(["CN", "Alibaba"]),
        "item": st.sampled_from(["chips", "gallium"]),
        "since": st.sampled_from(["2023-12", "2024", "2024-03-01"]),
        "until": st.sampled_from(["2024-03", "2024-06"]),
        "tier": st.sampled_from(["official", "major"]),
        "min_confidence": st.sampled_from([0.0, 0.7]),
        "rejected": st.booleans(),
        "on": st.sampled_from(["announced", "effective", "first_seen"]),
    },
)
BY = st.lists(st.sampled_from(sorted(FIELDS)), max_size=2, unique=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(by=BY, per=st.sampled_from([None, *PERIODS]), filters=FILTERS)
def test_counts_are_those_of_the_timeline(
    many: Timeline, details: dict[str, EventDetail], by: list[str], per: Any, filters: dict[str, Any]
) -> None:
    events = [details[row.id] for row in many.timeline(limit=None, **filters)]
    expected: Counter[tuple[tuple[str, ...], str | None]] = Counter()
    first: dict[tuple[str, ...], str] = {}
    axis = filters.get("on", "announced")
    for event in events:
        for combination in product(*(sorted(values(event, field)) for field in by)):
            expected[combination, when(event, per, axis)] += 1
            day = when(event, "day", axis)
            if day is not None:
                first[combination] = min(day, first.get(combination, day))
    found = many.counts(*by, per=per, top=None, first=bool(by), **filters)
    assert found.events == len(events) == many.count(**filters)
    assert {(row.values, row.period): row.events for row in found.rows} == expected
    assert {row.values: row.first for row in found.rows if by} == (
        {key: first.get(key) for key, _ in expected} if by else {}
    )


@pytest.mark.parametrize("field", sorted(FIELDS))
@pytest.mark.parametrize("per", [None, "month", "week"])
def test_tallies_and_events_give_the_same(many: Timeline, field: str, per: Any) -> None:
    whole = many.counts(field, per=per, top=5, first=True)
    assert many.counts(field, per=per, top=5, first=True, min_confidence=0.0) == whole
    late = many.counts(field, per=per, top=3, newest=True)
    assert many.counts(field, per=per, top=3, newest=True, min_confidence=0.0) == late
    first = [row.first or "" for row in many.counts(field, top=None, first=True).rows]
    shown = [row.first or "" for row in dict.fromkeys(row for row in many.counts(field, top=3, newest=True).rows)]
    assert shown == sorted(first, reverse=True)[:3]


@pytest.mark.parametrize(
    ("rows", "columns"), [("actor_country", "target_country"), ("actor", "target"), ("type", "item")]
)
@pytest.mark.parametrize("top", [2, 15])
def test_a_matrix_is_the_same_from_tallies_and_from_events(many: Timeline, rows: str, columns: str, top: int) -> None:
    whole = many.matrix(rows, columns, top=top)
    assert many.matrix(rows, columns, top=top, min_confidence=0.0) == whole
    field = {"actor": "actor_target", "actor_country": "pair"}.get(rows)
    told = many.counts(*([field] if field else [rows, columns]), top=None)
    counts = {tuple(row.values[0].split(">")) if field else row.values: row.events for row in told.rows}
    assert len(whole.rows) <= top
    for row, cells in zip(whole.rows, whole.cells, strict=True):
        for column, events in zip(whole.columns, cells, strict=True):
            assert events == counts.get((row.value, column.value), 0)


@pytest.mark.parametrize("by", ["actor", "target", "party", "source", "tier", "language", "pair", "party_kind", "type"])
def test_a_count_is_what_the_filter_of_that_name_finds(many: Timeline, by: str) -> None:
    for row in many.counts(by, top=None).rows:
        asked: dict[str, Any] = {by: row.values[0]}
        assert many.count(**asked) == row.events


def test_what_is_not_shown_is_told_of_fields_with_one_value(many: Timeline) -> None:
    periods: tuple[Per | None, ...] = (None, "quarter")
    for by, per in product((("type",), ("type", "status"), ("subtype",)), periods):
        found = many.counts(*by, per=per, top=2)
        assert sum(row.events for row in (*found.rows, *found.others)) == found.events == many.count()
        assert found.values >= len({row.values for row in found.rows})
    assert many.counts("actor", top=2).others == ()


PERIOD_CASES = [
    ("2024-12-30", "day", "2024-12-30"),
    ("2024-12-30", "week", "2025-W01"),
    ("2024-12-30", "month", "2024-12"),
    ("2024-12-30", "quarter", "2024-Q4"),
    ("2024-01-01", "quarter", "2024-Q1"),
    ("2024-06-30", "quarter", "2024-Q2"),
    ("2024-12-30", "year", "2024"),
    ("", "year", None),
]


@pytest.mark.parametrize(("day", "per", "expected"), PERIOD_CASES)
def test_the_period_of_a_day(day: str, per: str, expected: str | None) -> None:
    assert period(day, per) == expected


FAULTS: list[tuple[tuple[str, ...], dict[str, Any], str]] = [
    (("types",), {}, "cannot be counted by 'types'; did you mean 'type'?"),
    (("summary",), {}, "cannot be counted by 'summary'; use type, subtype"),
    (("type", "type"), {}, "by one field or by two different ones, not by type, type"),
    (("type", "status", "item"), {}, "by one field or by two"),
    (("type",), {"per": "decade"}, "unknown period: 'decade'; one of day, week"),
    (("type",), {"on": "published"}, "unknown axis: 'published'"),
]


@pytest.mark.parametrize(("by", "options", "message"), FAULTS, ids=[message for _, _, message in FAULTS])
def test_what_cannot_be_counted(many: Timeline, by: tuple[str, ...], options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message.replace("?", r"\?")):
        many.counts(*by, **options)


def test_the_table_has_names_beside_ids(many: Timeline) -> None:
    columns, rows = many.counts("actor", "type", per="year", top=1, first=True).table()
    assert columns == ("actor", "actor_name", "type", "year", "events", "first")
    assert [row[:4] for row in rows] == [
        ("gov:cn", "China", "export_control", "2023"),
        ("gov:cn", "China", "export_control", "2024"),
    ]
    told = many.counts("type", top=1).to_dict()
    assert told["rows"] == [{"type": "export_control", "events": told["rows"][0]["events"]}]
    assert told["others"] == [{"type": None, "events": told["events"] - told["rows"][0]["events"]}]


SPANS = [
    ("2023-11", "2024-02", "month", "2023-11 2023-12 2024-01 2024-02"),
    ("2023-Q3", "2024-Q1", "quarter", "2023-Q3 2023-Q4 2024-Q1"),
    ("2020-W52", "2021-W01", "week", "2020-W52 2020-W53 2021-W01"),
    ("2024-02-28", "2024-03-01", "day", "2024-02-28 2024-02-29 2024-03-01"),
    ("2023", "2025", "year", "2023 2024 2025"),
    ("2024-01", "2024-01", "month", "2024-01"),
]


@pytest.mark.parametrize(("first", "last", "per", "expected"), SPANS)
def test_every_period_from_one_to_another(first: str, last: str, per: str, expected: str) -> None:
    assert list(span(first, last, per)) == expected.split()


@settings(deadline=None)
@given(start=st.dates(date(1990, 1, 1), date(2040, 1, 1)), days=st.integers(0, 900), per=st.sampled_from(PERIODS))
def test_a_span_leaves_out_no_period(start: date, days: int, per: Per) -> None:
    told = [period((start + timedelta(days=day)).isoformat(), per) for day in range(days + 1)]
    assert list(span(str(told[0]), str(told[-1]), per)) == list(dict.fromkeys(told))


@pytest.mark.parametrize("by", [(), ("type",), ("type", "direction"), ("actor",)], ids=str)
def test_a_trend_holds_what_is_counted(many: Timeline, by: tuple[str, ...]) -> None:
    counts = many.counts(*by, per="month", top=3)
    trend = counts.trend()
    assert trend.periods[0] < trend.periods[-1]
    assert (sum(map(sum, (one.events for one in trend.series))) + trend.undated) == sum(
        row.events for row in (*counts.rows, *counts.others)
    )
    assert trend.whole == (by != ("actor",))
    assert {len(one.events) for one in trend.series} == {len(trend.periods)}


def test_a_trend_needs_a_period(many: Timeline) -> None:
    with pytest.raises(InputError, match="a trend is told by day"):
        many.counts("type").trend()
    nothing = many.counts("type", per="month", type="subsidy").trend()
    assert (nothing.periods, nothing.series) == ((), ())
