"""What reports contradict each other in, and what agrees although it is named otherwise."""

from __future__ import annotations

import pytest
from accounts import PARTIES, cluster, report, told

from tracker.resolve.agreement import same_actors, same_items, same_targets
from tracker.resolve.consensus import consensus

OPEN = {
    "official against major": (
        [
            report("a", told(status="in_force"), tier="official"),
            report("b", told(status="ended")),
            report("c", told(status="ended")),
        ],
        [("status", "in_force", ["ended"], "an official account comes before 2 major")],
    ),
    "more accounts": (
        [report("a", told(type="subsidy")), report("b"), report("c")],
        [("type", "export_control", ["subsidy"], "more major accounts: 2 to 1")],
    ),
    "other actors": (
        [report("a", told(actors=("US Treasury",))), report("b", told(actors=("Japan",), confidence=0.7))],
        [
            (
                "actors",
                "gov:us:treasury",
                ["gov:jp"],
                "as many accounts; the surest of them was read with 0.80, the other with 0.70",
            )
        ],
    ),
    "in force, where the start comes later": (
        [
            report("a", told(effective="2024-08-01")),
            report("b", told(effective="2024-08-01")),
            report("c", told(status="in_force")),
        ],
        [("status", "announced", ["in_force"], "more major accounts: 2 to 1")],
    ),
    "days that are no matter of time zones": (
        [report("a"), report("b"), report("c", told(announced="2024-07-11"))],
        [("announced_on", "2024-07-09", ["2024-07-11"], "more major accounts: 2 to 1")],
    ),
    "sections by number": (
        [
            report("a", told(instruments=("Section 301",), confidence=0.9)),
            report("b", told(instruments=("Section 232",))),
        ],
        [
            (
                "instruments",
                "Section 301",
                ["Section 232"],
                "as many accounts; the surest of them was read with 0.90, the other with 0.80",
            )
        ],
    ),
    "a month and a day in it": ([report("a", told(announced="2024-07")), report("b")], []),
    "announced and in force on one day": ([report("a"), report("b", told(status="in_force"))], []),
    "a part of the targets": ([report("a", told(targets=("Huawei", "ZTE"))), report("b", told(targets=("ZTE",)))], []),
    "a state and its ministry": ([report("a"), report("b", told(actors=("US Commerce Department",)))], []),
    "copies that were read differently": (
        [report("a", text="wire"), report("b", told(status="ended"), text="wire")],
        [],
    ),
    "an outlet that contradicts itself": (
        [report("a", outlet="one"), report("b", told(status="ended"), outlet="one")],
        [],
    ),
    "one account": ([report("a")], []),
}


@pytest.mark.parametrize("case", OPEN)
def test_what_accounts_contradict_each_other_in(case: str) -> None:
    reports, expected = OPEN[case]
    found = consensus(cluster(reports)).contradictions
    shown = [(c.field, c.taken.value, [o.value for o in c.others], c.because) for c in found]
    assert shown == expected


def test_a_contradiction_says_who_says_what_and_how_many_accounts_that_is() -> None:
    reports = [report("a", text="wire"), report("b", text="wire"), report("c"), report("d", told(status="ended"))]
    (found,) = consensus(cluster(reports)).contradictions
    assert (found.taken.report_ids, found.taken.origins) == (("a", "b", "c"), 2)
    assert [(o.report_ids, o.origins) for o in found.others] == [(("d",), 1)]


ROLES = {"actor": same_actors, "target": same_targets}


@pytest.mark.parametrize(
    ("role", "one", "two", "agree"),
    [
        ("actor", "United States", "US Commerce Department", True),
        ("actor", "US Treasury", "US Commerce Department", False),
        ("actor", "Japan", "United States", False),
        ("actor", "OpenAI", "United States", False),
        ("actor", "Chinese firms", "Huawei", True),
        ("actor", "ZTE", "Huawei", False),
        ("target", "China", "Huawei", True),
        ("target", "Chinese government", "Chinese firms", True),
        ("target", "ZTE", "Huawei", False),
        ("target", "China", "Japan", False),
        ("target", "developers", "Japan", True),
        ("target", "Huawei", "Nvidia", False),
    ],
)
def test_parties_that_agree(role: str, one: str, two: str, *, agree: bool) -> None:
    same = ROLES[role]
    assert same([PARTIES[one]], [PARTIES[two]]) is same([PARTIES[two]], [PARTIES[one]]) is agree


@pytest.mark.parametrize(
    ("one", "two", "agree"),
    [("chips", "AI chips", True), ("API access", "tools", True), ("gallium", "beef", False), ("wine", "brandy", True)],
)
def test_goods_that_agree(one: str, two: str, *, agree: bool) -> None:
    assert same_items([one], [two]) is same_items([two], [one]) is agree
