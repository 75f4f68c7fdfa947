from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from tracker.articles import from_input
from tracker.articles.notices import notice
from tracker.model import Done, Notice

TABLE = yaml.safe_load((Path(__file__).parent / "data" / "notices.yaml").read_text(encoding="utf-8"))
CASES = [
    (kind, case["title"], case.get("text", "The ministry banned exports of nickel on Monday."))
    for kind, cases in TABLE.items()
    for case in cases
]


@pytest.mark.parametrize(("kind", "title", "text"), CASES)
def test_what_an_article_is_about_an_earlier_one(kind: str, title: str, text: str) -> None:
    assert notice(title, text) == (None if kind == "neither" else Notice(kind))


def test_an_article_that_is_made_says_what_it_is() -> None:
    page = b"""<html lang="en"><head><title>Ministry bans exports of nickel</title></head><body><article>
    <h1>Ministry bans exports of nickel</h1>
    <p>The ministry of trade said on Tuesday that it would ban exports of nickel ore from August, so that the metal is
    smelted at home; the ban had been expected since the spring, when the president spoke of it in parliament.</p>
    <p>Smelters in the north of the country have asked for it for years, and miners said that they would comply with
    the order although prices on the world market would fall for some of what they dig out of the ground.</p>
    <p>An earlier version of this article misstated the month in which the ban takes effect.</p>
    </article></body></html>"""
    made = from_input(
        page, now=datetime(2024, 7, 10, tzinfo=UTC), url="https://news.example/nickel", content_type="text/html"
    )
    assert isinstance(made, Done)
    assert made.value.notice is Notice.CORRECTION
