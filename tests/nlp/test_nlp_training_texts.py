"""The texts that the reader learns from have their form, and what has not is told with its place."""

from __future__ import annotations

import pytest
from articles import own_articles
from snippets import FormError, parse, snippets

LINE = (
    "[T ByteDance] had sued. <court_ruling in_force restrict confirmed: [A The court] threw [I the case] out "
    "[N last week]>; <product_ban announced restrict confirmed: [A Washington]'s ban starts [F on 19 January].>"
)


def test_every_text_that_the_reader_learns_from_has_its_form() -> None:
    articles, short = own_articles(), snippets()
    told = [*articles, *short]

    assert len(articles) >= 2_435
    assert len(short) >= 4_707
    assert len({doc["id"] for doc in told}) == len(told)
    for doc in told:
        for event in doc["events"]:
            for span in event["evidence"]:
                assert 0 <= span["start"] < span["end"] <= len(doc["text"]), doc["id"]
    for doc in short:
        for event in doc["events"]:
            marked = [party["span"] for party in event["actors"] + event["targets"]]
            for start, end in [*marked, *event["dates"]["announced"], *event["dates"]["effective"]]:
                assert 0 <= start < end <= len(doc["text"]), doc["id"]


def test_a_snippet_holds_its_events_and_what_is_marked_in_them() -> None:
    ((number, doc),) = parse(f"@ 2025-01-14\n{LINE}\n", "some")
    ruling, ban = doc["events"]
    text = doc["text"]

    assert number == 2
    assert text.startswith("ByteDance had sued. The court threw the case out last week; Washington's ban")
    assert (ruling["type"], ruling["status"], ruling["direction"]) == ("court_ruling", "in_force", "restrict")
    assert [a["name"] for a in ruling["actors"]] == ["The court"]
    assert [a["name"] for a in ban["actors"]] == ["Washington"]
    assert [t["name"] for e in (ruling, ban) for t in e["targets"]] == ["ByteDance", "ByteDance"]
    assert ruling["items"] == ["the case"]
    assert [text[a:b] for a, b in ruling["dates"]["announced"]] == ["last week"]
    assert [text[a:b] for a, b in ban["dates"]["effective"]] == ["on 19 January"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("<tariff announced: [A Ankara] did.>", "type, status, direction and certainty wanted"),
        ("<tariff announced up confirmed: [A Ankara] did.>", "'up' is none of restrict, ease, neutral"),
        ("<tariff announced restrict confirmed: [A Ankara [T x]>", "a mark opens inside another"),
        ("<tariff announced restrict confirmed: [A Ankara] did", "not closed"),
        ("[A Ankara] did.>", "closes nothing"),
        ("[Ankara] did.", "opens neither"),
    ],
)
def test_a_line_without_the_form_is_told_with_its_place(line: str, message: str) -> None:
    with pytest.raises(FormError, match="line 2") as caught:
        list(parse(f"@ 2024-05-15\n{line}\n", "some"))
    assert message in str(caught.value)


def test_a_snippet_needs_a_day() -> None:
    with pytest.raises(FormError, match="line 1: no line `@ 2024-05-15`"):
        list(parse("Nothing happened.\n", "some"))
