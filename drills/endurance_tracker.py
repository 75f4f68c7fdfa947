"""The tracker of the drill of endurance: one process that stays, as `tracker run` does, at virtual times.

    endurance_tracker.py run CONFIG DATABASE ADDRESS      a line of standard input is a time to do what is due then
    endurance_tracker.py probe DATABASE                   asks for the timeline until standard input ends

Does the duties of `tracker run` in its order (refresh, maintenance), each on a connection of its own, with one reader
that is kept; without alerts and figures. The reader is a stand-in that knows the sentences of `endurance_world`. What
is let go of goes after days in place of months. After each line it prints, as JSON, what was done and what it takes,
and in the end what its caches hold.
"""

from __future__ import annotations

import json
import re
import select
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from endurance_memory import caches, taken
from endurance_world import ACTS, COUNTRIES

from tracker import config, pipeline
from tracker.model import (
    Analysis,
    Article,
    Certainty,
    Direction,
    EventMention,
    EventType,
    Mention,
    Party,
    PartyKind,
    Phrase,
    Span,
    Status,
)
from tracker.pipeline import maintenance
from tracker.pipeline.pooling import KeptExtractor
from tracker.query import Timeline
from tracker.store import Store

TYPES = dict(zip(ACTS, (EventType.TARIFF, EventType.IMPORT_RESTRICTION, EventType.EXPORT_CONTROL), strict=True))
NAMES = "|".join(COUNTRIES)
TOLD = re.compile(rf"({NAMES}) ({'|'.join(ACTS)}) ([a-z-]+) from ({NAMES}) on")
PROBE_EVERY = 0.2  # seconds


class StandIn:
    """Reads the one sentence that tells an event."""

    version = "stand-in 1"

    def read_many(self, articles: Iterable[Article]) -> Iterator[Analysis]:
        """The events of each article."""
        for article in articles:
            match = TOLD.search(article.text)
            events = (_event(article, match),) if match else ()
            mentions = tuple(m for event in events for m in (*event.actors, *event.targets))
            yield Analysis(article_id=article.id, mentions=mentions, events=events, reader=self.version)


def _event(article: Article, match: re.Match[str]) -> EventMention:
    day = article.published
    return EventMention(
        type=TYPES[match[2]],
        status=Status.ANNOUNCED,
        direction=Direction.RESTRICT,
        certainty=Certainty.CONFIRMED,
        actors=(_mention(match, 1),),
        targets=(_mention(match, 4),),
        items=(Phrase(text=match[3], span=Span(start=match.start(3), end=match.end(3))),),
        instruments=(),
        announced_on=replace(day, value=day.value[:10]) if day else None,
        effective_on=None,
        evidence=(Span(start=match.start(), end=match.end()),),
        confidence=0.7,
    )


def _mention(match: re.Match[str], group: int) -> Mention:
    name, code = match[group], COUNTRIES[match[group]]
    party = Party(name=name, kind=PartyKind.PLACE, country=code, id=f"gov:{code.lower()}")
    return Mention(party=party, span=Span(start=match.start(group), end=match.end(group)))


def run(path: str, database: str, address: str) -> None:
    """Do what is due at each time that is read."""
    settled = config.load(Path(path)).with_database(Path(database)).with_connect_to({"*.example": address})
    kept = replace(settled.settings, keep_pages=7, keep_listings=7, keep_fetches=7, keep_past=14)  # days
    settled = replace(settled, settings=kept)
    reader, extractor = StandIn(), KeptExtractor()
    for line in sys.stdin:
        begun, first = time.monotonic(), datetime.fromisoformat(line.strip())

        def clock(begun: float = begun, first: datetime = first) -> datetime:
            return first + timedelta(seconds=time.monotonic() - begun)

        with Store.open(database) as store:
            report = pipeline.refresh(settled, store, lambda: reader, clock=clock, extractor=extractor)
        refreshed = time.monotonic()
        done = None
        with Store.open(database) as store:
            if maintenance.is_due(store, clock()):
                job = maintenance.Job(store=store, settings=settled.settings, now=clock())
                done = maintenance.maintain(job, check=lambda: None).told
        told = {
            "asked": report.sources_asked, "failed": report.sources_failed, "articles": report.articles_new,
            "events": report.events_new, "seconds": refreshed - begun, "maintained": done,
            "maintaining": time.monotonic() - refreshed, "faults": len(report.faults), **taken(),
        }  # fmt: skip
        print(json.dumps(told), flush=True)
    extractor.close()
    print(json.dumps(list(caches())), flush=True)


def probe(database: str) -> None:
    """Ask, again and again, as a page of the browser does, and tell how long the slowest answer took."""
    took: list[float] = []
    with Timeline.open(Path(database)) as timeline:
        while not select.select([sys.stdin], [], [], PROBE_EVERY)[0]:
            begun = time.monotonic()
            timeline.page(limit=20)
            took.append(time.monotonic() - begun)
    took.sort()
    print(json.dumps({"answers": len(took), "median": took[len(took) // 2], "slowest": took[-1]}))


if __name__ == "__main__":
    if sys.argv[1] == "run":
        run(*sys.argv[2:])
    else:
        probe(*sys.argv[2:])
