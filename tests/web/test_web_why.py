"""Why the reports of an event are one, and why two events are two: scores with reasons, for whoever wants to know."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from asking_pages import asked, clock, text
from bs4 import BeautifulSoup, Tag

from tracker import review
from tracker.errors import NotFoundError
from tracker.query import EventRow, Timeline
from tracker.store import Store
from tracker.web.pages import why

MOST_REPORTS = "SELECT id FROM event ORDER BY reports DESC, id LIMIT 1"


def shown(path: Path, ident: str, **query: str) -> BeautifulSoup:
    with Timeline.open(path, clock=clock) as timeline:
        answer = asked(timeline, why.show, ident, **query)
    assert answer.to is None
    return BeautifulSoup(text(answer), "lxml")


def words(found: Tag | None) -> str:
    assert found is not None
    return " ".join(found.get_text(" ").split())


@pytest.fixture(scope="module")
def told(demo: Path) -> EventRow:
    """The event that most reports tell."""
    with sqlite3.connect(f"file:{demo}?mode=ro", uri=True) as raw:
        (key,) = raw.execute(MOST_REPORTS).fetchone()
    with Timeline.open(demo) as timeline:
        return timeline.event(key).event


def test_each_report_has_its_score_and_reasons_the_leading_one_first(demo: Path, told: EventRow) -> None:
    page = shown(demo, told.id)
    members = page.select("ol.accounts > li")
    assert len(members) == told.report_count > 2
    assert words(members[0].select_one(".source")) == "leads"
    with Timeline.open(demo) as timeline:
        wrote = {(one.source_name, f"/article/{one.article_id}") for one in timeline.event(told.id).reports}
    assert {(words(one.cite), str(one.select_one("cite a")["href"])) for one in members} == wrote  # type: ignore[index]
    with Store.open(demo, read_only=True) as store:
        scores = [one.compared.score for one in review.why_one(store, told.id).members if one.compared]
    assert [words(one.select_one(".source"))[:4] for one in members[1:]] == [f"{score:.2f}" for score in scores]
    assert all(one.select("table.reasons tbody tr") for one in members[1:])


def test_of_many_reports_those_that_lead_are_told(demo: Path, told: EventRow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(why, "MOST", 2)
    page = shown(demo, told.id)
    assert len(page.select("ol.accounts > li")) == 2
    assert f"These are 2 of {told.report_count} reports" in words(page.select_one("main"))


def test_what_came_near_leads_to_the_comparison(demo: Path, told: EventRow) -> None:
    page = shown(demo, told.id)
    (first, *_) = page.select("#near + table tbody tr")
    link = str(first.select("a")[1]["href"])
    assert link.startswith(f"/event/{told.id}/why?with=e")
    pair = shown(demo, told.id, **{"with": link.partition("with=")[2]})
    assert words(pair.h1) in {"Two events, steps of one measure", "Two events of two measures"}
    heads = [words(one) for one in pair.select("section h2")]
    assert heads[0].startswith("The reports that lead them: ")
    weights = [float(words(cell).split()[-1]) for cell in pair.select("table.reasons")[0].select("td.number")]
    assert sorted(weights, key=abs, reverse=True) == pytest.approx(weights, abs=0.1)


def test_as_json_it_says_what_python_says(demo: Path, told: EventRow) -> None:
    with Timeline.open(demo, clock=clock) as timeline, Store.open(demo, read_only=True) as store:
        alone = json.loads(text(asked(timeline, why.data, told.id)))
        assert alone == json.loads(json.dumps(review.why_one(store, told.id).to_dict()))
        (near, *_) = review.near(store, told.id)
        pair = json.loads(text(asked(timeline, why.data, told.id, **{"with": near.event_id})))
    assert (pair["two"]["id"], pair["same_event"]) == (near.event_id, False)
    assert pair["leaders"]["reasons"]


def test_a_former_id_leads_on_and_an_unknown_one_is_said(demo: Path, told: EventRow) -> None:
    with Timeline.open(demo, clock=clock) as timeline:
        assert asked(timeline, why.show, told.id[:12], **{"with": "x"}).to == f"/event/{told.id}/why?with=x"
        with pytest.raises(NotFoundError):
            asked(timeline, why.show, told.id, **{"with": "zzz"})


def test_what_earlier_rules_settled_cannot_be_recounted(demo: Path, told: EventRow, tmp_path: Path) -> None:
    own = Path(shutil.copy(demo, tmp_path / "t.db"))
    with sqlite3.connect(own) as raw:
        raw.execute("UPDATE report_standing SET resolver = 'resolve 0' WHERE number = 1")
    assert "an earlier version of the rules" in words(shown(own, told.id).select_one(".banner"))
