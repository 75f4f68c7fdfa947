"""Small pages with what must come out of them beside: tests/articles/data/NAME.html and NAME.yaml."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from tracker.articles import from_input, from_item, from_page
from tracker.model import (
    Article,
    Basis,
    Done,
    Item,
    Page,
    Poison,
    Source,
    SourceKind,
    TextFrom,
    Tier,
    When,
)
from tracker.urls import article_id

DATA = Path(__file__).parent / "data"
PAGES = sorted(path.stem for path in DATA.glob("*.html"))
NOW = datetime(2024, 7, 1, 12, tzinfo=UTC)


def source(country: str | None = None, name: str = "A Source") -> Source:
    return Source(
        id="a", name=name, kind=SourceKind.FEED, url="https://a.example/feed", tier=Tier.MAJOR, language="en",
        country=country,
    )  # fmt: skip


def item(wanted: dict[str, Any]) -> Item:
    dated = wanted.get("item_published")
    return Item(
        source_id="a",
        url=wanted["url"],
        title=wanted.get("item_title", ""),
        summary=wanted.get("summary"),
        published=When(value=dated, basis=Basis.FEED) if dated else None,
    )


def page(url: str, body: bytes, content_type: str = "text/html") -> Page:
    return Page(url=url, final_url=url, status=200, content_type=content_type, body=body, fetched_at=NOW)


def done(result: Done[Article] | Poison) -> Article:
    assert isinstance(result, Done)
    return result.value


@pytest.mark.parametrize("name", PAGES)
def test_a_page(name: str) -> None:
    wanted = yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    body = (DATA / f"{name}.html").read_bytes()
    article = done(from_page(item(wanted), source(wanted.get("country")), page(wanted["url"], body), now=NOW))
    assert article.text == wanted["text"]
    assert article.title == wanted["title"]
    assert article.published is not None
    assert [article.published.value, article.published.basis] == wanted["published"]
    assert article.modified == wanted.get("modified")
    assert article.language == wanted["language"]
    assert article.unread == wanted.get("unread")
    assert article.note == wanted.get("note", article.note)
    assert article.text_from == wanted.get("text_from", "page")
    assert article.author == wanted.get("author")
    assert article.url == wanted.get("article_url", wanted["url"])
    assert article.site == wanted.get("site", article.site)


def html(
    head: str = "", text: str = "The ministry of trade has banned the export of raw nickel from Friday. " * 8
) -> bytes:
    return f"<html lang=en><head>{head}</head><body><article><p>{text}</p></article></body></html>".encode()


@pytest.mark.parametrize(
    ("head", "address"),
    [
        ('<link rel="canonical" href="/story">', "https://www.site.example/story"),
        ('<link rel="canonical" href="https://site.example/story?utm_source=x">', "https://site.example/story"),
        ('<meta property="og:url" content="https://news.site.example/story">', "https://news.site.example/story"),
        ('<link rel="canonical" href="https://elsewhere.example/story">', "https://www.site.example/a/b"),
        ('<link rel="canonical" href="https://www.site.example/">', "https://www.site.example/a/b"),
        ('<link rel="canonical" href="http://[broken">', "https://www.site.example/a/b"),
        ("", "https://www.site.example/a/b"),
    ],
)
def test_the_page_may_name_its_own_address_on_its_own_site(head: str, address: str) -> None:
    url = "https://www.site.example/a/b?fbclid=1"
    article = done(from_page(item({"url": url}), source(), page(url, html(head)), now=NOW))
    assert article.url == address
    assert article.id == article_id(address)


def test_the_read_languages_are_the_callers() -> None:
    body = html(
        text="Das Ministerium hat die Ausfuhr von Nickel verboten, und zwar ab Freitag und für alle Länder. " * 5
    )
    told = item({"url": "https://a.example/1"})
    assert done(from_page(told, source(), page(told.url, body), now=NOW)).unread == "language: de is not read yet"
    assert done(from_page(told, source(), page(told.url, body), now=NOW, read={"en", "de"})).unread is None


def test_what_is_no_page_gives_the_feeds_words() -> None:
    told = item(
        {"url": "https://a.example/1.pdf", "item_title": "Notice", "summary": "The agency adds two firms to its list."}
    )
    article = done(from_page(told, source(), page(told.url, b"PK\x03\x04", "application/zip"), now=NOW))
    assert (article.text, article.text_from) == ("The agency adds two firms to its list.", TextFrom.FEED)
    assert (article.unread, article.note) == (None, "format: application/zip is not read yet")


def test_a_feeds_summary_is_cleaned() -> None:
    summary = (
        "<p>The agency adds two firms to its list &amp; drops one.</p><ul><li>Added: A, B</li><li>Dropped: C</li></ul>"
        '<p>The post <a href="/1">Agency adds two</a> appeared first on <a href="/">A Source</a>.</p>'
    )
    told = item({"url": "https://a.example/1", "item_title": "Agency adds two - A Source", "summary": summary})
    article = done(from_item(told, source(), now=NOW, because="http 403"))
    assert article.text == "The agency adds two firms to its list & drops one.\n\n- Added: A, B\n- Dropped: C"
    assert article.title == "Agency adds two"
    assert (article.unread, article.note) == (None, "http 403")


def test_a_feed_without_words_is_kept_unread_with_the_reason() -> None:
    told = item({"url": "https://a.example/1", "item_title": "Agency adds two"})
    assert done(from_item(told, source(), now=NOW, because="http 403")).unread == "http 403"
    assert done(from_item(told, source(), now=NOW)).unread == "too short: 0 words"


def test_a_social_post_is_an_article() -> None:
    post = Item(
        source_id="a",
        url="https://social.example/@desk/1",
        title="",
        content='<p>OpenAI blocks China from 9 July<br>More: <a href="#"><span class="invisible">https://</span>x.example</a></p>',
        published=When(value="2024-06-25T09:00:00Z", basis=Basis.FEED),
        is_whole=True,
    )
    article = done(from_item(post, source(), now=NOW))
    assert article.text == "OpenAI blocks China from 9 July\nMore: x.example"
    assert article.title == "OpenAI blocks China from 9 July"
    assert article.unread is None
    assert article.signature == b""


def test_saved_files() -> None:
    article = done(from_input(html("<title>Nickel</title>"), now=NOW))
    assert (article.title, article.text_from, article.unread) == ("Nickel", TextFrom.INPUT, None)
    plain = done(from_input(b"Nickel ban\n\nThe ministry has banned\nthe export of raw nickel.", now=NOW))
    assert (plain.title, plain.text) == ("Nickel ban", "The ministry has banned\nthe export of raw nickel.")
    assert plain.published is None


@pytest.mark.parametrize(
    "body", [b"", b" \n", b"<html></html>", b"<!-- -->", b"\xff\xfe\x00", b"<p>", b"<html><body></html>"]
)
def test_an_empty_page_is_no_fault_of_the_process(body: bytes) -> None:
    told = item({"url": "https://a.example/1", "item_title": "Agency adds two"})
    article = done(from_page(told, source(), page(told.url, body), now=NOW))
    assert article.title == "Agency adds two"
    assert article.unread is not None
