"""Which older measure one answers or replaces."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from accounts import event, report

from tracker.model import Event, LinkKind
from tracker.resolve.ties import cue, tie_asks, ties

ANSWERS, REPLACES = LinkKind.RETALIATION, LinkKind.REPLACEMENT

WORDS = [
    (ANSWERS, "China banned exports of gallium in retaliation for the chip curbs.", "in retaliation"),
    (ANSWERS, "Beijing announced retaliatory tariffs on American grain.", "retaliatory"),
    (ANSWERS, "The EU adopted counter-measures on bourbon.", "counter-measures"),
    (ANSWERS, "In a tit-for-tat that had been brewing, Delhi stopped garments.", "tit-for-tat"),
    (ANSWERS, "Moscow barred eggs in response to the new sanctions.", "in response to the new sanctions"),
    (ANSWERS, "China hit back with duties on pork.", "hit back"),
    (ANSWERS, "Beijing has vowed retaliation.", None),
    (ANSWERS, "Tokyo denied that the step was retaliation.", None),
    (ANSWERS, "The ban was imposed in response to concerns about security.", None),
    (ANSWERS, "The ministry said so in response to a question.", None),
    (ANSWERS, "No country has announced countermeasures.", None),
    (REPLACES, "General License D-2 replaces an older licence from 2014.", "replaces"),
    (REPLACES, "The step supersedes the 20% duty levied on the same goods.", "supersedes"),
    (REPLACES, "In October it put quotas in place of the ban.", "in place of the"),
    (REPLACES, "The company must replace its board of directors.", None),
    (REPLACES, "Carriers were told to replace equipment from Huawei.", None),
    (REPLACES, "The port restriction does not replace the duty.", None),
]


@pytest.mark.parametrize(("kind", "quote", "expected"), WORDS)
def test_words_by_which_a_step_answers_or_replaces_another(kind: LinkKind, quote: str, expected: str | None) -> None:
    assert (found := cue(kind, quote)) == expected or (found or "").casefold() == expected


CHIPS = event("chip curbs", announced="2022-10-07", measure="m-chips")
OLD = event("old curbs", announced="2022-05-01", measure="m-old", items=("telecoms",))
TOOLS = event("chip tools", actors=("Japan",), announced="2023-03-31", measure="m-tools")
EASED = event("eased", announced="2023-06-01", measure="m-eased", direction="ease")
LATER = event("later curbs", announced="2023-10-17", measure="m-later")
GALLIUM = event(
    "gallium",
    actors=("Chinese government",),
    targets=("United States",),
    items=("gallium",),
    announced="2022-12-03",
    measure="m-gallium",
)
QUOTA = event(
    "quota", actors=("US Commerce Department",), announced="2023-09-01", items=("AI chips",), measure="m-quota"
)

CASES: dict[str, tuple[Event, str, list[Event], list[tuple[str, str]]]] = {
    "the latest opposing measure": (
        GALLIUM,
        "China banned gallium in retaliation for US curbs.",
        [OLD, CHIPS, TOOLS, LATER],
        [("m-chips", "retaliation")],
    ),
    "the one that is named, though it is older": (
        GALLIUM,
        "China banned gallium in retaliation for US curbs on telecoms.",
        [OLD, event("newer", announced="2022-08-20", items=("drones",), measure="m-newer")],
        [("m-old", "retaliation")],
    ),
    "nobody is answered where no report says so": (GALLIUM, "China banned exports of gallium.", [CHIPS], []),
    "an easing is not answered": (
        GALLIUM,
        "in retaliation",
        [event("e", direction="ease", announced="2022-11-30", measure="x")],
        [],
    ),
    "an easing answers nothing": (
        event("e", actors=("Chinese government",), targets=("United States",), direction="ease", measure="x"),
        "China ends tariffs that it had imposed in retaliation.",
        [event("f", announced="2024-06-01", measure="y")],
        [],
    ),
    "what was done before what was only planned": (
        GALLIUM,
        "in retaliation",
        [CHIPS, event("plan", status="proposed", announced="2022-10-20", measure="m-plan")],
        [("m-chips", "retaliation")],
    ),
    "nor what came later": (GALLIUM, "in retaliation", [LATER], []),
    "nor what is long past": (GALLIUM, "in retaliation", [event("e", announced="2019-05-01", measure="x")], []),
    "nor what another state did": (
        GALLIUM,
        "in retaliation",
        [event("e", actors=("Japan",), announced="2022-11-30", measure="x")],
        [],
    ),
    "nor what hit somebody else": (
        GALLIUM,
        "in retaliation",
        [event("e", targets=("Japan",), announced="2022-11-30", measure="x")],
        [],
    ),
    "nor a step of the same measure": (
        GALLIUM,
        "in retaliation",
        [event("e", announced="2022-11-30", measure="m-gallium")],
        [],
    ),
    "nor what was withdrawn": (
        GALLIUM,
        "in retaliation",
        [event("e", announced="2022-11-30", measure="x", origins=0)],
        [],
    ),
    "the same state's older rule on the same goods": (
        QUOTA,
        "The quota replaces the curbs on chips.",
        [CHIPS, GALLIUM, TOOLS],
        [("m-chips", "replacement")],
    ),
    "an older rule on other goods and of another kind is not replaced": (
        QUOTA,
        "The quota replaces older rules.",
        [event("e", type="tariff", items=("beef",), announced="2023-01-01", measure="x")],
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_answered_or_replaced(name: str) -> None:
    one, quote, candidates, expected = CASES[name]
    for order in permutations(candidates):
        found = ties(one, [report("r", quote="China said nothing."), report("s", quote=quote)], order)
        assert [(link.other_id, str(link.kind)) for link in found] == expected


def test_a_tie_says_why_and_whose_report_does() -> None:
    (link,) = ties(GALLIUM, [report("r", quote="It banned gallium in retaliation for curbs on chips.")], [CHIPS])
    assert (link.measure_id, link.event_id) == ("m-gallium", "gallium")
    assert [(r.what, r.words) for r in link.score.reasons] == [
        ("retaliation", "“in retaliation” in its report"),
        ("same kind", "export_control"),
        ("the other is named", "chips"),
        ("within three months", "57 days before"),
    ]


def test_of_two_that_fit_alike_their_ids_decide_nothing() -> None:
    pair = [replace(CHIPS, summary="the same", lead_id=lead, measure_id=f"m-{lead}") for lead in "ab"]
    for names in ("yz", "zy"):
        (link,) = ties(
            GALLIUM,
            [report("r", quote="in retaliation")],
            [replace(e, id=n) for e, n in zip(pair, names, strict=True)],
        )
        assert link.other_id == "m-a"


def test_what_to_look_for() -> None:
    quotes = [report("r", quote="in retaliation"), report("s", quote="It replaces the quota.")]
    answered, replaced = tie_asks(GALLIUM, quotes)
    assert (answered.kind, answered.actors, answered.targets) == (ANSWERS, frozenset({"US"}), frozenset({"CN"}))
    assert (answered.first, answered.last) == ("2022-03-08", "2022-12-03")
    assert (replaced.kind, replaced.actors, replaced.targets) == (REPLACES, frozenset({"CN"}), frozenset({"US"}))
    assert tie_asks(GALLIUM, [report("r", quote="China banned gallium.")]) == ()


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case[3]])
def test_what_is_tied_is_among_what_was_asked_for(name: str) -> None:
    one, quote, candidates, expected = CASES[name]
    (ask,) = tie_asks(one, [report("r", quote=quote)])
    ((other_id, _),) = expected
    other = next(c for c in candidates if c.measure_id == other_id)
    assert other.announced_on is not None
    assert ask.first <= other.announced_on.value <= ask.last
    assert {p.country for p in other.actors} & ask.actors
    assert {p.country for p in other.targets} & ask.targets
