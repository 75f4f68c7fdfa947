"""What the models see of a clause: sparse features of the clause, and per type how well the type's words fit it.

Reads a Reading; holds no weights and decides nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tracker.model import EventType, PartyKind, Span
from tracker.nlp.clauses import Clause
from tracker.nlp.cues import topics_at
from tracker.nlp.insight import Insight
from tracker.nlp.linear import Floats
from tracker.nlp.reading import Reading

TYPES = tuple(EventType)
NONE = "none"
LABELS = (NONE, *(t.value for t in TYPES))
ZONES = (
    "head",
    "subject",
    "object",
    "oblique",
    "core",
    "antecedent",
    "governor",
    "sentence",
    "before",
    "title",
    "article",
)
KEPT_POS = frozenset({"NOUN", "VERB", "PROPN", "ADJ", "ADV", "NUM"})
SIGNS = {
    "%": "percent",
    "$": "money",
    "€": "money",
    "£": "money",
    "?": "question",
    '"': "quote",
    "“": "quote",
    "!": "bang",
}


@dataclass(frozen=True)
class Context:
    """What an article as a whole says about types: the share of each, and its title's words."""

    reading: Reading
    title: Reading | None
    insight: Insight | None = None

    def title_alone(self) -> Context | None:
        """The title alone, as if it were the text."""
        if self.title is None:
            return None
        return Context(self.title, None, None if self.insight is None else self.insight.of_title())

    def of_clause(self, task: str, clause: Clause, kind: EventType | None = None) -> Floats | None:
        """What the encoder says of a clause, where there is one."""
        return None if self.insight is None else self.insight.clause(task, clause, kind)

    def of_pair(self, task: str, clause: Clause, kind: EventType, span: Span | None) -> Floats | None:
        """What the encoder says of a phrase beside a clause, where there is one."""
        return None if self.insight is None else self.insight.pair(task, clause, kind, span)

    @cached_property
    def article(self) -> dict[EventType, float]:
        """Type to its share of the article's strong cues."""
        counts = Counter(t for types in self.reading.cues.strong.values() for t in types)
        total = sum(counts.values()) or 1
        return {t: counts[t] / total for t in TYPES}

    @cached_property
    def strong_density(self) -> float:
        """Strong cues per sentence."""
        return len(self.reading.cues.strong) / max(1, len(self.reading.sentences))

    @cached_property
    def of_title(self) -> dict[EventType, int]:
        """Type to the number of its words in the title."""
        if self.title is None:
            return {}
        strong, plain = topics_at(self.title.cues, range(len(self.title.doc)))
        return {t: 2 * strong.get(t, 0) + plain.get(t, 0) for t in TYPES}


def phrase(reading: Reading, head: int, core: frozenset[int]) -> list[int]:
    """The words of a noun phrase that belong to the clause."""
    token = reading.doc[head]
    return [t.i for t in token.subtree if t.i in core] or [head]


def zones(reading: Reading, clause: Clause) -> dict[str, list[int]]:
    """The clause's words by the part they play."""
    core = frozenset(clause.core)
    doc = reading.doc
    subject = [i for s in clause.subjects for i in (phrase(reading, s, core) if s in core else _around(reading, s))]
    objects = [i for o in clause.objects for i in phrase(reading, o, core)]
    obliques = [i for _, o in clause.obliques for i in phrase(reading, o, core)]
    sentence = doc[clause.head].sent
    before = _before(reading, sentence.start)
    governor = [] if clause.governor is None else list(reading.clauses[clause.governor].core)
    return {
        "head": [clause.head],
        "subject": subject,
        "object": objects,
        "oblique": obliques,
        "core": list(clause.core),
        "antecedent": [] if clause.antecedent is None else _around(reading, clause.antecedent),
        "governor": governor,
        "sentence": list(range(sentence.start, sentence.end)),
        "before": before,
    }


def _around(reading: Reading, head: int) -> list[int]:
    """A noun with its left modifiers and its first prepositional phrase."""
    token = reading.doc[head]
    near = [t.i for t in token.subtree if token.left_edge.i <= t.i <= head + 6]
    return near or [head]


