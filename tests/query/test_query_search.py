"""Full-text search says what a plain look at all texts says: every form of words, with filters, in every order."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import facet_world
import pytest

from tracker.errors import InputError
from tracker.query import Hits, Timeline
from tracker.query.density import many

WORDS = ("alfa", "bravo", "carbon", "delta", "echoa", "echot")
DATES = (None, "2023", "2024-02", "2024-02-10", "2024-06-25T10:00:00+00:00", "2024-06-26T01:00:00+00:00")
SIZE = 120
TEXTS = (
    "alfa",
    "alfa bravo",
    "alfa OR bravo carbon",
    '"alfa bravo"',
    "alfa -bravo",
    'echo* -"delta alfa"',
    "echoa OR echot -ALFA",
)
FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"type": "export_control"},
    {"actor": "gov:us"},
    {"country": "CN", "status": "announced"},
    {"source": "herald"},
    {"tier": "official", "language": "de"},
    {"tag": "law"},
    {"since": "2024-02-15"},
    {"until": "2024-02", "type": ("sanction", "export_control")},
    {"contradicted": True, "since": "2024-06-25", "until": "2024-06-25"},
    {"text": "delta"},
    {"rejected": True},
)


def holds(text: str, columns: list[str]) -> bool:
    """Whether texts hold what is asked, word by word."""
    groups: list[list[bool]] = []
    joined = False
    for sign, phrase, word in re.findall(r'(-?)(?:"([^"]*)"|(\S+))', text):
        if word == "OR":
            joined = True
            continue
        wanted = re.escape((phrase or word).rstrip("*").lower()) + ("" if word.endswith("*") else r"\b")
        there = any(re.search(rf"\b{wanted}", column) for column in columns)
        if sign:
            if there:
                return False
        elif joined:
            groups[-1].append(there)
        else:
            groups.append([there])
        joined = False
    return all(map(any, groups))


def telling(path: Path, seed: int) -> tuple[dict[str, list[str]], dict[str, dict[str, Any]]]:
    """Give the events and articles of a world words and dates; what was given."""
    chance = random.Random(seed)
    raw = sqlite3.connect(path)
    raw.row_factory = sqlite3.Row
    events: dict[str, list[str]] = {}
    for row in raw.execute("SELECT number, id FROM event").fetchall():
        columns = [" ".join(chance.choices(WORDS, k=chance.randrange(4))) for _ in range(4)]
        events[row["id"]] = columns
        raw.execute("INSERT INTO event_fts (rowid, summary, parties, items, quotes) VALUES (?, ?, ?, ?, ?)",
                    (row["number"], *columns))  # fmt: skip
    articles: dict[str, dict[str, Any]] = {}
    for row in raw.execute(
        "SELECT article.id, article.number, article.language, source_id, tier, coalesce(tags, '[]') AS tags, event_id"
        " FROM article LEFT JOIN source ON source.id = source_id LEFT JOIN report ON article_id = article.id"
    ).fetchall():
        told = [" ".join(chance.choices(WORDS, k=chance.randrange(5))) for _ in range(2)]
        published = chance.choice(DATES)
        raw.execute("UPDATE article SET title = ?, text = ?, published = ? WHERE id = ?", (*told, published, row["id"]))
        articles[row["id"]] = dict(row) | {"columns": told, "published": published}
    raw.commit()
    raw.close()
    return events, articles


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Timeline, Any, Any]]:
    path = tmp_path_factory.mktemp("search") / "t.db"
    facet_world.write(path, 3, SIZE)
    events, articles = telling(path, 4)
    with Timeline.open(path) as timeline:
        yield timeline, events, articles


def paged(timeline: Timeline, text: str, kind: str, by: Any, filters: dict[str, Any]) -> list[Any]:
    """All hits of a kind, page by page."""
    page = timeline.search(text, among=[kind], by=by, limit=7, **filters)
    found = list(getattr(page, kind))
    while place := page.next.get(kind):
        page = timeline.search(text, limit=7, after=place, **filters)
        found += getattr(page, kind)
    return found


def expected_articles(timeline: Timeline, articles: dict[str, Any], text: str, filters: dict[str, Any]) -> set[str]:
    own = {"source", "tier", "tag", "language", "since", "until"}
    rest = {name: value for name, value in filters.items() if name not in own}
    passing = {event.id for event in timeline.stream(**rest)}
    return {
        key
        for key, one in articles.items()
        if holds(text, one["columns"])
        and (not rest or one["event_id"] in passing)
        and filters.get("source") in (None, one["source_id"])
        and filters.get("tier") in (None, one["tier"])
        and filters.get("language") in (None, one["language"])
        and ("tag" not in filters or f'"{filters["tag"]}"' in one["tags"])
        and within(one["published"], filters)
    }


def within(published: str | None, filters: dict[str, Any]) -> bool:
    """Whether it may have been published between two dates."""
    if published is None:
        return not {"since", "until"} & filters.keys()
    day = published[:10]
    first, last = (day + "-01-01"[len(day) - 4 :]), day + "-12-31"[len(day) - 4 :]
    since, until = filters.get("since", ""), filters.get("until", "9999")
    return last >= since and first <= f"{until}-99"


@pytest.mark.parametrize("most", [(0, 0, 0), (0, 0, 9999), (0, 9999, 9999), (9999, 9999, 9999)],
                         ids=["one by one", "told first", "driving", "as ever"])  # fmt: skip
def test_search_says_what_a_plain_look_says(
    world: tuple[Timeline, Any, Any], monkeypatch: pytest.MonkeyPatch, most: tuple[int, int, int]
) -> None:
    timeline, events, articles = world
    for module in ("search_events", "search_articles"):
        monkeypatch.setattr(f"tracker.query.{module}.MOST_RANKED", most[0])
    monkeypatch.setattr("tracker.query.density.MOST_TOLD", most[2])
    monkeypatch.setattr("tracker.query.density.MOST_COUNTED", most[1])
    monkeypatch.setattr("tracker.query.plan.MOST_SORTED", most[1])
    chance = random.Random(most[1])
    met = 0
    for text, filters in ((text, chance.choice(FILTERS)) for text in TEXTS for _ in range(4)):
        passing = [event.id for event in timeline.stream(**filters)]
        wanted = [key for key in passing if holds(text, events[key])]
        by = chance.choice(["rank", "date", None])
        found = [hit.event.id for hit in paged(timeline, text, "events", by, filters)]
        assert set(found) == set(wanted), (text, filters)
        assert len(found) == len(wanted)
        if by == "date":
            assert found == wanted
        hits = [hit.id for hit in paged(timeline, text, "articles", by, filters)]
        assert set(hits) == expected_articles(timeline, articles, text, filters), (text, filters)
        assert len(hits) == len(set(hits))
        met += bool(found) + bool(hits)
        narrowed = {name: value for name, value in filters.items() if name != "text"}
        if narrowed == filters:
            assert [event.id for event in timeline.stream(text=text, **filters)] == wanted
    assert met > 20


def test_many_texts_are_estimated_by_the_sparser_end(
    world: tuple[Timeline, Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    timeline, events, _ = world
    holding = sum("alfa" in " ".join(columns) for columns in events.values())
    assert many(timeline._db, "event_fts", '"alfa"') == holding
    monkeypatch.setattr("tracker.query.density.MOST_COUNTED", 10)
    assert holding / 2 < many(timeline._db, "event_fts", '"alfa"') < holding * 2
    assert many(timeline._db, "event_fts", '"nowhere"') == 0


def test_articles_come_in_the_order_of_their_dates(world: tuple[Timeline, Any, Any]) -> None:
    timeline, _, _ = world
    dates = [hit.published or "" for hit in paged(timeline, "alfa", "articles", "date", {})]
    assert dates == sorted(dates, reverse=True)
    assert dates[0] > "2024"
    assert dates[-1] == ""


def test_what_is_rare_comes_by_rank_and_what_is_common_by_date(
    world: tuple[Timeline, Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    timeline, _, _ = world
    assert timeline.search("alfa").orders == {"events": "rank", "articles": "rank", "parties": "rank"}
    monkeypatch.setattr("tracker.query.search_events.MOST_RANKED", 3)
    assert timeline.search("alfa", among=["events"]).orders == {"events": "date"}
    assert timeline.search("alfa", among=["events"], by="rank").orders == {"events": "rank"}


PARTIES: list[tuple[str, dict[str, Any], list[str], list[str]]] = [
    ("commerce", {}, ["co:a"], ["gov:us:commerce", "gov:us:commerce:bis"]),
    ("gov:us", {}, [], ["gov:us", "gov:us:commerce", "gov:us:commerce:bis"]),
    ("gov:us -bis", {}, [], ["gov:us", "gov:us:commerce"]),
    ("court OR cloud", {}, [], ["court:us", "co:a:cloud"]),
    ("nobody", {}, [], []),
]


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Timeline]:
    path = tmp_path_factory.mktemp("named") / "t.db"
    facet_world.write(path, 5, 30)
    raw = sqlite3.connect(path)
    raw.execute("INSERT INTO alias (entity_id, name, folded, how) SELECT id, id, id, 'canonical' FROM entity")
    raw.commit()
    raw.close()
    with Timeline.open(path) as timeline:
        yield timeline


@pytest.mark.parametrize(("text", "filters", "but", "wanted"), PARTIES, ids=[text for text, *_ in PARTIES])
def test_parties_by_their_names(
    named: Timeline, text: str, filters: dict[str, Any], but: list[str], wanted: list[str]
) -> None:
    found = [party.id for party in paged(named, text, "parties", None, filters)]
    assert sorted(found) == sorted(wanted)
    assert not set(found) & set(but)
    if text == "gov:us":
        assert found[0] == "gov:us"


def test_parties_take_part_in_what_passes_the_filters(named: Timeline) -> None:
    for kind in ("export_control", "sanction", "entity_listing"):
        taking = {
            key
            for key in (one[0] for one in facet_world.ENTITIES)
            if named.count(type=kind, status="announced", party=key)
        }
        found = {party.id for party in named.search("o", among=["parties"], type=kind, status="announced").parties}
        assert found == {key for key in taking if "o" in key and key != "name:company:b-inc"}


def test_names_that_come_near_are_told_where_nothing_is_found(named: Timeline) -> None:
    assert named.search("cuort:us").near[0] == "court:us"
    assert named.search("court:us").near == ()
    assert named.search("cuort:us", among=["events"]).near == ()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"among": ["laws"]}, "unknown kind: 'laws'; one of events, articles, parties"),
        ({"by": "size"}, "unknown order: 'size'; one of rank, date"),
        ({"after": "e1"}, "not the place of a hit: 'e1'"),
        ({"after": "laws~rank~1~2"}, "not the place of a hit"),
        ({"after": "events~date~x~5"}, "not the place of a hit"),
        ({"after": "events~rank~nan~5"}, "not the place of a hit"),
        ({"after": "parties~rank~0~-5"}, "not the place of a hit"),
        ({"after": "articles~date~2024~99999999999999999999"}, "not the place of a hit"),
        ({"type": "laws"}, "unknown type: 'laws'"),
        ({"since": "June"}, "not a date"),
    ],
    ids=["kind", "order", "place", "place of what", "no day", "no score", "before all", "too far", "filter", "date"],
)
def test_what_no_search_knows(named: Timeline, given: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        named.search("alfa", **given)


def test_a_page_of_hits_is_small_and_whole(world: tuple[Timeline, Any, Any]) -> None:
    found: Hits = world[0].search("alfa", limit=2)
    assert [len(some) for some in (found.events, found.articles)] == [2, 2]
    assert set(found.next) == {"events", "articles"}
    for words in chain((hit.snippet for hit in found.events), (hit.snippet for hit in found.articles)):
        assert {words.text[start:end] for start, end in words.hits} == {"alfa"}
