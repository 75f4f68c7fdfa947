"""Lines and titles that people read."""

from __future__ import annotations

import pytest
from accounts import event

from tracker.model import Event
from tracker.resolve.summary import readable, summary, title

LINES: list[tuple[Event, str, str]] = [
    (
        event("a", effective="2024-08"),
        "United States → China: will curb exports of chips, from August 2024",
        "United States: curbs on chips (China)",
    ),
    (
        event(
            "a", type="access_restriction", actors=("OpenAI",), targets=("developers",), items=("access to its API",)
        ),
        "OpenAI → developers: will block access to API",
        "OpenAI: block on API (developers)",
    ),
    (
        event("a", type="tariff", actors=("United States", "Japan"), status="in_force"),
        "United States and Japan → China: impose duties on chips",
        "United States and Japan: duties on chips (China)",
    ),
    (
        event("a", type="sanction", targets=("Huawei", "ZTE"), items=("asset freeze",), status="in_force"),
        "United States → Huawei and ZTE: imposes sanctions (asset freeze)",
        "United States: sanctions on Huawei and ZTE (asset freeze)",
    ),
    (
        event("a", type="entity_listing", targets=("Huawei", "ZTE"), instruments=("Entity List",), status="in_force"),
        "United States → Huawei and ZTE: puts them on a list (Entity List and chips)",
        "United States: listing of Huawei and ZTE (Entity List and chips)",
    ),
    (
        event("a", type="enforcement", targets=("Nvidia",), items=("$5m",), status="proposed"),
        "United States → Nvidia: proposes to take action ($5m)",
        "United States: action against Nvidia ($5m)",
    ),
    (
        event("a", type="court_ruling", targets=("Huawei",), direction="ease", status="in_force", items=()),
        "United States → Huawei: rules for it",
        "United States: ruling on Huawei",
    ),
    (
        event("a", type="court_ruling", targets=(), status="in_force"),
        "United States: rules (chips)",
        "United States: ruling (chips)",
    ),
    (
        event("a", type="licence_decision", targets=("Nvidia",), status="ended"),
        "United States → Nvidia: revokes licences (chips)",
        "United States: licences for Nvidia (chips)",
    ),
    (
        event("a", type="tariff", status="rejected"),
        "United States → China: does not go ahead with duties on chips",
        "United States: duties on chips (China)",
    ),
    (
        event("a", type="product_ban", actors=(), items=(), status="in_force"),
        "Unnamed actor → China: bans it",
        "Unnamed actor: ban on it (China)",
    ),
    (
        event("a", type="product_ban", items=("the same platform", "TikTok"), status="considered", origins=0),
        "Withdrawn: United States → China: may ban TikTok",
        "United States: ban on TikTok (China)",
    ),
]


@pytest.mark.parametrize(("one", "line", "name"), LINES, ids=[line for _, line, _ in LINES])
def test_the_line_of_an_event_and_the_title_of_its_measure(one: Event, line: str, name: str) -> None:
    assert summary(one) == line
    assert title(one) == name


@pytest.mark.parametrize(("day", "words"), [("2024", "2024"), ("2024-07", "July 2024"), ("2024-07-09", "9 July 2024")])
def test_a_readable_day(day: str, words: str) -> None:
    assert readable(day) == words
