"""One e-mail message to an entry: whose, when, what about, its text, and where it can be read on the web.

Headers and bodies are decoded by the standard library's `email`; attachments are passed over. The address on the web
is what `Archived-At` (RFC 5064) says, else the link to "view in browser", without what names the subscriber; a link
that is nothing but such a name is none. Follows no link and opens no mailbox (`mail`).
"""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from tracker.encoding import decode
from tracker.sources import times
from tracker.sources.entries import Entry, primary
from tracker.sources.plain import link, paragraphs, plain

MAX_MESSAGE = 10_000_000  # bytes of one message with its attachments
MAX_HEADERS = 200_000  # bytes of all its headers
MAX_HEADER = 4_000  # characters of one header that is read
MAX_PARTS = 1_000  # boundaries in one message

# What the link to the same letter on the web is called, in lower case.
ON_THE_WEB = (
    "in browser", "in your browser", "in a browser", "in the browser", "view online", "view it online", "read online",
    "view this email online", "web version", "webversion", "as a web page", "as a webpage", "on the web",
    "im browser", "online ansehen", "online lesen", "dans votre navigateur", "dans le navigateur", "version en ligne",
    "en el navegador", "en tu navegador", "en su navegador", "nel browser", "no navegador", "in de browser",
)  # fmt: skip
# Parameters that name the subscriber, or the sending, and not the letter.
PERSONAL = frozenset(
    "e email recipient subscriber subscriber_id uid user token t r jwt key sig mkt_tok _bhlid mc_eid "
    "utm_source utm_medium utm_campaign utm_content utm_term ref".split()
)
LONG_NAME = 24  # letters and digits in a row, both among them: no word, so a name of somebody

_ANCHOR = re.compile(r"<a\s([^<>]{1,4000})>", re.IGNORECASE)
_TARGET = re.compile(r"\bhref\s*=\s*[\"']([^\"']{1,2000})[\"']", re.IGNORECASE)
_END_OF_ANCHOR = re.compile(r"</a\s*>", re.IGNORECASE)
_ANCHOR_TEXT = 400  # characters of a link's text and tags that are looked at
_PLAIN_LINK = re.compile(r"https?://[^\s<>()\[\]\"']{4,2000}")
_RUN = re.compile(rf"[A-Za-z0-9_]{{{LONG_NAME},}}")
_COMMENT = re.compile(r"\([^()]*\)")
_ID = re.compile(r"[^\s<>]{1,500}")

# The library reads a header anew at each look, at half a millisecond, and most messages say `text/html; charset=utf-8`.
POLICY = policy.default.clone(header_factory=lru_cache(maxsize=1_000)(HeaderRegistry()))

# What `email` lets escape on odd input (RFC 2047 words, dates, addresses, charsets, nesting): the message's fault.
_FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def entry(raw: bytes, mailbox: str) -> Entry | None:
    """The message as a whole article, or None for what is no message or beyond the bounds.

    `mailbox` is the `file://` address it came from, which with the message's id stands in for an address on the web.
    """
    head = re.split(rb"\r?\n\r?\n", raw[: MAX_HEADERS + 1], maxsplit=1)[0]
    if len(raw) > MAX_MESSAGE or len(head) > MAX_HEADERS or raw.count(b"\n--") > MAX_PARTS:
        return None
    try:
        message = message_from_bytes(raw, policy=POLICY)
        html, words = _body(message, "html"), _body(message, "plain")
    except _FAULTS:
        return None
    named = _ID.search(_raw(message, "message-id"))
    content = html or paragraphs(words or "")
    if named is None or not content:
        return None
    return Entry(
        url=_on_the_web(message, html or "", words or "") or f"{mailbox}#{quote(named[0], safe='@', errors='replace')}",
        title=_plain_words(_parsed(message, "subject")),
        guid=named[0],
        author=_sender(message),
        published=times.from_text(_COMMENT.sub(" ", _raw(message, "date"))),
        content=content,
        language=primary(_raw(message, "content-language")),
        is_whole=True,
    )


def _raw(message: EmailMessage, name: str) -> str:
    """A header as it stands, on one line, long ones cut; "" where it is missing."""
    stated = next((str(value) for key, value in message.raw_items() if key.lower() == name), "")
    return " ".join(stated[:MAX_HEADER].split())


def _parsed(message: EmailMessage, name: str) -> Any:
    """A header as `email` reads it, a text with attributes; None where it is missing or cannot be read."""
    stated = _raw(message, name)
    try:
        return POLICY.header_fetch_parse(name, stated) if stated else None
    except _FAULTS:
        return None


def _plain_words(header: Any) -> str:
    return " ".join(str(header).split()) if header is not None else ""


def _sender(message: EmailMessage) -> str | None:
    """The name of who sent it, or the address where there is no name."""
    sender = _parsed(message, "from")
    people = getattr(sender, "addresses", ())
    return next((one.display_name or one.addr_spec for one in people), None) or _plain_words(sender) or None


def _body(message: EmailMessage, subtype: str) -> str | None:
    """The text of one form, decoded as feeds are: by what the bytes prove, then by what they say."""
    part = message.get_body(preferencelist=(subtype,))
    payload = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(payload, bytes):
        return None
    return decode(payload, f"text/{subtype}; charset={part.get_content_charset() or ''}").strip() or None


def _on_the_web(message: EmailMessage, html: str, words: str) -> str | None:
    """Where the letter stands on the web, if it says so."""
    archived = link(_raw(message, "archived-at").strip("<> "), "")
    candidates = [archived, _anchor(html), _plain_link(words)]
    return next((url for one in candidates if one and (url := _impersonal(one))), None)


def _anchor(html: str) -> str | None:
    """The target of the first link that is called after the letter on the web."""
    for start in _ANCHOR.finditer(html):
        after = html[start.end() : start.end() + _ANCHOR_TEXT]
        end = _END_OF_ANCHOR.search(after)
        if _is_called(plain(re.sub(r"<[^<>]*>", " ", after[: end.start()] if end else after))):
            target = _TARGET.search(start[1])
            return link(plain(target[1]), "") if target else None
    return None


def _plain_link(words: str) -> str | None:
    """The address on or after the line of a plain text that speaks of the letter on the web."""
    lines = words.splitlines()
    for number, line in enumerate(lines):
        if _is_called(line) and (found := _PLAIN_LINK.search(" ".join(lines[number : number + 3]))):
            return link(found[0].rstrip(".,;"), "")
    return None


def _is_called(words: str) -> bool:
    text = " ".join(words.lower().split())
    return any(name in text for name in ON_THE_WEB)


def _impersonal(url: str) -> str | None:
    """A link without what names the subscriber; None where that is in what is left."""
    parts = urlsplit(url)
    kept = [(key, value) for key, value in parse_qsl(parts.query) if key.lower() not in PERSONAL]
    query = urlencode(kept)
    if any(re.search(r"\d", run) and re.search(r"[A-Za-z]", run) for run in _RUN.findall(f"{parts.path}?{query}")):
        return None
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, "")) if parts.path.strip("/") or kept else None
