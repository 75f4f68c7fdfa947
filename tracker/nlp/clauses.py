"""The clauses of a parsed text: a predicate with its subject, objects, agent and modifiers.

Reads spaCy's dependency tree only. Knows no cue, party or event type.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass", "expl"})
OBJECTS = frozenset({"dobj", "obj", "attr", "oprd", "dative", "acomp"})
CLAUSAL = frozenset(
    {"ccomp", "advcl", "relcl", "acl", "conj", "parataxis", "csubj", "csubjpass", "pcomp", "xcomp", "dep"}
)
AUXILIARY = frozenset({"aux", "auxpass", "neg"})


@dataclass(frozen=True, slots=True)
class Clause:
    """One predicate and what hangs on it; all numbers are token indexes of the Doc."""

    head: int
    core: tuple[int, ...]  # its own words, without those of clauses below it
    subjects: tuple[int, ...]  # heads of subject phrases, conjuncts included
    objects: tuple[int, ...]
    agents: tuple[int, ...]  # after "by"
    obliques: tuple[tuple[str, int], ...]  # (preposition, head of its object)
    governor: int | None  # the predicate it depends on
    link: str  # the dependency that ties it to the governor
    antecedent: int | None  # the noun that a relative or participle clause tells more of
    passive: bool
    negated: bool
    auxiliaries: tuple[str, ...]
    marks: tuple[str, ...]  # if, whether, that, although, after …
    nominal: bool  # a noun, not a verb
    inherited: bool  # the subject stands in another clause


def clauses(doc: Doc, wanted: frozenset[int]) -> dict[int, Clause]:
    """Predicate to clause, for all verbs and for the other tokens that are `wanted` as heads."""
    heads = frozenset(t.i for t in doc if _is_verb(t) or t.i in wanted or (t.dep_ == "ROOT" and not t.is_space))
    return {i: _clause(doc[i], heads) for i in sorted(heads)}


def conjuncts(token: Token) -> list[Token]:
    """The token and all that is joined to it by "and", in order."""
    return sorted({token, *token.conjuncts}, key=lambda t: t.i)


def _is_verb(token: Token) -> bool:
    if token.dep_ in AUXILIARY:
        return False
    return (token.pos_ == "VERB" and token.dep_ not in ("amod", "compound", "case", "prep")) or (
        token.pos_ == "AUX" and token.dep_ not in AUXILIARY
    )


def _clause(head: Token, heads: frozenset[int]) -> Clause:
    nominal = not _is_verb(head)
    passive = any(c.dep_ in ("auxpass", "nsubjpass") for c in head.children) or _bare_participle(head)
    subjects, inherited = _subjects(head)
    agents, obliques = _prepositional(head, heads)
    governor = _governor(head, heads)
    return Clause(
        head=head.i,
        core=tuple(sorted(_core(head, heads))),
        subjects=tuple(t.i for s in subjects for t in conjuncts(s)),
        objects=tuple(t.i for o in _objects(head) for t in conjuncts(o)),
        agents=tuple(t.i for a in agents for t in conjuncts(a)),
        obliques=tuple((prep, t.i) for prep, o in obliques for t in conjuncts(o)),
        governor=None if governor is None else governor.i,
        link=head.dep_,
        antecedent=head.head.i if head.dep_ in ("relcl", "acl") else None,
        passive=passive,
        negated=_negated(head),
        auxiliaries=tuple(c.lower_ for c in head.children if c.dep_ in ("aux", "auxpass")),
        marks=tuple(c.lower_ for c in head.children if c.dep_ in ("mark", "prep", "advmod") and c.i < head.i),
        nominal=nominal,
        inherited=inherited,
    )


def _bare_participle(head: Token) -> bool:
    """A participle ("sanctions imposed on X", "Ban lifted") with no object and no auxiliary."""
    bare = head.tag_ == "VBN" and not any(c.dep_ in ("aux", "auxpass") for c in head.children)
    return (
        bare
        and not any(c.dep_ in ("dobj", "obj") for c in head.children)
        and head.dep_ in ("acl", "ROOT", "advcl", "conj")
    )


def _core(head: Token, heads: frozenset[int]) -> Iterator[int]:
    todo = [head]
    while todo:
        token = todo.pop()
        yield token.i
        todo += [c for c in token.children if not (c.i in heads and c.dep_ in CLAUSAL and _is_verb(c))]


def _subjects(head: Token) -> tuple[list[Token], bool]:
    own = [c for c in head.children if c.dep_ in SUBJECTS]
    if own:
        return [_resolve_relative(s, head) for s in own], False
    if head.dep_ == "acl" and head.tag_ == "VBG":
        return [head.head], False
    if head.dep_ == "acl" and head.tag_ == "VBN":
        return [head.head], False
    if head.dep_ in ("conj", "xcomp", "advcl", "pcomp", "ccomp", "acl") and head.head != head:
        up = head.head
        while up.pos_ not in ("VERB", "AUX") and up.head != up:
            up = up.head
        if up != head and up.i < head.i + 40:
            return (_subjects(up)[0] if up.head != head else []), True
    return [], True


def _resolve_relative(subject: Token, head: Token) -> Token:
    if subject.tag_ in ("WDT", "WP") and head.dep_ == "relcl":
        return head.head
    return subject


def _objects(head: Token) -> list[Token]:
    found = [c for c in head.children if c.dep_ in OBJECTS]
    found += [c for c in head.children if c.dep_ in ("xcomp", "ccomp") and c.pos_ in ("NOUN", "PROPN", "ADJ")]
    if head.dep_ == "relcl" and any(c.tag_ in ("WDT", "WP") and c.dep_ in OBJECTS for c in head.children):
        return [head.head]
    return found


def _prepositional(head: Token, heads: frozenset[int]) -> tuple[list[Token], list[tuple[str, Token]]]:
    agents: list[Token] = []
    obliques: list[tuple[str, Token]] = []
    todo = [
        c
        for c in head.children
        if c.dep_ in ("prep", "agent", "prt", "advmod", "dobj", "obj", "attr", "nsubjpass", "nsubj", "pobj", "pcomp")
    ]
    while todo:
        token = todo.pop(0)
        for child in token.children:
            if child.dep_ == "pobj" and token.dep_ in ("prep", "agent"):
                (agents if token.lower_ == "by" else []).append(child)
                obliques.append((token.lower_, child))
            if child.dep_ in ("prep", "pobj", "appos", "amod", "compound") and (
                child.i == head.i or child.i not in heads
            ):
                todo.append(child)
    return agents, obliques


def _governor(head: Token, heads: frozenset[int]) -> Token | None:
    token = head
    while token.head != token:
        token = token.head
        if token.i in heads:
            return token
    return None


def _negated(head: Token) -> bool:
    words = [c.lower_ for c in head.children if c.dep_ in ("neg", "det", "advmod", "preconj")]
    subject = [
        g.lower_ for c in head.children if c.dep_ in SUBJECTS | OBJECTS for g in c.children if g.dep_ in ("det", "neg")
    ]
    return bool({"not", "n't", "never", "no", "neither", "nor", "hardly"} & {*words, *subject})
