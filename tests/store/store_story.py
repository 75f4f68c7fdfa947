"""A small refresh over the store, as a conductor would do it, for the tests that run, kill and repeat it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from store_samples import (
    CHINA,
    COMMERCE,
    NOW,
    READER,
    TEXT,
    analysis,
    answer,
    article,
    at,
    event,
    event_mention,
    item,
    mention,
    page,
    source,
    state,
    validators,
)

from tracker.model import Analysis, Article, Basis, EventType, Placement, Report, Tier, When
from tracker.store import Store, describe
from tracker.store.connection import open_database

LISTINGS = {"herald": (1, 2, 3), "wire": (2, 4), "gazette": (5, 6)}
TEXTS = {number: TEXT.replace("Harrow Foundry shares fell.", f"Report {number} says so.") for number in range(1, 7)}


def refresh(store: Store) -> None:
    """Whatever is still to be done; done in small batches."""
    with store.writing():
        store.sources.sync([source("herald"), source("wire"), source("gazette", Tier.OFFICIAL)], NOW)
        _ask(store)
        _collect(store)
        _read(store)
        _settle(store)


def _ask(store: Store) -> None:
    for key, numbers in LISTINGS.items():
        if store.sources.states()[key].last_success is None:
            pairs = [(item(n, key), f"a{n}") for n in numbers]
            url = f"https://{key}.example/feed"
            with store.batch():
                store.fetches.log(key, url, describe(answer()), NOW)
                store.fetches.keep_validators(key, url, validators(etag=f'"{key}"'))
                store.items.see(pairs, NOW)
                store.sources.remember(state(key, last_success=NOW), describe(answer()), NOW)


def _collect(store: Store) -> None:
    while waiting := store.items.queue(NOW, 2):
        for one in filter(None, map(store.items.get, waiting)):
            made = made_article(int(one.article_id[1:]), one.item.source_id)
            near = store.articles.near(("band",) if made.id in {"a1", "a4"} else ())
            origins = {n.origin for n in near} | {made.id}
            store.articles.join(origins, min(origins))
            bands = ("band", f"band-{made.id}") if made.id in {"a1", "a4"} else (f"band-{made.id}",)
            with store.batch():
                store.articles.save(one.id, made, now=NOW, bands=bands, origin=min(origins))
                store.pages.keep(made.id, page(one.item.url))


def made_article(number: int, source_id: str) -> Article:
    published = When(value=f"2024-06-{20 + number % 3}", basis=Basis.METADATA)
    return article(f"a{number}", TEXTS[number], published=published, source_id=source_id)


def made_analysis(of: Article) -> Analysis:
    """Odd articles tell one event, even ones two; the sixth tells none."""
    number, text = int(of.id[1:]), of.text
    if number == 6:
        return Analysis(article_id=of.id, mentions=(mention(CHINA, "China", text=text),), events=(), reader=READER)
    first = event_mention(text, announced_on=of.published)
    second = event_mention(
        text,
        type=EventType.LICENCE_DECISION,
        actors=(mention(COMMERCE, "US Commerce Department", text=text),),
        evidence=(at(f"Report {number} says so.", text),),
    )
    return analysis(first, *([] if number % 2 else [second]), article_id=of.id, text=text)


def keys(report: Report) -> tuple[str, ...]:
    return (str(report.event.type), f"{report.event.type}|{report.published}")


def _read(store: Store) -> None:
    while found := store.articles.unread(2):
        for one in found:
            store.analyses.save(made_analysis(one), now=NOW, keys=keys)


def _settle(store: Store) -> None:
    while found := store.reports.unplaced(1):
        report = found[0]
        same = store.reports.sharing(keys(report))
        told = (*same[0].reports, report) if same else (report,)
        made = event(told[0], *told[1:], id=same[0].event_id if same else report.id)
        placement = Placement(report_id=report.id, event_id=made.id, measure_id=made.measure_id)
        store.events.save([made], [placement], now=NOW)


def killed_at(number: int) -> Callable[[str], None]:
    """A trace that kills this process at its n-th statement, as `kill -9` does."""
    import os
    import signal

    left = number

    def trace(statement: str) -> None:
        nonlocal left
        del statement
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return trace


def main(path: Path, number: int) -> None:
    """Refresh the database at a path and die at the n-th statement; 0 means to live, and to say how many there were."""
    seen = 0

    def count(statement: str) -> None:
        nonlocal seen
        del statement
        seen += 1

    connection = open_database(path, read_only=False)
    connection.raw.set_trace_callback(killed_at(number) if number else count)
    with Store(connection) as store:
        store._migrate()
        refresh(store)
    print(seen)  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
