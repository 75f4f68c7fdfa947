"""The form of address that feeds.yaml asks for is the one that the kind itself reads: both refuse the same."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tracker import sources
from tracker.config.faults import ADDRESSES
from tracker.model import Page, Poison, Source, SourceKind, Tier

CHANNEL = "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv"

# Kind: addresses that it takes, addresses that it does not.
FORMS: dict[str, tuple[list[str], list[str]]] = {
    "mastodon": (
        ["/@a", "/@a/", "/users/a", "/web/@a", "/@a@b.example", "/@a?x=1", "/tags/steel",
         "/tags/%E4%B8%AD/", "/lists/12"],
        ["/", "/about", "/@a/123", "/@a/with_replies"],
    ),
    "bluesky": (
        ["/profile/a.example", "/profile/a.example/?x=1", "/profile/did:plc:abc", "/search?q=steel",
         "/search?a=1&q=steel", "/hashtag/steel", "/xrpc/app.bsky.feed.getFeed?feed=at://x"],
        ["/", "/search?q=", "/profile/a.example/post/3k", "/profile/a.example/feed/x"],
    ),
    "reddit": (
        ["/r/steel", "/r/steel/", "/r/steel+iron/new", "/r/steel/search?q=duty", "/user/someone/", "/u/someone",
         "/user/someone/m/trade", "/search?q=duty", "/search/?q=duty", "/search.json?q=duty", "/search?q=/comments/"],
        ["/", "/r/s", "/r/steel/wiki", "/r/steel/top", "/r/steel/comments/1ab/words"],
    ),
    "hacker_news": (
        ["https://news.ycombinator.com", "https://news.ycombinator.com/newest", "https://hn.algolia.com/?q=duty",
         "https://hn.algolia.com/api/v1/search_by_date?query=duty", "https://hn.algolia.com/api/v1/search?query=duty"],
        ["https://news.ycombinator.com/item?id=1", "https://news.ycombinator.com/ask",
         "https://news.ycombinator.com/from?site=a.example", "https://hn.algolia.com/api/v1/items/1"],
    ),
    "telegram": (["/desk", "/s/desk/", "/desk?before=20"], ["/", "/abc", "/+AbCdEf", "/desk/12"]),
    "youtube": (
        [CHANNEL, f"{CHANNEL}/videos", "/playlist?list=PLabcdefghij", "/feeds/videos.xml?channel_id=UCabc"],
        ["/", "/@desk", f"{CHANNEL}w", f"{CHANNEL}/a/b", "/playlist?list=PL"],
    ),
}  # fmt: skip
HOSTS = {"bluesky": "bsky.app", "reddit": "www.reddit.com", "telegram": "t.me", "youtube": "www.youtube.com"}
CASES = [
    (kind, address if "://" in address else f"https://{HOSTS.get(kind, 'social.example')}{address}", taken)
    for kind, both in FORMS.items()
    for taken, addresses in zip((True, False), both, strict=True)
    for address in addresses
]


def test_every_kind_with_a_form_is_tried() -> None:
    assert set(FORMS) == set(ADDRESSES)


@pytest.mark.parametrize(("kind", "address", "taken"), CASES)
def test_feeds_yaml_and_the_kind_take_the_same_addresses(kind: str, address: str, *, taken: bool) -> None:
    source = Source(id="a", name="A", kind=SourceKind(kind), url=address, tier=Tier.SOCIAL, language="en", country=None)
    empty = Page(
        url=address,
        final_url=address,
        status=200,
        content_type="",
        body=b"",
        fetched_at=datetime(2026, 1, 31, tzinfo=UTC),
    )
    refused = sources.parse(source, empty)
    assert isinstance(refused, Poison)
    form, _, _ = ADDRESSES[kind]
    assert (bool(form.search(address)), "; expected " not in refused.reason) == (taken, taken)
