"""Settling a real database: order, batches, re-reading, deletion and a kill change nothing; ids stay or lead on."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from accounts import told
from settling_samples import ACTS, ARTICLES, NOW, accounts, begin, chunks, keep, settle

from tracker.model import EventMention, Judgement, JudgementKind, Scope
from tracker.pipeline import settling
from tracker.query import Timeline
from tracker.store import Store
from tracker.store.compare import Row, partition

Made = dict[str, list[Row]]
WRONG = told(type="subsidy", actors=("Japan",), targets=(), items=("rice",), announced="2020-01-01")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "t.db") as opened, opened.writing():
        begin(opened)
        yield opened


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """What comes of all articles at once."""
    path = tmp_path_factory.mktemp("whole") / "t.db"
    with Store.open(path) as store, store.writing():
        begin(store)
        for number in ARTICLES:
            keep(store, number)
        settle(store)
    return partition(path)


def test_the_sample_has_events_of_many_reports_and_measures_of_many_events(whole: Made) -> None:
    reports, events, measures = len(whole["report"]), len(whole["event"]), len(whole["measure"])
    assert reports > 2 * events
    assert events > measures > 1


def test_what_older_rules_settled_is_settled_again_by_itself_and_keeps_its_ids(store: Store, whole: Made) -> None:
    for number in ARTICLES[:30]:
        keep(store, number)
    settle(store)
    with closing(sqlite3.connect(store.path)) as connection, connection:
        ids = {row[0] for row in connection.execute("SELECT id FROM event")}
        connection.execute("UPDATE report_standing SET resolver = 'resolve 0', profile = '[\"of another form\"]'")
        connection.execute("UPDATE event_standing SET profile = '[\"of another form\"]'")
        connection.execute("UPDATE report_key SET key = key / 2")
    assert settling.older(store) > 12
    for number in ARTICLES[30:]:
        keep(store, number)
    settle(store)
    assert settling.older(store) == 0
    assert partition(store.path) == whole
    with closing(sqlite3.connect(store.path)) as connection:
        known = connection.execute("SELECT id FROM event UNION SELECT old_id FROM redirect").fetchall()
    assert ids <= {row[0] for row in known}


def shuffled(store: Store, seed: int, size: int) -> None:
    numbers = list(ARTICLES)
    random.Random(seed).shuffle(numbers)
    for some in chunks(numbers, size):
        for number in some:
            keep(store, number)
        settle(store)


def read_twice(store: Store) -> None:
    """Each article first says something else, or nothing, and is settled so."""
    for some in chunks(ARTICLES, 10):
        for number in some:
            keep(store, number, [WRONG] if number % 3 else [])
        settle(store)
        for number in reversed(some):
            keep(store, number, reader="rules 2")
            keep(store, number)
        settle(store)


def with_others_that_go(store: Store) -> None:
    """Full accounts that lead their events come and go again."""
    for number in range(100, 110):
        keep(store, number, [ACTS[number % len(ACTS)]])
    for some in chunks(ARTICLES[::-1], 7):
        for number in some:
            keep(store, number)
        settle(store)
    for number in range(100, 110):
        keep(store, number, [])
        settle(store)


def in_small_batches(store: Store) -> None:
    for number in ARTICLES:
        keep(store, number)
    settle(store)


WAYS: dict[str, Callable[[Store], None]] = {
    "article by article": lambda store: shuffled(store, 1, 1),
    "some by some": lambda store: shuffled(store, 2, 6),
    "read twice": read_twice,
    "with others that go": with_others_that_go,
}


@pytest.mark.parametrize("way", WAYS)
def test_the_same_articles_give_the_same_events(way: str, store: Store, whole: Made) -> None:
    WAYS[way](store)
    found = partition(store.path)
    if way == "with others that go":  # their articles are still there, and tell nothing
        assert found["report"] == whole["report"]
    assert found == whole


def test_small_batches_change_nothing(store: Store, whole: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "REPORTS_AT_ONCE", 5)
    monkeypatch.setattr(settling, "EVENTS_AT_ONCE", 2)
    in_small_batches(store)
    assert partition(store.path) == whole


def test_all_settled_anew_is_the_same_under_the_same_ids(store: Store, whole: Made) -> None:
    in_small_batches(store)
    before = ids(store.path)
    store.reports.reset()
    assert settle(store) == 0
    assert partition(store.path) == whole
    assert ids(store.path) == before


def ids(path: Path) -> dict[str, str]:
    """Report to the id of its event."""
    with closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute("SELECT id, event_id FROM report"))


KILLED = """
import os, signal, sys
sys.path[:0] = {paths!r}
from settling_samples import settle
from tracker.pipeline import settling
from tracker.store import Store
settling.REPORTS_AT_ONCE, settling.EVENTS_AT_ONCE = 10, 4
left = {statements}
def trace(statement):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
with Store.open({path!r}) as store, store.writing():
    store._db.raw.set_trace_callback(trace)
    settle(store)
