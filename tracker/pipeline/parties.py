"""Parties put together before reports are settled: names noted article by article, and who stands for whom.

Only what new or changed articles touch is decided again. Where another party stands for one than before, its reports
are to be settled anew, so that comparison and events use the one that stands for the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from tracker.model import EventMention, Mention, Party, Report
from tracker.resolve.names import namings
from tracker.resolve.parties import one_party
from tracker.store import Store

ARTICLES, PARTIES = 200, 500  # per transaction


def put_together(store: Store) -> None:
    """Note what new articles call their parties, and decide who stands for those that this touches."""
    while unnamed := store.entities.unnamed(ARTICLES):
        with store.batch():
            store.entities.note({article.id: namings(article, mentions) for article, mentions in unnamed})
    while ids := store.entities.unsettled(PARTIES):
        with store.batch():
            around = store.entities.around(ids)
            changed = store.entities.merge(one_party(around, store.entities.judgements(p.id for p in around)))
            store.entities.settled(ids)
            store.reports.unsettle(store.entities.reports_naming(changed))


def standing(store: Store, reports: Iterable[Report]) -> list[Report]:
    """The reports with the parties that stand for those they name."""
    found = list(reports)
    return renamed(found, stand_for(store, found))


def stand_for(store: Store, reports: Iterable[Report]) -> dict[Party, Party]:
    """Who stands for each of the parties of these reports for whom another one stands."""
    return store.entities.standing({m.party for r in reports for m in (*r.event.actors, *r.event.targets)})


def renamed(reports: Iterable[Report], into: Mapping[Party, Party]) -> list[Report]:
    """The reports with the parties that stand for those they name."""
    return [replace(report, event=_standing(report.event, into)) for report in reports] if into else list(reports)


def _standing(event: EventMention, into: Mapping[Party, Party]) -> EventMention:
    return replace(event, actors=_each(event.actors, into), targets=_each(event.targets, into))


def _each(mentions: Iterable[Mention], into: Mapping[Party, Party]) -> tuple[Mention, ...]:
    """The mentions, each party once: two names of one need not stand side by side."""
    found = (replace(mention, party=into.get(mention.party, mention.party)) for mention in mentions)
    return tuple({mention.party: mention for mention in reversed(list(found))}.values())[::-1]
