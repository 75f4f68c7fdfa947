"""What workers do with one part of a lake on its way to a timeline: each function is one task of an executor.

A part is read anew by every stage, so that nothing is kept between them and any worker can do any of them. What a stage
must know of other parts comes with the call, as far as this part has to do with it; what it finds goes back. Nothing is
decided here that `tracker.resolve` and `tracker.articles` do not decide; who calls what when is the matter of
`resolving`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tracker import resolve
from tracker.articles import SIGNATURE_SCHEME
from tracker.model import (
    Account,
    Analysis,
    Article,
    Cluster,
    Event,
    Mention,
    Party,
    Report,
    Standing,
    TieAsk,
    Tier,
)
from tracker.pipeline import making, parties
from tracker.resolve.names import namings
from tracker.store import bulk
from tracker.store.bulk import Packed, Row
from tracker.store.entities import entity_id
from tracker.store.reports import read_whole, report_ids, trust, words

Pair = tuple[Article, Analysis | None]
Part = Callable[[], Iterable[Pair]]  # gives each article of the part once, in the same order whenever it is asked
Tables = dict[str, list[Row]]
CONTENT = ("article", "mention", "alias", "entity_evidence", "report", "report_amount")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """What a part names, and its articles put among their copies as if there were no others."""

    parties: frozenset[Party]
    sources: frozenset[str]
    copies: tuple[Standing, ...]
    events: int


def survey(part: Part, tiers: Mapping[str, Tier]) -> Surveyed:
    """Look through a part for the first time; `tiers` by source."""
    named: set[Party] = set()
    sources: set[str] = set()
    standings, events = [], 0
    for article, found in part():
        standings.append(making.standing(article, tiers.get(article.source_id or "")))
        if article.source_id is not None:
            sources.add(article.source_id)
        if found is not None:
            by_id = {party.id: party for party in found.known}
            told = {mention.party for mention in mentions_of(found)}
            named |= {by_id.get(party.id, party) for party in told} | set(found.known)
            events += len(found.events)
    copies = resolve.settle(standings, (), resolve.Memory(making.COPIES), making.COPIES)
    return Surveyed(parties=frozenset(named), sources=frozenset(sources), copies=copies, events=events)


def note(part: Part, entities: Mapping[str, Party]) -> Counter[tuple[str, str, str]]:
    """In how many articles each party is called so: (key, party, how); `entities` as they are stored."""
    found: Counter[tuple[str, str, str]] = Counter()
    for article, analysis in part():
        if analysis is not None:
            found.update((key, entity, how) for entity, key, how, *_ in _evidence(article, analysis, entities))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What reports of a part are told by beside their own article."""

    tiers: Mapping[str, Tier]  # by source
    origins: Mapping[str, str]  # of articles that are copies
    into: Mapping[str, Party]  # by id of a party, who stands for it


def stand(part: Part, context: Context) -> tuple[Standing, ...]:
    """Put the reports of a part among their like as if there were no others."""
    reports = _renamed((one for _, _, some in _told(part, context) for one in some), context)
    standings = [resolve.report_standing(report) for report in reports]
    return resolve.settle(standings, (), resolve.Memory(resolve.EVENTS), resolve.EVENTS)


def fetch(part: Part, context: Context, wanted: Collection[str]) -> list[Report]:
    """Reports of a part that belong to events of another one, by their ids."""
    return [one for _, _, some in _told(part, context) for one in some if one.id in wanted]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An event of a part, and what is asked of it afterwards."""

    event: Event  # with its parties as they are stored
    standing: Standing
    published: tuple[str | None, ...]  # of its reports
    asks: tuple[TieAsk, ...]
    reports: tuple[Report, ...]  # where it asks: those that say so


def make(
    part: Part,
    context: Context,
    clusters: Mapping[str, tuple[str, Sequence[str]]],
    others: Sequence[Report],
    entities: Mapping[str, Party],
) -> tuple[Made, ...]:
    """The events of a part, put into measures as if there were no others.

    Args:
        part: where the leading reports are.
        context: of the part.
        clusters: the id and the reports of each event, by its leading report.
        others: those of these reports that are in other parts.
        entities: the parties as they are stored, by id.
    """
    known = {one.id: one for one in others} | {one.id: one for _, _, some in _told(part, context) for one in some}
    made = [_event(key, lead, [known[one] for one in sorted(ids)], context) for lead, (key, ids) in clusters.items()]
    settled = resolve.settle((one.standing for one in made), (), resolve.Memory(resolve.MEASURES), resolve.MEASURES)
    stood = {one.id: one for one in settled}
    return tuple(replace(one, event=_as_stored(one.event, entities), standing=stood[one.standing.id]) for one in made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where the articles and reports of a part belong in the end."""

    copies: Sequence[Standing]
    reports: Sequence[Standing]
    events: Mapping[str, str]  # report to event
    withdrawn: Collection[str] = field(default_factory=frozenset)


