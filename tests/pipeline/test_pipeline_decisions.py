"""Whatever comes, is read otherwise and is decided: settled bit by bit or from nothing, it is one."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from settling_samples import ACTS, ARTICLES, NOW, begin, keep, settle

from tracker.model import Judgement, JudgementKind, Scope
from tracker.store import Store
from tracker.store.compare import partition

STEPS = 14
KINDS = (JudgementKind.SAME, JudgementKind.DIFFERENT, JudgementKind.SPLIT)
HOMES = """
SELECT report.id, event_id AS event, measure_id AS measure FROM report JOIN event ON event.id = event_id ORDER BY 1
"""


@dataclass
class History:
    """What happens to one database, step by step, as chance has it."""

    store: Store
    chance: random.Random
    open: list[str] = field(default_factory=list)
    decided: int = 0

    def come(self) -> None:
        for number in self.chance.sample(ARTICLES, self.chance.randint(1, 6)):
            keep(self.store, number)

    def read_otherwise(self) -> None:
        events = self.chance.sample(ACTS, self.chance.randint(0, 3))
        keep(self.store, self.chance.choice(ARTICLES), events, reader=f"rules {self.chance.random()}")

    def decide_about_events(self) -> None:
        self._decide(Scope.EVENT)

    def decide_about_measures(self) -> None:
        self._decide(Scope.MEASURE)

    def think_again(self) -> None:
        if self.open:
            key = self.open.pop(self.chance.randrange(len(self.open)))
            self.store.judgements.close(key, who="me", now=NOW)

    def _decide(self, scope: Scope) -> None:
        homes: dict[str, list[str]] = {}
        for row in self.store._db.rows(HOMES):
            homes.setdefault(row[scope.value], []).append(row["id"])
        kind, wholes = self.chance.choice(KINDS), [ids for ids in homes.values() if len(ids) > 1]
        if kind is JudgementKind.SPLIT and wholes:
            whole = self.chance.choice(wholes)
            left = self.chance.sample(whole, self.chance.randint(1, len(whole) - 1))
            self._judge(kind, scope, left, [key for key in whole if key not in left])
        elif kind is not JudgementKind.SPLIT and len(homes) > 1:
            self._judge(kind, scope, *self.chance.sample(sorted(homes.values()), 2))

    def _judge(self, kind: JudgementKind, scope: Scope, left: list[str], right: list[str]) -> None:
        self.decided += 1
        made = Judgement(
            id=f"j{self.decided}",
            kind=kind,
            scope=scope,
            subject="one",
            object="other",
            left=tuple(left),
            right=tuple(right),
            who="me",
            why="so it is",
            decided=NOW + timedelta(minutes=self.decided),
        )
        self.store.judgements.add(made)
        self.open.append(made.id)


WAYS: dict[Callable[[History], None], int] = {
    History.come: 4,
    History.read_otherwise: 1,
    History.decide_about_events: 2,
    History.decide_about_measures: 2,
    History.think_again: 1,
}


def test_a_report_brings_its_decision_about_measures_though_nothing_else_changes(tmp_path: Path) -> None:
    with Store.open(tmp_path / "t.db") as store, store.writing():
        begin(store)
        for number in range(14):
            keep(store, number, [ACTS[0]])
        keep(store, 20, [ACTS[2]])
        keep(store, 99, [ACTS[4]])
        settle(store)
        assert len(_measures(store, "a0", "a20")) == 1
        history = History(store, random.Random(0))
        one, other = (_report(store, key) for key in ("a99", "a20"))
        history._judge(JudgementKind.DIFFERENT, Scope.MEASURE, [one], [other])
        settle(store)
        assert len(_measures(store, "a0", "a20")) == 1
        keep(store, 99, [ACTS[0]], reader="rules 2")
        settle(store)
        assert _measures(store, "a99") == _measures(store, "a0")
        assert len(_measures(store, "a0", "a20")) == 2


def _report(store: Store, article_id: str) -> str:
    return str(store._db.rows("SELECT id FROM report WHERE article_id = ?", (article_id,))[0][0])


def _measures(store: Store, *article_ids: str) -> set[str | None]:
    events = store.reports.event_ids(_report(store, key) for key in article_ids)
    return set(store.events.measure_ids(id_ for id_ in events.values() if id_).values())


@pytest.mark.parametrize("seed", range(4))
def test_settled_bit_by_bit_or_from_nothing_it_is_one(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with Store.open(path) as store, store.writing():
        begin(store)
        history = History(store, random.Random(seed))
        for _ in range(STEPS):
            (step,) = history.chance.choices(list(WAYS), list(WAYS.values()))
            step(history)
            if history.chance.random() < 0.7:
                settle(store)
        settle(store)
        bit_by_bit = partition(path)
        store.reports.reset()
        settle(store)
        assert partition(path) == bit_by_bit
        assert history.decided
