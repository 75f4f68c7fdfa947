"""The matrix: every number is what its link leads to, and the table says the same as its files."""

from __future__ import annotations

import csv
import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from asking_pages import asked, text
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser

from tracker.query import Timeline, given
from tracker.query.facets import Index
from tracker.web.pages import matrix

SIDES = [
    ("actor_country", "target_country"),
    ("actor", "target"),
    ("type", "target_country"),
    ("actor_country", "country"),
    ("item", "party"),
    ("instrument", "status"),
    ("source", "tier"),
    ("language", "party_kind"),
]


def page(timeline: Timeline, index: Index, **query: str | tuple[str, ...]) -> BeautifulSoup:
    return BeautifulSoup(text(asked(timeline, matrix.show, "", index, **query)), "lxml")


def led_to(timeline: Timeline, link: Tag) -> int:
    """How many events the address of a number gives."""
    told: dict[str, Any] = {}
    for name, value in parse_qsl(urlsplit(str(link["href"])).query):
        told[name] = (*told.get(name, ()), value)
    return timeline.count(**given({name: one[0] if len(one) == 1 else one for name, one in told.items()}))


@pytest.mark.parametrize(("rows", "columns"), SIDES)
@pytest.mark.parametrize(
    "more", [{}, {"direction": "all", "since": "2024", "type": "export_control"}], ids=["", "narrowed"]
)
def test_every_number_is_what_its_link_leads_to(
    timeline: Timeline, index: Index, rows: str, columns: str, more: dict[str, str]
) -> None:
    soup = page(timeline, index, rows=rows, columns=columns, top="8", **more)
    numbers = soup.select(".heat td a")
    assert len(numbers) > 4
    for link in numbers[:60]:
        assert led_to(timeline, link) == int(link.get_text().replace(",", "")), link["href"]


def test_it_counts_what_restricts_where_nothing_else_is_asked_for(timeline: Timeline, index: Index) -> None:
    soup = page(timeline, index)
    lead = soup.select_one(".lead")
    assert lead is not None
    assert lead.get_text().startswith(f"{timeline.count(direction='restrict')} events that restrict")
    every = page(timeline, index, direction="all").select_one(".lead")
    assert every is not None
    assert every.get_text().startswith(f"{timeline.count()} events, by acting countries")
    assert [one.get_text() for one in page(timeline, index, direction="ease").select("h1")] == [
        "Who eases restrictions on whom"
    ]


def test_rows_come_by_their_totals_and_shades_by_their_numbers(timeline: Timeline, index: Index) -> None:
    soup = page(timeline, index)
    totals = [int(one.get_text()) for one in soup.select(".heat tbody td.sum")]
    assert totals == sorted(totals, reverse=True)
    shaded = [
        (int(one.get_text()), next(int(name[1]) for name in one["class"] if name[0] == "h" and name[1:].isdigit()))
        for one in soup.select(".heat tbody td[class^=h]")
    ]
    assert all((step == 0) == (events == 0) for events, step in shaded)
    assert sorted(shaded) == sorted(shaded, key=lambda pair: (pair[1], pair[0]))


def test_times_are_offered_beside_the_other_filters(timeline: Timeline, index: Index) -> None:
    soup = page(timeline, index, type="tariff", last="1y")
    times = {one.get_text(): str(one["href"]) for one in soup.select(".times a")}
    assert list(times) == [
        "all of the time",
        "last 90 days",
        "2024",
        "2023",
        "2022",
        "2021",
    ]  # by the clock of the tests
    assert "since=2023&until=2023" in times["2023"]
    assert all("type=tariff" in to and "last=1y" not in to for to in times.values())
    soup = page(timeline, index, since="2023", until="2023")
    assert [one.get_text() for one in soup.select(".times a[aria-current]")] == ["2023"]


def test_the_form_keeps_what_it_has_no_field_for(timeline: Timeline, index: Index) -> None:
    soup = page(timeline, index, tier=("official", "major"), type="tariff", min_origins="1")
    hidden = [(one["name"], one["value"]) for one in soup.select("main form input[type=hidden]")]
    assert hidden == [("tier", "official"), ("tier", "major"), ("min_origins", "1")]
    assert [one["value"] for one in soup.select("select[name=type] option[selected]")] == ["tariff"]
    odd = page(timeline, index, top="10")
    assert [one.get_text() for one in odd.select("select[name=top] option[selected]")] == ["10"]
    chips = {one.get_text(): str(one["href"]) for one in soup.select(".chips a")}
    assert len(chips) == 5  # the last takes all away
    without = next(to for words, to in chips.items() if words.startswith("type"))
    assert "type=" not in without
    assert without.count("tier=") == 2


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"pair": "US>CN"}, ["who acts and who is hit"]),
        ({"actor": "gov:us", "rows": "actor", "columns": "type"}, ["who acts"]),
        ({"actor": "gov:us"}, []),
        ({"type": "tariff", "rows": "type", "columns": "actor"}, []),  # of which an event has one: nothing is lost
    ],
    ids=str,
)
def test_it_says_where_links_cannot_hold_a_filter(
    timeline: Timeline, index: Index, query: dict[str, str], names: list[str]
) -> None:
    soup = page(timeline, index, **query)
    assert re.findall("Links leave out the filter “(.+?)”", soup.get_text()) == names
    numbers = [(led_to(timeline, link), int(link.get_text())) for link in soup.select(".heat tbody td a")]
    assert all(led >= number for led, number in numbers)
    assert names or all(led == number for led, number in numbers)


def test_the_files_hold_the_same(timeline: Timeline, index: Index) -> None:
    told = json.loads(text(asked(timeline, matrix.as_json, "", index, top="8", since="2024")))
    assert told["filters"] == {"since": "2024", "direction": "restrict"}
    answer = asked(timeline, matrix.as_csv, "", index, top="8", since="2024")
    assert "attachment" in answer.headers["content-disposition"]
    lines = list(csv.reader(text(answer).splitlines()))
    assert [len(line) for line in lines] == [11] * (len(told["rows"]) + 3)
    for side, cells, line in zip(told["rows"], told["cells"], lines[1:], strict=False):
        assert [int(one) for one in line[1:]] == [*cells, side["others"], side["events"]]
    assert lines[-1][0] == "all"
    assert lines[-1][-1] == str(told["events"])


def test_in_a_browser_it_can_be_scrolled_by_keys_and_followed(browser: Browser, site: str) -> None:
    view = browser.new_page(viewport={"width": 390, "height": 844})
    view.goto(f"{site}/matrix")
    assert view.evaluate("document.documentElement.scrollWidth") == 390
    table = view.get_by_role("region", name="Who restricts whom")
    table.focus()
    assert table.evaluate("one => one.scrollWidth > one.clientWidth")
    cell = view.locator(".heat tbody td a").first
    number = cell.inner_text()
    cell.click()
    assert view.locator("main").get_by_text(f"{number} events").count() > 0
    view.close()
