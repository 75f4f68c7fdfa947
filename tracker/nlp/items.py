"""What is at stake in a clause: the noun phrases that may be its items, with what speaks for each.

Cutting phrases is `tracker.nlp.phrases`' work; the weights are learned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.model import EventType, Phrase, Span
from tracker.nlp.clauses import Clause
from tracker.nlp.features import Context
from tracker.nlp.phrases import find_goods, item_phrases
from tracker.nlp.reading import Reading
from tracker.nlp.roles import parts_of

ITEM, NO_ITEM = "item", "none"
ITEM_LABELS = (NO_ITEM, ITEM)
MOST = 5


@dataclass(frozen=True, slots=True)
class ItemCandidate:
    """A phrase that may be an item, with what speaks for it."""

    phrase: Phrase
    features: dict[str, float]


def item_candidates(context: Context, clause: Clause, kind: EventType, taken: Sequence[Span]) -> list[ItemCandidate]:
    """Phrases of the clause's sentence, and of the title; `taken` spans (parties, dates, instruments) are no items."""
    reading = context.reading
    sentence = reading.doc[clause.head].sent
    parts = parts_of(reading, clause)
    words = [
        reading.doc[i]
        for i in sorted(set(range(sentence.start, sentence.end)) | set(clause.core))
        if not reading.doc[i].is_space
    ]
    found = [
        ItemCandidate(p, dict.fromkeys(_names(reading, clause, kind, p, parts), 1.0))
        for p in item_phrases(words, taken)
    ]
    if context.title is not None and reading.field == "text":
        for good in find_goods(context.title.doc.text):
            shifted = Phrase(text=good.text, span=Span(start=good.span.start, end=good.span.end, field="title"))
            found.append(ItemCandidate(shifted, dict.fromkeys(["bias", "of title", f"of title {kind.value}"], 1.0)))
    return found


def _names(reading: Reading, clause: Clause, kind: EventType, phrase: Phrase, parts: dict[int, str]) -> Iterator[str]:
    span = reading.doc.char_span(phrase.span.start, phrase.span.end, alignment_mode="expand")
    head = span.root if span is not None else reading.doc[clause.head]
    part = parts.get(head.i) or ("before" if head.i < clause.head else "after")
    lemma = head.lemma_.lower()
    good = bool(find_goods(phrase.text))
    yield from (
        "bias",
        f"type {kind.value}",
        f"part {part}",
        f"lemma {lemma}",
        f"good {good}",
        f"part {part} good {good}",
    )
    yield f"lemma {lemma} {kind.value}"
    yield f"part {part} {kind.value}"
    yield f"part {part} {'nominal' if clause.nominal else 'passive' if clause.passive else 'active'}"
    yield f"words {min(len(phrase.text.split()), 4)}"
    yield f"shape {'name' if phrase.text[:1].isupper() else 'noun'}"
    for i in range(span.start, span.end) if span is not None else ():
        if kind in reading.cues.topics.get(i, ()):
            yield "topic"
        if kind in reading.cues.strong.get(i, ()):
            yield "strong"
        yield f"word {reading.doc[i].lower_}"
    for act in reading.cues.acts.get(head.i, ()):
        yield f"act {act}"
    if head.ent_type_:
        yield f"entity {head.ent_type_}"
    yield f"dep {head.dep_}"
    if head.head.pos_ == "ADP":
        yield f"after {head.head.lower_}"
