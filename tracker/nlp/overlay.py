"""What a user's strong phrases decide: the type of a clause that holds one beside an act, and its subtype.

Pure functions over a clause, its cues and its probabilities. Where no phrase of a user's stands, everything comes back
as it was. The phrases are those of `Ontology.namings`, which `tracker.nlp.cues` finds; reads no file.

The rule. A clause is *named* when a phrase of the user's stands in its own words (or in the noun that it tells more
of), one of those words or its head tells an act, nobody merely speaks for or against it ("urged", "criticised"), and it
is no question. Of a named clause the types are those that the phrases name and no others, and the odds that it tells
an event at all are raised `LIFT`-fold unless it is negated: what the model takes for surely no event ("students fear a
visa ban") stays none. A named clause that is then likely enough is told even in an article that as a whole tells
nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from tracker.model import EventType, Reason, Span
from tracker.nlp.clauses import Clause
from tracker.nlp.cues import OWN, Hit
from tracker.nlp.features import TYPES
from tracker.nlp.linear import Floats
from tracker.nlp.reading import Reading

LIFT = 4.0
TALK = frozenset({"call", "criticise", "opine", "deny"})  # stances that make a clause no step of anybody's

ENDS = frozenset({".", "!", "?"})

Scored = list[tuple[Clause, Floats]]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A user's phrase in the text, tokens start to end (exclusive), and what it names."""

    start: int
    end: int
    type: EventType
    subtype: str | None


def decided(reading: Reading, found: Scored, accept: Callable[[Scored], Scored], at_least: float) -> Scored:
    """The clauses that tell an event once the user's phrases have decided, in the order of the text.

    Args:
        reading: the text of the clauses.
        found: clauses with their probabilities: of no event, then of each type.
        accept: which clauses tell an event, by the article as a whole.
        at_least: the probability of an event from which on a named clause is told whatever the rest says.
    """
    if not reading.own_hits:
        return accept(found)
    named = {clause.head: kinds for clause, _ in found if (kinds := named_types(reading, clause))}
    weighed = [
        (clause, bent(p, named[clause.head], 1.0 if clause.negated else LIFT)) if clause.head in named else (clause, p)
        for clause, p in found
    ]
    kept = {clause.head for clause, _ in accept(weighed)}
    kept |= {clause.head for clause, p in weighed if clause.head in named and 1 - p[0] >= at_least}
    return [(clause, p) for clause, p in weighed if clause.head in kept]


def bent(p: Floats, kinds: frozenset[EventType], lift: float = LIFT) -> Floats:
    """Probabilities with the odds of an event raised, and all of them on the named types, in their former shares."""
    event = float(1 - p[0])
    odds = lift * event / max(float(p[0]), 1e-9)
    event = odds / (1 + odds)
    out = p * 0.0
    rows = [1 + TYPES.index(kind) for kind in TYPES if kind in kinds]
    shares = p[rows] + 1e-9
    out[rows] = event * shares / shares.sum()
    out[0] = 1 - event
    return out


def named_types(reading: Reading, clause: Clause) -> frozenset[EventType]:
    """The types that the user's phrases name in a clause that may be a step of somebody's; else none."""
    phrases = phrases_of(reading, clause)
    if not phrases or _is_talk(reading, clause) or _is_asked(reading, clause):
        return frozenset()
    acts = reading.cues.acts
    return frozenset(one.type for one in phrases) if any(i in acts for i in _own_words(clause)) else frozenset()


def phrases_of(reading: Reading, clause: Clause) -> tuple[Phrase, ...]:
    """The user's phrases in a clause's own words or in the noun that it tells more of, longest first."""
    if not reading.own_hits:
        return ()
    words = frozenset(_own_words(clause)) | _antecedent(reading, clause)
    hits = [hit for hit in reading.own_hits if words.issuperset(range(hit.start, hit.end))]
    found = [_phrase(hit, name) for hit in hits for what, name in sorted(hit.tags) if what == OWN]
    return tuple(sorted(found, key=lambda one: (one.start - one.end, one.start)))


def subtype(reading: Reading, clause: Clause, kind: EventType) -> str | None:
    """The subtype of a clause's type: that of the longest phrase which names one."""
    return next((one.subtype for one in phrases_of(reading, clause) if one.type is kind and one.subtype), None)


def reasons(reading: Reading, clause: Clause, kind: EventType) -> Iterator[Reason]:
    """Why: the phrases of the user's that name the type."""
    for one in phrases_of(reading, clause):
        if one.type is kind:
            span = reading.doc[one.start : one.end]
            name = f"{one.subtype} of {kind.value}" if one.subtype else kind.value
            where = Span(start=span.start_char, end=span.end_char, field=reading.field)
            what = "subtype" if one.subtype else "type"
            yield Reason(what=what, words=f"{span.text!r} names {name}, by the user's ontology", span=where)


def _phrase(hit: Hit, name: str) -> Phrase:
    kind, _, finer = name.partition("/")
    return Phrase(hit.start, hit.end, EventType(kind), finer or None)


def _own_words(clause: Clause) -> Sequence[int]:
    return (clause.head, *clause.core)


def _antecedent(reading: Reading, clause: Clause) -> frozenset[int]:
    """The noun that a relative or participle clause tells more of, with what stands before it."""
    if clause.antecedent is None:
        return frozenset()
    token = reading.doc[clause.antecedent]
    return frozenset(range(token.left_edge.i, token.i + 1))


def _is_asked(reading: Reading, clause: Clause) -> bool:
    return next((t.text for t in reading.doc[clause.head :] if t.text in ENDS), "") == "?"


def _is_talk(reading: Reading, clause: Clause) -> bool:
    heads = (clause.head, *(() if clause.governor is None else (clause.governor,)))
    return bool(TALK & set(chain.from_iterable(reading.cues.stance.get(i, ()) for i in heads)))
