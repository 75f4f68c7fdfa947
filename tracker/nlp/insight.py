"""What the sentence encoder says of a clause, and of a party, item or date beside it: logits for the linear models.

Small dense heads over the encoder's token vectors, in numpy. The encoder has read the whole window, so these see what
the sparse features cannot: wording that no table holds, and the sentences around. Trains nothing, see `evals/`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from tracker.model import EventType, Span
from tracker.nlp.clauses import Clause
from tracker.nlp.linear import Floats
from tracker.nlp.windows import Array, Vectors

TYPE_NUMBER = {kind: i for i, kind in enumerate(EventType)}
CLAUSE_TASKS = ("types", "status", "direction", "certainty")
PAIR_TASKS = ("roles", "items", "dates")


@dataclass(frozen=True, slots=True)
class ClauseHead:
    """Clause vector to logits through one hidden layer; `kinds` adds what the event's type says."""

    inward: Array  # (3 width, hidden)
    bias: Array  # (hidden,)
    kinds: Array  # (types, hidden)
    outward: Array  # (hidden, labels)
    last: Array  # (labels,)

    def logits(self, clause: Array, kind: EventType | None) -> Floats:
        """One value per label."""
        hidden = clause @ self.inward + self.bias
        if kind is not None:
            hidden = hidden + self.kinds[TYPE_NUMBER[kind]]
        return np.asarray(gelu(hidden) @ self.outward + self.last, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class PairHead:
    """Clause vector and phrase vector to logits: their sum and their product through one hidden layer."""

    clause: Array  # (3 width, hidden)
    phrase: Array  # (width, hidden)
    clause_gate: Array  # (3 width, hidden)
    phrase_gate: Array  # (width, hidden)
    bias: Array
    kinds: Array
    outward: Array
    last: Array

    def of_clause(self, clause: Array) -> tuple[Array, Array]:
        """What a clause brings to the sum and to the product, each (hidden,)."""
        return clause @ self.clause + self.bias, clause @ self.clause_gate

    def of_phrase(self, phrase: Array) -> tuple[Array, Array]:
        """What a phrase brings to the sum and to the product, each (hidden,)."""
        return phrase @ self.phrase, phrase @ self.phrase_gate

    def logits(self, clause: tuple[Array, Array], phrase: tuple[Array, Array], kind: EventType) -> Floats:
        """One value per label."""
        hidden = clause[0] + phrase[0] + self.kinds[TYPE_NUMBER[kind]] + clause[1] * phrase[1]
        return np.asarray(gelu(hidden) @ self.outward + self.last, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Heads:
    """Every head by the name of its task."""

    of_clause: Mapping[str, ClauseHead]
    of_pair: Mapping[str, PairHead]


def gelu(x: Array) -> NDArray[np.float32]:
    """The Gaussian error linear unit in its tanh form (Hendrycks and Gimpel 2016)."""
    return np.asarray(0.5 * x * (1.0 + np.tanh(0.7978845608 * (x + 0.044715 * x**3))), dtype=np.float32)


@dataclass(frozen=True)
class Insight:
    """One article's vectors under the heads."""

    heads: Heads
    vectors: Vectors
    text: Doc
    title: Doc | None

    @cached_property
    def _clauses(self) -> dict[int, Array]:
        return {}

    @cached_property
    def _sides(self) -> dict[tuple[str, int | Span | None], tuple[Array, Array]]:
        """What clauses and phrases bring to the pairs of a task, computed once."""
        return {}

    def clause(self, task: str, clause: Clause, kind: EventType | None = None) -> Floats:
        """Logits of a clause for one of CLAUSE_TASKS."""
        return self.heads.of_clause[task].logits(self._clause(clause), kind)

    def pair(self, task: str, clause: Clause, kind: EventType, span: Span | None) -> Floats:
        """Logits of a phrase beside a clause for one of PAIR_TASKS; no span stands for the article's own date."""
        head, known = self.heads.of_pair[task], self._sides
        one, two = (task, clause.head), (task, span)
        if one not in known:
            known[one] = head.of_clause(self._clause(clause))
        if two not in known:
            known[two] = head.of_phrase(self._phrase(span))
        return head.logits(known[one], known[two], kind)

    def _clause(self, clause: Clause) -> Array:
        known = self._clauses.get(clause.head)
        if known is None:
            known = clause_vector(self.vectors, clause.head, clause.core)
            self._clauses[clause.head] = known
        return known

    def _phrase(self, span: Span | None) -> Array:
        if span is None:
            return np.zeros(self.vectors.text.shape[1], np.float32)
        doc, vectors = (self.text, self.vectors.text) if span.field == "text" else (self.title, self.vectors.title)
        first, last = token_span(doc, span)
        return np.asarray(vectors[first:last].mean(axis=0)) if last > first else np.zeros(vectors.shape[1], np.float32)

    def of_title(self) -> Insight:
        """The same for the title read alone, as if it were the text."""
        assert self.title is not None
        vectors = Vectors(text=self.vectors.title, title=self.vectors.title[:0], whole=self.vectors.title)
        return Insight(self.heads, vectors, self.title, None)


def clause_vector(vectors: Vectors, head: int, core: Sequence[int]) -> Array:
    """The head's vector, the mean of the clause's own words and that of the window, side by side."""
    return np.concatenate([vectors.text[head], vectors.text[list(core)].mean(axis=0), vectors.whole[head]])


def token_span(doc: Doc | None, span: Span) -> tuple[int, int]:
    """The tokens of a span of characters; (0, 0) where there is no such place."""
    found = None if doc is None else doc.char_span(span.start, span.end, alignment_mode="expand")
    return (0, 0) if found is None else (found.start, found.end)
