"""The gate: what it leaves unread, what that costs, and that a user's words always open it."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from articles import own_articles
from hypothesis import given
from hypothesis import strategies as st
from score import score
from split import split

import tracker.nlp
from tracker.errors import ModelError
from tracker.extraction import extract
from tracker.model import Article, Basis, TextFrom, When
from tracker.nlp.gate import SHORT, Gate, Weights, features, load_weights, save_weights, sentences
from tracker.nlp.ontology import load_ontology

MOST_LOST = 0.005  # of strict F1, beside reading everything
LEAST_LEFT = 0.6  # of the gold's articles without events, which were written to look like those with events

Doc = dict[str, Any]
TELLING = [
    "Beijing said on Tuesday that it would ban exports of gallium and germanium to the United States.",
    "The commerce ministry will require licences for shipments of antimony from 15 September.",
    "Analysts had expected the move after Washington added 140 Chinese firms to its Entity List.",
]
IDLE = [
    "The home side won by four goals to nil after a bright start in front of a full house.",
    "Her new album was recorded in a cottage without heating, she told the festival crowd on Saturday.",
    "Rain is expected in the north from Friday, with the best of the sunshine along the coast.",
    "The bakery on the corner has sold the same rye loaf since 1931 and sees no reason to stop.",
    "Shares in the retailer rose 3% after it reported higher sales of garden furniture.",
]


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate(load_ontology())


@pytest.mark.parametrize(
    ("lines", "matters"),
    [
        (TELLING, True),
        (IDLE, False),
        ([*IDLE, *IDLE, *TELLING], True),
        ([line.upper() for line in IDLE], False),
        ([line.upper() for line in TELLING], True),
    ],
    ids=["a measure", "daily life", "a measure at the end", "capitals", "a measure in capitals"],
)
def test_what_may_tell_a_measure_is_read(gate: Gate, lines: list[str], matters: bool) -> None:  # noqa: FBT001
    text = "\n\n".join(lines)
    assert len(text) >= 200
    assert gate.may_matter("", text + "\n" * max(0, SHORT - len(text))) is matters


def test_a_short_text_is_always_read(gate: Gate) -> None:
    assert gate.may_matter("", "The band played.")


@pytest.mark.parametrize("part", ["dev", "heldout"])
def test_most_articles_without_events_are_left_unread(gate: Gate, part: str) -> None:
    quiet = [doc for doc in split(part) if not doc["events"]]
    left = [doc for doc in quiet if not gate.may_matter(doc.get("title") or "", doc["text"])]
    assert len(left) >= LEAST_LEFT * len(quiet)


@pytest.mark.real_reader
def test_the_gate_loses_next_to_no_strict_f1(gate: Gate) -> None:
    """Shown by reading only what the gate leaves unread.

    With t right events of P found and G of the gold, F1 is 2t / (P + G). Without the articles in which h are right it
    is at least 2(t - h) / (P + G), for what was found there goes too: no more than 2h / (P + G) <= 2h / G is lost.
    """
    gold = split("heldout")
    left = {doc["id"]: doc for doc in gold if not gate.may_matter(doc.get("title") or "", doc["text"])}
    reader = tracker.nlp.load()
    reader.gate = Gate(load_ontology(), Weights(bias=0.0, threshold=0.0, words={}, trained_on="reads everything"))
    found = {answer["id"]: answer for answer in extract([article(doc) for doc in left.values()], reader)}
    table, _ = score(left, found)
    right = round(table["strict"]["r"] * sum(counted(doc) for doc in left.values()))
    assert 2 * right / sum(counted(doc) for doc in gold) <= MOST_LOST


def article(doc: Doc) -> Article:
    day = doc.get("published_at")
    return Article(
        id=doc["id"], url=None, title=doc.get("title") or "", text=doc["text"], language="en",
        published=When(value=day, basis=Basis.METADATA) if day else None, text_from=TextFrom.INPUT,
    )  # fmt: skip


def counted(doc: Doc) -> int:
    """The events of a gold article that must be found."""
    return sum(not event.get("optional") for event in doc["events"])


def test_sentences_are_the_whole_text_in_order() -> None:
    docs = own_articles()[::50]
    assert docs
    for doc in docs:
        assert "".join(sentences(doc["text"])) == doc["text"]


@given(st.text(max_size=500))
def test_any_text_can_be_judged(text: str) -> None:
    assert "".join(sentences(text)) == text
    assert load_weights().score(sentences(text)) >= 0
    assert all(feature for feature in features(text))


def test_a_sentence_is_seen_as_words_and_pairs() -> None:
    assert features("A 25% duty!") == {"a", "#", "duty", "!", "a #", "# duty", "duty !"}


def test_weights_come_back_from_their_file(tmp_path: Path) -> None:
    weights = Weights(bias=-1.5, threshold=1.0, words={"ban": 2.0, "export ban": 0.5}, trained_on="a test")
    save_weights(weights, tmp_path / "gate.json.gz")
    assert load_weights(tmp_path / "gate.json.gz") == weights


@pytest.mark.parametrize(
    "content", [b"", b"no gzip", gzip.compress(b"{}", mtime=0), gzip.compress(b'{"format": 99}', mtime=0)]
)
def test_a_file_that_holds_no_weights_is_refused_with_a_remedy(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "gate.json.gz").write_bytes(content)
    with pytest.raises(ModelError, match="make train"):
        load_weights(tmp_path / "gate.json.gz")
