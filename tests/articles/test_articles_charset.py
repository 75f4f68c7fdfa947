from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.articles import decode

META = '<html><head><meta charset="{}"></head><body>{}</body></html>'
WESTERN = "“Besançon” – Málaga’s €40"
CASES = [
    ("byte order mark wins", ("\ufeff" + "Málaga").encode(), "text/html; charset=iso-8859-1", "Málaga"),
    ("UTF-16 with its mark", "Málaga".encode("utf-16"), "", "Málaga"),
    ("header", "Привет, мир".encode("koi8-r"), "text/html; charset=KOI8-R", "Привет, мир"),
    ("Latin-1 means windows-1252", WESTERN.encode("cp1252"), "text/html; charset=ISO-8859-1", WESTERN),
    ("UTF-8 under a wrong header", WESTERN.encode(), "text/html; charset=iso-8859-1", WESTERN),
    ("UTF-8 without a word", WESTERN.encode(), "", WESTERN),
    ("unknown label", WESTERN.encode("cp1252"), "text/html; charset=x-odd-latin", WESTERN),
    ("GB2312 means GB18030", "镕基".encode("gb18030"), "text/html; charset=gb2312", "镕基"),
]


@pytest.mark.parametrize(("what", "body", "header", "text"), CASES, ids=[case[0] for case in CASES])
def test_encodings(what: str, body: bytes, header: str, text: str) -> None:
    assert decode(body, header) == text, what


@pytest.mark.parametrize(
    ("label", "encoding", "text"),
    [
        ("windows-1252", "cp1252", WESTERN),
        ("shift_jis", "cp932", "輸出管理を強化"),
        ("euc-kr", "cp949", "수출 통제"),
        ("windows-1251", "cp1251", "Экспортный контроль"),
        ("utf-16", "utf-8", "Málaga"),
    ],
)
def test_the_page_declares_it(label: str, encoding: str, text: str) -> None:
    assert text in decode(META.format(label, text).encode(encoding), "text/html")


def test_a_label_that_does_not_fit_is_passed_over() -> None:
    body = META.format("windows-1251", "Экспортный контроль").encode("cp1251")
    assert "Экспортный контроль" in decode(body, "text/html; charset=utf-8")


def test_one_broken_byte_does_not_change_the_encoding() -> None:
    body = META.format("utf-8", "Málaga, Besançon, Åre, Łódź, Gdańsk, Zürich").encode() + b"\xff"
    assert "Málaga, Besançon, Åre, Łódź" in decode(body, "text/html; charset=utf-8")


def test_what_breaks_parsers_is_taken_out() -> None:
    assert decode(b"a\x00b\r\nc\rd") == "ab\nc\nd"


@given(
    st.binary(max_size=200), st.sampled_from(["", "text/html; charset=utf-8", "text/html; charset=gbk", ";charset="])
)
def test_no_bytes_break_it(body: bytes, header: str) -> None:
    assert isinstance(decode(body, header), str)
