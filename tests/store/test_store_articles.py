"""Articles, originals, revisions, copies, and what is still to be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from store_samples import (
    LATER,
    NOW,
    TEXT,
    analysis,
    article,
    copy,
    event,
    item,
    keep,
    opened,
    page,
    source,
)

from tracker.model import Ask, Basis, Notice, Span, Standing, TextFrom, When
from tracker.store import Store
from tracker.store.compare import dump


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = opened(tmp_path / "t.db")
    store.sources.sync([source("herald"), source("wire")], NOW)
    return store


def found(store: Store, word: str) -> list[str]:
    sql = "SELECT id FROM article JOIN article_fts ON article_fts.rowid = number WHERE article_fts MATCH ? ORDER BY id"
    return [row["id"] for row in store._db.rows(sql, (word,))]


def test_an_article_comes_back_as_it_was(store: Store) -> None:
    told = article(
        published=When(value="2024-06-25", basis=Basis.PAGE, span=Span(start=4, end=8)),
        author="A. Writer",
        modified="2024-06-26",
        site="The Herald",
        text_from=TextFrom.FEED,
        unread="paywall stub",
        signature=b"",
    )
    assert store.articles.save(None, told, now=NOW)
    assert store.articles.get("a1") == told
    assert store.articles.get("a2") is None


def test_a_bare_article_comes_back_as_it_was(store: Store) -> None:
    told = article(url=None, published=None, language=None, source_id=None, signature=b"", content_hash="")
    store.articles.save(None, told, now=NOW)
    assert store.articles.get("a1") == told


def test_an_original_comes_back_byte_by_byte(store: Store) -> None:
    told = page(body=bytes(range(256)) * 50, etag='"x"', final_url="https://herald.example/final")
    store.articles.save(None, article(), now=NOW)
    store.pages.keep("a1", told)
    assert store.pages.get("a1") == told
    assert store.pages.get("a2") is None
    assert store._db.number("SELECT length(body) FROM page") < len(told.body)


def test_saving_twice_is_saving_once(store: Store) -> None:
    assert store.articles.save(None, article(), now=NOW)
    before, changes = dump(store.path), store._db.number("SELECT count(*) FROM change")
    assert not store.articles.save(None, article(), now=LATER)
    assert dump(store.path) == before
    assert store._db.number("SELECT count(*) FROM change") == changes


def test_a_changed_text_keeps_the_old_one(store: Store) -> None:
    store.articles.save(None, article(), now=NOW)
    store.analyses.save(analysis(), now=NOW)
    assert store.articles.unread(9) == []

    changed = article(text=f"{TEXT} Corrected.", title="New title", signature=b"")
    assert not store.articles.save(None, changed, now=LATER)

    assert store.articles.get("a1") == changed
    (old,) = store._db.rows("SELECT * FROM article_revision")
    assert (old["article_id"], old["text"], old["stored_at"], old["replaced_at"]) == (
        "a1",
        TEXT,
        NOW.isoformat(),
        LATER.isoformat(),
    )
    assert store.articles.unread(9) == [changed]
    assert found(store, "corrected") == ["a1"]


def test_copies_are_found_by_what_they_share(store: Store) -> None:
    for key in ("a1", "a2", "a3"):
        store.articles.save(None, article(key), now=NOW)
    first = Standing(id="a1", group="", rank="1", profile="p1", lead="a1", leads=True)
    second = Standing(id="a2", group="", rank="2", profile="p2", lead="a1", leads=False)
    store.articles.follow([first, second], {"a1": [("x", ""), ("y", "")], "a2": [("y", "")]}, scheme="s1")
    shared = [Ask(key="y", days=(("", ""),))]
    assert list(store.articles.copies.leading(shared)) == [first]
    assert list(store.articles.copies.sharing(shared)) == [first, second]
    assert store.counts()["copies"] == 1
    assert [one.id for one in store.articles.of_other_scheme("s1", 9)] == ["a3"]
    assert {one.id for one in store.articles.of_other_scheme("s2", 9)} == {"a1", "a2", "a3"}


def test_an_article_that_is_found_to_be_a_copy_makes_its_events_stale(store: Store) -> None:
    for key in ("a1", "a2", "a3"):
        store.articles.save(None, article(key), now=NOW)
        (report,) = store.analyses.save(analysis(article_id=key), now=NOW)
        keep(store, event(report))
    copy(store, "a2", of="a1")
    assert [store._db.rows("SELECT origin FROM article ORDER BY id")[n][0] for n in range(3)] == ["a1", "a1", "a3"]
    (moved,) = store._db.rows("SELECT event_id FROM report WHERE article_id = 'a2'")
    assert store.events.stale(9) == [moved["event_id"]]


NOTICES = [Notice.CORRECTION, Notice.RETRACTION]


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_is_known_of_the_article_and_its_reports(store: Store, notice: Notice) -> None:
    store.articles.save(None, article(notice=notice, signature=b""), now=NOW)
    assert store.articles.get("a1") == article(notice=notice, signature=b"")
    (report,) = store.analyses.save(analysis(), now=NOW)
    assert report.notice is notice
    assert store.reports.reports([report.id]) == [report]


def test_another_text_makes_the_events_of_the_article_stale(store: Store) -> None:
    store.articles.save(None, article(), now=NOW)
    (report,) = store.analyses.save(analysis(), now=NOW)
    keep(store, event(report))
    store.articles.save(None, article(text=f"Correction: {TEXT}", notice=Notice.CORRECTION), now=LATER)
    assert store.events.stale(9) == [report.id]


def test_what_is_to_be_read_comes_oldest_first(store: Store) -> None:
    days = {"a1": "2024-06-25", "a2": "2024-05", "a3": None, "a4": "2024-06-25"}
    for key, day in days.items():
        published = When(value=day, basis=Basis.FEED) if day else None
        store.articles.save(None, article(key, published=published), now=NOW)
    store.articles.save(None, article("a5", unread="language: zh is not read yet"), now=NOW)

    assert [one.id for one in store.articles.unread(9)] == ["a3", "a2", "a1", "a4"]
    assert [one.id for one in store.articles.unread(2)] == ["a3", "a2"]
    assert store.articles.waiting() == 4
    assert store.unread_counts() == {"language: zh is not read yet": 1}


def test_what_one_reader_has_read_is_left_alone_by_the_next(store: Store) -> None:
    for key in ("a1", "a2"):
        store.articles.save(None, article(key), now=NOW)
    store.analyses.save(analysis(article_id="a1", reader="rules-1"), now=NOW)
    assert [one.id for one in store.articles.unread(9)] == ["a2"]
    assert store.articles.waiting() == 1


def test_a_note_says_why_the_text_is_not_from_the_page(store: Store) -> None:
    store.items.see([(item(), "a1")], NOW)
    (one,) = store.items.queue(NOW, 1)
    store.articles.save(one, article(text_from=TextFrom.FEED), now=NOW, note="404: the feed's text was used")
    (row,) = store._db.rows("SELECT state, reason FROM item")
    assert tuple(row) == ("stored", "404: the feed's text was used")


def test_words_of_articles_are_found_by_their_stem(store: Store) -> None:
    store.articles.save(None, article(), now=NOW)
    assert found(store, "restricting") == ["a1"]
    assert found(store, "moon") == []
