"""What is not as usual makes no events until somebody decides, and a refresh that is cut off judges the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from outlet import Outlet, Watcher, source, story
from stand_ins import KeptExtractor

from tracker.model import Tier
from tracker.model.assertions import USUAL, Ruling
from tracker.pipeline import holding, settling
from tracker.pipeline.reprocess import reprocess
from tracker.store import Store
from tracker.store.compare import dump

HOUR = timedelta(hours=2)  # by then the source is due again
FEW = replace(USUAL, together=5, history=8)
GOODS = "cameras tyres lamps drums cables engines pumps tools boats kilns presses looms mirrors ovens clocks".split()
WALL = (
    "We value your privacy. OpenAI access is offered to those who accept. Our partners and we keep what you read, where"
    " you read it and for how long, so that the pages of this paper stay free for all who come to them every day."
)


def good(number: int) -> str:
    """A text of its own, with an event."""
    words = Random(number)
    told = " ".join(words.choice(GOODS) for _ in range(60))
    return f"OpenAI will end access to its API for makers of {GOODS[number % 15]} in China. A list has {told}."


def publish(outlet: Outlet, numbers: range, text: str | None = None) -> None:
    for number in numbers:
        outlet.routes[f"/{number}"] = story(number, text or good(number), title=f"{number} {GOODS[number % 15]} sold")
    outlet.publish(*numbers)


@pytest.fixture
def watched(watcher: Watcher, outlet: Outlet) -> Watcher:
    """A tracker that knows what is usual in its source, and has just met a wall in place of six articles."""
    watcher.sources = (source(assertions=FEW),)
    publish(outlet, range(1, 11))
    watcher.refresh()
    publish(outlet, range(11, 17), WALL)
    return watcher


def published(watcher: Watcher) -> int:
    """How many reports are part of an event."""
    return int(watcher.value("SELECT count(*) FROM report WHERE event_id IS NOT NULL"))


def held(watcher: Watcher) -> list[tuple[str, int, int]]:
    with Store.open(watcher.config.settings.database) as store:
        return [(one.source_id, one.articles, one.reports) for one in store.holds.open()]


def decide(watcher: Watcher, ruling: Ruling) -> None:
    with Store.open(watcher.config.settings.database) as store:
        holding.decide(store, ruling, ("outlet",), clock=watcher.clock)


def test_a_wall_makes_no_events_until_it_is_released(watched: Watcher, outlet: Outlet) -> None:
    report = watched.refresh(HOUR)
    assert (report.articles_new, report.articles_held, report.events_new, published(watched)) == (6, 6, 0, 10)
    (line,) = report.held
    assert line.startswith("outlet: 6 articles with 6 reports of events are held back: ")
    assert "articles have the same text" in line
    assert watched.rows("SELECT source_id, kind, until_at FROM alarm") == [("outlet", "held", None)]

    publish(outlet, range(17, 18), WALL)
    assert watched.refresh(HOUR).articles_held == 1  # with the last ones before it
    publish(outlet, range(20, 21))
    assert (watched.refresh(HOUR).articles_held, held(watched)) == (0, [("outlet", 7, 7)])
    assert published(watched) == 11

    decide(watched, Ruling.RELEASED)
    assert (held(watched), published(watched)) == ([], 18)
    assert watched.rows("SELECT kind FROM alarm WHERE until_at IS NULL") == []
    publish(outlet, range(21, 27), WALL)
    assert watched.refresh(HOUR).held == ()  # somebody has said that this is what the source is like
    assert watched.rows("SELECT decision FROM hold") == [("released",)]


def test_what_is_discarded_stays_out(watched: Watcher) -> None:
    watched.refresh(HOUR)
    decide(watched, Ruling.DISCARDED)
    assert held(watched) == []
    with Store.open(watched.config.settings.database) as store:
        done = reprocess(watched.config, store, lambda: watched.reader, clock=watched.clock)
        assert (done.gained, store.needs_settling()) == (0, False)
    assert (watched.refresh(HOUR).events_new, published(watched)) == (0, 10)
    assert watched.value("SELECT count(*) FROM article") == 16


def test_what_is_retried_is_asked_for_and_judged_again(watched: Watcher, outlet: Outlet) -> None:
    watched.refresh(HOUR)
    decide(watched, Ruling.RETRIED)
    outlet.paths()
    assert watched.refresh(HOUR).articles_held == 6  # still the wall
    assert set(outlet.paths()) >= {f"/{number}" for number in range(11, 17)}
    decide(watched, Ruling.RETRIED)
    publish(outlet, range(11, 17))
    report = watched.refresh(HOUR)
    assert (report.articles_revised, report.articles_held, held(watched)) == (6, 0, [])
    assert published(watched) == 16


def test_nothing_is_published_before_it_is_judged(watched: Watcher) -> None:
    with pytest.raises(KeyboardInterrupt):
        watched.refresh(HOUR, watch=Stopping("articles read"))
    assert watched.value("SELECT count(*) FROM held WHERE hold IS NULL") == 6
    with Store.open(watched.config.settings.database) as store, store.writing():
        settling.settle(store, watched.clock)  # as after a decision of a person
    assert published(watched) == 10
    assert watched.refresh(timedelta(minutes=1)).articles_held == 6
    assert (published(watched), held(watched)) == (10, [("outlet", 6, 6)])


@pytest.mark.parametrize("stage", ["articles collected", "articles read", "reports settled"])
def test_a_refresh_that_is_cut_off_holds_back_the_same(
    watched: Watcher, stage: str, outlet: Outlet, tmp_path: Path, extractor: KeptExtractor
) -> None:
    with pytest.raises(KeyboardInterrupt):
        watched.refresh(HOUR, watch=Stopping(stage))
    watched.refresh(timedelta(minutes=1))

    folder = tmp_path / "undisturbed"
    folder.mkdir()
    other = Watcher(outlet, folder, extractor)
    other.sources = watched.sources
    publish(outlet, range(1, 11))
    other.refresh()
    publish(outlet, range(11, 17), WALL)
    other.refresh(HOUR)
    one, two = (dump(each.config.settings.database) for each in (watched, other))
    assert len(one["hold"]) == 1
    assert {table for table in one if one[table] != two[table]} <= {"source"}  # how it answered last


def test_where_nothing_is_asserted_nothing_is_held(watched: Watcher) -> None:
    watched.sources = (source(assertions=replace(USUAL, enabled=False)),)
    report = watched.refresh(HOUR)
    assert (report.articles_held, report.held, held(watched)) == (0, (), [])
    assert watched.value("SELECT count(*) FROM held") == 0


def test_a_wall_that_comes_in_place_of_known_pages_replaces_one_text_at_most(watcher: Watcher, outlet: Outlet) -> None:
    watcher.sources = (source(tier=Tier.MAJOR),)
    publish(outlet, range(1, 6))
    watcher.refresh()
    publish(outlet, range(1, 6), WALL)
    assert watcher.refresh(3 * HOUR).articles_revised == 1
    assert watcher.value("SELECT count(*) FROM article WHERE text LIKE '%your privacy%'") == 1
    for number in range(1, 6):
        outlet.routes[f"/{number}"] = story(number, good(number) + " It said so again.", title=f"{number} sold")
    assert watcher.refresh(12 * HOUR).articles_revised == 5  # pages that are articles again
    assert watcher.value("SELECT count(*) FROM article WHERE text LIKE '%your privacy%'") == 0


class Stopping:
    """Stops a refresh when it comes to a stage, as Ctrl-C does."""

    def __init__(self, stage: str) -> None:
        self._stage = stage

    def begin(self, stage: str, total: int | None) -> None:
        del total
        if stage == self._stage:
            raise KeyboardInterrupt

    def advance(self, count: int = 1) -> None:
        """Nothing to do."""

    def end(self) -> None:
        """Nothing to do."""
