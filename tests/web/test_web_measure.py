"""The page of one measure: where it stands, its life drawn and told, and what hangs together with it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from asking_pages import asked, clock, text
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser

from tracker.query import Timeline
from tracker.web.pages import measure


def shown(path: Path, ident: str) -> BeautifulSoup:
    with Timeline.open(path, clock=clock) as timeline:
        return BeautifulSoup(text(asked(timeline, measure.show, ident)), "lxml")


def words(found: Tag | None) -> str:
    assert found is not None
    return " ".join(found.get_text(" ").split())


def test_it_says_where_it_stands_today(sample_db: Path) -> None:
    assert words(shown(sample_db, "m-api").select_one("header.headline .about")) == (
        "Today in force since 9 July 2024 2 events 3 steps, from 24 June 2024 to 9 July 2024"
    )


def test_every_step_has_its_day_status_words_and_sources(sample_db: Path) -> None:
    rows = [words(row) for row in shown(sample_db, "m-api").select("table.life tbody tr")]
    assert rows[0] == (
        "1 24 June 2024 considered OpenAI acts on API access against developers in China “OpenAI acted on API access"
        " against developers in China.” Chip Week 1 independent source · original ↗"
    )
    assert rows[2] == (
        "3 9 July 2024 in force takes effect No report tells this step; it follows from a date that one gives."
    )


def test_what_is_still_to_come_stands_below_today(sample_db: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(sample_db, tmp_path / "t.db"))
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE measure_step SET day = '2025-01-02' WHERE position = 2 AND measure_id = 'm-api'")
    page = shown(path, "m-api")
    rows = [words(row) for row in page.select("table.life tbody tr")]
    assert rows[2] == "Today, 1 November 2024 : what follows is still to come"
    assert rows[3].startswith("3 2 January 2025 in force takes effect")
    assert "announced since" in words(page.select_one("header.headline .about"))


def test_its_life_is_drawn_with_steps_that_lead_to_their_events(sample_db: Path) -> None:
    page = shown(sample_db, "m-api")
    told = page.select_one("figure.chart script[type='application/json']")
    assert told is not None
    spec = json.loads(told.get_text())
    assert [(one["day"], one["status"], one["told"], one["href"]) for one in spec["data"]["values"]] == [
        ("2024-06-24", "considered", "reported", "/event/e-api-leak"),
        ("2024-06-25", "announced", "reported", "/event/e-api"),
        ("2024-07-09", "in_force", "inferred", "/event/e-api"),
    ]
    assert len(page.select("figure.chart details tbody tr")) == 3
    assert not shown(sample_db, "m-halt").select("figure.chart")  # one step is no life to draw


def test_ties_contradictions_and_feeds_are_there(sample_db: Path) -> None:
    page = shown(sample_db, "m-gallium")
    assert words(page.select_one("#ties + ul")) == (
        "retaliates against US Commerce Department acts on chip tools against China “in response to”"
    )
    assert "drew retaliation in" in words(shown(sample_db, "m-tools").select_one("#ties + ul"))
    page = shown(sample_db, "m-api")
    assert words(page.select_one("table.apart caption")) == "Status"
    assert [one["href"] for one in page.select("#follow + ul a")] == [
        "/?measure=m-api",
        "/events.atom?measure=m-api",
        "/events.ics?measure=m-api",
    ]


def test_an_event_of_it_and_a_beginning_lead_to_it(sample_db: Path) -> None:
    with Timeline.open(sample_db, clock=clock) as timeline:
        assert asked(timeline, measure.show, "e-api-leak").to == "/measure/m-api"
        assert asked(timeline, measure.show, "m-gal").to == "/measure/m-gallium"
        assert asked(timeline, measure.data, "m-gal").to == "/measure/m-gallium.json"
        told = asked(timeline, measure.data, "m-api")
        assert json.loads(text(told)) == json.loads(json.dumps(timeline.measure("m-api").to_dict()))


def test_events_that_are_no_step_are_told_all_the_same(sample_db: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(sample_db, tmp_path / "t.db"))
    with sqlite3.connect(path) as raw:
        raw.execute("DELETE FROM measure_step WHERE measure_id = 'm-api'")
    page = shown(path, "m-api")
    assert "No report gives a day" in words(page.select_one("main"))
    assert {one["id"] for one in page.select("article.event")} == {"e-api", "e-api-leak"}


@pytest.mark.parametrize("wide", [1280, 390])
def test_the_chart_is_drawn_and_leads_on(browser: Browser, site: str, demo: Path, wide: int) -> None:
    with sqlite3.connect(demo) as raw:
        (key,) = raw.execute("SELECT measure_id FROM measure_step GROUP BY 1 ORDER BY count(*) DESC, 1").fetchone()
    page = browser.new_page(viewport={"width": wide, "height": 800})
    faults: list[str] = []
    page.on("console", lambda told: faults.append(told.text) if told.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{site}/measure/{key}")
    page.wait_for_selector("figure.chart[data-drawn=true]")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert not faults
    page.locator("figure.chart .mark-symbol path").first.click(force=True)
    page.wait_for_url("**/event/*")
    page.close()
