from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tracker.articles.blocks import plain
from tracker.articles.boilerplate import cleaned, is_boilerplate, without_feed_ending

TABLE = yaml.safe_load((Path(__file__).parent / "data" / "boilerplate.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("block", TABLE["drops"])
def test_no_part_of_an_article(block: str) -> None:
    assert is_boilerplate(block)
    assert cleaned(["The ministry banned exports of nickel.", block]) == ("The ministry banned exports of nickel.",)


@pytest.mark.parametrize("block", TABLE["keeps"])
def test_part_of_an_article(block: str) -> None:
    assert not is_boilerplate(block)
    assert cleaned(["First.", "Second.", "Third.", "Fourth.", "Fifth.", block])[-1] == block


def test_a_call_at_the_edge_of_a_paragraph_goes_and_the_paragraph_stays() -> None:
    block = "The ministry banned exports of nickel. Click here to join our WhatsApp channel."
    assert cleaned([block]) == ("The ministry banned exports of nickel.",)


def test_a_box_in_a_list_goes_and_the_list_stays() -> None:
    assert cleaned(["- nickel\n- Sign up for our newsletter\n- cobalt"]) == ("- nickel\n- cobalt",)


def test_title_byline_and_date_at_the_top_go() -> None:
    first = (
        "The ban took effect on Friday, and the ministry said that it would hold for as long as the mills in the north "
        "stand idle."
    )
    blocks = ["Nickel ban takes effect", "By Ann Lee and Bo Chen", "June 25, 2024", first, "June 25, 2024"]
    assert cleaned(blocks, title="Nickel ban takes effect") == (first, "June 25, 2024")


def test_a_list_of_other_articles_at_the_end_goes() -> None:
    blocks = ["The ban took effect.", "Mills closed.", "Related stories", "Nickel prices double", "Who needs nickel"]
    assert cleaned(blocks) == ("The ban took effect.", "Mills closed.")
    blocks[-1] = "More than 4,000 people lost their jobs, the union said on Friday."
    assert cleaned(blocks)[-1] == blocks[-1]


def test_what_is_told_twice_stays_once() -> None:
    quote = "We will appeal against the decision in every court there is"
    blocks = [f"- {quote}", "The owner was angry.", f"“{quote},” he wrote to the minister.", quote]
    assert cleaned(blocks) == ("The owner was angry.", f"“{quote},” he wrote to the minister.")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("The ban took effect. The post Nickel ban appeared first on Quay News.", "The ban took effect."),
        ("The ban took effect … Continue reading Nickel ban →", "The ban took effect …"),
        ("The ban took effect. Read more", "The ban took effect."),
        ("The ban took effect.", "The ban took effect."),
        ("Ministers continue reading the bill on Monday.", "Ministers continue reading the bill on Monday."),
    ],
)
def test_endings_of_feeds(text: str, left: str) -> None:
    assert without_feed_ending(text) == left


GOLD = sorted((Path(__file__).parents[2] / "evals" / "gold").glob("d*.jsonl"))


def letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


@pytest.mark.parametrize("path", GOLD, ids=[path.stem for path in GOLD])
def test_no_evidence_of_an_event_is_ever_taken_for_boilerplate(path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        text, title = article["text"], article.get("title") or ""
        left = letters(" ".join(cleaned(plain(text.replace("\n", "\n\n")), title=title))) + letters(title)
        for event in article["events"]:
            for span in event["evidence"]:
                piece = text[span["start"] : span["end"]] if span.get("field", "text") == "text" else title
                assert letters(piece) in left, (article["id"], piece)