def rows(part: Part, context: Context, placed: Placed, entities: Mapping[str, Party]) -> Packed:
    """All that is written of the articles and reports of a part."""
    found: Tables = {name: [] for name in (*CONTENT, "article_standing", "report_standing")}
    aliases: set[Row] = set()
    days: dict[str, str | None] = {}
    for article, analysis, reports in _told(part, context):
        origin = context.origins.get(article.id, article.id)
        reader = analysis.reader if analysis else None
        found["article"].append(bulk.article_row(article, origin=origin, scheme=SIGNATURE_SCHEME, reader=reader))
        if analysis is None:
            continue
        mentions = mentions_of(analysis)
        aliases |= bulk.alias_rows(article, mentions)
        found["mention"] += bulk.mention_rows(article.id, mentions)
        found["entity_evidence"] += _evidence(article, analysis, entities)
        for position, report in enumerate(reports):
            days[report.id] = report.published
            gone = report.id in placed.withdrawn
            home = placed.events[report.id]
            found["report"].append(bulk.report_row(report, position, analysis.reader, event_id=home, withdrawn=gone))
            found["report_amount"] += bulk.amount_rows(report)
    found["alias"] = sorted(aliases)
    copies, events = making.COPIES, resolve.EVENTS
    found["article_standing"] = [bulk.standing_row(one, copies.keys(one.profile)) for one in placed.copies]
    found["report_standing"] = [
        bulk.report_standing_row(one, events.keys(one.profile), days[one.id], resolve.RESOLVER)
        for one in placed.reports
    ]
    for level in ("article", "report"):
        found[f"{level}_key"] = bulk.keys_of(f"{level}_standing", found[f"{level}_standing"])
    for table in ("mention", "entity_evidence"):  # they are kept in this order
        found[table].sort()
    return bulk.packed(found)


def mentions_of(found: Analysis) -> set[Mention]:
    """All places where an article names parties."""
    told = (mention for event in found.events for mention in (*event.actors, *event.targets))
    return {*found.mentions, *told}


def _told(part: Part, context: Context) -> Iterator[tuple[Article, Analysis | None, list[Report]]]:
    """The articles of a part with what they report, as `Analyses.save` and `Reports` have it."""
    for article, found in part():
        yield article, found, [] if found is None else _reports(article, found, context)


def _reports(article: Article, found: Analysis, context: Context) -> list[Report]:
    tier = context.tiers.get(article.source_id or "")
    return [
        Report(
            id=key,
            article_id=article.id,
            origin=context.origins.get(article.id, article.id),
            published=article.published.value if article.published else None,
            tier=trust(tier),
            event=event,
            source_id=article.source_id,
            quote=words(article, event.evidence),
            notice=article.notice,
            wire=article.wire,
        )
        for key, event in zip(report_ids(article, found.events), found.events, strict=True)
    ]


def _renamed(reports: Iterable[Report], context: Context) -> list[Report]:
    """The reports with the parties that stand for those they name."""
    found = list(reports)
    named = {m.party for one in found for m in (*one.event.actors, *one.event.targets)}
    into = {party: context.into[key] for party in named if (key := entity_id(party)) in context.into}
    return parties.renamed(found, into)


def _evidence(article: Article, found: Analysis, entities: Mapping[str, Party]) -> list[tuple[str, str, str, str, str]]:
    """Rows of `entity_evidence`, as `put_together` notes them from what is stored."""
    first: dict[tuple[str, int, str, int], Mention] = {}  # as the table has them, and in its order
    for one in sorted(mentions_of(found), key=lambda one: one.how):
        first.setdefault((one.span.field, one.span.start, entity_id(one.party), one.span.end), one)
    mentions = [replace(first[place], party=entities[place[2]]) for place in sorted(first)]
    told = {}
    for called in namings(article, mentions):
        key = entity_id(called.owner) if called.owner is not None else called.key
        told[entity_id(called.party), key, called.how] = called.words
    return [(entity, key, how, article.id, said) for (entity, key, how), said in sorted(told.items())]


def _event(key: str, lead: str, reports: Sequence[Report], context: Context) -> Made:
    """What its reports make of an event: as `Reports.gathered` hands them to the consensus."""
    brief = [
        {"id": r.id, "notice": r.notice, "tier": r.tier, "confidence": r.event.confidence, "published": r.published}
        for r in reports
    ]
    best = read_whole(brief, lead)
    more = tuple(
        Account(report_id=r.id, origin=r.origin, source_id=r.source_id, wire=r.wire)
        for r in reports
        if r.id not in best
    )
    told = tuple(_renamed((r for r in reports if r.id in best), context))
    event = resolve.consensus(Cluster(event_id=key, measure_id="", reports=told, lead_id=lead, more=more))
    asks = resolve.tie_asks(event, told)
    return Made(
        event=event,
        standing=resolve.event_standing(event, told),
        published=tuple(r.published for r in reports),
        asks=asks,
        reports=told if asks else (),
    )


def _as_stored(event: Event, entities: Mapping[str, Party]) -> Event:
    """An event as it comes back from the tables: a party is what is stored of it, under the name that it is given."""

    def stored(party: Party) -> Party:
        return replace(entities.get(entity_id(party), party), name=party.name)

    return replace(event, actors=tuple(map(stored, event.actors)), targets=tuple(map(stored, event.targets)))
