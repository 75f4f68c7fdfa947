"""The conductor: one refresh, from the sources that are due to the timeline.

    sources due ─▶ ask ──▶ items ─▶ collect ──▶ articles ─▶ read ──▶ reports ─▶ settle ─▶ events

Each stage takes what the one before has left in the database and commits in batches; what is not done is a query, so
a refresh that is killed goes on where it was and ends with the same rows. The stages follow one another, so that
what is settled does not depend on which server answered first. Nothing here parses, fetches, reads or compares by
itself, and nothing below reads the clock: `clock` is handed in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tracker import articles, fetch, resolve, sources, urls
from tracker.config import Config
from tracker.model import (
    Analysis,
    Article,
    Basis,
    Cluster,
    Done,
    Failed,
    Fetched,
    Item,
    Page,
    Placement,
    Poison,
    Reads,
    Report,
    Request,
    RunReport,
    Skipped,
    Source,
    SourceState,
    Unchanged,
)
from tracker.progress import Quiet, Watch
from tracker.store import PendingItem, Store

READ_BATCH = 32  # articles per transaction of the reading stage
SETTLE_BATCH = 200  # reports per transaction of the settling stage
PAGE_BATCH = 200  # article pages asked for per look at the queue
ROUNDS = 4  # a listing, what it leads to, and so on
PAGE_TRIES = 10  # a page that fails this often (over some four days) is given up, and the feed's own text is used
RETRY_PAGE = timedelta(minutes=15)  # doubled with each try
RETRY_PAGE_MOST = timedelta(days=1)
PAGES_A_RUN = 2_000  # so that a long queue is read and settled in parts, not at its end


@dataclass(slots=True)
class Tally:
    """The counts of a refresh while it runs."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


Answer = tuple[Request, Fetched, tuple[Item, ...]]


