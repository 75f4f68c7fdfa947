"""What a WARC record says, as a `Page` or as the reason why it is none.

Headers are parsed by warcio. Bodies are undone here, within a bound: chunks and encodings are taken off where they are
there, since crawlers write headers of bodies that they have unpacked already. Does not open files.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser, StatusAndHeadersParserException

from tracker.model import Page, Record
from tracker.unpacking import DECODERS, BrokenError, TooLargeError, Unpacker
from tracker.urls import is_http

MOST_BODY = 10_000_000  # bytes of a page, as `FetchSettings.max_bytes`
MOST_HEAD = 1 << 18  # bytes of a record's headers, or of HTTP's
READ_TYPES = frozenset(
    {
        "text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain", "application/pdf",
        "application/octet-stream",
    }
)  # fmt: skip  # the last one and XML are looked at by extraction
_STARTS: Mapping[str, bytes] = MappingProxyType(
    {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}
)  # what a body that is still packed begins with
_CHUNK = re.compile(rb"\s*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
_TYPE = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,60}")
_LOADER = ArcWarcRecordLoader()
_HTTP = StatusAndHeadersParser(("HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/2", "HTTP/3"))


class _FaultError(Exception):
    """The record is broken; says how."""


class _Skip(Exception):  # noqa: N818  # nothing is wrong with it
    """The record is passed over; says why."""


def record(key: str, data: bytes, size: int) -> Record:
    """The record in the bytes of a member (perhaps cut), which has `size` of them in truth. Raises nothing."""
    try:
        return Record(key=key, page=_page(data, size))
    except _Skip as why:
        return Record(key=key, skipped=str(why))
    except _FaultError as fault:
        return Record(key=key, fault=str(fault))


def head_length(data: bytes) -> int | None:
    """The bytes of the headers at the beginning of data, the blank line with them; None where they do not end."""
    found = re.search(rb"\r?\n\r?\n", data[:MOST_HEAD])
    return found.end() if found else None


def announced(head: bytes) -> int | None:
    """The Content-Length that a record's headers state; None where they state none."""
    found = re.search(rb"^content-length:[ \t]*(\d{1,15})[ \t]*\r?$", head, re.IGNORECASE | re.MULTILINE)
    return int(found[1]) if found else None


def _page(data: bytes, size: int) -> Page:
    told = _warc_headers(data)
    kind = (told.get_header("WARC-Type") or "").lower()
    if kind not in ("response", "resource"):
        raise _Skip(f"record {kind}" if kind.isalpha() else "record of no known type")
    block = _block(data, size)
    truncated = told.get_header("WARC-Truncated")
    url = _address(told)
    when = _date(told)
    if kind == "resource":
        content_type = told.get_header("Content-Type") or ""
        _check_type(content_type)
        return _made(told, url, when, content_type, _fitting(block))
    if not is_http(url):
        raise _Skip("address not http")
    headers, body = _http(block)
    status, content_type = _status(headers), headers.get_header("Content-Type") or ""
    if status != 200:
        raise _Skip(f"status {status}")
    _check_type(content_type)
    page = _made(told, url, when, content_type, _unpacked(headers, body, is_cut=truncated is not None))
    if truncated is not None and content_type.lower().startswith("application/pdf"):
        raise _Skip("truncated PDF")
    return page


def _warc_headers(data: bytes) -> StatusAndHeaders:
    length = head_length(data)
    if length is None:
        raise _FaultError(f"the record's headers do not end within {MOST_HEAD:,} bytes")
    try:
        found = _LOADER.parse_record_stream(io.BytesIO(data[:length]), known_format="warc", no_record_parse=True)
    except (ArchiveLoadFailed, EOFError, ValueError) as error:
        raise _FaultError(f"the record's headers cannot be read ({' '.join(str(error).split())})"[:300]) from None
    return found.rec_headers


