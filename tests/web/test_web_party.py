"""The list of parties, and the dossier of one."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from shutil import copy

import pytest
from asking_pages import asked, clock, text
from bs4 import BeautifulSoup

from tracker.errors import NotFoundError
from tracker.query import Timeline
from tracker.query.facets import Index
from tracker.web.pages import parties, party

HOSTILE = '<script>alert(1)</script>" onmouseover="x \u202e'


def roster(timeline: Timeline, **query: str) -> BeautifulSoup:
    return BeautifulSoup(text(asked(timeline, parties.show, **query)), "lxml")


def dossier(timeline: Timeline, key: str, index: Index | None = None) -> BeautifulSoup:
    return BeautifulSoup(text(asked(timeline, party.show, key, index)), "lxml")


def names(soup: BeautifulSoup) -> list[str]:
    return [one.get_text() for one in soup.select(".ranks tbody th a")]


def test_the_most_active_come_first_with_the_events_that_links_lead_to(timeline: Timeline) -> None:
    soup = roster(timeline)
    row = soup.select_one(".ranks tbody tr")
    assert row is not None
    assert names(soup)[:2] == ["United States", "China"]
    told = [(one.get_text(), one["href"]) for one in row.select("td.number a")]
    assert told == [
        (str(timeline.count(actor="gov:us")), "/?actor=gov:us"),
        (str(timeline.count(target="gov:us")), "/?target=gov:us"),
    ]


def test_parties_are_searched_and_narrowed_and_put_in_order(timeline: Timeline) -> None:
    assert "Apple" in names(roster(timeline, text="app", kind="company", country="us"))
    assert names(roster(timeline, text="Straße der Einheit")) == []
    assert "Nobody is called so" in roster(timeline, text="Straße der Einheit").get_text()
    hit = [int(one.select("td")[-1].get_text()) for one in roster(timeline, order="targeted").select(".ranks tbody tr")]
    assert hit == sorted(hit, reverse=True)


def test_the_list_goes_on(timeline: Timeline) -> None:
    first, second = roster(timeline, kind="company"), roster(timeline, kind="company", page="2")
    following = first.select_one("a[rel=next]")
    assert following is not None
    assert following["href"] == "/parties?kind=company&page=2"
    assert not set(names(first)) & set(names(second))
    told = json.loads(text(asked(timeline, parties.as_json, kind="company", page="2")))
    assert [one["name"] for one in told["rows"]] == names(second)
    assert "does not go on so far" in roster(timeline, kind="company", page="99").get_text()


def test_a_dossier_tells_what_the_party_does_and_what_is_done_to_it(timeline: Timeline, index: Index) -> None:
    soup = dossier(timeline, "gov:us", index)
    words = soup.get_text(" ", strip=True)
    acts, targeted = timeline.count(actor="gov:us"), timeline.count(target="gov:us")
    assert [one.get_text() for one in soup.select("h1")] == ["United States"]
    assert [one.get_text() for one in soup.select(".sums b")][:2] == [f"{acts:,}", f"{targeted:,}"]
    assert soup.select_one("a[href='https://www.wikidata.org/wiki/Q30'][rel~=noreferrer]")
    latest = [one["href"] for one in soup.select("section[aria-labelledby=latest-1] .sentence a")]
    assert latest == [f"/event/{one.id}" for one in timeline.page(limit=6, actor="gov:us").events]
    assert {"Whom it restricts", "Who restricts it", "In force by it", "What belongs to it"} <= {
        one.get_text() for one in soup.select("h2")
    }
    assert "US Department of Commerce" in words
    assert "Washington" in words
    ids = [one["id"] for one in soup.select("[id]")]
    assert len(ids) == len(set(ids))


def test_its_chart_holds_every_event_of_it(timeline: Timeline) -> None:
    soup = dossier(timeline, "gov:us")
    told = soup.select_one("#over-time")
    assert told is not None
    values = json.loads(told.get_text())["data"]["values"]
    months = sorted(one["period"] for one in values)
    inside = timeline.count(actor="gov:us", since=months[0], until=months[-1])
    assert sum(one["events"] for one in values if one["name"] == "acts") == inside > 0
    late = timeline.count(party="gov:us") - timeline.count(party="gov:us", until=months[-1])
    assert (f"{late} later" in soup.get_text()) == (late > 0)
    assert not soup.select(".heat")  # before the counts are there
    assert "load this page again" in soup.get_text()


def test_those_that_it_meets_lead_to_their_events(timeline: Timeline, index: Index) -> None:
    for link in dossier(timeline, "gov:us", index).select(".heat tbody td[class^=h] a")[:20]:
        told = dict(pair.split("=") for pair in str(link["href"]).partition("?")[2].split("&"))
        assert timeline.count(**told) == int(link.get_text()), told  # type: ignore[arg-type]


def test_a_party_leads_to_what_it_belongs_to(timeline: Timeline) -> None:
    assert dossier(timeline, "gov:us:commerce").select_one(".lead a[href='/party/gov:us']")


def test_a_name_leads_to_its_party_and_nobody_to_none(timeline: Timeline) -> None:
    assert asked(timeline, party.show, "Apple").to == "/party/co:apple"
    assert asked(timeline, party.show, "nobody at all").to == "/parties?text=nobody%20at%20all"
    with pytest.raises(NotFoundError, match="no party has the id 'gov:none'"):
        asked(timeline, party.show, "gov:none")


def test_the_file_holds_the_dossier(timeline: Timeline) -> None:
    told = json.loads(text(asked(timeline, party.as_json, "gov:us")))
    assert (told["id"], told["wikidata"]) == ("gov:us", "Q30")
    assert told["acts_with_all"] == timeline.count(actor="gov:us") > told["acts"]
    assert len(told["latest"]) == 6


def test_a_merged_id_leads_to_what_stands_for_it_and_hostile_names_are_text(demo: Path, tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    copy(demo, path)
    with sqlite3.connect(path) as raw:
        raw.execute(
            "UPDATE entity SET merged_into = 'co:zte', merged_because = ? WHERE name = 'Wingtech'",
            (HOSTILE,),
        )
        raw.execute("UPDATE entity SET name = ?, wikidata = 'javascript:alert(1)' WHERE id = 'co:zte'", (HOSTILE,))
        key = raw.execute("SELECT id FROM entity WHERE merged_into = 'co:zte'").fetchone()[0]
    raw.close()
    with Timeline.open(path, clock=clock) as timeline:
        assert asked(timeline, party.show, key).to == "/party/co:zte"
        body = text(asked(timeline, party.show, "co:zte"))
        for page in (body, text(asked(timeline, parties.show))):
            assert "<script>alert" not in page
            assert "\u202e" not in page
            assert not BeautifulSoup(page, "lxml").select("[onmouseover]")
        assert "Names that it stands for" in body