@dataclass(slots=True, kw_only=True)
class Asking:
    """One source that is being asked: the answers kept back until their parts are stored, and the first fault."""

    source: Source
    state: SourceState
    index: list[Answer] = field(default_factory=list)
    fault: Fetched | None = None
    parts: int = 0
    parts_unchanged: int = 0
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What the stages of one refresh share."""

    config: Config
    store: Store
    clock: Callable[[], datetime]
    watch: Watch
    tally: Tally


def refresh(
    config: Config,
    store: Store,
    load_reader: Callable[[], Reads],
    *,
    clock: Callable[[], datetime],
    only: Collection[str] = (),
    force: bool = False,
    reread: bool = False,
    watch: Watch | None = None,
) -> RunReport:
    """Bring the timeline up to date and say what was done.

    Args:
        config: the sources and settings.
        store: the database, opened for writing.
        load_reader: called once there is something to read (loading the language model takes seconds).
        clock: the present time, aware and in UTC.
        only: ids of the sources to ask; all where it is empty.
        force: ask sources whether they are due or not.
        reread: read stored articles again that another version of the reader has read.
        watch: who is told of the progress.

    Raises:
        BusyError: another refresh is under way on this database.
    """
    run = Run(config=config, store=store, clock=clock, watch=watch or Quiet(), tally=Tally())
    with store.writing():
        store.sources.sync(config.sources, clock())
        with fetch.Fetcher(config.settings.fetch, now=clock) as fetcher:
            _ask(run, fetcher, _due(run, only=only, force=force))
            _collect(run, fetcher)
        _read(run, load_reader, reread=reread)
        _settle(run)
    return _report(run)


# ------------------------------------------------------------------------------------------- 1. ask the sources


def _due(run: Run, *, only: Collection[str], force: bool) -> list[tuple[Source, SourceState]]:
    states = run.store.sources.states()
    now = run.clock()
    meant = [s for s in run.config.sources if (s.id in only if only else s.enabled)]
    known = [(source, states.get(source.id) or SourceState(source_id=source.id)) for source in meant]
    return [(source, state) for source, state in known if force or fetch.is_due(state, now)]


def _ask(run: Run, fetcher: fetch.Fetcher, due: Sequence[tuple[Source, SourceState]]) -> None:
    run.watch.begin("sources asked", len(due))
    asking = {source.id: Asking(source=source, state=state) for source, state in due}
    requests = {run.store.fetches.fill(sources.request(one.source)): one for one in asking.values()}
    for _ in range(ROUNDS):
        following: dict[Request, Asking] = {}
        for request, answer in fetcher.fetch(requests):
            one = requests[request]
            following |= {run.store.fetches.fill(part): one for part in _listed(run, one, request, answer)}
        requests = following
    for one in asking.values():
        _close(run, one)
    run.tally.counts["asked"] += len(due)
    run.watch.end()


def _listed(run: Run, one: Asking, request: Request, answer: Fetched) -> tuple[Request, ...]:
    """Store one answer of a source; what to ask next.

    An index is kept back until all its parts are stored: were it stored first, a run that is killed in between would
    meet an unchanged index, and never ask for the parts.
    """
    outcome, items, follow = _parsed(run, one.source, answer)
    if not isinstance(outcome, Done):
        one.fault = one.fault or outcome
    elif follow and isinstance(outcome.value, Page):  # an unchanged index says nothing about its parts: ask it whole
        outcome = Done(value=replace(outcome.value, etag=None, last_modified=None))
    if follow or not one.index:
        one.index.append((request, outcome, items))
    else:
        _record(run, one.state, request, outcome, items)
        one.parts += 1
        one.parts_unchanged += isinstance(answer, Done) and isinstance(answer.value, Unchanged)
    if not follow and len(one.index) == 1 and one.index[0][0] is request:
        _close(run, one)  # the common case, a source that answers at once: stored at once
    return follow


def _close(run: Run, one: Asking) -> None:
    """Store what was kept back, with the state that follows; a part that failed leaves the index to be asked again."""
    if one.closed:
        return
    one.closed = True
    for request, outcome, items in reversed(one.index):
        final = one.fault or outcome
        _record(run, fetch.next_state(one.state, one.source, final, run.clock()), request, final, items)
        _count(run, one, final)
    run.watch.advance()


def _record(run: Run, state: SourceState, request: Request, outcome: Fetched, items: Iterable[Item]) -> None:
    pairs = [(item, urls.article_id(item.url)) for item in items]
    run.tally.counts["new items"] += run.store.items.record_listing(
        request, outcome, pairs, state=state, now=run.clock()
    )


def _parsed(run: Run, source: Source, answer: Fetched) -> tuple[Fetched, tuple[Item, ...], tuple[Request, ...]]:
    if not (isinstance(answer, Done) and isinstance(answer.value, Page)):
        return answer, (), ()
    parsed = sources.parse(source, answer.value)
    if isinstance(parsed, Poison):
        return parsed, (), ()
    run.tally.faults += [f"{source.id}: {note}" for note in parsed.value.notes]
    return answer, parsed.value.items, parsed.value.follow


def _count(run: Run, one: Asking, outcome: Fetched) -> None:
    if isinstance(outcome, Done):
        same = one.parts == one.parts_unchanged if one.parts else isinstance(outcome.value, Unchanged)
        run.tally.counts["unchanged"] += same
    else:
        run.tally.counts["failed sources"] += 1
        run.tally.faults.append(f"{one.source.id}: {outcome.reason}")


# ------------------------------------------------------------------------------------ 2. collect the articles


def _collect(run: Run, fetcher: fetch.Fetcher) -> None:
    by_id = {source.id: source for source in run.config.sources}
    run.watch.begin("articles collected", run.store.items.waiting(run.clock()))
    left = PAGES_A_RUN
    while left > 0 and (waiting := _waiting(run, by_id, min(left, PAGE_BATCH))):
        left -= len(waiting)
        paged: dict[Request, PendingItem] = {}
        for one in waiting:
            source = by_id[one.item.source_id]
            if one.item.is_whole or not source.full_text:
                _keep_own_text(run, source, one, because=None)
            else:
                paged[Request(url=one.item.url, conditional=False)] = one
        for request, outcome in fetcher.fetch(paged):
            one = paged[request]
            _keep_page(run, by_id[one.item.source_id], one, outcome)
    run.watch.end()


def _waiting(run: Run, by_id: Mapping[str, Source], most: int) -> list[PendingItem]:
    return [p for p in run.store.items.pending(run.clock(), most) if p.item.source_id in by_id]


def _keep_page(run: Run, source: Source, one: PendingItem, outcome: Fetched) -> None:
    """Store the article of a page, or its feed's text where the page cannot be had."""
    if isinstance(outcome, Done) and isinstance(outcome.value, Page):
        made = articles.from_page(one.item, source, outcome.value, now=run.clock())
        if isinstance(made, Done):
            _keep(run, one, made.value, outcome.value, note=made.value.note)
            return
        outcome = made
    if isinstance(outcome, Failed) and one.attempts + 1 < PAGE_TRIES:
        wait = max(min(RETRY_PAGE * 2**one.attempts, RETRY_PAGE_MOST), outcome.retry_after or timedelta())
        _give_up(run, one, outcome.reason, retry_at=run.clock() + wait)
        return
    assert isinstance(outcome, Skipped | Failed | Poison)  # no request of this stage is conditional
    _keep_own_text(run, source, one, because=outcome.reason)


