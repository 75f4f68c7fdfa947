"""The page of one event: what is known and by which words, who disagrees, who tells it, what people decided."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from asking_pages import NOW, asked, clock, text
from bs4 import BeautifulSoup, Tag

from tracker import review
from tracker.errors import InputError, NotFoundError
from tracker.query import Timeline
from tracker.store import Store
from tracker.web.pages import event

HOSTILE = "<script>alert(1)</script>\u202e\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def path(sample_db: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sample_db, tmp_path / "t.db"))


def shown(path: Path, ident: str, **query: str) -> BeautifulSoup:
    with Timeline.open(path, clock=clock) as timeline:
        answer = asked(timeline, event.show, ident, **query)
    assert answer.to is None
    return BeautifulSoup(text(answer), "lxml")


def words(found: Tag | BeautifulSoup | None) -> str:
    assert found is not None
    return " ".join(found.get_text(" ").split())


def facts(page: BeautifulSoup) -> dict[str, Tag]:
    return {words(one.dt): one for one in page.select("dl.facts > div")}


def test_a_field_has_its_value_the_words_that_prove_it_and_who_wrote_them(sample_db: Path) -> None:
    found = facts(shown(sample_db, "e-tools"))
    assert list(found) == [
        *("Who acts", "Who is hit or helped", "Type", "Status", "What it is about", "Law or list", "Announced"),
        *("Certainty", "Confidence"),
    ]
    actor = found["Who acts"]
    assert words(actor.select_one(".value")) == "US Commerce Department government, US"
    assert actor.select_one(".value a")["href"] == "/party/gov:us:commerce"  # type: ignore[index]
    assert words(actor.select_one(".proof mark")) == "US Commerce Department"
    assert words(actor.select_one(".proof")) == (
        "“ US Commerce Department acted on chip tools against China.” The Herald , major outlet, July 2024"
    )
    assert words(found["Announced"].select_one(".value")) == "July 2024 known to the month; stated in the text"
    assert words(found["Confidence"].select_one(".value")) == "likely (0.75)"
    assert words(found["Status"].select_one(".value")) == "in force done, or in effect"
    assert words(found["Type"].select_one(".value")) == "export control restricts"


def test_the_head_says_what_when_and_by_how_many(sample_db: Path) -> None:
    head = shown(sample_db, "e-api").select_one("header.headline")
    assert words(head) == (
        "OpenAI acts on API access against developers in China access restriction announced announced 25 June 2024"
        " takes effect 9 July 2024 reported by 2 independent sources"
    )


def test_who_disagrees_stands_side_by_side_with_the_rule_and_the_words(sample_db: Path) -> None:
    table = shown(sample_db, "e-api").select_one("table.apart")
    assert table is not None
    assert words(table.caption) == "Status"
    taken, other = table.select("tbody tr")
    assert "announced taken: most independent accounts The Gazette and The Herald 2 independent" in words(taken)
    assert words(other) == (
        "proposed Chip Week 1 independent source “OpenAI acted on API access against developers in China.”"
    )


def test_texts_stand_apart_and_copies_under_the_best(sample_db: Path) -> None:
    first, second = shown(sample_db, "e-api").select("ol.accounts > li")
    assert "The Gazette official 25 June 2024 independent leads original ↗" in words(first.select_one(".about"))
    assert words(second.summary) == "1 copy of this text"
    assert "copy of The Herald · Chip Week, specialist" in words(second.details)
    link = first.select_one("a[rel]")
    assert link is not None
    assert (link["href"], link["rel"]) == ("https://gazette.example/api", ["noreferrer", "noopener"])


def test_what_an_outlet_withdrew_is_shown_as_such(sample_db: Path) -> None:
    page = shown(sample_db, "e-ruling")
    assert "withdrawn by its outlet" in words(page.select_one("ol.accounts > li.withdrawn"))
    assert not page.select("dl.facts .proof")


def test_its_measure_goes_from_step_to_step_with_this_one_marked(sample_db: Path) -> None:
    steps = shown(sample_db, "e-api").select("ol.steps > li")
    assert [one.get("aria-current") for one in steps] == [None, "step", "step"]
    assert "inferred" in steps[2]["class"]
    assert steps[0].a["href"] == "/event/e-api-leak"  # type: ignore[index]
    assert "retaliates against" in words(shown(sample_db, "e-gallium").select_one("aside"))


def test_amounts_are_told_in_words_with_those_of_the_article(sample_db: Path) -> None:
    assert words(facts(shown(sample_db, "e-api"))["Amount"].select_one(".value")) == (
        "up to 5 million USD “up to $5m” 140 entities"
    )


def test_a_beginning_and_a_former_id_lead_to_the_whole(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute("INSERT INTO redirect VALUES ('e-old', 'e-api', '2024-01-01')")
    with Timeline.open(path, clock=clock) as timeline:
        assert asked(timeline, event.show, "e-gal").to == "/event/e-gallium"
        assert asked(timeline, event.show, "e-old", texts="8").to == "/event/e-api?texts=8"
        assert asked(timeline, event.data, "e-old").to == "/event/e-api.json"
        with pytest.raises(NotFoundError, match="no event 'nothing'"):
            asked(timeline, event.show, "nothing")
        with pytest.raises(InputError, match="texts is a whole number"):
            asked(timeline, event.show, "e-api", texts="all")
    assert "e-old" in words(shown(path, "e-api").select_one("#record + dl"))


def test_as_json_it_says_what_python_says(sample_db: Path) -> None:
    with Timeline.open(sample_db, clock=clock) as timeline:
        told = asked(timeline, event.data, "e-api")
        assert json.loads(text(told)) == json.loads(json.dumps(timeline.event("e-api").to_dict()))
    assert told.type == "application/json; charset=utf-8"


def test_the_past_says_that_it_is_the_past(sample_db: Path) -> None:
    page = shown(sample_db, "e-api", as_of="2024-12-02")
    assert words(page.select_one(".banner")) == "As it was known on 2 December 2024 . As it is known now"
    with pytest.raises(NotFoundError, match="was known then"):
        shown(sample_db, "e-api", as_of="2024-01-01")


def test_what_people_decided_says_who_when_and_why(demo: Path, tmp_path: Path) -> None:
    own = Path(shutil.copy(demo, tmp_path / "t.db"))
    with Timeline.open(own) as timeline:
        one, two = (row.id for row in timeline.page(limit=2).events)
    with Store.open(own) as store:
        review.edit(store, one, "status", "delayed", who="ann", why="the gazette has it", now=NOW)
        review.edit(store, one, "announced_on", "2020-06", who="ann", why="the gazette has it", now=NOW)
        review.edit(store, one, "actors", "India", who="ann", why="the gazette has it", now=NOW)
        review.reject(store, two, who="bob", why="an opinion", now=NOW)
    page = shown(own, one)
    assert words(facts(page)["Status"].select_one(".value")) == "delayed postponed set by a person"
    assert words(facts(page)["Announced"].select_one(".value")) == "June 2020 known to the month set by a person"
    actor = facts(page)["Who acts"]  # what was read proves nothing of it
    assert actor.select_one("dd > .proof") is None
    assert words(actor.select_one("details summary")).startswith("what the articles say: ")
    told = words(page.select_one("#decided + ul"))
    assert "Status: delayed" in told
    assert "ann, 1 November 2024 : the gazette has it" in told
    assert "left out of the timeline" in words(shown(own, two).select_one(".banner"))


def copied(raw: sqlite3.Connection, table: str, row: dict[str, object], **changes: str) -> None:
    """Write a row again with some values changed."""
    told = row | changes
    marks = ", ".join("?" * len(told))
    raw.execute(f"INSERT INTO {table} ({', '.join(told)}) VALUES ({marks})", [*told.values()])


def test_many_texts_come_page_by_page_each_once(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.row_factory = sqlite3.Row
        article = dict(raw.execute("SELECT * FROM article WHERE id = 'api-herald'").fetchone())
        report = dict(raw.execute("SELECT * FROM report WHERE article_id = 'api-herald'").fetchone())
        del article["number"]
        for n in range(130):
            key = f"a{n}"
            copied(raw, "article", article, id=key, origin=key, url=f"https://x.example/{key}")
            copied(raw, "report", report, id=f"r{n}", article_id=key)
    seen: list[str] = []
    query: dict[str, str] = {}
    for _ in range(5):
        page = shown(path, "e-api", **query)
        seen += [str(one["id"]) for one in page.select("ol.accounts > li")]
        following = page.select_one("a[rel=next]")
        if following is None:
            break
        query = {"texts": str(following["href"]).split("texts=")[1].split("#")[0]}
    assert len(seen) == len(set(seen)) == 132
    assert words(page.select_one("nav.pages")) == "Texts before 109 to 132 of 132 texts"


def test_what_an_article_says_stays_text(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE article SET title = ?1, url = 'javascript:alert(1)' WHERE id LIKE 'api%'", (HOSTILE,))
        raw.execute("UPDATE report SET quote = ?1 WHERE article_id LIKE 'api%'", (HOSTILE,))
        raw.execute("UPDATE event SET summary = ?1 WHERE id = 'e-api'", (HOSTILE,))
        raw.execute("UPDATE event_party SET name = ?1 WHERE event_id = 'e-api'", (HOSTILE,))
        raw.execute("UPDATE event_item SET name = ?1 WHERE event_id = 'e-api'", (HOSTILE,))
        raw.execute("UPDATE source SET name = ?1", (HOSTILE,))
        raw.execute("UPDATE measure SET title = ?1", (HOSTILE,))
        raw.execute("UPDATE measure_step SET words = ?1", (HOSTILE,))
    page = shown(path, "e-api")
    assert not page.select("main script, main img, [onerror], [style]")
    assert not [link for link in page.select("a[href]") if not str(link["href"]).startswith(("/", "#"))]
    assert "\u202e" not in page.get_text()
    assert page.get_text().count("<script>alert(1)</script>") > 10


def test_every_event_of_the_demonstration_has_its_words(demo: Path) -> None:
    """Where an actor is marked, its words stand in the article that is named beside them."""
    proven = 0
    with Timeline.open(demo, clock=clock) as timeline:
        for row in timeline.page(limit=30).events:
            page = BeautifulSoup(text(asked(timeline, event.show, row.id)), "lxml")
            assert words(page.h1) == " ".join(row.summary.split())
            for proof in page.select("dl.facts .proof"):
                article = timeline.article(str(proof.select_one("cite a")["href"]).rpartition("/")[2])  # type: ignore[index]
                assert all(one.get_text() in article.title + article.text for one in proof.select("mark"))
                proven += 1
    assert proven > 100
