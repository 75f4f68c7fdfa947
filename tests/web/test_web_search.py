"""Search: what holds some words, kind by kind, narrowed as the timeline is."""

from __future__ import annotations

import json

import pytest
from asking_pages import asked, text
from bs4 import BeautifulSoup

from tracker.errors import InputError
from tracker.query import Timeline
from tracker.urls import article_id
from tracker.web.asking import Answer
from tracker.web.pages import search


def soup(answer: Answer) -> BeautifulSoup:
    return BeautifulSoup(text(answer), "lxml")


def words(found: BeautifulSoup, selector: str) -> list[str]:
    return [" ".join(one.get_text().split()) for one in found.select(selector)]


def test_each_kind_has_its_hits_with_the_words_marked(timeline: Timeline) -> None:
    found = soup(asked(timeline, search.show, text="Huawei"))
    assert words(found, "section h2") == ["Events best first", "Articles best first", "Parties best first"]
    for kind, line in (("events", ".event"), ("articles", "li"), ("parties", "li")):
        assert found.select(f".kind-{kind} {line}")
    marks = words(found, ".kind-events mark") + words(found, ".kind-articles mark")
    assert len(marks) > 10
    assert {one.casefold() for one in marks} <= {"huawei", "huawei's", "huawei’s"}
    link = found.select_one(".kind-articles li a")
    assert link is not None
    assert str(link["href"]).startswith("/article/")


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ({"text": "chips"}, lambda _: True),
        ({"text": "chips", "type": "subsidy"}, lambda one: one.type == "subsidy"),
        ({"text": "chips", "type": ("subsidy", "tariff"), "since": "2024"}, lambda one: one.date >= "2024"),
        ({"text": "chips", "by": "date"}, lambda _: True),
        ({"text": '"artificial intelligence" -chips'}, lambda one: "chip" not in one.summary.casefold()),
    ],
    ids=["words", "of a type", "of types and a time", "by date", "a phrase without a word"],
)
def test_filters_narrow_what_is_found(timeline: Timeline, query: dict[str, str], holds: object) -> None:
    assert callable(holds)
    told = json.loads(text(asked(timeline, search.told, size="30", **query)))
    shown = soup(asked(timeline, search.show, size="30", **query))
    ids = [hit["event"]["id"] for hit in told["events"]]
    assert ids == [str(one["href"]).rpartition("/")[2] for one in shown.select(".kind-events .sentence a")]
    assert all(holds(timeline.event(key).event) for key in ids)
    if query.get("by") == "date":
        dates = [hit["event"]["date"] for hit in told["events"]]
        assert dates == sorted(dates, reverse=True)


def test_what_it_is_narrowed_by_stands_above_and_can_be_taken_away(timeline: Timeline) -> None:
    found = soup(asked(timeline, search.show, text="chips", type=("subsidy", "tariff"), since="2024-01"))
    assert words(found, ".chips li") == [
        "type subsidy × take away",
        "or type tariff × take away",
        "from January 2024 × take away",
        "Take all away",
    ]
    assert [one["href"] for one in found.select(".chips a")] == [
        "/search?text=chips&type=tariff&since=2024-01",
        "/search?text=chips&type=subsidy&since=2024-01",
        "/search?text=chips&type=subsidy&type=tariff",
        "/search?text=chips",
    ]
    kept = {(str(one["name"]), str(one["value"])) for one in found.select("form.asking input[type=hidden]")}
    assert kept == {("type", "subsidy"), ("type", "tariff"), ("since", "2024-01")}


@pytest.mark.parametrize("kind", ["events", "articles"])
def test_pages_of_a_kind_follow_one_another(timeline: Timeline, kind: str) -> None:
    seen: list[str] = []
    after = ""
    while True:
        told = json.loads(text(asked(timeline, search.told, text="chips", size="7", after=after, **{"in": kind})))
        seen += [hit["event"]["id"] if kind == "events" else hit["id"] for hit in told[kind]]
        page = soup(asked(timeline, search.show, text="chips", size="7", after=after, **{"in": kind}))
        assert bool(page.select("a[rel=next]")) == (kind in told["next"])
        after = told["next"].get(kind, "")
        if not after:
            break
    whole = json.loads(text(asked(timeline, search.told, text="chips", size="100", **{"in": kind})))
    assert seen[:100] == [hit["event"]["id"] if kind == "events" else hit["id"] for hit in whole[kind]]
    assert len(seen) == len(set(seen)) > 10


def test_more_of_one_kind_leads_to_that_kind_alone(timeline: Timeline) -> None:
    found = soup(asked(timeline, search.show, text="chips", size="3"))
    (more,) = found.select(".kind-events a[rel=next]")
    assert str(more["href"]).startswith("/search?text=chips&size=3&in=events&after=events~rank~")


def test_a_word_that_nothing_holds_leads_to_names_like_it(timeline: Timeline) -> None:
    found = soup(asked(timeline, search.show, text="Huawai"))
    assert words(found, ".lead") == ["Nothing holds this word."]
    near = {one.get_text(): one["href"] for one in found.select("main p a")}
    assert near.get("Huawei") == "/search?text=Huawei"


def test_without_words_it_says_what_may_be_asked(timeline: Timeline) -> None:
    found = soup(asked(timeline, search.show, text="  ", type="tariff"))
    assert words(found, "tbody tr")[0] == "export controlsboth words, in any order"
    assert [one["href"] for one in found.select("tbody a")][1] == "/search?type=tariff&text=%22export%20controls%22"
    assert found.select("section") == []
    assert json.loads(text(asked(timeline, search.told)))["events"] == []


def test_each_example_finds_something_or_says_that_it_does_not(timeline: Timeline) -> None:
    for form, _ in search.FORMS:
        assert asked(timeline, search.show, text=form).status == 200


def test_the_address_of_an_article_leads_to_it(timeline: Timeline) -> None:
    found = timeline.search("chips", among=["articles"]).articles
    article = next(one for one in found if one.url and article_id(one.url) == one.id)
    assert asked(timeline, search.show, text=f" {article.url}?utm_source=x").to == f"/article/{article.id}"
    unknown = soup(asked(timeline, search.show, text="https://nowhere.example/1"))
    assert words(unknown, "h1") == ["Search"]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"text": "x", "in": "everything"}, "in is one of"),
        ({"text": "x", "by": "rank"}, "by is one of"),
        ({"text": "x", "size": "0"}, "size is a whole number"),
        ({"text": "x", "after": "y"}, "not the place of a hit"),
        ({"text": "x", "typ": "tariff"}, "did you mean 'type'"),
        ({"text": ("x", "y")}, "text takes one value"),
    ],
)
def test_what_cannot_be_asked_is_said(timeline: Timeline, query: dict[str, str], says: str) -> None:
    with pytest.raises(InputError, match=says):
        asked(timeline, search.show, **query)


@pytest.mark.parametrize("given", ["\x00", '"', "-x", "(((", "a" * 5000, "* OR *", "s*", "<script>", "\u202e", "OR OR"])
def test_nothing_that_is_typed_is_an_error(timeline: Timeline, given: str) -> None:
    assert asked(timeline, search.show, text=given).status == 200
