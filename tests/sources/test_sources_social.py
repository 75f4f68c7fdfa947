"""What is asked of the social services, in which pages, and with what; the forms of their answers are in data/."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sources_samples import page, source

from tracker import sources
from tracker.model import Done, Listing, Poison, Request, SourceKind, Wanted
from tracker.sources import times

API = "https://hn.algolia.com/api/v1/search_by_date"
FEEDS = "https://www.youtube.com/feeds/videos.xml"
CHANNEL = "UCabcdefghijklmnopqrstuv"
AUTHOR = "filter=posts_and_author_threads&limit=100"
PUBLIC = "https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed"
POSTS = "https://api.bsky.app/xrpc/app.bsky.feed.searchPosts"

# Kind, the address that people read, the address that is asked.
ASKED = [
    ("mastodon", "https://toots.example/tags/tariffs", "https://toots.example/api/v1/timelines/tag/tariffs?limit=40"),
    (
        "mastodon",
        "https://toots.example/tags/Z%C3%B6lle/",
        "https://toots.example/api/v1/timelines/tag/Z%C3%B6lle?limit=40",
    ),
    ("mastodon", "http://toots.example:81/lists/42", "http://toots.example:81/api/v1/timelines/list/42?limit=40"),
    ("bluesky", "https://bsky.app/profile/a.example", f"{PUBLIC}?actor=a.example&{AUTHOR}"),
    ("bluesky", "https://bsky.app/profile/did:plc:ab/", f"{PUBLIC}?actor=did%3Aplc%3Aab&{AUTHOR}"),
    ("bluesky", "https://bsky.app/search?q=export+controls", f"{POSTS}?q=export+controls&sort=latest&limit=100"),
    ("bluesky", "https://bsky.app/hashtag/tariffs", f"{POSTS}?q=%23tariffs&sort=latest&limit=100"),
    (
        "bluesky",
        "http://localhost:81/xrpc/app.bsky.feed.getAuthorFeed?actor=a.example&limit=30",
        "http://localhost:81/xrpc/app.bsky.feed.getAuthorFeed?actor=a.example&limit=30",
    ),
    ("reddit", "https://www.reddit.com/r/trade", "https://www.reddit.com/r/trade/new.json?limit=100&raw_json=1"),
    ("reddit", "https://oauth.reddit.com/r/trade", "https://oauth.reddit.com/r/trade/new?limit=100&raw_json=1"),
    ("reddit", "https://www.reddit.com/r/trade/new/", "https://www.reddit.com/r/trade/new.json?limit=100&raw_json=1"),
    (
        "reddit",
        "https://www.reddit.com/r/a_b+cd/new.json?limit=25",
        "https://www.reddit.com/r/a_b+cd/new.json?limit=25&raw_json=1",
    ),
    (
        "reddit",
        "https://www.reddit.com/u/ann",
        "https://www.reddit.com/user/ann/submitted.json?limit=100&raw_json=1&sort=new",
    ),
    (
        "reddit",
        "https://www.reddit.com/search/?q=duties",
        "https://www.reddit.com/search.json?q=duties&limit=100&raw_json=1&sort=new",
    ),
    (
        "reddit",
        "https://www.reddit.com/r/trade/search?q=duties&restrict_sr=1&sort=top",
        "https://www.reddit.com/r/trade/search.json?q=duties&restrict_sr=1&sort=top&limit=100&raw_json=1",
    ),
    ("hacker_news", "https://news.ycombinator.com/newest", f"{API}?query=&tags=story&hitsPerPage=100"),
    (
        "hacker_news",
        "https://hn.algolia.com/?dateRange=all&query=chip%20rules",
        f"{API}?query=chip+rules&tags=story&hitsPerPage=100",
    ),
    ("hacker_news", f"{API}?query=x&tags=(story,poll)", f"{API}?query=x&tags=%28story%2Cpoll%29&hitsPerPage=100"),
    ("telegram", "https://t.me/tradenotices", "https://t.me/s/tradenotices"),
    ("telegram", "https://t.me/s/tradenotices/", "https://t.me/s/tradenotices"),
    ("youtube", f"https://www.youtube.com/channel/{CHANNEL}/videos", f"{FEEDS}?channel_id={CHANNEL}"),
    ("youtube", "https://www.youtube.com/playlist?list=PLabcdefghijklmnop", f"{FEEDS}?playlist_id=PLabcdefghijklmnop"),
    ("youtube", f"{FEEDS}?playlist_id=PLabcdefghijklmnop", f"{FEEDS}?playlist_id=PLabcdefghijklmnop"),
]

# Kind, an address that is none of its kind, and how the reason begins.
NOT_OF_THE_KIND = [
    ("mastodon", "https://toots.example/explore", "not a Mastodon account, hashtag or list: "),
    ("bluesky", "https://bsky.app/profile/a.example/post/3kx2", "not a Bluesky profile or search: "),
    ("bluesky", "https://bsky.app/search", "not a Bluesky profile or search: "),
    ("bluesky", "https://elsewhere.example/profile/a.example", "not a Bluesky profile or search: "),
    (
        "reddit",
        "https://www.reddit.com/r/trade/comments/1dy0001/duties/",
        "not a subreddit, user or search of Reddit: ",
    ),
    ("hacker_news", "https://a.example/newest", "not a search of Hacker News: "),
    ("telegram", "https://t.me/+AbCdEf", "not a public channel of Telegram: "),
    ("telegram", "https://t.me/tradenotices/102", "not a public channel of Telegram: "),
    ("youtube", "https://www.youtube.com/@tradedesk", "no id of a channel or playlist: "),
    ("youtube", "https://www.youtube.com/channel/tradedesk", "no id of a channel or playlist: "),
]


def listing(outcome: Done[Listing] | Poison) -> Listing:
    assert isinstance(outcome, Done)
    return outcome.value


@pytest.mark.parametrize(("kind", "url", "asked"), ASKED)
def test_what_people_read_is_asked_where_machines_read_it(kind: str, url: str, asked: str) -> None:
    request = sources.request(source(SourceKind(kind), url=url))
    assert (request.url, request.conditional, request.token) == (asked, True, None)


@pytest.mark.parametrize(("kind", "url", "reason"), NOT_OF_THE_KIND)
def test_an_address_of_another_form_says_what_to_write(kind: str, url: str, reason: str) -> None:
    asked = source(SourceKind(kind), url=url)
    assert sources.request(asked).url == url
    outcome = sources.parse(asked, page(b"<html></html>", url=url))
    assert isinstance(outcome, Poison)
    assert outcome.reason.startswith(reason)
    assert "; expected https://" in outcome.reason


def test_where_to_find_the_id_of_a_youtube_channel_is_said() -> None:
    outcome = sources.parse(
        source(SourceKind.YOUTUBE, url="https://www.youtube.com/@tradedesk"), page(b"<html></html>")
    )
    assert isinstance(outcome, Poison)
    assert "the channel's id is on its page under … more, Share channel" in outcome.reason


def test_each_term_is_a_search_of_its_own_that_the_first_leads_to() -> None:
    asked = replace(
        source(SourceKind.HACKER_NEWS, url="https://news.ycombinator.com/newest"),
        wanted=Wanted(terms=("export controls", "tariffs", "sanctions")),
    )
    first = sources.request(asked)
    urls = [f"{API}?tags=story&hitsPerPage=100&query={words}" for words in ("export+controls", "tariffs", "sanctions")]
    assert (first.url, first.conditional) == (urls[0], False)
    empty = json.dumps({"hits": [], "hitsPerPage": 100}).encode()
    assert [one.url for one in listing(sources.parse(asked, page(empty, url=urls[0]))).follow] == urls[1:]
    assert listing(sources.parse(asked, page(empty, url=urls[1]))).follow == ()
    older = f"{urls[0]}&numericFilters=created_at_i%3C%3D1720440000"
    assert listing(sources.parse(asked, page(empty, url=older))).follow == ()


def test_the_next_older_stories_come_before_the_last_ones_and_keep_the_filters() -> None:
    url = f"{API}?query=x&hitsPerPage=1&numericFilters=points%3E5%2Ccreated_at_i%3C%3D1720450000"
    asked = source(SourceKind.HACKER_NEWS, url=url)
    hit = {"objectID": "1", "title": "A story", "created_at_i": 1720440000, "created_at": "2024-07-08T12:00:00Z"}
    full = json.dumps({"hits": [hit], "hitsPerPage": 1}).encode()
    older = listing(sources.parse(asked, page(full, url=url))).older
    assert older is not None
    assert older.url.endswith("hitsPerPage=1&numericFilters=points%3E5%2Ccreated_at_i%3C%3D1720440000")
    same = listing(sources.parse(asked, page(full, url=older.url))).older
    assert same is not None
    assert same.url.endswith("created_at_i%3C%3D1720439999"), "one second fills a page"
    short = json.dumps({"hits": [hit], "hitsPerPage": 2}).encode()
    assert listing(sources.parse(asked, page(short, url=url))).older is None


@pytest.mark.parametrize(
    ("token", "url", "follows"),
    [
        (None, "https://api.bsky.app/xrpc/app.bsky.feed.searchPosts?q=x", False),
        ("secret", "https://api.bsky.app/xrpc/app.bsky.feed.searchPosts?q=x", True),
        (None, "https://appview.example/xrpc/app.bsky.feed.searchPosts?q=x", True),
        (None, "https://public.api.bsky.app/xrpc/app.bsky.feed.getAuthorFeed?actor=x", True),
    ],
)
def test_bluesky_refuses_older_pages_of_a_search_to_who_has_not_logged_in(
    *, token: str | None, url: str, follows: bool
) -> None:
    asked = replace(source(SourceKind.BLUESKY, url=url), token=token)
    older = listing(sources.parse(asked, page(b'{"posts": [], "cursor": "100"}', url=url))).older
    assert older == (Request(url=f"{url}&cursor=100", accept="application/json", token=token) if follows else None)


def test_a_token_is_sent_to_the_sources_own_origin_alone() -> None:
    home = replace(source(SourceKind.MASTODON, url="https://toots.example/lists/42"), token="secret", private=True)
    first = sources.request(home)
    assert (first.token, first.private) == ("secret", True)
    status = json.dumps([{"id": "9", "url": "https://toots.example/@a/9", "content": "<p>Words</p>"}]).encode()
    older = listing(sources.parse(home, page(status, url=first.url))).older
    assert older is not None
    assert (older.url, older.token) == (f"{first.url}&max_id=9", "secret")
    moved = listing(
        sources.parse(home, page(status, url=first.url, final_url="https://moved.example/x?limit=40"))
    ).older
    assert moved is not None
    assert (moved.url, moved.token) == ("https://moved.example/x?limit=40&max_id=9", None)
    app = replace(source(SourceKind.BLUESKY, url="https://bsky.app/profile/a.example"), token="secret")
    assert sources.request(app).token is None


def test_posts_for_those_who_are_logged_in_are_shown_with_a_token() -> None:
    url = "https://appview.example/xrpc/app.bsky.feed.searchPosts?q=x"
    author = {"did": "did:plc:shy", "handle": "shy.example", "labels": [{"val": "!no-unauthenticated"}]}
    view = {"uri": "at://did:plc:shy/app.bsky.feed.post/1", "author": author, "record": {"text": "Words"}}
    answer = page(json.dumps({"posts": [view]}).encode(), url=url)
    asked = source(SourceKind.BLUESKY, url=url)
    hidden, shown = listing(sources.parse(asked, answer)), listing(sources.parse(replace(asked, token="t"), answer))
    assert (len(hidden.items), len(hidden.notes)) == (0, 1)
    assert (len(shown.items), len(shown.notes)) == (1, 0)


@pytest.mark.parametrize(
    ("facets", "content"),
    [
        ([(5, 9, "https://a.example/x")], '<p>Züri<a href="https://a.example/x"> hie</a>r</p>'),
        ([(0, 99, "https://a.example/x")], "<p>Züri hier</p>"),
        ([(-3, 2, "https://a.example/x")], "<p>Züri hier</p>"),
        (
            [(0, 5, "https://a.example/x"), (2, 9, "https://b.example/")],
            '<p><a href="https://a.example/x">Züri</a> hier</p>',
        ),
        ([(6, 10, 'https://a.example/"><b>')], '<p>Züri <a href="https://a.example/&quot;&gt;&lt;b&gt;">hier</a></p>'),
    ],
    ids=["bytes, not characters", "over the end", "before the start", "overlapping", "quotes"],
)
def test_links_of_bluesky_lie_where_their_bytes_are(facets: list[tuple[int, int, str]], content: str) -> None:
    url = "https://appview.example/xrpc/app.bsky.feed.getFeed?feed=x"
    link = "app.bsky.richtext.facet#link"
    record = {
        "text": "Züri hier",
        "facets": [
            {"index": {"byteStart": start, "byteEnd": end}, "features": [{"$type": link, "uri": target}]}
            for start, end, target in facets
        ],
    }
    view = {"uri": "at://did:plc:a/app.bsky.feed.post/1", "author": {"handle": "a.example"}, "record": record}
    found = listing(
        sources.parse(source(SourceKind.BLUESKY, url=url), page(json.dumps({"feed": [{"post": view}]}).encode()))
    )
    assert found.items[0].content == content


@pytest.mark.parametrize(
    "body", [b"<html>" + b"<div>" * 250_000, b"<html><a " + b"b " * 20_000 + b">"], ids=["many tags", "a long tag"]
)
def test_a_page_of_telegram_beyond_the_bounds_is_not_parsed(body: bytes) -> None:
    outcome = sources.parse(source(SourceKind.TELEGRAM, url="https://t.me/tradenotices"), page(body))
    assert outcome == Poison(reason="an HTML page, not a Telegram channel's page")


@pytest.mark.parametrize(
    ("seconds", "moment"),
    [
        (1720440000, "2024-07-08T12:00:00Z"),
        (1720440000.5, "2024-07-08T12:00:00Z"),
        (0, None),  # before the web
        (-62135596800, None),
        (10**20, None),
        (float("nan"), None),
        (float("inf"), None),
        (True, None),
        ("1720440000", None),
        (None, None),
    ],
)
def test_unix_seconds_are_a_moment_where_they_can_be(seconds: object, moment: str | None) -> None:
    when = times.from_seconds(seconds)
    assert (when.value if when else None) == moment
