"""Every filter of the timeline, in tables that say what must be found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.errors import InputError, NotFoundError
from tracker.query import Timeline

ALL = "undated halt ruling tools api api-leak gallium licence"  # newest first

CASES: list[tuple[dict[str, Any], str]] = [
    ({}, ALL),
    # fields with few values
    ({"type": "export_control"}, "tools gallium"),
    ({"type": ("export_control", "court_ruling")}, "ruling tools gallium"),
    ({"subtype": "visa_ban"}, "undated"),
    ({"subtype": ("visa_ban", "entry_fee"), "type": "sanction"}, "undated"),
    ({"subtype": "entry_fee"}, ""),
    ({"status": "suspended"}, "ruling"),
    ({"direction": "ease"}, "licence"),
    ({"certainty": "reported"}, "api-leak"),
    # actors: an id with what belongs to it, a country as its state, a name, a part of a name
    ({"actor": "gov:us"}, "undated tools licence"),
    ({"actor": "gov:us:commerce"}, "tools"),
    ({"actor": "US"}, "undated ruling tools licence"),
    ({"actor": "us"}, "undated ruling tools licence"),
    ({"actor": "United States"}, "undated ruling tools licence"),
    ({"actor": "China"}, "gallium"),
    ({"actor": "OpenAI"}, "api api-leak"),
    ({"actor": "openai"}, "api api-leak"),
    ({"actor": "Commerce"}, "tools gallium"),
    ({"actor": "comm"}, "tools gallium"),
    ({"actor": "merce"}, ""),
    ({"actor": "vidia"}, ""),
    ({"actor": ("OpenAI", "Nvidia")}, "halt api api-leak"),
    ({"actor": "nobody"}, ""),
    ({"actor": "%"}, ""),
    ({"actor": " "}, ""),
    # targets: a country is all that has its seat there
    ({"target": "CN"}, "halt ruling tools api api-leak licence"),
    ({"target": "gov:cn"}, "halt tools"),
    ({"target": "Alibaba"}, "ruling licence"),
    ({"target": "Alibaba Cloud"}, "licence"),
    ({"target": "co:alibaba"}, "ruling licence"),
    ({"target": "societe acme"}, "undated"),
    ({"target": "developers"}, "api api-leak"),
    # either role
    ({"party": "China"}, "halt ruling tools api api-leak gallium licence"),
    ({"party": "gov:us"}, "undated tools gallium licence"),
    ({"country": "FR"}, "undated"),
    ({"country": "China"}, "halt ruling tools api api-leak gallium licence"),
    ({"country": "ZZ"}, ""),
    # items and instruments, by their words
    ({"item": "chips"}, "halt tools licence"),
    ({"item": "AI chip"}, "licence"),
    ({"item": "gall"}, "gallium"),
    ({"item": "Entity List"}, "tools"),
    ({"item": ("gallium", "drones")}, "undated gallium"),
    ({"item": "commerce"}, ""),
    # dates; gallium's is all of 2024, tools' all of July, the undated one was first reported on 15 September
    ({"since": "2024"}, "undated halt ruling tools api api-leak gallium"),
    ({"since": "2024-07"}, "undated halt ruling tools gallium"),
    ({"since": "2024-07-31"}, "undated halt ruling tools gallium"),
    ({"since": "2024-08-01"}, "undated halt ruling gallium"),
    ({"since": "2024-12-31"}, "gallium"),
    ({"since": "2025"}, ""),
    ({"until": "2023"}, "licence"),
    ({"until": "2024-01"}, "gallium licence"),
    ({"until": "2024-06-24"}, "api-leak gallium licence"),
    ({"until": "2024-07"}, "tools api api-leak gallium licence"),
    ({"since": "2024-06-25", "until": "2024-06-25"}, "api gallium"),
    # text
    ({"text": "chips"}, "halt tools licence"),
    ({"text": "chip -nvidia"}, "tools licence"),
    ({"text": '"api access"'}, "api api-leak"),
    ({"text": '"access api"'}, ""),
    ({"text": "germ*"}, "gallium"),
    ({"text": "-openai -chip"}, "undated ruling gallium"),
    ({"text": "???"}, ""),
    ({"text": " "}, ALL),
    # who reports it
    ({"source": "gazette"}, "ruling api"),
    ({"source": ("gazette", "chipweek")}, "ruling api api-leak"),
    ({"tier": "official"}, "ruling api"),
    ({"tier": "specialist"}, "api api-leak"),
    # how sure
    ({"min_confidence": 0.9}, "api"),
    ({"min_confidence": 0.0}, ALL),
    ({"min_origins": 2}, "api"),
    ({"min_origins": 3}, ""),
    ({"measure": "m-api"}, "api api-leak"),
    # together
    ({"type": "access_restriction", "target": "CN", "since": "2024-06-25"}, "api gallium".replace(" gallium", "")),
    ({"actor": "US", "status": "in_force", "text": "chips"}, "tools licence"),
]


def keys(events: Iterable[Any]) -> list[str]:
    return [event.id.removeprefix("e-") for event in events]


@pytest.mark.parametrize(("filters", "expected"), CASES, ids=[str(filters) for filters, _ in CASES])
def test_what_a_filter_finds(timeline: Timeline, filters: dict[str, Any], expected: str) -> None:
    assert keys(timeline.timeline(**filters)) == expected.split()
    assert timeline.count(**filters) == len(expected.split())
    assert keys(list(timeline.stream(**filters))) == expected.split()
    assert keys(timeline.timeline(order="oldest", **filters)) == expected.split()[::-1]


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"type": "exports"}, "unknown type: 'exports'; one of access_restriction, export_control"),
    ({"status": ["announced", "done"]}, "unknown status: 'done'; one of considered"),
    ({"direction": "up"}, "unknown direction: 'up'; one of restrict, ease, neutral"),
    ({"certainty": "sure"}, "unknown certainty"),
    ({"tier": "gold"}, "unknown tier: 'gold'; one of official"),
    ({"since": "June"}, "not a date: 'June'; write 2024, 2024-06, 2024-06-25"),
    ({"until": "2024-13"}, "not a date: '2024-13'"),
    ({"until": "2024-02-30"}, "not a date: '2024-02-30'"),
    ({"since": "0000"}, "not a date"),
    ({"since": "2024-06-25T10:00"}, "not a date"),
    ({"since": "30d"}, "counts from today, and no day was told"),
    ({"on": "published"}, "unknown axis: 'published'; one of announced, effective, first_seen"),
]


@pytest.mark.parametrize(("filters", "message"), FAULTS, ids=[str(filters) for filters, _ in FAULTS])
def test_what_no_filter_knows(timeline: Timeline, filters: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        timeline.timeline(**filters)


def test_pages_join_without_gap_or_overlap(timeline: Timeline) -> None:
    for order in ("newest", "oldest"):
        seen: list[str] = []
        while True:
            page = timeline.timeline(limit=3, after=f"e-{seen[-1]}" if seen else None, order=order)
            if not page:
                break
            seen += keys(page)
        assert seen == ALL.split() if order == "newest" else ALL.split()[::-1]


def test_an_offset_leaves_out_the_first(timeline: Timeline) -> None:
    assert keys(timeline.timeline()[1:3]) == ALL.split()[1:3]
    assert keys(timeline.timeline()[6:]) == ALL.split()[6:]
    assert not timeline.timeline(limit=0)


@pytest.mark.parametrize("as_of", [None, "2100"])
def test_a_page_of_nothing_leaves_nothing_out(timeline: Timeline, as_of: str | None) -> None:
    found = timeline.page(limit=0, as_of=as_of)
    assert (found.events, found.next) == ((), None)


def test_a_page_after_nothing(timeline: Timeline) -> None:
    with pytest.raises(NotFoundError, match="no event 'nothing'"):
        timeline.timeline(after="nothing")


def test_what_is_ahead_comes_in_its_order(timeline: Timeline) -> None:
    assert keys(timeline.upcoming("2024-07-01")) == ["api", "gallium"]
    assert keys(timeline.upcoming("2024-07-10")) == ["gallium"]
    assert keys(timeline.upcoming("2024-12-31")) == ["gallium"]
    assert keys(timeline.upcoming("2024", actor="OpenAI")) == ["api"]
    assert timeline.upcoming("2025") == []


TEXTS = st.one_of(
    st.text(max_size=40), st.sampled_from(["' OR 1=1 --", '";', "a\x00b", "NEAR(", "summary:", "*", "-", '"'])
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(text=TEXTS)
def test_no_text_is_a_syntax_error_or_more_than_a_text(timeline: Timeline, text: str) -> None:
    for name in ("text", "item", "actor", "target", "party", "country", "source", "measure"):
        filters: dict[str, Any] = {name: text}
        found = timeline.timeline(**filters)
        assert len(found) == timeline.count(**filters) <= len(ALL.split())
    timeline.search(text)
    timeline.parties(text)


def test_very_long_questions_are_answered(timeline: Timeline) -> None:
    assert timeline.timeline(text="chips " * 5000)
    assert not timeline.timeline(text='"' * 5000 + "(" * 5000)