def _block(data: bytes, size: int) -> bytes:
    """What follows the headers, as long as they say."""
    begin = head_length(data) or 0
    length = announced(data[:begin])
    if length is None:
        raise _FaultError("the record has no Content-Length")
    if length > MOST_BODY + MOST_HEAD:
        raise _Skip("too large")
    if begin + length > size:
        raise _FaultError(f"the record says Content-Length: {length:,}, and has {size - begin:,} bytes")
    if data[begin + length : begin + length + 4].strip(b"\r\n"):
        raise _FaultError(f"the record says Content-Length: {length:,}, and is longer")
    return data[begin : begin + length]


def _address(told: StatusAndHeaders) -> str:
    url = (told.get_header("WARC-Target-URI") or "").strip()
    if not url or len(url) > 8_000:
        raise _FaultError("the record has no WARC-Target-URI" if not url else "the record's address is too long")
    return url


def _date(told: StatusAndHeaders) -> datetime:
    stated = told.get_header("WARC-Date") or ""
    try:
        moment = datetime.fromisoformat(stated)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise _FaultError(f"the record has no WARC-Date that can be read: {stated[:40]!r}") from None


def _http(block: bytes) -> tuple[StatusAndHeaders, bytes]:
    length = head_length(block)
    if length is None:
        raise _FaultError("the response has no HTTP headers that end")
    try:
        return _HTTP.parse(io.BytesIO(block[:length])), block[length:]
    except (StatusAndHeadersParserException, EOFError, ValueError):
        raise _FaultError(f"the response does not begin with HTTP: {block[:40]!r}") from None


def _status(headers: StatusAndHeaders) -> int:
    code = headers.get_statuscode()
    if not (code.isascii() and code.isdigit() and len(code) == 3):
        raise _FaultError(f"the response has no HTTP status: {code[:40]!r}")
    return int(code)


def _check_type(content_type: str) -> None:
    """Pass over what is neither page, text nor PDF; what says nothing of its type is looked at later."""
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type and media_type not in READ_TYPES:
        raise _Skip(f"type {media_type}" if _TYPE.fullmatch(media_type) else "type not told")


def _unpacked(headers: StatusAndHeaders, body: bytes, *, is_cut: bool) -> bytes:
    """The body without chunks and encodings."""
    if "chunked" in (headers.get_header("Transfer-Encoding") or "").lower():
        body = _dechunked(body)
    named = (headers.get_header("Content-Encoding") or "").lower()
    for encoding in reversed([one.strip() for one in named.split(",") if one.strip()][:3]):
        body = _decoded(encoding, body, is_cut=is_cut)
    return _fitting(body)


def _decoded(encoding: str, body: bytes, *, is_cut: bool) -> bytes:
    if encoding not in DECODERS or not body.startswith(_STARTS.get(encoding, b"")):
        return body  # unpacked already, whatever the header says
    unpacker = Unpacker(encoding, limit=MOST_BODY)
    try:
        unpacker.add(body)
        return unpacker.start() if is_cut else unpacker.whole()
    except TooLargeError:
        raise _Skip("too large") from None
    except BrokenError as error:
        if encoding not in _STARTS:  # br and deflate have no beginning of their own
            return body
        raise _FaultError(str(error)) from None


def _dechunked(body: bytes) -> bytes:
    """The body without its chunks' sizes; as it is where it has none, which crawlers take off and still announce."""
    pieces: list[bytes] = []
    at = 0
    while (size := _CHUNK.match(body, at)) is not None:
        length = int(size[1], 16)
        if length == 0:
            break
        pieces.append(body[size.end() : size.end() + length])
        at = size.end() + length
    else:
        if not pieces or at < len(body):
            return body
    return b"".join(pieces)


def _fitting(body: bytes) -> bytes:
    if len(body) > MOST_BODY:
        raise _Skip("too large")
    return body


def _made(told: StatusAndHeaders, url: str, when: datetime, content_type: str, body: bytes) -> Page:
    return Page(
        url=told.get_header("Tracker-Asked-URI") or url,
        final_url=url,
        status=200,
        content_type=content_type,
        body=body,
        fetched_at=when,
        etag=told.get_header("Tracker-ETag"),
        last_modified=told.get_header("Tracker-Last-Modified"),
    )
