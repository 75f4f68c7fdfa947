from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.urls import article_id, canonical, host, is_http, registrable_domain, same_server, same_site

ARTICLE = "https://example.com/2024/06/story"

ONE_SPELLING = [
    ("HTTPS://Example.COM/2024/06/story", "scheme and host in capitals"),
    ("https://example.com:443/2024/06/story", "default port"),
    ("https://example.com./2024/06/story", "dot after the host"),
    ("https://reader:secret@example.com/2024/06/story", "user and password"),
    ("https://example.com/2024/06/story/", "trailing slash"),
    ("https://example.com/2024/06/story#comments", "fragment"),
    ("https://example.com/2024/06/x/../story", "dot segments"),
    ("https://example.com/2024/06/%73tory", "needless escape"),
    ("https://example.com/2024/06/story/index.html", "index file"),
    ("https://example.com/2024/06/story;jsessionid=AB12", "session in the path"),
    ("  https://example.com/2024/06/\nstory ", "blanks and line breaks"),
    ("https://example.com/2024/06/story?utm_source=rss&utm_medium=feed", "utm parameters"),
    ("https://example.com/2024/06/story?fbclid=Iw1&gclid=2&MC_CID=3", "click ids"),
    ("https://example.com/2024/06/story?at_medium=RSS&ns_campaign=x", "broadcaster's campaign"),
    ("https://example.com/2024/06/story?ref=homepage", "referrer"),
    ("https://example.com/2024/06/story?source=rss&partner=feedburner", "feed as referrer"),
    ("https://example.com/2024/06/story?amp=1", "AMP parameter"),
    ("https://example.com/2024/06/story?outputType=amp", "AMP output"),
    ("https://example.com/2024/06/story/amp", "AMP suffix"),
    ("https://example.com/2024/06/story/amp/?utm_campaign=x", "AMP suffix and tracking"),
    ("https://example.com/amp/2024/06/story", "AMP before the year"),
    ("https://m.example.com/2024/06/story", "mobile host"),
    ("https://mobile.example.com/2024/06/story", "mobile host in full"),
    ("https://amp.example.com/2024/06/story", "AMP host"),
    ("https://www.google.com/amp/s/example.com/2024/06/story", "search engine's AMP cache"),
    ("https://example-com.cdn.ampproject.org/c/s/example.com/2024/06/story?usqp=x", "AMP project's cache"),
]


@pytest.mark.parametrize(("url", "what"), ONE_SPELLING, ids=[what for _, what in ONE_SPELLING])
def test_one_spelling(url: str, what: str) -> None:
    assert canonical(url) == ARTICLE, what


