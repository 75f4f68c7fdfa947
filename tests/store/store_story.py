"""A small refresh over the store, as a conductor would do it, for the tests that run, kill and repeat it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
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
    copy,
    event,
    event_mention,
    item,
    keep,
    mention,
    page,
    source,
    state,
    validators,
)

from tracker.model import Analysis, Article, Ask, Basis, EventType, Standing, Tier, When
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
            with store.batch():
                store.articles.save(one.id, made, now=NOW)
                store.pages.keep(made.id, page(one.item.url))
                if made.id == "a4":
                    copy(store, "a4", of="a1")


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


def _read(store: Store) -> None:
    while found := store.articles.unread(2):
        for one in found:
            store.analyses.save(made_analysis(one), now=NOW)


def _settle(store: Store) -> None:
    """Reports of one type tell one event, which the first of them leads."""
    while found := store.reports.unsettled(1):
        with store.batch():
            report = found[0]
            everything = Ask(key=str(report.event.type), days=(("", "9999-12-31"),))
            (lead,) = [one.id for one in store.reports.held().leading([everything])] or [report.id]
            thing = Standing(
                id=report.id, group=report.article_id, rank=report.id, profile="", lead=lead, leads=lead == report.id
            )
            store.reports.stand([thing], {report.id: [(str(report.event.type), report.published or "")]})
            told = store.reports.reports(store.reports.of_leads([lead])[lead])
            told.sort(key=lambda one: one.id != lead)
            made = event(*told, lead_id=lead)
            keep(store, made)
            store.events.stand([replace(thing, id=lead, leads=True)], {lead: [("k", "")]})


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
