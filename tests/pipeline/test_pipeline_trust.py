"""Which validators are sent, and when they are found to lie."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tracker.pipeline.trust import WHOLE_EVERY, after_page, is_sendable
from tracker.store import Validators

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def marks(**changes: object) -> Validators:
    values: dict[str, object] = {
        "etag": '"1"',
        "last_modified": None,
        "body_hash": "one",
        "reading": "feed",
        "stored_at": NOW,
    }
    return Validators(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kept", "rhythm", "hours", "sendable"),
    [
        (marks(), HOUR, 23, True),
        (marks(), HOUR, 25, False),  # four gaps and a day of nothing but 304: the whole, once
        (marks(), 12 * HOUR, 47, True),
        (marks(), 12 * HOUR, 49, False),
        (marks(), None, 150, True),
        (marks(), None, 170, False),
        (marks(distrusted_at=NOW), HOUR, 1, False),
        (marks(reading="other selectors"), HOUR, 1, False),
    ],
)
def test_validators_are_sent_while_they_can_be_right(
    kept: Validators,
    rhythm: timedelta | None,
    hours: float,
    sendable: bool,  # noqa: FBT001  a column
) -> None:
    assert is_sendable(kept, "feed", rhythm, NOW + hours * HOUR) is sendable


def test_news_under_the_same_etag_is_a_lie() -> None:
    other = marks(body_hash="two", stored_at=NOW + HOUR)
    assert after_page(marks(), other, new=1, conditional=True).distrusted_at == NOW + HOUR
    assert after_page(marks(), other, new=0, conditional=True).distrusted_at is None  # a counter in the feed
    bare = marks(etag=None, body_hash="two")
    assert after_page(marks(etag=None), bare, new=1, conditional=False).distrusted_at is None  # it had said nothing


def test_news_behind_a_304_twice_in_a_row_is_a_lie() -> None:
    once = after_page(marks(), marks(etag='"2"'), new=3, conditional=False)
    assert (once.misses, once.distrusted_at) == (1, None)
    twice = after_page(once, marks(etag='"3"', stored_at=NOW + WHOLE_EVERY), new=3, conditional=False)
    assert twice.distrusted_at == NOW + WHOLE_EVERY
    assert after_page(twice, marks(etag='"4"'), new=0, conditional=False).distrusted_at == NOW + WHOLE_EVERY
    honest = after_page(once, marks(etag='"3"'), new=3, conditional=True)  # it has told of a change by itself
    assert (honest.misses, honest.distrusted_at) == (0, None)


def test_another_way_of_reading_starts_anew() -> None:
    lied = marks(distrusted_at=NOW, misses=2)
    page = marks(reading="other selectors")
    assert after_page(lied, page, new=1, conditional=False) == page
    assert after_page(None, page, new=1, conditional=False) == page
    assert after_page(lied, replace(lied, distrusted_at=None), new=0, conditional=False).distrusted_at == NOW
