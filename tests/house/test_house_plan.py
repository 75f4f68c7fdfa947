"""The arithmetic behind docs/scale.md and the benchmark of archives, by cases worked out by hand."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Modules of the benchmarks by name; they lie beside the package."""
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    return importlib.import_module


def test_core_hours_price_and_storage_follow_from_one_article(module: Any) -> None:
    plan = module("scale_plan")
    figures = plan.Figures(cpu=0.36, starts=0.0, page_bytes=20_000, lake_bytes=5_000, sqlite_bytes=10_000, reports=0.5)
    wish = plan.Wish(articles_a_day=1_000, days=10, cores=4, efficiency=0.5, price=0.1)
    costs = plan.planned(figures, wish)
    assert costs.articles == 10_000
    assert costs.core_hours == pytest.approx(2.0)  # 10,000 x 0.36 s are an hour, at half the speed two
    assert costs.hours == pytest.approx(0.5)
    assert costs.price == pytest.approx(0.2)
    assert (costs.archive, costs.lake, costs.sqlite, costs.reports) == pytest.approx((2e8, 5e7, 1e8, 5_000))


def test_more_cores_take_less_time_and_pay_for_their_starts(module: Any) -> None:
    plan = module("scale_plan")
    few, many = (
        plan.planned(plan.DEFAULTS, plan.Wish(articles_a_day=1e5, days=1, cores=cores, efficiency=0.9, price=1.0))
        for cores in (10, 1_000)
    )
    assert many.hours < few.hours / 10
    assert many.price - few.price == pytest.approx(990 * plan.DEFAULTS.starts / 0.9 / 3_600)


@pytest.mark.parametrize(
    ("one", "several", "workers", "share"),
    [(10.0, 5.0, 2, 1.0), (10.0, 10.0, 2, 0.5), (9.0, 2.5, 4, 0.9), (1.0, 0.0, 2, 0.0)],
)
def test_scaling_is_what_each_worker_keeps(module: Any, one: float, several: float, workers: int, share: float) -> None:
    assert module("backfill_plan").efficiency(one, several, workers) == pytest.approx(share)


@pytest.mark.parametrize(
    ("one", "other", "score"),
    [("a b c", "A, b c!", 1.0), ("", "", 1.0), ("", "a", 0.0), ("a a b", "a b b", 2 / 3), ("a b", "a b c d", 2 / 3)],
)
def test_texts_are_compared_by_words(module: Any, one: str, other: str, score: float) -> None:
    assert module("backfill_plan").f1(one, other) == pytest.approx(score)
    assert module("backfill_plan").f1(other, one) == pytest.approx(score)


def test_a_speed_without_time_is_none(module: Any) -> None:
    assert module("backfill_plan").speed(30, 1.5) == pytest.approx(20.0)
    assert module("backfill_plan").speed(30, 0.0) == 0.0
