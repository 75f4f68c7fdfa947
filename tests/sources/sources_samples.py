"""Sources and answers for the tests of this room."""

from __future__ import annotations

from datetime import UTC, datetime

from tracker.model import Page, Records, Selectors, Source, SourceKind, Tier, Wanted

FETCHED_AT = datetime(2024, 7, 9, 12, tzinfo=UTC)


def source(
    kind: SourceKind,
    *,
    url: str = "http://a.example/feed",
    selectors: Selectors | None = None,
    country: str | None = None,
    records: Records | None = None,
    wanted: Wanted | None = None,
) -> Source:
    return Source(
        id="the-source",
        name="The source",
        kind=kind,
        url=url,
        tier=Tier.MAJOR,
        language="en",
        country=country,
        selectors=selectors,
        records=records,
        wanted=wanted or Wanted(),
    )


def page(
    body: bytes, *, url: str = "http://a.example/feed", final_url: str | None = None, content_type: str = ""
) -> Page:
    return Page(
        url=url,
        final_url=final_url or url,
        status=200,
        content_type=content_type,
        body=body,
        fetched_at=FETCHED_AT,
    )