APART = [
    ("https://example.com/story?id=1", "https://example.com/story?id=2"),
    ("https://example.com/Story", "https://example.com/story"),
    ("https://example.com/story?ref=C2024/118", "https://example.com/story?ref=C2024/119"),
    ("https://example.com/list?source=treasury", "https://example.com/list?source=commerce"),
    ("https://example.com/story?page=2", "https://example.com/story"),
    ("https://blog.example.com/story", "https://example.com/story"),
    ("https://example.com:8080/story", "https://example.com/story"),
    ("https://example.com/guitar-amp", "https://example.com/guitar"),
    ("https://m.co.uk/story", "https://co.uk/story"),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_what_names_the_article_stays(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)
    assert article_id(one) != article_id(other)


def test_the_query_is_sorted_and_blank_values_stay() -> None:
    assert canonical("http://example.com/a?b=2&a=1&c=") == "http://example.com/a?a=1&b=2&c="


def test_scheme_and_www_are_kept_in_the_address_but_not_in_the_id() -> None:
    spellings = [
        "http://www.example.com/a",
        "https://www.example.com/a",
        "https://example.com/a",
        "http://m.example.com/a/",
    ]
    assert canonical(spellings[0]) == "http://www.example.com/a"
    assert len({article_id(url) for url in spellings}) == 1


def test_ids_are_the_same_on_every_machine() -> None:
    assert article_id("https://www.example.com/2024/06/story?utm_source=x") == "604fa45ad050c659"


NO_ADDRESS = [
    "",
    "  ",
    "tag:example.com,2024:1",
    "mailto:a@example.com",
    "ftp://example.com/x",
    "http://",
    "http://a b/",
    "http://[::1/x",
    "http://example.com:99999/",
    "https:///x",
    "/relative/path",
    "javascript:alert(1)",
    "http://ex\udc80.com/",
]
LONG = "http://example.com/" + "a/../" * 10_000


@pytest.mark.parametrize("text", NO_ADDRESS)
def test_what_is_no_address_comes_back_trimmed(text: str) -> None:
    assert canonical(f" {text}\n") == text.strip()
    assert not is_http(text)
    assert host(text) == ""
    assert len(article_id(text)) == 16


def test_an_address_of_absurd_length_is_left_as_it_is() -> None:
    assert canonical(LONG) == LONG


@pytest.mark.parametrize("layers", [1, 11, 12, 13, 14, 40])
def test_caches_within_caches_have_one_spelling_too(layers: int) -> None:
    spelt = canonical("https://" + "google.com/amp/s/" * layers + "example.org/x")
    assert canonical(spelt) == spelt
    assert spelt == "https://example.org/x" or layers > 10


@pytest.mark.parametrize(
    ("url", "name", "domain"),
    [
        ("https://www.bbc.co.uk/news", "www.bbc.co.uk", "bbc.co.uk"),
        ("https://Policy.Trade.EC.Europa.EU/x", "policy.trade.ec.europa.eu", "europa.eu"),
        ("http://127.0.0.1:8000/x", "127.0.0.1", "127.0.0.1"),
        ("http://[::1]:8000/x", "[::1]", "[::1]"),
        ("http://localhost/x", "localhost", "localhost"),
        ("https://bücher.example/x", "xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("https://m.news.example/x", "m.news.example", "news.example"),
        ("https://co.uk/x", "co.uk", "co.uk"),
    ],
)
def test_hosts_and_domains(url: str, name: str, domain: str) -> None:
    assert host(url) == name
    assert registrable_domain(url) == domain


def test_same_site() -> None:
    assert same_site("https://www.bbc.co.uk/a", "http://news.bbc.co.uk/b")
    assert not same_site("https://www.bbc.co.uk/a", "https://www.gov.uk/a")
    assert not same_site("nothing", "nothing")


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ("http://wiki.corp.example:8080/x", True),
        ("https://WIKI.corp.example.:8080/x", True),
        ("http://files.corp.example:8080/x", True),
        ("http://wiki.corp.example/x", False),
        ("http://wiki.corp.example:8081/x", False),
        ("http://10.0.0.5:8080/x", False),
        ("http://corp.test:8080/x", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_same_server(one: str, *, same: bool) -> None:
    assert same_server(one, "http://wiki.corp.example:8080/feed") is same
    assert same_server("http://wiki.corp.example:8080/feed", one) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://10.0.0.5/feed", "https://10.0.0.5:443/x", True),
        ("http://10.0.0.5/feed", "http://10.0.0.6/x", False),
        ("http://[::1]:8/feed", "http://[::1]:8/x", True),
        ("http://localhost:8/feed", "http://127.0.0.1:8/x", False),
        ("http://localhost:8/feed", "http://localhost:9/x", False),
    ],
)
def test_same_server_of_numbers_and_bare_names(one: str, other: str, *, same: bool) -> None:
    assert same_server(one, other) is same


PIECES = st.sampled_from(
    "m. amp. www. example.com co.uk :80 :443 /amp /index.html /.. // .amp ? & = # % %2 %2F utm_source=x a=1 ; ü 北京 @ "
    "/amp/s/ https://www.google.com + ref= \\ [ ] \t".split(" ")
)
SCHEMES = st.sampled_from(["http://", "https://", "HTTP://", ""])
ADDRESSES = st.builds(lambda scheme, pieces: scheme + "".join(pieces), SCHEMES, st.lists(PIECES, max_size=8))


@given(st.one_of(st.text(), ADDRESSES))
def test_canonical_never_raises_and_is_idempotent(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once
    assert article_id(once) == article_id(text)
    assert is_http(once) == is_http(text)
