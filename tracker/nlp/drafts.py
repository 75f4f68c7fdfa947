"""Clauses that tell a policy event, and what they say about it: one draft per clause, before merging.

Joins what cues, syntax and the learned weights say. Does not look beyond one article.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from tracker.model import Certainty, Direction, EventType, Mention, Phrase, Reason, Span, Status, When
from tracker.nlp import overlay
from tracker.nlp.clauses import Clause
from tracker.nlp.dating import Dated, choose, date_candidates, is_to_come
from tracker.nlp.features import LABELS, NONE, TYPES, Context, clause_features, reading_kinds, shared_features
from tracker.nlp.fields import field_features, own_direction, own_status, told
from tracker.nlp.hearsay import wordings
from tracker.nlp.instruments import find_instruments
from tracker.nlp.items import ITEM, ITEM_LABELS, MOST, item_candidates
from tracker.nlp.linear import Floats
from tracker.nlp.ontology import load_ontology
from tracker.nlp.reading import Placed, Reading
from tracker.nlp.roles import ACTOR, ROLES, TARGET, Candidate, candidates
from tracker.nlp.weights import Models

ACCEPT = 0.4  # the least probability that a clause tells an event at all
TARGET_AT = 0.45  # a party is a target from here on
LONE_TARGET_AT = 0.05  # and the likeliest one from here on, where no other is
ITEM_AT = 0.25
JOINED_ACTOR_AT = 0.3  # a party joined to the actor by "and" acts with it from here on
DRAW, DRAW_FLOOR = 0.6, 0.05  # how strongly the rest of an article draws a clause to its types, and the least share
FEW = 3  # clauses: of fewer none draws another, and up to so many are told whatever the article as a whole says
QUIET_SHORT = 0.35  # the same for each clause of a short text
QUIET = 2.0  # the least sum of the three likeliest clauses for an article to tell anything
SURE = 0.75  # a clause this likely tells an event however quiet the rest of the article is
SURE_ACTOR = 0.5  # an actor likelier than this may overrule the type
SECOND_TYPE = 0.08  # the least share of the types' probability for a type to be taken for its actor's sake
SURELY_NONE = 4.0  # the encoder's log-odds of no event from which on the features of a clause are not asked
CALLED_FOR = 0.2  # the share that is left of an event's probability where somebody merely calls for it
# How much more than its probability a denial counts: one event in a hundred is denied, and to miss it misleads. And
# how much more yet, as news of unnamed sources does, where the sentence words it: the models saw few of either.
DENIAL_COUNTS = 2.0
WORDED_COUNTS = {Certainty.REPORTED: 8.0, Certainty.DENIED: 16.0}
LONGEST = 600  # characters of a piece of evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One clause's account of an event."""

    type: EventType
    status: Status
    direction: Direction
    certainty: Certainty
    actors: tuple[Mention, ...]
    targets: tuple[Mention, ...]
    items: tuple[Phrase, ...]
    instruments: tuple[Phrase, ...]
    dated: Dated
    evidence: Span
    score: float  # that this is an event of this type
    actor_score: float
    head: int
    sentence: int
    acts: frozenset[str]
    why: tuple[Reason, ...]
    subtype: str | None = None  # of a user's ontology


def drafts(context: Context, models: Models, published: When | None) -> list[Draft]:
    """The clauses that tell an event, in the order of the text."""
    few = FEW if context.reading.field == "text" else 0  # a title is asked only where its text tells nothing
    found = overlay.decided(context.reading, scored(context, models), partial(accepted, few=few), ACCEPT)
    cast = {clause.head: _cast(context, models, clause, p) for clause, p in found}
    kept = _leading([(clause, float(1 - p[0]), cast[clause.head].kind) for clause, p in found])
    return [_draft(context, models, clause, cast[clause.head], score, published) for clause, score, _ in kept]


@dataclass(frozen=True, slots=True)
class _Cast:
    """A type with the parties that act in it and are hit."""

    kind: EventType
    actors: tuple[Mention, ...]
    targets: tuple[Mention, ...]
    score: float
    odds: Mapping[Span, float]  # of those chosen, to be what they were chosen as


