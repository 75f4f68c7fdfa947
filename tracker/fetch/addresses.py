"""URLs as the network room sees them: fit to be asked, host, origin, path, and where a redirect leads.

Does not canonicalise; that is `tracker.urls`.
"""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import httpx

from tracker.model import Poison

MAX_URL = 8_000  # characters


def fault(url: str) -> Poison | None:
    """Why a URL cannot be asked, or None: http(s) only, no user name or password in it, a host."""
    shown = url[:200]
    try:
        parts = urlsplit(url)
        host = httpx.URL(url).host  # stricter than urlsplit about hosts and control characters
        has_port = parts.port != 0  # raises beyond 65535
    except (httpx.InvalidURL, ValueError) as error:
        return Poison(reason=f"not a URL ({error}): {shown!r}")
    if parts.scheme not in {"http", "https"}:
        return Poison(reason=f"not an http(s) URL: {shown!r}")
    if parts.username is not None or parts.password is not None:
        return Poison(reason=f"a URL with a user name or password in it is not asked: host {host}")
    if not host or not has_port or len(url) > MAX_URL:
        return Poison(reason=f"{'an overlong URL' if host and has_port else 'a URL without a host or port'}: {shown!r}")
    return None


def host(url: str) -> str:
    """The host name in lower case, to which politeness is owed."""
    return (urlsplit(url).hostname or "").rstrip(".")


def origin(url: str) -> str:
    """Scheme, host and port: what one robots.txt covers."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def path(url: str) -> str:
    """The path with its query."""
    parts = urlsplit(url)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def redirected(url: str, location: str) -> str:
    """Where a Location header leads, its fragment dropped; what is no URL comes back as it is, for `fault` to name."""
    try:
        return urljoin(url, location.strip()).partition("#")[0]
    except ValueError:
        return location
