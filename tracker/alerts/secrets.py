"""What must not be told: the parts of a channel's address, taken out of whatever is shown, stored or logged."""

from __future__ import annotations

import re
from urllib.parse import unquote, unquote_plus

from tracker.alerts.escaping import one_line

HIDDEN = "•••"
SHORTEST = 4  # characters; what is shorter is no secret, and is found in too many words
MAX_REASON = 300
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://\S*", re.IGNORECASE)  # Apprise shows the ends of what it hides
_PARTS = re.compile(r"[/?&=:@,;+#\s]+")


def parts(address: str) -> list[str]:
    """The whole and every part of an address that may be secret, as written and as meant, the longest first."""
    scheme, mark, rest = address.partition("://")
    scheme, rest = (scheme, rest) if mark else ("", address)
    pieces = [address, rest, *_PARTS.split(rest), *rest.split("/"), *rest.split("@"), *rest.split("?")]
    meant = [call(piece) for piece in pieces for call in (unquote, unquote_plus)]
    known = {piece for piece in (*pieces, *meant) if len(piece) >= SHORTEST and piece != scheme}
    return sorted(known, key=lambda piece: (-len(piece), piece))


def redacted(text: str, address: str | None) -> str:
    """A reason in one line, short, without anything of the address."""
    for part in parts(address or ""):
        text = re.sub(re.escape(part), HIDDEN, text, flags=re.IGNORECASE)
    return one_line(_ADDRESS.sub(HIDDEN, text) if address else text, MAX_REASON)
