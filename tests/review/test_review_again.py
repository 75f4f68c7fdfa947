"""Decisions made again on what is told now, several at once, and what comes near: what the pages of review ask for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from review_samples import later, of, partition, report

from tracker import review
from tracker.errors import InputError
from tracker.query import JudgementRow, Timeline
from tracker.review import Decision
from tracker.store import Store

OTHER = json.dumps({"left": ["x"], "status": ["x"], "targets": ["x"]})  # evidence that nothing tells
BY: dict[str, Any] = {"who": "ann", "why": "as the paper says", "now": later(1)}
AGAIN: dict[str, Any] = {"who": "bob", "why": "looked again", "now": later(2)}

DECISIONS: dict[str, Callable[[Store, Path], Decision]] = {
    "same": lambda s, p: review.same(s, of(p, "acme-herald"), of(p, "bolt-wire"), **BY),
    "different": lambda s, p: review.different(s, report(p, "acme-gazette"), report(p, "acme-herald"), **BY),
    "split": lambda s, p: review.split(s, of(p, "acme-herald"), [report(p, "acme-blog")], **BY),
    "edit": lambda s, p: review.edit(s, of(p, "acme-herald"), "targets", "Bolt; Initech (company, US)", **BY),
    "accept": lambda s, p: review.accept(s, of(p, "acme-herald"), **BY),
    "reject": lambda s, p: review.reject(s, of(p, "acme-herald"), **BY),
}


def judgements(path: Path, **asked: Any) -> list[JudgementRow]:
    with Timeline.open(path) as timeline:
        return timeline.judgements(**asked)


@pytest.mark.parametrize("kind", DECISIONS)
def test_a_decision_made_again_takes_the_place_of_the_first_and_changes_nothing(path: Path, kind: str) -> None:
    with Store.open(path) as store:
        first = DECISIONS[kind](store, path)
        after = partition(path)
        store._db.run('UPDATE judgement SET evidence = \'{"left": ["x"], "status": ["x"], "targets": ["x"]}\'')
        assert [task.ids for task in review.asked_again(store)] == [(first.judgement.id,)]
        second = review.again(store, first.judgement.id, **AGAIN)
        assert review.asked_again(store) == []
    assert (second.holds, second.replaced) == (True, (first.judgement.id,))
    assert partition(path) == after
    (held,) = judgements(path, closed=False)
    assert (held.who, held.why) == ("bob", "looked again")
    assert (held.kind, held.field, held.value, held.left, held.right) == (
        first.judgement.kind,
        first.judgement.field,
        first.judgement.value,
        first.judgement.left,
        first.judgement.right,
    )


def test_what_was_closed_is_not_made_again(path: Path) -> None:
    with Store.open(path) as store:
        made = DECISIONS["accept"](store, path)
        review.close(store, made.judgement.id, who="ann", now=later(2))
        with pytest.raises(InputError, match="was closed"):
            review.again(store, made.judgement.id, **AGAIN)


def test_a_queue_with_what_was_asked_some_time_ago_leaves_out_what_was_closed_since(path: Path) -> None:
    with Store.open(path) as store:
        made = DECISIONS["accept"](store, path)
        task = review.Task(kind="changed", ids=(made.judgement.id,), words="w", detail=())
        assert review.queue(store, again=[task])[0] == task
        review.close(store, made.judgement.id, who="ann", now=later(2))
        assert task not in review.queue(store, again=[task])


def test_several_fields_are_set_at_once(path: Path) -> None:
    with Store.open(path) as store:
        made = review.edits(store, of(path, "acme-herald"), {"status": "ended", "items": "a; b"}, **BY)
    assert all(one.holds for one in made)
    with Timeline.open(path) as timeline:
        detail = timeline.event(of(path, "acme-herald"))
    assert (detail.event.status, detail.event.items, detail.edited) == ("ended", ("a", "b"), ("items", "status"))


def test_of_several_fields_none_is_set_where_one_cannot_be(path: Path) -> None:
    with Store.open(path) as store, pytest.raises(InputError, match="is no date"):
        review.edits(store, of(path, "acme-herald"), {"status": "ended", "announced_on": "July"}, **BY)
    assert judgements(path) == []


# A party as people write it, and what is kept: what the database knows comes before what is told with it.
PARTIES = {
    "Initech (company, US)": {"name": "Initech", "kind": "company", "country": "US"},
    "Initech (group)": {"name": "Initech", "kind": "group"},
    "Bolt": {"name": "Bolt", "kind": "company", "country": "RU", "id": "co:bolt"},
}


@pytest.mark.parametrize("text", PARTIES)
def test_a_party_that_nobody_knows_is_told_with_its_kind(path: Path, text: str) -> None:
    with Store.open(path) as store:
        made = review.edit(store, of(path, "acme-herald"), "targets", text, **BY)
    assert made.judgement.value == [PARTIES[text]]


@pytest.mark.parametrize("text", ["Initech", "Initech (island)", "Initech (company, usa)"])
def test_a_party_that_nobody_knows_is_none_without(path: Path, text: str) -> None:
    with Store.open(path) as store, pytest.raises(InputError, match="Initech"):
        review.edit(store, of(path, "acme-herald"), "targets", text, **BY)


def test_what_comes_near_is_another_event_that_shares_something(path: Path) -> None:
    with Store.open(path) as store:
        assert review.near(store, of(path, "acme-herald")) == []
        DECISIONS["split"](store, path)
        acme, blog = of(path, "acme-herald"), of(path, "acme-blog")
        (near,) = review.near(store, acme)
        assert near.event_id == blog
        assert 0 < near.threshold < near.score < 1  # they would be one but for the decision
        assert [one.event_id for one in review.near(store, blog)] == [acme]
        assert review.near(store, of(path, "bolt-wire")) == []
        assert review.near(store, acme, limit=0) == []


# What is asked of the log, and how many of the three decisions it gives.
ASKED: dict[str, tuple[dict[str, Any], int]] = {
    "all": ({}, 3),
    "those that hold": ({"closed": False}, 2),
    "those that were closed": ({"holding": False}, 1),
    "of one person": ({"who": "bob"}, 1),
    "of nobody": ({"who": "eve"}, 0),
    "of a kind": ({"kind": "accept"}, 2),
    "further on": ({"offset": 2}, 1),
}


@pytest.mark.parametrize("name", ASKED)
def test_the_log_by_person_kind_and_state(path: Path, name: str) -> None:
    with Store.open(path) as store:
        first = DECISIONS["accept"](store, path)
        review.again(store, first.judgement.id, **AGAIN)
        review.reject(store, of(path, "bolt-wire"), **BY)
    asked, many = ASKED[name]
    assert len(judgements(path, **asked)) == many
