"""URLs as the network room sees them: fit to be asked, host, site, origin, path, and where a redirect leads.

Does not canonicalise; that is `tracker.urls`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

import httpx

from tracker.fetch import guard
from tracker.model import Poison
from tracker.urls import registrable_domain

MAX_URL = 8_000  # characters
PORTS = {"http": 80, "https": 443}

# Most URLs need no second look: a name in lower case whose last label is letters, no port, nothing to encode or fold.
_SIGNS = r"\w~!$&'()*+,;=:@.-"
_PLAIN = re.compile(
    rf"""(https?)://
    ((?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{{2,24}})
    ((?:/(?!\.)[{_SIGNS}]*)+(?:\?[{_SIGNS}/]*)?)""",
    re.ASCII | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Address:
    """A URL that can be asked, taken apart once."""

    url: str
    scheme: str  # http or https
    host: str  # in lower case and in ASCII (IDNA), an IPv6 address without brackets
    port: int
    netloc: str  # what the Host header says
    target: str  # path and query, percent-encoded

    @property
    def name(self) -> str:
        """The host as people are told of it."""
        return self.host.rstrip(".")

    @property
    def site(self) -> str:
        """To whom politeness is owed."""
        return site(self.name)

    @property
    def origin(self) -> str:
        """Scheme, host and port: what one robots.txt covers, and where a token may go."""
        return f"{self.scheme}://{self.netloc}"


def read(url: str) -> Address | Poison:
    """A URL taken apart, or why it cannot be asked: http(s) only, no user name or password in it, a host."""
    if len(url) <= MAX_URL and (plain := _PLAIN.fullmatch(url)):
        scheme, host, target = plain.groups()
        return Address(url=url, scheme=scheme, host=host, port=PORTS[scheme], netloc=host, target=target)
    shown = url[:200]
    try:
        parts = urlsplit(url)
        found = httpx.URL(url)  # stricter than urlsplit about hosts and control characters
        has_port = parts.port != 0  # raises beyond 65535
        has_host = bool(found.host) and "%" not in found.host  # raises on a name that is no IDNA; "%": not of a name
    except (httpx.InvalidURL, ValueError) as error:
        return Poison(reason=f"not a URL ({error}): {shown!r}")
    if parts.scheme not in PORTS:
        return Poison(reason=f"not an http(s) URL: {shown!r}")
    if parts.username is not None or parts.password is not None:
        return Poison(reason=f"a URL with a user name or password in it is not asked: host {found.host}")
    if not has_host or not has_port or len(url) > MAX_URL:
        what = "an overlong URL" if has_host and has_port else "a URL without a host or port"
        return Poison(reason=f"{what}: {shown!r}")
    return Address(
        url=url,
        scheme=parts.scheme,
        host=found.raw_host.decode("ascii"),
        port=found.port or PORTS[parts.scheme],
        netloc=found.netloc.decode("ascii"),
        target=found.raw_path.decode("ascii"),
    )


@lru_cache(maxsize=8_192)
def site(host: str) -> str:
    """The registrable domain of a host; an IP address and a name of one or two labels are their own."""
    if host.count(".") < 2 or guard.literal(host) is not None:
        return host
    return registrable_domain(f"http://{host}/") or host


def host(url: str) -> str:
    """The host name in lower case."""
    return (urlsplit(url).hostname or "").rstrip(".")


def path(url: str) -> str:
    """The path with its query."""
    parts = urlsplit(url)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def redirected(url: str, location: str) -> str:
    """Where a Location header leads, its fragment dropped; what is no URL comes back as it is, for `read` to name."""
    try:
        return urljoin(url, location.strip()).partition("#")[0]
    except ValueError:
        return location
