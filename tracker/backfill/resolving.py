"""The articles of a lake to events and measures, part by part on many workers: the same as a refresh makes of them.

    parts ─survey▶ parties, copies ─note▶ who is who ─stand▶ events ─make▶ consensus, measures ─rows▶ tables

Each stage puts together what is in one part, as if there were nothing else, on any worker; here the parts are then
joined (`tracker.resolve.join`), which gives what all at once would have given, however the articles were cut. Parties
are decided at once by the store's own code, on a database of parties alone.

What is kept here of all parts at once are standings (some 5 KB a report) and events. Judgements of people are not
known to it: where there are any, reports are settled in the database.
"""

from __future__ import annotations

import tempfile
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from tracker import resolve
from tracker.backfill import stages
from tracker.backfill.spreading import Spreading, Workers, spread
from tracker.backfill.stages import Context, Made, Part, Placed, Surveyed, Tables
from tracker.model import Event, Link, LinkKind, Measure, Party, Report, Standing, TieAsk, Tier
from tracker.pipeline import making, parties
from tracker.progress import Quiet, Watch
from tracker.store import Store, bulk
from tracker.store.answering import MOST, seats_of
from tracker.store.bulk import Packed
from tracker.store.entities import entity_id

T = TypeVar("T")
UNWATCHED = Quiet()
TOGETHER = 20_000  # events or measures whose rows are packed together
BEGIN = datetime(1970, 1, 1, tzinfo=UTC)  # no time that anybody sees: whoever stores rows gives them one


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Who there is, and who stands for whom."""

    noted: Mapping[str, Party]  # by id, as articles are noted by
    stored: Mapping[str, Party]  # with the parents that texts tell
    into: Mapping[str, Party]
    rows: Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What came of the articles: small enough to be kept, while their rows are made when they are asked for."""

    parts: Sequence[Part]
    contexts: Sequence[Context]
    placed: Sequence[Placed]
    known: Parties
    made: Sequence[Made]
    measures: Sequence[Measure]
    links: Mapping[str, Sequence[Link]]

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of what."""
        return {
            "articles": sum(len(one.copies) for one in self.placed),
            "reports": sum(len(one.reports) for one in self.placed),
            "parties": len(self.known.stored),
            "events": len(self.made),
            "measures": len(self.measures),
        }

    def tables(self, workers: Workers) -> Iterator[Packed]:
        """The rows of all tables but `source`, those that others refer to first."""
        yield bulk.packed(self.known.rows)
        given = [(*pair, self.known.noted) for pair in zip(self.contexts, self.placed, strict=True)]
        yield from spread(workers, stages.rows, self.parts, given)
        for some in _some(sorted(self.made, key=lambda one: (bulk.shown(one.event, one.published), one.event.id))):
            yield _event_rows(some)
        for these in _some(self.measures):
            yield _merged(bulk.rows_of_measure(one, self.links.get(one.id, ())) for one in these)


def resolve_parts(
    parts: Sequence[Part], workers: Workers, *, tiers: Mapping[str, Tier], watch: Watch = UNWATCHED
) -> Resolution:
    """Resolve parts of a lake.

    Args:
        parts: each article in one part; how they are cut changes nothing but the costs.
        workers: an engine.
        tiers: of the sources that the articles are from.
        watch: told of each stage how many parts are done.

    Raises:
        EngineError: a part could not be done, with the reason.
        LakeError: what a part reads cannot be read.
    """
    each = Spreading(workers=workers, watch=watch)
    surveyed = list(each("parts surveyed", stages.survey, parts, [(tiers,) for _ in parts]))
    copies = _joined([one.copies for one in surveyed], making.COPIES)
    known = _parties(each, parts, surveyed)
    contexts = [_context(one, copies, known, tiers) for one in surveyed]
    settled = list(each("parts put together", stages.stand, parts, [(one,) for one in contexts]))
    reports = _joined(settled, resolve.EVENTS)
    made = _events(each, parts, contexts, settled, reports, known)
    measures, links, made = _measures(made)
    homes = {key: one.event for one in made for key in one.event.report_ids}
    placed = [
        Placed(
            copies=[copies[one.id] for one in some.copies],
            reports=[reports[one.id] for one in mine],
            events={one.id: homes[one.id].id for one in mine},
            withdrawn={one.id for one in mine if one.id in homes[one.id].withdrawn},
        )
        for some, mine in zip(surveyed, settled, strict=True)
    ]
    return Resolution(
        parts=parts, contexts=contexts, placed=placed, known=known, made=made, measures=measures, links=links
    )


def _joined(settled: Sequence[Sequence[Standing]], rules: resolve.Rulebook) -> dict[str, Standing]:
    """Things that were settled part by part, as they stand among all, by id."""
    if len(settled) == 1:
        return {one.id: one for one in settled[0]}
    return {one.id: one for one in resolve.join(settled, rules)}


# ------------------------------------------------------------------------------------------------------------ parties


def _parties(each: Spreading, parts: Sequence[Part], surveyed: Sequence[Surveyed]) -> Parties:
    """Decide who is who: by the store, on a database of parties alone."""
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "parties.db") as store, store.writing():
        with store.batch():
            for one in surveyed:
                store.entities.keep(one.parties, BEGIN)
        stored = store.entities.all()
        told: Counter[tuple[str, str, str]] = Counter()
        for found in each("parts noted", stages.note, parts, [(_of(stored, one),) for one in surveyed]):
            told.update(found)
        with store.batch():
            store.entities.count(told)
        parties.put_together(store)
        into, named = store.entities.standing(stored.values()), store.entities.all()
        rows: Tables = {"entity": store.entities.rows(), "alias": store.entities.aliases()}
        rows["entity_key"] = [(*key, count) for key, count in sorted(told.items())]
    return Parties(noted=stored, stored=named, into={entity_id(one): other for one, other in into.items()}, rows=rows)


def _of(stored: Mapping[str, Party], part: Surveyed) -> dict[str, Party]:
    """The parties that a part names."""
    return {key: stored[key] for key in map(entity_id, part.parties)}


def _context(part: Surveyed, copies: Mapping[str, Standing], known: Parties, tiers: Mapping[str, Tier]) -> Context:
    leads = ((one.id, copies[one.id].lead or one.id) for one in part.copies)
    ids = set(map(entity_id, part.parties))
    return Context(
        tiers={key: tiers[key] for key in part.sources if key in tiers},
        origins={key: lead for key, lead in leads if lead != key},
        into={key: known.into[key] for key in ids & known.into.keys()},
    )


# ------------------------------------------------------------------------------------------------------------- events


def _events(
    each: Spreading,
    parts: Sequence[Part],
    contexts: Sequence[Context],
    settled: Sequence[Sequence[Standing]],
    reports: Mapping[str, Standing],
    known: Parties,
) -> list[Made]:
    """The events, each made where its leading report is, then joined into measures: with its standing among all."""
    home = {one.id: number for number, some in enumerate(settled) for one in some}
    clusters = _clusters(reports.values())
    names = resolve.identities({}, clusters, letter="e", is_taken=lambda _: False).ids
    asked: list[dict[str, tuple[str, Sequence[str]]]] = [{} for _ in parts]
    away: list[dict[str, int]] = [{} for _ in parts]  # reports of each part that are wanted in another
    for lead, ids in clusters.items():
        asked[home[lead]][lead] = (names[lead], ids)
        for key in ids:
            if home[key] != home[lead]:
                away[home[key]][key] = home[lead]
    sent: list[list[Report]] = [[] for _ in parts]
    fetching = [number for number, wanted in enumerate(away) if wanted]
    given = [(contexts[number], set(away[number])) for number in fetching]
    found = each("parts asked", stages.fetch, [parts[number] for number in fetching], given)
    for number, some in zip(fetching, found, strict=True):
        for report in some:
            sent[away[number][report.id]].append(report)
    wide = [replace(one, into=known.into) for one in contexts]  # events name parties of other parts too
    all_given = [(wide[n], asked[n], sent[n], known.stored) for n in range(len(parts))]
    made = list(each("parts made into events", stages.make, parts, all_given))
    stood = _joined([[one.standing for one in some] for some in made], resolve.MEASURES)
    return [replace(one, standing=stood[one.standing.id]) for some in made for one in some]


def _clusters(standings: Iterable[Standing]) -> dict[str, list[str]]:
    """The things that follow each lead, in order of id."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for one in sorted(standings, key=lambda one: one.id):
        found[one.lead or one.id].append(one.id)
    return dict(sorted(found.items()))


