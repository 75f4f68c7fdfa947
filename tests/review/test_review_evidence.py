"""What a judgement rested on, and when it is asked again: pure."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from review_samples import told

from tracker.model import Cluster, Status
from tracker.review import evidence

ONE = told("one", "acme", status=Status.ANNOUNCED, day="2024-05-03")
COPY = replace(ONE, id="copy", article_id="other")
LATER = told("later", "acme", status=Status.IN_FORCE, day="2024-06-01")
VAGUER = told("vaguer", "acme", status=Status.ANNOUNCED, day="2024")


def test_the_same_accounts_are_the_same_evidence_however_many_tell_them() -> None:
    kept = evidence.packed(evidence.of_sides([ONE], [LATER]))
    assert evidence.changes(kept, evidence.of_sides([COPY, ONE], [LATER])) == ()


CHANGED = {
    "another account": ([ONE, LATER], [LATER], "left: nothing before, "),
    "an account that says otherwise": ([LATER], [LATER], "left: sanction | announced | acme"),
    "reports that are gone": ([ONE], [], "right: sanction | in_force | acme |  | 2024-06-01 |  before, nothing now"),
}


@pytest.mark.parametrize("name", CHANGED)
def test_evidence_that_changed_says_what(name: str) -> None:
    left, right, words = CHANGED[name]
    kept = evidence.packed(evidence.of_sides([ONE], [LATER]))
    (change,) = evidence.changes(kept, evidence.of_sides(left, right))
    assert change.startswith(words)


FIELDS = [
    ("status", ("announced", "in_force")),
    ("announced_on", ("2024-05-03", "2024-06-01")),
    ("actors", ("company:acme",)),
    ("effective_on", ()),
]


@pytest.mark.parametrize(("field", "values"), FIELDS)
def test_the_evidence_of_an_edit_is_what_reports_tell_of_the_field(field: str, values: tuple[str, ...]) -> None:
    cluster = Cluster(event_id="e", measure_id="m", reports=(LATER, ONE, COPY, VAGUER))
    assert evidence.of_field(cluster, field) == {field: values}


def test_a_facet_that_was_not_looked_at_is_no_change() -> None:
    assert evidence.changes('{"type": ["sanction"]}', {"type": ("sanction",), "status": ("ended",)}) == ()
    assert evidence.changes('{"type": ["sanction"]}', {"status": ("ended",)}) == ()
    assert evidence.changes("", {"status": ("ended",)}) == ()


FACETS = st.dictionaries(
    st.text(max_size=5), st.lists(st.text(max_size=5), max_size=3).map(lambda t: tuple(sorted({*t})))
)


@settings(max_examples=40)
@given(FACETS)
def test_evidence_that_is_kept_and_looked_at_again_has_not_changed(facets: dict[str, tuple[str, ...]]) -> None:
    assert evidence.changes(evidence.packed(facets), facets) == ()
