"""Measures: their names, the steps of their lives and their ties, once their events stand among their like.

A part of settling (`settling`), in its transactions. It compares nothing by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from tracker import resolve
from tracker.model import Link, LinkKind, Measure
from tracker.pipeline.uniting import united
from tracker.store import Store


def settle(
    store: Store,
    now: datetime,
    leads: Iterable[str],
    stale: Iterable[str],
    *,
    meant: Iterable[str],
    merged: Mapping[str, str],
) -> None:
    """Make measures again.

    Args:
        store: the database, in a transaction.
        now: the time of the run.
        leads: what leads, or led, measures that may have changed: leading reports of events.
        stale: ids of further ones.
        meant: events that may answer or replace one that changed.
        merged: ids of measures of which an event is no more, each with the event that took its reports.
    """
    clusters, before = _clusters(store, set(leads), set(stale))
    named = resolve.identities(before, clusters, letter="m", is_taken=store.measures.has)
    events = {one.id: one for one in store.events.events(id_ for ids in clusters.values() for id_ in ids)}
    measures = [
        resolve.history([events[id_] for id_ in ids], measure_id=named.ids[lead], lead_id=lead)
        for lead, ids in clusters.items()
    ]
    # One of which an event has still to be settled keeps its id for that.
    gone = {old: into for old, into in named.redirects.items() if before.keys() >= {*store.events.of_measure(old)}}
    homes = {event_id: named.ids[lead] for lead, ids in clusters.items() for event_id in ids}
    gone |= {old: homes[taker] for old, taker in merged.items() if not store.events.of_measure(old)}
    store.measures.save(measures, now=now, redirects=gone)
    _tie(store, now, {measure.id for measure in measures}, meant)


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


def _tie(store: Store, now: datetime, measure_ids: set[str], meant: Iterable[str]) -> None:
    """Tie measures that changed, and those that are or may be tied to one of them, to what they answer or replace."""
    linked = {link.measure_id for link in store.measures.links(measure_ids)}
    asking = {key for key in store.events.measure_ids(meant).values() if key is not None}
    measures = store.measures.measures(sorted(measure_ids | linked | asking))
    links = [link for measure in measures for link in _links(store, measure)]
    store.measures.save(measures, links, now=now)


def _links(store: Store, measure: Measure) -> list[Link]:
    """What a measure answers or replaces: of each other measure and kind the tie that is surest."""
    best: dict[tuple[str, LinkKind], Link] = {}
    asking = store.events.events(store.answering.that_ask(measure.event_ids))
    for event in sorted(asking, key=lambda one: one.lead_id):  # public ids depend on history
        cluster = store.reports.cluster(event.id)
        assert cluster is not None  # it is stored
        asks = resolve.tie_asks(event, cluster.reports)
        others = store.events.events({id_ for ask in asks for id_ in store.answering.candidates(ask)})
        for link in resolve.ties(event, cluster.reports, others):
            known = best.get((link.other_id, link.kind))
            if known is None or link.score.value > known.score.value:
                best[link.other_id, link.kind] = link
    return list(best.values())
