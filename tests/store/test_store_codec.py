"""Values survive the way to the database and back, whatever they hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model import Amount, EventMention, Reason, Score, Span, When
from tracker.store.codec import bounds, digest, dumps, folded, loads, moment, slug, stamp

FINITE = st.floats(allow_nan=False, allow_infinity=False)
REASONS = st.builds(Reason, weight=FINITE)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False)
AMOUNTS = st.builds(Amount, value=NUMBERS, upper=st.none() | NUMBERS)
MENTIONS = st.builds(
    EventMention,
    confidence=st.floats(0, 1),
    amounts=st.lists(AMOUNTS, max_size=3).map(tuple),
    why=st.lists(REASONS, max_size=3).map(tuple),
)


@given(MENTIONS)
def test_an_event_mention_comes_back_as_it_was(mention: EventMention) -> None:
    assert loads(EventMention, dumps(mention)) == mention


@given(MENTIONS)
def test_the_same_value_has_the_same_text(mention: EventMention) -> None:
    assert dumps(loads(EventMention, dumps(mention))) == dumps(mention)


def test_a_score_comes_back_as_it_was() -> None:
    score = Score(value=0.5, reasons=(Reason(what="actor", words="same actor: OpenAI", weight=0.5),))
    assert loads(Score, dumps(score)) == score


def test_what_a_later_version_added_is_ignored() -> None:
    assert loads(Span, '{"start":1,"end":2,"page":3}') == Span(start=1, end=2)


def test_a_default_is_not_written() -> None:
    assert dumps(Span(start=1, end=2)) == '{"start":1,"end":2}'
    assert dumps(Span(start=1, end=2, field="title")) == '{"start":1,"end":2,"field":"title"}'


@given(st.datetimes(timezones=st.timezones()))
def test_times_come_back(when: datetime) -> None:
    assert moment(stamp(when)) == when.astimezone(UTC)


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_text_order_is_time_order(a: datetime, b: datetime) -> None:
    assert (stamp(a) < stamp(b)) == (a < b)


def test_times_are_kept_in_utc() -> None:
    assert stamp(datetime(2024, 7, 1, 14, tzinfo=timezone(timedelta(hours=2)))) == "2024-07-01T12:00:00+00:00"


def test_a_time_without_zone_is_a_bug() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        stamp(datetime(2024, 7, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("prefix", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("2024-07-09", "2024-07-09", "2024-07-09"),
        ("2024-07-09T08:30:00+00:00", "2024-07-09", "2024-07-09"),
    ],
)
def test_a_partial_date_means_all_of_its_days(prefix: str, first: str, last: str) -> None:
    assert bounds(prefix) == (first, last)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Société Générale", "societe generale"),
        ("HUAWEI\u00a0Technologies", "Huawei  Technologies"),
        ("ＡＳＭＬ", "asml"),
    ],
)
def test_names_are_compared_without_case_accents_and_odd_spaces(a: str, b: str) -> None:
    assert folded(a) == folded(b)


@pytest.mark.parametrize(
    ("name", "expected"), [("Acme Chips, Inc.", "acme-chips-inc"), ("华为", "华为"), ("Yandex N.V.", "yandex-n-v")]
)
def test_a_name_as_part_of_an_id(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_a_name_without_letters_still_has_an_id() -> None:
    assert slug("!!!") != slug("???")
    assert slug("!!!")


@given(st.text(), st.text())
def test_digests_do_not_run_parts_together(a: str, b: str) -> None:
    assert digest(a, b) == digest(a, b)
    assert digest(a + b) != digest(a, b)


def test_a_date_keeps_its_basis_and_span() -> None:
    when = When(value="2024-07", basis="stated", span=Span(start=3, end=9))  # type: ignore[arg-type]
    assert loads(When, dumps(when)) == when
