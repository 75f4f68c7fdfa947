"""What an event says when its reports differ: who is heard, who counts, what is taken, what is left open."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from accounts import cluster, report, told
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.model import Basis, Event, Notice, Report
from tracker.resolve.consensus import consensus

CORRECTION, RETRACTION = Notice.CORRECTION, Notice.RETRACTION


def values(event: Event, *fields: str) -> tuple[Any, ...]:
    """Fields as text: dates as ISO, parties by name."""
    found = []
    for field in fields:
        value = getattr(event, field)
        if field in {"actors", "targets"}:
            found.append([party.name for party in value])
        else:
            found.append(value.value if field.endswith("_on") and value else value)
    return tuple(found)


TAKEN = {
    "official before major, however many": (
        "status",
        "in_force",
        [
            report("a", told(status="in_force"), tier="official"),
            report("b", told(status="proposed")),
            report("c", told(status="proposed")),
        ],
    ),
    "major before social": (
        "direction",
        "ease",
        [report("a", told(direction="ease")), *(report(n, told(), tier="social") for n in "bcd")],
    ),
    "most independent accounts within a tier": (
        "type",
        "sanction",
        [
            report("a", told(type="tariff", confidence=0.9)),
            report("b", told(type="sanction")),
            report("c", told(type="sanction")),
        ],
    ),
    "copies of one wire are one account": (
        "type",
        "sanction",
        [
            *(report(n, told(type="tariff"), text="wire") for n in "abc"),
            report("d", told(type="sanction")),
            report("e", told(type="sanction")),
        ],
    ),
    "articles of one outlet are one account": (
        "status",
        "announced",
        [
            *(report(n, told(status="ended"), outlet="bloomberg-politics") for n in "ab"),
            report("c", told(status="ended"), outlet="social-bloomberg"),
            report("d", told()),
            report("e", told()),
        ],
    ),
    "who rests on another outlet's report is no account beside it": (
        "status",
        "in_force",
        [
            report("a", told(status="considered"), outlet="reuters-world"),
            *(report(n, told(status="considered"), quote="Reuters reported on Tuesday") for n in "bc"),
            report("d", told(status="in_force")),
            report("e", told(status="in_force")),
        ],
    ),
    "as many accounts: who had the actor's word": (
        "certainty",
        "confirmed",
        [report("a", told(certainty="reported", confidence=0.9)), report("b", told())],
    ),
    "as many accounts: the surer": (
        "status",
        "ended",
        [report("a", told(status="ended", confidence=0.9)), report("b", told(status="suspended"))],
    ),
    "as many accounts, as sure: the earlier": (
        "status",
        "suspended",
        [report("a", told(status="ended")), report("b", told(status="suspended"), published="2024-07-09")],
    ),
    "a precise date before the vague one that it agrees with": (
        "announced_on",
        "2024-07-09",
        [report("a", told(announced="2024-07", confidence=0.9)), report("b"), report("c", told(announced="2024"))],
    ),
    "a vague date stands behind the precise one": (
        "effective_on",
        "2024-08-01",
        [
            report("a", told(effective="2024-09-01", confidence=0.9)),
            report("b", told(effective="2024-08")),
            report("c", told(effective="2024-08-01")),
        ],
    ),
    "a day in words before the day of the page": (
        "announced_on",
        "2024-07-09",
        [
            *(
                report(n, told(announced="2024-07-12", basis=Basis.METADATA, confidence=0.9), published="2024-07-12")
                for n in "ab"
            ),
            report("c"),
        ],
    ),
    "of pages alone the earliest": (
        "announced_on",
        "2024-07-09",
        [
            report("a", told(announced="2024-07-09", basis=Basis.FEED)),
            *(report(n, told(announced="2024-07-14", basis=Basis.FEED), published="2024-07-14") for n in "bcd"),
        ],
    ),
    "no day that was yet to come when the article was published": (
        "announced_on",
        "2024-07-09",
        [*(report(n, told(announced="2024-07-12")) for n in "ab"), report("c")],
    ),
    "nor is it taken where nobody gives another": ("announced_on", None, [report("a", told(announced="2047"))]),
    "but the next day, which has begun elsewhere": (
        "announced_on",
        "2024-07-11",
        [report("a", told(announced="2024-07-11"), published="2024-07-10T23:30:00Z")],
    ),
    "and a month that is not over": (
        "announced_on",
        "2024-07",
        [report("a", told(announced="2024-07"), published="2024-07-10")],
    ),
    "a correction before the earlier claim": (
        "effective_on",
        "2024-09-01",
        [
            report("a", told(effective="2024-08-01", confidence=0.9), outlet="one"),
            report("b", told(effective="2024-09-01"), outlet="one", published="2024-07-12", notice=CORRECTION),
        ],
    ),
    "a correction also before the copies of what it corrects": (
        "effective_on",
        "2024-09-01",
        [
            report("a", told(effective="2024-08-01"), outlet="one", text="wire"),
            report("b", told(effective="2024-08-01"), text="wire"),
            report("c", told(effective="2024-09-01"), outlet="one", published="2024-07-12", notice=CORRECTION),
        ],
    ),
    "a correction says nothing of fields that it does not give": (
        "effective_on",
        "2024-08-01",
        [
            report("a", told(effective="2024-08-01"), outlet="one"),
            report("b", told(), outlet="one", published="2024-07-12", notice=CORRECTION),
        ],
    ),
    "an outlet's later report before its earlier one": (
        "status",
        "in_force",
        [
            report("a", told(status="proposed", confidence=0.9), outlet="one"),
            report("b", told(status="in_force"), outlet="one", published="2024-07-12"),
        ],
    ),
    "an outlet's later report that is vaguer takes nothing away": (
        "announced_on",
        "2024-07-09",
        [report("a", outlet="one"), report("b", told(announced="2024"), outlet="one", published="2024-11-12")],
    ),
    "a retraction withdraws what its outlet told until then": (
        "status",
        "considered",
        [
            report("a", told(status="in_force"), outlet="one", tier="official"),
            report("b", told(status="in_force"), outlet="one", published="2024-07-12", notice=RETRACTION),
            report("c", told(status="considered")),
        ],
    ),
    "who acts for a state has the accounts of the state": (
        "actors",
        ["US Commerce Department"],
        [report("a", told(actors=("US Commerce Department",))), report("b"), report("c")],
    ),
    "parties that half of the accounts name": (
        "targets",
        ["Huawei", "ZTE"],
        [
            report("a", told(targets=("Huawei", "ZTE"))),
            report("b", told(targets=("Huawei",))),
            report("c", told(targets=("ZTE", "Nvidia"))),
        ],
    ),
    "the fuller of two names of goods": (
        "items",
        ("AI chips", "gallium"),
        [report("a", told(items=("chips", "gallium"))), report("b", told(items=("AI chips",)))],
    ),
    "the subtype is that of most accounts of the type": (
        "subtype",
        "quota",
        [
            report("a", told(subtype="quota")),
            report("b", told(subtype="quota")),
            report("c", told(type="tariff", subtype="levy", confidence=0.9)),
        ],
    ),
}


@pytest.mark.parametrize("case", TAKEN)
def test_the_value_that_is_taken(case: str) -> None:
    field, expected, reports = TAKEN[case]
    for order in permutations(reports) if len(reports) < 5 else [reports, reports[::-1]]:
        assert values(consensus(cluster(order)), field) == (expected,)


CONFIDENCE = {
    "one account": ([report("a", told(confidence=0.8))], 0.8, 1),
    "two accounts": ([report("a", told(confidence=0.8)), report("b", told(confidence=0.5))], 0.9, 2),
    "a copy adds nothing": ([report(n, told(confidence=0.8), text="wire") for n in "ab"], 0.8, 1),
    "an outlet's second article adds nothing": ([report(n, told(confidence=0.8), outlet="one") for n in "ab"], 0.8, 1),
    "a wire, and the own report of one that prints it": (
        [report("a", outlet="one", text="wire"), report("b", outlet="one"), report("c", outlet="two", text="wire")],
        0.96,
        2,
    ),
    "never beyond doubt": ([report(n, told(confidence=0.9)) for n in "abcd"], 0.99, 4),
    "a contradiction leaves doubt": ([report("a"), report("b", told(status="ended"))], 0.864, 2),
}


@pytest.mark.parametrize("case", CONFIDENCE)
def test_confidence_grows_with_independent_accounts_and_falls_with_contradictions(case: str) -> None:
    reports, confidence, origins = CONFIDENCE[case]
    made = consensus(cluster(reports))
    assert made.confidence == pytest.approx(confidence)
    assert made.origins == origins


def test_a_retraction_withdraws_the_copies_but_not_what_the_outlet_says_afterwards() -> None:
    reports = [
        report("a", outlet="one", text="wire", published="2024-07-10"),
        report("b", outlet="two", text="wire", published="2024-07-10"),
        report("c", outlet="one", published="2024-07-11T08:00", notice=RETRACTION),
        report("d", told(status="considered"), outlet="one", published="2024-07-12"),
        report("e", told(status="considered"), outlet="three"),
    ]
    made = consensus(cluster(reports))
    assert made.withdrawn == ("a", "b", "c")
    assert made.report_ids == tuple("abcde")
    assert values(made, "status", "origins") == ("considered", 2)


def test_an_event_all_of_whose_reports_are_withdrawn_stays_with_no_account_left() -> None:
    made = consensus(cluster([report("a", outlet="one"), report("b", outlet="one", notice=RETRACTION)]))
    assert made.withdrawn == made.report_ids == ("a", "b")
    assert values(made, "certainty", "confidence", "origins", "actors") == ("denied", 0.0, 0, ["United States"])


STORIES = st.lists(
    st.builds(
        report,
        st.just(""),
        st.builds(
            told,
            type=st.sampled_from(["export_control", "sanction", "tariff"]),
            status=st.sampled_from(["announced", "in_force", "ended"]),
            certainty=st.sampled_from(["confirmed", "reported"]),
            actors=st.sampled_from([(), ("United States",), ("US Commerce Department",), ("Japan", "United States")]),
            targets=st.sampled_from([(), ("China",), ("Huawei", "ZTE"), ("ZTE",), ("Chinese firms",)]),
            items=st.sampled_from([(), ("chips",), ("AI chips", "gallium"), ("gallium",)]),
            announced=st.sampled_from([None, "2024", "2024-07", "2024-07-09", "2024-07-12"]),
            effective=st.sampled_from([None, "2024-08", "2024-08-01"]),
            basis=st.sampled_from([Basis.STATED, Basis.METADATA]),
            confidence=st.sampled_from([0.4, 0.8]),
        ),
        outlet=st.sampled_from(["one", "two", "reuters-world", None]),
        text=st.sampled_from(["wire", "other", None]),
        tier=st.sampled_from(["official", "major", "social"]),
        published=st.sampled_from([None, "2024-07-09", "2024-07-10", "2024-07-12T10:00"]),
        notice=st.sampled_from([None, None, None, CORRECTION, RETRACTION]),
        quote=st.sampled_from(["", "Reuters reported"]),
    ),
    min_size=1,
    max_size=7,
)


def numbered(reports: list[Report], names: list[str]) -> list[Report]:
    """The reports under these names; what nobody shares stays their own."""
    return [
        replace(
            r,
            id=name,
            article_id=f"article of {name}",
            origin=r.origin if r.origin in {"wire", "other"} else name,
            source_id=r.source_id if r.source_id in {"one", "two", "reuters-world"} else f"outlet of {name}",
        )
        for r, name in zip(reports, names, strict=True)
    ]


def without_ids(event: Event) -> Event:
    open_fields = tuple(
        replace(
            c,
            taken=replace(c.taken, report_ids=()),
            others=tuple(replace(o, report_ids=()) for o in c.others),
        )
        for c in event.contradictions
    )
    return replace(event, report_ids=(), withdrawn=(), contradictions=open_fields)


@settings(max_examples=50)
@given(STORIES, st.randoms(use_true_random=False))
def test_neither_the_order_of_reports_nor_their_ids_change_an_event(stories: list[Report], random: Any) -> None:
    names = [f"r{n}" for n in range(len(stories))]
    reports = numbered(stories, names)
    made = consensus(cluster(reports))
    shuffled = random.sample(reports, len(reports))
    assert consensus(cluster(shuffled)) == made
    renamed = numbered(stories, random.sample(names, len(names)))
    assert without_ids(consensus(cluster(renamed))) == without_ids(made)


@settings(max_examples=50)
@given(STORIES)
def test_a_copy_of_a_report_changes_no_field(stories: list[Report]) -> None:
    reports = numbered(stories, [f"r{n}" for n in range(len(stories))])
    copies = [replace(r, id=f"{r.id} again") for r in reports]
    once, twice = consensus(cluster(reports)), consensus(cluster([*reports, *copies]))
    assert without_ids(twice) == without_ids(once)
