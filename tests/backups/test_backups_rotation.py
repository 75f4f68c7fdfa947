"""Which backups stay: laws over whatever days there are, and a life of two years."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.backups import Backup, Why
from tracker.backups.rotation import staying
from tracker.model.backups import Keep

START = datetime(2024, 1, 1, 4, tzinfo=UTC)
NOW = datetime(2025, 1, 1, tzinfo=UTC)
KEEPS = st.builds(Keep, daily=st.integers(0, 9), weekly=st.integers(0, 9), monthly=st.integers(0, 9))


def made(hours: float, why: Why = Why.SCHEDULED) -> Backup:
    at = START + timedelta(hours=hours)
    return Backup(
        file=Path(f"{at:%Y%m%dT%H%M%S}"), database="/t.db", made_at=at, why=why, schema=6, bytes=1, sha256="0" * 64,
        plain_bytes=1, plain_sha256="0" * 64, counts={}, tracker="0",
    )  # fmt: skip


BACKUPS = st.lists(
    st.builds(made, st.integers(0, 24 * 500), st.sampled_from(Why)), unique_by=lambda one: one.file, max_size=30
)


@settings(max_examples=40)
@given(BACKUPS, KEEPS)
def test_the_newest_stays_and_what_is_dated_ahead(found: list[Backup], keep: Keep) -> None:
    stay = staying(found, keep, NOW)
    past = [one for one in found if one.made_at <= NOW]
    assert stay <= {one.file for one in found}
    assert {one.file for one in found if one.made_at > NOW} <= stay
    assert not past or max(past, key=lambda one: one.made_at).file in stay
    assert len(stay & {one.file for one in past}) <= 3 + keep.daily + keep.weekly + keep.monthly


@settings(max_examples=40)
@given(BACKUPS, KEEPS)
def test_letting_go_twice_is_letting_go_once_in_any_order(found: list[Backup], keep: Keep) -> None:
    stay = staying(found, keep, NOW)
    left = [one for one in reversed(found) if one.file in stay]
    assert staying(left, keep, NOW) == stay


def test_a_life_of_backups_each_day_keeps_days_weeks_and_months() -> None:
    keep, left = Keep(daily=7, weekly=4, monthly=12), list[Backup]()
    for day in range(2 * 365):
        left.append(made(24 * day))
        stay = staying(left, keep, left[-1].made_at)
        left = [one for one in left if one.file in stay]
        assert len(left) <= 7 + 4 + 12
    ages = [(left[-1].made_at - one.made_at).days for one in left]
    assert ages[-7:] == [6, 5, 4, 3, 2, 1, 0]
    months = [f"{one.made_at:%Y-%m}" for one in left]
    assert len(set(months)) == 12
    assert max(b - a for a, b in zip(sorted(ages), sorted(ages)[1:], strict=False)) <= 31


def test_the_last_two_from_before_a_change_of_the_schema_stay() -> None:
    found = [made(hours, Why.MIGRATION) for hours in (1, 2, 3)] + [made(hours) for hours in (4, 5, 6)]
    stay = staying(found, Keep(daily=0, weekly=0, monthly=0), NOW)
    assert stay == {found[1].file, found[2].file, found[5].file}
