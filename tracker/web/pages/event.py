"""One event: what is known of it and by which words, where reports disagree, who reports it, what it is a step of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.model import Tier
from tracker.query import AmountRow, EventDetail, ReportRow, StepRow
from tracker.query.background import background
from tracker.query.passages import Passage
from tracker.web import decisions
from tracker.web.asking import Answer, Ask, in_json
from tracker.web.facts import MOST_AMOUNTS, amount, facts, nuances
from tracker.web.rendering import page

SHOWN, MORE = 8, 50  # texts on the first page, and on each further one, of an event that many tell
PASSAGES = 5  # of each text
STEPS = 7  # of the measure, around this event
TIERS = tuple(Tier)  # best first


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One text that tells the event: its best copy, the other places in it that do, and those who repeat it."""

    best: ReportRow
    same: tuple[ReportRow, ...]  # of the same article
    copies: tuple[ReportRow, ...]
    passages: tuple[Passage, ...]
    nuances: tuple[str, ...]
    amounts: tuple[str, ...]


def show(ask: Ask) -> Answer:
    """The page of an event; a former id, or the beginning of one, leads to the whole."""
    as_of = ask.one("as_of") or None
    detail = ask.timeline.event(ask.path["id"], as_of=as_of)
    if detail.id != ask.path["id"]:
        return Answer(to=ask.links.of("event", detail.id, ask.query))
    groups = sorted(detail.accounts, key=_rank)
    first = max(0, min(ask.number("texts", 0, least=0, most=10**6), len(groups) - 1))
    shown = groups[first : first + (MORE if first else SHOWN)]
    best = [group[0] for group in shown]
    again, event, amounts = _again(groups), detail.event, _amounts(detail.amounts)
    known = ask.timeline.ask(lambda db, _: background(db, detail, best))
    return page(
        ask,
        "event.html",
        detail=detail,
        event=event,
        as_of=as_of,
        facts=facts(detail, known.passages, best, ask.links),
        accounts=[_account(detail, group, known.passages.get(group[0].id, ()), amounts) for group in shown],
        all_accounts=len(groups),
        first=first,
        earlier=max(0, first - MORE) if first else None,
        later=first + len(shown) if first + len(shown) < len(groups) else None,
        again=again,
        known_apart=event.origins == sum(not one.withdrawn and one.id not in again for one, *_ in groups),
        quoted={one.id: one for one in detail.reports},
        steps=around(detail.steps, detail.id),
        ties=known.ties,
        beside=() if as_of else known.beside,
        decided=decisions.shown(ask.timeline, ask.links, detail.judgements),
    )


def data(ask: Ask) -> Answer:
    """The same as JSON."""
    detail = ask.timeline.event(ask.path["id"], as_of=ask.one("as_of") or None)
    if detail.id != ask.path["id"]:
        return Answer(to=ask.links.of("event", f"{detail.id}.json", ask.query))
    return in_json(detail.to_dict())


def around(steps: Sequence[StepRow], event_id: str) -> tuple[StepRow, ...]:
    """The steps next to an event; all where there are few."""
    here = next((place for place, step in enumerate(steps) if step.event_id == event_id), 0)
    first = max(0, min(here - STEPS // 2, len(steps) - STEPS))
    return tuple(steps[first : first + STEPS])


def _rank(group: Sequence[ReportRow]) -> tuple[bool, int, str]:
    """Accounts that count before those that were withdrawn, the best tier and the earliest first."""
    best = group[0]
    tier = TIERS.index(Tier(best.tier)) if best.tier else len(TIERS)
    return best.withdrawn, tier, best.published or "9"


def _amounts(found: Sequence[AmountRow]) -> tuple[str, ...]:
    return tuple(map(amount, found[:MOST_AMOUNTS]))


def _again(groups: Sequence[Sequence[ReportRow]]) -> frozenset[str]:
    """Reports of outlets that have told it before, in another text."""
    told: set[str] = set()
    found = []
    for best, *_ in groups:
        if best.source_id in told:
            found.append(best.id)
        if best.source_id:
            told.add(best.source_id)
    return frozenset(found)


def _account(
    detail: EventDetail, group: Sequence[ReportRow], passages: Sequence[Passage], amounts: tuple[str, ...]
) -> Account:
    """A text; `amounts` are those of the event, which need not be told again."""
    best, *others = group
    told = _amounts(best.amounts)
    return Account(
        best=best,
        same=tuple(one for one in others if one.article_id == best.article_id),
        copies=tuple(one for one in others if one.article_id != best.article_id),
        passages=tuple([one for one in passages if not one.title] or passages)[:PASSAGES],
        nuances=tuple(nuances(best, detail)),
        amounts=() if told == amounts else told,
    )