def _event_rows(made: Iterable[Made]) -> Packed:
    """The rows of events."""
    tables: Tables = defaultdict(list)
    for one in made:
        row = bulk.event_row(one.event, one.published)
        tables["event"].append(row)
        tables["event_standing"].append(bulk.standing_row(one.standing, resolve.MEASURES.keys(one.standing.profile)))
        for name, some in bulk.rows_of_event(one.event, str(row[-1]), one.asks).items():
            tables[name] += some
    return bulk.packed(tables | {"event_key": bulk.keys_of("event_standing", tables["event_standing"])})


# ----------------------------------------------------------------------------------------------------------- measures


def _measures(made: Sequence[Made]) -> tuple[list[Measure], dict[str, list[Link]], list[Made]]:
    """The measures, what ties them, and the events that know theirs."""
    by_lead = {one.event.lead_id: one for one in made}
    clusters = _clusters(one.standing for one in made)
    names = resolve.identities({}, clusters, letter="m", is_taken=lambda _: False).ids
    measures = [
        resolve.history([by_lead[key].event for key in ids], measure_id=names[lead], lead_id=lead)
        for lead, ids in clusters.items()
    ]
    homes = {key: names[lead] for lead, ids in clusters.items() for key in ids}
    named = [replace(one, event=replace(one.event, measure_id=homes[one.event.lead_id])) for one in made]
    return measures, _links(named), named


