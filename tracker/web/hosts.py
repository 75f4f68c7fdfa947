"""By which names a server may be asked: a page of strangers that has its own name lead here is answered nothing.

A browser lets a page read what comes from the page's own host. Who owns the name of that host can have it lead to this
machine a moment later (DNS rebinding); then only the Host header tells that somebody else's page is asking. Numbers
cannot be led elsewhere, nor can `localhost`. Says nothing of who asks: that is `tracker.web.authority`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
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
        told = [value.decode("latin-1") for name, value in scope.get("headers", ()) if name == b"host"]
        wrong = [one for one in told if not is_allowed(one, called)]
        if scope["type"] == "lifespan" or not wrong:
            await app(scope, receive, send)
            return
        shown = re.sub(r"[^\w.:\[\]-]", "?", wrong[0][:LONGEST], flags=re.ASCII)
        kind = [(b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff")]
        await send({"type": "http.response.start", "status": MISDIRECTED, "headers": kind})
        await send({"type": "http.response.body", "body": WORDS.format(host=shown).encode()})

    return guarded


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