def _cast(context: Context, models: Models, clause: Clause, p: Floats) -> _Cast:
    """The type that fits the words and, where the actor is known, one such a party can act in."""
    order = [TYPES[int(i)] for i in np.argsort(-p[1:])]
    best = _Cast(order[0], *_parties(context, models, clause, order[0]))
    kinds = {m.party.kind for m in best.actors}
    if not kinds or best.score < SURE_ACTOR or kinds & reading_kinds(order[0]):
        return best
    share = p[1:] / max(float(p[1:].sum()), 1e-9)
    for kind in order[1:]:
        if share[TYPES.index(kind)] < SECOND_TYPE:
            return best
        other = _Cast(kind, *_parties(context, models, clause, kind))
        if {m.party.kind for m in other.actors} & reading_kinds(kind):
            return other
    return best


def scored(context: Context, models: Models) -> list[tuple[Clause, Floats]]:
    """Every clause with its probabilities, drawn towards the types that the rest of the article tells."""
    reading = context.reading
    raw = [(clause, _types(context, models, clause)) for clause in reading.clauses.values()]
    if len(raw) < FEW:
        return raw
    total = np.sum([p for _, p in raw], axis=0)
    return [(clause, _drawn(p, total - p)) for clause, p in raw]


def _types(context: Context, models: Models, clause: Clause) -> Floats:
    """Of no event, then of each type; without looking further where the encoder alone is sure of no event."""
    seen = context.of_clause("types", clause)
    if seen is not None and seen[0] - np.logaddexp.reduce(seen[1:]) > SURELY_NONE:
        nothing = np.zeros(len(LABELS))
        nothing[0] = 1.0
        return nothing
    p = models.types.score(clause_features(context, clause), shared_features(context, clause), seen)
    if _is_called_for(context.reading, clause):
        p[1:] *= CALLED_FOR
        p[0] = 1.0 - p[1:].sum()
    return p


def _is_called_for(reading: Reading, clause: Clause) -> bool:
    """Whether a clause is what somebody urges or demands that another do: no step of anybody's."""
    up = clause.governor
    return up is not None and clause.link in ("xcomp", "ccomp") and "call" in reading.cues.stance.get(up, ())


def _drawn(p: Floats, others: Floats) -> Floats:
    """Probabilities among the types, bent towards those of the other clauses; that of no event stays."""
    bent = p.copy()
    bent[1:] *= (others[1:] / max(others[1:].sum(), 1e-9) + DRAW_FLOOR) ** DRAW
    bent[1:] *= p[1:].sum() / max(bent[1:].sum(), 1e-12)
    return bent


def accepted(found: Sequence[tuple[Clause, Floats]], few: int = FEW) -> list[tuple[Clause, Floats]]:
    """Clauses likely enough to tell an event, none where no one of more than a few is sure and all tell none."""
    chances = sorted((float(1 - p[0]) for _, p in found), reverse=True)
    if len(chances) > few and chances[0] < SURE and sum(chances[:3]) < min(QUIET, QUIET_SHORT * len(chances)):
        return []
    return [(clause, p) for clause, p in found if 1 - p[0] >= ACCEPT]


def _leading(found: list[tuple[Clause, float, EventType]]) -> list[tuple[Clause, float, EventType]]:
    """Of clauses of one type where one is part of the other's predicate ("decided to ban"), the likeliest."""
    kept: list[tuple[Clause, float, EventType]] = []
    for clause, score, kind in sorted(found, key=lambda x: -x[1]):
        tied = any(kind == other and _tied(clause, one) for one, _, other in kept)
        if not tied:
            kept.append((clause, score, kind))
    return sorted(kept, key=lambda x: x[0].head)


def _tied(one: Clause, two: Clause) -> bool:
    for upper, lower in ((one, two), (two, one)):
        if lower.governor == upper.head and lower.link in (
            "xcomp",
            "ccomp",
            "pcomp",
            "acl",
            "advcl",
            "dobj",
            "nsubj",
            "nsubjpass",
            "attr",
        ):
            return True
        if lower.nominal and lower.head in upper.core:
            return True
    return False


