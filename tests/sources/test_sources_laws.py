"""Whatever a stranger sends, `parse` answers with a value, and what it lists can be kept."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sources_samples import page, source

from tracker import sources
from tracker.model import Done, Poison, Records, Selectors, SourceKind
from tracker.sources import files

DATA = Path(__file__).parent / "data"
SEEDS = [path.read_bytes() for path in sorted(DATA.iterdir()) if not path.name.endswith(".expected.json")]
PIECES = st.sampled_from(
    [
        b"<",
        b">",
        b"&",
        b"&#xD800;",
        b"&#0;",
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"<!DOCTYPE",
        b"<![if",
        b"<?xml",
        b'xml:base="http://["',
        b"http://[::1",
        b"<item><link>http://[x/</link></item>",
        b'"\\ud800"',
        b"[[[[",
        b"1e999",
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b'encoding="punycode"',
        b"<pubDate>Thu, 32 Foo 99999 25:61:61 +9999</pubDate>",
    ]
)
CONTENT_TYPES = st.sampled_from(
    [
        "",
        "text/xml",
        "text/html; charset=utf-7",
        "application/json; charset=\x00",
        "a; charset=idna",
        "x; charset=utf-16",
        files.NAMES,
        files.CONTENTS,
    ]
)


# Addresses of kinds that read nothing of what has none of their own.
URLS = {
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


def check(kind: SourceKind, body: bytes, content_type: str) -> None:
    url = URLS.get(kind, "http://a.example/feed")
    asked = source(kind, url=url, selectors=Selectors(item="item, a, tr", date="pubDate, td"), records=RECORDS)
    outcome = sources.parse(asked, page(body, url=url, content_type=content_type))
    if isinstance(outcome, Poison):
        assert outcome.reason
        return
    assert isinstance(outcome, Done)
    for item in outcome.value.items:
        parts = urlsplit(item.url)
        is_local = kind.is_local and item.url.startswith(("file:///saved/", "file:///saved#"))
        assert is_local or (parts.scheme in {"http", "https"} and parts.hostname)
        for text in (item.url, item.via, item.title, item.guid, item.author, item.summary, item.content):
            (text or "").encode("utf-8")
            assert "\x00" not in (text or "")
        assert item.title == " ".join(item.title.split())
    for request in (*outcome.value.follow, *filter(None, [outcome.value.older])):
        assert request.local == (kind.is_local)
        assert request.url.startswith("file:///saved#" if request.local else ("http://", "https://"))


@pytest.mark.parametrize("kind", SourceKind)
@settings(max_examples=40, deadline=None)
@given(body=st.binary(max_size=300), content_type=CONTENT_TYPES)
def test_any_bytes_give_a_value(kind: SourceKind, body: bytes, content_type: str) -> None:
    check(kind, body, content_type)


@pytest.mark.parametrize("kind", SourceKind)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.sampled_from(SEEDS), content_type=CONTENT_TYPES, data=st.data())
def test_damaged_answers_give_a_value(kind: SourceKind, seed: bytes, content_type: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(0, 4))):
        start = data.draw(st.integers(0, len(seed)))
        end = min(len(seed), start + data.draw(st.integers(0, 30)))
        seed = seed[:start] + data.draw(st.one_of(PIECES, st.binary(max_size=6))) + seed[end:]
    check(kind, seed, content_type)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("http://a.example/x"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["id", "url", "name", "x"]), inner),
    max_leaves=12,
)


@pytest.mark.parametrize("kind", [SourceKind.JSON_FEED, SourceKind.MASTODON])
@settings(max_examples=50, deadline=None)
@given(
    values=st.dictionaries(
        st.sampled_from(
            [
                "title",
                "url",
                "id",
                "authors",
                "author",
                "account",
                "content",
                "date_published",
                "created_at",
                "language",
                "reblog",
                "in_reply_to_account_id",
                "spoiler_text",
                "acct",
            ]
        ),
        JSON,
    )
)
def test_fields_of_the_wrong_type_give_a_value(kind: SourceKind, values: dict[str, object]) -> None:
    items = [values, {**values, "url": "http://a.example/1"}]
    document = {"version": "https://jsonfeed.org/version/1.1", "items": items, **values}
    check(kind, json.dumps(items if kind is SourceKind.MASTODON else document).encode(), "application/json")
