"""Measures: title, history and ties, and what becomes of those that lose their events."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from store_samples import LATER, NOW, analysis, article, event, keep, measure, opened, source, stand

from tracker.model import Event, Link, LinkKind, Reason, Score, Status, Step
from tracker.store import Store
from tracker.store.compare import dump, partition

KEYS = ("a1", "a2", "a3")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = opened(tmp_path / "t.db")
    store.sources.sync([source("herald")], NOW)
    for key in KEYS:
        store.articles.save(None, article(key), now=NOW)
        store.analyses.save(analysis(article_id=key), now=NOW)
    return store


@pytest.fixture
def events(store: Store) -> list[Event]:
    """Three events, each a measure of its own."""
    reports = store.reports.unsettled(9)
    for report in reports:
        stand(store, report)
    made = [event(report, lead_id=report.id) for report in reports]
    keep(store, *made)
    return made


def changes(store: Store, key: str) -> list[tuple[str, dict[str, object]]]:
    rows = store._db.rows("SELECT kind, fields FROM change WHERE id = ? ORDER BY cursor", (key,))
    return [(row["kind"], json.loads(row["fields"])) for row in rows]


def link(events: list[Event], **changes: object) -> Link:
    """The first answers the second."""
    values: dict[str, object] = {
        "measure_id": events[0].measure_id,
        "other_id": events[1].measure_id,
        "kind": LinkKind.RETALIATION,
        "event_id": events[0].id,
        "score": Score(value=0.5, reasons=(Reason(what="words", words="in retaliation for", weight=0.5),)),
    }
    return Link(**(values | changes))  # type: ignore[arg-type]


def test_a_measure_comes_back_as_it_was(store: Store, events: list[Event]) -> None:
    made = measure(events[0], title="Chip tools", status=Status.DELAYED, since="2025")
    made = dataclasses.replace(
        made,
        steps=(*made.steps, Step(day="2025", status=Status.IN_FORCE, event_id=events[0].id, words="w", inferred=True)),
    )
    assert store.measures.save([made], now=NOW) == 0
    assert store.measures.measures(["nobody", made.id]) == [made]


def test_saving_twice_is_saving_once(store: Store, events: list[Event]) -> None:
    before, cursor = dump(store.path), store._db.number("SELECT max(cursor) FROM change")
    store.measures.save([measure(one) for one in events], now=LATER)
    assert dump(store.path) == before
    assert store._db.number("SELECT max(cursor) FROM change") == cursor


def test_a_change_says_what_was_and_what_is(store: Store, events: list[Event]) -> None:
    made = measure(events[0], title="Another", status=Status.ENDED)
    store.measures.save([dataclasses.replace(made, steps=())], now=LATER)
    kind, fields = changes(store, made.id)[-1]
    assert kind == "updated"
    assert fields == {
        "title": ["Chip tool exports to China", "Another"],
        "status": ["announced", "ended"],
        "steps": [[["2024-06-25", "announced", events[0].id]], []],
    }


def test_an_event_moves_into_the_measure_that_names_it(store: Store, events: list[Event]) -> None:
    one, two, _ = events
    store.measures.save([measure(one, two)], now=LATER, redirects={two.measure_id: one.measure_id})
    assert [found.measure_id for found in store.events.events([one.id, two.id])] == [one.measure_id] * 2
    assert store.events.measure_ids([two.id]) == {two.id: one.measure_id}
    assert changes(store, two.id)[-1] == ("updated", {"measure_id": [two.measure_id, one.measure_id]})
    assert [kind for kind, _ in changes(store, two.measure_id)] == ["new", "merged"]
    (row,) = store._db.rows("SELECT old_id, new_id FROM redirect")
    assert tuple(row) == (two.measure_id, one.measure_id)


def test_a_measure_that_comes_back_is_itself_again(store: Store, events: list[Event]) -> None:
    one, two, _ = events
    store.measures.save([measure(one, two)], now=LATER, redirects={two.measure_id: one.measure_id})
    store.measures.save([measure(one), measure(two)], now=LATER)
    assert dump(store.path)["redirect"] == []


def test_a_measure_without_events_goes(store: Store, events: list[Event]) -> None:
    one, two, three = events
    store.measures.save([measure(one, two)], now=LATER)
    assert sorted(store.measures.measures([two.measure_id, three.measure_id]), key=lambda m: m.id) == [measure(three)]
    assert [kind for kind, _ in changes(store, two.measure_id)] == ["new", "removed"]


def test_a_measure_that_lost_an_event_is_to_be_told_again(store: Store, events: list[Event]) -> None:
    one, two, three = events
    store.measures.save([measure(one, two)], now=LATER)
    assert store.measures.stale(9) == []
    store.measures.save([measure(three, two)], now=LATER)
    assert store.measures.stale(9) == [one.measure_id]
    store.measures.save([measure(one)], now=LATER)
    assert store.measures.stale(9) == []


def test_a_measure_whose_event_was_merged_is_to_be_told_again(store: Store, events: list[Event]) -> None:
    one, two, three = events
    store.measures.save([measure(one, two)], now=LATER)
    taken = dataclasses.replace(three, report_ids=(*three.report_ids, *two.report_ids))
    store.events.save([taken], now=LATER, redirects={two.id: three.id})
    assert store.measures.stale(9) == [one.measure_id]


# ---- ties


def test_ties_are_those_of_the_last_saving(store: Store, events: list[Event]) -> None:
    made = [link(events), link(events, other_id=events[2].measure_id, kind=LinkKind.REPLACEMENT)]
    store.measures.save([measure(events[0])], made, now=NOW)
    assert sorted(store.measures.links([events[0].measure_id]), key=lambda one: one.kind, reverse=True) == made
    assert store.measures.links([events[1].measure_id]) == made[:1]
    store.measures.save([measure(events[0])], made[1:], now=NOW)
    assert store.measures.links([events[0].measure_id]) == made[1:]
    store.measures.save([measure(events[1])], now=NOW)  # what rests on another one stays
    assert store.measures.links([events[0].measure_id]) == made[1:]


def test_ties_follow_a_measure_that_was_merged(store: Store, events: list[Event]) -> None:
    one, two, three = events
    store.measures.save([measure(one)], [link(events)], now=NOW)
    store.measures.save([measure(three, two)], now=NOW, redirects={two.measure_id: three.measure_id})
    assert store.measures.links([one.measure_id]) == [link(events, other_id=three.measure_id)]
    store.measures.save([measure(one, two, three)], now=NOW, redirects={three.measure_id: one.measure_id})
    assert store.measures.links([one.measure_id]) == []


def test_ties_go_with_their_measure(store: Store, events: list[Event]) -> None:
    one, two, _ = events
    store.measures.save([measure(one)], [link(events)], now=NOW)
    store.measures.save([measure(one, two)], [link(events)], now=NOW)
    assert store.measures.links([one.measure_id, two.measure_id]) == []


# ---- views and comparison


def test_the_history_of_a_measure(store: Store, events: list[Event]) -> None:
    one, two, _ = events
    steps = (
        Step(day="2024-02", status=Status.PROPOSED, event_id=one.id, words="first"),
        Step(day="2024-08", status=Status.IN_FORCE, event_id=one.id, words="then", inferred=True),
        Step(day="2025", status=Status.SUSPENDED, event_id=two.id, words="now"),
    )
    store.measures.save([measure(one, two, steps=steps, status=Status.SUSPENDED)], [link([one, events[2]])], now=NOW)
    rows = store._db.rows("SELECT step, date, status, now, inferred, summary, event_id FROM measure_history")
    assert [tuple(row) for row in rows if row["event_id"] != events[2].id] == [
        (1, "2024-02", "proposed", "suspended", 0, "first", one.id),
        (2, "2024-08", "in_force", "suspended", 1, "then", one.id),
        (3, "2025", "suspended", "suspended", 0, "now", two.id),
    ]
    (tie,) = store._db.rows("SELECT kind, measure_id, other_id FROM ties")
    assert tuple(tie) == ("retaliation", one.measure_id, events[2].measure_id)


def test_the_partition_does_not_rest_on_public_ids(tmp_path: Path) -> None:
    told = []
    for number in range(2):
        store = opened(tmp_path / f"{number}.db")
        store.sources.sync([source("herald")], NOW)
        store.articles.save(None, article("a1"), now=NOW)
        (report,) = store.analyses.save(analysis(article_id="a1"), now=NOW)
        stand(store, report)
        keep(store, event(report, id=f"e{number}", measure_id=f"m{number}", lead_id=report.id))
        told.append((dump(store.path), partition(store.path)))
        store.close()
    assert told[0][0] != told[1][0]
    assert told[0][1] == told[1][1]
    assert any("event of " in str(row) for row in told[0][1]["event"])
