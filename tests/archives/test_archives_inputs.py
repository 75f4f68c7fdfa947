"""What inputs stand for: names, patterns, folders, lists of paths, URLs of fsspec."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from uuid import uuid4

import fsspec
import pytest
from archive_samples import packed, response, written

from tracker.archives import plan, records
from tracker.articles import given
from tracker.errors import InputError
from tracker.model import ArchiveForm, Done

LINE = b'{"id": "1", "text": "A text.", "url": "http://a.example/1"}\n'


def test_a_folder_gives_its_archives_and_its_pages(tmp_path: Path) -> None:
    for name in ("a.warc.gz", "sub/b.jsonl.gz", "sub/c.html", "sub/notes.json", "d.txt", "e.css"):
        written(tmp_path, name, b"x")
    found = {(chunk.input.removeprefix(str(tmp_path)), chunk.form) for chunk in plan([str(tmp_path)])}
    assert found == {
        ("/a.warc.gz", ArchiveForm.WARC),
        ("/sub/b.jsonl.gz", ArchiveForm.JSON_LINES),
        ("", ArchiveForm.PAGES),
    }
    asked = plan([str(tmp_path)], form=ArchiveForm.JSON_LINES)
    assert sorted(chunk.input.rpartition("/")[2] for chunk in asked) == ["b.jsonl.gz", "notes.json"]


def test_a_list_of_paths_leads_to_where_its_own_path_begins(tmp_path: Path) -> None:
    path = "crawl-data/CC-NEWS/2024/06/warc/CC-NEWS-1.warc.gz"
    archive = written(tmp_path, path, packed(response(1)))
    told = written(tmp_path, "crawl-data/CC-NEWS/2024/06/warc.paths.gz", gzip.compress(path.encode() + b"\n"))
    elsewhere = written(tmp_path, "lists/warc.paths", path.encode())
    assert [chunk.input for chunk in plan([told])] == [archive]
    assert plan([elsewhere], base=str(tmp_path)) == plan([told])


@pytest.mark.parametrize("line", ["../../secret.warc.gz", "a/../b.warc", "/etc/passwd"])
def test_a_list_cannot_lead_out_of_its_place(tmp_path: Path, line: str) -> None:
    with pytest.raises(InputError, match=r":1: names no archive within its place"):
        plan([written(tmp_path, "warc.paths", line.encode())])


def test_archives_behind_fsspec_are_read_like_files(tmp_path: Path) -> None:
    root = f"memory://{uuid4().hex}"
    files = {
        "a.warc.gz": packed(*(response(n, 900) for n in range(30))),
        "b.jsonl": LINE * 9,
        "pages/c.html": b"<p>x</p>",
        "warc.paths": b"a.warc.gz\n",
    }
    for name, data in files.items():
        with fsspec.open(f"{root}/{name}", "wb") as out:
            out.write(data)
        written(tmp_path, name, data)
    for place in (root, str(tmp_path)):
        chunks = plan([f"{place}/*.gz", f"{place}/b.jsonl", f"{place}/pages", f"{place}/warc.paths"], chunk_bytes=500)
        found = [record for chunk in chunks for record in records(chunk)]
        assert [record.fault or record.skipped for record in found] == [None] * (30 + 9 + 1)
        assert len(chunks) > 5


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nowhere.warc.gz", "no such file or folder"),
        ("s3://bucket/a.warc.gz", "pip install s3fs"),
        ("gs://bucket/a.warc.gz", "pip install gcsfs"),
        ("nosuch://bucket/a.warc.gz", "nosuch"),
        ("memory:///nowhere/a.warc.gz", "not found"),
    ],
)
def test_what_cannot_be_opened_is_told_with_a_remedy(name: str, told: str) -> None:
    with pytest.raises(InputError, match=f"{re.escape(name)}.*{told}"):
        plan([name])


def test_an_unknown_ending_asks_for_the_form(tmp_path: Path) -> None:
    name = written(tmp_path, "articles.dat", LINE)
    with pytest.raises(InputError, match="its ending tells no form"):
        plan([name])
    (chunk,) = plan([name], form=ArchiveForm.JSON_LINES)
    (record,) = records(chunk)
    assert record.article is not None


def test_an_article_that_came_as_text_is_completed_as_a_page_is(tmp_path: Path) -> None:
    text = "The ministry said on Tuesday that it would limit exports of gallium from the first of August."
    line = f'{{"id": "x", "url": "http://www.a.example/1?utm_source=b", "title": "T", "text": "{text}"}}'
    (chunk,) = plan([written(tmp_path, "a.jsonl", line.encode())])
    (record,) = records(chunk)
    assert record.article is not None
    done = given(record.article)
    assert isinstance(done, Done)
    article = done.value
    assert (article.url, article.language, article.unread) == ("http://www.a.example/1", "en", None)
    assert article.text == text
    assert article.content_hash
    assert article.signature
