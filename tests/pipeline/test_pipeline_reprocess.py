"""Reprocessing: what other rules would make of what is stored, told without a trace or done in one go."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from settling_samples import ACTS, ARTICLES, NOW, accounts, article, begin, keep, settle

from tracker.cli import reprocessing, running
from tracker.config import Config, Settings
from tracker.errors import BusyError
from tracker.model import (
    Analysis,
    Article,
    EventMention,
    FetchSettings,
    Judgement,
    JudgementKind,
    RunReport,
    Scope,
    Status,
)
from tracker.pipeline.reprocess import Reprocessed, Stage, reprocess
from tracker.store import Store
from tracker.store.compare import dump

Tells = Callable[[int], tuple[EventMention, ...]]


class Rules:
    """A reader that tells of each article what a test wants."""

    version = "rules 2"

    def __init__(self, tells: Tells = accounts) -> None:
        self._tells = tells
        self.read: list[str] = []

    def read_many(self, articles: Iterable[Article]) -> Iterator[Analysis]:
        for one in articles:
            self.read.append(one.id)
            told = self._tells(int(one.id[1:]))
            yield Analysis(article_id=one.id, mentions=(), events=told, reader=self.version)


def better(number: int) -> tuple[EventMention, ...]:
    """The same, but article 0 tells of something else, 1 of nothing, and 7 with another status."""
    if number == 0:
        return (ACTS[9],)
    if number == 1:
        return ()
    told = accounts(number)
    return tuple(replace(one, status=Status.IN_FORCE) for one in told) if number == 7 else told


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(
        sources=(),
        settings=Settings(database=tmp_path / "t.db", fetch=FetchSettings(user_agent="tracker")),
        path=tmp_path / "feeds.yaml",
    )


@pytest.fixture
def store(config: Config) -> Iterator[Store]:
    """Twelve articles, settled."""
    with Store.open(config.settings.database) as opened:
        begin(opened)
        for number in ARTICLES[:12]:
            keep(opened, number)
        settle(opened)
        yield opened


def run(config: Config, store: Store, reader: Rules, **options: object) -> Reprocessed:
    return reprocess(config, store, lambda: reader, clock=lambda: NOW, **options)  # type: ignore[arg-type]


def test_a_dry_run_tells_what_a_run_then_does_and_leaves_no_trace(config: Config, store: Store) -> None:
    before = everything(store.path)
    told = run(config, store, Rules(better), dry_run=True)
    assert everything(store.path) == before
    done = run(config, store, Rules(better))
    assert replace(told, dry_run=False) == done
    assert everything(store.path) != before
    assert done.articles_read == 12
    assert done.changed + done.lost + done.gained + done.merged + done.split > 0
    assert all(example.quote.startswith("Story") for example in done.examples)


def everything(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows, with times and logs."""
    with closing(sqlite3.connect(path)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}


def test_the_same_rules_change_nothing_and_are_not_applied_twice(config: Config, store: Store) -> None:
    before = dump(store.path)["event"]
    reader = Rules()
    done = run(config, store, reader)
    assert (done.changed, done.lost, done.gained, done.merged, done.split) == (0, 0, 0, 0, 0)
    assert "every event is as it was" in reprocessing.in_words(done, store.path)
    assert dump(store.path)["event"] == before
    run(config, store, reader, stages=(Stage.READ,))
    assert len(reader.read) == 12


@pytest.mark.parametrize(
    ("options", "meant"),
    [
        ({"since": "2024-10"}, lambda number: published(number) >= "2024-10"),
        ({"sources": ("gazette",)}, lambda number: number % 3 == 2),
        (
            {"since": "2024-10", "sources": ("gazette",)},
            lambda number: published(number) >= "2024-10" and number % 3 == 2,
        ),
        ({"stages": (Stage.RESOLVE,)}, lambda _: False),
    ],
)
def test_only_what_is_meant_is_read(
    config: Config, store: Store, options: dict[str, object], meant: Callable[[int], bool]
) -> None:
    reader = Rules()
    run(config, store, reader, **options)
    assert sorted(reader.read) == sorted(f"a{number}" for number in range(12) if meant(number))


def published(number: int) -> str:
    when = article(number).published
    assert when is not None
    return when.value


def test_decisions_hold_and_ids_stay(config: Config, store: Store) -> None:
    (one, *_) = _events(store)
    edit = Judgement(
        id="j1",
        kind=JudgementKind.EDIT,
        scope=Scope.EVENT,
        subject=one,
        object=None,
        left=store.reports.of_event(one),
        right=(),
        who="me",
        why="it was so",
        decided=NOW,
        field="status",
        value='"ended"',
    )
    store.judgements.add(edit)
    settle(store)
    before = _events(store)
    assert before[one] == "ended"
    run(config, store, Rules(lambda number: tuple(replace(one, confidence=0.9) for one in accounts(number))))
    assert _events(store) == before


def _events(store: Store) -> dict[str, str]:
    with closing(sqlite3.connect(store.path)) as connection:
        return dict(connection.execute("SELECT id, status FROM event ORDER BY reports DESC, id"))


def test_a_refresh_tells_of_older_rules() -> None:
    said = running.in_words(RunReport(reports_of_older_rules=7), Path("t.db"))
    assert "7 reports of older rules were settled again by the present ones" in said


def test_what_changed_is_told_with_its_words(config: Config, store: Store) -> None:
    done = run(config, store, Rules(better), dry_run=True)
    said = reprocessing.in_words(done, store.path)
    assert "12 articles read again" in said
    assert "a dry run: nothing was changed" in said
    assert "“Story" in said
    found = json.loads(reprocessing.as_json(done))
    assert found["dry_run"] is True
    assert {one["kind"] for one in found["examples"]} <= {"gained", "lost", "merged", "split", "changed"}


def test_nothing_is_done_while_another_run_holds_the_database(config: Config, store: Store) -> None:
    with Store.open(store.path) as other, other.writing(), pytest.raises(BusyError):
        run(config, store, Rules())