def _before(reading: Reading, start: int) -> list[int]:
    n = reading.sentence_index[start]
    if n == 0:
        return []
    previous = reading.sentences[n - 1]
    return list(range(previous.start, previous.end))


def shared_features(context: Context, clause: Clause) -> Floats:
    """Labels by shared features: how much each zone speaks for each type, and with which act."""
    reading = context.reading
    places = zones(reading, clause)
    out = np.zeros((len(LABELS), len(SHARED)))
    found = {zone: topics_at(reading.cues, tokens) for zone, tokens in places.items()}
    acts = reading.cues.acts.get(clause.head, frozenset())
    kinds = {
        reading.party_at[s].mention.party.kind for s in (*clause.subjects, *clause.agents) if s in reading.party_at
    }
    for row, kind in enumerate(TYPES, start=1):
        values: dict[str, float] = {}
        for zone, (strong, plain) in found.items():
            if strong.get(kind):
                values[f"strong {zone}"] = 1.0
                values[f"strong {zone} sum"] = min(strong[kind], 4) / 4
            if plain.get(kind):
                values[f"topic {zone}"] = 1.0
                values[f"topic {zone} sum"] = min(plain[kind], 5) / 5
        fits = (
            "strong"
            if "strong core" in values or "strong antecedent" in values
            else "topic"
            if "topic core" in values
            else "no"
        )
        for act in acts:
            values[f"act {act} {fits}"] = 1.0
        values["title"] = min(context.of_title.get(kind, 0), 6) / 6
        values["article"] = context.article[kind]
        if kinds:
            expected = reading_kinds(kind)
            values["actor fits" if kinds & expected else "actor unfit"] = 1.0
        for name, value in values.items():
            out[row, SHARED_NUMBER[name]] = value
    return out


def reading_kinds(kind: EventType) -> frozenset[PartyKind]:
    """Which kinds of party act in events of a type."""
    company = frozenset({PartyKind.COMPANY})
    special = {
        EventType.ACCESS_RESTRICTION: company | {PartyKind.ORGANISATION},
        EventType.COMPANY_RESPONSE: company,
        EventType.COURT_RULING: frozenset({PartyKind.COURT}),
    }
    return special.get(kind, frozenset({PartyKind.GOVERNMENT, PartyKind.ORGANISATION}))


def clause_features(context: Context, clause: Clause) -> dict[str, float]:
    """Sparse features of the clause alone."""
    return dict.fromkeys(_names(context, clause), 1.0)


def _names(context: Context, clause: Clause) -> Iterator[str]:
    reading = context.reading
    doc, cues = reading.doc, reading.cues
    head = doc[clause.head]
    acts = sorted(cues.acts.get(clause.head, ()))
    yield "bias"
    yield f"lemma {head.lemma_.lower()}"
    for act in acts:
        yield f"act {act}"
        yield f"act {act} {'nominal' if clause.nominal else 'verbal'}"
    if not acts:
        yield "no act"
    yield from _grammar(reading, clause)
    yield from _parties(reading, clause)
    yield from _words(reading, clause)
    yield from _surroundings(context, clause)


def _grammar(reading: Reading, clause: Clause) -> Iterator[str]:
    doc = reading.doc
    head = doc[clause.head]
    nominal = "nominal" if clause.nominal else "verbal"
    yield nominal
    yield f"link {clause.link} {nominal}"
    yield f"tag {head.tag_}"
    yield f"passive {clause.passive}"
    if clause.negated:
        yield "negated"
    for word in clause.auxiliaries:
        yield f"aux {word}"
    for word in clause.marks:
        yield f"mark {word}"
    if not clause.subjects:
        yield "no subject"
    yield from _governor(reading, clause)
    for stance in sorted(reading.cues.stance.get(clause.head, ())):
        yield f"stance {stance}"
    for child in head.children:
        if child.i in reading.clauses and child.dep_ in ("xcomp", "ccomp"):
            yield f"down {child.dep_}"
            for act in sorted(reading.cues.acts.get(child.i, ())):
                yield f"down act {act}"


