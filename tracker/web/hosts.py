"""Who may ask a server: neither a page of strangers that has its own name lead here, nor one that shows what is here.

A browser lets a page read what comes from the page's own host. Who owns the name of that host can have it lead to this
machine a moment later (DNS rebinding); then only the Host header tells that somebody else's page is asking. Numbers
cannot be led elsewhere, nor can `localhost`. What a stranger's page loads from here (a picture, a script, a frame) it
cannot read, but it could have this machine work for it: a browser says so (Fetch Metadata), and is answered nothing
but where a person follows a link. Who decides is the business of `tracker.web.authority`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from ipaddress import ip_address

from tracker.urls import is_host
from tracker.web.guarding import App, Receive, Scope, Send

ANY = "*"
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([^\s:/?#@\[\]\\]+))(?::\d*)?")  # RFC 9110, 7.2; without user names
MISDIRECTED = 421  # RFC 9110, 15.5.20
WORDS = (
    "{host} is no name of this server. If it is one, start the server with `tracker serve --allow-host {host}`; in "
    "Datasette's configuration, add it to plugins.tracker.hosts.\n"
)
FORBIDDEN = 403
EMBEDDED = "This server is not there for pages of others; open its address in a window of its own.\n"
LONGEST = 100  # characters of a name that are told


def is_name(text: str) -> bool:
    """Whether a text is one of the names that can be allowed: a host's, `*.` before one for all below it, `*`."""
    return text == ANY or is_host(text.removeprefix("*."))


def is_allowed(header: str, names: Collection[str]) -> bool:
    """Whether a Host header names a server that is called by `names`; who sends none is no browser."""
    if not header or ANY in names:
        return True
    found = _HOST.fullmatch(header.lower())
    if found is None:
        return False
    host = (found[1] or found[2]).rstrip(".")
    if _is_number(host) or host == "localhost" or host.endswith(".localhost"):
        return True
    labels = host.split(".")
    return host in names or any(f"*.{'.'.join(labels[at:])}" in names for at in range(1, len(labels)))


def wrapper(app: App, names: Collection[str]) -> App:
    """An application that is there only for who asks it by its name."""
    called = frozenset(name.lower().rstrip(".") for name in names)

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        sent = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope.get("headers", ())]
        wrong = next((value for name, value in sent if name == "host" and not is_allowed(value, called)), None)
        if wrong is not None:
            shown = re.sub(r"[^\w.:\[\]-]", "?", wrong[:LONGEST], flags=re.ASCII)
            await _refuse(send, MISDIRECTED, WORDS.format(host=shown))
        elif is_embedded(dict(sent)):
            await _refuse(send, FORBIDDEN, EMBEDDED)
        else:
            await app(scope, receive, send)

    return guarded


def is_embedded(headers: Mapping[str, str]) -> bool:
    """Whether a page of another site loads this, and no person follows a link; their names are in small letters."""
    site = headers.get("sec-fetch-site", "none")
    follows = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return site not in {"same-origin", "none"} and not follows


async def _refuse(send: Send, status: int, words: str) -> None:
    kind = [(b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": status, "headers": kind})
    await send({"type": "http.response.body", "body": words.encode()})


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
