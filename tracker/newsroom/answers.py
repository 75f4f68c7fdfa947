"""From a resource and a request to the exact HTTP answer: validators, 304, gzip, HEAD. Pure: bytes in, bytes out.

Follows RFC 9110: If-None-Match comes before If-Modified-Since and compares weakly; a compressed body of a strong tag
has its own tag (Apache's `-gzip` form). Sockets and faults are elsewhere.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from tracker.newsroom.datelines import http_date

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request as the room understands it; header names in lower case."""

    method: str
    host: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]

    @property
    def target(self) -> str:
        """Path and query as one word, for messages."""
        return self.path + ("?" + "&".join(f"{key}={value}" for key, value in self.query.items()) if self.query else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What stands at an address, whoever asks."""

    body: bytes
    content_type: str
    status: int = 200
    modified: datetime | None = None
    etag: str = "none"  # strong, weak, none
    max_age: int | None = None
    compress: bool = False
    headers: Headers = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes over the wire; the body of a HEAD is kept here and not sent."""

    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """The first header of that name."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def answer(resource: Resource, ask: Ask) -> Answer:
    """The answer to one request."""
    packed = resource.compress and "gzip" in ask.headers.get("accept-encoding", "") and len(resource.body) > 256
    tag = _tag(resource, packed=packed)
    shared = _shared_headers(resource, tag)
    if resource.status == 200 and _is_current(ask.headers, tag, resource.modified):
        return Answer(status=304, headers=shared, body=b"")
    body = gzip.compress(resource.body, 6, mtime=0) if packed else resource.body
    encoding: Headers = (("Content-Encoding", "gzip"),) if packed else ()
    headers = (("Content-Type", resource.content_type), *encoding, *shared, ("Content-Length", str(len(body))))
    return Answer(status=resource.status, headers=headers, body=body)


def _tag(resource: Resource, *, packed: bool) -> str | None:
    if resource.etag == "none":
        return None
    digest = hashlib.sha256(resource.body).hexdigest()[:20]
    return f'W/"{digest}"' if resource.etag == "weak" else f'"{digest}{"-gzip" if packed else ""}"'


def _shared_headers(resource: Resource, tag: str | None) -> Headers:
    cached = f"max-age={resource.max_age}" if resource.max_age is not None else "no-cache"
    optional = (
        ("ETag", tag),
        ("Last-Modified", http_date(resource.modified) if resource.modified else None),
        ("Cache-Control", cached if resource.status == 200 else None),
        ("Vary", "Accept-Encoding" if resource.compress else None),
    )
    return (*((name, value) for name, value in optional if value), *resource.headers)


def _is_current(headers: Mapping[str, str], tag: str | None, modified: datetime | None) -> bool:
    """Whether the asker's copy is still right."""
    if wanted := headers.get("if-none-match"):
        return tag is not None and any(_opaque(part) in ("*", _opaque(tag)) for part in wanted.split(","))
    since = headers.get("if-modified-since")
    return bool(since and modified and modified.replace(microsecond=0) <= _http_moment(since, modified))


def _opaque(tag: str) -> str:
    return tag.strip().removeprefix("W/").replace('-gzip"', '"')


def _http_moment(text: str, modified: datetime) -> datetime:
    """The date of a header; one that cannot be read counts as older than everything."""
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return modified.replace(year=1970)
