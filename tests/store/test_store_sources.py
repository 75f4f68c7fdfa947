"""Sources, requests, validators, alarms, and what hosts have asked for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from store_samples import LATER, NOW, analysis, article, event, keep, page, source, state, validators

from tracker.model import Done, Failed, Fetched, Poison, RobotsText, Skipped, Tier, Unchanged
from tracker.store import Note, Store, describe

URL = "https://herald.example/feed"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(tmp_path / "t.db")
    store.sources.sync([source("herald"), source("wire")], NOW)
    return store


# ---- sources


def test_a_vanished_source_is_kept_but_inactive(store: Store) -> None:
    store.sources.sync([source("herald", name="The Herald", tier=Tier.OFFICIAL)], LATER)
    rows = {row["id"]: row for row in store._db.rows("SELECT * FROM source")}
    assert (rows["herald"]["active"], rows["wire"]["active"]) == (1, 0)
    assert (rows["herald"]["name"], rows["herald"]["tier"]) == ("The Herald", "official")
    store.sources.sync([source("herald"), source("wire")], LATER)
    assert store._db.number("SELECT count(*) FROM source WHERE active = 1") == 2


def test_a_configuration_that_has_not_changed_writes_nothing(store: Store) -> None:
    written = store._db.raw.total_changes
    store.sources.sync([source("wire"), source("herald")], LATER)
    assert store._db.raw.total_changes == written


def test_a_new_source_has_never_been_asked(store: Store) -> None:
    assert store.sources.states()["herald"] == state()


TOLD = state(
    next_due=LATER,
    failures=3,
    last_success=NOW,
    asked=12,
    last_new=NOW,
    rhythm=timedelta(hours=5, seconds=0.25),
    usual_items=20.5,
    usual_dated=0.9,
    moved_to="https://new.example/feed",
    gone_at=NOW,
    owed="https://herald.example/feed?page=2",
)


def test_the_state_of_a_source_comes_back(store: Store) -> None:
    store.sources.remember(TOLD, describe(Failed(reason="503")), NOW)
    assert store.sources.states()["herald"] == TOLD
    store.sources.sync([source("herald")], LATER)
    assert store.sources.states()["herald"] == TOLD


def test_another_address_in_the_configuration_is_asked_at_once(store: Store) -> None:
    store.sources.remember(TOLD, describe(Failed(reason="503")), NOW)
    store.sources.sync([source("herald", url="https://herald.example/rss"), source("wire")], LATER)
    found = store.sources.states()["herald"]
    assert (found.next_due, found.moved_to, found.gone_at, found.owed, found.failures) == (None, None, None, None, 0)
    assert (found.rhythm, found.last_new) == (TOLD.rhythm, TOLD.last_new)


# ---- requests


OUTCOMES: dict[str, tuple[Fetched, tuple[str, int | None, str | None, int | None, int | None]]] = {
    "a page": (Done(value=page(body=b"1234", milliseconds=7)), ("page", 200, None, 4, 7)),
    "a 304": (Done(value=Unchanged(url="u", fetched_at=NOW, milliseconds=3)), ("unchanged", 304, None, None, 3)),
    "robots.txt": (Skipped(reason="robots.txt"), ("skipped", None, "robots.txt", None, None)),
    "a 503": (Failed(reason="503", status=503), ("failed", 503, "503", None, None)),
    "no feed": (Poison(reason="not a feed"), ("poison", None, "not a feed", None, None)),
}


def test_events_are_made_again_when_a_source_that_tells_them_has_another_tier(store: Store) -> None:
    store.sources.sync([source("herald"), source("gazette")], NOW)
    for key, outlet in (("a1", "herald"), ("a2", "gazette")):
        store.articles.save(None, article(key, source_id=outlet), now=NOW)
        store.analyses.save(analysis(article_id=key), now=NOW)
    told = {report.source_id: report for report in store.reports.unsettled(9)}
    keep(store, *(event(report, lead_id=report.id) for report in told.values()))
    store.sources.sync([source("herald", name="The Herald"), source("gazette")], NOW)
    assert store.events.stale(9) == []
    store.sources.sync([source("herald", Tier.OFFICIAL), source("gazette")], NOW)
    assert store.events.stale(9) == [event(told["herald"]).id]


@pytest.mark.parametrize("name", OUTCOMES)
def test_every_answer_is_noted(store: Store, name: str) -> None:
    outcome, expected = OUTCOMES[name]
    store.fetches.log("herald", URL, describe(outcome), NOW)
    store.sources.remember(state(), describe(outcome), NOW)
    (row,) = store._db.rows("SELECT outcome, status, reason, bytes, milliseconds FROM fetch")
    assert tuple(row) == expected
    (health,) = store._db.rows("SELECT last_outcome, last_reason FROM source_health WHERE id = 'herald'")
    assert tuple(health) == (expected[0], expected[2])


def test_the_final_address_is_noted_where_it_is_another(store: Store) -> None:
    store.fetches.log("herald", URL, describe(Done(value=page(url=URL))), NOW)
    store.fetches.log("herald", URL, describe(Done(value=page(url=URL, final_url="https://x.example/"))), NOW)
    rows = store._db.rows("SELECT final_url FROM fetch ORDER BY number")
    assert [row["final_url"] for row in rows] == [None, "https://x.example/"]


def test_only_what_answered_counts_as_answered(store: Store) -> None:
    store.fetches.log("herald", URL, describe(Failed(reason="503")), NOW)
    assert not store.fetches.answered("herald", URL)
    store.fetches.log("herald", URL, Note(outcome="page"), NOW)
    assert store.fetches.answered("herald", URL)
    assert not store.fetches.answered("wire", URL)


def test_old_requests_are_forgotten(store: Store) -> None:
    for age in (92, 90, 0):
        store.fetches.log("herald", URL, Note(outcome="page"), NOW - timedelta(days=age))
    first = store.fetches.first_kept(NOW - timedelta(days=90), NOW)
    assert store.fetches.prune(first, 10) == 1
    assert store.fetches.prune(first, 10) == 0
    assert store._db.number("SELECT count(*) FROM fetch") == 2


# ---- validators


def test_validators_come_back_for_the_source_that_had_them(store: Store) -> None:
    told = validators(etag='"v1"', last_modified="Mon, 01 Jul 2024 00:00:00 GMT", misses=1, distrusted_at=LATER)
    assert store.fetches.validators("herald", URL) is None
    store.fetches.keep_validators("herald", URL, told)
    assert store.fetches.validators("herald", URL) == told
    assert store.fetches.validators("wire", URL) is None
    store.fetches.keep_validators("herald", URL, None)
    assert store.fetches.validators("herald", URL) is None


# ---- alarms


def sounding(store: Store) -> dict[str, str]:
    return store.alarms.sounding("herald")


def test_an_alarm_sounds_until_it_is_cleared_and_is_told_once(store: Store) -> None:
    kinds = ("silent", "empty")
    assert store.alarms.settle("herald", {"silent": "since Monday"}, among=kinds, now=NOW) == ("silent",)
    assert store.alarms.settle("herald", {"silent": "since Monday"}, among=kinds, now=LATER) == ()
    assert store.alarms.settle("herald", {"silent": "for a week", "empty": "none"}, among=kinds, now=LATER) == (
        "empty",
    )
    assert sounding(store) == {"silent": "for a week", "empty": "none"}
    (health,) = store._db.rows("SELECT alarms FROM source_health WHERE id = 'herald'")
    assert health["alarms"] == "empty: none; silent: for a week"
    assert store.alarms.settle("herald", {}, among=kinds, now=LATER) == ()
    assert sounding(store) == {}
    (row,) = store._db.rows("SELECT since_at, until_at FROM alarm WHERE kind = 'silent'")
    assert tuple(row) == (NOW.isoformat(), LATER.isoformat())
    assert store.alarms.settle("herald", {"silent": "again"}, among=kinds, now=LATER) == ("silent",)


def test_alarms_of_other_kinds_are_left_alone(store: Store) -> None:
    store.alarms.settle("herald", {"copies": "all"}, among=("copies",), now=NOW)
    store.alarms.settle("herald", {"silent": "long"}, among=("silent",), now=NOW)
    assert sounding(store) == {"copies": "all", "silent": "long"}


# ---- hosts


def test_pauses_are_kept_until_they_are_over(store: Store) -> None:
    rests = {"a.example": LATER, "b.example": NOW + timedelta(hours=1)}
    store.hosts.keep_rests(rests, NOW)
    assert store.hosts.rests(NOW) == rests
    assert store.hosts.rests(NOW + timedelta(hours=2)) == {"a.example": LATER}
    store.hosts.keep_rests({}, NOW)
    assert store.hosts.rests(NOW) == {}


@pytest.mark.parametrize("body", [b"User-agent: *\nDisallow: /\xff", b"", None])
def test_robots_txt_comes_back(store: Store, body: bytes | None) -> None:
    told = RobotsText(origin="https://a.example", status=200 if body else 404, body=body, fetched_at=NOW)
    assert store.hosts.get("https://a.example") is None
    store.hosts.put(told)
    store.hosts.put(told)
    assert store.hosts.get("https://a.example") == told
