"""The built-in ontology with a user's words added; the built-in one stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tracker.model import EventType
from tracker.nlp.inflection import doubled
from tracker.nlp.ontology import Act, Kind, Naming, Ontology
from tracker.nlp.own.values import ActWords, Own, Words


def extended(ontology: Ontology, own: Own) -> Ontology:
    """The ontology as a reader with the user's file uses it.

    A subtype's words count as its type's, so that the learned model sees them too; `namings` keeps which phrases are
    the user's, since those decide.
    """
    return replace(
        ontology,
        acts={name: _act(act, own.acts.get(name, ActWords())) for name, act in ontology.acts.items()},
        kinds={kind: _kind(known, own) for kind, known in ontology.kinds.items()},
        subtypes=dict(own.subtypes),
        namings=tuple(_namings(own)),
    )


def _act(act: Act, more: ActWords) -> Act:
    verbs = tuple(form for verb in more.verbs for form in _forms(verb))
    return replace(act, verbs=act.verbs + verbs, nouns=act.nouns + more.nouns, phrases=act.phrases + more.phrases)


def _forms(verb: str) -> Iterator[str]:
    """The verb, also with its last letter doubled, since nobody says how a user's word is stressed."""
    yield verb
    head, _, rest = verb.partition(" ")
    yield from (f"{form} {rest}".strip() for form in doubled(head))


def _kind(known: Kind, own: Own) -> Kind:
    added = [own.types.get(known.type, Words())]
    added += [Words(strong=s.strong, topics=s.topics) for s in own.subtypes.values() if s.of is known.type]
    strong = [word for words in added for word in words.strong]
    topics = [word for words in added for word in words.topics]
    return replace(
        known,
        strong=tuple(dict.fromkeys((*known.strong, *strong))),
        topics=tuple(dict.fromkeys((*known.topics, *topics))),
    )


def _namings(own: Own) -> Iterator[Naming]:
    for kind, words in own.types.items():
        yield from (Naming(phrase=phrase, type=EventType(kind)) for phrase in words.strong)
    for name, subtype in own.subtypes.items():
        yield from (Naming(phrase=phrase, type=subtype.of, subtype=name) for phrase in subtype.strong)
