"""Sites on loopback that list their articles in one way or another: what is found, what is taken, what is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from folder_site import Site

from tracker.fetch import Fetcher
from tracker.model import FetchSettings, SourceKind, Tier
from tracker.probing import Found, Wishes, candidates, entry
from tracker.sources.discovery import Way

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
HEADS = (
    "Ministry widens export rules",
    "Court strikes down steel duties",
    "Trade talks resume in Geneva",
    "Tools need a licence",
)


def rss(*days: str, title: str = "Trade news", language: str = "de") -> str:
    items = "".join(
        f"<item><title>{HEADS[n % 4]}</title><link>/news/{n}.html</link><pubDate>{day}</pubDate></item>"
        for n, day in enumerate(days)
    )
    return f"<rss version='2.0'><channel><title>{title}</title><language>{language}</language>{items}</channel></rss>"


DATED = rss("Thu, 29 Jan 2026 10:00:00 GMT", "Fri, 30 Jan 2026 10:00:00 GMT")
OLD = rss("Mon, 03 Mar 2014 10:00:00 GMT", title="Old news")
HTML = "<html lang='fr'><head><title>Le site</title>{head}</head><body>{body}</body></html>"
ALTERNATE = "<link rel=alternate type=application/rss+xml href={}>"
LIST = "".join(f'<li class="row"><a href="/news/{n}-x.html">{words} {n}</a></li>' for n, words in enumerate(HEADS * 2))
SITEMAP = (
    "<urlset>"
    + "".join(f"<url><loc>http://a.example/{n}</loc><lastmod>2026-01-0{n}</lastmod></url>" for n in (1, 2))
    + "</urlset>"
)

# What a site has -> what is asked for, and what is found first: how, kind, path.
SITES: dict[str, tuple[dict[str, str], str, Way, SourceKind, str]] = {
    "the feed itself": ({"f.xml": DATED}, "f.xml", Way.GIVEN, SourceKind.FEED, "f.xml"),
    "a feed that the head names": (
        {"index.html": HTML.format(head=ALTERNATE.format("/f.xml"), body=LIST), "f.xml": DATED},
        "", Way.ALTERNATE, SourceKind.FEED, "f.xml"),
    "one of two is silent": (
        {"index.html": HTML.format(head=ALTERNATE.format("/o.xml") + ALTERNATE.format("/f.xml"), body=""),
         "f.xml": DATED, "o.xml": OLD}, "", Way.ALTERNATE, SourceKind.FEED, "f.xml"),
    "the one named is gone, a link works": (
        {"index.html": HTML.format(head=ALTERNATE.format("/gone.xml"), body="<a href=/f.xml>RSS</a>"), "f.xml": DATED},
        "", Way.ANCHOR, SourceKind.FEED, "f.xml"),
    "a feed that nobody names": (
        {"index.html": HTML.format(head="", body="x"), "rss.xml": DATED}, "", Way.COMMON, SourceKind.FEED, "rss.xml"),
    "below the page, not only below the site": (
        {"t/index.html": HTML.format(head="", body="x"), "t/rss.xml": DATED},
        "t/", Way.COMMON, SourceKind.FEED, "t/rss.xml"),
    "a sitemap in robots.txt": (
        {"index.html": HTML.format(head="", body="x"), "robots.txt": "Sitemap: /s/map.xml", "s/map.xml": SITEMAP},
        "", Way.SITEMAP, SourceKind.SITEMAP, "s/map.xml"),
    "a news sitemap before another": (
        {"index.html": HTML.format(head="", body="x"), "robots.txt": "Sitemap: /a.xml\nSitemap: /news.xml",
         "a.xml": SITEMAP, "news.xml": SITEMAP}, "", Way.NEWS_SITEMAP, SourceKind.SITEMAP, "news.xml"),
    "a sitemap where they usually lie": (
        {"index.html": HTML.format(head="", body="x"), "sitemap.xml": SITEMAP},
        "", Way.SITEMAP, SourceKind.SITEMAP, "sitemap.xml"),
    "nothing but a page": (
        {"l.html": HTML.format(head="", body=LIST)}, "l.html", Way.INDEX, SourceKind.HTML, "l.html"),
}  # fmt: skip


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(FetchSettings(user_agent="tracker/test", host_delay=0.0), now=lambda: NOW) as running:
        yield running


@pytest.fixture
def look(tmp_path: Path, fetcher: Fetcher) -> Iterator[Callable[..., Found]]:
    """Lay out a site and look for what lists articles at one of its paths."""
    with Site(tmp_path) as site:

        def find(files: dict[str, str], path: str, **options: SourceKind) -> Found:
            for name, text in files.items():
                (tmp_path / name).parent.mkdir(exist_ok=True)
                (tmp_path / name).write_text(text.replace("Sitemap: /", f"Sitemap: {site.url('')}"), encoding="utf-8")
            return candidates(site.url(path), fetcher, now=NOW, **options)

        find.asked = site.asked  # type: ignore[attr-defined]
        yield find


@pytest.mark.parametrize(("files", "path", "way", "kind", "best"), SITES.values(), ids=SITES)
def test_what_is_found_first(
    look: Callable[..., Found], files: dict[str, str], path: str, way: Way, kind: SourceKind, best: str
) -> None:
    found = look(files, path)
    assert found.best is not None
    assert (found.best.guess.way, found.best.guess.kind) == (way, kind)
    assert found.best.guess.url.split("/", 3)[3] == best
    assert found.private  # loopback


def test_what_a_site_names_is_enough(look: Callable[..., Found]) -> None:
    look({"index.html": HTML.format(head=ALTERNATE.format("/f.xml"), body=""), "f.xml": DATED}, "")
    assert look.asked == ["/robots.txt", "/", "/f.xml"]  # type: ignore[attr-defined]


def test_a_page_can_be_had_as_it_is(look: Callable[..., Found]) -> None:
    files = {"l.html": HTML.format(head=ALTERNATE.format("/f.xml"), body=LIST), "f.xml": DATED}
    assert [one.guess.kind for one in look(files, "l.html").candidates] == [SourceKind.FEED, SourceKind.HTML]
    assert [one.guess.kind for one in look(files, "l.html", only=SourceKind.HTML).candidates] == [SourceKind.HTML]


def test_nothing_is_found_where_there_is_nothing(look: Callable[..., Found]) -> None:
    found = look({"index.html": HTML.format(head="", body="Hello.")}, "")
    assert (found.best, found.fault) == (None, None)
    gone = look({}, "absent/")
    assert "404" in getattr(gone.fault, "reason", "")


def test_no_other_host_may_be_private(look: Callable[..., Found]) -> None:
    found = look({"index.html": HTML.format(head=ALTERNATE.format("http://127.0.0.2/f.xml"), body="")}, "")
    (named,) = [one for one in found.candidates if one.guess.way is Way.ALTERNATE]
    assert "private: true" in getattr(named.trial.fault, "reason", "")


def test_the_entry_of_a_feed(look: Callable[..., Found]) -> None:
    found = look({"f.xml": DATED}, "f.xml")
    assert found.best
    made = entry(found.best, found, Wishes(tags=("trade",)), taken=(), today=date(2026, 1, 31))
    assert dict(made) == {
        "id": "trade-news", "name": "Trade news", "kind": "feed", "url": found.url, "language": "de", "country": None,
        "tier": "specialist", "tags": ["trade"], "interval": "1h", "verified_on": "2026-01-31", "private": True,
    }  # fmt: skip


def test_the_entry_of_a_page_has_its_selectors_and_what_was_asked_for(look: Callable[..., Found]) -> None:
    found = look({"l.html": HTML.format(head="", body=LIST)}, "l.html")
    assert found.best
    wishes = Wishes(id="x", name="X", tier=Tier.OFFICIAL, language="es", country="ES", interval="6h")
    made = entry(found.best, found, wishes, taken=(), today=date(2026, 1, 31))
    assert (made["id"], made["name"], made["tier"], made["language"], made["country"], made["interval"]) == (
        "x", "X", "official", "es", "ES", "6h")  # fmt: skip
    assert made["selectors"] == {"item": "li.row", "link": 'a[href*="/news/"]'}
    bare = entry(found.best, found, Wishes(), taken=("le-site",), today=date(2026, 1, 31))
    assert (bare["name"], bare["language"]) == ("Le site", "fr")
    assert bare["id"] not in {"le-site", ""}
