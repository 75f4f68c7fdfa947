"""Markdown: what is written reads as it is, for those who see it raw and for those who see it rendered."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tracker.export.tables import MARKUP

COMMONMARK = MarkdownIt("commonmark")


def escaped(text: str) -> str:
    return MARKUP.sub(r"\\\1", text)


RAW = [
    ("export_control", "export_control"),
    ("in_force_on", "in_force_on"),
    ("_all_ of it", r"\_all\_ of it"),
    ("a__b", r"a\_\_b"),
    ("x_", r"x\_"),
    ("2 * 3", r"2 \* 3"),
]


@pytest.mark.parametrize(("text", "raw"), RAW)
def test_words_keep_their_underscores(text: str, raw: str) -> None:
    assert escaped(text) == raw


@given(st.text(alphabet="_ab1 .,-é*`[](!<>&", min_size=1, max_size=12).map(str.strip))
def test_rendered_it_is_the_text_itself(text: str) -> None:
    assert html.unescape(COMMONMARK.renderInline(escaped(text))) == text
