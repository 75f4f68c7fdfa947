"""A lake into the database: at once where that holds no article, else article by article as a refresh does.

At once: resolved part by part by an engine, then written in one transaction, which is there whole or not at all. Where
there are articles already, with what people decided of them, the ones that are new are stored and settled by the
ordinary way, some hundred in a transaction; a run that was stopped goes on. What is stored is never replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from tracker.articles import SIGNATURE_SCHEME
from tracker.backfill.parting import Chosen, chosen
from tracker.backfill.resolving import resolve_parts
from tracker.backfill.spreading import Workers
from tracker.backfill.stages import Pair
from tracker.model import Source, Tier
from tracker.pipeline import making, settling
from tracker.progress import Watch
from tracker.store import Store
from tracker.store.bulk import Packed, Row, packed

AT_ONCE = 200  # articles per transaction where they are stored one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did, or would do."""

    articles: int  # of the lake, each once
    repeated: int  # further texts of them, which are left out
    known: int  # that the database held before
    new: int
    at_once: bool  # whether the database held none
    outlets: int  # sources that were not known
    counts: Mapping[str, int]  # of the database, after it


def plan(where: str, store: Store, *, width: int = 1) -> Imported:
    """What an import would do."""
    return _told(store, chosen(where, store.sources.addresses(), width=width), store.articles.known())


def load(
    where: str,
    store: Store,
    workers: Workers,
    *,
    sources: Mapping[str, Source],
    clock: Callable[[], datetime],
    watch: Watch,
) -> Imported:
    """Import a lake.

    Args:
        where: the lake.
        store: the database; the caller holds it (`Store.writing`).
        workers: an engine.
        sources: of the configuration, by id; the database has them already.
        clock: the present time, aware and in UTC.
        watch: who is told of the progress.

    Raises:
        LakeError: there is no lake, or it cannot be read.
        EngineError: the work could not be done.
        StoreError: the database cannot be written.
    """
    found = chosen(where, store.sources.addresses(), width=workers.width() or 1)
    known = store.articles.known()
    told = _told(store, found, known)
    if told.at_once and told.new:
        _fill(store, found, workers, sources, clock(), watch)
    elif told.new or store.needs_settling():
        _grow(store, found, known, sources, clock, watch)
    return Imported(
        articles=told.articles,
        repeated=told.repeated,
        known=told.known,
        new=told.new,
        at_once=told.at_once,
        outlets=told.outlets,
        counts=store.counts(),
    )


def _told(store: Store, found: Chosen, known: frozenset[str]) -> Imported:
    new = len(found.articles - known)
    return Imported(
        articles=len(found.articles),
        repeated=found.repeated,
        known=len(found.articles) - new,
        new=new,
        at_once=store.is_empty(),
        outlets=len(found.new_outlets),
        counts=store.counts(),
    )


def _fill(
    store: Store, found: Chosen, workers: Workers, sources: Mapping[str, Source], now: datetime, watch: Watch
) -> None:
    tiers = {key: source.tier for key, source in sources.items()}
    resolution = resolve_parts(found.parts, workers, tiers=tiers, watch=watch)
    watch.begin("reports stored", resolution.counts["reports"])

    def counted() -> Iterator[Packed]:
        yield packed({"source": [_outlet(*one) for one in found.new_outlets]})
        for batch in resolution.tables(workers):
            yield batch
            watch.advance(batch.counts.get("report", 0))

    store.fill(counted(), now)
    watch.end()


def _grow(
    store: Store,
    found: Chosen,
    known: frozenset[str],
    sources: Mapping[str, Source],
    clock: Callable[[], datetime],
    watch: Watch,
) -> None:
    with store.batch():
        store.sources.add([_outlet(*one) for one in found.new_outlets], clock())
    watch.begin("articles stored", len(found.articles - known))
    new = (pair for part in found.parts for pair in part() if pair[0].id not in known)
    while some := list(islice(new, AT_ONCE)):
        with store.batch():
            for article, analysis in some:
                _keep(store, (article, analysis), sources, clock())
        watch.advance(len(some))
    watch.end()
    settling.settle(store, clock, watch=watch)


def _keep(store: Store, pair: Pair, sources: Mapping[str, Source], now: datetime) -> None:
    """One article with what was read in it, as collecting and reading store them."""
    article, analysis = pair
    store.articles.save(None, article, now=now, scheme=SIGNATURE_SCHEME, note=article.note)
    making.place(store, sources, [article])
    if analysis is not None:
        store.analyses.save(analysis, now=now)


def _outlet(key: str, domain: str) -> Row:
    """The row of `source` of an outlet that is never asked: its articles came from an archive."""
    url = f"https://{domain}/" if domain else ""
    return (key, domain or key, "archive", url, Tier.SOCIAL.value, "en", "[]", 86_400, 0, 0)
