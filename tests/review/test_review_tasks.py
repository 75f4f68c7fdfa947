"""What is worth a look: judgements whose evidence changed, and only those; then what resolution was least sure of."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from review_samples import ACME, STORY, Says, later, of, read, report, settle, write

from tracker import review
from tracker.cli import render, review_text
from tracker.model import Status
from tracker.query import Timeline
from tracker.review import Task, tasks
from tracker.store import Store

DECISIONS: dict[str, Callable[[Store, Path], object]] = {
    "same": lambda s, p: review.same(s, of(p, "acme-herald"), of(p, "bolt-wire"), **BY),
    "different": lambda s, p: review.different(s, report(p, "acme-gazette"), report(p, "acme-herald"), **BY),
    "split": lambda s, p: review.split(s, of(p, "acme-herald"), [report(p, "acme-blog")], **BY),
    "edit": lambda s, p: review.edit(s, of(p, "acme-herald"), "status", "suspended", **BY),
    "accept": lambda s, p: review.accept(s, of(p, "acme-herald"), **BY),
    "reject": lambda s, p: review.reject(s, of(p, "acme-herald"), **BY),
}
BY: dict[str, Any] = {"who": "ann", "why": "as the paper says", "now": later(1)}


def listed(path: Path, kind: str) -> list[Task]:
    with Store.open(path, read_only=True) as store:
        return [task for task in review.queue(store, limit=50) if task.kind == kind]


def decide(path: Path, kind: str) -> None:
    with Store.open(path) as store:
        DECISIONS[kind](store, path)


def reread(path: Path, change: Callable[[Says], Says]) -> None:
    """All articles read again by rules that find something else."""
    with Store.open(path) as store:
        for article, (_, (says,)) in STORY.items():
            found = store.articles.get(article)
            assert found is not None
            read(store, article, [change(says)], text=found.text)
        settle(store)


def join(store: Store, path: Path, article: str) -> None:
    """Have an article tell of Acme's event, if resolution has not seen that."""
    if of(path, article) != of(path, "acme-herald"):
        review.same(store, of(path, article), of(path, "acme-herald"), **BY)


@pytest.mark.parametrize("kind", DECISIONS)
def test_a_decision_is_not_asked_again_while_its_evidence_is_what_it_was(path: Path, kind: str) -> None:
    decide(path, kind)
    assert listed(path, "changed") == []
    reread(path, lambda says: says)
    reread(path, lambda says: replace(says, confidence=0.7))
    with Store.open(path) as store:
        write(store, "acme-again", "wire", [ACME])
        settle(store)
    assert listed(path, "changed") == []


@pytest.mark.parametrize("kind", DECISIONS)
def test_a_decision_is_asked_again_when_its_evidence_has_changed(path: Path, kind: str) -> None:
    decide(path, kind)
    reread(path, lambda says: replace(says, actor="china", status=Status.PROPOSED))
    (task,) = listed(path, "changed")
    (judged,) = _judgements(path)
    assert task.ids == (judged,)
    assert any("proposed" in line for line in task.detail)
    assert "asked again" in render.text(*review_text.queue([task]), width=300)


def test_a_decision_that_is_made_again_is_asked_no_more(path: Path) -> None:
    decide(path, "edit")
    reread(path, lambda says: replace(says, status=Status.ENDED))
    assert len(listed(path, "changed")) == 1
    decide(path, "edit")
    assert listed(path, "changed") == []
    assert len(_judgements(path)) == 1


def test_an_edit_is_asked_again_by_a_report_that_says_something_new_of_its_field(path: Path) -> None:
    decide(path, "edit")
    with Store.open(path) as store:
        write(store, "acme-wire", "wire", [replace(ACME, status=Status.ENDED)])
        settle(store)
        join(store, path, "acme-wire")
    (task,) = listed(path, "changed")
    assert task.detail == ("status: nothing before, ended now",)


def test_a_closed_decision_is_not_asked_again(path: Path) -> None:
    decide(path, "edit")
    with Store.open(path) as store:
        review.close(store, *_judgements(path), who="ann", now=later(2))
    reread(path, lambda says: replace(says, status=Status.ENDED))
    assert listed(path, "changed") == []


def test_fields_that_accounts_contest_are_listed_until_a_person_sets_them(path: Path) -> None:
    with Store.open(path) as store:
        write(store, "acme-wire", "wire", [replace(ACME, status=Status.REJECTED)])
        settle(store)
        join(store, path, "acme-wire")
    (task,) = listed(path, "contested")
    assert task.ids == (of(path, "acme-herald"),)
    (status,) = (line for line in task.detail if line.startswith("status"))
    assert "rejected (1)" in status
    decide(path, "edit")
    assert not any(line.startswith("status") for one in listed(path, "contested") for line in one.detail)


def test_events_that_many_tell_and_that_are_unsure_are_listed_until_they_are_accepted(path: Path) -> None:
    reread(path, lambda says: replace(says, confidence=0.05))
    (task,) = listed(path, "unsure")
    assert task.ids == (of(path, "acme-herald"),)
    decide(path, "accept")
    assert listed(path, "unsure") == []


def close_calls(path: Path) -> list[Task]:
    with Store.open(path, read_only=True) as store, Timeline.open(path) as timeline:
        return tasks.close_calls(store, timeline, 50, within=50)


def test_close_decisions_are_listed_the_closest_first_until_a_person_decides(path: Path) -> None:
    found = close_calls(path)
    assert all("are one event" in task.words for task in found)
    assert {key for task in found for key in task.ids} == {report(path, key) for key in STORY if "acme" in key}
    one, two = found[0].ids
    with Store.open(path) as store:
        review.different(store, one, two, **BY)
    assert {one, two} not in [set(task.ids) for task in close_calls(path)]


@pytest.mark.parametrize("how", ["rejected", "withdrawn"])
def test_of_what_counts_no_more_no_decision_is_asked(path: Path, how: str) -> None:
    assert close_calls(path)
    if how == "rejected":
        decide(path, "reject")
    else:
        with sqlite3.connect(path) as raw:
            raw.execute("UPDATE event SET origins = 0 WHERE id = ?", (of(path, "acme-herald"),))
    assert close_calls(path) == []


def test_the_queue_is_bounded(path: Path) -> None:
    reread(path, lambda says: replace(says, confidence=0.05))
    with Store.open(path, read_only=True) as store:
        assert len(review.queue(store, limit=1)) == 1


def _judgements(path: Path) -> list[str]:
    with Timeline.open(path) as timeline:
        return [one.id for one in timeline.judgements(closed=False)]
