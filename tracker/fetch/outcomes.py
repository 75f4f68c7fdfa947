"""What a status, a header or a foreign error means for the one who asked: pure.

`Failed` is what may be better next time, `Poison` what will not. Only errors of the network and its libraries are
translated; anything else is a bug and passes through.
"""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from tracker.model import Failed, FetchSettings, Poison

OK = frozenset({200, 203})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
NOT_MODIFIED = 304
TEMPORARY = frozenset({202, 408, 421, 423, 425, 429})  # besides 5xx
WORDS = {
    202: "accepted, not ready or a check for robots",
    401: "wants a login",
    402: "wants payment",
    403: "forbidden",
    404: "not found",
    410: "gone for good",
    429: "too many requests",
    451: "withheld for legal reasons",
    500: "server error",
    502: "bad gateway",
    503: "unavailable",
    504: "gateway timed out",
}

# The errors that the network and its libraries raise for one request. UnicodeError: host names that IDNA cannot hold.
FOREIGN = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ssl.SSLError, OSError, TimeoutError, UnicodeError)


# Error -> what it means; the first that fits. The words are for people: host, what the library said, the limits.
ERRORS: tuple[tuple[tuple[type[Exception], ...], type[Failed | Poison], str], ...] = (
    ((httpx.ConnectTimeout,), Failed, "no connection to {host} within {settings.connect_timeout:g} s"),
    ((httpx.TimeoutException,), Failed, "{host} said nothing for {settings.read_timeout:g} s"),
    ((TimeoutError,), Failed, "{host} gave no whole answer within {settings.total_timeout:g} s"),
    ((httpx.ProxyError,), Failed, "the proxy refuses {host}: {said}"),
    ((httpx.ConnectError,), Failed, "cannot connect to {host}: {said}"),
    ((httpx.RemoteProtocolError,), Failed, "{host} broke off or does not speak HTTP: {said}"),
    (
        (httpx.LocalProtocolError, httpx.UnsupportedProtocol, httpx.InvalidURL, UnicodeError),
        Poison,
        "{host} cannot be asked: {said}",
    ),
    ((Exception,), Failed, "the connection to {host} failed: {said}"),
)


def of_status(status: int, retry_after: timedelta | None) -> Failed | Poison:
    """The outcome of a status that brings no page."""
    words = WORDS.get(status)
    reason = f"HTTP {status} ({words})" if words else f"HTTP {status}"
    if status in TEMPORARY or not 300 <= status < 500:
        return Failed(reason=reason, retry_after=retry_after)
    return Poison(reason=reason)


def retry_after(header: str | None, now: datetime) -> timedelta | None:
    """A Retry-After header's wait, from seconds or an HTTP date (RFC 9110, 10.2.3); None for what is neither."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:12]), 10**9))
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return max((until if until.tzinfo else until.replace(tzinfo=UTC)) - now, timedelta(0))


def of_error(error: Exception, host: str, settings: FetchSettings) -> Failed | Poison:
    """The outcome of an error in `FOREIGN`."""
    kind, words = next((kind, words) for classes, kind, words in ERRORS if isinstance(error, classes))
    said = str(error) or type(error).__name__
    return kind(reason=words.format(host=host, said=said, settings=settings))
