"""Measures: their names, the steps of their lives and their ties, once their events stand among their like.

A part of settling (`settling`), in its transactions. It compares nothing by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from tracker import resolve
from tracker.model import Measure
from tracker.pipeline.uniting import united
from tracker.store import Store


def settle(store: Store, now: datetime, leads: Iterable[str], stale: Iterable[str]) -> None:
    """Make measures again.

    Args:
        store: the database, in a transaction.
        now: the time of the run.
        leads: what leads, or led, measures that may have changed: leading reports of events.
        stale: ids of further ones.
    """
    clusters, before = _clusters(store, set(leads), set(stale))
    named = resolve.identities(before, clusters, letter="m", is_taken=store.measures.has)
    measures = [_measure(store, named.ids[lead], lead, ids) for lead, ids in clusters.items()]
    # One of which an event has still to be settled keeps its id for that.
    gone = {old: into for old, into in named.redirects.items() if before.keys() >= {*store.events.of_measure(old)}}
    store.measures.save(measures, now=now, redirects=gone)


def _clusters(store: Store, leads: set[str], new: set[str]) -> tuple[dict[str, tuple[str, ...]], dict[str, str | None]]:
    """The events of each measure to be made, by the leading report of the first; and the measure that each was in.

    They are whole: every event of a measure that an event among them was in is among them too.
    """
    seen: set[str] = set()
    while True:
        seen |= new
        leads |= store.events.followed(event_id for key in new for event_id in store.events.of_measure(key))
        found = united(leads, store.events.held(), store.events.of_leads)
        events = store.events.led_by(id_ for members in found.values() for id_ in members)
        clusters = {lead: tuple(events[id_] for id_ in ids if id_ in events) for lead, ids in found.items()}
        before = store.events.measure_ids(events.values())
        new = {key for key in before.values() if key is not None} - seen
        if not new:
            return {lead: ids for lead, ids in clusters.items() if ids}, before


def _measure(store: Store, measure_id: str, lead: str, event_ids: Sequence[str]) -> Measure:
    """What its events make of a measure."""
    events = store.events.events(event_ids)
    return resolve.history(events, measure_id=measure_id, lead_id=lead)
