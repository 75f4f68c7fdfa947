"""The list of sources, what needs attention first; one source."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asking_pages import NOW, asked, clock, text

from tracker.errors import InputError, NotFoundError
from tracker.query import AlarmRow, Timeline
from tracker.query.source_answers import SourceGlance
from tracker.web import watching
from tracker.web.pages import sources

SOURCE = SourceGlance(
    id="s",
    name="S",
    kind="feed",
    tier="major",
    language="fr",
    country=None,
    tags=(),
    url="https://s.example/",
    enabled=True,
    active=True,
    alarms=(),
    last_outcome="page",
    last_reason=None,
    notes=None,
    failures=0,
    last_asked_at=NOW.isoformat(),
    last_success_at=NOW.isoformat(),
    next_due_at=None,
    last_new_at=None,
    rhythm_seconds=None,
    moved_to=None,
    gone_at=None,
    events=0,
    months={"2024-05": 3, "2024-06": 0},
    pending=0,
    held=0,
    sampled=1,
    per_week=1.0,
    per_article=1.0,
    copies_share=0.0,
    unread_share=0.0,
)
ALARM = AlarmRow(kind="silent", since_at="2024-05-01T00:00:00+00:00", until_at=None, detail="nothing new since May")
STATES: list[tuple[dict[str, Any], str, str]] = [
    ({}, "well", ""),
    ({"notes": "2 entries without a date"}, "well", "2 entries without a date"),
    ({"alarms": (ALARM,), "failures": 3}, "silent", "nothing new since May"),
    ({"failures": 3, "last_reason": "HTTP 500"}, "failing", "3 times in a row: HTTP 500"),
    ({"failures": 1, "last_reason": "timeout"}, "failing", "1 time in a row: timeout"),
    ({"last_outcome": "poison", "last_reason": "no feed"}, "failing", "the last time: no feed"),
    ({"unread_share": 0.75}, "not read", "75% of its articles are not read (French)"),
    ({"unread_share": 0.25}, "well", ""),
    ({"last_asked_at": None}, "not asked yet", ""),
    ({"enabled": False, "alarms": (ALARM,)}, "off", "switched off in feeds.yaml"),
    ({"active": False}, "off", "no longer in feeds.yaml"),
]


@pytest.mark.parametrize(("change", "word", "why"), STATES)
def test_what_a_source_is_like(change: dict[str, Any], word: str, why: str) -> None:
    one = watching.watched(replace(SOURCE, **change))
    assert (one.word, one.why) == (word, why)


def test_what_needs_attention_comes_first() -> None:
    changes: dict[str, dict[str, Any]] = {
        "well": {"events": 9},
        "off": {"enabled": False},
        "busy": {"failures": 1, "events": 5},
        "loud": {"alarms": (ALARM,)},
        "lame": {"failures": 1},
    }
    found = [watching.watched(replace(SOURCE, id=key, name=key, **change)) for key, change in changes.items()]
    assert [one.source.id for one in watching.ordered(found, "attention")] == ["loud", "busy", "lame", "well", "off"]
    assert [one.source.id for one in watching.ordered(found, "events")] == ["well", "busy", "lame", "loud", "off"]


TIMES = [
    (timedelta(seconds=20), "just now", "due"),
    (timedelta(minutes=1), "1 minute ago", "in 1 minute"),
    (timedelta(hours=30), "1 day ago", "in 1 day"),
    (timedelta(days=400), "400 days ago", "in 400 days"),
]


@pytest.mark.parametrize(("length", "past", "future"), TIMES)
def test_times_from_now(length: timedelta, past: str, future: str) -> None:
    assert watching.ago((NOW - length).isoformat(), NOW) == past
    assert watching.ahead((NOW + length).isoformat(), NOW) == future
    assert watching.ago(None, NOW) == "never"


def test_bars_stand_for_counts_and_have_no_place_for_markup() -> None:
    drawn = watching.bars({'"><script>': 12, "2024-06": 0, "2024-07": 1})
    assert drawn.count("z") == 2
    assert "M0 24v-24h4v24z" in drawn
    assert "M10 24v-2h4v2z" in drawn
    assert "13 in all, 12 at most" in drawn
    assert "<script" not in drawn


def test_the_list_and_its_orders(demo: Path) -> None:
    with Timeline.open(demo, clock=clock) as timeline:
        whole = text(asked(timeline, sources.show))
        assert whole.count("data-item") == len(timeline.sources())
        assert whole.index("Daily Tattle") < whole.index("Harbour Wire")  # it moved
        needy = text(asked(timeline, sources.show, state="attention"))
        assert needy.count("data-item") == 1
        listed = json.loads(text(asked(timeline, sources.listed, order="events")))
        assert [one["events"] for one in listed] == sorted((one["events"] for one in listed), reverse=True)
        assert listed[0]["events"] == timeline.count(source=listed[0]["id"])
        with pytest.raises(InputError, match="order is one of attention, name"):
            asked(timeline, sources.show, order="colour")


def test_one_source(demo: Path) -> None:
    with Timeline.open(demo, clock=clock) as timeline:
        shown = text(asked(timeline, sources.show_one, "daily-tattle"))
        assert '<span class="state state-bad">moved</span>' in shown
        assert 'href="/?source=daily-tattle"' in shown
        told = json.loads(text(asked(timeline, sources.told, "daily-tattle")))
        assert told["articles"] == timeline.source("daily-tattle").source.articles
        assert [one["url"] for one in told["fetches"]] == [
            one.url for one in timeline.source("daily-tattle").fetches
        ]  # those for its listings alone
        with pytest.raises(NotFoundError, match="did you mean 'daily-tattle'"):
            asked(timeline, sources.show_one, "daily-tatle")