def _draft(
    context: Context, models: Models, clause: Clause, cast: _Cast, score: float, published: When | None
) -> Draft:
    reading, kind, actors, targets = context.reading, cast.kind, cast.actors, cast.targets
    values = field_features(context, clause, kind, published.value if published else None)
    seen = {name: context.of_clause(name, clause, kind) for name in ("status", "direction", "certainty")}
    status, direction, dated = _step(context, models, clause, kind, values, seen, published)
    certainty = _certainty(models, reading.doc[clause.head].sent.text, values, seen["certainty"])
    instruments = _instruments(reading, clause)
    why = list(_why(context, models, clause, kind, values, (status, direction, certainty), seen))
    why += overlay.reasons(reading, clause, kind)
    why += [_who("actor", m, cast) for m in actors]
    why += [_who("target", m, cast) for m in targets]
    return Draft(
        type=kind,
        status=status,
        direction=direction,
        certainty=certainty,
        actors=actors,
        targets=targets,
        items=_items(context, models, clause, kind, reading.taken),
        instruments=instruments,
        dated=dated,
        evidence=evidence_of(reading, clause),
        score=score,
        actor_score=cast.score,
        head=clause.head,
        sentence=reading.sentence_index[clause.head],
        acts=reading.cues.acts.get(clause.head, frozenset()),
        why=tuple(why),
        subtype=overlay.subtype(reading, clause, kind),
    )


def _step(
    context: Context,
    models: Models,
    clause: Clause,
    kind: EventType,
    values: dict[str, float],
    seen: Mapping[str, Floats | None],
    published: When | None,
) -> tuple[Status, Direction, Dated]:
    """Status, direction and dates; what takes effect only after the article's day is not yet in force.

    Adds to `values` how likely each status is, which speaks for a direction.
    """
    reading, acts = context.reading, load_ontology().acts
    statuses, directions = models.status.labels, models.direction.labels
    status = models.status.score(values, own_status(reading, clause, statuses, acts), seen["status"])
    values |= {told(kind, Status(s)): float(p) for s, p in zip(statuses, status, strict=True)}
    direction = models.direction.score(values, own_direction(reading, clause, directions, acts), seen["direction"])
    step = Status(statuses[int(status.argmax())])
    dates = date_candidates(reading, clause, step, published)
    weighed = [(d, context.of_pair("dates", clause, kind, d.when.span)) for d in dates]
    dated = choose(weighed, models.dates, published)
    if step is Status.IN_FORCE and is_to_come(dated.effective, published):
        step = Status.ANNOUNCED
    return step, Direction(directions[int(direction.argmax())]), dated


def _certainty(models: Models, sentence: str, values: dict[str, float], seen: Floats | None) -> Certainty:
    odds = dict(zip(models.certainty.labels, models.certainty.score(values, None, seen), strict=True))
    odds[Certainty.DENIED] *= DENIAL_COUNTS
    for worded in wordings(sentence):
        odds[worded] *= WORDED_COUNTS[worded]
    return max(Certainty, key=lambda c: odds[c])


def _parties(
    context: Context, models: Models, clause: Clause, kind: EventType
) -> tuple[tuple[Mention, ...], tuple[Mention, ...], float, dict[Span, float]]:
    scored = [
        (c, models.roles.score(c.features, None, context.of_pair("roles", clause, kind, c.best.mention.span)))
        for c in candidates(context, clause, kind)
    ]
    if not scored:
        return (), (), 0.0, {}
    acts, hits = ROLES.index(ACTOR), ROLES.index(TARGET)
    first, p = max(scored, key=lambda x: (x[1][acts], -x[0].distance))
    reading = context.reading
    joined = _joined(reading, first.best)
    chosen = [c for c, q in scored if c is first or (q[acts] >= JOINED_ACTOR_AT and c.best.head in joined)]
    actors = tuple(c.best.mention for c in sorted(chosen, key=lambda c: c.best.start))
    others = [(c, q) for c, q in scored if c not in chosen]
    targets = _targets(others, hits)
    odds = {c.best.mention.span: float(q[acts if c in chosen else hits]) for c, q in scored}
    return actors, targets, float(p[acts]), odds


def _targets(scored: Sequence[tuple[Candidate, np.ndarray]], hits: int) -> tuple[Mention, ...]:
    ranked = sorted(scored, key=lambda x: (-x[1][hits], x[0].distance))
    sure = [c for c, q in ranked if q[hits] >= TARGET_AT] or [c for c, q in ranked[:1] if q[hits] >= LONE_TARGET_AT]
    return tuple(c.best.mention for c in sorted(sure[:8], key=lambda c: c.best.start))


