"""From the records of a chunk to its articles: each address once, in the order of the archive.

Pages are read by the processes of a refresh (`articles.Extractor`), which a page may crash, fill or keep busy without
harm to anybody but itself. Texts are not read for their meaning here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from tracker import articles
from tracker.backfill.fetching import with_pages
from tracker.backfill.terms import Terms
from tracker.lake import Fault, Read
from tracker.lake.layout import MOST_FAULTS
from tracker.model import Article, Done, Item, Page, Poison, Source, SourceKind, Tier
from tracker.model.archives import ArchiveForm, Chunk, Record
from tracker.pipeline.run import Extracts
from tracker.store.codec import bounds
from tracker.urls import registrable_domain

BLOCK = 64  # records that are held at once before their pages are articles
FIRST_DAY, LAST_DAY = "0000-00-00", "9999-99-99"


@dataclass(slots=True)
class Made:
    """The articles of a chunk by id, with the place of each in the archive, and what was counted on the way."""

    found: dict[str, tuple[str, Article]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, key: str, reason: str) -> None:
        """Take note of a record that gave nothing."""
        self.counts["faults"] += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(key=key, reason=reason))

    def take(self, key: str, article: Article, terms: Terms) -> None:
        """Keep an article, unless it is out of the bounds of time or the chunk has a better text of it."""
        if not is_within(article, terms):
            self.counts["outside"] += 1
            return
        before = self.found.get(article.id)
        self.counts["repeated"] += before is not None
        if before is None or _worth(article) > _worth(before[1]):
            self.found[article.id] = (key, article)

    def reads(self) -> Iterator[Read]:
        """The articles, yet unread, each with the first one that has the same text; they are let go of on the way."""
        first: dict[str, str] = {}
        for key in list(self.found):
            record, article = self.found.pop(key)
            same = first.setdefault(article.content_hash or key, key)
            self.counts["copies"] += same != key
            yield Read(article=article, analysis=None, record=record, copy_of=None if same == key else same)


def made(chunk: Chunk, terms: Terms, extractor: Extracts) -> Made:
    """All articles of a chunk. Errors of reading the archive itself go through."""
    into = Made()
    records = terms.records(chunk)
    if chunk.form is ArchiveForm.GDELT:
        records = with_pages(records, terms.network, into.fault)
    while block := list(islice(records, BLOCK)):
        into.counts["records"] += len(block)
        pages = ((place, _job(record)) for place, record in enumerate(block) if record.page is not None)
        texts = {place: _unsourced(text) for place, text in extractor.extract(pages)}
        for place, record in enumerate(block):
            _take(into, record, texts.get(place), terms)
    return into


def is_within(article: Article, terms: Terms) -> bool:
    """Whether some day that an article's date may mean lies within the bounds; without bounds, all do."""
    if terms.since is None and terms.until is None:
        return True
    if article.published is None:
        return False
    first, last = bounds(article.published.value)
    return last >= (terms.since or FIRST_DAY) and first <= (terms.until or LAST_DAY)


def _take(into: Made, record: Record, text: Done[Article] | Poison | None, terms: Terms) -> None:
    """What comes of one record."""
    if record.article is not None:
        text = articles.given(record.article, read=terms.read)
    if isinstance(text, Done):
        into.take(record.key, text.value, terms)
    elif isinstance(text, Poison):
        into.fault(record.key, text.reason)
    elif record.skipped is not None:
        into.counts[f"skipped: {record.skipped}"] += 1
    else:
        into.fault(record.key, record.fault or "an address alone, in an archive of pages")


def _unsourced(text: Done[Article] | Poison) -> Done[Article] | Poison:
    """A page of a crawl comes from no source."""
    return Done(value=replace(text.value, source_id=None)) if isinstance(text, Done) else text


def _worth(article: Article) -> tuple[bool, int]:
    """What one text of an article has before another: it can be read, it is longer."""
    return article.unread is None, len(article.text)


def _job(record: Record) -> articles.Job:
    """What extraction is asked; the present is the time of the crawl."""
    page = record.page
    assert page is not None
    item = record.item or Item(source_id="", url=page.url, title="")
    return articles.Job(item=item, source=_source(page), page=page, now=page.fetched_at)


def _source(page: Page) -> Source:
    """A source that says nothing that the page does not; of its kind, plain texts are articles too."""
    name = registrable_domain(page.url) or ""
    return Source(id="", name=name, kind=SourceKind.FOLDER, url=page.url, tier=Tier.SOCIAL, language="", country=None)


def batches(reads: Iterable[Read], size: int) -> Iterator[list[Read]]:
    """So many at a time."""
    rest = iter(reads)
    while batch := list(islice(rest, size)):
        yield batch
