"""Which posts lead to an article and which are all there is to read, as tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.sources.posts import (
    NO_ARTICLES,
    Link,
    Post,
    article,
    entry,
    headline,
    links_in,
    may_be_article,
    paragraphs,
)

POST = "https://toots.example/@desk/5"

# An address, and whether an article may live there.
PLACES = [
    ("https://news.example/2024/07/08/steel-duties", True),
    ("https://news.example/?p=123", True),
    ("https://gazette.example/notice-12.pdf", True),
    ("https://medium.com/@ann/what-the-rule-means-1a2b3c4d5e6f", True),
    ("https://telegra.ph/The-order-07-08", True),
    ("https://bit.ly/3abcDEF", True),  # short links are unfolded by asking
    ("https://t.co/abcDEF", True),
    ("https://netflix.com/tudum/articles/x", True),  # ends in x.com, and is not it
    ("https://news.example/", False),
    ("https://news.example", False),
    ("https://www.youtube.com/watch?v=abcdefghijk", False),
    ("https://youtu.be/abcdefghijk", False),
    ("https://x.com/desk/status/1", False),
    ("https://mobile.twitter.com/desk/status/1", False),
    ("https://old.reddit.com/r/trade/comments/1/a/", False),
    ("https://v.redd.it/abc", False),
    ("https://bsky.app/profile/a.example/post/3kx2", False),
    ("https://t.me/tradenotices/102", False),
    ("https://news.ycombinator.com/item?id=1", False),
    ("https://far.example/@zoll", False),
    ("https://far.example/@zoll@near.example/112900000000000028", False),
    ("https://far.example/users/zoll/statuses/112900000000000028", False),
    ("https://files.example/steel.PNG?width=640", False),
    ("https://podcasts.apple.com/us/podcast/x/id1", False),
    ("https://files.example/talk.mp3", False),
]

# A post's links, and the one that is the article.
LINKS = [
    ([], None),
    (["https://youtu.be/a", "https://news.example/a", "https://news.example/b"], "https://news.example/a"),
    (["https://toots.example/about/rules"], None),  # the service itself
    (["?q=%23steel", "#top", "mailto:a@news.example", "javascript:x"], None),
    (["//news.example/a"], "https://news.example/a"),
    (["https://[broken/a", "http://news.example:99999/", "https://news.example/a"], "https://news.example/a"),
    (["https://t.me/iv?url=https%3A%2F%2Fnews.example%2Fa%3Fb%3D1&rhash=1"], "https://news.example/a?b=1"),
    (["https://l.facebook.com/l.php?u=https%3A%2F%2Fnews.example%2Fa&h=x"], "https://news.example/a"),
    (["https://www.google.com/url?q=https://news.example/a&sa=D"], "https://news.example/a"),
    (["https://www.youtube.com/redirect?q=https%3A%2F%2Fyoutu.be%2Fabc"], None),
    (["https://vk.com/away.php?to=javascript:x"], None),
]


@pytest.mark.parametrize(("url", "is_one"), PLACES)
def test_an_article_lives_outside_of_networks_pictures_films_and_front_pages(*, url: str, is_one: bool) -> None:
    assert may_be_article(url) is is_one


@pytest.mark.parametrize(("links", "found"), LINKS)
def test_the_first_link_outside_is_the_article(links: list[str], found: str | None) -> None:
    chosen = article([Link(url=url) for url in links], post=POST)
    assert (chosen.url if chosen else None) == found


def test_every_host_of_the_table_stands_there_once_and_bare() -> None:
    names = [name for names in NO_ARTICLES.values() for name in names.split()]
    assert len(names) == len(set(names))
    for name in names:
        assert not may_be_article(f"https://www.{name}/some/page")
        assert name == name.lower().strip("./")


def post(*links: Link, url: str | None = POST) -> Post:
    return Post(
        url=url, title="@desk: Words", guid="5", author="Desk", published=None, content="<p>Words</p>", links=links
    )


def test_a_post_without_a_link_is_whole_and_its_authors() -> None:
    made = entry(post(Link(url="https://youtu.be/a")), base=POST)
    assert (made.url, made.via, made.is_whole) == (POST, None, True)
    assert (made.title, made.author, made.content, made.guid) == ("@desk: Words", "Desk", "<p>Words</p>", "5")


def test_a_post_with_a_link_is_a_sighting_of_the_article_and_keeps_its_words() -> None:
    made = entry(post(Link(url="https://news.example/a", title="The <b>headline</b>", author="Ann Lee")), base=POST)
    assert (made.url, made.via, made.is_whole) == ("https://news.example/a", POST, False)
    assert (made.title, made.author, made.content, made.guid) == ("The headline", "Ann Lee", "<p>Words</p>", "5")


def test_of_an_article_without_a_card_the_author_is_unknown_and_the_title_is_the_posts() -> None:
    made = entry(post(Link(url="https://news.example/a")), base=POST)
    assert (made.title, made.author) == ("@desk: Words", None)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (
            "<a href=\"https://a.example/x\">x</a> <A HREF='https://a.example/y'>y</A>",
            ["https://a.example/x", "https://a.example/y"],
        ),
        ('<a class="mention hashtag" href="https://a.example/tags/x">#x</a>', []),
        ('<a class="u-url mention" href="https://a.example/@ann">@ann</a>', []),
        ('<a rel="tag nofollow" href="https://a.example/x">x</a>', []),
        ('<a href="https:&#x2F;&#x2F;a.example&#x2F;x?a=1&amp;b=2">x</a>', ["https://a.example/x?a=1&b=2"]),
        ('<a data-href="https://a.example/no" href="">x</a> <abbr href="https://a.example/no">', []),
        ("<a href=https://a.example/bare>x</a>", []),
        ("<a href", []),
    ],
)
def test_links_of_a_text_are_those_of_its_anchors_but_mentions_and_hashtags(content: str, found: list[str]) -> None:
    assert [one.url for one in links_in(content)] == found


@pytest.mark.parametrize(
    "content", ["<a " * 100_000, "<a " + "a" * 300_000, "<a " + "a='" * 100_000 + ">", "<a x=" * 90_000]
)
def test_looking_for_links_takes_no_long_time(content: str) -> None:
    assert list(links_in(content)) == []


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One\n\nTwo\nlines", "<p>One</p><p>Two<br>lines</p>"),
        ("One\r\n \r\n\r\nTwo\n", "<p>One</p><p>Two</p>"),
        ("\n\nOne", "<p>One</p>"),
        ("  \n ", ""),
        ("", ""),
    ],
)
def test_blank_lines_part_paragraphs(text: str, html: str) -> None:
    assert paragraphs(text) == html


def test_a_headline_is_the_name_and_the_first_words() -> None:
    assert headline("desk", "<p>One</p><p>two</p>") == "@desk: One two"
    assert headline("desk", "a b c d e f g h i j k l m") == "@desk: a b c d e f g h i j k l…"


@given(st.text(max_size=80), st.text(max_size=40))
def test_any_link_gives_a_value(url: str, more: str) -> None:
    for one in (url, f"https://{url}", f"https://news.example/{url}?{more}", f"https://t.me/iv?url={url}"):
        chosen = article([Link(url=one, title=more)], post=POST)
        assert chosen is None or chosen.url.startswith(("http://", "https://"))
