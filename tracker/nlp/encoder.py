"""The sentence encoder: windows of word pieces in, a vector per piece out, on the CPU by ONNX Runtime.

MiniLM, fitted further on annotated articles and cut to 8-bit integers (`evals/joint.py`). Every window is run alone:
the rounding of 8-bit arithmetic follows the largest value in a run, so that a batch would make a reading hang on its
neighbours. Knows no clause, party or event type.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from tracker.errors import ModelError
from tracker.nlp.insight import ClauseHead, Heads, Insight, PairHead
from tracker.nlp.windows import Array, Vectors, Window, lay, windows
from tracker.nlp.wordpiece import WordPiece

FOLDER = Path(__file__).parent / "learned"
TELLS_NOBODY = {"ORT_DISABLE_TELEMETRY": "1"}  # else ONNX Runtime, from 1.29 on, reports each use to its makers
GRAPH, TABLES, WORDS = "encoder.onnx", "heads.npz", "words.npz"
FORMAT = 1
CLAUSE_PARTS = ("inward", "bias", "kinds", "outward", "last")
PAIR_PARTS = ("clause", "phrase", "clause_gate", "phrase_gate", "bias", "kinds", "outward", "last")


@dataclass(frozen=True, slots=True)
class Words:
    """The pieces with their 8-bit vectors and scales; the same for every fit, since they do not learn."""

    pieces: tuple[str, ...]
    vectors: NDArray[np.int8]  # (pieces, width)
    scales: NDArray[np.float32]  # (pieces,)


@dataclass(frozen=True, slots=True)
class Tables:
    """The heads, and the SHA-256 of the graph that they belong to."""

    heads: Heads
    graph: str


class Encoder:
    """Reads articles for the heads; made by `load_encoder`."""

    def __init__(self, session: Any, words: Words, heads: Heads) -> None:
        """Keep the session and number the pieces."""
        self.session = session
        self.words = words
        self.heads = heads
        self.wordpiece = WordPiece(words.pieces)
        self.width = words.vectors.shape[1]

    def insight(self, text: Doc, title: Doc | None) -> Insight:
        """One article's vectors under the heads."""
        return Insight(self.heads, self.vectors(text, title), text, title)

    def vectors(self, text: Doc, title: Doc | None) -> Vectors:
        """A vector per token."""
        cut = windows(text, title, self.wordpiece)
        return lay(text, title, cut, self.states(cut), self.width)

    def states(self, cut: Sequence[Window]) -> list[Array]:
        """Per window an array of (pieces, width)."""
        return [self._run(window.ids) for window in cut]

    def _run(self, ids: NDArray[np.int64]) -> Array:
        words = self.words.vectors[ids].astype(np.float32) * self.words.scales[ids][:, None]
        states: Array = self.session.run(None, {"words": words[None]})[0][0]
        return states


@lru_cache(maxsize=2)
def load_encoder(folder: Path = FOLDER) -> Encoder:
    """The encoder of a folder, with the words that ship; a ModelError says what is wrong with it."""
    try:
        graph = (folder / GRAPH).read_bytes()
        tables = load_tables(folder / TABLES)
        words = load_words(FOLDER / WORDS)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{folder.name}: the encoder cannot be read: {error}; run `make train`") from error
    if tables.graph != sha256(graph).hexdigest():
        raise ModelError(f"{folder.name}: {GRAPH} and {TABLES} do not belong together; run `make train`")
    return Encoder(_session(graph), words, tables.heads)


def _session(graph: bytes) -> Any:
    """The graph, ready to run on one thread, in a runtime that reports to nobody."""
    for name, value in TELLS_NOBODY.items():  # it looks when it is loaded, and never again
        os.putenv(name, value)
    import onnxruntime as ort  # noqa: PLC0415 - as said

    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Else a processor without VNNI adds products of 8-bit numbers up in 16 bits, which overflow: it reads otherwise.
    options.add_session_config_entry("session.x64quantprecision", "1")
    return ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def load_tables(path: Path) -> Tables:
    """The tables of a file; ValueError or KeyError where it is none."""
    with np.load(path, allow_pickle=False) as raw:
        if int(raw["format"]) != FORMAT:
            raise ValueError(f"format {int(raw['format'])}, wanted {FORMAT}")
        clause = {
            n: ClauseHead(*(raw[f"{n} {p}"].astype(np.float32) for p in CLAUSE_PARTS))
            for n in raw["clause tasks"].tolist()
        }
        pair = {
            n: PairHead(*(raw[f"{n} {p}"].astype(np.float32) for p in PAIR_PARTS)) for n in raw["pair tasks"].tolist()
        }
        return Tables(Heads(clause, pair), str(raw["graph"]))


def load_words(path: Path) -> Words:
    """The words of a file; ValueError or KeyError where it is none."""
    with np.load(path, allow_pickle=False) as raw:
        return Words(tuple(bytes(raw["pieces"]).decode().split("\n")), raw["vectors"], raw["scales"])


def save_words(words: Words, path: Path) -> None:
    """Write the file; the same words give the same bytes."""
    pieces = np.frombuffer("\n".join(words.pieces).encode(), dtype=np.uint8)
    with path.open("wb") as file:
        np.savez_compressed(file, pieces=pieces, vectors=words.vectors, scales=words.scales)


def save_tables(tables: Tables, path: Path) -> None:
    """Write the file; the same tables give the same bytes."""
    raw: dict[str, Any] = {"format": FORMAT, "graph": tables.graph}
    raw |= {"clause tasks": list(tables.heads.of_clause), "pair tasks": list(tables.heads.of_pair)}
    for names, heads in ((CLAUSE_PARTS, tables.heads.of_clause), (PAIR_PARTS, tables.heads.of_pair)):
        raw |= {
            f"{task} {part}": getattr(head, part).astype(np.float16) for task, head in heads.items() for part in names
        }
    with path.open("wb") as file:
        np.savez_compressed(file, **raw)
