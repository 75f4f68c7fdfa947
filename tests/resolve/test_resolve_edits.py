"""What people set: which values are allowed, which of several edits holds, and when an edit is to be asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from accounts import cluster, report, told

from tracker.errors import InputError
from tracker.model import Judgement, JudgementKind, Notice, Scope
from tracker.resolve.consensus import consensus
from tracker.resolve.edits import FIELDS, checked, said

REPORTS = cluster([report("a"), report("b", told(actors=("US Commerce Department",), announced="2024-07"))])


def judged(number: int, field: str = "", value: str = "", kind: JudgementKind = JudgementKind.EDIT) -> Judgement:
    return Judgement(
        id=f"j{number}",
        kind=kind,
        scope=Scope.EVENT,
        subject="e1",
        object=None,
        left=("a",),
        right=(),
        who="ann",
        why="",
        decided=datetime(2024, 7, number, tzinfo=UTC),
        field=field or None,
        value=value or None,
    )


ALLOWED = [
    ("type", '"sanction"', '"sanction"'),
    ("status", "in_force", '"in_force"'),
    ("announced_on", '"2024-07"', '"2024-07"'),
    ("announced_on", "2024", '"2024"'),
    ("effective_on", "null", "null"),
    ("items", '["wine", "beer"]', '["wine", "beer"]'),
    ("instruments", "[]", "[]"),
    ("subtype", "null", "null"),
    ("summary", "Washington curbs chips", '"Washington curbs chips"'),
    (
        "actors",
        '["us commerce department"]',
        '[{"name": "US Commerce Department", "kind": "government", "country": "US", "id": "gov:us:commerce"}]',
    ),
    ("targets", '[{"name": "ZTE", "kind": "company"}]', '[{"name": "ZTE", "kind": "company"}]'),
]


@pytest.mark.parametrize(("field", "value", "kept"), ALLOWED)
def test_what_an_edit_may_set_and_how_it_is_kept(field: str, value: str, kept: str) -> None:
    assert checked(field, value, REPORTS) == kept
    assert checked(field, kept, REPORTS) == kept
    assert consensus(REPORTS, [judged(1, field, kept)]).edited == (field,)


WRONG = [
    ("state", "x", "no field 'state' that can be edited: use one of type, status, direction"),
    ("status", "over", "status: 'over' is none of considered, proposed, announced, in_force"),
    ("announced_on", "July", "announced_on: 'July' is no date: write 2024-07-09"),
    ("announced_on", "2024-13", "announced_on: '2024-13' is no date"),
    ("announced_on", "2024-07-09T10:00", "is no date"),
    ("items", '"wine"', "items: not a JSON list of words"),
    ("items", "[1]", "items: 1 is no text"),
    ("actors", '["Atlantis"]', "actors: no report names 'Atlantis': write"),
    ("actors", '[{"name": "Atlantis", "kind": "island"}]', "kind 'island' is none of government, company"),
    ("actors", '[{"name": "A", "kind": "company", "city": "B"}]', "city: a party has name, kind, country"),
    ("actors", "[3]", "neither the name of a party nor an object"),
    ("summary", '" "', "summary: ' ' is no text"),
]


@pytest.mark.parametrize(("field", "value", "fault"), WRONG)
def test_what_an_edit_may_not_set(field: str, value: str, fault: str) -> None:
    with pytest.raises(InputError) as caught:
        checked(field, value, REPORTS)
    assert fault in str(caught.value)


def test_of_several_edits_of_a_field_the_latest_holds_in_whatever_order_they_come() -> None:
    edits = [judged(2, "status", '"ended"'), judged(1, "status", '"suspended"'), judged(3, "items", '["wine"]')]
    for order in (edits, edits[::-1]):
        made = consensus(REPORTS, order)
        assert (made.status, made.items, made.edited) == ("ended", ("wine",), ("items", "status"))
        assert made.summary == "US Commerce Department → China: ends curbs on wine"


def test_of_edits_of_events_that_were_put_together_that_which_saw_most_reports_holds() -> None:
    whole = cluster([report(name) for name in "abc"])
    large, small = replace(judged(1, "status", '"suspended"'), left=("a", "b")), judged(2, "status", '"ended"')
    small = replace(small, left=("c",))
    other = replace(judged(3, "direction", '"ease"'), left=("c",))
    for order in ([large, small, other], [other, small, large]):
        made = consensus(whole, order)
        assert (made.status, made.direction, made.edited) == ("suspended", "ease", ("direction", "status"))
    elsewhere = replace(large, left=("a", "x", "y", "z"))  # reports that have gone elsewhere since count no more
    assert consensus(whole, [elsewhere, small]).status == "ended"


def test_what_is_closed_or_about_something_else_counts_no_more() -> None:
    closed = replace(judged(1, "status", '"ended"'), closed=datetime(2024, 8, 1, tzinfo=UTC))
    other = replace(judged(2, "status", '"ended"'), scope=Scope.MEASURE)
    assert consensus(REPORTS, [closed, other]) == consensus(REPORTS)


def test_the_latest_verdict_holds() -> None:
    accept, reject = judged(1, kind=JudgementKind.ACCEPT), judged(2, kind=JudgementKind.REJECT)
    assert consensus(REPORTS, [reject, accept]).verdict == "reject"
    assert consensus(REPORTS, [accept]).verdict == "accept"
    assert consensus(REPORTS).verdict is None


def test_an_own_summary_stays_when_other_fields_change() -> None:
    edits = [judged(1, "summary", '"So it was"'), judged(2, "status", '"ended"')]
    assert consensus(REPORTS, edits).summary == "So it was"


CHANGES = {
    "the same again": (report("c"), set()),
    "the same, vaguer": (report("c", told(announced="2024")), set()),
    "another status": (report("c", told(status="ended")), {"status", "summary"}),
    "another day": (report("c", told(announced="2024-07-11")), {"announced_on", "summary"}),
    "another target": (report("c", told(targets=("ZTE",))), {"targets", "summary"}),
    "a retraction": (
        report("c", outlet="outlet of b", notice=Notice.RETRACTION),
        {"actors", "summary"},
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_said_of_a_field_changes_with_what_is_new_and_only_then(name: str) -> None:
    more, fields = CHANGES[name]
    later = cluster([more, *REPORTS.reports])
    assert {f for f in FIELDS if said(later, f) != said(REPORTS, f)} == fields
