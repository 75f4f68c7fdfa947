"""The examples of a user's file, read by a reader, and whether they hold.

Takes any reader; says what was found instead where an example fails. Loads no model itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tracker.model import Article, EventMention, Mention, PartyKind, Reads, TextFrom
from tracker.nlp.gazetteer import Gazetteer
from tracker.nlp.own.values import Example, Own


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One example: what was wanted and what was found, in words."""

    number: int  # from 0, as in `examples[0]`
    example: Example
    is_ok: bool
    wanted: str
    found: tuple[str, ...]


def proved(own: Own, reader: Reads, gazetteer: Gazetteer) -> Iterator[Outcome]:
    """Every example in its order, read alone.

    Args:
        own: the user's file.
        reader: a reader that was made with it.
        gazetteer: the reader's; says whom an `actor` means.
    """
    articles = [_article(number, example) for number, example in enumerate(own.examples)]
    for number, analysis in enumerate(reader.read_many(articles)):
        example = own.examples[number]
        yield Outcome(
            number=number,
            example=example,
            is_ok=holds(example, analysis.events, gazetteer),
            wanted=_wanted(example),
            found=tuple(map(_told, analysis.events)),
        )


def holds(example: Example, events: Iterable[EventMention], gazetteer: Gazetteer) -> bool:
    """Whether one of the events is the one that is asked for; of an example for none, whether none is."""
    return example.none != any(_fits(example, event, gazetteer) for event in events)


def _fits(example: Example, event: EventMention, gazetteer: Gazetteer) -> bool:
    return (
        (example.type is None or event.type is example.type)
        and (example.subtype is None or event.subtype == example.subtype)
        and (example.status is None or event.status is example.status)
        and (example.actor is None or any(_means(example.actor, m, gazetteer) for m in event.actors))
    )


def _means(name: str, mention: Mention, gazetteer: Gazetteer) -> bool:
    """Whether a name means the party: its name, id or key, its country's code, or a name that the tables know."""
    party = mention.party
    key = party.id or ""
    if name.casefold() in {party.name.casefold(), key, key.rpartition(":")[2] or party.name.casefold()}:
        return True
    if party.kind is PartyKind.GOVERNMENT and name == party.country:
        return True
    known = {match.entry.party.id for match in gazetteer.find(name)}
    return bool(known & {key, party.parent or ""} - {""})


def _article(number: int, example: Example) -> Article:
    return Article(
        id=f"examples[{number}]",
        url=None,
        title="",
        text=example.text,
        published=None,
        language="en",
        text_from=TextFrom.INPUT,
    )


def _wanted(example: Example) -> str:
    if example.none:
        return f"no {_kind(example.type, example.subtype)}" if example.type else "no event"
    parts = [_kind(example.type, example.subtype)]
    parts += [example.status] if example.status else []
    parts += [f"by {example.actor}"] if example.actor else []
    return " ".join(parts)


def _told(event: EventMention) -> str:
    by = _names(event.actors)
    return f"{_kind(event.type, event.subtype)} {event.status}" + (f" by {by}" if by else "")


def _kind(kind: str | None, finer: str | None) -> str:
    return f"{kind}/{finer}" if finer else str(kind)


def _names(mentions: Sequence[Mention]) -> str:
    return ", ".join(dict.fromkeys(mention.party.name for mention in mentions))
