"""Charts: what they hold, that they can be drawn, and that no text of an article is more than a text."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker import charts
from tracker.export import drawing

HOSTILE = '</text><script>alert(1)</script> & "quoted" \x1b[31m \u202e datum.x \' + 1'
WORDS: dict[str, Any] = {"title": HOSTILE, "about": HOSTILE, "sources": f"Source: {HOSTILE}"}
PLAIN: dict[str, Any] = {"title": "Events by type", "about": "all events", "sources": "Source: tracker"}
PERIODS = ["2024-01", "2024-02", "2024-03"]
LINES = [
    charts.Line(name="sanction", events=[5, 0, 9]),
    charts.Line(name="tariff", events=[1, 2, 3]),
    charts.Line(name="others", events=[0, 0, 4], rests=True),
]
STEPS = [
    charts.Step(date="2023", status="proposed", words="Draft"),
    charts.Step(date="2024-02", status="in_force", words="takes effect", inferred=True),
    charts.Step(date="2024-03-01T10:00:00+00:00", status="ended", words=HOSTILE),
]
SIDES: dict[str, Any] = {"row_title": "actor", "column_title": "target"}

SPECS = {
    "trend": charts.trend(PERIODS, LINES, **PLAIN),
    "one series": charts.trend(PERIODS, LINES[:1], **PLAIN),
    "nothing": charts.trend([], [], **PLAIN),
    "many series": charts.trend(PERIODS, [charts.Line(name=f"s{n}", events=[n, 1, 1]) for n in range(20)], **PLAIN),
    "hostile trend": charts.trend(PERIODS, [charts.Line(name=HOSTILE, events=[1, 2, 3])] * 2, **WORDS),
    "density": charts.density(PERIODS, [1, 2, 3], **PLAIN),
    "matrix": charts.matrix(["US", "CN"], ["CN", "US", "EU"], [[9, 0, 1], [0, 3, 0]], **SIDES, **PLAIN),
    "no matrix": charts.matrix([], [], [], **SIDES, **PLAIN),
    "hostile matrix": charts.matrix([HOSTILE] * 2, [HOSTILE], [[1], [2]], **SIDES, **WORDS),
    "measure": charts.measure(STEPS, today="2024-06-01", **PLAIN),
    "hostile measure": charts.measure(STEPS, **WORDS),
    "no step": charts.measure([], **PLAIN),
}


def drawn(spec: charts.Spec) -> ET.Element:
    return ET.fromstring(drawing.drawn(spec, ".svg"))


def texts(root: ET.Element) -> list[str]:
    return [one.text or "" for one in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize("name", SPECS)
def test_every_chart_is_a_picture_with_title_axes_and_sources(name: str) -> None:
    root = drawn(SPECS[name])
    told = texts(root)
    title = "Events by type" if "hostile" not in name else "</text><script>alert(1)</script>"
    assert any(text.startswith(title) for text in told)
    assert any(text.startswith("Source: ") for text in told)
    assert {one.tag.rpartition("}")[2] for one in root.iter()}.isdisjoint({"script", "image", "foreignObject"})
    assert not any(name.rpartition("}")[2] in {"href", "onload"} for one in root.iter() for name in one.attrib)


def test_a_png_and_a_page_and_the_specification() -> None:
    assert drawing.drawn(SPECS["trend"], ".png").startswith(b"\x89PNG")
    page = drawing.drawn(SPECS["hostile trend"], ".html").decode()
    assert "<script" not in page
    assert "<svg" in page
    assert json.loads(drawing.drawn(SPECS["matrix"], ".json")) == SPECS["matrix"]


def test_series_differ_without_colour() -> None:
    view = SPECS["many series"]["vconcat"][0]
    names = view["layer"][0]["encoding"]["color"]["scale"]["domain"]
    shapes = view["layer"][1]["encoding"]["shape"]["scale"]["range"]
    assert (len(set(names)), len(shapes), len(set(shapes[:8]))) == (20, 20, 8)
    rest = SPECS["trend"]["vconcat"][0]["layer"][1]["encoding"]["shape"]["scale"]
    assert rest["range"][rest["domain"].index("others")] not in rest["range"][:2]


def test_a_shape_stands_in_the_middle_of_its_part() -> None:
    values = SPECS["trend"]["vconcat"][0]["data"]["values"]
    march = [one for one in values if one["period"] == "2024-03"]
    assert [(one["name"], one["middle"], one["marked"]) for one in march] == [
        ("sanction", 4.5, True),
        ("tariff", 10.5, True),
        ("others", 14.0, True),
    ]
    assert not any(one["marked"] for one in values if not one["events"])


def test_the_numbers_of_a_matrix_are_drawn() -> None:
    assert {"9", "1", "3"} <= set(texts(drawn(SPECS["matrix"])))
    assert "0" not in texts(drawn(SPECS["matrix"]))


def test_the_steps_of_a_measure_are_told_in_order() -> None:
    told = [text for text in texts(drawn(SPECS["measure"])) if text[:1].isdigit() and ":" in text]
    heads = [text.split(":")[0] for text in told]
    assert heads == [
        "1  2023  proposed",
        "2  2024-02 ~  in_force",
        "3  2024-03-01  ended",
    ]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=15)
@given(names=st.lists(st.text(max_size=60), min_size=1, max_size=3), title=st.text(max_size=300))
def test_any_text_gives_a_picture(names: list[str], title: str) -> None:
    words: dict[str, Any] = {"title": title, "about": title, "sources": title}
    drawn(charts.trend(["2024"], [charts.Line(name=name, events=[1]) for name in names], **words))


def test_names_that_look_alike_stay_apart() -> None:
    spec = charts.trend(["2024"], [charts.Line(name="x" * 90 + end, events=[1]) for end in "abc"], **PLAIN)
    domain = spec["vconcat"][0]["layer"][0]["encoding"]["color"]["scale"]["domain"]
    assert len(set(domain)) == 3
