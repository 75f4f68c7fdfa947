"""Strangers' strings made fit to keep: plain titles, absolute links, text that any store can hold.

Does not sanitise HTML; summaries and contents pass through as sent.
"""

from __future__ import annotations

import html
import re
from urllib.parse import quote, urljoin, urlsplit

# Elements that occur in titles; other angle brackets ("if a < b", "List<T>") are text.
_INLINE = (
    "a|abbr|b|big|br|center|cite|code|del|div|em|font|h[1-6]|hr|i|img|ins|mark|p|q|s|small|span|strike|strong|sub|sup"
    "|tt|u|wbr"
)
_TAG = re.compile(rf"</?(?:{_INLINE})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|/?p|/?div|hr|/h[1-6])(?:\s[^<>]*)?/?>", re.IGNORECASE)
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_URL_UNFIT = re.compile(r"[\x00-\x20\x7f\\<>\"{}|^`]")
MAX_URL = 2_000  # characters; longer ones are mistakes or attacks
MAX_TITLE = 1_000  # characters


def scrub(text: str) -> str:
    """`text` without control characters and lone surrogates, which neither XML nor UTF-8 can hold."""
    return _UNFIT.sub("", text)


def plain(text: str) -> str:
    """A title as a reader sees it: no tags, entities resolved (twice where sent twice), white space single."""
    for _ in range(2):
        text = html.unescape(_TAG.sub("", _BREAK.sub(" ", text)))
    return " ".join(scrub(text).split())[:MAX_TITLE]


def link(reference: str | None, base: str) -> str | None:
    """`reference` as an absolute http(s) URL, against `base`; None for anything else ("mailto:", "#top", "")."""
    reference = scrub(reference or "").strip()
    if not reference or reference.startswith("#") or len(reference) > MAX_URL:
        return None
    try:
        url = urljoin(base, reference)
        parts = urlsplit(url)
        port_is_right = parts.port != 0
    except ValueError:  # "http://[broken", a port beyond 65535
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port_is_right:
        return None
    return _URL_UNFIT.sub(lambda bad: quote(bad[0]), parts.geturl())


def paragraphs(words: str) -> str:
    """Plain text as HTML: blank lines part paragraphs."""
    return "".join(f"<p>{html.escape(part, quote=False)}</p>" for part in re.split(r"\n\s*\n", words) if part.strip())
