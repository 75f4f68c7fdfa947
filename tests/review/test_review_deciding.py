"""Decisions of people: what they make, that they hold, that closing undoes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from review_samples import ACME, BOLT, NOW, STORY, Reader, events, later, of, partition, read, report, settle, write

from tracker import config as tracker_config
from tracker import review
from tracker.errors import BusyError, InputError, NotFoundError
from tracker.pipeline import reprocess
from tracker.query import Timeline
from tracker.review import Decision
from tracker.store import Store

ACMES = frozenset({"acme-gazette", "acme-herald", "acme-blog"})
BOLTS = frozenset({"bolt-wire"})
APART = {ACMES, BOLTS}
FEEDS = (
    "sources:\n  news:\n"
    "    - {id: wire, name: Wire, kind: feed, url: 'https://wire.example/feed', tier: major, language: en}\n"
)


def decide(path: Path, act: Callable[..., Decision], *given: object, hours: int = 1, **by: str) -> Decision:
    by.setdefault("who", "ann")
    if act is not review.close:
        by.setdefault("why", "as the paper says")
    with Store.open(path) as store:
        return act(store, *given, now=later(hours), **by)


def test_the_story_is_of_two_events(story: Path) -> None:
    assert partition(story) == APART


def test_what_is_the_same_becomes_one_event_and_the_former_id_leads_there(path: Path) -> None:
    acme, bolt = of(path, "acme-herald"), of(path, "bolt-wire")
    made = decide(path, review.same, acme, bolt)
    assert partition(path) == {ACMES | BOLTS}
    assert (made.holds, made.left, made.right) == (True, (acme,), (acme,))
    with Timeline.open(path) as timeline:
        detail = timeline.event(bolt)
    assert (detail.id, detail.former_ids) == (acme, (bolt,))
    assert [(one.kind, one.who, one.why) for one in detail.judgements] == [("same", "ann", "as the paper says")]


def test_two_reports_of_one_event_are_different(path: Path) -> None:
    one, two = report(path, "acme-gazette"), report(path, "acme-herald")
    made = decide(path, review.different, one, two)
    assert made.holds
    assert made.left != made.right
    assert of(path, "acme-gazette") != of(path, "acme-herald")


def test_reports_are_split_off_an_event_which_keeps_its_id(path: Path) -> None:
    acme = of(path, "acme-herald")
    made = decide(path, review.split, acme, [report(path, "acme-blog")])
    assert partition(path) == {ACMES - {"acme-blog"}, frozenset({"acme-blog"}), BOLTS}
    assert made.left == (acme,)
    assert of(path, "acme-herald") == acme


EDITS = {
    "status": ("suspended", "suspended"),
    "announced_on": ("2024-05-02", "2024-05-02"),
    "items": ("drones; engines", ("drones", "engines")),
    "targets": ("Acme; co:bolt", ("Acme", "Bolt")),
    "effective_on": ("2024-07", "2024-07"),
}


@pytest.mark.parametrize("field", EDITS)
def test_a_field_is_set_whatever_reports_say(path: Path, field: str) -> None:
    given, taken = EDITS[field]
    made = decide(path, review.edit, of(path, "acme-herald"), field, given)
    assert made.holds
    with Timeline.open(path) as timeline:
        detail = timeline.event(of(path, "acme-herald"))
    assert getattr(detail.event, field) == taken
    assert detail.edited == (field,)
    assert [(one.kind, one.field) for one in detail.judgements] == [("edit", field)]


def test_what_is_rejected_is_left_out_until_it_is_accepted(path: Path) -> None:
    bolt = of(path, "bolt-wire")
    decide(path, review.reject, bolt)
    with Timeline.open(path) as timeline:
        assert bolt not in {event.id for event in timeline.timeline()}
        assert [event.id for event in timeline.timeline(rejected=True)] == [bolt]
        assert (timeline.count(), timeline.stats().events) == (1, 1)
        assert timeline.search("timber").events == ()
        assert timeline.event(bolt).verdict == "reject"
    accepted = decide(path, review.accept, bolt, hours=2)
    assert len(accepted.replaced) == 1
    with Timeline.open(path) as timeline:
        assert [event.id for event in timeline.timeline(reviewed=True)] == [bolt]
        assert timeline.count() == 2


def measures(path: Path) -> dict[str, str]:
    """Article to the measure that its event is a step of."""
    with Timeline.open(path) as timeline:
        found = [timeline.event(key) for key in events(path)]
        return {report.article_id: one.event.measure_id for one in found for report in one.reports}


def test_two_measures_become_one_and_the_former_id_leads_there(path: Path) -> None:
    before = measures(path)
    acme, bolt = before["acme-herald"], before["bolt-wire"]
    made = decide(path, review.same, acme, bolt)
    assert set(measures(path).values()) == {acme}
    assert (made.holds, made.left, made.right) == (True, (acme,), (acme,))
    assert partition(path) == APART  # they are two events all the same
    with Timeline.open(path) as timeline:
        story = timeline.measure(bolt)
    assert (story.id, story.former_ids, len(story.event_ids)) == (acme, (bolt,), 2)
    assert [one.kind for one in story.judgements] == ["same"]
    decide(path, review.close, made.judgement.id, hours=2)
    assert measures(path) == before


def test_events_are_split_off_a_measure(path: Path) -> None:
    before = measures(path)
    decide(path, review.same, before["acme-herald"], before["bolt-wire"])
    (whole,) = set(measures(path).values())
    made = decide(path, review.split, whole, [of(path, "bolt-wire")], hours=2)
    assert made.holds
    assert len(made.replaced) == 1
    assert measures(path) == before


def test_what_was_decided_of_measures_holds_when_another_report_leads_an_event(path: Path) -> None:
    before = measures(path)
    decide(path, review.same, before["acme-herald"], before["bolt-wire"])
    with Store.open(path) as store:
        fuller = replace(BOLT, effective="2023-03-01")
        for number in range(4):
            write(store, f"bolt-{number}", "herald", [fuller])
        settle(store)
    assert len(set(measures(path).values())) == 1


def _same(path: Path) -> Decision:
    return decide(path, review.same, of(path, "acme-herald"), of(path, "bolt-wire"))


def _split(path: Path) -> Decision:
    return decide(path, review.split, of(path, "acme-herald"), [report(path, "acme-blog")])


def _different(path: Path) -> Decision:
    return decide(path, review.different, report(path, "acme-gazette"), report(path, "acme-herald"))


def _edit(path: Path) -> Decision:
    return decide(path, review.edit, of(path, "acme-herald"), "status", "suspended")


def _reject(path: Path) -> Decision:
    return decide(path, review.reject, of(path, "bolt-wire"))


KINDS: dict[str, Callable[[Path], Decision]] = {
    "same": _same,
    "split": _split,
    "different": _different,
    "edit": _edit,
    "reject": _reject,
}


@pytest.mark.parametrize("kind", KINDS)
def test_closing_a_decision_undoes_it(path: Path, kind: str) -> None:
    before = _all(path)
    made = KINDS[kind](path)
    assert made.holds
    assert _all(path) != before
    closed = decide(path, review.close, made.judgement.id, hours=2)
    assert _all(path) == before
    assert (closed.judgement.closed_by, closed.holds) == ("ann", False)
    with Timeline.open(path) as timeline:
        assert timeline.judgements(closed=False) == []
        assert [one.id for one in timeline.judgements()] == [made.judgement.id]


@pytest.mark.parametrize("kind", KINDS)
def test_a_decision_holds_when_everything_is_settled_from_nothing(path: Path, kind: str) -> None:
    KINDS[kind](path)
    after = _all(path)
    with Store.open(path) as store:
        store.reports.reset()
        settle(store)
    assert _all(path) == after


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(sorted(STORY)), kind=st.sampled_from(sorted(KINDS)))
def test_a_decision_holds_in_whatever_order_reports_are_settled_again(
    story: Path, tmp_path_factory: pytest.TempPathFactory, order: list[str], kind: str
) -> None:
    path = tmp_path_factory.mktemp("order") / "t.db"
    path.write_bytes(story.read_bytes())
    KINDS[kind](path)
    after = _all(path)
    with Store.open(path) as store:
        for article in order:
            store.reports.unsettle([report(path, article)])
            settle(store)
    assert _all(path) == after


@pytest.mark.parametrize("kind", KINDS)
def test_a_decision_holds_when_better_rules_find_other_actors(path: Path, kind: str) -> None:
    made = KINDS[kind](path)
    known = {article: report(path, article) for article in STORY}
    held = partition(path)
    with Store.open(path) as store:
        for article, (_, (says,)) in STORY.items():
            read(store, article, [replace(says, actor="china")], text=_text(store, article))
        settle(store)
    assert all(report(path, article) != key for article, key in known.items())  # the ids rest on the actors
    assert partition(path) == held
    with Timeline.open(path) as timeline:
        (judged,) = timeline.judgements(closed=False)
        assert judged.id == made.judgement.id
        assert not {*judged.left, *judged.right} & set(known.values())
    if kind == "edit":
        with Timeline.open(path) as timeline:
            assert timeline.event(of(path, "acme-herald")).event.status == "suspended"


@pytest.mark.parametrize("kind", KINDS)
def test_a_decision_holds_after_reprocessing(path: Path, tmp_path: Path, kind: str) -> None:
    made = KINDS[kind](path)
    held = partition(path)
    (tmp_path / "feeds.yaml").write_text(FEEDS, encoding="utf-8")
    config = tracker_config.load(tmp_path / "feeds.yaml").with_database(path)
    with Store.open(path) as store:
        reprocess.reprocess(config, store, lambda: Reader("china"), clock=lambda: later(5))
    assert partition(path) == held
    with Timeline.open(path) as timeline:
        (judged,) = timeline.judgements(closed=False)
        assert judged.id == made.judgement.id
        assert {one.reader for key in events(path) for one in timeline.event(key).reports} == {"r2"}


def test_two_parties_become_one_and_two_again(path: Path) -> None:
    made = decide(path, review.same, "co:acme", "co:bolt")
    assert (made.holds, made.judgement.scope, len({*made.left, *made.right})) == (True, "party", 1)
    with Timeline.open(path) as timeline:
        targets = {party.id for key in events(path) for party in timeline.event(key).targets}
    assert targets == set(made.left)
    parted = decide(path, review.different, "co:acme", "co:bolt", hours=2)
    assert (parted.holds, parted.replaced) == (True, (made.judgement.id,))
    with Timeline.open(path) as timeline:
        assert timeline.standing(["co:acme", "co:bolt"]) == ["co:acme", "co:bolt"]


def test_new_reports_join_what_was_decided(path: Path) -> None:
    _same(path)
    with Store.open(path) as store:
        write(store, "acme-wire", "wire", [ACME])
        write(store, "bolt-herald", "herald", [BOLT])
        settle(store)
    assert partition(path) == {ACMES | BOLTS | {"acme-wire", "bolt-herald"}}


def test_a_decision_takes_the_place_of_what_it_contradicts(path: Path) -> None:
    acme, bolt = report(path, "acme-herald"), report(path, "bolt-wire")
    first = decide(path, review.same, acme, bolt)
    second = decide(path, review.different, acme, bolt, hours=2, who="bob")
    assert second.replaced == (first.judgement.id,)
    assert partition(path) == APART
    with Timeline.open(path) as timeline:
        old = timeline.judgement(first.judgement.id)
    assert old.closed_by == f"bob: {second.judgement.id} took its place"


def test_what_is_split_off_what_was_put_together_leaves_the_rest_together(path: Path) -> None:
    first = decide(path, review.same, of(path, "acme-herald"), of(path, "bolt-wire"))
    second = decide(path, review.split, of(path, "acme-herald"), [report(path, "acme-blog")], hours=2)
    assert (second.replaced, second.holds) == ((), True)
    assert partition(path) == {(ACMES | BOLTS) - {"acme-blog"}, frozenset({"acme-blog"})}
    decide(path, review.close, second.judgement.id, hours=3)
    assert partition(path) == {ACMES | BOLTS}
    third = decide(path, review.split, of(path, "acme-herald"), [report(path, "bolt-wire")], hours=4)
    assert third.replaced == (first.judgement.id,)
    assert partition(path) == APART


def test_a_decision_that_is_made_again_takes_the_place_of_the_first(path: Path) -> None:
    first, second = _edit(path), decide(path, review.edit, of(path, "acme-herald"), "status", "ended", hours=2)
    assert second.replaced == (first.judgement.id,)
    assert decide(path, review.edit, of(path, "acme-herald"), "direction", "ease", hours=3).replaced == ()


def _acme(path: Path) -> str:
    return of(path, "acme-herald")


def _bolt(path: Path) -> str:
    return of(path, "bolt-wire")


def _measure(path: Path) -> str:
    with Timeline.open(path) as timeline:
        return timeline.event(_acme(path)).event.measure_id


def _close_twice(path: Path) -> Decision:
    made = _reject(path)
    decide(path, review.close, made.judgement.id)
    return decide(path, review.close, made.judgement.id)


# What is given (made of the database), what kind of error, what it says.
BAD: dict[str, tuple[Callable[[Path], Decision], type[Exception], str]] = {
    "itself": (lambda p: decide(p, review.same, _acme(p), _acme(p)), InputError, "cannot be judged against itself"),
    "no event": (lambda p: decide(p, review.same, _acme(p), "e00"), NotFoundError, "'e00'"),
    "event and measure": (
        lambda p: decide(p, review.same, _bolt(p), _measure(p)),
        InputError,
        "of two kinds; name two of one",
    ),
    "a report of it": (
        lambda p: decide(p, review.different, _acme(p), report(p, "acme-blog")),
        InputError,
        "are one already; `tracker review split`",
    ),
    "no reason": (lambda p: decide(p, review.reject, _acme(p), why=" "), InputError, "--why"),
    "no field": (lambda p: decide(p, review.edit, _acme(p), "colour", "red"), InputError, "status"),
    "no value": (lambda p: decide(p, review.edit, _acme(p), "status", "on"), InputError, "in_force"),
    "no date": (lambda p: decide(p, review.edit, _acme(p), "announced_on", "May"), InputError, "2024-07"),
    "no party": (lambda p: decide(p, review.edit, _acme(p), "actors", "Nobody at all"), InputError, "Nobody at all"),
    "all its reports": (
        lambda p: decide(p, review.split, _bolt(p), [report(p, "bolt-wire")]),
        InputError,
        "leave some",
    ),
    "not its report": (
        lambda p: decide(p, review.split, _acme(p), [report(p, "bolt-wire")]),
        InputError,
        "is not part of",
    ),
    "closed before": (_close_twice, InputError, "was closed on 2025-01-06"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_decided_is_told(path: Path, name: str) -> None:
    act, error, words = BAD[name]
    with pytest.raises(error, match=words):
        act(path)


def test_nothing_is_decided_while_another_run_writes(path: Path) -> None:
    acme = of(path, "acme-herald")
    with Store.open(path) as other, other.writing(), pytest.raises(BusyError, match="is writing to this database"):
        decide(path, review.reject, acme)


def _text(store: Store, article: str) -> str:
    found = store.articles.get(article)
    assert found is not None
    return found.text


def _all(path: Path) -> object:
    """All that a decision could change, ids and all."""
    found = events(path)
    with Timeline.open(path) as timeline:
        told = {key: timeline.event(key) for key in found}
    return {
        key: (found[key], one.event.status, one.event.measure_id, one.verdict, one.edited) for key, one in told.items()
    }


def test_the_time_of_a_decision_is_the_callers(path: Path) -> None:
    assert _reject(path).judgement.decided_at == later(1).isoformat() != NOW.isoformat()
