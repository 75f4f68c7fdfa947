"""What holds on a day, and what is ahead: lives of measures beside what is to be found of them."""

from __future__ import annotations

from collections.abc import Iterator

import life_samples
import pytest

from tracker.query import Timeline

# A life, and what of it holds on some days.
HOLD: dict[str, tuple[str, dict[str, str]]] = {
    "in-force": ("a in_force 2024-06-25", {"2024-06-24": "", "2024-06-25": "a", "2030": "a"}),
    "in-force-from-a-later-day": (
        "a in_force 2024-06-25 2024-07-09",
        {"2024-06-25": "", "2024-07-08": "", "2024-07-09": "a"},
    ),
    "announced-for-a-day": (
        "a announced 2024-06-25 2024-07-09",
        {"2024-06-30": "", "2024-07-08": "", "2024-07-09": "a", "2025": "a"},
    ),
    "announced-looking-back": ("a announced 2024-06-25 2024-01-01", {"2024-06-24": "", "2024-06-25": "a"}),
    "announced-for-no-day": ("a announced 2024-06-25", {"2024-06-25": "", "2030": ""}),
    "announced-then-told-in-force": (
        "a announced 2024-06-25 2024-07-09; b in_force 2024-07-10",
        {"2024-07-09": "", "2024-07-10": "b"},  # the step is told by b, within a week of the plan
    ),
    "considered": ("a considered 2024-06-25 2024-07-09", {"2030": ""}),
    "proposed": ("a proposed 2024-06-25 2024-07-09", {"2030": ""}),
    "rejected": ("a rejected 2024-06-25", {"2030": ""}),
    "proposed-then-rejected": ("a proposed 2024-01; b rejected 2024-06-25", {"2030": ""}),
    "ended-by-itself": ("a ended 2024-06-25", {"2024-06-24": "", "2024-06-25": ""}),
    "ended-by-another": (
        "a in_force 2023-05; b ended 2024-06-25",
        {"2023-04-30": "", "2023-05-01": "a", "2024-06-24": "a", "2024-06-25": ""},
    ),
    "ends-on-a-later-day": (
        "a in_force 2023-05; b ended 2024-06-25 2024-12-31",
        {"2024-06-25": "a", "2024-12-30": "a", "2024-12-31": ""},
    ),
    "ended-then-anew": (
        "a in_force 2023-05; b ended 2024-02-01; c in_force 2024-06-25",
        {"2023-12-31": "a", "2024-03": "", "2024-06-25": "c"},
    ),
    "suspended": (
        "a in_force 2023-05-02; b suspended 2024-02-01",
        {"2024-01-31": "a", "2024-02-01": "", "2030": ""},
    ),
    "suspended-then-resumed": (
        "a in_force 2023-05-02; b suspended 2024-02-01; c in_force 2024-06-25",
        {"2024-01": "a", "2024-02": "", "2024-06-24": "", "2024-06-25": "a c"},
    ),
    "suspended-before-its-day": (
        "a announced 2024-01-10 2024-07-01; b suspended 2024-03-01",
        {"2024-06-30": "", "2024-07-01": "", "2030": ""},
    ),
    "delayed-to-a-day": (
        "a announced 2024-01-10 2024-07-01; b delayed 2024-06-20 2024-09-01",
        {"2024-07-01": "", "2024-08-31": "", "2024-09-01": "b"},
    ),
    "delayed-without-a-day": ("a announced 2024-01-10 2024-07-01; b delayed 2024-06-20", {"2030": ""}),
    "known-to-the-month": ("a in_force 2024-06", {"2024-05-31": "", "2024-06-01": "a", "2024-06": "a"}),
    "known-to-the-year": ("a in_force 2024", {"2023": "", "2024-01-01": "a", "2024": "a"}),
    "ended-in-a-month": ("a in_force 2023; b ended 2024-06", {"2024-05-31": "a", "2024-06-01": "", "2024-06": ""}),
    "no-date": ("a in_force -", {"2024-09-15": "", "2030": ""}),
    "only-its-day": ("a announced - 2024-07-09", {"2024-07-08": "", "2024-07-09": "a"}),
    "in-force-only-its-day": ("a in_force - 2024-07-09", {"2024-07-08": "", "2024-07-09": "a"}),
    "denied": ("a in_force 2024-06-25 - denied", {"2030": ""}),
    "refused": ("a in_force 2024-06-25 - refused", {"2030": ""}),
    "plans-while-it-holds": ("a in_force 2023-05-02; b considered 2024-06-25", {"2024-06-25": "a"}),
    "extended-while-it-holds": (
        "a in_force 2023-05-02; b announced 2024-06-25 2024-12-01",
        {"2024-11-30": "a", "2024-12-01": "a b"},
    ),
    "stayed-by-a-court": (
        "a in_force 2023-05-02; b in_force 2024-06-25 - court_ruling ease",
        {"2024-06-24": "a", "2024-06-25": ""},
    ),
    "upheld-by-a-court": (
        "a in_force 2023-05-02; b in_force 2024-06-25 - court_ruling",
        {"2024-06-24": "a", "2024-06-25": "a b"},
    ),
    "a-fine": ("a in_force 2024-06-25 - enforcement", {"2024-06-24": "", "2024-06-25": "a", "2030": "a"}),
}
# A life, and what of it is ahead on some days.
AHEAD: dict[str, tuple[str, dict[str, str]]] = {
    "plan": (
        "a announced 2024-06-25 2024-07-09",
        {"2024-01-01": "a", "2024-07-08": "a", "2024-07-09": "a", "2024-07-10": ""},
    ),
    "plan-without-a-day": ("a announced 2024-06-25", {"2024-06-25": ""}),
    "proposal": ("a proposed 2024-06-25 2024-09-01", {"2024-08-01": "a"}),
    "plan-for-a-month": ("a announced 2024-06-25 2024-09", {"2024-09-30": "a", "2024-10-01": ""}),
    "plan-for-a-year": ("a announced 2024-06-25 2025", {"2025-12-31": "a", "2026-01-01": ""}),
    "refused-plan": ("a announced 2024-06-25 2024-09-01 refused", {"2024-08-01": ""}),
    "turned-down": ("a rejected 2024-06-25 2024-09-01", {"2024-08-01": ""}),
    "put-off": (
        "a announced 2024-01-10 2024-07-01; b delayed 2024-06-20 2024-09-01",
        {"2024-06-25": "b", "2024-08-31": "b", "2024-09-02": ""},
    ),
    "put-off-for-good": ("a announced 2024-01-10 2024-07-01; b suspended 2024-06-20", {"2024-06-25": ""}),
    "given-up": ("a announced 2024-01-10 2024-07-01; b ended 2024-06-20", {"2024-06-25": ""}),
    "stopped-after-its-day": ("a announced 2024-01-10 2024-07-01; b suspended 2024-07-20", {"2024-06-25": "a"}),
    "stopped-before-its-word": ("b suspended 2023-07-20; a announced 2024-01-10 2024-07-01", {"2024-06-25": "a"}),
    "end-ahead": ("a in_force 2023-05; b ended 2024-01-10 2024-07-01", {"2024-06-25": "b"}),
}


