"""The map: its table and its shapes say the same, and every number is what its link leads to."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
from asking_pages import asked, text
from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from tracker.query import Timeline
from tracker.query.facets import Index
from tracker.web.pages import worldmap

TOPOLOGY = json.loads(files("tracker.web").joinpath("static", "vendor", "countries-110m.json").read_text("utf-8"))
SHAPES = [one.get("id") for one in TOPOLOGY["objects"]["countries"]["geometries"]]


def page(timeline: Timeline, index: Index, **query: str) -> BeautifulSoup:
    return BeautifulSoup(text(asked(timeline, worldmap.show, "", index, **query)), "lxml")


def numbers(soup: BeautifulSoup) -> dict[str, list[int]]:
    """Countries of the table with their numbers, in order."""
    return {
        str(row.select("th")[0].get_text()): [int(cell.get_text()) for cell in row.select("td")]
        for row in soup.select(".ranks tbody tr")
    }


def spec(soup: BeautifulSoup) -> list[dict[str, Any]]:
    told = soup.select_one("#map")
    assert told is not None
    layers: list[dict[str, Any]] = json.loads(told.get_text())["layer"]
    return layers


def shaded(soup: BeautifulSoup) -> dict[str, int]:
    """What shapes and dots say: "China: 82 events against it"."""
    land, *others = spec(soup)
    rows = land["transform"][2]["from"]["data"]["values"] + next(
        one["data"]["values"] for one in others if one["mark"]["type"] == "circle"
    )
    return {row["told"].partition(":")[0]: row["shade"] for row in rows}


@pytest.mark.parametrize(
    ("query", "filters", "place"),
    [
        ({}, {"direction": "restrict"}, 0),
        ({"shade": "by", "direction": "all"}, {}, 0),
        ({"since": "2024", "direction": "ease"}, {"since": "2024", "direction": "ease"}, 0),
    ],
    ids=["against", "by", "narrowed"],
)
def test_the_table_counts_what_the_timeline_does_and_the_map_shades_it(
    timeline: Timeline, index: Index, query: dict[str, str], filters: dict[str, Any], place: int
) -> None:
    soup = page(timeline, index, **query)
    told = numbers(soup)
    ends = ("{}>", ">{}") if query.get("shade") == "by" else (">{}", "{}>")
    for name, code in (("China", "CN"), ("United States", "US"), ("European Union", "EU")):
        assert told[name] == [timeline.count(pair=end.format(code), **filters) for end in ends]
    assert [line[place] for line in told.values()] == sorted((line[place] for line in told.values()), reverse=True)
    assert shaded(soup) == {name: line[place] for name, line in told.items() if line[place]}


@pytest.mark.parametrize("shade", ["against", "by"])
def test_a_country_is_looked_at_closely(timeline: Timeline, index: Index, shade: str) -> None:
    soup = page(timeline, index, focus="cn", shade=shade)
    assert [one.get_text() for one in soup.select("h1")] == [
        {"against": "Who restricts China", "by": "Whom China restricts"}[shade]
    ]
    pair = "US>CN" if shade == "against" else "CN>US"
    events = timeline.count(pair=pair, direction="restrict")
    assert numbers(soup)["United States"][0] == events > 0
    land, lines, *_ = spec(soup)
    row = next(one for one in land["transform"][2]["from"]["data"]["values"] if one["shape"] == "840")
    assert row["href"].endswith(f"pair={pair}")
    assert row["shade"] == events
    assert len(lines["data"]["values"]) == sum(bool(line[0]) for name, line in numbers(soup).items() if name != "China")


def test_it_says_how_many_name_no_country_and_what_borders_mean(timeline: Timeline, index: Index) -> None:
    words = page(timeline, index).get_text(" ")
    told = json.loads(text(asked(timeline, worldmap.as_json, "", index)))
    assert f"of which {told['without_country']} name no country hit" in words
    assert 0 < told["without_country"] < told["events"]
    assert "imply nothing about anybody's status" in words
    assert "circle at Brussels" in words


def test_the_file_holds_the_same(timeline: Timeline, index: Index) -> None:
    told = json.loads(text(asked(timeline, worldmap.as_json, "", index, focus="US")))
    table = numbers(page(timeline, index, focus="US"))
    assert {one["name"]: [one["against"], one["by"]] for one in told["countries"]} == table
    assert (told["focus"], told["filters"]) == ("US", {"direction": "restrict"})


def test_nothing_is_no_map(timeline: Timeline, index: Index) -> None:
    soup = page(timeline, index, until="1990")
    assert not soup.select(".map")
    assert "No events" in soup.get_text()


def test_in_a_browser_it_is_drawn_and_a_click_leads_on(browser: Browser, site: str) -> None:
    view = browser.new_page(viewport={"width": 1280, "height": 900})
    faults: list[str] = []
    asked_for: list[str] = []
    view.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    view.on("request", lambda request: asked_for.append(request.url))
    view.goto(f"{site}/map")
    view.locator("figure.map[data-drawn=true]").wait_for()
    shapes = view.locator(".map .canvas svg .mark-shape path")
    assert shapes.count() == 176  # all but Antarctica
    fills = shapes.evaluate_all("all => [...new Set(all.map(one => one.getAttribute('fill')))]")
    assert len(fills) > 3
    china = shapes.nth(SHAPES.index("156") - (SHAPES.index("010") < SHAPES.index("156")))
    china.hover()
    assert view.locator(".tip").inner_text().startswith("China: ")
    china.click()
    view.wait_for_url("**focus=CN**")
    assert view.locator("h1").inner_text() == "Who restricts China"
    assert not faults
    assert all(url.startswith((site, "data:")) for url in asked_for)
    view.close()
