"""In what form an input is: its name, what the server says, how it begins."""

from __future__ import annotations

import pytest

from tracker.errors import InputError
from tracker.extraction.forms import Form, form

ARTICLE = b'{"id": "a", "text": "x"}\n'


@pytest.mark.parametrize(
    ("name", "start", "content_type", "wanted"),
    [
        ("articles.jsonl", b"no json", "", Form.JSONL),  # a suffix speaks before the beginning
        ("articles.JSON", ARTICLE, "", Form.JSONL),
        ("note.txt", b"<p>is quoted here", "", Form.TEXT),
        ("note.md", b"# Ban", "", Form.TEXT),
        ("page.htm", b"The ban", "", Form.HTML),
        ("saved", b"  <!DOCTYPE html><html>", "", Form.HTML),
        ("saved", b"\xef\xbb\xbf<html lang=en>", "", Form.HTML),
        ("saved", ARTICLE, "", Form.JSONL),
        ("saved", b"\xef\xbb\xbf" + ARTICLE, "", Form.JSONL),
        ("saved", b'[{"id": "a"}]', "", Form.JSONL),  # and then told that an array is no line
        ("saved", b"The ministry has banned exports.", "", Form.TEXT),
        ("saved", "Die Regierung verhängt".encode("utf-16"), "", Form.TEXT),
        ("http://a.example/news", b"The ban", "text/html; charset=utf-8", Form.HTML),
        ("http://a.example/a.txt", b"The ban", "text/html", Form.HTML),  # a server speaks before the name
        ("http://a.example/a.txt", b"The ban", "text/plain", Form.TEXT),
        ("http://a.example/a.txt", b"<!doctype html>", "text/plain", Form.HTML),
        ("http://a.example/feed", ARTICLE, "application/x-ndjson", Form.JSONL),
        ("http://a.example/a.html", b"<b>ban</b>", "", Form.HTML),
        ("http://a.example/a", b"<html>", "application/xhtml+xml", Form.HTML),
    ],
)
def test_a_form(name: str, start: bytes, content_type: str, wanted: Form) -> None:
    assert form(name, start, content_type=content_type) is wanted


@pytest.mark.parametrize(
    ("name", "start", "content_type", "fault"),
    [
        ("law.pdf", b"%PDF-1.7\n%", "", "law.pdf: is a PDF; turn it into text first"),
        ("law.txt", b"%PDF-1.7\n%", "", "law.txt: is a PDF"),
        ("law.docx", b"PK\x03\x04\x14\x00", "", "law.docx: is a zip archive (as .docx"),
        ("law.doc", b"\xd0\xcf\x11\xe0\xa1", "", "law.doc: is an old Office file"),
        ("a.jsonl.gz", b"\x1f\x8b\x08\x00", "", "a.jsonl.gz: is gzip; unpack it"),
        ("photo", b"\x89PNG\r\n\x1a\n\x00\x00", "", "photo: is no text"),
        ("http://a.example/p", b"\xff\xd8", "image/jpeg", "http://a.example/p: the server sends image/jpeg"),
        ("http://a.example/f", b"<rss>", "application/rss+xml", "http://a.example/f: the server sends application/rss"),
    ],
)
def test_what_is_no_text_is_refused_with_the_remedy(name: str, start: bytes, content_type: str, fault: str) -> None:
    with pytest.raises(InputError) as caught:
        form(name, start, content_type=content_type)
    assert str(caught.value).startswith(fault)
