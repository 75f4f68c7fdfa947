"""One article under the reader's eyes: the parse with cues, clauses, parties and dates laid on its tokens.

A bundle of what the other modules found, with the look-ups that they share. Decides nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from spacy.tokens import Doc, Span

from tracker.model import Mention
from tracker.model import Span as Place
from tracker.nlp.clauses import Clause, clauses
from tracker.nlp.cues import OWN, Cues, Hit, Lexicon
from tracker.nlp.temporal import TimeMention

# What may follow a body's name and still mean the body.
BODIES = frozenset("department ministry office agency bureau commission authority regulator board".split())


@dataclass(frozen=True, slots=True)
class Placed:
    """A party's mention with its tokens: start, end (exclusive) and syntactic head."""

    mention: Mention
    start: int
    end: int
    head: int

    @property
    def key(self) -> str:
        """What tells one party from another."""
        party = self.mention.party
        return party.id or party.name.casefold()


@dataclass(frozen=True)
class Reading:
    """A parsed text and everything found in it."""

    doc: Doc
    field: Literal["text", "title"]
    cues: Cues
    clauses: dict[int, Clause]
    parties: tuple[Placed, ...]
    times: tuple[TimeMention, ...]

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """The sentences in order."""
        return tuple(self.doc.sents)

    @cached_property
    def sentence_index(self) -> tuple[int, ...]:
        """Token to the number of its sentence."""
        return tuple(n for n, sentence in enumerate(self.sentences) for _ in sentence)

    @cached_property
    def party_at(self) -> dict[int, Placed]:
        """Token to the party that is named there."""
        return {i: placed for placed in self.parties for i in range(placed.start, placed.end)}

    @cached_property
    def own_hits(self) -> tuple[Hit, ...]:
        """The words that a user's ontology names a type with."""
        return tuple(hit for hit in self.cues.hits if any(what == OWN for what, _ in hit.tags))

    @cached_property
    def taken(self) -> tuple[Place, ...]:
        """The words of parties and dates, which are no items."""
        return (*(placed.mention.span for placed in self.parties), *(time.span for time in self.times))

    @cached_property
    def _heads(self) -> tuple[tuple[int, int], ...]:
        """The heads of the parties with their numbers, in the order of the heads."""
        return tuple(sorted((placed.head, number) for number, placed in enumerate(self.parties)))

    def parties_between(self, start: int, end: int) -> list[Placed]:
        """The parties whose heads stand from token `start` to before `end`, in their own order."""
        first, last = bisect_left(self._heads, (start, -1)), bisect_left(self._heads, (end, -1))
        return [self.parties[number] for number in sorted(number for _, number in self._heads[first:last])]

    @cached_property
    def times_by_sentence(self) -> dict[int, list[TimeMention]]:
        """Sentence number to its dates."""
        found: dict[int, list[TimeMention]] = {}
        starts = [s.start_char for s in self.sentences]
        for time in self.times:
            n = max(0, bisect_right(starts, time.span.start) - 1)
            found.setdefault(n, []).append(time)
        return found

    def sentence(self, i: int) -> Span:
        """The sentence of a token."""
        return self.sentences[self.sentence_index[i]]


def view(
    doc: Doc,
    lexicon: Lexicon,
    mentions: Sequence[Mention],
    times: Sequence[TimeMention],
    field: Literal["text", "title"] = "text",
) -> Reading:
    """Lay everything on the tokens of the Doc."""
    cues = lexicon.find(doc)
    wanted = frozenset(i for i, acts in cues.acts.items() if acts and doc[i].pos_ in ("NOUN", "PROPN", "ADJ", "VERB"))
    return Reading(
        doc=doc,
        field=field,
        cues=cues,
        clauses=clauses(doc, wanted),
        parties=tuple(p for m in mentions if (p := _place(doc, m)) is not None),
        times=tuple(times),
    )


def _place(doc: Doc, mention: Mention) -> Placed | None:
    span = doc.char_span(mention.span.start, mention.span.end, alignment_mode="expand")
    if span is None or not len(span):
        return None
    return Placed(mention=mention, start=span.start, end=span.end, head=_head(doc, span.root.i, span.end))


def _head(doc: Doc, root: int, end: int) -> int:
    """The noun that a name stands for: "Department" of "US Treasury Department" where only the name was marked."""
    token = doc[root]
    above = token.head
    if token.dep_ in ("compound", "nmod", "amod") and end <= above.i <= end + 1 and above.lemma_.lower() in BODIES:
        return int(above.i)
    return root
