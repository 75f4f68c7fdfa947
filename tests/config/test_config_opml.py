"""Lists of feeds as readers exchange them: what is read, what is refused, and that a list comes back as it was."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker import config
from tracker.config import opml, writing
from tracker.config.faults import place
from tracker.config.opml import Outline
from tracker.errors import InputError
from tracker.model import Tier

Row = tuple[str, str, str | None, tuple[str, ...]]  # text, address, page, folders

ODD = [
    'Quotes "double" and \'single\'', "Ampersand & <angle>", "北京 日报", "Ünïcödé Ł", "- dash", "# no comment", "yes",
    "null", "~", "1.5", "2024-01-01", "a: b", "@at `tick`", "{brace} [bracket]", "*alias &anchor !tag", "émoji 🗞", "%",
]  # fmt: skip


def wrapped(body: str, *, head: str = '<?xml version="1.0"?>', version: str = "2.0") -> bytes:
    return f'{head}<opml version="{version}"><head><title>x</title></head><body>{body}</body></opml>'.encode()


def outline(text: str, url: str, page: str | None = None) -> str:
    more = f" htmlUrl={quoteattr(page)}" if page else ""
    return f'<outline type="rss" text={quoteattr(text)} xmlUrl={quoteattr(url)}{more}/>'


def nested(rows: list[Row]) -> bytes:
    """Each row in folders of its own, so that any order of folders can be had."""
    return wrapped(
        "".join(
            "".join(f"<outline text={quoteattr(name)}>" for name in folders)
            + outline(text, url, page)
            + "</outline>" * len(folders)
            for text, url, page, folders in rows
        )
    )


def rows_of(data: bytes) -> list[Row]:
    feeds = opml.read(data, name="list.opml").feeds
    return [(one.text, one.url, one.homepage, one.folders) for one in feeds]


def imported(data: bytes, path: Path, *, group: str | None = None) -> config.Config:
    """The list as a feeds.yaml of its own, read as every command reads it."""
    found = opml.read(data, name="list.opml").feeds
    made = opml.entries(found, sources=(), tier=Tier.SPECIALIST, language="en", group=group)
    path.write_bytes(writing.start(made.entries, name=path.name))
    return config.load(path, environ={})


def test_five_hundred_feeds_come_back_as_they_were(tmp_path: Path) -> None:
    rows: list[Row] = [
        (
            f"{ODD[n % len(ODD)]} {n}",
            f"https://host{n % 97}.example/feeds/{n}?a=1&b={n}",
            f"https://host{n % 97}.example/" if n % 3 else None,
            ((), (ODD[n // 50 % len(ODD)],), (f"Folder {n // 40}", ODD[n // 10 % len(ODD)]))[n // 25 % 3],
        )
        for n in range(500)
    ]
    found = imported(nested(rows), tmp_path / "feeds.yaml")
    assert len({source.id for source in found.sources}) == 500
    written = opml.write(found.sources)
    assert (written.count, written.left_out) == (500, ())
    assert rows_of(written.data) == rows
    again = imported(written.data, tmp_path / "again.yaml")
    assert opml.write(again.sources).data == written.data
    assert [source.id for source in again.sources] == [source.id for source in found.sources]


words = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp", "Zs"], include_characters=" "),
    min_size=1,
    max_size=30,
).map(lambda text: " ".join(text.split()))
names = words.filter(bool)
addresses = st.builds(
    "https://{}.example/{}?{}".format,
    st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9_.~%+,;:@()'/-]{0,20}", fullmatch=True),
    st.from_regex(r"[a-z]{1,3}=[A-Za-z0-9&=+%]{0,8}", fullmatch=True),
)
lists = st.lists(
    st.tuples(names, addresses, st.none() | addresses, st.lists(names, max_size=3).map(tuple)),
    min_size=1, max_size=12, unique_by=lambda row: place(row[1]),
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(rows=lists, group=st.none() | st.just("all"))
def test_any_list_comes_back_as_it_was(
    rows: list[Row], group: str | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("opml") / "feeds.yaml"
    found = imported(nested(rows), path, group=group)
    assert rows_of(opml.write(found.sources).data) == rows


READ = [
    ("OPML 1.0 with title alone", wrapped('<outline title="A" xmlUrl="http://a.example/f"/>', version="1.0"), [
        ("A", "http://a.example/f", None, ())]),
    ("no text", wrapped('<outline xmlUrl="http://a.example/f"/>'), [("a.example", "http://a.example/f", None, ())]),
    ("attributes in other cases", wrapped('<outline TEXT="A" xmlurl="http://a.example/f" HTMLURL="http://a.example/"/>'),
        [("A", "http://a.example/f", "http://a.example/", ())]),
    ("feed:", wrapped(outline("A", "feed://a.example/f") + outline("B", "feed:https://b.example/f")), [
        ("A", "http://a.example/f", None, ()), ("B", "https://b.example/f", None, ())]),
    ("feeds in folders in folders", wrapped('<outline text="N"><outline text="M">' + outline("A", "http://a.example/f")
        + "</outline>" + outline("B", "http://b.example/f") + "</outline>" + outline("C", "http://c.example/f")), [
        ("A", "http://a.example/f", None, ("N", "M")), ("B", "http://b.example/f", None, ("N",)),
        ("C", "http://c.example/f", None, ())]),
    ("Latin-1", wrapped(outline("Zürich", "http://a.example/f"), head='<?xml version="1.0" encoding="ISO-8859-1"?>')
        .decode().encode("latin-1"), [("Zürich", "http://a.example/f", None, ())]),
    ("windows-1252 that nobody declared", wrapped(outline("Zürich – A", "http://a.example/f")).decode().encode("cp1252"),
        [("Zürich – A", "http://a.example/f", None, ())]),
    ("an encoding that is none", wrapped(outline("Zürich", "http://a.example/f"),
        head='<?xml version="1.0" encoding="punycode"?>'), [("Zürich", "http://a.example/f", None, ())]),
    ("UTF-16", wrapped(outline("北京", "http://a.example/f"), head="").decode().encode("utf-16"), [
        ("北京", "http://a.example/f", None, ())]),
    ("bare ampersands", wrapped('<outline text="R&D &eacute;" xmlUrl="http://a.example/f?a=1&b=2"/>'), [
        ("R&D é", "http://a.example/f?a=1&b=2", None, ())]),
    ("a plain document type", b'<!DOCTYPE opml SYSTEM "http://a.example/o.dtd">' + wrapped(
        outline("A", "http://a.example/f"), head=""), [("A", "http://a.example/f", None, ())]),
    ("addresses that are none", wrapped(outline("A", "http://a.example/f") + outline("B", "javascript:x")
        + outline("C", "")), [("A", "http://a.example/f", None, ())]),
]  # fmt: skip


@pytest.mark.parametrize(("data", "rows"), [pytest.param(*row[1:], id=row[0]) for row in READ])
def test_what_is_read(data: bytes, rows: list[Row]) -> None:
    assert rows_of(data) == rows


BOMB = b"""<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<opml><body><outline text="&b;" xmlUrl="http://a.example/f"/></body></opml>"""
REFUSED = [
    (BOMB, "brings entities of its own"),
    (BOMB.decode().encode("utf-16"), "brings entities of its own"),
    (b'<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body/></opml>', "brings entities of its own"),
    (wrapped("<outline text='a'>"), "list.opml:1:"),
    (wrapped("<outline text='a'>"), "broken XML"),
    (b"", "broken XML"),
    (b"<rss version='2.0'><channel/></rss>", "XML <rss>, not OPML"),
    (b"<!doctype html><html><body><p>x</p></body></html>", "not OPML"),
    (wrapped("<outline text='Folder'/>"), "names no feed"),
    (wrapped("<outline text='a'>" * 2000 + "</outline>" * 2000), "broken XML"),
    (b" " * (opml.MAX_BYTES + 1), "larger than 20 MB"),
]


@pytest.mark.parametrize(("data", "message"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=r"^list\.opml:") as caught:
        opml.read(data, name="list.opml")
    assert message in str(caught.value)


def test_what_is_left_out_is_told() -> None:
    found = opml.read(wrapped(outline("A", "http://a.example/?a&b") + outline("B", "ftp://b.example")), name="l")
    assert found.notes == ("1 left out: no http(s) address ('ftp://b.example')",)
    assert opml.read(wrapped('<outline xmlUrl="http://a.example/?a&b"/>'), name="l").notes == (
        "mended: '&' that should be '&amp;'",
    )


def test_feeds_that_are_there_are_known_and_ids_stay_unique(tmp_path: Path) -> None:
    feeds = [
        Outline(text="Trade news", url="https://www.a.example/feed/", folders=("Trade",)),
        Outline(text="Trade news", url="https://b.example/feed", folders=("Trade",)),
        Outline(text="贸易", url="https://c.example/feed", language="zh", folders=("贸易",)),
        Outline(text="Again", url="http://b.example/feed/", folders=("Trade",)),
    ]
    (tmp_path / "feeds.yaml").write_text(
        "sources:\n  news:\n    - {id: trade-news, name: A, kind: feed, url: 'https://a.example/feed',"
        " tier: major, language: en}\n"
    )
    there = config.load(tmp_path / "feeds.yaml", environ={})
    made = opml.entries(feeds, sources=there.sources, tier=Tier.MAJOR, language="en")
    assert made.known == ("https://www.a.example/feed/", "http://b.example/feed/")
    assert [entry["id"] for _, entry in made.entries] == ["b-example", "c-example"]
    assert [entry["language"] for _, entry in made.entries] == ["en", "zh"]
    assert made.without_language == 1


def test_what_no_reader_could_ask_is_left_out_of_an_export(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(
        "sources:\n  news:\n"
        "    - {id: a, name: A, kind: json_feed, url: 'https://a.example/feed.json', tier: major, language: en}\n"
        "    - {id: b, name: B, kind: mastodon, url: 'https://b.example/@b', tier: social, language: en}\n"
    )
    written = opml.write(config.load(path, environ={}).sources)
    assert (written.count, written.left_out) == (1, ("b",))
    assert [one.type for one in opml.read(written.data, name="x").feeds] == ["json"]
