"""Addresses of requests: parameters set, the rest kept. Knows no service."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit


def asking(url: str, *, path: str | None = None, defaults: bool = False, **values: str | int) -> str:
    """`url` with parameters set and, where `path` is given, at another path of its host; the fragment goes.

    With `defaults`, what the URL says already stays as it is.
    """
    parts = urlsplit(url)
    given = parse_qsl(parts.query, keep_blank_values=True)
    known = {name for name, _ in given}
    kept = [pair for pair in given if defaults or pair[0] not in values]
    added = [(name, str(value)) for name, value in values.items() if not (defaults and name in known)]
    return urlunsplit((parts.scheme, parts.netloc, parts.path if path is None else path, _encoded(kept + added), ""))


def _encoded(pairs: list[tuple[str, str]]) -> str:
    """The pairs as a query; half a character, which JSON may hold and no address, is a question mark."""
    return urlencode(pairs, errors="replace")


def parameter(url: str, name: str) -> str:
    """The value of a URL's parameter, or ""."""
    return next((value for key, value in parse_qsl(urlsplit(url).query) if key == name), "")
