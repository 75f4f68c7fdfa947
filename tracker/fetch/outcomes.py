"""What a status, a header or an error on the way means for the one who asked: pure.

`Failed` is what may be better next time, `Poison` what will not. Only errors of the network are translated; anything
else is a bug and passes through.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from tracker.fetch import freshness
from tracker.fetch.faults import (
    BrokenOffError,
    FloodError,
    LateError,
    NetworkError,
    SilentError,
    UnaskableError,
    UnreachableError,
    UntrustedError,
)
from tracker.fetch.http1 import MAX_HEADERS
from tracker.model import Failed, FetchSettings, Poison

OK = frozenset({200, 203})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
NOT_MODIFIED = 304
TEMPORARY = frozenset({202, 407, 408, 421, 423, 425, 429})  # besides 5xx
WORDS = {
    202: "accepted, not ready or a check for robots",
    401: "wants a login",
    402: "wants payment",
    403: "forbidden",
    404: "not found",
    407: "the proxy wants a login",
    410: "gone for good",
    429: "too many requests",
    451: "withheld for legal reasons",
    500: "server error",
    502: "bad gateway",
    503: "unavailable",
    504: "gateway timed out",
}

# The errors that the network raises for one request; TimeoutError is the limit for the whole answer.
FOREIGN = (NetworkError, TimeoutError)


# Error -> what it means; the first that fits. The words are for people: host, what the other side said, the limits.
ERRORS: tuple[tuple[type[Exception], type[Failed | Poison], str], ...] = (
    (LateError, Failed, "no connection to {host} within {settings.connect_timeout:g} s"),
    (SilentError, Failed, "{host} said nothing for {settings.read_timeout:g} s"),
    (TimeoutError, Failed, "{host} gave no whole answer within {settings.total_timeout:g} s"),
    (UntrustedError, Failed, "the certificate of {host} cannot be trusted: {said}"),
    (UnreachableError, Failed, "cannot connect to {host}: {said}"),
    (BrokenOffError, Failed, "{host} broke off or does not speak HTTP: {said}"),
    (FloodError, Poison, "{host} sends more than " + str(MAX_HEADERS) + " bytes of headers"),
    (UnaskableError, Poison, "{host} cannot be asked: {said}"),
)


def of_status(status: int, retry_after: timedelta | None, *, said: str | None = None) -> Failed | Poison:
    """The outcome of a status that brings no page; `said` are the other side's own words, where it gave any."""
    meaning = WORDS.get(status)
    is_news = said is not None and said.rstrip(".!").casefold() != meaning
    words = ": ".join(filter(None, (meaning, said if is_news else None)))
    reason = f"HTTP {status} ({words})" if words else f"HTTP {status}"
    if status in TEMPORARY or not 300 <= status < 500:
        return Failed(reason=reason, retry_after=retry_after, status=status)
    return Poison(reason=reason, status=status)


def of_throttle(status: int, retry_after: timedelta | None) -> Failed:
    """The outcome of a 403 that means "too often"."""
    reason = f"HTTP {status} ({WORDS[status]}, which means too often here)"
    return Failed(reason=reason, retry_after=retry_after, status=status)


def retry_after(header: str | None, now: datetime) -> timedelta | None:
    """A Retry-After header's wait, from seconds or an HTTP date (RFC 9110, 10.2.3); None for what is neither."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:12]), 10**9))
    until = freshness.time(text)
    return max(until - now, timedelta(0)) if until is not None else None


def of_error(error: Exception, host: str, settings: FetchSettings) -> Failed | Poison:
    """The outcome of an error in `FOREIGN`."""
    kind, words = next((kind, words) for one, kind, words in ERRORS if isinstance(error, one))
    said = str(error) or type(error).__name__
    return kind(reason=words.format(host=host, said=said, settings=settings))
