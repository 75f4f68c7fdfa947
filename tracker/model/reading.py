"""An article and what the reader finds in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from tracker.model.amounts import Amount
from tracker.model.text import Phrase, Span, When
from tracker.model.vocabulary import Certainty, Direction, EventType, PartyKind, Status


class TextFrom(StrEnum):
    """Where an article's text was taken from."""

    PAGE = "page"
    FEED = "feed"
    INPUT = "input"  # handed to `tracker extract`


class Notice(StrEnum):
    """What an article is that an outlet publishes about an earlier one of its own."""

    CORRECTION = "correction"  # something in it was wrong
    RETRACTION = "retraction"  # it is withdrawn whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The text of an article, ready to be read.

    `id` is a hash of the article's natural key (its canonical URL). `unread` says why the reader should leave it
    alone ("language: zh is not read yet", "paywall stub"), or is None.
    """

    id: str
    url: str | None
    title: str
    text: str
    published: When | None
    language: str | None
    text_from: TextFrom
    source_id: str | None = None
    author: str | None = None
    modified: str | None = None  # ISO
    site: str | None = None
    content_hash: str = ""  # of the normalised text: exact copies share it
    signature: bytes = b""  # what copies are known by (tracker.articles.SIGNATURE_SCHEME); not kept with the article
    wire: str | None = None  # the agency whose text it is, by its credit: "reuters"
    unread: str | None = None
    note: str | None = None  # why the text is not the whole page's although it can be read ("paywall: …")
    notice: Notice | None = None  # it corrects or withdraws what its outlet said before


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who acts or is acted upon.

    `id` is the gazetteer's key ("gov:us:commerce", "co:openai") or None for a name that only the text knows;
    `parent` the key of the party it belongs to (a ministry to its state, Alibaba Cloud to Alibaba).
    """

    name: str
    kind: PartyKind
    country: str | None = None  # ISO 3166-1 alpha-2 or "EU": the seat
    wikidata: str | None = None
    id: str | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A party named at a place in the text; `how` is name, alias, acronym, description, pronoun, metonym or office."""

    party: Party
    span: Span
    how: str = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a field has its value, or two things are held to be the same: in words, with a weight where there is one."""

    what: str  # the field or feature: "status", "actor", "date"
    words: str  # "modal 'will' before the cue", "same actor: OpenAI"
    weight: float = 0.0
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMention:
    """One policy event as one article tells it; every field the text gives has its span."""

    type: EventType
    status: Status
    direction: Direction
    certainty: Certainty
    actors: tuple[Mention, ...]
    targets: tuple[Mention, ...]
    items: tuple[Phrase, ...]
    instruments: tuple[Phrase, ...]
    announced_on: When | None
    effective_on: When | None
    evidence: tuple[Span, ...]  # the best sentence or clause first; never empty
    confidence: float  # 0 to 1
    amounts: tuple[Amount, ...] = ()  # in its clauses, in the order of the text
    why: tuple[Reason, ...] = ()
    subtype: str | None = None  # a user's finer kind of the type (docs/ontology.md)


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """All that the reader found in one article; `reader` names rules and model with their version.

    `known` are the gazetteer's parties among those mentioned, as the gazetteer has them, with all that they belong to.
    """

    article_id: str
    mentions: tuple[Mention, ...]
    events: tuple[EventMention, ...]
    reader: str
    known: tuple[Party, ...] = ()


class Reads(Protocol):
    """What is needed of a reader, whichever it is."""

    @property
    def version(self) -> str:
        """Rules, models and a user's file: changes with whatever changes what is found."""
        ...

    def read_many(self, articles: Iterable[Article]) -> Iterator[Analysis]:
        """Read articles in order."""
        ...