def _links(made: Sequence[Made]) -> dict[str, list[Link]]:
    """What each measure answers or replaces: of each other measure and kind the tie that is surest."""
    asking = sorted((one for one in made if one.asks), key=lambda one: one.event.lead_id)
    if not asking:
        return {}
    found: defaultdict[str, dict[tuple[str, LinkKind], Link]] = defaultdict(dict)
    candidates = _Candidates(made)
    for one in asking:
        others = {other.id: other for ask in one.asks for other in candidates.of(ask)}
        for link in resolve.ties(one.event, one.reports, others.values()):
            known = found[link.measure_id].get((link.other_id, link.kind))
            if known is None or link.score.value > known.score.value:
                found[link.measure_id][link.other_id, link.kind] = link
    return {key: list(some.values()) for key, some in found.items()}


class _Candidates:
    """Events by the seats of who acted, in order of days: what `Answering.candidates` asks of the database."""

    def __init__(self, made: Iterable[Made]) -> None:
        self._events = {one.event.id: one.event for one in made}
        self._by_actor: defaultdict[str, list[tuple[str, str, str]]] = defaultdict(list)  # day, target, event
        for one in made:
            day = bulk.shown(one.event, one.published)
            for actor, target in seats_of(one.event):
                self._by_actor[actor].append((day, target, one.event.id))
        for some in self._by_actor.values():
            some.sort()

    def of(self, ask: TieAsk) -> list[Event]:
        """Events that a question may mean, the latest where there are very many."""
        found = set()
        for actor in ask.actors:
            rows = self._by_actor.get(actor, [])
            first, last = bisect_left(rows, (ask.first,)), bisect_right(rows, (ask.last, "\U0010ffff"))
            for day, target, key in rows[first:last]:
                if not ask.targets or not target or target in ask.targets:
                    found.add((day, key))
        ranked = sorted(found, key=lambda pair: self._events[pair[1]].lead_id)
        ranked.sort(key=lambda pair: pair[0], reverse=True)
        return [self._events[key] for _, key in ranked[:MOST]]


def _merged(some: Iterable[Mapping[str, Sequence[bulk.Row]]]) -> Packed:
    tables: Tables = defaultdict(list)
    for one in some:
        for name, rows in one.items():
            tables[name] += rows
    return bulk.packed(tables)


def _some(things: Sequence[T]) -> Iterator[Sequence[T]]:
    """So many at a time as are packed together."""
    return (things[start : start + TOGETHER] for start in range(0, len(things), TOGETHER))
