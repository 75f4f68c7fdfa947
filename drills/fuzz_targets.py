"""What the fuzzing drill feeds with the bytes of strangers: one line each of what the network and files bring.

Each target is a function of bytes that raises only where a promise is broken: it swallows the errors that what it calls
declares, and asserts what holds of every answer. What a user's own files and questions are read by is `fuzz_own`.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fuzz_cases import as_text
from fuzz_samples import (
    DATES,
    FOLDERS,
    HEADERS,
    MAILS,
    OF_PDF,
    OF_ROBOTS,
    OF_URLS,
    PROSE,
    ROBOTS,
    URL_SAMPLES,
)

from tracker import articles, dates, encoding, sources, urls
from tracker.articles import pdf
from tracker.fetch import addresses, complaints, freshness, guard, outcomes, robots
from tracker.model import Article, Basis, Done, Item, Page, Poison, Records, Selectors, Source, SourceKind, Tier
from tracker.redaction import redacted
from tracker.sources import discovery, files, messages, times
from tracker.unpacking import DECODERS, BrokenError, TooLargeError, Unpacker
from tracker.web import originals

ROOT = Path(__file__).parent.parent
DATA = ROOT / "tests" / "sources" / "data"
NOW = datetime(2024, 7, 9, 12, tzinfo=UTC)
UNPACKED = 2_000_000  # bytes that a body may unpack to
CONTENT_TYPES = (
    *("", "text/xml", "text/html; charset=utf-8", "text/html; charset=utf-7", "application/json; charset=\x00"),
    *("a; charset=idna", "x; charset=utf-16", "text/plain; charset=shift_jis", "application/xhtml+xml", "text/html"),
)
# Addresses of kinds that read nothing of what has none of their own.
URLS: Mapping[SourceKind, str] = {
    SourceKind.MASTODON: "http://a.example/@name",
    SourceKind.BLUESKY: "http://a.example/xrpc/app.bsky.feed.getAuthorFeed?actor=a.example",
    SourceKind.REDDIT: "http://a.example/r/name/new.json",
    SourceKind.HACKER_NEWS: "http://a.example/api/v1/search_by_date?query=x",
    SourceKind.TELEGRAM: "http://a.example/s/name",
    SourceKind.YOUTUBE: "http://a.example/feeds/videos.xml?channel_id=x",
    SourceKind.FOLDER: "file:///saved",
    SourceKind.MAIL: "file:///saved",
}
RECORDS = Records(items="rss.channel.item", url="link", title="title", date="pubDate", next="rss.channel.link")
SELECTORS = Selectors(item="item, a, tr", date="pubDate, td")

Run = Callable[[bytes], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is fuzzed: the samples that are damaged, and what is done with each case."""

    name: str
    about: str
    samples: Callable[[], Sequence[bytes]]
    start: Callable[[], Run]  # made once in the process that runs the cases
    pieces: Sequence[bytes] = ()
    seconds: float = 2.0  # of CPU that any case may take, however small


def _in(folder: Path, *patterns: str) -> list[bytes]:
    found = sorted({path for pattern in patterns for path in folder.glob(pattern)})
    return [path.read_bytes()[:200_000] for path in found]


@cache
def answers() -> list[bytes]:
    """Answers of sources of all kinds."""
    return [
        *(path.read_bytes() for path in sorted(DATA.iterdir()) if not path.name.endswith(".expected.json")),
        *FOLDERS,
    ]


@cache
def pages() -> list[bytes]:
    """Pages of articles: of the tests, and of the sample newsroom."""
    return _in(ROOT / "tests" / "articles", "data/*.html", "sites/*.html")


@cache
def texts() -> list[bytes]:
    """Texts of articles that tell of policy events, one each."""
    files = _in(ROOT / "evals" / "articles", "*.txt")[::9]
    return [text for file in files for text in file.split(b"\ntext:\n")[1:4]]


@cache
def documents() -> list[bytes]:
    """Small PDFs: text, several pages, forms that tests are read from."""
    return [*map(_pdf, (("Notice", "A line of text."), ("x" * 90,) * 40, ()))]


def _pdf(lines: Sequence[str]) -> bytes:
    """A PDF of one page; written out, so that changes of its bytes reach its structure."""
    shown = b" ".join(b"(" + line.encode() + b") Tj T*" for line in lines)
    stream = b"BT /F1 10 Tf 14 TL 50 750 Td " + shown + b" ET"
    packed = zlib.compress(stream)
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 5 0 R>>>>/Contents[4 0 R 6 0 R]>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding/ToUnicode 6 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
        b"<</Title(A \\(good\\) title)/Author<FEFF0041>/CreationDate(D:20240709103000Z)>>",
    )
    out = b"%PDF-1.5\n"
    places = []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj" % number + part + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size %d/Root 1 0 R/Info 7 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(parts) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1) + table + end


