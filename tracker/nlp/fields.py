"""What speaks for a status, a direction and a certainty: sparse features of a clause once its type is known."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.model import EventType
from tracker.nlp.clauses import Clause
from tracker.nlp.features import Context, clause_features
from tracker.nlp.reading import Reading


def field_features(context: Context, clause: Clause, kind: EventType, published: str | None) -> dict[str, float]:
    """Features of the clause, joined with the type, the acts of its nouns and how its dates lie to the article's."""
    base = clause_features(context, clause)
    names = [*base, *_joined(context.reading, clause, kind), *_dates(context.reading, clause, published)]
    return dict.fromkeys(names, 1.0)


def _joined(reading: Reading, clause: Clause, kind: EventType) -> Iterator[str]:
    acts = sorted(reading.cues.acts.get(clause.head, ()))
    yield f"type {kind.value}"
    nouns = {
        act
        for i in (*clause.subjects, *clause.objects, *([] if clause.antecedent is None else [clause.antecedent]))
        for act in reading.cues.acts.get(i, ())
    }
    for act in acts:
        yield f"{act} type {kind.value}"
        for noun in nouns:
            yield f"{act} of {noun}"
        if clause.negated:
            yield f"not {act}"
        for word in clause.auxiliaries:
            yield f"{word} {act}"
    up = clause.governor
    if up is not None:
        for act in reading.cues.acts.get(up, ()):
            yield f"under {act} {clause.link}"
            yield from (f"under {act} {mine}" for mine in acts)
    sentence = reading.doc[clause.head].sent
    for i in range(sentence.start, sentence.end):
        for act in reading.cues.acts.get(i, ()):
            yield f"near act {act}"
    verbs = [t.lower_ for t in reading.doc[clause.head].children if t.dep_ in ("aux", "auxpass", "neg")]
    yield f"chain {' '.join(verbs)} {reading.doc[clause.head].tag_}"


def _dates(reading: Reading, clause: Clause, published: str | None) -> Iterator[str]:
    if published is None:
        return
    number = reading.sentence_index[clause.head]
    core = {reading.doc[i].idx for i in clause.core}
    for time in reading.times_by_sentence.get(number, []):
        n = min(len(time.value), len(published), 10)
        way = "future" if time.value[:n] > published[:n] else "past" if time.value[:n] < published[:n] else "now"
        yield f"date {way} {'core' if time.span.start in core else 'sentence'}"
        yield f"date role {time.role} {way}"
