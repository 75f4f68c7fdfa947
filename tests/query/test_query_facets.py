"""Every filter says what a plain look at all events says, alone and with others, page by page and counted."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import facet_world
import pytest

from tracker.errors import InputError
from tracker.query import Timeline
from tracker.query.plan import Plan

Event = dict[str, Any]
STATE = {"government", "court", "place"}


def parties(event: Event, *roles: str) -> list[dict[str, Any]]:
    return [party for role in roles for party in event[role]]


def seats(event: Event, role: str) -> set[str | None]:
    return {party["country"] for party in event[role]}


def told(event: Event, column: str) -> set[str | None]:
    return {report[column] for report in event["told"]}


def tags(event: Event) -> set[str]:
    return {tag for report in event["told"] for tag in json.loads(report["tags"])}


def amounts(event: Event, kind: str | None = None, unit: str | None = None) -> list[tuple[float, float, str | None]]:
    """Both ends and the comparison of the amounts of a kind and unit."""
    return [
        (one["value"], one["value"] if one["upper"] is None else one["upper"], one["comparison"])
        for one in event["amounts"]
        if kind in (None, one["kind"]) and unit in (None, one["unit"])
    ]


CASES: list[tuple[dict[str, Any], Callable[[Event], bool]]] = [
    ({"type": "export_control"}, lambda e: e["type"] == "export_control"),
    ({"type": ("export_control", "sanction")}, lambda e: e["type"] in {"export_control", "sanction"}),
    ({"status": "announced"}, lambda e: e["status"] == "announced"),
    ({"direction": ("ease", "neutral")}, lambda e: e["direction"] in {"ease", "neutral"}),
    ({"certainty": "denied"}, lambda e: e["certainty"] == "denied"),
    ({"subtype": "visa_ban"}, lambda e: e["subtype"] == "visa_ban"),
    ({"actor": "US"}, lambda e: any(p["country"] == "US" and p["kind"] in STATE for p in e["actor"])),
    ({"target": "US"}, lambda e: "US" in seats(e, "target")),
    ({"party": "CN"}, lambda e: "CN" in seats(e, "actor") | seats(e, "target")),
    ({"country": ("SG", "CN")}, lambda e: bool({"SG", "CN"} & (seats(e, "actor") | seats(e, "target")))),
    *(
        ({role: key}, lambda e, role=role, key=key: any(key in p["above"] for p in e[role]))
        for role in ("actor", "target")
        for key in (one[0] for one in facet_world.ENTITIES)
    ),
    ({"party": "co:a"}, lambda e: any("co:a" in p["above"] for p in parties(e, "actor", "target"))),
    ({"party_kind": "court"}, lambda e: any(p["kind"] == "court" for p in parties(e, "actor", "target"))),
    ({"pair": "US>CN"}, lambda e: "US" in seats(e, "actor") and "CN" in seats(e, "target")),
    ({"pair": ("CN>US", "us > sg")}, lambda e: bool(
        ("CN" in seats(e, "actor") and "US" in seats(e, "target"))
        or ("US" in seats(e, "actor") and "SG" in seats(e, "target")))),
    ({"pair": ("US>", ">sg")}, lambda e: "US" in seats(e, "actor") or "SG" in seats(e, "target")),
    ({"item": "chip"}, lambda e: bool({"ai chips", "chip tools"} & set(e["item"]))),
    ({"item": "list"}, lambda e: "entity list" in e["instrument"]),
    ({"item": "chip -tools"}, lambda e: "ai chips" in e["item"] and "chip tools" not in e["item"]),
    ({"item": "-gallium"}, lambda e: "gallium" not in e["item"]),
    ({"instrument": ("act", "list")}, lambda e: bool(e["instrument"])),
    ({"instrument": "gallium"}, lambda _: False),
    ({"source": "herald"}, lambda e: "herald" in told(e, "source_id")),
    ({"tier": ("official", "social")}, lambda e: bool(told(e, "tier") & {"official", "social"})),
    ({"language": "DE"}, lambda e: "de" in told(e, "language")),
    ({"tag": "law"}, lambda e: "law" in tags(e)),
    *(({"min_confidence": n}, lambda e, n=n: e["confidence"] >= n) for n in (0, 0.3, 0.33, 0.35, 0.9, 0.94, 1.0)),
    *(({"min_origins": n}, lambda e, n=n: e["origins"] >= n) for n in (1, 2, 7, 8, 10, 12, 13, 5000)),
    ({"reviewed": True}, lambda e: e["verdict"] == "accept" or e["edited"] != "[]"),
    ({"reviewed": False}, lambda e: e["verdict"] != "accept" and e["edited"] == "[]"),
    ({"contradicted": True}, lambda e: e["disputed"]),
    ({"contradicted": False}, lambda e: not e["disputed"]),
    ({"measure": "m1"}, lambda e: e["measure_id"] == "m1"),
    ({"since": "2024"}, lambda e: e["day"] >= "2024"),
    ({"until": "2024-06-25"}, lambda e: e["day"] <= "2024-06-25"),
    ({"since": "2024-06-25", "until": "2024-06-25"}, lambda e: e["day"] == "2024-06-25"),
    ({"amount": ">=1bn USD"}, lambda e: any(hi >= 1e9 and how != "less_than" for _, hi, how in amounts(e, unit="USD"))),
    ({"amount": "<1bn usd"}, lambda e: any(
        low < 1e9 or how == "less_than" for low, _, how in amounts(e, unit="USD"))),
    ({"amount": "money 1m..5m"}, lambda e: any(hi >= 1e6 and low <= 5e6 for low, hi, _ in amounts(e, "money"))),
    ({"amount": "tariff_rate>25%"}, lambda e: any(
        hi > 25 or how == "more_than" for _, hi, how in amounts(e, "rate", "%"))),
    ({"amount": "count = 140"}, lambda e: any(low <= 140 <= hi for low, hi, _ in amounts(e, "count"))),
    ({"amount": (">2.5bn EUR", "rate<=25")}, lambda e: any(hi > 2.5e9 for _, hi, _ in amounts(e, unit="EUR"))),
]  # fmt: skip


@pytest.fixture(scope="module", params=[1, 2])
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Timeline, list[Event]]]:
    path = tmp_path_factory.mktemp("facets") / "t.db"
    facet_world.write(path, request.param, 150)
    with Timeline.open(path) as timeline:
        yield timeline, facet_world.seen(timeline._db)


def expected(events: list[Event], *tests: Callable[[Event], bool], rejected: bool = False) -> list[str]:
    shown = [event for event in events if (event["verdict"] == "reject") == rejected]
    return [event["id"] for event in shown if all(test(event) for test in tests)]


def check(timeline: Timeline, wanted: list[str], filters: dict[str, Any]) -> None:
    assert [event.id for event in timeline.timeline(limit=None, **filters)] == wanted
    assert [event.id for event in timeline.stream(order="oldest", **filters)] == wanted[::-1]
    assert timeline.count(**filters) == len(wanted)
    assert timeline.count(most=3, **filters) == min(3, len(wanted))
    assert timeline.among([f"e{n}" for n in range(1, 151)], **filters) == set(wanted)
    paged: list[str] = []
    after = None
    while after is not None or not paged:
        page = timeline.page(limit=40, after=after, **filters)
        paged += [event.id for event in page.events]
        after = page.next
        if after is None:
            break
    assert paged == wanted


@pytest.mark.parametrize("case", range(len(CASES)), ids=[str(filters) for filters, _ in CASES])
def test_a_filter_says_what_a_plain_look_says(world: tuple[Timeline, list[Event]], case: int) -> None:
    timeline, events = world
    filters, test = CASES[case]
    check(timeline, expected(events, test), filters)
    check(timeline, expected(events, test, rejected=True), filters | {"rejected": True})


@pytest.mark.parametrize("most", [0, 20, 20_000], ids=["walking", "between", "sorting"])
def test_filters_together_say_what_a_plain_look_says(
    world: tuple[Timeline, list[Event]], monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """Whatever drives: the events of several keys are put in order, or the timeline is walked."""
    timeline, events = world
    monkeypatch.setattr("tracker.query.plan.MOST_SORTED", most)
    monkeypatch.setattr("tracker.query.plan.MOST_TRIED", most)
    chance = random.Random(7)
    met = 0
    for _ in range(40):
        some = chance.sample(CASES, 2)
        filters = {name: value for one, _ in some for name, value in one.items()}
        if len(filters) == sum(len(one) for one, _ in some):
            wanted = expected(events, *(test for _, test in some))
            met += bool(wanted)
            check(timeline, wanted, filters)
    assert met > 10


def test_a_single_facet_is_counted_without_a_look_at_its_events(world: tuple[Timeline, list[Event]]) -> None:
    timeline, _ = world
    where = timeline._where({"type": "export_control"})
    assert isinstance(where.plan, Plan)
    assert where.known() == timeline.count(type="export_control")
    assert timeline._where({"type": "sanction", "status": "announced"}).known() is None


def test_pages_go_on_where_an_event_went_away(world: tuple[Timeline, list[Event]]) -> None:
    timeline, events = world
    page = timeline.page(limit=5)
    wanted = expected(events)
    assert page.next is not None
    assert [event.id for event in timeline.timeline(after=page.next, limit=5)] == wanted[5:10]
    assert [event.id for event in timeline.timeline(after=wanted[4], limit=5)] == wanted[5:10]
    assert timeline.page(limit=len(wanted)).next is None


AMISS = ["1bn", ">=", ">=x USD", "weight>=3", ">=1bn..2bn", "=>3"]


@pytest.mark.parametrize("text", AMISS, ids=AMISS)
def test_what_is_no_amount_is_refused(world: tuple[Timeline, list[Event]], text: str) -> None:
    with pytest.raises(InputError, match="not an amount"):
        world[0].timeline(amount=text)


@pytest.mark.parametrize("text", ["US", ">", ""])
def test_what_is_no_pair_is_refused(world: tuple[Timeline, list[Event]], text: str) -> None:
    with pytest.raises(InputError, match="not a pair of countries: "):
        world[0].timeline(pair=[text])
