"""A Mastodon account: its own posts, through the public API of its server, without an account of ours.

`https://HOST/@NAME` is looked up for its id, then its statuses are asked for. A post is a whole article. Boosts and
answers to others are skipped; links in posts stay in the HTML. One page of statuses, no hashtags, no lists.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from tracker.model import Done, Listing, Page, Poison, Request, Source
from tracker.sources import times
from tracker.sources.bodies import not_a
from tracker.sources.entries import Entry, listing
from tracker.sources.json_documents import load, record, records, text
from tracker.sources.plain import plain

ACCEPT = "application/json"
PAGE_SIZE = 40  # the most that the API gives at once
TITLE_WORDS = 12
_ACCOUNT = re.compile(r"/(?:@|users/)(?P<name>\w[\w.-]*(?:@[\w.-]+)?)/?\Z")
_ID = re.compile(r"\w{1,40}\Z")
_INVISIBLE = re.compile(r'<span class="invisible">[^<]*</span>')


def request(source: Source) -> Request:
    """The look-up of the account's id. What is no account's URL is asked as it stands, and `parse` says so."""
    parts, account = urlsplit(source.url), _ACCOUNT.search(source.url)
    if not account:
        return Request(url=source.url, accept=ACCEPT)
    query = urlencode({"acct": account["name"]})
    return Request(
        url=f"{parts.scheme}://{parts.netloc}/api/v1/accounts/lookup?{query}", accept=ACCEPT, conditional=False
    )


def parse(source: Source, page: Page) -> Done[Listing] | Poison:
    """The account's id, which leads to its statuses, or the statuses."""
    if not _ACCOUNT.search(source.url):
        return Poison(reason=f"not a Mastodon account's URL: {source.url!r}; expected https://HOST/@NAME")
    document = load(page)
    if isinstance(document, list):
        own = (_entry(raw) for raw in records(document) if _is_own(raw))
        return listing(source, own, base=page.final_url)
    answer = record(document)
    account_id = text(answer, "id")
    if account_id and _ID.match(account_id) and ("acct" in answer or "username" in answer):
        return listing(source, (), base=page.final_url, follow=[_statuses(page, account_id)])
    if error := text(answer, "error"):
        return Poison(reason=f"the Mastodon server says: {plain(error)[:200]}")
    return Poison(reason=not_a("an answer of Mastodon's API", page.body, page.content_type))


def _statuses(page: Page, account_id: str) -> Request:
    """The request for the account's statuses."""
    parts = urlsplit(page.final_url)
    query = urlencode({"limit": PAGE_SIZE, "exclude_reblogs": "true"})
    path = f"/api/v1/accounts/{quote(account_id)}/statuses"
    return Request(url=f"{parts.scheme}://{parts.netloc}{path}?{query}", accept=ACCEPT)


def _is_own(status: Mapping[str, Any]) -> bool:
    """Whether a status is the account's own word to everybody: no boost, no answer to somebody else."""
    if status.get("reblog"):
        return False
    answered = text(status, "in_reply_to_account_id")
    return answered is None or answered == text(record(status.get("account")), "id")


def _entry(status: Mapping[str, Any]) -> Entry:
    """One status as an article that is whole."""
    account = record(status.get("account"))
    name = text(account, "acct") or text(account, "username") or ""
    content = text(status, "content") or ""
    if warning := text(status, "spoiler_text"):
        content = f"<p>{html.escape(warning, quote=False)}</p>{content}"
    return Entry(
        url=text(status, "url") or text(status, "uri"),
        title=_title(name, content),
        guid=text(status, "uri") or text(status, "id"),
        author=text(account, "display_name") or name,
        published=times.from_text(text(status, "created_at")),
        content=content,
        language=text(status, "language"),
        is_whole=True,
    )


def _title(name: str, content: str) -> str:
    """`@name: ` and the first words."""
    words = plain(_INVISIBLE.sub("", content)).split()
    dots = "…" if len(words) > TITLE_WORDS else ""
    return f"@{name}: {' '.join(words[:TITLE_WORDS])}{dots}"
