"""The page of an article: what it tells stands in its text, what is known of it beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from asking_pages import asked, text
from bs4 import BeautifulSoup
from hostile_samples import LATER, NOW, build
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from tracker.errors import InputError, NotFoundError
from tracker.model import Article, TextFrom
from tracker.query import Timeline
from tracker.store import Store
from tracker.web.highlighting import ENDS, Piece, paragraphs, parts, pieces
from tracker.web.pages import article


@dataclass(frozen=True)
class Place:
    start: int
    end: int
    name: str = ""


PLACES = st.lists(st.builds(Place, st.integers(-3, 25), st.integers(-3, 25), st.sampled_from("abc")), max_size=8)


@given(st.text(alphabet="ab \n", max_size=20), PLACES)
def test_pieces_are_the_text_and_every_place_is_covered(words: str, places: list[Place]) -> None:
    found = list(pieces(words, places))
    assert "".join(piece.text for piece in found) == words
    at = 0
    for piece in found:
        inside = [one for one in places if max(one.start, 0) <= at and at + len(piece.text) <= min(one.end, len(words))]
        assert sorted(map(repr, piece.over)) == sorted(map(repr, inside))
        at += len(piece.text)
        assert list(piece.ends) == [one for one in piece.over if min(one.end, len(words)) == at]
    ended = [one for piece in found for one in piece.ends]
    assert sorted(map(repr, ended)) == sorted(
        repr(one) for one in places if max(one.start, 0) < min(one.end, len(words))
    )


@given(st.text(alphabet="ab \n", max_size=20), PLACES, st.integers(0, 20), st.integers(0, 20))
def test_a_part_is_cut_as_if_it_were_the_whole(words: str, places: list[Place], start: int, end: int) -> None:
    start, end = min(start, end, len(words)), min(max(start, end), len(words))
    shifted = [Place(max(one.start, start) - start, one.end - start, one.name) for one in places]
    whole = [(one.text, [over.name for over in one.over]) for one in pieces(words[start:end], shifted)]
    part = [(one.text, [over.name for over in one.over]) for one in pieces(words, places, start=start, end=end)]
    assert [one for one, _ in part] == [one for one, _ in whole]
    assert [sorted(names) for _, names in part] == [sorted(names) for _, names in whole]


@given(st.text(alphabet="ab \n", max_size=20), PLACES)
def test_paragraphs_lose_nothing_but_space(words: str, places: list[Place]) -> None:
    found = paragraphs(pieces(words, places))
    joined = "".join(piece.text for line in found for piece in line)
    assert "".join(joined.split()) == "".join(words.split())
    assert all("\n" not in piece.text for line in found for piece in line)
    if words.strip() and not words[0].isspace():  # what ends before the first word ends nowhere
        ended = [one for piece in pieces(words, places) for one in piece.ends]
        assert sorted(repr(one) for line in found for piece in line for one in piece.ends) == sorted(map(repr, ended))


def test_what_ends_with_a_line_break_ends_before_it() -> None:
    quote = Place(0, 5, "q")
    assert paragraphs(pieces("Yes.\nNo.", [quote])) == [
        [Piece("Yes.", (quote,), (quote,))],
        [Piece("No.")],
    ]


@given(st.text(alphabet="ab \n", max_size=60), st.integers(2, 12))
def test_parts_are_the_text(words: str, most: int) -> None:
    found = parts(words, most)
    assert "".join(words[start:end] for start, end in found) == words
    assert all(0 < end - start <= most for start, end in found) or words == ""
    assert all(words[end - 1] in ENDS or " " not in words[start + most // 2 : end] for start, end in found[:-1])


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample of attacks with no attack in it."""
    path = tmp_path_factory.mktemp("article") / "t.db"
    build(path, "", b"<h1>Kept</h1><script>1</script>")
    return path


@pytest.fixture
def timeline(database: Path) -> Iterator[Timeline]:
    with Timeline.open(database) as opened:
        yield opened


def soup(timeline: Timeline, ident: str, **query: str) -> BeautifulSoup:
    return BeautifulSoup(text(asked(timeline, article.show, ident, **query)), "lxml")


def words(found: BeautifulSoup, selector: str) -> list[str]:
    return [" ".join(one.get_text().split()) for one in found.select(selector)]


def test_what_it_tells_is_marked_where_it_stands(timeline: Timeline) -> None:
    found = soup(timeline, "article2")
    assert words(found, ".text p") == ["text acted.1 Others watched."]
    assert [(one.get_text(), one["class"]) for one in found.select(".text .in")] == [
        ("text", ["in", "quote", "party"]),
        (" ", ["in", "quote"]),
        ("acted", ["in", "quote", "item", "amount", "date", "party"]),
        (".", ["in", "quote"]),
    ]
    assert [(one["href"], one["title"]) for one in found.select(".text a.in.party")] == [
        ("/party/co:hostile", "party"),
        ("/party/name:group:target", "count; announced 1 November 2024; takes effect 1 January 2099; target"),
    ]
    (ref,) = found.select(".text sup.ref a")
    assert (ref["href"], ref["aria-label"]) == ("/event/e-hostile", "Event 1: summary")
    assert words(found, ".switches label") == ["Quotes 2", "Goods and rules 1", "Amounts 1", "Dates 1", "Parties 2"]


