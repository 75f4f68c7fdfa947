"""A parsed article cut into the windows that the encoder reads, and its answer laid back on the tokens.

Each window opens with the title and goes on with as many sentences as fit; a window after the first repeats the
sentence before it, so that "the move" is read beside what moved. Pure arithmetic; runs no model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from tracker.nlp.wordpiece import WordPiece

Array = NDArray[np.float32]
MOST_PIECES = 256  # of one window, title and marks included
MOST_TITLE = 48
MOST_WORD = 24  # pieces of one word that are read
MOST_SENTENCE = 160  # pieces of one sentence; what is longer is cut into several runs


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces for the encoder, and per piece the token it belongs to: `text` and `title` indexes, -1 for none."""

    ids: NDArray[np.int64]
    text: NDArray[np.int64]
    title: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Vectors:
    """A vector per token of text and title, and per text token that of its window; shapes (tokens, width)."""

    text: Array
    title: Array
    whole: Array


def windows(text: Doc, title: Doc | None, pieces: WordPiece) -> list[Window]:
    """The windows of an article; at least one, unless there is neither text nor title."""
    heading = [] if title is None else [(-1, t.i, p) for t in title for p in pieces.pieces(t.text)][:MOST_TITLE]
    front = [(-1, -1, pieces.start), *heading, (-1, -1, pieces.stop)] if heading else [(-1, -1, pieces.start)]
    made: list[Window] = []
    current: list[tuple[int, int, int]] = []
    before: list[tuple[int, int, int]] = []
    fresh = False
    for run in _runs(text, pieces):
        if fresh and len(front) + len(current) + len(run) >= MOST_PIECES:
            made.append(_window([*front, *current, (-1, -1, pieces.stop)]))
            room = MOST_PIECES - len(front) - len(run) - 1
            repeated = [(-1, -1, p) for _, _, p in before]
            current = repeated[-room:] if room > 0 else []
        current = [*current, *run]
        before, fresh = run, True
    if fresh or heading:
        made.append(_window([*front, *current, (-1, -1, pieces.stop)]))
    return made


def _runs(text: Doc, pieces: WordPiece) -> list[list[tuple[int, int, int]]]:
    runs: list[list[tuple[int, int, int]]] = []
    for sentence in text.sents:
        run: list[tuple[int, int, int]] = []
        for token in sentence:
            cut = () if token.is_space else pieces.pieces(token.text)[:MOST_WORD]
            if len(run) + len(cut) > MOST_SENTENCE:
                runs.append(run)
                run = []
            run += [(token.i, -1, p) for p in cut]
        if run:
            runs.append(run)
    return runs


def _window(rows: Sequence[tuple[int, int, int]]) -> Window:
    table = np.array(rows, dtype=np.int64)
    return Window(ids=table[:, 2], text=table[:, 0], title=table[:, 1])


def lay(text: Doc, title: Doc | None, cut: Sequence[Window], states: Sequence[Array], width: int) -> Vectors:
    """The mean of each token's pieces; `states` holds per window (pieces, width)."""
    n, m = len(text), 0 if title is None else len(title)
    told, heading = np.zeros((n, width), np.float32), np.zeros((m, width), np.float32)
    whole = np.zeros((n, width), np.float32)
    for number, (window, state) in enumerate(zip(cut, states, strict=True)):
        inside = window.text >= 0
        if inside.any():
            first, end = int(window.text[inside].min()), int(window.text.max()) + 1
            told[first:end] += _means(state[inside], window.text[inside] - first, end - first)
        if number == 0:
            inside = window.title >= 0
            heading += _means(state[inside], window.title[inside], m)
        whole[np.unique(window.text[window.text >= 0])] = state[0]
    return Vectors(text=told, title=heading, whole=whole)


def _means(states: Array, owner: NDArray[np.int64], n: int) -> Array:
    out = np.zeros((n, states.shape[1]), np.float32)
    np.add.at(out, owner, states)
    counts = np.bincount(owner, minlength=n).astype(np.float32)
    return np.asarray(out / np.maximum(counts, 1.0)[:, None], dtype=np.float32)
