"""Which events and measures the reports of an input belong to: the rules of the database's settling, in memory.

All reports at once, or some after some: which are put together is the same. What an event is called once, it is called
as long as it stands. Nothing is read or written here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tracker.model import Cluster, Report, Standing
from tracker.resolve import (
    EVENTS,
    MEASURES,
    Memory,
    Rules,
    consensus,
    event_standing,
    identities,
    report_standing,
    settle,
)


class Naming:
    """The reports of an input so far, and the names of their events and measures."""

    def __init__(self) -> None:
        """Start with none."""
        self._reports: dict[str, Report] = {}
        self._events = _Level(EVENTS)
        self._measures = _Level(MEASURES)
        self._event_ids: dict[str, str] = {}  # of each report
        self._measure_ids: dict[str, str] = {}  # of each event

    def add(self, reports: Iterable[Report]) -> None:
        """Put reports where they belong; one that comes again stays where it is."""
        new = {report.id: report for report in reports if report.id not in self._reports}
        self._reports |= {id_: replace(one, event=replace(one.event, why=())) for id_, one in new.items()}
        leads = self._events.add((report_standing(one) for one in new.values()), ())
        events = self._events.clusters(leads)
        self._event_ids |= _named("e", events, self._event_ids)
        gone = leads - events.keys()
        leads = self._measures.add((self._event(lead, ids) for lead, ids in events.items()), gone)
        measures = self._measures.clusters(leads).items()
        measured = {lead: tuple(self._event_ids[id_] for id_ in ids) for lead, ids in measures}
        self._measure_ids |= _named("m", measured, self._measure_ids)

    def names(self, report_id: str) -> tuple[str, str]:
        """The event and the measure of a report."""
        event_id = self._event_ids[report_id]
        return event_id, self._measure_ids[event_id]

    def _event(self, lead: str, ids: Sequence[str]) -> Standing:
        reports = tuple(self._reports[id_] for id_ in ids)
        cluster = Cluster(event_id="", measure_id="", reports=reports, lead_id=lead)
        return event_standing(consensus(cluster), reports)


class _Level:
    """Things that are put together, with who follows whom."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._memory = Memory(rules)
        self._leads: dict[str, str] = {}
        self._followers: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, arrived: Iterable[Standing], gone: Iterable[str]) -> set[str]:
        """Put things where they belong; all leads, present and former, whose followers that touches."""
        left = list(self._memory.get(gone))
        changed = settle(arrived, left, self._memory, self._rules)
        self._memory.drop(one.id for one in left)
        self._memory.put(changed)
        touched = {self._move(one.id, None) for one in left}
        for one in changed:
            touched |= {self._move(one.id, one.lead), one.lead}
        return {lead for lead in touched if lead is not None}

    def clusters(self, leads: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Those of the leads that somebody follows, each with all that do."""
        return {lead: tuple(sorted(self._followers[lead])) for lead in sorted(leads) if self._followers.get(lead)}

    def _move(self, id_: str, lead: str | None) -> str | None:
        """Let a thing follow another one, or none; whom it followed."""
        before = self._leads.pop(id_, None)
        if before is not None:
            self._followers[before].discard(id_)
        if lead is not None:
            self._leads[id_] = lead
            self._followers[lead].add(id_)
        return before


def _named(letter: str, clusters: Mapping[str, Sequence[str]], names: Mapping[str, str]) -> dict[str, str]:
    """The name of each thing in the clusters: one that it had if there is one, else one after its leading report."""
    before = {id_: names.get(id_) for members in clusters.values() for id_ in members}
    taken = {name for id_, name in names.items() if id_ not in before}
    found = identities(before, clusters, letter=letter, is_taken=taken.__contains__).ids
    return {id_: found[lead] for lead, members in clusters.items() for id_ in members}
