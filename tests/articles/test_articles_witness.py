"""JSON-LD's `articleBody` beside what was found on the page: where it ends the article, and where it is the article."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tracker.articles import from_input
from tracker.articles.witness import LEAST_WORDS, confirmed
from tracker.model import Done

LEAD = "Nickel exports stop on Friday"
ONE = "The ministry of trade has banned the export of raw nickel from Friday, and said on Monday that " + "a " * 50
TWO = "Mills in the north will stand idle, the union of miners fears, for as long as " + "no ship leaves port. " * 10
NOISE = "Have you found a mistake? Mark it and tell the editors."


@pytest.mark.parametrize(
    ("blocks", "told", "result"),
    [
        ([LEAD, ONE, TWO, NOISE], f"{ONE} {TWO}", [LEAD, ONE, TWO]),
        ([LEAD, ONE, TWO, NOISE], f"<p>{ONE}</p><p>{TWO}</p>", [LEAD, ONE, TWO]),
        ([LEAD, ONE, TWO], ONE, [LEAD, ONE, TWO]),
        ([ONE, TWO, NOISE], f"{ONE} {TWO}"[:250], [ONE, TWO, NOISE]),
        ([ONE, TWO, NOISE], LEAD, [ONE, TWO, NOISE]),
        ([NOISE], f"{ONE}\n\n{TWO}", [" ".join(ONE.split()), " ".join(TWO.split())]),
        ([ONE * 9], TWO * 2, [ONE * 9]),
        ([ONE, NOISE], "", [ONE, NOISE]),
    ],
    ids=["noise after", "markup", "one paragraph of two", "cut short", "a summary", "a page that shows nothing",
         "another text", "none"],
)  # fmt: skip
def test_a_witness(blocks: list[str], told: str, result: list[str]) -> None:
    assert confirmed(blocks, told) == tuple(result)


def test_a_page_that_scripts_fill_is_read_from_its_data() -> None:
    told = f"{ONE}\n\n{TWO}"
    assert len(told.split()) > LEAST_WORDS
    data = json.dumps({"@type": "NewsArticle", "headline": LEAD, "articleBody": told})
    page = f"<html lang=en><script type='application/ld+json'>{data}</script><body><div id=app></div></body></html>"
    made = from_input(page.encode(), now=datetime(2024, 7, 1, tzinfo=UTC), as_html=True)
    assert isinstance(made, Done)
    assert made.value.text.startswith("The ministry of trade has banned")
    assert made.value.unread is None


def test_letters_and_accents_are_one() -> None:
    page = "<html lang=en><body><article><p>Die Tu\u0308rkei verbot die Ausfuhr.</p></article></body></html>"
    made = from_input(page.encode(), now=datetime(2024, 7, 1, tzinfo=UTC), as_html=True)
    assert isinstance(made, Done)
    assert "T\u00fcrkei" in made.value.text
