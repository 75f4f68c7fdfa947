"""The conductor on the sample newsroom: real HTTP, real SQLite, a simple reader."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from fnmatch import fnmatch

import pytest
from stand_ins import BlockReader, Clock

from tracker.config import Config
from tracker.errors import BusyError
from tracker.model import RunReport
from tracker.newsroom import Newsroom, Status
from tracker.query import Timeline
from tracker.store import Store
from tracker.store.compare import dump

Refresh = Callable[..., RunReport]
POSTS = 13  # of the two Mastodon accounts, boosts and posts that lead to articles of others left out


def test_everything_the_newsroom_publishes_is_stored_once(refresh: Refresh, settled: Config) -> None:
    report = refresh()
    assert report.sources_asked == len(settled.sources)
    assert report.sources_failed == 0
    assert report.articles_new >= 48
    assert report.copies >= 2
    assert set(report.articles_unread) >= {"language: zh is not read yet"} or any(
        fnmatch(reason, "*zh*") for reason in report.articles_unread
    )
    with Timeline.open(settled.settings.database) as timeline:
        assert timeline.stats().articles == report.articles_new


def test_a_second_refresh_finds_nothing_new_and_doubles_nothing(
    refresh: Refresh, settled: Config, newsroom: Newsroom, clock: Clock
) -> None:
    refresh()
    before = dump(settled.settings.database)
    newsroom.forget()
    clock.pass_(timedelta(minutes=1))
    again = refresh(force=True)
    assert (again.articles_new, again.items_new, again.reports_new, again.events_new) == (0, 0, 0, 0)
    assert again.sources_unchanged == again.sources_asked
    assert sum(seen.status == 304 for seen in newsroom.requests) == again.sources_asked - 1  # one sends no validators
    after = dump(settled.settings.database)
    assert {table for table in after if after[table] != before[table]} <= {"source"}  # how it answered last


def test_only_what_is_due_is_asked(refresh: Refresh, clock: Clock, newsroom: Newsroom) -> None:
    first = refresh()
    newsroom.forget()
    clock.pass_(timedelta(minutes=1))
    assert refresh().sources_asked == 0
    assert not newsroom.requests
    clock.pass_(timedelta(days=8))
    assert refresh().sources_asked == first.sources_asked


def test_reports_of_one_event_from_several_outlets_are_one_event(refresh: Refresh, settled: Config) -> None:
    report = refresh()
    assert report.events_new < report.reports_new
    with Timeline.open(settled.settings.database) as timeline:
        found = timeline.timeline(actor="OpenAI", target="CN")
        assert max(event.origins for event in found) >= 3
        detail = timeline.event(max(found, key=lambda e: e.origins).id)
    assert len({r.source_id for r in detail.reports}) >= 3
    assert all("OpenAI" in r.quote for r in detail.reports)


def test_a_source_that_fails_costs_no_other_source_its_articles(
    refresh: Refresh, settled: Config, newsroom: Newsroom
) -> None:
    whole = refresh()
    broken = settled.with_database(settled.settings.database.with_name("other.db"))
    host = "waferledger.example"
    newsroom.misbehave(host, "*", Status(500))
    report = refresh(broken)
    assert report.sources_failed >= 1
    assert any("500" in fault for fault in report.faults)
    assert 0 < report.articles_new < whole.articles_new


def test_a_page_that_fails_is_tried_again_and_then_taken_from_the_feed(
    refresh: Refresh, settled: Config, newsroom: Newsroom, clock: Clock
) -> None:
    newsroom.misbehave("techtrawler.example", "/[!fr]*", Status(503))
    first = refresh()
    assert first.articles_failed > 0
    newsroom.calm()
    clock.pass_(timedelta(hours=1))
    second = refresh()
    assert second.articles_new == first.articles_failed - 1  # of which one was tried for a feed and for a post
    assert second.articles_failed == 0
    with Store.open(settled.settings.database) as store:
        assert store.items.waiting(clock() + timedelta(days=1)) == 0


def test_what_was_read_is_not_read_again(refresh: Refresh, reader: BlockReader) -> None:
    refresh()
    count = len(reader.read)
    reader.version = "block 2"  # what a newer reader makes of old articles is for whoever asks for it
    refresh(force=True)
    assert len(reader.read) == count


def test_an_index_whose_parts_failed_is_asked_again(refresh: Refresh, newsroom: Newsroom, clock: Clock) -> None:
    newsroom.misbehave("toots.example", "/api/v1/accounts/*/statuses", Status(503))
    first = refresh()
    assert first.sources_failed == 2  # the two accounts, whose lookup did answer
    newsroom.calm()
    clock.pass_(timedelta(hours=6))
    assert refresh().articles_new == POSTS


def test_the_world_as_of_a_day_grows_to_the_same_timeline(
    refresh: Refresh, settled: Config, newsroom: Newsroom, clock: Clock
) -> None:
    newsroom.advance("2024-06-26")
    early = refresh(force=True)
    newsroom.advance(None)
    clock.pass_(timedelta(days=1))
    late = refresh(force=True)
    at_once = settled.with_database(settled.settings.database.with_name("at-once.db"))
    whole = refresh(at_once)
    assert early.articles_new < whole.articles_new
    assert early.articles_new + late.articles_new == whole.articles_new
    events = dump(settled.settings.database)["event"]
    assert len(events) == len(dump(at_once.settings.database)["event"])


def test_two_refreshes_do_not_collide(refresh: Refresh, settled: Config) -> None:
    with Store.open(settled.settings.database) as store, store.writing(), pytest.raises(BusyError):
        refresh()


def test_one_source_can_be_asked_alone_and_the_others_stay(refresh: Refresh, settled: Config) -> None:
    refresh()
    only = settled.sources[0].id
    report = refresh(only=(only,), force=True)
    assert report.sources_asked == 1
    with Timeline.open(settled.settings.database) as timeline:
        assert all(source.active for source in timeline.sources())


def test_an_article_that_the_reader_fails_on_is_set_aside_and_told(
    refresh: Refresh, reader: BlockReader, settled: Config
) -> None:
    reader.stumbles_over = "Entity List"
    report = refresh()
    faults = [reason for reason in report.articles_unread if reason.startswith("fault of the reader: ValueError")]
    assert len(faults) == 1
    assert report.articles_unread[faults[0]] == sum("fault of the reader" in fault for fault in report.faults)
    assert report.reports_new > 0
    with Store.open(settled.settings.database) as store:
        assert store.articles.waiting() == 0
