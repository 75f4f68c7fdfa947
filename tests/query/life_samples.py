"""Lives of measures in one line each, settled as the tracker does, for questions of what holds and what is ahead.

    a announced 2024-06-25 2024-07-09; b ended 2024-09

is a measure of two events: `a` announced on one day to hold from another, `b` which ends it. A date is `-` where none
is known. Words after the dates: a type (else export_control), `denied`, `refused` (by a person), `ease`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import query_samples
from query_samples import NOW, Told

from tracker.model import Certainty, Direction, Event, EventType, Status
from tracker.resolve.history import history
from tracker.store import Store

REFUSED = "refused"


def build(path: Path, lives: Mapping[str, str]) -> Path:
    """A database of measures `m-NAME` with events `e-NAME.LETTER`."""
    with Store.open(path) as store:
        store.sources.sync([query_samples._source(key) for key in query_samples.SOURCES], NOW)
        with store.batch():
            for name, life in lives.items():
                events = [_event(store, name, step.split()) for step in life.split(";")]
                store.measures.save([history(events, measure_id=f"m-{name}")], now=NOW)
    return path


def _event(store: Store, name: str, words: list[str]) -> Event:
    letter, status, announced, effective, *more = [*words, "-"][: max(4, len(words))]
    types = [EventType(word) for word in more if word in set(EventType)]
    event = query_samples._write(
        store,
        Told(
            key=f"{name}.{letter}",
            type=types[0] if types else EventType.EXPORT_CONTROL,
            status=Status(status),
            actor="us",
            target="china",
            item="chips",
            date=None if announced == "-" else announced,
            effective=None if effective == "-" else effective,
            measure=name,
            certainty=Certainty.DENIED if "denied" in more else Certainty.CONFIRMED,
            direction=Direction.EASE if "ease" in more else Direction.RESTRICT,
        ),
    )
    if REFUSED in more:
        event = replace(event, verdict="reject")
        store.events.save([event], now=NOW)
    return event
