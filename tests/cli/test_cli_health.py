"""The health of sources in words and in JSON, out of a real database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tracker.cli import health_text, render
from tracker.cli.book import is_silent
from tracker.query import AlarmRow, FetchRow, SourceDetail, SourceRow

ROW = SourceRow(
    id="desk", name="The\x1b[31m Desk", kind="feed", tier="major", url="https://a.example/f", enabled=True, active=True,
    alarms="empty: none; silent: nothing new since 2026-01-01", last_outcome="failed", last_reason="HTTP 503",
    notes="1 of 9 entries left out", failures=3, last_asked_at="2026-01-31T12:00:00Z",
    last_success_at="2026-01-30T12:00:00Z", next_due_at="2026-01-31T18:00:00Z", last_new_at="2026-01-01T09:00:00Z",
    silent_seconds=2_602_800, rhythm_seconds=5_400, items_per_week=12.5, undated_share=0.25, copies_share=0.0,
    unread_share=None, moved_to="https://b.example/f", gone_at=None, validators_distrusted_at="2026-01-02T09:00:00Z",
    items=90, pending=1, dropped=2, articles=80, held=9, reports=7,
)  # fmt: skip
ALARMS = (
    AlarmRow(kind="silent", since_at="2026-01-20T12:00:00Z", until_at=None, detail="nothing new since 2026-01-01"),
    AlarmRow(kind="copies", since_at="2025-01-20T12:00:00Z", until_at="2025-02-20T12:00:00Z", detail="all"),
)
FETCH = FetchRow(
    fetched_at="2026-01-31T12:00:00Z", url="https://a.example/f", outcome="failed", status=503,
    reason="HTTP 503 (unavailable)", bytes=None, milliseconds=31, final_url="https://a.example/g",
)  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, ""), (0, "0s"), (59, "59s"), (90, "1.5m"), (5_400, "1.5h"), (86_400, "1d"), (2_602_800, "30.1d")],
)
def test_lengths_of_time(seconds: int | None, words: str) -> None:
    assert health_text.span(seconds) == words


def test_every_source_is_one_line() -> None:
    shown = render.text(*health_text.table([ROW]), width=200).splitlines()
    assert shown[0].split() == "source last asked fails last new rhythm a week undated copies unread faults".split()
    line = f"desk failed 2026-01-31 12:00 3 2026-01-01 09:00 1.5h 12.5 25% 0% {ROW.alarms}"
    assert shown[1].split() == line.split()
    assert shown[2].strip() == "1 source, 1 with an alarm, 1 failing"


def test_one_source_is_told_in_full() -> None:
    shown = render.text(*health_text.detail(SourceDetail(source=ROW, alarms=ALARMS, fetches=(FETCH,))), width=200)
    for words in (
        "desk (feed, major)", "failed 2026-01-31 12:00", "3 in a row, last success 2026-01-30 12:00",
        "2026-01-01 09:00, 30.1d before it was last asked", "something new every 1.5h", "12.5 items a week",
        "25% undated, 0% copies", "https://b.example/f", "not trusted since 2026-01-02 09:00",
        "90 items (1 pending, 2 dropped), 80 articles (9 held back), 7 reports",
        "silent, from 2026-01-20 12:00 until now: nothing new since 2026-01-01",
        "copies, from 2025-01-20 12:00 to 2025-02-20 12:00: all",
        "https://a.example/f → https://a.example/g HTTP 503 (unavailable)",
    ):  # fmt: skip
        assert words in shown, words
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("alarms", "silent"),
    [(None, False), (ROW.alarms, True), ("silent: x", True), ("moved: it is silent: no", False)],
)
def test_what_is_silent(alarms: str | None, *, silent: bool) -> None:
    assert is_silent(replace(ROW, alarms=alarms)) == silent