def test_what_is_known_of_it_stands_beside(timeline: Timeline) -> None:
    found = soup(timeline, "article2")
    (told,) = words(found, ".told li")
    assert told.startswith("1 summary export control announced")
    assert told.endswith("text acted. … title Here: proposed.")
    assert words(found, "[aria-labelledby=listed] li")[0].startswith("source")
    assert "by author" in words(found, ".credits")[0]
    assert "published 1 November 2024 stated in the text" in words(found, ".credits")[0]
    assert found.select_one("details.kept iframe[sandbox='']") is not None


@pytest.mark.parametrize(
    ("ident", "says"),
    [
        ("article3", "Not read for events: unread."),
        ("article1", "It repeats the text of title"),
        ("article0", "The text changed on 2 November 2024, 00:00 UTC, and is yet to be read again"),
    ],
)
def test_what_has_to_be_known_first_stands_above(timeline: Timeline, ident: str, says: str) -> None:
    assert says in " ".join(words(soup(timeline, ident), ".banner"))


def test_of_a_text_that_changed_nothing_is_marked(timeline: Timeline) -> None:
    found = soup(timeline, "article0")
    assert words(found, ".text p") == ["Edited. text acted. Others watched."]
    assert found.select(".in, .ref, .switches") == []
    assert len(found.select(".told li")) == 1


def test_a_long_text_is_shown_in_parts(timeline: Timeline) -> None:
    first, last = soup(timeline, "article1"), soup(timeline, "article1", part="6")
    assert "part 1 of 6" in " ".join(words(first, ".note"))
    assert len("".join(words(first, ".text"))) < 41_000
    assert words(last, ".text p")[-1].endswith("Others watched.")
    assert [one["href"] for one in last.select("nav.pages a")] == ["/article/article1?part=5"]
    with pytest.raises(InputError, match="from 1 to 6"):
        asked(timeline, article.show, "article1", part="7")


def test_the_same_for_programs(timeline: Timeline) -> None:
    answer = asked(timeline, article.told, "article2")
    assert answer.type.startswith("application/json")
    assert json.loads(text(answer)) == json.loads(json.dumps(timeline.article("article2").to_dict()))


def test_what_is_not_there_is_named(timeline: Timeline) -> None:
    for show in (article.show, article.told, article.revisions):
        with pytest.raises(NotFoundError, match="no article 'b'"):
            asked(timeline, show, "b")


def test_edits_are_told_by_words_for_eyes_and_ears(timeline: Timeline) -> None:
    found = BeautifulSoup(text(asked(timeline, article.revisions, "article0")), "lxml")
    assert words(found, "h2") == ["Changed 2 November 2024, 00:00 UTC", "First had 1 November 2024, 00:00 UTC"]
    assert words(found, ".diff ins") == ["added: Edited. end of addition"]
    assert words(found, ".diff del") == []


def test_long_stretches_that_stayed_are_left_out(tmp_path: Path) -> None:
    long = "Nothing happened on that day. " * 100
    with Store.open(tmp_path / "t.db") as store:
        for middle, now in (("in May", NOW), ("in June", LATER)):
            told = f"{long}The rules begin {middle}. {long}"
            one = Article(
                id="a",
                url=None,
                title="T",
                text=told,
                published=None,
                language="en",
                text_from=TextFrom.PAGE,
                content_hash=told,
            )
            store.articles.save(None, one, now=now)
    with Timeline.open(tmp_path / "t.db") as timeline:
        found = BeautifulSoup(text(asked(timeline, article.revisions, "a")), "lxml")
    (diff,) = words(found, ".diff")
    assert "deleted: May end of deletion added: June end of addition" in diff
    assert diff.count("…") == 2
    assert len(diff) < 600


def test_switches_work_without_scripts(demo: Path, site: str, browser: Browser) -> None:
    with Timeline.open(demo) as timeline:
        event = max(timeline.page(limit=500).events, key=lambda one: one.report_count)
        ident = timeline.event(event.id).reports[0].article_id
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/article/{ident}")
    ref = page.locator(".text .ref").first
    assert ref.is_visible()
    page.get_by_label("Quotes").uncheck()
    assert not ref.is_visible()
    page.get_by_label("Quotes").check()
    assert ref.is_visible()
    party = page.locator(".text a.in.party").first
    leads = party.get_attribute("href")
    party.click()
    assert page.url == f"{site}{leads}"
    context.close()
