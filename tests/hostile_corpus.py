"""What strangers send to do harm, or by mistake: feeds and pages, each with what must come of it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

TITLE, BIDI = "OpenAI and the rest", "\u202egpj.exe\u202c \u2066turned\u2069 \u200b\u200d\ufeff"
TOLD = "On Tuesday OpenAI said that it will end access to its API in China, \u202eand\u202c {extra} more was not told."
FILLER = " ".join(f"Rule number {number} names the day on which it begins in place {number}." for number in range(1, 9))
LAUGHS = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY x SYSTEM "file:///etc/passwd">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)
FORMULA = '=HYPERLINK("http://evil.example","x")'


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A source: what it answers, and what is stored of it, or why nothing is."""

    name: str
    feed: bytes
    page: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    page_type: str = "text/html"
    titles: tuple[str, ...] = (TITLE,)  # of the articles that are stored
    reason: str = ""  # why the source cannot be read, or what its health tells of it
    is_read: bool = True  # whether the page becomes an article that is read


def rss(title: str = TITLE, *, head: str = "", date: str = "", link: str = "", name: str = "", more: str = "") -> str:
    """A feed with one entry, whose page is /NAME/1."""
    item = f"<item><title>{title}</title><link>{link or f'http://outlet.example/{name}/1'}</link>{date}{more}</item>"
    return f'{head}<rss version="2.0"><channel><title>t</title>{item}</channel></rss>'


def html(body: str, *, title: str = TITLE) -> str:
    """A page with a story in it."""
    return f"<html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body>"


def story(extra: str = "nothing") -> str:
    """A story that tells of an event, with something in its words."""
    return html(f"<p>{TOLD.format(extra=extra)}</p><p>{FILLER}</p>")


def dated(name: str, date: str) -> Case:
    """A case whose date is beyond all calendars."""
    return Case(name=name, feed=rss(date=f"<pubDate>{date}</pubDate>", name=name).encode(), page=story().encode())


def _plain(name: str, page: bytes, **more: object) -> Case:
    return Case(name=name, feed=rss(name=name).encode(), page=page, **more)  # type: ignore[arg-type]


def _json(*items: Mapping[str, object]) -> bytes:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": items}).encode()


ZEROS = gzip.compress(bytes(50_000_000))
MANY = [{"id": str(n), "url": f"http://outlet.example/many/{n % 9}", "title": TITLE} for n in range(100_000)]
MIXED = rss(name="mixed", title="Caf?").encode().replace(b"?", b"\xe9") + "<!-- \u65e5\u672c -->".encode()
PDF = b"%PDF-1.5\n1 0 obj<</Type/Pages/Kids[1 0 R]/Count 99999999>>endobj trailer<</Root 1 0 R>>"
MARKUP = "<script>window.pwned=1</script><img src=x onerror=alert(1)> &lt;script&gt;alert(1)&lt;/script&gt;"
HALF = {"id": "\ud800", "url": "http://outlet.example/surrogates/1", "title": "OpenAI \ud800and the rest"}
CASES: tuple[Case, ...] = (
    Case(name="feed-bomb", feed=ZEROS, headers={"Content-Encoding": "gzip"}, titles=(), reason="larger than"),
    Case(name="file-bomb", feed=ZEROS, titles=(), reason="cannot be unpacked"),
    Case(name="entities", feed=rss("OpenAI &j; and the rest &x;", head=LAUGHS + "]>", name="entities").encode(),
         page=story().encode()),
    Case(name="deep-feed", feed=rss(name="deep-feed", more="<a>" * 5_000).encode(), titles=(),
         reason="nested more than"),
    Case(name="long-title", feed=rss("OpenAI " + "w" * 9_000_000, name="long-title").encode(), page=story().encode()),
    Case(name="nuls", feed=rss("OpenAI\x00 and \x1b[2Jthe rest", name="nuls").encode(),
         page=story("\x00\x1b[31m\x07&#0;&#27;").encode()),
    Case(name="surrogates", feed=_json(HALF | {"author": {"name": "\udfff"}, "date_published": "\ud800"}),
         page=story("&#xD800;").encode() + b"\xed\xa0\x80"),
    Case(name="bidi", feed=rss(f"{TITLE} {BIDI}", name="bidi").encode(), page=story(BIDI).encode()),
    Case(name="homograph", feed=rss(link="http://\u0430\u0440\u0440\u04cf\u0435.com/x").encode(), titles=()),
    Case(name="boms", feed=b"\xef\xbb\xbf" * 3 + rss(name="boms").encode(),
         page=b"\xef\xbb\xbf" * 2 + story().encode()),
    Case(name="utf-16", feed=rss(name="utf-16").encode("utf-16"), page=story().encode("utf-16")),
    Case(name="mixed", feed=MIXED, page=story("Caf\u00e9").encode("cp1252", "replace") + "\u65e5\u672c".encode()),
    Case(name="many", feed=_json(*MANY), titles=(),
         reason="more than 10000 entries, only the first 10000 read"),
    dated("year-0", "Mon, 01 Jan 0000 00:00:00 GMT"),
    dated("year-9999", "9999-12-31T23:59:59-14:00"),
    dated("no-day", "Thu, 32 Foo 99999 25:61:61 +9999"),
    _plain("deep-page", html("<div>" * 200_000 + story()).encode(), is_read=False),
    _plain("deep-comments", html("<x>a<!-- b -->" * 40_000).encode(), is_read=False),
    _plain("attributes", f"<p {' '.join(f'a{n}' for n in range(60_000))}>".encode(), is_read=False),
    _plain("page-entities", (LAUGHS.replace("rss", "html") + "]>" + story("&j; &x;")).encode()),
    _plain("page-bomb", ZEROS, is_read=False),
    _plain("pdf", PDF, is_read=False, page_type="application/pdf"),
    _plain("noise", bytes(range(256)) * 4_000, is_read=False),
    _plain("formula", story(FORMULA.replace('"', "&quot;")).replace(TITLE, FORMULA + TITLE).encode()),
    _plain("markup", story(MARKUP).encode()),
)  # fmt: skip
