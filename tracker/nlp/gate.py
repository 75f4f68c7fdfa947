"""The cheap question before the costly parse: may this article tell a policy event at all?

Counts the ontology's strong phrases in the plain words; no spaCy. Errs on the side of reading: an article goes unread
only where next to nothing of what every policy story names is in it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from tracker.nlp.inflection import forms
from tracker.nlp.ontology import Ontology

WORD = re.compile(r"\w+")
ENOUGH = 2  # different strong phrases that make an article worth parsing
SHORT = 600  # characters of a text that is always read: there is little to save


class Gate:
    """The strong phrases of the ontology, by their first word."""

    def __init__(self, ontology: Ontology) -> None:
        """Compile the phrases."""
        self.phrases: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        acts = (noun for act in ontology.acts.values() if act.direction for noun in act.nouns)
        strong = (phrase for kind in ontology.kinds.values() for phrase in kind.strong)
        for phrase in (*strong, *acts):
            for words in _spellings(phrase):
                self.phrases[words[0]].append(words)
        self.sure = frozenset(words for naming in ontology.namings for words in _spellings(naming.phrase))

    def may_matter(self, title: str, text: str) -> bool:
        """Whether the article holds enough strong phrases to be parsed; one of a user's own is enough."""
        if len(text) < SHORT:
            return True
        seen: set[str] = set()
        for phrase in self._found(f"{title}\n{text}"):
            seen.add(phrase[0])
            if len(seen) >= ENOUGH or phrase in self.sure:
                return True
        return False

    def _found(self, text: str) -> Iterator[tuple[str, ...]]:
        words = [word.lower() for word in WORD.findall(text)]
        for i, word in enumerate(words):
            for phrase in self.phrases.get(word, ()):
                if tuple(words[i : i + len(phrase)]) == phrase:
                    yield phrase


def _spellings(phrase: str) -> Iterator[tuple[str, ...]]:
    *front, last = WORD.findall(phrase.lower())
    for form in sorted(forms(last)):
        yield (*front, form)
