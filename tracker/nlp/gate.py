"""The cheap question before the costly parse: may this article tell a policy event at all?

Weighs the words and word pairs of each sentence by a linear model (`learned/gate.json.gz`, from `evals/fit_gate.py`);
no spaCy, some hundred microseconds an article. Errs on the side of reading: short texts and those that hold a word of
a user's ontology always are.
"""

from __future__ import annotations

import gzip
import json
import math
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from tracker.errors import ModelError
from tracker.nlp.inflection import forms
from tracker.nlp.ontology import Act, Ontology, load_ontology

BUILT_IN = Path(__file__).parent / "learned" / "gate.json.gz"
FORMAT = 1
SHORT = 400  # characters of a text that is always read: there is little to save and little to judge by
LEAST_PIECE = 25  # characters; what is shorter belongs to the sentence after it
BREAK = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[A-Z\"“‘(\d•*-])|\n+")
WORD = re.compile(r"[a-z]+(?:['’-][a-z]+)*|\d[\d.,]*%?|[$€£¥?!\"“]")
PLAIN = re.compile(r"\w+")
Spelling = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What the words of a sentence say for or against an event in it.

    `words` maps a word or two neighbours ("export ban") to a logit, numbers are "#"; from `threshold` on an article is
    read.
    """

    bias: float
    threshold: float
    words: Mapping[str, float]
    trained_on: str

    def score(self, pieces: Iterable[str]) -> float:
        """How much speaks for an event: sentences add up, by the root of their number."""
        total, count = 0.0, 0
        for piece in pieces:
            logit = self.bias + sum(map(self._weight, features(piece)))
            total += math.log1p(math.exp(min(logit, 30.0)))  # minus the logarithm of the chance of none
            count += 1
        return total / math.sqrt(count or 1)

    def _weight(self, feature: str) -> float:
        return self.words.get(feature, 0.0)


class Gate:
    """The weights, and the words of a user's ontology that always open it."""

    def __init__(self, ontology: Ontology, weights: Weights | None = None) -> None:
        """Compile the user's words; without weights, take the package's."""
        self.weights = weights or load_weights()
        self.sure: dict[str, list[Spelling]] = defaultdict(list)
        for words in _users(ontology):
            self.sure[words[0]].append(words)

    def may_matter(self, title: str, text: str) -> bool:
        """Whether the article is worth parsing."""
        if len(text) < SHORT or (self.sure and self._names(f"{title}\n{text}")):
            return True
        return self.weights.score((*([title] if title else []), *sentences(text))) >= self.weights.threshold

    def _names(self, text: str) -> bool:
        """Whether the text holds a word of the user's."""
        words = PLAIN.findall(text.lower())
        return any(
            tuple(words[i : i + len(known)]) == known
            for i, word in enumerate(words)
            for known in self.sure.get(word, ())
        )


def sentences(text: str) -> Iterator[str]:
    """The text cut at what looks like the ends of sentences and lines."""
    start = 0
    for found in BREAK.finditer(text):
        if found.end() - start >= LEAST_PIECE:
            yield text[start : found.end()]
            start = found.end()
    if start < len(text):
        yield text[start:]


def features(piece: str) -> set[str]:
    """The words of a sentence and its pairs of neighbours."""
    words = ["#" if word[0].isdigit() else word for word in WORD.findall(piece.lower())]
    return {*words, *(f"{one} {two}" for one, two in pairwise(words))}


@lru_cache(maxsize=2)
def load_weights(path: Path = BUILT_IN) -> Weights:
    """The weights of a file; a ModelError says what is wrong with it."""
    try:
        raw = json.loads(gzip.decompress(path.read_bytes()))
        if raw["format"] != FORMAT:
            raise ModelError(f"{path.name}: format {raw['format']!r}, wanted {FORMAT}; run `make train`")
        return Weights(**{name: raw[name] for name in Weights.__slots__})
    except (OSError, ValueError, TypeError, KeyError, EOFError, zlib.error) as error:
        raise ModelError(f"{path.name}: cannot be read: {error}; run `make train`") from error


def save_weights(weights: Weights, path: Path = BUILT_IN) -> None:
    """Write the file; the same weights give the same bytes."""
    raw = {"format": FORMAT, **{name: getattr(weights, name) for name in Weights.__slots__}}
    text = json.dumps(raw, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def _users(ontology: Ontology) -> Iterator[Spelling]:
    """The words that an ontology has beyond the built-in one, of acts and of what names a type."""
    known = {words for act in load_ontology().acts.values() for words in _act_words(act)}
    for act in ontology.acts.values():
        yield from (words for words in _act_words(act) if words not in known)
    for naming in ontology.namings:
        yield from _spellings(naming.phrase)


def _act_words(act: Act) -> Iterator[Spelling]:
    for phrase in (*act.nouns, *act.phrases):
        yield from _spellings(phrase)
    for verb in act.verbs:
        head, *rest = PLAIN.findall(verb.lower())
        yield from ((form, *rest) for form in sorted(forms(head)))


def _spellings(phrase: str) -> Iterator[Spelling]:
    *front, last = PLAIN.findall(phrase.lower())
    for form in sorted(forms(last)):
        yield (*front, form)