def _keep_own_text(run: Run, source: Source, one: PendingItem, *, because: str | None) -> None:
    made = articles.from_item(one.item, source, now=run.clock(), because=because)
    if isinstance(made, Done):
        _keep(run, one, made.value, None, note=because or made.value.note)
    else:
        _give_up(run, one, f"{because}; {made.reason}" if because else made.reason, retry_at=None)


def _give_up(run: Run, one: PendingItem, reason: str, *, retry_at: datetime | None) -> None:
    run.store.items.fail(one.id, reason, retry_at, run.clock())
    run.tally.counts["failed articles"] += 1
    later = "; tried again later" if retry_at else ""
    run.tally.faults.append(f"{one.item.source_id}: {one.item.url}: {reason}{later}")
    run.watch.advance()


def _keep(run: Run, one: PendingItem, article: Article, page: Page | None, *, note: str | None) -> None:
    """Store an article with the origin of its text: its own, or that of the copies that are stored already."""
    bands = articles.bands(article.signature)
    near = [
        n
        for n in run.store.articles.near(bands)
        if n.article_id != article.id and articles.similar(n.signature, article.signature) >= articles.COPY_AT
    ]
    origins = {n.origin for n in near} | {article.id}
    origin = min(origins)
    with run.store.batch():
        run.store.articles.join(origins, origin)
        new = run.store.articles.save(one.id, article, page, now=run.clock(), bands=bands, origin=origin, note=note)
    run.tally.counts["new articles"] += new
    run.tally.counts["copies"] += new and bool(near)
    run.watch.advance()


# ------------------------------------------------------------------------------------------- 3. read the texts


def _read(run: Run, load_reader: Callable[[], Reads], *, reread: bool) -> None:
    if not reread and not run.store.articles.waiting():
        return
    reader = load_reader()
    if reread:
        run.store.articles.reopen(reader.version)
    run.watch.begin("articles read", run.store.articles.waiting())
    while found := run.store.articles.unread(READ_BATCH):
        analyses = _analysed(run, reader, [_without_fetch_date(article) for article in found])
        with run.store.batch():
            for analysis in analyses:
                reports = run.store.analyses.save(analysis, now=run.clock(), keys=resolve.keys)
                run.tally.counts["new reports"] += len(reports)
        run.watch.advance(len(found))
    run.watch.end()


def _analysed(run: Run, reader: Reads, found: Sequence[Article]) -> list[Analysis]:
    """What the reader makes of the articles; one that it fails on is set aside with the reason, and told."""
    try:
        return list(reader.read_many(found))
    except Exception as error:  # noqa: BLE001 - whatever it is, one article must not stop all that come after it
        if len(found) > 1:
            return [analysis for article in found for analysis in _analysed(run, reader, [article])]
        reason = f"fault of the reader: {type(error).__name__}: {error}"
        run.store.articles.set_aside(found[0].id, reason)
        run.tally.faults.append(f"{found[0].source_id}: {found[0].url}: {reason}")
        return []


def _without_fetch_date(article: Article) -> Article:
    """The day somebody fetched an article is no anchor for "on Tuesday"."""
    known = article.published is None or article.published.basis is not Basis.FETCHED
    return article if known else replace(article, published=None)


# ------------------------------------------------------------------------------------------- 4. settle the events


def _settle(run: Run) -> None:
    run.watch.begin("reports settled", run.store.reports.waiting())
    while found := run.store.reports.unplaced(SETTLE_BATCH):
        memory = resolve.Memory(run.store.reports)
        placements = [_placed(report, memory) for report in found]
        _keep_events(run, memory.clusters(), placements)
        run.watch.advance(len(found))
    while stale := run.store.events.stale(SETTLE_BATCH):  # their reports were read again and say something else
        _keep_events(run, filter(None, map(run.store.reports.cluster, stale)), ())
    run.watch.end()


def _placed(report: Report, memory: resolve.Memory) -> Placement:
    placement = resolve.place(report, memory)
    memory.add(report, placement)
    return placement


def _keep_events(run: Run, clusters: Iterable[Cluster], placements: Iterable[Placement]) -> None:
    events = [resolve.consensus(cluster) for cluster in clusters]
    measures = resolve.founded(events)
    run.tally.counts["new events"] += run.store.events.save(events, placements, now=run.clock(), measures=measures)


def _report(run: Run) -> RunReport:
    counts = run.tally.counts
    return RunReport(
        sources_asked=counts["asked"],
        sources_unchanged=counts["unchanged"],
        sources_failed=counts["failed sources"],
        items_new=counts["new items"],
        articles_new=counts["new articles"],
        articles_unread=run.store.unread_counts(),
        articles_failed=counts["failed articles"],
        copies=counts["copies"],
        reports_new=counts["new reports"],
        events_new=counts["new events"],
        faults=tuple(run.tally.faults),
    )
