"""Articles with what was read in them, as rows of the lake, and back: nothing is lost on the way.

Text is kept as it is but for lone surrogates, which UTF-8 cannot hold: each becomes U+FFFD, so that offsets stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tracker.model import (
    Amount,
    Analysis,
    Article,
    Basis,
    EventMention,
    Mention,
    Notice,
    Party,
    PartyKind,
    Phrase,
    Span,
    TextFrom,
    When,
)
from tracker.store.codec import dumps, loads
from tracker.store.reports import report_ids, words

Row = dict[str, Any]

_SURROGATE = re.compile("[\ud800-\udfff]")
_PLAIN = ("id", "url", "title", "text", "language", "source_id", "author", "modified", "site", "content_hash",
          "signature", "wire", "unread", "note")  # fmt: skip
_PARTY = ("name", "country", "wikidata", "id", "parent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One article of an archive with what the reader found; None where it was left alone (`article.unread`).

    `record` is its place in the archive, `copy_of` the first article of the chunk that has the same text, if another.
    """

    article: Article
    analysis: Analysis | None
    record: str
    copy_of: str | None = None


def article_row(read: Read) -> Row:
    """The row of `articles`."""
    one, found = read.article, read.analysis
    dated = one.published
    row = {name: getattr(one, name) for name in _PLAIN} | {
        "published": dated.value if dated else None,
        "published_basis": dated.basis.value if dated else None,
        "published_span": _span(dated.span) if dated and dated.span else None,
        "text_from": one.text_from.value,
        "notice": one.notice.value if one.notice else None,
        "reader": found.reader if found else None,
        "mentions": [_mention(mention) for mention in found.mentions] if found else [],
        "known": [_party(party) for party in found.known] if found else [],
        "record": read.record,
        "copy_of": read.copy_of,
    }
    return {name: _whole(value) for name, value in row.items()}


def report_rows(read: Read) -> list[Row]:
    """The rows of `reports`, in the order of the analysis."""
    if read.analysis is None or not read.analysis.events:
        return []
    ids = report_ids(read.article, read.analysis.events)
    told = zip(ids, read.analysis.events, strict=True)
    return [_report(read.article, position, key, event) for position, (key, event) in enumerate(told)]


def read_of(row: Row, reports: Iterable[Row]) -> Read:
    """What a row of `articles` and its rows of `reports`, in their order, were made of."""
    article = _article(row)
    analysis = None
    if row["reader"] is not None:
        analysis = Analysis(
            article_id=article.id,
            mentions=tuple(map(_mention_of, row["mentions"])),
            events=tuple(event_of(report) for report in reports),
            reader=row["reader"],
            known=tuple(map(_party_of, row["known"])),
        )
    return Read(article=article, analysis=analysis, record=row["record"], copy_of=row["copy_of"])


def event_of(report: Row) -> EventMention:
    """The event that a row of `reports` tells; its column `detail` is enough."""
    return loads(EventMention, report["detail"])


def _report(article: Article, position: int, key: str, event: EventMention) -> Row:
    announced, effective = event.announced_on, event.effective_on
    row: Row = {
        "id": key,
        "article_id": article.id,
        "position": position,
        "url": article.url,
        "published": article.published.value if article.published else None,
        "source_id": article.source_id,
        "wire": article.wire,
        "notice": article.notice.value if article.notice else None,
        "type": event.type.value,
        "subtype": event.subtype,
        "status": event.status.value,
        "direction": event.direction.value,
        "certainty": event.certainty.value,
        "announced_on": announced.value if announced else None,
        "announced_basis": announced.basis.value if announced else None,
        "effective_on": effective.value if effective else None,
        "effective_basis": effective.basis.value if effective else None,
        "confidence": event.confidence,
        "quote": words(article, event.evidence),
        "actors": [_mention(one) for one in event.actors],
        "targets": [_mention(one) for one in event.targets],
        "items": [_phrase(one) for one in event.items],
        "instruments": [_phrase(one) for one in event.instruments],
        "amounts": [_amount(one) for one in event.amounts],
        "evidence": [_span(one) for one in event.evidence],
        "detail": dumps(event),
    }
    return {name: _whole(value) for name, value in row.items()}


def _article(row: Row) -> Article:
    plain = {name: row[name] for name in _PLAIN}
    dated, span = row["published"], row["published_span"]
    return Article(
        **plain,
        published=None
        if dated is None
        else When(value=dated, basis=Basis(row["published_basis"]), span=Span(**span) if span else None),
        text_from=TextFrom(row["text_from"]),
        notice=Notice(row["notice"]) if row["notice"] else None,
    )


def _span(span: Span) -> Row:
    return {"start": span.start, "end": span.end, "field": span.field}


def _party(party: Party) -> Row:
    return {name: _whole(getattr(party, name)) for name in _PARTY} | {"kind": party.kind.value}


def _mention(mention: Mention) -> Row:
    return _party(mention.party) | {"how": mention.how} | _span(mention.span)


def _phrase(phrase: Phrase) -> Row:
    return {"text": _whole(phrase.text)} | _span(phrase.span)


def _amount(amount: Amount) -> Row:
    return {
        "kind": amount.kind.value,
        "value": str(amount.value),
        "upper": None if amount.upper is None else str(amount.upper),
        "comparison": amount.comparison.value if amount.comparison else None,
        "unit": _whole(amount.unit),
        "per": _whole(amount.per),
        "text": _whole(amount.text),
    } | _span(amount.span)


def _party_of(row: Row) -> Party:
    return Party(**{name: row[name] for name in _PARTY}, kind=PartyKind(row["kind"]))


def _mention_of(row: Row) -> Mention:
    span = Span(start=row["start"], end=row["end"], field=row["field"])
    return Mention(party=_party_of(row), span=span, how=row["how"])


def _whole(value: Any) -> Any:
    return _SURROGATE.sub("\ufffd", value) if isinstance(value, str) and not value.isascii() else value
