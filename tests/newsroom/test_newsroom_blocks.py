"""The small markup of the stories."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.newsroom.blocks import parse, plain


@pytest.mark.parametrize(
    ("markup", "kind", "html", "text"),
    [
        ("One\nline.", "paragraph", "<p>One line.</p>", "One line."),
        ("## Rates", "heading", "<h2>Rates</h2>", "Rates"),
        ("- a\n- b", "bullets", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "a\nb"),
        ("1. a\n2. b", "numbers", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>", "a\nb"),
        ("> said", "quote", "<blockquote>\n<p>said</p>\n</blockquote>", "said"),
        ("@09:14", "stamp", '<time class="stamp">09:14</time>', "09:14"),
        ("a & <b>", "paragraph", "<p>a &amp; &lt;b&gt;</p>", "a & <b>"),
        ("see [this](http://a.example/x)", "paragraph", '<p>see <a href="http://a.example/x">this</a></p>', "see this"),
        ("**bold** start", "paragraph", "<p><strong>bold</strong> start</p>", "bold start"),
    ],
)
def test_blocks(markup: str, kind: str, html: str, text: str) -> None:
    (block,) = parse(markup)
    assert (block.kind, str(block.html), block.plain) == (kind, html, text)


def test_a_table_has_a_head() -> None:
    (block,) = parse("| A | B |\n| 1 | 2 |")
    assert "<th>A</th>" in block.html
    assert "<td>2</td>" in block.html
    assert block.plain == "A | B\n1 | 2"


def test_captions_are_no_text() -> None:
    assert plain(parse("One.\n\n!figure A boat\n\nTwo.")) == "One.\n\nTwo."


@given(st.text(alphabet="abc &<>\"'*[]()|#@!>-.1\n", min_size=1))
def test_any_text_parses_and_is_escaped(text: str) -> None:
    for block in parse(text):
        assert "<script" not in block.html
        assert block.html.count("<") == block.html.count(">")
