"""Words to pieces, articles to windows, and vectors back onto tokens: arithmetic that needs no model."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from tracker.errors import ModelError
from tracker.model import EventType, Span
from tracker.nlp.clauses import Clause
from tracker.nlp.encoder import (
    GRAPH,
    TABLES,
    Tables,
    Words,
    load_encoder,
    load_tables,
    load_words,
    save_tables,
    save_words,
)
from tracker.nlp.insight import ClauseHead, Heads, Insight, PairHead, gelu
from tracker.nlp.windows import MOST_PIECES, Vectors, Window, lay, windows
from tracker.nlp.wordpiece import WordPiece

VOCAB = Vocab()
PIECES = WordPiece(
    ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "ban", "##s", "export", "##ed", "caf", "##e", "5", "%", ",", "."]
)


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("ban", ["ban"]),
        ("Bans", ["ban", "##s"]),  # case is lost
        ("exported", ["export", "##ed"]),
        ("café", ["caf", "##e"]),  # so are accents
        ("5%", ["5", "%"]),  # signs stand alone
        ("zebra", ["[UNK]"]),
        ("ban" * 40, ["[UNK]"]),  # too long to be a word
        ("\u200b", []),
    ],
)
def test_a_word_is_cut_into_the_longest_known_pieces(word: str, pieces: list[str]) -> None:
    assert [list(PIECES.number)[i] for i in PIECES.pieces(word)] == pieces


@pytest.fixture(scope="module")
def blank() -> Language:
    language = spacy.blank("en")
    language.add_pipe("sentencizer")
    return language


def test_every_window_opens_with_the_title_and_repeats_the_sentence_before(blank: Language) -> None:
    text, title = blank("Bans ban exported bans . " * 60), blank("Export ban")
    cut = windows(text, title, PIECES)
    assert len(cut) > 1
    for window in cut:
        assert list(window.ids[:3]) == [PIECES.start, *PIECES.pieces("export"), *PIECES.pieces("ban")]
        assert len(window.ids) <= MOST_PIECES
    repeated = cut[1].ids[4 : 4 + 8]
    assert (cut[1].text[4 : 4 + 8] == -1).all()
    assert list(repeated) == [p for word in "Bans ban exported bans .".split() for p in PIECES.pieces(word)]


@given(st.lists(st.sampled_from(["ban", "bans", "exported", "café", "zebra", ".", "5%", "\n\n"]), max_size=400))
def test_every_token_with_pieces_stands_in_exactly_one_window(words: list[str]) -> None:
    doc = Doc(VOCAB, words=words, sent_starts=[w == "." or i == 0 for i, w in enumerate(words)])
    cut = windows(doc, None, PIECES)
    owners = [t for window in cut for t in np.unique(window.text[window.text >= 0]).tolist()]
    assert sorted(owners) == [t.i for t in doc if not t.is_space and PIECES.pieces(t.text)]


def test_a_token_has_the_mean_of_its_pieces(blank: Language) -> None:
    text = blank("Bans .")
    (window,) = windows(text, None, PIECES)
    states = np.arange(len(window.ids), dtype=np.float32)[:, None].repeat(2, axis=1)
    vectors = lay(text, None, [window], [states], 2)
    assert vectors.text[0].tolist() == [1.5, 1.5]  # pieces 1 and 2, after the mark at the start
    assert vectors.whole[0].tolist() == [0.0, 0.0]


def heads(width: int = 2, hidden: int = 3) -> Heads:
    """Heads of one task each, with small numbers."""
    grid = np.linspace(-1, 1, 3 * width * hidden, dtype=np.float32).reshape(3 * width, hidden)
    kinds = np.zeros((len(EventType), hidden), np.float32)
    outward, last = np.eye(hidden, dtype=np.float32), np.zeros(hidden, np.float32)
    bias = np.zeros(hidden, np.float32)
    clause = ClauseHead(grid, bias, kinds, outward, last)
    pair = PairHead(grid, grid[:width], grid, grid[:width], bias, kinds, outward, last)
    return Heads({"types": clause}, {"roles": pair})


def test_the_same_phrase_beside_the_same_clause_gives_the_same_logits(blank: Language) -> None:
    text = blank("Japan bans exports .")
    vectors = Vectors(np.eye(4, 2, dtype=np.float32), np.zeros((0, 2), np.float32), np.ones((4, 2), np.float32))
    insight = Insight(heads(), vectors, text, None)
    clause = Clause(
        head=1, core=(0, 1, 2), subjects=(0,), objects=(2,), agents=(), obliques=(), governor=None, link="ROOT",
        antecedent=None, passive=False, negated=False, auxiliaries=(), marks=(), nominal=False, inherited=False,
    )  # fmt: skip
    one = insight.pair("roles", clause, EventType.TARIFF, Span(start=0, end=5))
    two = insight.pair("roles", clause, EventType.TARIFF, Span(start=0, end=5))
    other = insight.pair("roles", clause, EventType.TARIFF, Span(start=11, end=18))
    assert one.tolist() == two.tolist() != other.tolist()


def test_gelu_is_the_identity_far_right_and_nothing_far_left() -> None:
    assert gelu(np.array([10.0, 0.0, -10.0], np.float32)).round(4).tolist() == [10.0, 0.0, 0.0]


def test_tables_come_back_from_their_file_and_the_same_give_the_same_bytes(tmp_path: Path) -> None:
    tables = Tables(heads(), "abc")
    save_tables(tables, tmp_path / "one.npz")
    back = load_tables(tmp_path / "one.npz")
    save_tables(back, tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    assert back.graph == "abc"


def test_words_come_back_from_their_file(tmp_path: Path) -> None:
    save_words(Words(("[PAD]", "ban"), np.ones((2, 2), np.int8), np.ones(2, np.float32)), tmp_path / "words.npz")
    assert load_words(tmp_path / "words.npz").pieces == ("[PAD]", "ban")


def test_a_folder_without_an_encoder_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="make train"):
        load_encoder(tmp_path)


def test_a_graph_and_tables_of_two_trainings_are_not_mixed(tmp_path: Path) -> None:
    (tmp_path / GRAPH).write_bytes(b"another graph")
    save_tables(Tables(heads(), "abc"), tmp_path / TABLES)
    with pytest.raises(ModelError, match="do not belong together"):
        load_encoder(tmp_path)


def test_the_runtime_reports_to_nobody(tmp_path: Path) -> None:
    alone = {"HOME": str(tmp_path), "PATH": os.defpath}  # nothing that has it think it is under test
    subprocess.run(
        [sys.executable, "-c", "from tracker.nlp.encoder import load_encoder; load_encoder()"], env=alone, check=True
    )
    assert not list(tmp_path.iterdir())  # it keeps there what it has to report, under an id of the machine


def test_the_shipped_encoder_computes_the_same_with_every_processor() -> None:
    """As those with VNNI do, whose 8-bit products do not overflow; the figures change with each `make train`."""
    states = load_encoder().states([Window(np.arange(2000, 2032), *[np.full(32, -1)] * 2)])[0]
    assert states[0, :6] == pytest.approx([-0.4400, 0.2805, -0.3563, 0.5127, -0.0142, 0.3451], abs=0.01)
