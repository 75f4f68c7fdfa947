"""The requests for a source's listings, however many for its articles came after them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import query_samples

from tracker.model import Item
from tracker.query import Timeline, health
from tracker.store import Store
from tracker.store.fetches import Note
from tracker.urls import article_id

LISTING = "https://herald.example/feed"


def asked(path: Path, articles: int) -> Path:
    """A source of which a listing was asked for, then its articles, some under another spelling of their address."""
    query_samples.build(path)
    urls = [f"https://www.herald.example/told/{number}" for number in range(articles)]
    with Store.open(path) as store, store.batch():
        store.fetches.log("herald", LISTING, Note(outcome="page"), query_samples.NOW)
        store.items.see(
            [(Item(source_id="herald", url=url, title=""), article_id(url)) for url in urls], query_samples.NOW
        )
        for number, url in enumerate(urls):
            at = query_samples.NOW + timedelta(seconds=number + 1)
            store.fetches.log("herald", url.replace("www.", "") if number % 2 else url, Note(outcome="page"), at)
    return path


@pytest.mark.parametrize("articles", [3, 1200])
def test_requests_for_listings_are_found_behind_those_for_articles(tmp_path: Path, articles: int) -> None:
    with Timeline.open(asked(tmp_path / "t.db", articles)) as timeline:
        detail = timeline.source("herald")
        story = timeline.ask(lambda db, _: health.story(db, "herald", query_samples.NOW, limit=20))
    assert LISTING in {one.url for one in detail.fetches}
    assert not [one.url for one in detail.fetches if "/told/" in one.url]
    assert story.fetches == detail.fetches
    assert story.alarms == detail.alarms
