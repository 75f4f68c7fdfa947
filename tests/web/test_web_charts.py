"""The bars above the list: which there are, what they say, and where they lead; and charts in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from asking_pages import LINKS
from playwright.sync_api import Browser, Page
from svgpath import points

from tracker import charts
from tracker.web import marks, overtime, pictures

SPARSE = {"1999-04": 1, "2023-11": 30, "2023-12": 40, "2024-02": 50, "2047-01": 1}
LONG = {f"{year}-0{month}": 2 for year in range(1990, 2026) for month in range(1, 10)}
# Months with events, what is chosen, the first and the last bar, how many.
PERIODS = [
    ({}, "", "", None, None, 0),
    ({"2024-05": 3}, "", "", "2024-05", "2024-05", 1),
    ({"2024-05": 3, "2024-08": 1}, "", "", "2024-05", "2024-08", 4),
    ({"2024-05": 0, "2024-08": 1}, "", "", "2024-08", "2024-08", 1),
    (SPARSE, "", "", "2023-11", "2024-02", 4),
    (SPARSE, "1999-01-01", "1999-12-31", "1999-04", "2000-12", 21),
    (SPARSE, "2024-01-01", "", "2012-07", "2047-01", 415),
    (LONG, "", "", "1990", "2025", 36),
    (LONG, "2020-03-01", "2020-04-30", "2019-03", "2021-04", 26),
    (LONG, "2030-01-01", "", None, None, 0),
]


@pytest.mark.parametrize(("months", "since", "until", "first", "last", "many"), PERIODS, ids=range(len(PERIODS)))
def test_which_bars_there_are(
    months: dict[str, int], since: str, until: str, first: str | None, last: str | None, many: int
) -> None:
    found = overtime.periods(months, since, until)
    if many > overtime.MOST_MONTHS:  # then years
        assert (found[0], found[-1], len(found)) == (str(first)[:4], str(last)[:4], int(last[:4]) - int(first[:4]) + 1)  # type: ignore[index]
    else:
        assert ([*found[:1]], [*found[-1:]], len(found)) == ([first] if first else [], [last] if last else [], many)


def test_what_is_chosen_is_told_from_what_is_beside_it() -> None:
    months = {"2024-05": 3, "2024-06": 1, "2024-08": 4}
    shown = overtime.periods(months, "2024-06-01", "2024-07-31")
    found = overtime.bars(months, shown, {"type": "tariff"}, LINKS, "2024-06-01", "2024-07-31")
    assert [(one.period, one.events, one.chosen) for one in found] == [
        ("2024-05", 3, False),
        ("2024-06", 1, True),
        ("2024-07", 0, True),
        ("2024-08", 4, False),
    ]
    assert found[0].words == "May 2024"
    assert found[0].to == "/?type=tariff&since=2024-05&until=2024-05"


def test_what_has_no_bar_is_told_with_a_link_to_it() -> None:
    shown = overtime.periods(SPARSE, "", "")
    assert overtime.outside(SPARSE, shown, {"type": "tariff"}, LINKS) == (
        ("1 earlier", "/?type=tariff&since=1999-04&until=1999-04"),
        ("1 later", "/?type=tariff&since=2047-01&until=2047-01"),
    )


def test_of_thousands_of_years_those_around_most_events_have_bars() -> None:
    months = {"0001-01": 3, "2024-06": 5, "9999-12": 3}
    shown = overtime.periods(months, "", "")
    assert len(shown) == overtime.MOST_YEARS
    assert shown[0] < "2024" < shown[-1]
    assert [words for words, _ in overtime.outside(months, shown, {}, LINKS)] == ["3 earlier", "3 later"]
    assert overtime.periods(months, "0001-01-01", "9999-12-31") == shown


def test_years_hold_their_months() -> None:
    shown = overtime.periods(LONG, "", "")
    found = overtime.bars(LONG, shown, {}, LINKS, "", "")
    assert {one.events for one in found} == {18}
    picture = overtime.density(found, {}, LINKS)
    assert picture.unit == "year"
    assert picture.label == "Events per year"


def test_parts_add_up_to_their_bar() -> None:
    months = {"2024-05": 3, "2024-06": 5}
    lines = {"tariff": {"2024-05": 1, "2024-06": 2}, "sanction": {"2024-06": 2}}
    found = overtime.bars(months, ["2024-05", "2024-06"], {}, LINKS, "", "")
    picture = overtime.trend(found, lines, "type", {}, LINKS, whole=True, types=["tariff", "sanction"])
    assert picture.names == ("tariff", "sanction", "others")
    assert [one.parts for one in picture.bars] == [(1, 0, 2), (2, 2, 1)]
    drawn = [(one["period"], one["name"], one["events"]) for one in picture.spec["data"]["values"]]
    assert sorted(drawn) == sorted(
        (one.period, name, part)
        for one in picture.bars
        for name, part in zip(picture.names, one.parts, strict=True)
        if part
    )
    assert picture.spec["layer"][0]["encoding"]["color"]["scale"]["range"][:2] == ["var(--c3)", "var(--c2)"]
    several = overtime.trend(found, lines, "actor", {}, LINKS, whole=False)
    assert several.names == ("tariff", "sanction")


def test_no_two_types_have_one_colour() -> None:
    months = {"2024-05": 7}
    types = [
        "export_control",
        "access_restriction",
        "licence_decision",
        "entity_listing",
        "tariff",
        "sanction",
        "subsidy",
    ]
    found = overtime.bars(months, ["2024-05"], {}, LINKS, "", "")
    picture = overtime.trend(found, {one: {"2024-05": 1} for one in types}, "type", {}, LINKS, whole=True, types=types)
    colours = picture.spec["layer"][0]["encoding"]["color"]["scale"]["range"]
    assert len(set(colours)) == len(colours)
    assert colours[0] == "var(--c1)"


@pytest.mark.parametrize("kind", [*marks.MARKS, "of a user's ontology"])
def test_a_mark_fits_the_square_of_a_symbol(kind: str) -> None:
    found = points(marks.symbol(kind))
    assert len(found) > 1
    assert all(-1 <= x <= 1 and -1 <= y <= 1 for x, y in found)
    assert max(y for _, y in found) - min(y for _, y in found) >= 0.5


def test_a_chart_takes_the_colours_of_the_page_and_leaves_data_alone() -> None:
    spec = charts.trend(["2024"], [charts.Line(name="white", events=[1])], title="t", about="a", sources="s")
    view = pictures.fitted(spec)
    assert view["width"] == "container"
    assert {one["name"] for one in view["data"]["values"]} == {"white"}
    assert not re.search(r'"(#[0-9A-Fa-f]{6}|white|black)"', str({**view, "data": None}).replace("'", '"'))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda said: faults.append(said.text))
    yield opened
    opened.close()
    assert faults == []


def drawn(page: Page, address: str) -> dict[str, float]:
    """Go there, wait for the chart; where it is."""
    page.goto(address)
    page.wait_for_selector("figure.chart[data-drawn]")
    page.locator(".canvas").scroll_into_view_if_needed()
    box = page.locator(".canvas svg").bounding_box()
    assert box is not None
    return {"x": box["x"], "y": box["y"], "width": box["width"]}


def dates(page: Page) -> dict[str, list[str]]:
    return {name: values for name, values in parse_qs(urlsplit(page.url).query).items() if name in ("since", "until")}


def test_bars_are_the_filter_of_dates(page: Page, site: str) -> None:
    box = drawn(page, f"{site}/?country=US")
    middle = box["y"] + 20
    page.mouse.move(box["x"] + box["width"] * 0.8, middle)
    page.wait_for_selector(".tip:not([hidden])")
    assert re.fullmatch(r"\w+ \d{4}: \d+ events?", page.locator(".tip").text_content() or "")
    with page.expect_navigation():
        page.mouse.click(box["x"] + box["width"] * 0.8, middle)
    one = dates(page)
    assert one["since"] == one["until"]
    assert "country=US" in page.url

    box = drawn(page, f"{site}/?country=US")
    page.mouse.move(box["x"] + box["width"] * 0.5, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, middle, steps=5)
    with page.expect_navigation():
        page.mouse.up()
    several = dates(page)
    assert several["since"] < several["until"]
    assert page.locator(".chips a").count() == 4


def test_a_chart_follows_the_colours_and_the_width_of_the_page(page: Page, site: str) -> None:
    page.emulate_media(color_scheme="light")
    drawn(page, f"{site}/?by=type")
    axis = ".canvas svg .role-axis-label text"
    light = page.locator(axis).first.get_attribute("fill")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("([at, old]) => document.querySelector(at)?.getAttribute('fill') !== old", arg=[axis, light])
    wide = page.locator(".canvas svg").bounding_box()["width"]  # type: ignore[index]
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function("(wide) => document.querySelector('.canvas svg').clientWidth < wide / 2", arg=wide)


def test_without_scripts_the_table_leads_to_the_months(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/?type=tariff")
    page.locator("figure.chart summary").click()
    link = page.locator("figure.chart tbody a").first
    link.click()
    assert dates(page)["since"] == dates(page)["until"]
    assert page.locator(".event").count() > 0
    context.close()
