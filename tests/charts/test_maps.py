"""The map of the world and its shades: what stands where, and that it can be drawn."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.charts import maps, shades
from tracker.charts.countries import COUNTRIES, name
from tracker.charts.maps import Place
from tracker.export import drawing

TOPOLOGY: dict[str, Any] = json.loads(
    files("tracker.web").joinpath("static", "vendor", "countries-110m.json").read_text("utf-8")
)
SHAPES = {one.get("id") or one["properties"]["name"] for one in TOPOLOGY["objects"]["countries"]["geometries"]}
WORDS: dict[str, Any] = {"title": "Events against", "about": "all", "sources": "Source: tracker"}
HOSTILE = "</text><script>alert(1)</script>\x1b \u202e"
PLACES = [
    Place(code="CN", events=107, told="China: 107 events", href="/?pair=%3ECN"),
    Place(code="EU", events=9, told="European Union: 9 events"),
    Place(code="SG", events=2, told=HOSTILE),
    Place(code="XK", events=1, told="Kosovo: 1 event"),
    Place(code="ZZ", events=5, told="nowhere"),
]


def layers(**changes: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = maps.world(PLACES, shapes={"url": "x"}, **WORDS, **changes)["vconcat"][0]["layer"]
    return found


def test_every_shape_is_a_country_of_ours_but_for_those_without_a_code() -> None:
    known = [country.shape for country in COUNTRIES.values() if country.shape]
    assert len(set(known)) == len(known)
    assert set(known) - SHAPES == set()
    assert SHAPES - set(known) == {"N. Cyprus", "Somaliland"}


def test_places_are_on_the_globe() -> None:
    assert all(-180 <= one.east <= 180 and -90 <= one.north <= 90 for one in COUNTRIES.values())
    assert (name("TW"), name("EU"), name("ZZ"), name("EU", the=True)) == (
        "Taiwan",
        "European Union",
        "ZZ",
        "the European Union",
    )


def test_countries_with_a_shape_are_shaded_and_the_others_are_dots() -> None:
    land, dots = layers()
    rows = land["transform"][2]["from"]["data"]["values"]
    assert [(row["shape"], row["shade"], row["href"]) for row in rows] == [
        ("156", 107, "/?pair=%3ECN"),
        ("Kosovo", 1, ""),
    ]
    assert [row["told"] for row in dots["data"]["values"]] == [
        "European Union: 9 events",
        "</text><script>alert(1)</script>",
    ]


def test_lines_lead_to_a_country_the_wider_the_more_events_and_stay_on_the_map() -> None:
    _, lines, _, ring = layers(to="CN")
    told = {one["told"]: one for one in lines["data"]["values"]}
    assert len(told) == 3  # not from itself, nor from a code that no country has
    assert told["European Union: 9 events"]["width"] > told["Kosovo: 1 event"]["width"]
    for one in told.values():
        points = one["geometry"]["coordinates"]
        assert points[-1] == [COUNTRIES["CN"].east, COUNTRIES["CN"].north]
        assert max(north for _, north in points) <= maps.NORTHMOST
    assert ring["data"]["values"] == [{"east": COUNTRIES["CN"].east, "north": COUNTRIES["CN"].north}]


@pytest.mark.parametrize(("places", "to"), [(PLACES, "EU"), ([], "ZZ")], ids=["some", "none"])
def test_it_can_be_drawn(places: list[Place], to: str | None) -> None:
    spec = maps.world(places, shapes={"values": TOPOLOGY}, to=to, **WORDS)
    root = ET.fromstring(drawing.drawn(spec, ".svg"))
    paths = sum(one.tag.endswith("}path") for one in root.iter())
    assert paths > 170
    assert not any(one.tag.endswith("}script") for one in root.iter())


@pytest.mark.parametrize(
    ("most", "bounds", "legend"),
    [
        (0, (), []),
        (1, (1,), [(3, 1, 1)]),
        (3, (1, 2, 3), [(2, 1, 1), (3, 2, 2), (4, 3, 3)]),
        (6, (1, 2, 5), [(2, 1, 1), (3, 2, 4), (4, 5, 6)]),
        (10, (1, 2, 5), [(2, 1, 1), (3, 2, 4), (4, 5, 10)]),
        (107, (1, 2, 5, 20, 50), [(1, 1, 1), (2, 2, 4), (3, 5, 19), (4, 20, 49), (5, 50, 107)]),
    ],
)
def test_steps_have_round_bounds(most: int, bounds: tuple[int, ...], legend: list[tuple[int, int, int]]) -> None:
    assert shades.bounds(most) == bounds
    assert shades.legend(bounds, most) == legend


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_more_events_are_never_lighter(most: int, one: int, other: int) -> None:
    bounds = shades.bounds(most)
    low, high = sorted((min(one, most), min(other, most)))
    assert 0 <= shades.step(bounds, low) <= shades.step(bounds, high) <= shades.STEPS
    assert shades.step(bounds, 0) == 0 < shades.step(bounds, 1)
