"""Fetched pages as a WARC/1.1 file (ISO 28500), which web archives and their tools read.

A page is a `resource` record: its body is kept decompressed and its response headers are not, so that a `response`
record would claim more than is known. What is known of them goes into headers of our own. The same pages give the
same bytes. Not here: which pages are written, and whether their publishers would mind.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import NAMESPACE_URL, uuid5

from warcio.recordloader import ArcWarcRecord
from warcio.warcwriter import WARCWriter

import tracker
from tracker.errors import InputError
from tracker.model import Page

UNKNOWN_TYPE = "application/octet-stream"


def write(pages: Iterable[Page], out: BinaryIO, *, zipped: bool = True) -> int:
    """Write the pages in their order, each compressed by itself; the number of pages written.

    Pages are taken one by one, so that the whole archive never has to be in memory.
    """
    count = 0
    for count, page in enumerate(pages, start=1):
        if count == 1:
            _put(_about(page.fetched_at), out, zipped=zipped)
        _put(_resource(page), out, zipped=zipped)
    return count


def save(pages: Iterable[Page], file: Path) -> int:
    """Write the pages to a file, compressed if its name ends in .gz; the number of pages written.

    What lies there is replaced when all is written. Raises InputError where the file cannot be written.
    """
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("wb") as out:
            count = write(pages, out, zipped=file.suffix == ".gz")
        part.replace(file)
    except OSError as error:
        what = f"cannot be written ({error.strerror or error})"
        raise InputError(f"{file}: {what}; name a file in a folder of yours") from error
    finally:
        part.unlink(missing_ok=True)
    return count


def _put(record: ArcWarcRecord, out: BinaryIO, *, zipped: bool) -> None:
    """One record; compressed without the time of writing, which gzip would note."""
    plain = io.BytesIO()
    WARCWriter(plain, gzip=False, warc_version="1.1").write_record(record)
    out.write(gzip.compress(plain.getvalue(), mtime=0) if zipped else plain.getvalue())


def _about(when: datetime) -> ArcWarcRecord:
    """The record at the beginning that says who wrote the file."""
    about = f"software: tracker/{tracker.__version__}\r\nformat: WARC File Format 1.1\r\n".encode()
    headers = {"WARC-Date": _date(when), "WARC-Record-ID": _id("warcinfo", when)}
    return _record("", "warcinfo", about, "application/warc-fields", headers)


def _resource(page: Page) -> ArcWarcRecord:
    told = {
        "WARC-Date": _date(page.fetched_at),
        "WARC-Record-ID": _id(page.final_url, page.fetched_at),
        "Tracker-Asked-URI": page.url if page.url != page.final_url else None,
        "Tracker-ETag": page.etag,
        "Tracker-Last-Modified": page.last_modified,
    }
    headers = {name: " ".join(value.split()) for name, value in told.items() if value}
    kind = " ".join(page.content_type.split()) or UNKNOWN_TYPE
    return _record(page.final_url, "resource", page.body, kind, headers)


def _record(uri: str, kind: str, body: bytes, content_type: str, headers: dict[str, str]) -> ArcWarcRecord:
    writer = WARCWriter(io.BytesIO(), gzip=False, warc_version="1.1")
    return writer.create_warc_record(
        uri, kind, payload=io.BytesIO(body), length=len(body), warc_content_type=content_type, warc_headers_dict=headers
    )


def _date(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _id(name: str, when: datetime) -> str:
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{name} {when.isoformat()}')}>"
