"""Where the words of the ontology stand in a parsed text.

Compiles the ontology into one lexicon and marks, token by token, the acts and topics that it finds. Says nothing about
who does what: a cue is a word, not yet an event.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from spacy.tokens import Doc, Token

from tracker.model import EventType
from tracker.nlp.inflection import forms
from tracker.nlp.ontology import Ontology

PARTICLES = frozenset(
    {"prt", "prep", "advmod", "dative", "dobj", "obj", "npadvmod", "acomp", "pcomp", "xcomp", "ccomp", "oprd"}
)
VERBAL = frozenset({"VERB", "AUX"})
PIECES = re.compile(r"\w+|[^\w\s]")
# ("act", "prohibit"), ("strong", "tariff"), ("topic", "tariff"), ("hearsay", ""), ("own", "sanction/visa_ban")
Tag = tuple[str, str]
OWN = "own"  # what a user's ontology names types with


@dataclass(slots=True)
class Node:
    """One step of the trie of phrases."""

    then: dict[str, Node] = field(default_factory=dict)
    tags: set[Tag] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of the lexicon in the text: tokens start to end (exclusive) and what it stands for."""

    start: int
    end: int
    tags: frozenset[Tag]


@dataclass(frozen=True, slots=True)
class Cues:
    """All cues of one Doc, token by token."""

    acts: dict[int, frozenset[str]]  # token to the acts it tells as a head
    strong: dict[int, frozenset[EventType]]
    topics: dict[int, frozenset[EventType]]
    hits: tuple[Hit, ...]
    hearsay: frozenset[int]
    stance: dict[int, frozenset[str]]


class Lexicon:
    """The ontology's words, compiled."""

    def __init__(self, ontology: Ontology) -> None:
        """Compile the trie of phrases and the tables of verbs and nouns."""
        self.ontology = ontology
        self.root = Node()
        self.verbs: dict[str, set[str]] = defaultdict(
            set
        )  # surface form of the verb -> keys "lemma" or "lemma particle"
        self.verb_acts: dict[str, set[str]] = defaultdict(set)
        self.noun_acts: dict[str, set[str]] = defaultdict(set)
        self.stances: dict[str, set[str]] = defaultdict(set)
        self._acts()
        for kind in ontology.kinds.values():
            for phrase in kind.strong:
                self._add(phrase, ("strong", kind.type.value))
            for phrase in kind.topics:
                self._add(phrase, ("topic", kind.type.value))
        for naming in ontology.namings:
            for tag in ((OWN, naming.name), ("strong", naming.type.value)):
                self._add(naming.phrase, tag)
                self._add_pieces(naming.phrase.split(), tag)  # "U.S." and "AT&T" are one token each
        for phrase in ontology.hearsay:
            self._add(phrase, ("hearsay", ""))
        for name, phrases in ontology.stance.items():
            for phrase in phrases:
                self._table(self.stances, phrase, name)

    def _acts(self) -> None:
        for act in self.ontology.acts.values():
            for verb in act.verbs:
                self._table(self.verb_acts, verb, act.name)
            for noun in act.nouns:
                if " " in noun or "-" in noun:
                    self._add(noun, ("act", act.name))
                else:
                    self._table(self.noun_acts, noun, act.name)
            for phrase in act.phrases:
                self._add(phrase, ("act", act.name))

    def _table(self, table: dict[str, set[str]], phrase: str, name: str) -> None:
        head, _, rest = phrase.partition(" ")
        for form in forms(head):
            table[f"{form} {rest}".strip()].add(name)

    def _add(self, phrase: str, tag: Tag) -> None:
        self._add_pieces(PIECES.findall(phrase), tag)

    def _add_pieces(self, pieces: list[str], tag: Tag) -> None:
        for last in _last_forms(pieces):
            node = self.root
            for piece in last:
                node = node.then.setdefault(piece, Node())
            node.tags.add(tag)

    def find(self, doc: Doc) -> Cues:
        """Every cue of the Doc."""
        hits = tuple(self._hits(doc))
        named = _named(hits)
        acts: dict[int, set[str]] = {}
        stance: dict[int, frozenset[str]] = {}
        for token in doc:
            if not token.is_alpha and "-" not in token.text:
                continue
            spellings = tuple(keys(token))
            if told := self._head_acts(token, spellings):
                acts[token.i] = told
            if postures := frozenset[str]().union(*(self.stances[key] for key in spellings if key in self.stances)):
                stance[token.i] = postures
        return Cues(
            acts={i: frozenset(a | named.get(i, frozenset())) for i, a in acts.items()} | _phrase_acts(hits, acts),
            strong=_spread(hits, "strong"),
            topics=_spread(hits, "topic"),
            hits=hits,
            hearsay=frozenset(i for hit in hits if ("hearsay", "") in hit.tags for i in range(hit.start, hit.end)),
            stance=stance,
        )

    def _head_acts(self, token: Token, spellings: Iterable[str]) -> set[str]:
        verb: set[str] = set()
        for key in spellings:
            verb |= self.verb_acts.get(key, set())
        noun = self.noun_acts.get(token.lower_, set())
        if token.pos_ in VERBAL:
            return verb or noun
        if token.pos_ in ("NOUN", "PROPN"):
            return noun or (verb if token.dep_ in ("ROOT", "acl", "relcl", "conj", "ccomp") else set())
        return verb if token.pos_ == "ADJ" and token.dep_ not in ("amod", "compound") else set()

    def _hits(self, doc: Doc) -> Iterator[Hit]:
        for i in range(len(doc)):
            yield from self._from(doc, i)

    def _from(self, doc: Doc, start: int) -> Iterator[Hit]:
        nodes = [self.root]
        for i in range(start, min(start + 8, len(doc))):
            token = doc[i]
            spellings = {token.text, token.lower_, token.lemma_.lower()}
            nodes = [node.then[s] for node in nodes for s in spellings if s in node.then]
            if not nodes:
                return
            tags = frozenset(tag for node in nodes for tag in node.tags)
            if tags:
                yield Hit(start, i + 1, tags)


