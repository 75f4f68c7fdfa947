"""The answers about articles: what one tells and where, how it was come by, and of whom it is a copy.

Names are those of the columns in docs/schema.md. Offsets count characters of the text, or of the title.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracker.query.answers import EventRow, as_dict


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """A place in an article that tells something.

    `kind` is "quote" (the words that show an event), "party", "date", "amount" or "item" (goods and rules). `leads_to`
    is the id of the party, of all others that of the event; None: of none, or which one is not settled yet. `words`
    say what it tells: a quote the type of event, a party its name, a date "announced", "effective" or "published" with
    the ISO prefix as `value`, an amount its kind, an item "item" or "instrument".
    """

    field: str  # "text" or "title"
    start: int
    end: int
    kind: str
    leads_to: str | None
    words: str
    value: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """What an article says of one event: the fields as this article has them, and the event as it is known."""

    report_id: str
    event: EventRow | None  # None: not settled yet
    quote: str
    type: str
    status: str
    announced_on: str | None
    effective_on: str | None
    confidence: float
    withdrawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SightingRow:
    """One source that listed an article: what it said there and when it was seen; the fields are columns of `item`."""

    source_id: str
    source_name: str
    title: str
    url: str
    author: str | None
    published: str | None
    published_basis: str | None
    via: str | None
    state: str
    reason: str | None
    first_seen_at: str
    last_seen_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRef:
    """Another article, in short."""

    id: str
    title: str
    source_name: str | None
    tier: str | None
    url: str | None
    published: str | None
    published_basis: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalRow:
    """The page that an article was taken from; the fields are columns of `page`. `kept`: its body is still there."""

    url: str
    final_url: str
    status: int
    content_type: str
    fetched_at: str
    size: int
    body_hash: str | None
    kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDetail:
    """One article; most fields are columns of `article`.

    `places` are in the order of title and text; there are none where the text changed since it was read (`outdated`).
    `copy_of` is the article whose text it repeats, `copies` are the first of those that share that text with it, of
    `copy_count`.
    """

    id: str
    url: str | None
    title: str
    author: str | None
    site: str | None
    source_id: str | None
    source_name: str | None
    tier: str | None
    published: str | None
    published_basis: str | None
    modified: str | None
    stored_at: str
    changed_at: str
    language: str | None
    text_from: str
    unread: str | None
    reader: str | None
    notice: str | None
    wire: str | None
    outdated: bool
    revisions: int  # earlier texts
    text: str
    beyond: str | None  # what is not read for events of a text that is too long
    places: tuple[PlaceRow, ...]
    accounts: tuple[AccountRow, ...]
    sightings: tuple[SightingRow, ...]
    copy_of: ArticleRef | None
    copies: tuple[ArticleRef, ...]
    copy_count: int
    original: OriginalRow | None

    to_dict = as_dict
