"""Forms become decisions: what a busy database, old rules and wrong forms answer, and decisions as people read them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer

import pytest
from bs4 import BeautifulSoup
from visiting import filled

from tracker import review
from tracker.query import JudgementRow, Timeline
from tracker.review import ReasonRow
from tracker.store import Store
from tracker.web import decisions, reasons
from tracker.web.asking import Answer, Ask
from tracker.web.links import Links
from tracker.web.memo import Memo
from tracker.web.pages import review as queue
from tracker.web.pages import review_decide
from tracker.web.settings import Settings

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def timeline(demo: Path, tmp_path: Path) -> Iterator[Timeline]:
    with Timeline.open(shutil.copy(demo, tmp_path / "t.db")) as found:
        yield found


def ask(timeline: Timeline, form: Mapping[str, str], query: Mapping[str, str] | None = None) -> Ask:
    return Ask(
        timeline=timeline,
        links=Links("", "/t", ""),
        settings=Settings(),
        now=NOW,
        path={},
        query={name: (value,) for name, value in (query or {}).items()},
        form={name: (value,) for name, value in form.items()},
        reviewer="Ann",
        token="a token",
    )


def kept(answer: Answer) -> dict[str, str]:
    """The fields of the form that asks again."""
    form = BeautifulSoup(answer.body, "lxml").select_one("form.again")
    assert form is not None, answer.body
    return {name: str(value) for name, value in filled(form).items()}


def first(timeline: Timeline) -> str:
    return timeline.timeline(limit=1)[0].id


def test_where_something_else_writes_a_decision_waits_and_is_kept_for_another_try(
    timeline: Timeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions, "WAIT", 0.3)
    form = {"act": "reject", "one": first(timeline), "why": "<i>so</i>", "then": "x", "back": "review"}
    with Store.open(timeline.path) as store, store.writing():
        refused = review_decide.show(ask(timeline, form))
    assert (refused.status, timeline.judgements()) == (503, [])
    assert "your decision was not taken" in str(refused.body)
    assert kept(refused) == {"token": "a token", **form}
    taken = review_decide.show(ask(timeline, kept(refused)))
    (made,) = timeline.judgements()
    assert taken.to == f"/review?task=x&done={made.id}"
    assert (made.kind, made.who, made.why, made.decided_at[:10]) == ("reject", "Ann", "<i>so</i>", "2026-11-24")


def test_a_decision_is_taken_when_the_other_writer_ends_soon(timeline: Timeline) -> None:
    with Store.open(timeline.path) as store:
        store._lock.acquire()
        Timer(0.4, store._lock.release).start()
        assert review_decide.show(ask(timeline, {"act": "accept", "one": first(timeline)})).to is not None
    assert [one.kind for one in timeline.judgements()] == ["accept"]


def test_after_an_upgrade_of_the_rules_the_first_decision_is_wanted_twice(timeline: Timeline) -> None:
    with Store.open(timeline.path) as store:
        store._db.run("UPDATE report_standing SET resolver = 'older'")
    shown = queue.show(ask(timeline, {}))
    assert decisions.UNSETTLED in str(shown.body)
    form = {"act": "accept", "one": first(timeline)}
    refused = review_decide.show(ask(timeline, form))
    assert (refused.status, timeline.judgements()) == (400, [])
    assert 'name="settle"' in str(refused.body)
    assert review_decide.show(ask(timeline, {**form, "settle": "yes"})).to is not None
    assert [one.kind for one in timeline.judgements()] == ["accept"]
    with Store.open(timeline.path, read_only=True) as store:
        assert review.is_by_present_rules(store)


# A form, the status of the answer, and words of it.
WRONG: dict[str, tuple[dict[str, str], int, str]] = {
    "no decision": ({"act": "drop"}, 400, "is no decision"),
    "nothing": ({}, 400, "is no decision"),
    "no event": ({"act": "accept", "one": "zzz"}, 404, "zzz"),
    "no reason": ({"act": "reject", "one": "zzz", "why": "  "}, 400, "say why"),
    "no parts": ({"act": "split", "one": "zzz", "why": "x"}, 400, "choose the reports"),
    "nothing changed": ({"act": "edit", "one": "zzz", "why": "x"}, 400, "as it was"),
    "no judgement": ({"act": "close", "one": "zzz"}, 404, "zzz"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_form_decides_nothing(timeline: Timeline, name: str) -> None:
    form, status, words = WRONG[name]
    answer = review_decide.show(ask(timeline, form))
    assert (answer.status, timeline.judgements()) == (status, [])
    assert words in str(answer.body)


def test_a_decision_whose_evidence_changed_is_asked_again_and_holds_on_what_is_told_now(timeline: Timeline) -> None:
    review_decide.show(ask(timeline, {"act": "accept", "one": first(timeline)}))
    (made,) = timeline.judgements()
    with Store.open(timeline.path) as store:
        store._db.run("UPDATE judgement SET evidence = json_set(evidence, '$.status', json_array('ended'))")
    shown = queue.show(ask(timeline, {}, {"task": f"changed:{made.id}"}))
    assert "<li>Status: ended before" in str(shown.body)
    review_decide.show(ask(timeline, {"act": "again", "one": made.id, "why": "seen again"}))
    (now,), (before,) = timeline.judgements(closed=False), timeline.judgements(holding=False)
    assert (now.kind, now.why, now.left, before.id) == ("accept", "seen again", made.left, made.id)
    with Store.open(timeline.path, read_only=True) as store:
        assert review.asked_again(store) == []


def judged(**values: object) -> JudgementRow:
    given = {"id": "j1", "kind": "edit", "scope": "event", "subject": "e1", "object": None, "field": None,
             "value": None, "left": ("r1",), "right": (), "who": "Ann", "why": "x", "evidence": "{}",
             "decided_at": "2026-11-24T00:00:00Z", "closed_at": None, "closed_by": None}  # fmt: skip
    return JudgementRow(**{**given, **values})  # type: ignore[arg-type]


WORDS: dict[str, dict[str, object]] = {
    "Status: in force": {"field": "status", "value": "in_force"},
    "Announced: July 2024": {"field": "announced_on", "value": "2024-07"},
    "Takes effect: none": {"field": "effective_on", "value": None},
    "Who acts: Acme; Bolt": {"field": "actors", "value": [{"name": "Acme", "kind": "company"}, {"name": "Bolt"}]},
    "2 reports taken out": {"kind": "split", "right": ("r2", "r3")},
    "one and the same": {"kind": "same"},
    "no policy event": {"kind": "reject"},
}


@pytest.mark.parametrize("words", WORDS)
def test_a_decision_in_words(words: str) -> None:
    assert decisions.what(judged(**WORDS[words])) == words


REASONS = {
    ("actor: same", "same: co:nvidia, company:nvidia"): ("Who acts", "same", ("Nvidia",)),
    ("target: of one state", "of one state: co:bytedance"): ("Who is hit or helped", "of one state", ("Bytedance",)),
    ("status: same", "same: in_force and in_force"): ("Status", "same", ("in force",)),
    ("type: different", "enforcement and export_control"): ("Type", "different", ("enforcement", "export control")),
    ("target: unknown", "unknown: nothing and nothing"): ("Who is hit or helped", "unknown", ()),
    ("ruling: on what the other did", "on what the other did"): ("Ruling", "on what the other did", ()),
}


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_without_codes(reason: tuple[str, str]) -> None:
    bias = ReasonRow(what="bias", words="before anything is compared", weight=-9.0)
    (told,) = reasons.told([bias, ReasonRow(what=reason[0], words=reason[1], weight=-2.0)])
    assert (told.head, told.verdict, told.sides) == REASONS[reason]
    assert (told.weight, told.share) == (-2.0, 1.0)


def test_what_is_dear_is_made_anew_only_when_it_is_old() -> None:
    clock, made = [0.0], []
    memo = Memo(lambda: clock[0])

    def make() -> int:
        made.append(clock[0])
        return len(made)

    found = []
    for second in (0.0, 60.0, 60.5, 61.0):
        clock[0] = second
        found.append(memo.get("x", 60.0, make))
    assert (found, made) == ([1, 1, 2, 2], [0.0, 60.5])
    assert memo.get("y", 60.0, make) == 3
