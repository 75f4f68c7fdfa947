"""The last stage: which reports tell one event, what it was, and which events are steps of one measure.

    reports that came, changed or went ─▶ `_stand`: whom each follows ─▶ events to be made
    events to be made ─▶ `_make`: their names and consensus, whom each follows ─▶ `histories`: measures, steps, ties

Each batch is one transaction and leaves in the database what is still to be done, so a run that is killed goes on where
it was. All reports stand before the first event is made: which event has which reports, and so what each event says,
depends neither on the batches nor, since `tracker.resolve` sees to that, on the order of arrival. It compares nothing
by itself.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from tracker import resolve
from tracker.model import Event, Report
from tracker.pipeline import histories, parties
from tracker.pipeline.uniting import united
from tracker.progress import Quiet, Watch
from tracker.store import Store

REPORTS_AT_ONCE = 1000  # per transaction
EVENTS_AT_ONCE = 500
ALL = -1
_Bond = tuple[str, frozenset[str], frozenset[str]]  # id of a decision about measures, and the events of its sides


def settle(store: Store, clock: Callable[[], datetime], *, watch: Watch | None = None) -> int:
    """Settle all that is not settled: after reading, after a judgement, after parties were put together.

    Where other rules than the present ones settled any report, everything is settled from nothing; public ids stay.

    Args:
        store: the database; the caller holds it (`Store.writing`).
        clock: the present time, aware and in UTC.
        watch: who is told of the progress.

    Returns:
        How many events are new.
    """
    watch, new = watch or Quiet(), 0
    if older(store):  # two sets of rules make no partition, and profiles of the one are not to be read by the other
        store.reports.reset()
    parties.put_together(store)
    watch.begin("reports settled", store.reports.waiting())
    while count := _stand(store):
        watch.advance(count)
    watch.end()
    watch.begin("events settled", None)
    while (made := _make(store, clock())) is not None:
        watch.advance(made.settled)
        new += made.new
    watch.end()
    return new


def older(store: Store) -> int:
    """How many reports other rules than the present ones have settled."""
    return store.reports.settled_otherwise(resolve.RESOLVER)


def _stand(store: Store) -> int:
    """Have a batch of reports follow whom they should; how many they are, with those that are gone."""
    with _uncollected(), store.batch():
        reports = parties.standing(store, store.reports.unsettled(REPORTS_AT_ONCE))
        gone = store.reports.gone(REPORTS_AT_ONCE)
        arrived = [resolve.report_standing(report) for report in reports]
        changed = resolve.settle(arrived, gone, store.reports.held(), resolve.EVENTS)
        keys = {one.id: resolve.EVENTS.keys(one.profile) for one in arrived}
        store.reports.stand(changed, keys, resolver=resolve.RESOLVER)
        store.reports.forget(one.id for one in gone)
        touched = {id_ for one in changed for id_ in (one.id, one.lead) if id_ is not None}
        store.events.disturb(id_ for id_ in store.reports.event_ids(touched).values() if id_ is not None)
    return len(reports) + len(gone)


@contextmanager
def _uncollected() -> Iterator[None]:
    """No looking for cycles in a batch: it makes a million small things without any."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """What came of a batch of events."""

    settled: int
    new: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """An event and the reports that it was made of."""

    event: Event
    reports: Sequence[Report]


def _make(store: Store, now: datetime) -> _Batch | None:
    """Make a batch of events and the measures that they are steps of; None where there is nothing to make."""
    with _uncollected(), store.batch():
        stale, homeless = store.events.stale(EVENTS_AT_ONCE), store.reports.homeless(EVENTS_AT_ONCE)
        measures = store.measures.stale(EVENTS_AT_ONCE)
        gone = store.events.gone(ALL)
        if not (stale or homeless or measures or gone):
            return None
        clusters, before = _clusters(store, stale, homeless)
        old = {id_ for id_ in before.values() if id_ is not None}
        led, meant = store.events.leads(old).values(), store.answering.asking(old)
        bound = _bound(store, led)
        named = resolve.identities(before, clusters, letter="e", is_taken=store.events.has)
        made = _events(store, {lead: (named.ids[lead], members) for lead, members in clusters.items()})
        homes = store.events.measure_ids(named.redirects)
        merged = {home: named.redirects[id_] for id_, home in homes.items() if home is not None}
        new = store.events.save((one.event for one in made), now=now, redirects=named.redirects)
        leads = _stand_events(store, made, before={*led, *gone}, bound=bound, measures=measures)
        store.answering.keep(
            (one.event for one in made), {one.event.id: resolve.tie_asks(one.event, one.reports) for one in made}
        )
        meant |= store.answering.asking(one.event.id for one in made)
        histories.settle(store, now, leads, measures, meant=meant, merged=merged)
    return _Batch(settled=len(made), new=new)


def _clusters(
    store: Store, stale: Iterable[str], homeless: Iterable[str]
) -> tuple[dict[str, tuple[str, ...]], dict[str, str | None]]:
    """The reports of each event to be made, by the one that leads it; and the event that each report was in before.

    They are whole: every report of an event that a report among them was in is among them too.
    """
    new, seen = set(stale), set[str]()
    leads = store.reports.leads(homeless)
    while True:
        seen |= new
        leads |= store.reports.leads(of_events=new)
        clusters = united(leads, store.reports.held(), store.reports.of_leads)
        before = store.reports.event_ids(id_ for members in clusters.values() for id_ in members)
        new = {id_ for id_ in before.values() if id_ is not None} - seen
        if not new:
            return clusters, before


def _events(store: Store, clusters: Mapping[str, tuple[str, Sequence[str]]]) -> list[_Made]:
    """What their reports, and the people who edited them, make of events: by lead, the id and the reports of each."""
    gathered = store.reports.gathered(clusters)
    into = parties.stand_for(store, (report for cluster in gathered for report in cluster.reports))
    made = []
    for cluster in gathered:
        reports = tuple(parties.renamed(cluster.reports, into))
        _, report_ids = clusters[cluster.lead_id]
        event = resolve.consensus(replace(cluster, reports=reports), store.judgements.edits(report_ids))
        made.append(_Made(event=event, reports=reports))
    return made


def _bound(store: Store, leads: Iterable[str]) -> set[_Bond]:
    """The decisions about measures that one of these takes part in, with the sides as the reports are placed now."""
    return {(one.id, frozenset(one.left), frozenset(one.right)) for one in store.events.held().judged(leads)}


def _stand_events(
    store: Store, made: Iterable[_Made], *, before: set[str], bound: set[_Bond], measures: Iterable[str]
) -> set[str]:
    """Have events follow whom they should into their measures.

    Args:
        store: the database.
        made: the events that were made again.
        before: what led them until now, and what led events that are no more.
        bound: the decisions that those took part in; whoever a decision concerns otherwise now is put together anew.
        measures: ids of measures whose events are to be put together anew.

    Returns:
        What leads, or led, the measures that may have changed.
    """
    held = store.events.held()
    now = {one.event.lead_id: resolve.event_standing(one.event, one.reports) for one in made}
    left = before - now.keys()
    gone = {one.id: one for one in held.get(left - store.events.led_by(left).keys())}
    there = {one.id: one for one in held.get(now)}
    judged = {id_ for _, *sides in bound ^ _bound(store, before | now.keys()) for side in sides for id_ in side}
    again = store.events.leads(id_ for key in measures for id_ in store.events.of_measure(key)).values()
    arrived = {one.id: one for one in held.get((set(again) | judged) - now.keys() - gone.keys())}
    known = {id_ for id_, one in now.items() if id_ in there and there[id_].profile == one.profile}
    arrived |= {id_: one for id_, one in now.items() if id_ not in known or id_ in judged}
    moved = resolve.settle(arrived.values(), gone.values(), held, resolve.MEASURES)
    store.events.stand(moved, {id_: resolve.MEASURES.keys(one.profile) for id_, one in arrived.items()})
    store.events.forget(before)
    stood = (*moved, *gone.values(), *there.values(), *held.get(now))
    return {one.lead for one in stood if one.lead is not None}
