"""What a line that is logged must not hold, taken out of it: one function for every line.

Passwords in addresses, values of telling parameters and headers, addresses that are secrets themselves (those of
Apprise, of webhooks), and whatever the caller knows to be secret. What looks like a secret goes, also where it is
none: a log is read by more people than a configuration.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from urllib.parse import quote, quote_plus

HIDDEN = "•••"
SHORTEST = 4  # characters; what is shorter is found in too many words to be taken out everywhere
OPEN_SCHEMES = frozenset({"file", "http", "https"})  # an address of another scheme is one of Apprise: all of it goes
# Parts of the names of parameters, headers and settings whose values are secret.
TELLING = (
    r"access[_-]?key api[_-]?key auth(?!or) authorization bearer cookie credential jwt (?<![a-z])pass(?![a-z]) passwd "
    r"password private[_-]?key (?<![a-z])pwd secret (?<![a-z])session (?<![a-z])sig(?![a-z]) signature "
    r"subscription-key token"
).split()
# Web addresses whose path is the key: host and the path's beginning.
KEYS_IN_PATH = (
    r"hooks\.slack\.com/services/",
    r"[\w.-]*discord(?:app)?\.com/api/webhooks/",
    r"[\w.-]+\.webhook\.office\.com/",
    r"[\w.-]+\.logic\.azure\.com[:\d]*/",
    r"api\.telegram\.org/bot",
    r"chat\.googleapis\.com/v1/spaces/",
    r"maker\.ifttt\.com/trigger/",
)
# From where it tells: what stands before is kept as it is. Bounded, so that no text takes longer than its length.
_NAME = rf"(?:{'|'.join(TELLING)})[\w.-]{{0,200}}+"
_RULES = (
    (re.compile(rf"(://(?:{'|'.join(KEYS_IN_PATH)}))[^\s\"'<>]+", re.IGNORECASE), rf"\1{HIDDEN}"),
    (re.compile(r"(https?://)[^\s/?#]*@", re.IGNORECASE), rf"\1{HIDDEN}@"),
    # A header to the end of its line: "Authorization: Basic …", "Cookie: a=b; c=d".
    (
        re.compile(r"\b((?:proxy-)?authorization|(?:set-)?cookie)(['\"]?\s*[:=]\s*)[^\r\n]+", re.IGNORECASE),
        rf"\1\2{HIDDEN}",
    ),
    (re.compile(r"\b(bearer|basic|digest)(\s+)(?=\S*[\d=_.-])[^\s\"',;]+", re.IGNORECASE), rf"\1\2{HIDDEN}"),
    # A value in quotes, then a bare one: password="…", {"token": "…"}, ?api_key=…
    (re.compile(rf"({_NAME}['\"]?\s*[=:]\s*)(['\"])(?:(?!\2).)*\2?", re.IGNORECASE | re.DOTALL), rf"\1\2{HIDDEN}\2"),
    (re.compile(rf"({_NAME}\s*=\s*|{_NAME}:\s+)(?!['\"])[^\s&;#\"'<>,]+", re.IGNORECASE), rf"\1{HIDDEN}"),
)
_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]{0,30})://[^\s\"'<>]+", re.IGNORECASE)


def redacted(text: str, known: Collection[str] = ()) -> str:
    """The text without secrets; `known` are some that look like nothing in particular, such as a source's token."""
    for secret in _spellings(known):
        text = text.replace(secret, HIDDEN)
    if "://" in text:
        text = _ADDRESS.sub(_without_closed, text)
    for pattern, kept in _RULES:
        text = pattern.sub(kept, text)
    return text


def _spellings(known: Collection[str]) -> Iterator[str]:
    """Secrets as written and as they stand in an address, the longest first, so that no half of one remains."""
    forms = {form for one in known for form in (one, quote(one), quote(one, safe=""), quote_plus(one))}
    return iter(sorted((form for form in forms if len(form) >= SHORTEST), key=lambda form: (-len(form), form)))


def _without_closed(match: re.Match[str]) -> str:
    return match[0] if match[1].lower() in OPEN_SCHEMES else f"{match[1]}://{HIDDEN}"
