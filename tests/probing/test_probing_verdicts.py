"""What is wrong with a source that was tried, in words: input beside expectation."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tracker.model import Basis, Failed, Fetched, Item, Page, Poison, Selectors, Skipped, Source, SourceKind, Tier, When
from tracker.probing import Trial, verdict
from tracker.probing.entries import country

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
HOME = "`tracker sources add a.example` looks for "


def source(kind: SourceKind = SourceKind.FEED, *, homepage: str | None = None) -> Source:
    return Source(
        id="a", name="A", kind=kind, url="https://a.example/feed", tier=Tier.MAJOR, language="en", country=None,
        homepage=homepage, selectors=Selectors(item="li") if kind is SourceKind.HTML else None,
    )  # fmt: skip


def item(day: str | None, *, title: str = "T") -> Item:
    published = When(value=day, basis=Basis.FEED) if day else None
    return Item(source_id="a", url="https://a.example/1", title=title, published=published)


def page(body: bytes = b"", *, moved_to: str | None = None) -> Page:
    url = "https://a.example/feed"
    return Page(
        url=url, final_url=url, status=200, content_type="", body=body, fetched_at=NOW, moved_to=moved_to
    )  # fmt: skip


FEED, HTML = SourceKind.FEED, SourceKind.HTML
FAILING: list[tuple[Fetched, SourceKind, str]] = [
    (Poison(reason="HTTP 404 (not found)", status=404), FEED, f"gone or moved: {HOME}where it is now"),
    (Poison(reason="HTTP 410 (gone for good)", status=410), FEED, f"gone or moved: {HOME}where it is now"),
    (Poison(reason="HTTP 401 (wants a login)", status=401), FEED, "it wants a login: name a token"),
    (Poison(reason="HTTP 403 (forbidden)", status=403), FEED, "the site turns us away"),
    (Failed(reason="HTTP 403 (forbidden, which means too often here)"), FEED, "too many requests: wait"),
    (Failed(reason="HTTP 429 (too many requests)"), FEED, "too many requests: wait"),
    (Failed(reason="HTTP 503 (unavailable)"), FEED, "the site's own fault"),
    (Failed(reason="cannot connect to a.example: no such name"), FEED, "check the address, try again later"),
    (Failed(reason="the certificate of a.example cannot be trusted: expired"), FEED, "the site's certificate"),
    (Skipped(reason="robots.txt of a.example forbids /feed"), FEED, "the site does not want it asked"),
    (Poison(reason="10.0.0.1 is a private address; write 'private: true' for this source if you mean it"), FEED,
     "if the address is meant, add that line"),
    (Poison(reason='an HTML page ("Home"), not a feed'), FEED, "it is something else now"),
    (Poison(reason="XML broken at line 4 (mismatched tag) and nothing could be read"), FEED, "broken at its source"),
    (Poison(reason="empty body"), FEED, "the address leads to nothing"),
    (Poison(reason="an HTML page, where the item selector 'li' finds nothing"), HTML,
     "the page has been rebuilt: `tracker sources add https://a.example/feed` proposes new selectors"),
    (Poison(reason="larger than 10 bytes"), FEED, "raise settings.fetch.max_bytes"),
    (Poison(reason="something new"), FEED, "look at it in a browser"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fault", "kind", "remedy"), FAILING, ids=[getattr(row[0], "reason", "")[:40] for row in FAILING]
)
def test_a_failing_source_is_told_with_a_remedy(fault: Fetched, kind: SourceKind, remedy: str) -> None:
    found = verdict(Trial(source=source(kind), fault=fault), now=NOW)
    assert not found.ok
    assert found.faults == (getattr(fault, "reason", ""),)
    assert found.remedies[0].startswith(remedy)


def test_the_page_for_people_is_where_to_look_first() -> None:
    found = verdict(Trial(source=source(homepage="https://a.example/news"), fault=Poison(reason="HTTP 404")), now=NOW)
    assert "`tracker sources add https://a.example/news`" in found.remedies[0]


def test_feeds_in_the_page_that_came_instead_are_named() -> None:
    came = page(b"<html><head><link rel=alternate type=application/rss+xml href=/new.xml></head><body>x</body></html>")
    found = verdict(Trial(source=source(), fault=Poison(reason="an HTML page, not a feed"), page=came), now=NOW)
    assert found.feeds == ("https://a.example/new.xml",)


WEAK: list[tuple[Trial, list[str]]] = [
    (Trial(source=source(), items=(item("2026-01-30"),)), []),
    (Trial(source=source()), ["lists nothing"]),
    (Trial(source=source(), items=(item("2026-01-30"), item(None), item(None))), ["2 of 3 entries have no date"]),
    (Trial(source=source(), items=(item("2024-12-30"), item("2024-11-30"))), ["nothing since 2024-12-30"]),
    (Trial(source=source(), items=(item("2026-03-30"),)), ["an entry of 2026-03-30, which is to come"]),
    (Trial(source=source(), items=(item("2026-01-30", title=""),)), ["entries have no titles"]),
    (Trial(source=source(), items=(item("2026-01-30"),), page=page(moved_to="https://b.example/f")),
     ["has moved for good to https://b.example/f"]),
    (Trial(source=source(SourceKind.SITEMAP), items=(item("2026-01-30", title=""),), fault=Failed(reason="HTTP 500")),
     ["a part of it fails: HTTP 500"]),
    (Trial(source=source(), notes=("breaks off before its end: XML broken at line 1 (x)",)),
     ["breaks off before its end: XML broken at line 1 (x)", "lists nothing"]),
    (Trial(source=source(), items=(item("2026-01-30"),), notes=("breaks off before its end",)),
     ["breaks off before its end"]),
    (Trial(source=source(SourceKind.FOLDER), items=(item(None, title=""),)), []),
]  # fmt: skip


@pytest.mark.parametrize(("trial", "faults"), WEAK, ids=[(row[1] or ["well"])[0] for row in WEAK])
def test_a_source_that_answers_may_be_weak(trial: Trial, faults: list[str]) -> None:
    found = verdict(trial, now=NOW)
    assert found.ok
    assert list(found.faults) == faults
    assert found.to_dict()["faults"] == faults


def test_a_broken_list_is_not_held_to_be_quiet() -> None:
    cut, left = "breaks off before its end: XML broken at line 1 (x)", "1 of 2 entries left out: no http(s) link"
    found = verdict(Trial(source=source(), notes=(cut, left)), now=NOW)
    assert found.remedies == ("broken at its source: tell its people, or look for another of the site's feeds",)
    assert found.notes == (left,)
    well = verdict(Trial(source=source(), items=(item("2026-01-30"),), notes=(left,)), now=NOW)
    assert (well.faults, well.notes) == ((), (left,))


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://www.bis.gov/rss", "US"), ("https://www.gov.uk/x.atom", "GB"), ("https://a.de/feed", "DE"),
        ("https://a.europa.eu/", "EU"), ("https://a.com/", None), ("https://a.io/", None), ("https://a.tv/", None),
        ("http://127.0.0.1/", None), ("https://a.co.jp/", "JP"),
    ],
)  # fmt: skip
def test_the_country_of_an_address(url: str, code: str | None) -> None:
    assert country(url) == code
