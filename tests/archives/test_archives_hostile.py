"""What strangers wrote: broken, lying, far too large. A reason per record, an error per file, no traceback."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import tracemalloc
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from archive_samples import gkg_row, http, kinds, packed, response, warc, written, zipped

from tracker.archives import plan, records
from tracker.errors import ArchiveError, InputError
from tracker.model import Page, Record

PAGE = http(b"<p>Text</p>")
SOON = "'soon'; give an ISO date such as 2024-06-25"


def read(*names: str) -> list[Record]:
    return list(chain.from_iterable(map(records, plan(names))))


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (warc(PAGE), "page"),
        (warc(PAGE, kind="revisit"), "record revisit"),
        (warc(PAGE, kind="request"), "record request"),
        (warc(PAGE, kind="9"), "record of no known type"),
        (warc(PAGE, url="dns:wire.example"), "address not http"),
        (warc(PAGE, url=None), "the record has no WARC-Target-URI"),
        (warc(PAGE, date="yesterday"), "the record has no WARC-Date that can be read: 'yesterday'"),
        (warc(http(b"", status="404 Not Found")), "status 404"),
        (warc(http(b"", status="abc")), "the response has no HTTP status: 'abc'"),
        (warc(b"SSH-2.0 hello\r\n\r\n"), "the response does not begin with HTTP: b'SSH-2.0 hello\\r\\n\\r\\n'"),
        (warc(b"HTTP/1.1 200 OK\r\nA: b"), "the response has no HTTP headers that end"),
        (warc(http(b"x", content_type="image/jpeg")), "type image/jpeg"),
        (warc(http(b"x", content_type="nonsense of any kind")), "type not told"),
        (warc(http(b"%PDF-1", content_type="application/pdf"), more=["WARC-Truncated: length"]), "truncated PDF"),
        (warc(http(b"<p>half"), more=["WARC-Truncated: length"]), "page"),
        (warc(PAGE, length=2_000_000_000), "too large"),
        (warc(b"", length=900), "the record says Content-Length: 900, and has 4 bytes"),
        (warc(PAGE, length=3), "the record says Content-Length: 3, and is longer"),
        (warc(PAGE).replace(b"Content-Length", b"Length"), "the record has no Content-Length"),
        (b"WARC/1.0\r\nno end", "the record's headers do not end within 262,144 bytes"),
        (b"WARC/9\r\n\r\n", "the record's headers cannot be read (Invalid WARC record, first line: WARC/9)"),
    ],
)  # fmt: skip
def test_a_record_is_a_page_or_says_why_not(tmp_path: Path, record: bytes, told: str) -> None:
    name = written(tmp_path, "a.warc.gz", packed(record, response(1)))
    assert kinds(read(name)) == [told, "page"]


BODY = b"<p>" + b"Some text. " * 50
PACKED = gzip.compress(BODY)


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        (["Content-Encoding: gzip"], PACKED),
        (["Content-Encoding: zstd"], zstandard.compress(BODY)),
        (["Content-Encoding: gzip"], BODY),  # unpacked by the crawler, which kept the header
        (["Content-Encoding: br"], BODY),
        (["Content-Encoding: rot13"], BODY),
        (["Transfer-Encoding: chunked"], b"3\r\n<p>\r\n226;x=y\r\n" + BODY[3:] + b"\r\n0\r\n\r\n"),
        (["Transfer-Encoding: chunked"], BODY),
        (["Transfer-Encoding: chunked", "Content-Encoding: gzip"], b"%x\r\n%s\r\n0\r\n\r\n" % (len(PACKED), PACKED)),
    ],
)  # fmt: skip
def test_what_a_body_was_packed_in_is_taken_off(tmp_path: Path, headers: list[str], sent: bytes) -> None:
    (found,) = read(written(tmp_path, "a.warc.gz", packed(warc(http(sent, more=headers)))))
    assert found.page is not None
    assert found.page.body == BODY


def test_a_page_has_what_its_record_tells(tmp_path: Path) -> None:
    block = http("<p>é</p>".encode("latin-1"), content_type="text/html; charset=latin-1")
    (found,) = read(
        written(tmp_path, "a.warc", warc(block, url="<http://wire.example/1>", date="2016-09-01T10:00:00Z"))
    )
    assert found.page == Page(
        url="http://wire.example/1",
        final_url="http://wire.example/1",
        status=200,
        content_type="text/html; charset=latin-1",
        body=b"<p>\xe9</p>",
        fetched_at=datetime(2016, 9, 1, 10, tzinfo=UTC),
    )
    assert found.key == f"{tmp_path}/a.warc#0"


def test_bombs_take_little_memory(tmp_path: Path) -> None:
    zeros = gzip.compress(bytes(30_000_000))
    inside = warc(http(gzip.compress(zeros), more=["Content-Encoding: gzip, gzip"]))
    bomb = gzip.compress(b"WARC/1.0\r\nWARC-Type: response\r\n\r\n" + bytes(210_000_000), 1)
    name = written(tmp_path, "a.warc.gz", packed(inside) + bomb + packed(response(1)))
    tracemalloc.start()
    found = kinds(read(name))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found[0] == "too large"
    assert found[1].endswith("unpacks to more than 200,000,000 bytes")
    assert found[2:] == ["page"]
    assert peak < 60_000_000


def test_long_lines_take_little_memory_and_lose_none_after_them(tmp_path: Path) -> None:
    lines = [
        b'{"id": "1", "text": "one"}',
        b'{"id": "2", "text": "' + b"x" * 40_000_000 + b'"}',
        b'{"id": "3", "text": "three"}',
    ]
    plain = written(tmp_path, "a.jsonl", b"\n".join(lines))
    zipped_too = written(tmp_path, "b.jsonl.gz", gzip.compress(b"\n".join(lines), 1))
    del lines
    for name in (plain, zipped_too):
        tracemalloc.start()
        found = kinds(read(name))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert found == ["article", "the line has more than 12,000,000 bytes", "article"]
        assert peak < 60_000_000


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b'{"id": "1", "text": "x", "url": "HTTP://WWW.A.example/x?utm_source=y"}', "article"),
        (b"\xef\xbb\xbf" + b'{"id": "1", "text": "x"}', "article"),
        (b'{"id": "1", "text": "\xff"}', "not UTF-8 (byte 22 of the line)"),
        (b'{"id": "1"}', "'text' is missing; it must be a string"),
        (b'{"id": 1, "text": "x"}', "'id' is a int; it must be a string"),
        (b'{"id": "1", "text": "x", "published_at": "soon"}', f"'published_at' is {SOON}"),
        (b"[" * 100_000, "nested too deeply; give one flat object a line"),
    ],
)  # fmt: skip
def test_a_line_is_an_article_or_says_why_not(tmp_path: Path, line: bytes, told: str) -> None:
    assert kinds(read(written(tmp_path, "a.jsonl", line))) == [told]


def test_packed_lines_that_end_early_keep_what_came(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"id": str(n), "text": f"{n} {n * 7919} text"}) + "\n" for n in range(3_000)).encode()
    for name, data in (("a.jsonl.gz", gzip.compress(lines)), ("b.ndjson.zst", zstandard.compress(lines))):
        whole = kinds(read(written(tmp_path, name, data)))
        assert whole == ["article"] * 3_000, name
    *first, last = kinds(read(written(tmp_path, "a.jsonl.gz", gzip.compress(lines)[:9_000])))
    assert len(first) > 500
    assert set(first) == {"article"}
    assert last.startswith("the packed file is damaged or ends early here")


def test_a_row_is_an_article_a_page_or_says_why_not(tmp_path: Path) -> None:
    rows = [
        {"Link": "http://a.example/1", "body": "Text", "html": None, "date": "Tue, 25 Jun 2024 10:00:00 GMT"},
        {"Link": "http://a.example/2", "body": "", "html": b"<p>\xe9</p>", "date": "2024-06"},
        {"Link": "a.example", "body": None, "html": b"<p>x</p>", "date": None},
        {"Link": None, "body": "Text", "html": None, "date": "soon"},
        {"Link": None, "body": " ", "html": None, "date": None},
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    found = read(str(tmp_path / "a.parquet"))
    assert kinds(found) == [
        "article", "page", "a page without an address: 'a.example'", f"the date is {SOON}",
        "no text",
    ]  # fmt: skip
    assert [one.article.published.value[:10] for one in found if one.article and one.article.published] == [
        "2024-06-25"
    ]
    assert [one.item.published.value for one in found if one.item and one.item.published] == ["2024-06"]


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"text": [1, 2]}, "column 'text' is int64, not text"),
        ({"text": ["x"], "date": [True]}, "column 'date' is bool, not dates"),
        ({"words": ["x"]}, "has no column of texts, only words"),
    ],
)
def test_a_table_of_something_else_is_refused(tmp_path: Path, columns: dict[str, list[object]], told: str) -> None:
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    with pytest.raises(InputError, match=told):
        plan([str(tmp_path / "a.parquet")])


def test_a_damaged_table_is_an_error_of_its_chunk(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": [f"text {n * 7919}" for n in range(5_000)]}), tmp_path / "a.parquet")
    data = bytearray((tmp_path / "a.parquet").read_bytes())
    data[40:4_000] = os.urandom(3_960)
    name = written(tmp_path, "a.parquet", bytes(data))
    with pytest.raises(ArchiveError, match="the Parquet file is damaged"):
        read(name)
    with pytest.raises(ArchiveError, match="is no Parquet file"):
        plan([written(tmp_path, "b.parquet", b"PAR1 or not")])


def test_tables_that_are_missing_or_other_than_listed_are_faults(tmp_path: Path) -> None:
    rows = [
        gkg_row("http://a.example/1", "It&#x2019;s", "srclc:fra"),
        gkg_row("http://a.example/1"),
        gkg_row("BBC Monitoring"),
        "few",
    ]
    body = zipped(*rows)
    digest = hashlib.md5(body).hexdigest()
    names = [f"2024062510{n}00.gkg.csv.zip" for n in ("00", "15", "30", "45")]
    written(tmp_path, names[0], body)
    written(tmp_path, names[1], body[:-1] + b"x")
    written(tmp_path, names[2], b"PK no archive")
    digests = (digest, digest, hashlib.md5(b"PK no archive").hexdigest(), digest)
    lines = "".join(f"5 {d} http://other.example/v2/{one}\n" for d, one in zip(digests, names, strict=True))
    found = read(written(tmp_path, "lastupdate.txt", lines.encode()))
    told = kinds(found)
    assert told[:3] == ["address", "address not http", "the row has too few columns"]
    assert "its MD5 is not what the list says" in told[3]
    assert "a ZIP archive that is broken" in told[4]
    assert "none of GDELT's own addresses" in told[5]
    assert (item := found[0].item) is not None
    assert (item.title, item.language, item.published and item.published.value) == ("It’s", "fr", "2024-06-25")


def test_no_link_is_followed_and_nothing_hidden_is_read(tmp_path: Path) -> None:
    written(tmp_path, "in/a.html", b"<p>a</p>")
    written(tmp_path, "in/.git/b.html", b"<p>b</p>")
    written(tmp_path, "in/a_files/frame.html", b"<p>c</p>")
    written(tmp_path, "out.html", b"<p>d</p>")
    (tmp_path / "in/loop").symlink_to(tmp_path / "in")
    (tmp_path / "in/out.html").symlink_to(tmp_path / "out.html")
    os.mkfifo(tmp_path / "in/pipe.html")
    assert [one.key for one in read(str(tmp_path / "in"))] == [f"{tmp_path}/in/a.html"]
    with pytest.raises(ArchiveError, match="is no file"):
        read(str(tmp_path / "in/pipe.html"))


def test_what_has_changed_since_it_was_planned_is_refused(tmp_path: Path) -> None:
    lines, folder = written(tmp_path, "a.jsonl", b'{"id": "1", "text": "x"}'), str(tmp_path / "pages")
    written(tmp_path, "pages/a.html", b"<p>a</p>")
    chunks = plan([lines, folder])
    written(tmp_path, "a.jsonl", b'{"id": "1", "text": "xy"}')
    written(tmp_path, "pages/b.html", b"<p>b</p>")
    for chunk in chunks:
        with pytest.raises(ArchiveError, match=r"changed since .* planned; run the command again"):
            list(records(chunk))


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.warc.gz", gzip.compress(response(1) + response(2)), "all its records are in one gzip member"),
        ("a.warc", b"<html>", "is no WARC file"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_is_an_error(tmp_path: Path, name: str, data: bytes, told: str) -> None:
    with pytest.raises(ArchiveError, match=told):
        read(written(tmp_path, name, data))
