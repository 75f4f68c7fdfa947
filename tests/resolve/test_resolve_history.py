"""The life of a measure: what is told, what follows from dates, and where it stands on a day."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from random import Random

import pytest
from accounts import event
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.model import Event, Status
from tracker.resolve.history import history, status_on

# Name: the events; the steps (day, status, whether it follows from a date); where the measure stands on some days.
LIVES: dict[str, tuple[list[Event], list[tuple[str, str, bool]], dict[str, str | None]]] = {
    "announced to hold from a day": (
        [event("a", announced="2024-06-25", effective="2024-07-09")],
        [("2024-06-25", "announced", False), ("2024-07-09", "in_force", True)],
        {"2024-06-24": None, "2024-07-08": "announced", "2024-07-09": "in_force"},
    ),
    "announced, then told to be in force": (
        [
            event("a", announced="2024-06-25", effective="2024-07-09"),
            event("b", status="in_force", announced="2024-07-10"),
        ],
        [("2024-06-25", "announced", False), ("2024-07-10", "in_force", False)],
        {"2024-07-11": "in_force"},
    ),
    "in force, with the day of the word": (
        [event("a", status="in_force", announced="2024-06-25", effective="2024-07-09")],
        [("2024-06-25", "announced", True), ("2024-07-09", "in_force", False)],
        {"2024-07-01": "announced", "2024-07-09": "in_force"},
    ),
    "delayed before it took effect": (
        [
            event("a", announced="2024-06-25", effective="2024-07-09"),
            event("b", status="delayed", announced="2024-07-02", effective="2024-09-01"),
        ],
        [("2024-06-25", "announced", False), ("2024-07-02", "delayed", False), ("2024-09-01", "in_force", True)],
        {"2024-07-20": "delayed", "2024-09-02": "in_force"},
    ),
    "dropped before it took effect": (
        [event("a", effective="2024-09-01"), event("b", status="rejected", announced="2024-08-01")],
        [("2024-07-09", "announced", False), ("2024-08-01", "rejected", False)],
        {"2025-01-01": "rejected"},
    ),
    "an end that was announced and told": (
        [
            event("a", status="in_force", announced="2022-08"),
            event("b", announced="2025-07-04", effective="2025-09-30"),
            event("c", status="ended", announced="2025-09-30", effective="2025-09-30"),
        ],
        [("2022-08", "in_force", False), ("2025-07-04", "announced", False), ("2025-09-30", "ended", False)],
        {"2025-08-01": "in_force", "2025-10-01": "ended"},
    ),
    "a change that is planned while it holds": (
        [
            event("a", status="in_force", announced="2024-01-01"),
            event("b", status="proposed", announced="2024-03-01"),
        ],
        [("2024-01-01", "in_force", False), ("2024-03-01", "proposed", False)],
        {"2024-04-01": "in_force"},
    ),
    "suspended and in force again": (
        [
            event("a", status="in_force", announced="2024-01-01"),
            event("b", status="suspended", announced="2024-02-01"),
            event("c", status="in_force", announced="2024-03-01"),
        ],
        [("2024-01-01", "in_force", False), ("2024-02-01", "suspended", False), ("2024-03-01", "in_force", False)],
        {"2024-02-15": "suspended", "2024-03-02": "in_force"},
    ),
    "ended, and imposed anew": (
        [
            event("a", status="in_force", announced="2024-01-01"),
            event("b", status="ended", announced="2024-02-01"),
            event("c", announced="2024-03-01"),
        ],
        [("2024-01-01", "in_force", False), ("2024-02-01", "ended", False), ("2024-03-01", "announced", False)],
        {"2024-02-02": "ended", "2024-03-02": "announced"},
    ),
    "background falls into its place, and is no step beside the same in full": (
        [
            event("a", status="in_force", announced="2023-10-17"),
            event("b", status="in_force", announced="2022"),
            event("c", status="in_force", announced="2022-10-07", actors=("US Commerce Department",)),
        ],
        [("2022-10-07", "in_force", False), ("2023-10-17", "in_force", False)],
        {"2022-10-06": None, "2024-01-01": "in_force"},
    ),
    "a vague step about other goods stays": (
        [
            event("a", status="ended", announced="2023", items=("gallium",)),
            event("b", status="ended", announced="2023-11", items=("beef",)),
        ],
        [("2023", "ended", False), ("2023-11", "ended", False)],
        {},
    ),
    "suits and fines leave it where it stands, a court that rules for those it hits does not": (
        [
            event("a", type="product_ban", status="in_force", announced="2022-11-25"),
            event("b", type="company_response", direction="neutral", status="in_force", announced="2023-02-01"),
            event("c", type="enforcement", status="considered", announced="2023-03-01"),
            event("d", type="court_ruling", direction="ease", status="in_force", announced="2024-04-02"),
            event("e", type="product_ban", status="ended", announced="2024-05-01"),
        ],
        [
            ("2022-11-25", "in_force", False),
            ("2023-02-01", "in_force", False),
            ("2023-03-01", "in_force", False),
            ("2024-04-02", "suspended", False),
            ("2024-05-01", "ended", False),
        ],
        {"2023-12-31": "in_force", "2024-04-03": "suspended"},
    ),
    "a probe comes before the duty": (
        [
            event("a", type="enforcement", status="in_force", announced="2024-12-19"),
            event("b", type="tariff", status="proposed", announced="2025-03-18"),
        ],
        [("2024-12-19", "considered", False), ("2025-03-18", "proposed", False)],
        {},
    ),
    "a fine, and then a licence": (
        [
            event("a", type="enforcement", status="in_force", announced="2021-07-02"),
            event("b", type="enforcement", status="in_force", announced="2022-07-21"),
            event("c", type="licence_decision", status="ended", announced="2023-01-16"),
        ],
        [("2021-07-02", "in_force", False), ("2022-07-21", "in_force", False), ("2023-01-16", "in_force", False)],
        {},
    ),
    "only a fine": (
        [event("a", type="enforcement", status="in_force")],
        [("2024-07-09", "in_force", False)],
        {},
    ),
    "in force before the word": (
        [event("a", status="in_force", announced="2025-12-30", effective="2025-04-21")],
        [("2025-12-30", "in_force", False)],
        {},
    ),
    "only the day from which it holds": (
        [event("a", status="announced", announced=None, effective="2024-09")],
        [("2024-09", "announced", False), ("2024-09", "in_force", True)],
        {},
    ),
    "nothing of what was withdrawn or rejected by a person": (
        [
            event("a"),
            event("b", status="ended", announced="2024-08-01", origins=0),
            event("c", status="suspended", announced="2024-08-01", verdict="reject"),
        ],
        [("2024-07-09", "announced", False)],
        {"2025-01-01": "announced"},
    ),
    "no date at all": ([event("a", announced=None)], [], {"2025-01-01": None}),
}


@pytest.mark.parametrize("name", LIVES)
def test_a_life(name: str) -> None:
    events, expected, stands = LIVES[name]
    made = history(events, measure_id="m1")
    assert [(s.day, str(s.status), s.inferred) for s in made.steps] == expected
    assert {day: status_on(made.steps, day)[0] for day in stands} == stands


def test_where_it_stands_as_of_the_last_word_and_as_of_a_day() -> None:
    events = [event("a", announced="2024-06-25", effective="2024-07-09")]
    told, later = history(events, measure_id="m1"), history(events, measure_id="m1", today="2026-01-01")
    assert (told.status, told.since) == (Status.ANNOUNCED, "2024-06-25")
    assert (later.status, later.since) == (Status.IN_FORCE, "2024-07-09")


def test_since_is_when_it_came_to_stand_there() -> None:
    events = [event(n, status="in_force", announced=f"2024-0{k}-01") for k, n in enumerate("abc", start=1)]
    assert history(events, measure_id="m1").since == "2024-01-01"


def test_the_title_is_that_of_the_event_of_its_own_kind_that_names_most() -> None:
    events = [
        event("a", type="court_ruling", direction="ease", actors=("Japan",), targets=("Huawei",)),
        event("b", type="tariff", items=(), announced="2020"),
        event("c", type="tariff", items=("solar cells",), status="in_force"),
        event("d", type="tariff", items=("solar cells",), status="ended", direction="ease"),
    ]
    titles = {history(order, measure_id="m1").title for order in permutations(events)}
    assert titles == {history([events[2]], measure_id="m2").title}


def test_ids_decide_nothing_for_they_depend_on_what_came_before() -> None:
    one, two = (replace(event(name), summary="the same") for name in "ab")
    swapped = [replace(one, id="z"), replace(two, id="y")]
    leads = {e.id: e.lead_id for e in (one, two, *swapped)}
    told = [[leads[s.event_id] for s in history(events, measure_id="m1").steps] for events in ([one, two], swapped)]
    assert told == [["a", "b"], ["a", "b"]]


EVENTS = st.lists(
    st.builds(
        event,
        st.uuids().map(str),
        type=st.sampled_from(["tariff", "export_control", "court_ruling", "enforcement"]),
        status=st.sampled_from([str(s) for s in Status]),
        direction=st.sampled_from(["restrict", "ease"]),
        announced=st.sampled_from([None, "2022", "2022-10", "2022-10-07", "2023-01-01"]),
        effective=st.sampled_from([None, "2022-11", "2022-10-07", "2023-06-01"]),
        origins=st.sampled_from([0, 1, 1]),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda e: e.id,
)


@settings(max_examples=100)
@given(EVENTS, st.randoms(use_true_random=False))
def test_a_history_does_not_depend_on_the_order_of_its_events_and_is_in_order_of_time(
    events: list[Event], random: Random
) -> None:
    made = history(events, measure_id="m1")
    assert history(random.sample(events, len(events)), measure_id="m1") == made
    first_days = [(step.day + "-01-01")[:10] for step in made.steps]
    assert first_days == sorted(first_days)
    assert {s.event_id for s in made.steps} <= {e.id for e in events if e.origins}
