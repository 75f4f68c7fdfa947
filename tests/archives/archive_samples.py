"""Archives as bytes, for tests: WARC records as crawlers write them, tables of GDELT's."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from tracker.model import Record

HTML = b"<html><head><title>Chips</title></head><body><p>Text of page %d.</p></body></html>"


def http(
    body: bytes, *, status: str = "200 OK", content_type: str = "text/html; charset=utf-8", more: Iterable[str] = ()
) -> bytes:
    """A response as the server sent it."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", *more]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def warc(
    block: bytes,
    *,
    kind: str = "response",
    url: str | None = "http://wire.example/1",
    date: str = "2024-06-25T10:00:00Z",
    length: int | None = None,
    more: Iterable[str] = (),
) -> bytes:
    """One record, not packed; `length` is what it says of itself."""
    lines = ["WARC/1.0", f"WARC-Type: {kind}", f"WARC-Date: {date}", "WARC-Record-ID: <urn:uuid:1>"]
    lines += [f"WARC-Target-URI: {url}"] if url is not None else []
    lines += [f"Content-Length: {len(block) if length is None else length}", *more]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def response(number: int, size: int = 0) -> bytes:
    """A record with a page that tells its number; `size` bytes that no packing makes smaller are hidden in it."""
    noise = b"".join(hashlib.sha256(b"%d %d" % (number, one)).hexdigest().encode() for one in range(size // 64 + 1))
    body = HTML % number + b"<!--" + noise + b"-->"
    return warc(http(body), url=f"http://wire.example/{number}")


def packed(*records: bytes) -> bytes:
    """A gzip member per record."""
    return b"".join(gzip.compress(one, mtime=0) for one in records)


def zipped(*rows: str) -> bytes:
    """A table of GDELT's."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("table.csv", "\n".join(rows) + "\n")
    return out.getvalue()


def gkg_row(url: str, title: str = "A title", language: str = "") -> str:
    """A row of the Global Knowledge Graph."""
    cells = [""] * 27
    cells[1], cells[4], cells[25], cells[26] = "20240625101500", url, language, f"<PAGE_TITLE>{title}</PAGE_TITLE>"
    return "\t".join(cells)


def written(folder: Path, name: str, data: bytes) -> str:
    """The path of a new file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return str(path)


def kinds(found: Iterable[Record]) -> list[str]:
    """What records are, in a word or with their reasons."""
    return [
        one.fault or one.skipped or ("page" if one.page else "article" if one.article else "address") for one in found
    ]
