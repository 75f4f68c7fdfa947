"""Which events may mean which: found by seat, target and day, whichever of the two is known first."""

from __future__ import annotations

from pathlib import Path

import pytest
from store_samples import NOW, analysis, article, event, event_mention, keep, opened, source

from tracker.model import Basis, Event, LinkKind, Party, PartyKind, TieAsk, When
from tracker.store import Store


def state(code: str) -> Party:
    return Party(name=code, kind=PartyKind.GOVERNMENT, country=code, id=f"gov:{code.lower()}")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = opened(tmp_path / "t.db")
    store.sources.sync([source("herald")], NOW)
    for key in ("a1", "a2"):
        store.articles.save(None, article(key), now=NOW)
        store.analyses.save(analysis(event_mention(), article_id=key), now=NOW)
    return store


@pytest.fixture
def events(store: Store) -> tuple[Event, Event]:
    """A blow of the US on 1 June, and what answers it on 1 July."""
    one, two = store.reports.unsettled(9)
    day = {day: When(value=day, basis=Basis.STATED) for day in ("2024-06-01", "2024-07-01")}
    blow = event(one, lead_id=one.id, actors=(state("US"),), targets=(state("CN"),), announced_on=day["2024-06-01"])
    answer = event(two, lead_id=two.id, actors=(state("CN"),), targets=(state("US"),), announced_on=day["2024-07-01"])
    keep(store, blow, answer)
    return blow, answer


def ask(**changes: object) -> TieAsk:
    values: dict[str, object] = {
        "kind": LinkKind.RETALIATION,
        "actors": frozenset({"US"}),
        "targets": frozenset({"CN"}),
        "first": "2024-01-01",
        "last": "2024-07-01",
    }
    return TieAsk(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "is_found"),
    [
        ({}, True),
        ({"actors": frozenset({"EU"})}, False),
        ({"actors": frozenset({"EU", "US"})}, True),
        ({"targets": frozenset({"JP"})}, False),
        ({"targets": frozenset()}, True),
        ({"first": "2024-06-01", "last": "2024-06-01"}, True),
        ({"first": "2024-06-02"}, False),
        ({"last": "2024-05-31"}, False),
    ],
)
def test_one_that_asks_is_found_by_what_it_finds(
    store: Store, events: tuple[Event, Event], changes: dict[str, object], *, is_found: bool
) -> None:
    blow, answer = events
    wanted = ask(**changes)
    store.answering.keep(events, {answer.id: [wanted]})
    assert store.answering.candidates(wanted) == ([blow.id] if is_found else [])
    assert store.answering.asking([blow.id]) == ({answer.id} if is_found else set())
    assert store.answering.asking([answer.id]) == set()
    assert store.answering.that_ask([blow.id, answer.id]) == [answer.id]


def test_an_event_that_asks_no_more_is_found_no_more(store: Store, events: tuple[Event, Event]) -> None:
    blow, answer = events
    store.answering.keep(events, {answer.id: [ask()]})
    store.answering.keep([answer], {})
    assert store.answering.asking([blow.id]) == set()
    assert store.answering.that_ask([answer.id]) == []
