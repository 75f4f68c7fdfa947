"""What is asked for each kind, and the table of kinds."""

from __future__ import annotations

import pytest
from sources_samples import page, source

from tracker import sources
from tracker.model import Poison, Selectors, SourceKind


def test_every_kind_is_in_the_table() -> None:
    assert set(sources.KINDS) == set(SourceKind)


# Kinds whose services are asked at another address than the one that people read.
ELSEWHERE = frozenset({"mastodon", "bluesky", "reddit", "hacker_news", "telegram", "youtube", "gdelt_doc"})


@pytest.mark.parametrize("kind", sorted(set(sources.KINDS) - ELSEWHERE))
def test_a_source_is_asked_at_its_own_url_without_validators(kind: SourceKind) -> None:
    request = sources.request(source(kind, url="https://a.example/list?x=1"))
    assert (request.url, request.conditional) == ("https://a.example/list?x=1", True)
    assert request.etag is None
    assert request.last_modified is None
    assert "*/*" in request.accept


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://toots.example/@desk", "https://toots.example/api/v1/accounts/lookup?acct=desk"),
        ("https://toots.example/@desk/", "https://toots.example/api/v1/accounts/lookup?acct=desk"),
        ("https://toots.example/users/desk", "https://toots.example/api/v1/accounts/lookup?acct=desk"),
        ("http://toots.example:8080/@a_b", "http://toots.example:8080/api/v1/accounts/lookup?acct=a_b"),
        (
            "https://toots.example/@desk@other.example",
            "https://toots.example/api/v1/accounts/lookup?acct=desk%40other.example",
        ),
    ],
)
def test_a_mastodon_account_is_looked_up_and_must_be_answered(url: str, asked: str) -> None:
    request = sources.request(source(SourceKind.MASTODON, url=url))
    assert (request.url, request.conditional) == (asked, False)


def test_an_html_source_without_selectors_says_so() -> None:
    outcome = sources.parse(source(SourceKind.HTML), page(b"<html></html>"))
    assert outcome == Poison(reason="the source has kind html and no selectors")


def test_a_wrong_selector_is_named() -> None:
    outcome = sources.parse(source(SourceKind.HTML, selectors=Selectors(item="tr[")), page(b"<html></html>"))
    assert isinstance(outcome, Poison)
    assert outcome.reason.startswith("not a CSS selector: ")
