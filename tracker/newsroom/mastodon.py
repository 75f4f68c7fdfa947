"""The room's Mastodon server: the documented JSON of accounts and statuses, with its paging.

`GET /api/v1/accounts/lookup?acct=NAME` and `GET /api/v1/accounts/:id/statuses` with limit, max_id, since_id,
min_id, exclude_replies and exclude_reblogs, as in https://docs.joinmastodon.org/methods/accounts/. Read-only, no
tokens, no media.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any

from tracker.newsroom.stories import Account, Bundle, Post

Json = dict[str, Any]
URL = re.compile(r"https?://\S+[\w/]")
HASHTAG = re.compile(r"(?<![\w&/])#(\w*[A-Za-z]\w*)")
LIMIT, MOST = 20, 40  # statuses a page, and the most that may be asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Status, JSON and the Link header, if there is more."""

    status: int
    data: Any
    link: str | None = None


def reply(bundle: Bundle, path: str, query: Mapping[str, str], now: datetime) -> Reply | None:
    """The API's answer to a path, None where there is no such method."""
    if path == "/api/v1/accounts/lookup":
        name = query.get("acct", "").removeprefix("@").partition("@")[0].lower()
        found = bundle.accounts.get(name)
        return Reply(status=200, data=_account(bundle, found, now)) if found else _missing()
    if match := re.fullmatch(r"/api/v1/accounts/(\d+)/statuses", path):
        owner = next((account for account in bundle.accounts.values() if account_id(account) == match[1]), None)
        return _statuses(bundle, owner, query, now) if owner else _missing()
    return None


def account_id(account: Account) -> str:
    """The account's number, from its age."""
    return _snowflake(account.created)


def post_id(post: Post) -> str:
    """The status's number, from its time: later is larger, as on real servers."""
    return _snowflake(post.at)


def content(text: str, host: str) -> str:
    """A post's text as the HTML that Mastodon makes of it."""
    return "".join(f"<p>{_marked(part, host)}</p>" for part in re.split(r"\n\s*\n", text))


def _marked(part: str, host: str) -> str:
    pieces = re.split(r"(https?://\S+[\w/])", part)
    return "".join(_anchor(piece) if URL.fullmatch(piece) else _words(piece, host) for piece in pieces)


def _words(text: str, host: str) -> str:
    tag = rf'<a href="http://{host}/tags/\1" class="mention hashtag" rel="tag">#<span>\1</span></a>'
    return HASHTAG.sub(tag, escape(text, quote=False)).replace("\n", "<br />")


def _anchor(url: str) -> str:
    scheme, _, rest = url.partition("://")
    shown, hidden = rest[:30], rest[30:]
    dots = ' class="ellipsis"' if hidden else ""
    return (
        f'<a href="{escape(url)}" target="_blank" rel="nofollow noopener noreferrer" translate="no">'
        f'<span class="invisible">{scheme}://</span><span{dots}>{escape(shown)}</span>'
        f'<span class="invisible">{escape(hidden)}</span></a>'
    )


def _statuses(bundle: Bundle, owner: Account, query: Mapping[str, str], now: datetime) -> Reply:
    posts = [post for post in reversed(bundle.posts) if post.account == owner.name and post.at <= now]
    kept = [post for post in posts if _is_wanted(post, query)]
    limit = min(int(query.get("limit", LIMIT)), MOST)
    page = kept[-limit:] if "min_id" in query else kept[:limit]
    link = _link(bundle, owner, query, page) if page else None
    return Reply(status=200, data=[_status(bundle, owner, post) for post in page], link=link)


def _is_wanted(post: Post, query: Mapping[str, str]) -> bool:
    number = int(post_id(post))
    above = max(int(query.get("since_id", 0)), int(query.get("min_id", 0)))
    hidden = (post.reply_to and query.get("exclude_replies") in ("true", "1")) or (
        post.boosted and query.get("exclude_reblogs") in ("true", "1")
    )
    return not hidden and above < number < int(query.get("max_id", number + 1))


def _link(bundle: Bundle, owner: Account, query: Mapping[str, str], page: list[Post]) -> str:
    kept = "".join(f"&{key}={query[key]}" for key in ("exclude_replies", "exclude_reblogs", "limit") if key in query)
    base = f"http://{bundle.social_host}/api/v1/accounts/{account_id(owner)}/statuses"
    older = f'<{base}?max_id={post_id(page[-1])}{kept}>; rel="next"'
    return f'{older}, <{base}?min_id={post_id(page[0])}{kept}>; rel="prev"'


def _status(bundle: Bundle, owner: Account, post: Post) -> Json:
    number, host = post_id(post), bundle.social_host
    original = f"http://{post.boosted}/@elsewhere/{number}" if post.boosted else None
    return {
        "id": number,
        "created_at": _time(post.at),
        "in_reply_to_id": post.reply_to and f"{number[:-4]}0001",
        "in_reply_to_account_id": account_id(owner) if post.reply_to == "self" else post.reply_to,
        "sensitive": bool(post.warning),
        "spoiler_text": post.warning,
        "visibility": "public",
        "language": post.lang,
        "uri": f"http://{host}/users/{owner.name}/statuses/{number}",
        "url": f"http://{host}/@{owner.name}/{number}",
        "replies_count": int(number[-1]),
        "reblogs_count": int(number[-2:]),
        "favourites_count": int(number[-3:]),
        "edited_at": None,
        "content": "" if original else content(post.text, host),
        "reblog": {"id": number, "url": original, "content": content(post.text, host)} if original else None,
        "account": _account(bundle, owner, post.at),
        "media_attachments": [],
        "mentions": [],
        "tags": [
            {"name": tag.lower(), "url": f"http://{host}/tags/{tag.lower()}"} for tag in HASHTAG.findall(post.text)
        ],
        "emojis": [],
        "card": {"type": "link", "provider_name": "", "image": None, **post.card} if post.card else None,
        "poll": None,
    }


def _account(bundle: Bundle, account: Account, now: datetime) -> Json:
    mine = [post for post in bundle.posts if post.account == account.name and post.at <= now]
    return {
        "id": account_id(account),
        "username": account.name,
        "acct": account.name,
        "display_name": account.display,
        "locked": False,
        "bot": False,
        "discoverable": True,
        "created_at": _time(account.created),
        "note": f"<p>{escape(account.note)}</p>",
        "url": f"http://{bundle.social_host}/@{account.name}",
        "uri": f"http://{bundle.social_host}/users/{account.name}",
        "avatar": f"http://{bundle.social_host}/img/avatar.png",
        "followers_count": 4211,
        "following_count": 318,
        "statuses_count": len(mine),
        "last_status_at": f"{mine[-1].at:%Y-%m-%d}" if mine else None,
        "emojis": [],
        "fields": [],
    }


def body(found: Reply) -> bytes:
    """The JSON as sent."""
    return json.dumps(found.data, ensure_ascii=False).encode()


def _missing() -> Reply:
    return Reply(status=404, data={"error": "Record not found"})


def _snowflake(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000) << 16)


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
