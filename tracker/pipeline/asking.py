"""The first stage: ask the sources that are due, and store what they list.

Answers are stored in batches: of each, the request, what makes the next one cheap, and the items, together or not at
all. An index is kept back until its parts are stored, and a page of new items until the older page that it leads to:
were it stored first, a run that is killed in between would meet an unchanged index, or items that it knows, and never
ask for the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tracker import fetch, sources, urls
from tracker.model import Done, Failed, Fetched, Listing, Page, Poison, Request, Source, SourceState
from tracker.pipeline import trust
from tracker.pipeline.answers import Answered, Asking, Book
from tracker.pipeline.run import Run
from tracker.store import Validators, describe, fingerprint

ROUNDS = 10  # an index, what it leads to, and so on; a search that is halved until it fits
TOO_OFTEN = 429
ASKING_MOST = timedelta(minutes=30)  # what has not answered by then is asked by the next run

Wanted = dict[Request, list[Asking]]


def ask(run: Run, fetcher: fetch.Fetcher, due: Sequence[tuple[Source, SourceState]]) -> None:
    """Ask each source, and follow where it leads."""
    run.watch.begin("sources asked", len(due))
    started, book, wanted = run.clock(), Book(run), Wanted()
    for source, state in due:
        one = Asking.begin(source, state)
        for request in _first(one):
            _want(run, one, request, wanted)
    depth = 1
    while wanted and not run.is_over(started, ASKING_MOST):
        following = Wanted()
        for request, answer in fetcher.fetch(wanted):
            for one in wanted[request]:
                for lead in _take(run, book, one, request, answer, depth):
                    _want(run, one, lead, following)
                if not one.waiting:
                    book.close(one)
            if run.is_over(started, ASKING_MOST):
                run.tally.faults.append(f"asking took longer than {ASKING_MOST}; the rest is asked by the next run")
                break
        wanted, depth = following, depth + 1
    book.flush()
    run.tally.counts["asked"] += len(due)
    run.watch.end()


def _first(one: Asking) -> list[Request]:
    """What to ask of a source first: its own address, and a page of older items that could not be had last time."""
    request = sources.request(one.source)
    if one.state.owed is None:
        return [request]
    one.older_urls.add(one.state.owed)
    return [request, replace(request, url=one.state.owed, conditional=False)]


def _want(run: Run, one: Asking, request: Request, wanted: Wanted) -> None:
    """Have a request asked, with the validators of its last answer as far as they are trusted."""
    if request.url in one.kept:
        return
    one.waiting += 1
    kept = run.store.fetches.validators(one.source.id, request.url)
    one.kept[request.url] = kept
    if kept and request.conditional and trust.is_sendable(kept, one.reading, one.state.rhythm, run.clock()):
        request = replace(request, etag=kept.etag, last_modified=kept.last_modified)
    wanted.setdefault(request, []).append(one)


def _take(run: Run, book: Book, one: Asking, request: Request, answer: Fetched, depth: int) -> tuple[Request, ...]:
    """Keep one answer of a source; what to ask next."""
    one.waiting -= 1
    answered, leads = _read(run, one, request, answer, depth)
    if leads:
        one.kept_back.append(answered)
    else:
        book.add(one, answered)
    return leads


def _read(run: Run, one: Asking, request: Request, answer: Fetched, depth: int) -> tuple[Answered, tuple[Request, ...]]:
    """An answer in short, with the items that it lists, and what it leads to."""
    note, url, now = describe(answer), request.url, run.clock()
    if not isinstance(answer, Done):
        one.failed(url, answer)
        return Answered(url=url, note=note, at=now), ()
    page = answer.value
    one.had(page, url)
    if not isinstance(page, Page):
        return Answered(url=url, note=note, at=now), ()
    marks = _marks(one, page, now)
    kept = one.kept[url]
    there = one.moved_to if one.moved_to and url == one.source.url else url
    sent = bool(request.etag or request.last_modified)
    answered = Answered(url=url, note=note, at=now, marks=marks, keep_as=there, sent=sent)
    if kept and (kept.body_hash, kept.reading) == (marks.body_hash, marks.reading):
        return replace(answered, note=replace(note, outcome="unchanged")), ()
    parsed = _parsed(one.source, page)
    if isinstance(parsed, Failed | Poison):
        one.failed(url, parsed)
        return Answered(url=url, note=describe(parsed), at=now), ()
    return _listed(run, one, parsed.value, answered, depth)


def _parsed(source: Source, page: Page) -> Done[Listing] | Failed | Poison:
    """What the source's kind makes of the page. A fault of ours in one answer must not stop all that come after it."""
    try:
        parsed = sources.parse(source, page)
    except Exception as error:  # noqa: BLE001 - as the docstring says
        return Poison(reason=f"fault of the tracker in reading it: {type(error).__name__}: {error}")
    if isinstance(parsed, Poison) and parsed.status == TOO_OFTEN:  # told in a page that answers 200
        return Failed(reason=parsed.reason, status=TOO_OFTEN)
    return parsed


def _listed(
    run: Run, one: Asking, listing: Listing, answered: Answered, depth: int
) -> tuple[Answered, tuple[Request, ...]]:
    """The answer with its items, and the requests that it leads to."""
    pairs = tuple((item, urls.article_id(item.url)) for item in listing.items)
    one.lists(listing)
    follow = tuple(r for r in listing.follow if r.url not in one.kept)
    if follow and depth >= ROUNDS:
        one.notes.append(f"{len(follow)} parts more than {ROUNDS} steps away were not read")
        follow = ()
    older = _older(run, one, listing, pairs)
    if follow:  # an unchanged index says nothing about its parts: it is always asked whole
        answered = replace(answered, marks=None)
    return replace(answered, pairs=pairs), follow + older


def _older(run: Run, one: Asking, listing: Listing, pairs: Sequence[tuple[object, str]]) -> tuple[Request, ...]:
    """The page before this one in time, where all that this one lists is new."""
    older = listing.older
    if older is None or older.url in one.kept:
        return ()
    if pairs:
        wanted = not run.store.items.knows_any((item, key) for item, (_, key) in zip(listing.items, pairs, strict=True))
    else:
        wanted = not run.store.fetches.answered(one.source.id, older.url)
    if not wanted:
        return ()
    if len(one.older_urls) >= one.source.pages:
        one.notes.append(f"more than {one.source.pages} pages of new items; older ones were not read")
        return ()
    one.older_urls.add(older.url)
    return (older,)


def _marks(one: Asking, page: Page, now: datetime) -> Validators:
    """What a page says of itself."""
    return Validators(
        etag=page.etag,
        last_modified=page.last_modified,
        body_hash=fingerprint(page.body),
        reading=one.reading,
        stored_at=now,
    )
