"""What is allowed in a user's file but may not be meant: cues that are built in already, or name other types.

Each warning is one line with file, key path and remedy. Names that other parties have too are told by the gazetteer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tracker.model import EventType
from tracker.nlp.inflection import forms
from tracker.nlp.ontology import Ontology
from tracker.nlp.own.values import Own


def warnings(own: Own, built_in: Ontology, is_found: Callable[[str], bool]) -> Iterator[str]:
    """Every warning, in the order of the sections.

    Args:
        own: the user's file.
        built_in: the ontology without it.
        is_found: whether the reader's lexicon finds a phrase in a text that is this phrase alone.
    """
    strong = {kind: _every_form(known.strong) for kind, known in built_in.kinds.items()}
    topics = {kind: _every_form(known.topics) for kind, known in built_in.kinds.items()}
    for kind, words in own.types.items():
        here = f"{own.path}: types.{kind}"
        decides = "take it away, unless it is to decide alone"
        yield from _known(f"{here}.strong", words.strong, strong[kind], f"a strong phrase of {kind}", decides)
        yield from _known(f"{here}.topics", words.topics, topics[kind], f"a topic of {kind}")
        yield from _of_others(f"{here}.strong", words.strong, kind, strong)
    for name, subtype in own.subtypes.items():
        yield from _of_others(f"{own.path}: types.{name}.strong", subtype.strong, subtype.of, strong)
    yield from _twice(own)
    for act, added in own.acts.items():
        known = built_in.acts[act]
        here = f"{own.path}: acts.{act}"
        yield from _known(f"{here}.verbs", added.verbs, _every_form(known.verbs), f"a verb of {act}")
        yield from _known(f"{here}.nouns", added.nouns, _every_form(known.nouns), f"a noun of {act}")
        yield from _known(f"{here}.phrases", added.phrases, _every_form(known.phrases), f"a phrase of {act}")
    yield from _unseen(own, is_found)


def _every_form(phrases: tuple[str, ...]) -> frozenset[str]:
    """The phrases with their last words in every form, in small letters."""
    found = set()
    for phrase in phrases:
        front, _, last = phrase.lower().rpartition(" ")
        found |= {f"{front} {form}".strip() for form in forms(last)}
    return frozenset(found)


def _known(
    here: str, phrases: tuple[str, ...], known: frozenset[str], what: str, remedy: str = "take it away"
) -> Iterator[str]:
    for phrase in phrases:
        if phrase.lower() in known:
            yield f"{here}: {phrase!r} is {what} already; {remedy}"


def _of_others(
    here: str, phrases: tuple[str, ...], kind: EventType, strong: dict[EventType, frozenset[str]]
) -> Iterator[str]:
    for phrase in phrases:
        others = [other for other, known in strong.items() if other is not kind and phrase.lower() in known]
        if others:
            told = " and ".join(others)
            yield f"{here}: {phrase!r} is a strong phrase of {told}; beside an act it now always means {kind}"


def _twice(own: Own) -> Iterator[str]:
    """A strong phrase of two entries of the file names both; which is told, is left to the model."""
    seen: dict[str, str] = {}
    strong = [(str(kind), words.strong) for kind, words in own.types.items()]
    for name, phrases in [*strong, *((name, subtype.strong) for name, subtype in own.subtypes.items())]:
        for phrase in phrases:
            first = seen.setdefault(phrase, name)
            if first != name:
                yield f"{own.path}: types.{name}.strong: {phrase!r} stands under {first} too; keep one of the two"


def _unseen(own: Own, is_found: Callable[[str], bool]) -> Iterator[str]:
    """Phrases that the reader splits otherwise than they are written, so that they never match."""
    named = [(str(kind), words.strong + words.topics) for kind, words in own.types.items()]
    named += [(name, subtype.strong + subtype.topics) for name, subtype in own.subtypes.items()]
    for name, phrases in named:
        for phrase in phrases:
            if not is_found(phrase):
                yield f"{own.path}: types.{name}: {phrase!r} never matches as it is written; write it as it is printed"