def source(kind: SourceKind) -> Source:
    """A source of a kind."""
    return Source(
        id="the-source", name="The source", kind=kind, url=URLS.get(kind, "http://a.example/feed"), tier=Tier.MAJOR,
        language="en", country=None, selectors=SELECTORS, records=RECORDS,
    )  # fmt: skip


def page(body: bytes, url: str, content_type: str | None = None) -> Page:
    """An answer whose type is one of many, the same for the same bytes."""
    told = CONTENT_TYPES[zlib.crc32(body) % len(CONTENT_TYPES)] if content_type is None else content_type
    return Page(url=url, final_url=url, status=200, content_type=told, body=body, fetched_at=NOW)


def _clean(*texts: str | None) -> None:
    """What is to be stored is text that an encoding holds, without NULs."""
    for text in texts:
        (text or "").encode()
        assert "\x00" not in (text or ""), "a NUL"


def check_article(done: Done[Article] | Poison) -> None:
    """What holds of every article."""
    if isinstance(done, Poison):
        assert done.reason
        return
    article = done.value
    _clean(article.url, article.title, article.text, article.author, article.site, article.unread, article.note)
    _clean(article.wire, article.language, article.published.value if article.published else None)
    assert len(article.text) <= 400_000


def _parse(kind: SourceKind, data: bytes) -> None:
    asked = source(kind)
    types = (files.NAMES, files.CONTENTS) if kind.is_local and zlib.crc32(data) % 3 else (None,)
    for content_type in types:
        outcome = sources.parse(asked, page(data, asked.url, content_type))
        if isinstance(outcome, Poison):
            assert outcome.reason
            _clean(outcome.reason)
            continue
        for item in outcome.value.items:
            parts = urlsplit(item.url)
            assert kind.is_local or (parts.scheme in {"http", "https"} and parts.hostname), item.url
            _clean(item.url, item.via, item.title, item.guid, item.author, item.summary, item.content, item.language)
        for request in (*outcome.value.follow, *filter(None, [outcome.value.older])):
            assert request.url.startswith("file:///saved#" if request.local else ("http://", "https://"))
        for item in outcome.value.items[:3]:
            check_article(articles.from_item(item, asked, now=NOW))


def _page(data: bytes) -> None:
    asked = source(SourceKind.FEED)
    item = Item(source_id=asked.id, url="http://a.example/2024/story", title="A title", summary="<p>Some words.")
    done = articles.from_page(item, asked, page(data, item.url, "text/html"), now=NOW)
    check_article(done)
    if isinstance(done, Done):
        articles.keys(done.value.signature)


def _input(data: bytes) -> None:
    check_article(
        articles.from_input(data, now=NOW, url="http://a.example/x", content_type=page(data, "").content_type)
    )


def _pdf_read(data: bytes) -> None:
    check_article(articles.from_input(data, now=NOW, content_type="application/pdf"))
    notice = pdf.read(data)
    assert notice.blocks or notice.fault


def _message(data: bytes) -> None:
    entry = messages.entry(data, "file:///saved/box")
    if entry is not None:
        assert entry.url is None or entry.url.startswith(("http://", "https://", "file:"))


def _discovery(data: bytes) -> None:
    seen = page(data, "http://a.example/news/")
    text = as_text(data)
    guesses = [
        *discovery.in_page(seen),
        *discovery.in_robots(text, seen.url),
        *filter(None, [discovery.as_given(seen)]),
    ]
    assert all(urls.is_http(guess.url) for guess in guesses)
    about = discovery.described(seen)
    _clean(about.title, about.language, about.homepage)


def _robots(data: bytes) -> None:
    rules = robots.read(data, "tracker/0.1 (+https://a.example)")
    for url in ("http://a.example/", "http://a.example/axb?q=1", "http://a.example/%E4%2f*$"):
        refusal = rules.refusal(url)
        assert refusal is None or refusal.reason
    assert 0.5 <= rules.delay(0.5) <= robots.LONGEST_DELAY


def _header(data: bytes) -> None:
    text = data.decode("latin-1")
    freshness.time(text)
    outcomes.retry_after(text, NOW)
    freshness.fresh_for({"cache-control": text, "age": text, "expires": text, "date": text}, NOW)
    addresses.read(addresses.redirected("http://a.example/x", text))
    _clean(complaints.words(data), complaints.words(data, secret="abc"))


