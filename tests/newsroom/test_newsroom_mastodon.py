"""The Mastodon account in the documented form of the API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from newsroom_visits import Visitor, visiting

API = "http://toots.example/api/v1/accounts"


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    with visiting() as opened:
        yield opened


def account_id(visitor: Visitor) -> str:
    return str(visitor.get(f"{API}/lookup?acct=cntechdesk").json()["id"])


def statuses(visitor: Visitor, query: str = "limit=40") -> list[dict[str, Any]]:
    return list(visitor.get(f"{API}/{account_id(visitor)}/statuses?{query}").json())


@pytest.mark.parametrize("name", ["cntechdesk", "@cntechdesk", "CNTechDesk", "cntechdesk@toots.example"])
def test_lookup(visitor: Visitor, name: str) -> None:
    account = visitor.get(f"{API}/lookup?acct={name}").json()
    assert account["username"] == "cntechdesk"
    assert account["url"] == "http://toots.example/@cntechdesk"


@pytest.mark.parametrize("path", ["/lookup?acct=nobody", "/123/statuses"])
def test_what_is_not_there(visitor: Visitor, path: str) -> None:
    answer = visitor.get(API + path)
    assert (answer.status_code, answer.json()) == (404, {"error": "Record not found"})


def test_statuses_are_newest_first_with_html_and_times_in_utc(visitor: Visitor) -> None:
    found = statuses(visitor)
    assert [post["id"] for post in found] == sorted((post["id"] for post in found), key=int, reverse=True)
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z", post["created_at"]) for post in found)
    leak = next(post for post in found if "Screenshots" in post["content"])
    assert leak["created_at"] == "2024-06-24T23:41:00.000Z"
    assert (
        '<a href="http://toots.example/tags/OpenAI" class="mention hashtag" rel="tag">#<span>OpenAI</span></a>'
        in leak["content"]
    )
    assert leak["content"].count("<p>") == 2
    assert {"name": "openai", "url": "http://toots.example/tags/openai"} in leak["tags"]


def test_a_link_and_its_card_lead_to_the_article(visitor: Visitor) -> None:
    post = next(post for post in statuses(visitor) if post["card"])
    assert post["card"]["url"] == visitor.story("eastlight/openai-tells-chinese-developers-api-access-will-end").url
    assert f'href="{post["card"]["url"]}"' in post["content"]
    assert visitor.get(post["card"]["url"]).status_code == 200


def test_replies_and_boosts_can_be_left_out(visitor: Visitor) -> None:
    every, own = statuses(visitor), statuses(visitor, "limit=40&exclude_replies=true&exclude_reblogs=true")
    assert any(post["reblog"] for post in every)
    assert any(post["in_reply_to_id"] for post in every)
    assert not any(post["reblog"] or post["in_reply_to_id"] for post in own)


def test_paging_by_link_headers_visits_every_status_once(visitor: Visitor) -> None:
    seen: list[str] = []
    url = f"{API}/{account_id(visitor)}/statuses?limit=4"
    while True:
        answer = visitor.get(url)
        seen += [post["id"] for post in answer.json()]
        following = re.search(r'<([^>]+)>; rel="next"', answer.headers.get("Link", ""))
        if not following:
            break
        url = following[1]
    assert seen == [post["id"] for post in statuses(visitor)]


def test_newer_ones_by_since_and_min_id(visitor: Visitor) -> None:
    found = [post["id"] for post in statuses(visitor)]
    middle = found[4]
    assert [post["id"] for post in statuses(visitor, f"since_id={middle}&limit=2")] == found[:2]
    assert [post["id"] for post in statuses(visitor, f"min_id={middle}&limit=2")] == found[2:4]


def test_a_content_warning_is_kept_apart(visitor: Visitor) -> None:
    post = next(post for post in statuses(visitor) if post["sensitive"])
    assert post["spoiler_text"] == "export controls, long"


def test_rate_limits_are_announced(visitor: Visitor) -> None:
    assert visitor.get(f"{API}/lookup?acct=cntechdesk").headers["X-RateLimit-Limit"] == "300"


def test_posts_appear_with_time() -> None:
    with visiting(as_of="2024-06-24") as early:
        assert len(statuses(early)) == 1