def _governor(reading: Reading, clause: Clause) -> Iterator[str]:
    if clause.governor is None:
        return
    up = reading.doc[clause.governor]
    yield f"up {up.lemma_.lower()}"
    for act in sorted(reading.cues.acts.get(up.i, ())):
        yield f"up act {act}"
    for stance in sorted(reading.cues.stance.get(up.i, ())):
        yield f"up stance {stance}"
    upper = reading.clauses[clause.governor]
    for word in upper.auxiliaries:
        yield f"up aux {word}"
    if upper.negated:
        yield "up negated"


def _parties(reading: Reading, clause: Clause) -> Iterator[str]:
    doc = reading.doc
    for role, heads in (("subject", clause.subjects), ("agent", clause.agents), ("object", clause.objects)):
        for i in heads:
            placed = reading.party_at.get(i)
            kind = placed.mention.party.kind.value if placed else doc[i].pos_
            yield f"{role} kind {kind}"
            if not placed:
                yield f"{role} lemma {doc[i].lemma_.lower()}"
            for act in sorted(reading.cues.acts.get(i, ())):
                yield f"{role} act {act}"
    for prep, i in clause.obliques:
        placed = reading.party_at.get(i)
        yield f"oblique {prep} {placed.mention.party.kind.value if placed else 'thing'}"
    core = [reading.party_at[i].mention.party.kind.value for i in clause.core if i in reading.party_at]
    for kind in sorted(set(core)):
        yield f"core kind {kind}"


def _words(reading: Reading, clause: Clause) -> Iterator[str]:
    doc = reading.doc
    for i in clause.core:
        token = doc[i]
        if token.pos_ in KEPT_POS and not token.ent_type_ and i != clause.head:
            yield f"word {token.lemma_.lower()}"
        elif token.ent_type_ in ("PERCENT", "MONEY", "DATE", "CARDINAL"):
            yield f"core {token.ent_type_}"
    if clause.antecedent is not None:
        yield f"antecedent {doc[clause.antecedent].lemma_.lower()}"
        for act in sorted(reading.cues.acts.get(clause.antecedent, ())):
            yield f"antecedent act {act}"


def _surroundings(context: Context, clause: Clause) -> Iterator[str]:
    reading = context.reading
    number = reading.sentence_index[clause.head]
    sentence = reading.sentences[number]
    yield f"sentence {min(number, 3)}"
    if number >= len(reading.sentences) - 2:
        yield "sentence last"
    text = sentence.text
    for sign, name in SIGNS.items():
        if sign in text:
            yield f"sentence {name}"
    times = reading.times_by_sentence.get(number, [])
    yield "sentence dated" if times else "sentence undated"
    near = {reading.doc[i].idx for i in clause.core}
    if any(t.span.start in near for t in times):
        yield "core dated"
    if any(i in reading.cues.hearsay for i in range(sentence.start, sentence.end)):
        yield "hearsay"
    yield from _inside(reading, clause)
    density = context.strong_density
    yield f"density {'low' if density < 0.3 else 'middle' if density < 1 else 'high'}"
    yield f"length {min(len(sentence) // 10, 5)}"


def _inside(reading: Reading, clause: Clause) -> Iterator[str]:
    strong, plain = topics_at(reading.cues, clause.core)
    yield f"core strong {min(len(strong), 3)}"
    yield f"core topics {min(len(plain), 4)}"
    sentence = reading.doc[clause.head].sent
    strong, _ = topics_at(reading.cues, range(sentence.start, sentence.end))
    yield f"sentence strong {min(len(strong), 3)}"
    quotes = sum(t.text in ('"', "“", "”") for t in sentence[: clause.head - sentence.start])
    if quotes % 2:
        yield "inside quote"


def _shared_names() -> Iterable[str]:
    for zone in ZONES[:9]:
        for what in ("strong", "topic"):
            yield f"{what} {zone}"
            yield f"{what} {zone} sum"
    yield from ("title", "article", "actor fits", "actor unfit")
    for act in ACTS:
        for fits in ("strong", "topic", "no"):
            yield f"act {act} {fits}"


ACTS = tuple(
    "prohibit limit impose raise cut_off ease reduce end suspend delay refuse grant list delist propose consider"
    " announce adopt take_effect probe punish rule fund agree respond".split()
)
SHARED = tuple(_shared_names())
SHARED_NUMBER = {name: i for i, name in enumerate(SHARED)}