def keys(token: Token) -> Iterator[str]:
    """The spellings under which a token may be in a table: alone and with each particle, preposition or object."""
    word = token.lower_
    yield word
    if token.pos_ in VERBAL or token.dep_ in ("ROOT", "acl"):
        for child in token.children:
            if child.i > token.i and child.dep_ in PARTICLES:
                yield f"{word} {child.lower_}"
                if child.dep_ == "prep":
                    yield from (f"{word} {child.lower_} {grand.lower_}" for grand in child.children)
        follow = token.i + 1
        if follow < len(token.doc) and token.doc[follow].pos_ in ("ADP", "ADV", "PART"):
            yield f"{word} {token.doc[follow].lower_}"


def _last_forms(pieces: list[str]) -> Iterable[list[str]]:
    """The phrase with its last word inflected; words in capitals as they are."""
    *front, last = pieces
    if last.isupper() and len(last) > 1:
        return [pieces]
    return [[*front, form] for form in sorted(forms(last))] if last.isalpha() else [pieces]


def _spread(hits: tuple[Hit, ...], which: str) -> dict[int, frozenset[EventType]]:
    found: dict[int, set[EventType]] = defaultdict(set)
    for hit in hits:
        for kind, name in hit.tags:
            if kind == which:
                for i in range(hit.start, hit.end):
                    found[i].add(EventType(name))
    return {i: frozenset(types) for i, types in found.items()}


def _named(hits: tuple[Hit, ...]) -> dict[int, set[str]]:
    """Token to the acts of the phrases that it is a part of."""
    found: dict[int, set[str]] = defaultdict(set)
    for hit in hits:
        for kind, name in hit.tags:
            if kind == "act":
                for i in range(hit.start, hit.end):
                    found[i].add(name)
    return found


def _phrase_acts(hits: tuple[Hit, ...], known: dict[int, set[str]]) -> dict[int, frozenset[str]]:
    """Acts told by a phrase, laid on its syntactic head or last word where no verb of it is known."""
    found: dict[int, set[str]] = defaultdict(set)
    for hit in hits:
        names = {name for kind, name in hit.tags if kind == "act"}
        if names:
            places = [i for i in range(hit.start, hit.end) if known.get(i)] or [hit.end - 1]
            for i in places:
                found[i] |= names | known.get(i, set())
    return {i: frozenset(names) for i, names in found.items()}


def topics_at(cues: Cues, tokens: Iterable[int]) -> tuple[dict[EventType, int], dict[EventType, int]]:
    """How many of the tokens are strong and plain topics of each type."""
    strong: dict[Any, int] = defaultdict(int)
    plain: dict[Any, int] = defaultdict(int)
    for i in tokens:
        for kind in cues.strong.get(i, ()):
            strong[kind] += 1
        for kind in cues.topics.get(i, ()):
            plain[kind] += 1
    return strong, plain
