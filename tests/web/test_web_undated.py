"""Articles without a date of their own: the day on which one was first seen is not told as the day of publication."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import query_samples
from asking_pages import asked, clock, text
from bs4 import BeautifulSoup

from tracker.cli import event_text, render
from tracker.query import Timeline
from tracker.web.asking import Answer, Ask
from tracker.web.pages import article, event, search, sources, why

SEEN = "seen on 25 June 2024"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports of an event, one of which is of an article whose day is that of its fetch."""
    path = query_samples.build(tmp_path_factory.mktemp("undated") / "t.db")
    with sqlite3.connect(path) as db:
        changed = db.execute(
            "UPDATE article SET published_basis = 'fetched' WHERE id IN "
            "(SELECT article_id FROM report WHERE event_id = 'e-api') AND source_id = 'gazette'"
        )
        assert changed.rowcount == 1
    return path


def undated(timeline: Timeline) -> str:
    return next(one.article_id for one in timeline.event("e-api").reports if one.published_basis == "fetched")


PAGES: list[tuple[Callable[[Ask], Answer], Callable[[Timeline], str], dict[str, str]]] = [
    (event.show, lambda _: "e-api", {}),
    (why.show, lambda _: "e-api", {}),
    (article.show, undated, {}),
    (sources.show_one, lambda _: "gazette", {}),
    (search.show, lambda _: "", {"text": "API", "in": "articles"}),
]


@pytest.mark.parametrize(("show", "ident", "query"), PAGES, ids=["event", "why", "article", "source", "search"])
def test_pages_say_when_it_was_seen(
    sample: Path, show: Callable[[Ask], Answer], ident: Callable[[Timeline], str], query: dict[str, str]
) -> None:
    with Timeline.open(sample, clock=clock) as timeline:
        found = BeautifulSoup(text(asked(timeline, show, ident(timeline), **query)), "lxml")
    assert SEEN in " ".join(found.get_text(" ").split())


def test_others_are_told_by_their_own_day(sample: Path) -> None:
    with Timeline.open(sample, clock=clock) as timeline:
        found = BeautifulSoup(text(asked(timeline, event.show, "e-api")), "lxml")
        told = [" ".join(one.get_text(" ").split()) for one in found.select("ol.accounts .about")]
        shown = render.text(*event_text.event(timeline.event("e-api")))
    assert [SEEN in one for one in told] == ["Gazette" in one for one in told]
    assert "The Gazette (official)  seen 2024-06-25" in shown
    assert "The Herald (major)  2024" in shown
