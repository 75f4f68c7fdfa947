"""What a service says of its own refusal: APIs answer an error with a sentence in JSON. Pure.

Reads no HTML and tells no fault from another: the words are strangers', made fit for a line that people read.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterator

MAX_CHARACTERS = 200

# Where the words are, the most telling first: keys, and places in a list.
PLACES: tuple[tuple[str | int, ...], ...] = (
    ("error", "message"),  # Google, Meta
    ("error_description",),  # OAuth 2 (RFC 6749, 5.2), Mastodon
    ("message",),  # Bluesky, GitHub, Reddit
    ("error",),  # Mastodon
    ("detail",),  # problem details (RFC 9457)
    ("errors", 0, "message"),  # GraphQL
    ("errors", 0, "detail"),  # JSON:API
    ("errors", 0),
)
_UNSEEN = frozenset({"Cf", "Cs", "Co", "Cn"})  # kinds of characters that nobody sees, or that turn others around
_TAG = re.compile(r"<[/!?A-Za-z][^<>]*>")


def is_json(content_type: str) -> bool:
    """Whether an answer of this type can hold such words: application/json, application/problem+json and the like."""
    return content_type.partition(";")[0].strip().casefold().endswith(("/json", "+json"))


def words(body: bytes, *, secret: str | None = None) -> str | None:
    """The service's own words, one line of plain text of MAX_CHARACTERS at most; None where it says nothing.

    Words with the `secret` in them (the token that was sent) are not repeated.
    """
    said = next(filter(None, map(_plain, _said(body))), None)
    if said is None or (secret and secret in said):
        return None
    return said if len(said) <= MAX_CHARACTERS else f"{said[: MAX_CHARACTERS - 1].rstrip()}…"


def _said(body: bytes) -> Iterator[str]:
    """The strings at the known places."""
    try:
        document: object = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):  # cut off, or no JSON at all; or nested to do harm
        return
    for place in PLACES:
        found = document
        for step in place:
            found = _inside(found, step)
        if isinstance(found, str):
            yield found


def _inside(value: object, step: str | int) -> object:
    if isinstance(step, str):
        return value.get(step) if isinstance(value, dict) else None
    return value[step] if isinstance(value, list) and len(value) > step else None


def _plain(text: str) -> str:
    """The text without markup, without control and other invisible characters, white space single."""
    shown = _TAG.sub(" ", html.unescape(text))
    kinds = ((char, unicodedata.category(char)) for char in shown)
    return " ".join("".join(" " if kind == "Cc" else char for char, kind in kinds if kind not in _UNSEEN).split())