"""


@pytest.mark.parametrize("statements", [60, 400, 1500])
def test_a_run_that_is_killed_is_gone_on_with(statements: int, store: Store, whole: Made) -> None:
    for number in ARTICLES:
        keep(store, number)
    here = Path(__file__).parent
    script = KILLED.format(paths=[str(here), str(here.parent)], statements=statements, path=str(store.path))
    store._lock.release()
    try:
        done = subprocess.run([sys.executable, "-c", script], check=False, timeout=60, env={**os.environ})
    finally:
        store._lock.acquire()
    assert done.returncode == -signal.SIGKILL
    assert store.needs_settling()
    settle(store)
    assert partition(store.path) == whole


def test_an_event_keeps_its_id_as_it_grows_and_when_a_fuller_report_leads_it(store: Store) -> None:
    vague = replace(ACTS[0], targets=(), effective_on=None, items=ACTS[0].items)
    keep(store, 0, [vague])
    settle(store)
    (first,) = set(ids(store.path).values())
    keep(store, 1, [ACTS[0]])
    keep(store, 2, [ACTS[0]])
    settle(store)
    assert set(ids(store.path).values()) == {first}


def test_the_id_of_an_event_stays_when_its_only_article_is_read_otherwise(store: Store) -> None:
    keep(store, 0, [ACTS[4]])
    settle(store)
    before = ids(store.path)
    better = replace(ACTS[4], type=ACTS[0].type)
    keep(store, 0, [better], reader="rules 2")
    settle(store)
    after = ids(store.path)
    assert before.keys() != after.keys()
    assert set(before.values()) == set(after.values())


def test_merged_ids_lead_to_the_event_that_took_the_reports_and_to_its_measure(store: Store) -> None:
    keep(store, 0, [ACTS[4]])
    keep(store, 1, [ACTS[4]])
    keep(store, 2, [ACTS[8]])
    settle(store)
    (one, two) = sorted(set(ids(store.path).values()), key=lambda key: -len(_of(store, key)))
    same = _judged(store, one, two)
    homes = store.events.measure_ids([one, two])
    assert homes[one] != homes[two]
    store.judgements.add(same)
    settle(store)
    assert set(ids(store.path).values()) == {one}
    with Timeline.open(store.path) as timeline:
        assert timeline.event(two).id == one
        assert timeline.measure(str(homes[two])).id == homes[one]
    store.judgements.close("j1", who="me", now=NOW)
    settle(store)
    assert len(set(ids(store.path).values())) == 2


def test_measures_that_a_person_unites_are_one_until_the_decision_is_closed(store: Store) -> None:
    keep(store, 0, [ACTS[4]])
    keep(store, 1, [ACTS[9]])
    settle(store)
    one, two = _measures(store).values()
    left, right = (store.reports.of_event(key) for key in _measures(store))
    same = Judgement(
        id="j1",
        kind=JudgementKind.SAME,
        scope=Scope.MEASURE,
        subject=one,
        object=two,
        left=left,
        right=right,
        who="me",
        why="it is",
        decided=NOW,
    )
    store.judgements.add(same)
    settle(store)
    assert len(set(_measures(store).values())) == 1
    store.judgements.close("j1", who="me", now=NOW)
    settle(store)
    assert len(set(_measures(store).values())) == 2
    assert not store.needs_settling()


def test_an_answer_is_tied_to_what_it_answers_though_that_comes_to_be_known_later(store: Store) -> None:
    answer = told(actors=("China",), targets=("United States",), items=("gallium",), announced="2024-07-20")
    struck = told(actors=("United States",), targets=("China",), items=("chips",), announced="2024-07-18")
    keep(store, 0, [answer], text="In retaliation for chip curbs, China limits exports of gallium. " * 3)
    settle(store)
    assert store.measures.links(_measures(store).values()) == []
    keep(store, 1, [struck])
    settle(store)
    (link,) = store.measures.links(_measures(store).values())
    assert {link.measure_id, link.other_id} == set(_measures(store).values())
    keep(store, 1, [])
    settle(store)
    assert store.measures.links(_measures(store).values()) == []


def _measures(store: Store) -> dict[str, str]:
    """Event to its measure."""
    with closing(sqlite3.connect(store.path)) as connection:
        return dict(connection.execute("SELECT id, measure_id FROM event ORDER BY id"))


def test_an_event_may_be_led_by_what_led_one_that_it_took(store: Store) -> None:
    for number in range(3):
        keep(store, number, [replace(ACTS[4], targets=(), items=())])
    settle(store)
    (larger,) = set(ids(store.path).values())
    keep(store, 3, [ACTS[8]])
    settle(store)
    (fuller,) = set(ids(store.path).values()) - {larger}
    store.judgements.add(_judged(store, larger, fuller))
    settle(store)
    assert not store.needs_settling()
    (event,) = store.events.events([larger])
    assert store.reports.reports([event.lead_id])[0].article_id == "a3"


@pytest.mark.parametrize(
    ("which", "told_now", "sizes"),
    [
        ("larger", (), [3]),
        ("fuller", (), [3]),
        ("larger", (WRONG,), [1, 3]),  # most of its side are where they were
        ("fuller", (WRONG,), [4]),  # what stands where the only report of its side stood is tied to the decision
    ],
)
def test_what_people_united_holds_when_what_leads_one_side_goes_away_or_is_read_otherwise(
    store: Store, which: str, told_now: tuple[EventMention, ...], sizes: list[int]
) -> None:
    for number in range(3):
        keep(store, number, [replace(ACTS[4], targets=(), items=())])
    keep(store, 3, [ACTS[8]])
    settle(store)
    larger, fuller = sorted(set(ids(store.path).values()), key=lambda key: -len(_of(store, key)))
    leads = {"larger": store.events.events([larger])[0].lead_id, "fuller": store.events.events([fuller])[0].lead_id}
    numbers = {key: int(store.reports.reports([lead])[0].article_id[1:]) for key, lead in leads.items()}
    store.judgements.add(_judged(store, larger, fuller))
    settle(store)
    keep(store, numbers[which], told_now)
    settle(store)
    assert not store.needs_settling()
    assert sorted(len(_of(store, key)) for key in set(ids(store.path).values())) == sizes
    assert settle(store) == 0


def _judged(store: Store, one: str, two: str) -> Judgement:
    return Judgement(
        id="j1",
        kind=JudgementKind.SAME,
        scope=Scope.EVENT,
        subject=one,
        object=two,
        left=_of(store, one),
        right=_of(store, two),
        who="me",
        why="it is",
        decided=NOW,
    )


def _of(store: Store, event_id: str) -> tuple[str, ...]:
    return store.reports.of_event(event_id)


def test_nothing_to_settle_changes_nothing(store: Store, whole: Made) -> None:
    in_small_batches(store)
    assert not store.needs_settling()
    assert settle(store) == 0
    assert partition(store.path) == whole
    assert accounts(0)