def _url(data: bytes) -> None:
    url = as_text(data)
    spelt = urls.canonical(url)
    assert urls.canonical(spelt) == spelt, "canonical twice is another"
    assert len(urls.article_id(url)) == 16
    assert not urls.is_http(url) or urls.host(url)
    urls.registrable_domain(url)
    address = addresses.read(url)
    if not isinstance(address, Poison):
        assert address.host
        assert address.site or not address.host.strip(".")
        (address.netloc + address.target).encode("ascii")
        assert not set(address.netloc + address.target) & set("\r\n \x00"), "a header could be injected"
        guard.literal(address.host)
    guard.fault(url)
    discovery.by_address(url)


def _date(data: bytes) -> None:
    text = as_text(data)
    for day_first in (None, True, False):
        for found in (
            dates.parse(text, basis=Basis.FEED, day_first=day_first),
            dates.find(text, basis=Basis.PAGE, day_first=day_first),
            times.from_text(text, day_first=day_first),
        ):
            if found is not None:
                assert found.precision
                dates.earliest(found)
                dates.is_sane(found, NOW)


def _encoding(data: bytes) -> None:
    for content_type in ("", as_text(data[:60]), f"text/html; charset={as_text(data[:20])}"):
        encoding.decode(data, content_type).encode("utf-8", "surrogatepass")
    _clean(articles.decode(data))


def _unpack(data: bytes) -> None:
    names = sorted(DECODERS)
    unpacker = Unpacker(names[data[0] % len(names)] if data else "", limit=UNPACKED)
    try:
        for start in range(1, len(data), 1_000):
            unpacker.add(data[start : start + 1_000])
        assert len(unpacker.whole()) <= UNPACKED
    except (TooLargeError, BrokenError):
        assert len(unpacker.start()) <= UNPACKED


def _packed() -> list[bytes]:
    """Bodies in each encoding, and bombs: the first byte says which it is taken for."""
    import brotli  # noqa: PLC0415 - as few imports as the other targets need
    import zstandard  # noqa: PLC0415 - as above

    body, zeros = answers()[0], bytes(20_000_000)
    made: Mapping[str, Callable[[bytes], Any]] = {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": partial(brotli.compress, quality=3),
        "zstd": zstandard.compress,
    }
    order = sorted(DECODERS)
    return [bytes([order.index(name)]) + pack(data) for name, pack in made.items() for data in (body, zeros)]


def _original(data: bytes) -> None:
    shown = originals.harmless(originals.text(page(data, "http://a.example/")))
    assert not re.search(r"<(?:script|iframe|object|meta|link|base|form)[\s/>]", shown, re.IGNORECASE), (
        "what acts is left"
    )


def _secrets(data: bytes) -> None:
    redacted(as_text(data), ("abc123",))


def _both() -> list[bytes]:
    return [*answers(), *pages()]


def _target(
    name: str,
    about: str,
    samples: Callable[[], Sequence[bytes]] | Sequence[bytes],
    run: Run,
    pieces: Sequence[bytes] = (),
) -> Target:
    given = samples if callable(samples) else lambda: samples
    return Target(name=name, about=about, samples=given, start=lambda: run, pieces=pieces)


STRANGERS: tuple[Target, ...] = (
    *(_target(f"source {kind.value}", f"answers of sources of kind {kind.value}", answers, partial(_parse, kind))
      for kind in SourceKind),
    _target("page", "pages of articles", pages, _page),
    _target("input", "files and pages that `extract` is given", _both, _input),
    _target("pdf", "PDF notices", documents, _pdf_read, OF_PDF),
    _target("mail", "messages of a mailbox", MAILS, _message),
    _target("discovery", "pages in which feeds are looked for", _both, _discovery),
    _target("robots.txt", "robots.txt", ROBOTS, _robots, OF_ROBOTS),
    _target("header", "headers and the words of refusals", HEADERS, _header),
    _target("url", "addresses", URL_SAMPLES, _url, OF_URLS),
    _target("date", "dates of feeds and pages", DATES, _date),
    _target("encoding", "bytes whose encoding is told wrongly or not", _both, _encoding),
    _target("unpacking", "compressed bodies, bombs among them", _packed, _unpack),
    _target("original", "pages that are shown in a browser", pages, _original),
    _target("redaction", "text that goes to the log", (PROSE, *HEADERS, *URL_SAMPLES), _secrets),
)  # fmt: skip