def _joined(reading: Reading, placed: Placed) -> frozenset[int]:
    token = reading.doc[placed.head]
    return frozenset({token.i, *(t.i for t in token.conjuncts)})


def _items(
    context: Context, models: Models, clause: Clause, kind: EventType, taken: Sequence[Span]
) -> tuple[Phrase, ...]:
    wanted = ITEM_LABELS.index(ITEM)
    scored = [
        (
            c.phrase,
            float(models.items.score(c.features, None, context.of_pair("items", clause, kind, c.phrase.span))[wanted]),
        )
        for c in item_candidates(context, clause, kind, taken)
    ]
    ranked = sorted(scored, key=lambda x: -x[1])
    chosen: dict[str, Phrase] = {}
    for phrase, p in ranked:
        if len(chosen) < MOST and (p >= ITEM_AT or not chosen):
            chosen.setdefault(phrase.text.casefold(), phrase)
    return tuple(chosen.values())


def _instruments(reading: Reading, clause: Clause) -> tuple[Phrase, ...]:
    sentence = reading.doc[clause.head].sent
    offset = sentence.start_char
    return tuple(
        Phrase(text=p.text, span=Span(start=p.span.start + offset, end=p.span.end + offset, field=reading.field))
        for p in find_instruments(sentence.text)
    )


def evidence_of(reading: Reading, clause: Clause) -> Span:
    """The clause with all below it where it is a clause of its own, else its sentence."""
    doc = reading.doc
    sentence = doc[clause.head].sent
    head = doc[clause.head]
    if clause.link in ("conj", "relcl", "advcl", "acl", "ccomp", "parataxis") and len(sentence) > 30:
        tokens = [t for t in head.subtree if t.i in set(clause.core) or t.i > clause.head]
        first, last = min(clause.core[0], tokens[0].i), tokens[-1].i
        if clause.antecedent is not None:
            first = min(first, doc[clause.antecedent].left_edge.i)
    else:
        first, last = sentence.start, sentence.end - 1
    while first < last and doc[first].is_space:
        first += 1
    while last > first and doc[last].is_space:
        last -= 1
    start, end = doc[first].idx, doc[last].idx + len(doc[last])
    return Span(start=start, end=min(end, start + LONGEST), field=reading.field)


def _why(
    context: Context,
    models: Models,
    clause: Clause,
    kind: EventType,
    values: dict[str, float],
    chosen: tuple[str, str, str],
    seen: Mapping[str, Floats | None],
) -> Iterator[Reason]:
    reading = context.reading
    head = reading.doc[clause.head]
    span = Span(start=head.idx, end=head.idx + len(head), field=reading.field)
    acts = ", ".join(sorted(reading.cues.acts.get(clause.head, ()))) or "none"
    yield Reason(what="event", words=f"cue {head.text!r} (acts: {acts})", span=span)
    raised = context.of_clause("types", clause)
    if raised is not None:
        lift = round(float(raised[LABELS.index(kind)] - raised[LABELS.index(NONE)]), 2)
        yield Reason(what="type", words=f"the sentence encoder, {kind.value} against no event", weight=lift, span=span)
    for i in clause.core:
        if kind in reading.cues.strong.get(i, ()):
            word = reading.doc[i]
            yield Reason(
                what="type",
                words=f"{word.text!r} names {kind.value}",
                span=Span(start=word.idx, end=word.idx + len(word), field=reading.field),
            )
            break
    for what, model, label in zip(
        ("status", "direction", "certainty"), (models.status, models.direction, models.certainty), chosen, strict=True
    ):
        for feature, weight in model.reasons(values, label, most=2):
            yield Reason(what=what, words=feature, weight=round(weight, 2), span=span)
        logits = seen[what]
        if logits is not None:
            lift = round(float(logits[model.labels.index(label)] - logits.sum() / len(logits)), 2)
            yield Reason(what=what, words=f"the sentence encoder, {label}", weight=lift, span=span)


def _who(what: Literal["actor", "target"], mention: Mention, cast: _Cast) -> Reason:
    words = f"{mention.how}: {mention.party.name}, probability {cast.odds[mention.span]:.2f}"
    return Reason(what=what, words=words, span=mention.span)


assert LABELS[1:] == tuple(t.value for t in TYPES)  # the models' labels are the types, in their order
