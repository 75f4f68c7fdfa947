"""The home page: the list in its orders, the search, and the keys of a reader."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from asking_pages import asked, text
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser

from tracker.errors import InputError
from tracker.query import EventRow, Timeline
from tracker.query.facets import Index
from tracker.web.pages import timeline as home
from tracker.web.plugin import parsed


def page(timeline: Timeline, **query: str | tuple[str, ...]) -> BeautifulSoup:
    index = timeline.ask(lambda db, _: Index.load(db))
    answer = asked(timeline, home.show, "", index, **query)
    assert answer.to is None
    return BeautifulSoup(text(answer), "lxml")


def words(tag: Tag | None) -> str:
    assert tag is not None
    return " ".join(tag.get_text(" ").split())


def listed(found: BeautifulSoup) -> list[tuple[str, list[str]]]:
    """The dates with the ids under them."""
    told: list[tuple[str, list[str]]] = []
    for one in found.select(".days > *"):
        if one.name == "h2":
            told.append((words(one), []))
        else:
            told[-1][1].append(str(one["id"]))
    return told


LISTS: list[tuple[dict[str, str], list[tuple[str, list[str]]]]] = [
    (
        {"since": "2024-06-24", "until": "2024-08", "type": "access_restriction"},
        [("25 June 2024", ["e-api"]), ("24 June 2024", ["e-api-leak"])],
    ),
    ({"type": "export_control"}, [("Some time in July 2024", ["e-tools"]), ("Some time in 2024", ["e-gallium"])]),
    ({"on": "effective"}, [("Some time in December 2024", ["e-gallium"]), ("9 July 2024", ["e-api"])]),
    (
        {"on": "effective", "order": "oldest"},
        [("9 July 2024", ["e-api"]), ("Some time in December 2024", ["e-gallium"])],
    ),
    ({"text": "germanium"}, [("Some time in 2024", ["e-gallium"])]),
    ({"text": "nobody says this"}, []),
]


@pytest.mark.parametrize(("query", "expected"), LISTS, ids=[str(query) for query, _ in LISTS])
def test_events_stand_under_the_date_that_is_asked_for(
    sample: Timeline, query: dict[str, str], expected: list[tuple[str, list[str]]]
) -> None:
    assert listed(page(sample, **query)) == expected


@pytest.mark.parametrize("on", ["announced", "effective", "first_seen"])
@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_pages_follow_one_another_and_hold_each_event_once(sample: Timeline, on: str, order: str) -> None:
    whole = [one for _, ids in listed(page(sample, on=on, order=order)) for one in ids]
    found, query = [], {"on": on, "order": order, "size": "1"}
    while True:
        shown = page(sample, **query)
        found += [one for _, ids in listed(shown) for one in ids]
        following = shown.select_one("nav.pages a[rel=next]")
        if following is None:
            break
        query = {name: values[0] for name, values in parsed(urlsplit(str(following["href"])).query).items()}
        assert shown.select_one("link[rel=next]")["href"] == following["href"]  # type: ignore[index]
    assert found == whole
    assert len(found) == len(set(found)) == (2 if on == "effective" else sample.count())
    assert shown.select_one("a[rel=first]")["href"] == f"/?on={on}&order={order}&size=1"  # type: ignore[index]


def test_the_other_order_is_the_same_turned_around(sample: Timeline) -> None:
    newest, oldest = (
        [one for _, ids in listed(page(sample, on="first_seen", order=order)) for one in ids]
        for order in ("newest", "oldest")
    )
    assert newest == oldest[::-1]


def test_words_that_are_searched_for_are_marked(sample: Timeline) -> None:
    found = page(sample, text="gallium")
    assert {mark.text.lower() for mark in found.select(".event mark")} == {"gallium"}
    assert found.select_one("input[type=search][name=text][value=gallium]")
    ranked = page(sample, text="gallium OR api", order="rank")
    assert [date for date, _ in listed(ranked)] == ["Best matches"]
    assert words(ranked.select_one("nav[aria-label=Order] [aria-current]")) == "best match first"
    assert "best match first" not in words(page(sample).select_one("nav[aria-label=Order]"))


def test_what_nobody_filled_in_is_taken_out_of_the_address(sample: Timeline) -> None:
    answer = asked(sample, home.show, actor=("", "US"), target="", type="tariff")
    assert answer.to == "/?actor=US&type=tariff"


REFUSED = [
    ({"order": "rank"}, "order is one of newest, oldest"),
    ({"on": "tomorrow"}, "unknown axis"),
    ({"size": "0"}, "size is a whole number"),
    ({"size": "201"}, "size is a whole number"),
    ({"size": "0000000010000000"}, "size is a whole number"),
    ({"min_confidence": "inf"}, "min_confidence is no number that anything could have"),
    ({"min_confidence": "nan"}, "min_confidence is no number that anything could have"),
    ({"min_origins": "9" * 25}, "min_origins is no number that anything could have"),
    ({"typ": "tariff"}, "did you mean 'type'"),
    ({"after": "20240101.1", "on": "effective"}, "not a place in this order"),
    ({"by": "shoe size"}, "by is one of"),
    ({"since": "2024-06", "until": "2024-05"}, "ends before it begins"),
    ({"as_of": "2024-10", "on": "effective"}, "not kept of the past"),
]


@pytest.mark.parametrize(("query", "said"), REFUSED, ids=[str(query) for query, _ in REFUSED])
def test_what_cannot_be_asked_is_said(sample: Timeline, query: dict[str, str], said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        page(sample, **query)


def test_dates_less_known_stand_by_themselves(sample: Timeline) -> None:
    one = sample.event("e-api").event
    rows: list[tuple[str, EventRow]] = [
        (day, replace(one, id=f"e{number}", announced_on=known))
        for number, (day, known) in enumerate(
            [
                ("2024-07-01", "2024-07"),
                ("2024-07-01", "2024-07-01"),
                ("2024-07-01", None),
                ("2024-01-01", "2024"),
                ("2024-01-01", "2023-12-31"),
            ]
        )
    ]
    found = [(group.date, [event.id for event in group.events]) for group in home.grouped(rows, "announced")]
    assert found == [
        ("2024-07-01", ["e1", "e2"]),
        ("2024-07", ["e0"]),
        ("2024-01-01", ["e4"]),
        ("2024", ["e3"]),
    ]


def test_the_page_leads_to_the_same_as_files_feeds_and_sql(sample: Timeline) -> None:
    found = page(sample, type="export_control", by="type", order="oldest", size="1")
    told = {words(one): str(one["href"]) for one in found.select("footer a")}
    assert told["CSV"] == "/events.csv?type=export_control&order=oldest"
    assert told["SQL"].startswith("/demo?sql=")
    feeds = {str(one["type"]): str(one["href"]) for one in found.select("link[rel=alternate]")}
    assert feeds == {
        "application/atom+xml": "/events.atom?type=export_control&order=oldest",
        "application/feed+json": "/events.feed.json?type=export_control&order=oldest",
    }


def test_a_reader_goes_through_it_by_keys(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(site)
    assert page.title() == "Timeline · tracker"
    lines = page.locator(".event .sentence a")
    assert lines.count() == home.SIZE
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent") == lines.first.text_content()
    page.keyboard.press("?")
    assert page.locator("dialog.keys").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    assert page.evaluate("!!document.activeElement.closest('.filters')")
    page.keyboard.press("/")
    page.keyboard.type("jn")
    assert page.evaluate("document.activeElement.value") == "jn"
    page.keyboard.press("Escape")
    with page.expect_navigation():
        page.keyboard.press("n")
    assert "after=" in page.url
    with page.expect_navigation():
        page.keyboard.press("p")
    assert "after=" not in page.url
    page.close()


def test_without_scripts_it_is_narrowed_by_links_and_a_form(browser: Browser, site: str, demo: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(site)
    page.locator(".filters > summary").click()
    page.locator("#facet-type a").first.click()
    page.locator(".more > summary").click()
    page.get_by_label("Who acts").fill("US")
    page.locator(".more button").click()
    query = {name: values[0] for name, values in parsed(urlsplit(page.url).query).items()}
    assert query["actor"] == "US"
    with Timeline.open(demo) as timeline:
        expected = timeline.count(type=query["type"], actor="US")
    assert page.locator(".summary strong").text_content() == f"{expected} events"
    context.close()
