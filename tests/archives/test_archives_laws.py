"""Every record is in exactly one chunk, whatever their size, in every form; and chunks are the same anywhere."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from archive_samples import gkg_row, packed, response, warc, written, zipped
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.archives import plan, records
from tracker.model import Chunk, Record

QUICK = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def all_of(chunks: tuple[Chunk, ...]) -> list[Record]:
    return list(chain.from_iterable(map(records, chunks)))


def warc_gz(folder: Path) -> str:
    sizes = [0, 3_000, 90, 70_000, 10, 0, 120_000, 500, 40, 9_000]
    return written(folder, "a.warc.gz", packed(*(response(n, size) for n, size in enumerate(sizes))))


def warc_of_warcs(folder: Path) -> str:
    """Pages that are archives themselves, which gzip leaves as they are: their members are no records of ours."""
    inner = packed(*(response(n, 300) for n in range(100, 130)))
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    outer = [warc(page + inner, url=f"http://wire.example/warc{n}") for n in range(6)]
    members = [gzip.compress(one, compresslevel=0, mtime=0) for one in outer]
    return written(folder, "b.warc.gz", packed(response(1)) + b"".join(members) + packed(response(2), response(3)))


def damaged_warc(folder: Path) -> str:
    good = packed(*(response(n, 700) for n in range(40)))
    broken = packed(response(50, 5_000))
    middle = broken[:900] + b"garbage \x1f\x8b\x08 between" + broken[2_000:]
    again = packed(*(response(n, 20_000) for n in range(60, 70)))
    return written(folder, "c.warc.gz", good + middle + again + broken[:-30])


def plain_warc(folder: Path) -> str:
    """One record holds what looks like another, one says a wrong length."""
    inside = b"\r\n\r\n" + response(99)
    found = [response(1), warc(inside, kind="metadata"), response(2, 9_000), warc(b"x" * 50, length=70), response(3)]
    return written(folder, "d.warc", b"".join([*found, response(4)]))


def json_lines(folder: Path) -> str:
    lines = [json.dumps({"id": str(n), "text": "é" * n * 7 + f" {n}"}, ensure_ascii=n % 2 == 0) for n in range(60)]
    lines[5:5] = ["", "  ", "{broken", '"a string"']
    return written(folder, "e.jsonl", "\n".join(lines).encode() + b"\xff\n\n" + b'{"id": "last", "text": "no end"}')


def parquet(folder: Path) -> str:
    table = pa.table({"url": [f"http://a.example/{n}" for n in range(60)], "text": ["word " * n for n in range(60)]})
    pq.write_table(table, folder / "f.parquet", row_group_size=7)
    return str(folder / "f.parquet")


def pages(folder: Path) -> str:
    for n in range(30):
        written(folder, f"pages/{n % 4}/{n}.html", b"<p>%d</p>" % n * n)
    return str(folder / "pages")


def gdelt(folder: Path) -> str:
    lines = ["broken"]
    for n in range(12):
        body = zipped(*(gkg_row(f"http://a.example/{n}/{row}") for row in range(5)))
        name = f"20240625{n:02}0000.gkg.csv.zip"
        written(folder, f"lists/{name}", body)
        digest = hashlib.md5(body).hexdigest()
        lines += [f"{len(body)} {digest} http://data.gdeltproject.org/gdeltv2/{name}"]
        lines += [f"99 {digest} http://data.gdeltproject.org/gdeltv2/{name.replace('gkg', 'mentions')}"]
    return written(folder, "lists/masterfilelist.txt", "\n".join(lines).encode())


FORMS = [warc_gz, warc_of_warcs, damaged_warc, plain_warc, json_lines, parquet, pages, gdelt]


@pytest.mark.parametrize("make", FORMS, ids=lambda make: make.__name__)
def test_every_record_is_in_exactly_one_chunk(make: Callable[[Path], str], tmp_path: Path) -> None:
    name = make(tmp_path)
    (whole,) = plan([name], chunk_bytes=1 << 40)
    expected = list(records(whole))
    assert len(expected) > 5
    total = sum(file.stat().st_size for file in tmp_path.rglob("*") if file.is_file())

    @QUICK
    @given(st.integers(min_value=1 + total // 20, max_value=total * 2))
    def holds(chunk_bytes: int) -> None:
        chunks = plan([name], chunk_bytes=chunk_bytes)
        assert all_of(chunks) == expected
        assert len({chunk.id for chunk in chunks}) == len(chunks)

    holds()


def test_members_inside_a_page_are_no_records(tmp_path: Path) -> None:
    name = warc_of_warcs(tmp_path)
    found = [one.page.url for one in all_of(plan([name], chunk_bytes=1_000)) if one.page]
    assert found == [f"http://wire.example/{n}" for n in ("1", *(f"warc{n}" for n in range(6)), "2", "3")]


def test_a_damaged_file_keeps_what_is_whole(tmp_path: Path) -> None:
    found = all_of(plan([damaged_warc(tmp_path)], chunk_bytes=5_000))
    whole = [one.page.url.rpartition("/")[2] for one in found if one.page]
    assert whole == [str(n) for n in (*range(40), *range(60, 70))]
    assert sum(one.fault is not None for one in found) == 2


@given(st.randoms(use_true_random=False))
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_and_spelling_of_inputs_makes_no_difference(
    tmp_path_factory: pytest.TempPathFactory, random: Random
) -> None:
    folder = tmp_path_factory.mktemp("inputs")
    names = [json_lines(folder), parquet(folder), pages(folder), warc_gz(folder)]
    expected = plan(names, chunk_bytes=1_000)
    spelled = [*names, os.path.relpath(names[0]), f"{folder}/./*.parquet", f"file://{names[2]}", f"{names[2]}/1"]
    random.shuffle(spelled)
    assert plan(spelled, chunk_bytes=1_000) == expected


def test_chunks_are_the_same_in_another_process(tmp_path: Path) -> None:
    names = [make(tmp_path) for make in FORMS]
    code = "import sys; from tracker.archives import plan; print(*(c.id for c in plan(sys.argv[1:], chunk_bytes=4000)))"
    told = subprocess.run([sys.executable, "-c", code, *names], capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.split() == [chunk.id for chunk in plan(names, chunk_bytes=4_000)]