@pytest.fixture(scope="module")
def holding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Timeline]:
    lives = {name: life for name, (life, _) in HOLD.items()}
    with Timeline.open(life_samples.build(tmp_path_factory.mktemp("hold") / "t.db", lives)) as opened:
        yield opened


@pytest.fixture(scope="module")
def coming(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Timeline]:
    lives = {name: life for name, (life, _) in AHEAD.items()}
    with Timeline.open(life_samples.build(tmp_path_factory.mktemp("ahead") / "t.db", lives)) as opened:
        yield opened


@pytest.mark.parametrize("name", HOLD)
def test_what_holds_on_a_day(holding: Timeline, name: str) -> None:
    for day, expected in HOLD[name][1].items():
        found = holding.page(measure=f"m-{name}", in_force_on=day, order="oldest").events
        assert [one.id for one in found] == [f"e-{name}.{letter}" for letter in expected.split()], day
        last = {4: "-12-31", 7: "-30"}.get(len(day), "")
        stands = holding.measure(f"m-{name}", day=day + last).status
        if name != "refused":  # measures know no verdicts but those they were settled with
            assert (stands == "in_force") == bool(found), (day, stands)


@pytest.mark.parametrize("name", AHEAD)
def test_what_is_ahead(coming: Timeline, name: str) -> None:
    for day, expected in AHEAD[name][1].items():
        found = coming.upcoming(day, measure=f"m-{name}")
        assert [one.id for one in found] == [f"e-{name}.{letter}" for letter in expected.split()], day
        absolute = {"measure": f"m-{name}", "upcoming": day}  # as the filter is once today is known
        assert coming.count(**absolute) == len(found)  # type: ignore[arg-type]


def test_all_that_holds_at_once(holding: Timeline) -> None:
    """Without a measure other ways are taken to the same answer."""
    for day in ("2024-06-25", "2024-07-09", "2030"):
        by_measure = {one.id for name in HOLD for one in holding.page(measure=f"m-{name}", in_force_on=day).events}
        assert {one.id for one in holding.stream(in_force_on=day)} == by_measure
        assert holding.count(in_force_on=day) == len(by_measure)


def test_the_views_say_the_same_of_today(coming: Timeline, holding: Timeline) -> None:
    (today,) = holding._db.row("SELECT date('now')") or ("",)
    told = [row["id"] for row in holding._db.rows("SELECT id FROM in_force")]
    assert told == [one.id for one in holding.stream(in_force_on=today)]
    assert "e-in-force.a" in told
    ahead = [row["id"] for row in coming._db.rows("SELECT id FROM upcoming")]
    assert ahead == [one.id for one in coming.upcoming(today)]
