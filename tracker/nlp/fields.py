"""What speaks for a status, a direction and a certainty: sparse features of a clause once its type is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from tracker.model import Direction, EventType, Status
from tracker.nlp.clauses import Clause
from tracker.nlp.features import Context, clause_features
from tracker.nlp.linear import Floats
from tracker.nlp.ontology import Act
from tracker.nlp.reading import Reading

PLACES = ("head", "noun", "core", "governor", "child")
SHARED_STATUS = tuple(f"{place} acts" for place in PLACES) + tuple(f"{place} acts only" for place in PLACES)
SHARED_DIRECTION = (*SHARED_STATUS, "composed")
FLIPS = frozenset({"end", "suspend", "delay", "refuse", "reduce", "delist"})  # what they do to a measure turns it round


def own_status(reading: Reading, clause: Clause, labels: Sequence[str], acts: Mapping[str, Act]) -> Floats:
    """Labels by shared features: how far the acts around speak for each status by what they mean alone."""
    out = np.zeros((len(labels), len(SHARED_STATUS)))
    _vote(
        out, labels, {place: [acts[a].status.value for a in names] for place, names in _acts(reading, clause).items()}
    )
    return out


def own_direction(reading: Reading, clause: Clause, labels: Sequence[str], acts: Mapping[str, Act]) -> Floats:
    """The same for direction, and what head and noun mean together: lifting a ban eases."""
    out = np.zeros((len(labels), len(SHARED_DIRECTION)))
    places = _acts(reading, clause)
    told = {place: [d.value for a in names if (d := acts[a].direction)] for place, names in places.items()}
    _vote(out, labels, told)
    composed = _composed(places, acts)
    if composed is not None and composed.value in labels:
        out[labels.index(composed.value), -1] = 1.0
    return out


def _vote(out: Floats, labels: Sequence[str], told: Mapping[str, Sequence[str]]) -> None:
    for column, place in enumerate(PLACES):
        values = told[place]
        for row, label in enumerate(labels):
            share = values.count(label) / len(values) if values else 0.0
            out[row, column] = share
            out[row, column + len(PLACES)] = float(share == 1.0)


def _acts(reading: Reading, clause: Clause) -> dict[str, list[str]]:
    def of(tokens: Iterable[int]) -> list[str]:
        return sorted({a for i in tokens for a in reading.cues.acts.get(i, ())})

    nouns = [*clause.subjects, *clause.objects] + ([] if clause.antecedent is None else [clause.antecedent])
    children = [c.i for c in reading.doc[clause.head].children if c.dep_ in ("xcomp", "ccomp")]
    return {
        "head": of([clause.head]),
        "noun": of(nouns),
        "core": of(i for i in clause.core if i != clause.head),
        "governor": of([] if clause.governor is None else [clause.governor]),
        "child": of(children),
    }


def _composed(places: Mapping[str, list[str]], acts: Mapping[str, Act]) -> Direction | None:
    """The direction of an act upon a measure, or None where either is missing."""
    nouns = [acts[a].direction for a in places["noun"] or places["core"]]
    polar = [d for d in nouns if d in (Direction.RESTRICT, Direction.EASE)]
    heads = set(places["head"])
    if not heads:
        return None
    noun = Direction.EASE if polar and polar.count(Direction.EASE) * 2 > len(polar) else Direction.RESTRICT
    if heads & FLIPS:
        return Direction.RESTRICT if noun is Direction.EASE else Direction.EASE
    directions = [d for a in sorted(heads) if (d := acts[a].direction)]
    return noun if polar else max(directions, key=directions.count, default=None)


TYPE_WEIGHT = 3.0  # the type says most of a direction; a larger value is shrunk less


def field_features(context: Context, clause: Clause, kind: EventType, published: str | None) -> dict[str, float]:
    """Features of the clause, joined with the type, the acts of its nouns and how its dates lie to the article's."""
    base = clause_features(context, clause)
    names = [*base, *_joined(context.reading, clause, kind), *_dates(context.reading, clause, published)]
    return dict.fromkeys(names, 1.0) | {f"type {kind.value}": TYPE_WEIGHT}


def told(kind: EventType, status: Status) -> str:
    """The feature that says how likely an event of a type is told at a status, for its direction."""
    return f"told {status.value} of {kind.value}"


def _joined(reading: Reading, clause: Clause, kind: EventType) -> Iterator[str]:
    acts = sorted(reading.cues.acts.get(clause.head, ()))
    nouns = {
        act
        for i in (*clause.subjects, *clause.objects, *([] if clause.antecedent is None else [clause.antecedent]))
        for act in reading.cues.acts.get(i, ())
    }
    for act in acts:
        yield f"{act} type {kind.value}"
        for noun in sorted(nouns):
            yield f"{act} of {noun}"
        if clause.negated:
            yield f"not {act}"
        for word in clause.auxiliaries:
            yield f"{word} {act}"
    up = clause.governor
    if up is not None:
        for act in sorted(reading.cues.acts.get(up, ())):
            yield f"under {act} {clause.link}"
            yield from (f"under {act} {mine}" for mine in acts)
    sentence = reading.doc[clause.head].sent
    for i in range(sentence.start, sentence.end):
        for act in sorted(reading.cues.acts.get(i, ())):
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
