"""Articles with analyses, chunks and lakes for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import strategies as st

from tracker.lake import Gathered, Identity, Lake, Note, Read
from tracker.model import (
    Amount,
    Analysis,
    Article,
    Basis,
    EventMention,
    Mention,
    Party,
    Phrase,
    Reason,
    Span,
    TextFrom,
    When,
)
from tracker.model.archives import ArchiveForm, Chunk

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
IDENTITY = Identity(reader="block 1", texts="bottom-w3-1, en", chunk_bytes=64_000_000)
CHUNK = Chunk(id="00000000000000aa", input="/news/a.warc.gz", form=ArchiveForm.WARC, part=(0, 900), size=900)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SPANS = st.builds(Span, start=st.integers(0, 9), end=st.integers(0, 9))
PARTIES = st.builds(Party, name=TEXTS, country=st.none() | TEXTS, wikidata=st.none() | TEXTS, id=st.none() | TEXTS)
MENTIONS = st.builds(Mention, party=PARTIES, span=SPANS, how=TEXTS)
DATES = st.sampled_from(["2024", "2024-07", "2024-07-09", "2024-12-31T23:59:00+00:00", "0999-01", "2024-13"])
WHENS = st.none() | st.builds(When, value=DATES, basis=st.sampled_from(Basis), span=st.none() | SPANS)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False)
PHRASES = st.builds(Phrase, text=TEXTS, span=SPANS)
EVENTS = st.builds(
    EventMention,
    actors=st.lists(MENTIONS, max_size=2).map(tuple),
    targets=st.lists(MENTIONS, max_size=2).map(tuple),
    items=st.lists(PHRASES, max_size=2).map(tuple),
    instruments=st.lists(PHRASES, max_size=2).map(tuple),
    announced_on=WHENS,
    effective_on=WHENS,
    evidence=st.lists(SPANS, min_size=1, max_size=2).map(tuple),
    confidence=st.floats(0, 1),
    amounts=st.lists(
        st.builds(Amount, value=NUMBERS, upper=st.none() | NUMBERS, text=TEXTS, unit=TEXTS, span=SPANS), max_size=2
    ).map(tuple),
    why=st.lists(st.builds(Reason, what=TEXTS, words=TEXTS, weight=st.floats(0, 1)), max_size=2).map(tuple),
    subtype=st.none() | TEXTS,
)
ARTICLES = st.builds(
    Article,
    id=TEXTS,
    url=st.none() | TEXTS,
    title=TEXTS,
    text=TEXTS,
    published=WHENS,
    language=st.none() | TEXTS,
    source_id=st.none() | TEXTS,
    author=st.none() | TEXTS,
    modified=st.none() | TEXTS,
    site=st.none() | TEXTS,
    content_hash=TEXTS,
    signature=st.binary(max_size=9),
    wire=st.none() | TEXTS,
    unread=st.none() | TEXTS,
    note=st.none() | TEXTS,
)


@st.composite
def reads(draw: st.DrawFn) -> list[Read]:
    """Articles of one chunk, each with another id."""
    found = draw(st.lists(ARTICLES, max_size=2, unique_by=lambda one: one.id))
    return [
        Read(article=one, analysis=draw(st.none() | _analyses(one)), record=f"a#{n}") for n, one in enumerate(found)
    ]


def _analyses(article: Article) -> st.SearchStrategy[Analysis]:
    return st.builds(
        Analysis,
        article_id=st.just(article.id),
        mentions=st.lists(MENTIONS, max_size=2).map(tuple),
        events=st.lists(EVENTS, max_size=2).map(tuple),
        reader=TEXTS,
        known=st.lists(PARTIES, max_size=2).map(tuple),
    )


def article(number: int, *, published: str | None = "2024-07-09", text: str = "") -> Article:
    return Article(
        id=f"a{number:03}",
        url=f"https://paper.example/{number}",
        title=f"Article {number}",
        text=text or f"OpenAI ended API access in China, part {number}.",
        published=When(value=published, basis=Basis.PAGE) if published else None,
        language="en",
        text_from=TextFrom.PAGE,
    )


def lake(folder: Path) -> Lake:
    return Lake.begun(str(folder), IDENTITY, now=NOW)


def written(into: Lake, found: list[Read], *, chunk: str = CHUNK.id) -> Note:
    gathered = Gathered()
    for one in found:
        gathered.add(one)
    return into.write(replace(CHUNK, id=chunk), gathered, {"articles": len(found)})
