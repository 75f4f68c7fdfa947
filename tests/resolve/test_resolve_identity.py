"""Ids that readers of the timeline have seen stay, or lead to what took their place."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.resolve import identities


def nothing(_: str) -> bool:
    return False


@pytest.mark.parametrize(
    ("before", "clusters", "ids", "redirects"),
    [
        pytest.param({"r1": None}, {"r1": ["r1"]}, {"r1": "er1"}, {}, id="new"),
        pytest.param({"r1": "e1", "r2": None}, {"r2": ["r1", "r2"]}, {"r2": "e1"}, {}, id="grown, with a new lead"),
        pytest.param(
            {"r1": "e1", "r2": "e2", "r3": "e2"}, {"r1": ["r1", "r2", "r3"]}, {"r1": "e2"}, {"e1": "e2"}, id="merged"
        ),
        pytest.param(
            {"r1": "e2", "r2": "e1"}, {"r1": ["r1", "r2"]}, {"r1": "e1"}, {"e2": "e1"}, id="merged, the older id of two"
        ),
        pytest.param(
            {"r1": "e1", "r2": "e1", "r3": "e1"},
            {"r1": ["r1"], "r2": ["r2", "r3"]},
            {"r1": "er1", "r2": "e1"},
            {},
            id="split: the larger part keeps it",
        ),
        pytest.param(
            {"r1": "e1", "r2": "e2", "r3": "e2", "r4": "e2"},
            {"r1": ["r1", "r2", "r3"], "r4": ["r4"]},
            {"r1": "e2", "r4": "er4"},
            {"e1": "e2"},
            id="one part of one joins another",
        ),
    ],
)
def test_clusters_keep_the_ids_of_most_of_their_members(
    before: dict[str, str | None], clusters: dict[str, list[str]], ids: dict[str, str], redirects: dict[str, str]
) -> None:
    found = identities(before, clusters, letter="e", is_taken=nothing)
    assert (dict(found.ids), dict(found.redirects)) == (ids, redirects)


def test_a_new_id_is_longer_where_the_short_one_is_taken() -> None:
    lead = "0123456789abcdef" * 2
    taken = {"e0123456789abcde", "e0123456789abcdef"}
    assert identities({}, {lead: [lead]}, letter="e", is_taken=taken.__contains__).ids[lead] == f"e{lead[:17]}"
    found = identities({"r2": "er1", "r1": "er1"}, {"r2": ["r2"], "r1": ["r1"]}, letter="e", is_taken=nothing)
    assert found.ids == {"r1": "er1", "r2": "er2"}
    assert identities({}, {"r1": []}, letter="e", is_taken={"er1"}.__contains__).ids == {"r1": "er12"}


@given(st.integers(0, 2**64))
def test_every_id_that_was_ever_given_leads_somewhere_or_had_all_its_reports_removed(seed: int) -> None:
    random = Random(seed)
    reports = [f"r{number}" for number in range(8)]
    event_of: dict[str, str | None] = {}
    redirects: dict[str, str] = {}
    ever: set[str] = set()
    for _ in range(6):
        event_of = {r: event_of.get(r) for r in reports}
        touched = {event_of[r] for r in random.sample(reports, 4)} | {None}
        some = [r for r in reports if event_of[r] in touched]
        parts: dict[str, list[str]] = {}
        for r in some:
            parts.setdefault(random.choice(some[:3]), []).append(r)
        clusters = {min(part): part for part in parts.values()}
        live = {id_ for id_ in event_of.values() if id_ is not None}
        found = identities({r: event_of[r] for r in some}, clusters, letter="e", is_taken=live.__contains__)
        assert len(set(found.ids.values())) == len(clusters)
        for lead, members in clusters.items():
            event_of |= dict.fromkeys(members, found.ids[lead])
        ever |= set(found.ids.values())
        redirects |= found.redirects
        for id_ in event_of.values():
            redirects.pop(id_ or "", None)
        for id_ in ever:
            assert _end(id_, redirects) in event_of.values()


def _end(id_: str, redirects: dict[str, str]) -> str:
    seen = {id_}
    while id_ in redirects:
        id_ = redirects[id_]
        assert id_ not in seen
        seen.add(id_)
    return id_
