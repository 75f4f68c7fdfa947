"""Briefs as Markdown and HTML: what they say, and that no text of an article is more than a text."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from tracker.export import briefs
from tracker.model.briefs import Brief, BriefGroup, BriefLine, BriefSection

LINE = BriefLine(
    event_id="e1",
    date="2024-06-25",
    type="export_control",
    status="in_force",
    direction="restrict",
    certainty="reported",
    summary="United States curbs chips",
    change="announced → in_force",
    quote="The rule took effect on Tuesday.",
    outlet="The Herald",
    url="https://herald.example/a_(b)",
    published="2024-06-26T10:00:00+00:00",
    origins=2,
    reports=5,
)
ABOUT = "2024-06-25, export control, in force, reported, 2 independent accounts in 5 reports"
HOSTILE = (
    "<script>alert(1)</script> [x](javascript:alert(1)) <b onclick='x'>&amp; "
    "![i](http://t.example/p.gif)\n\x1b[31m # 1. -"
)


def brief(*lines: BriefLine, events: int = 0, title: str = "Chips", about: str = "target CN") -> Brief:
    group = BriefGroup(measure_id="m1", title=f"{title} curbs", status="in_force", lines=lines)
    told = BriefSection(name="new", title="New", groups=(group,) if lines else (), events=events or len(lines))
    empty = BriefSection(name="changed", title="Changed status", groups=(), events=0)
    return Brief(
        first="2024-06-20", last="2024-06-27", made_at="2024-06-27T08:00:00+00:00", sections=(told, empty),
        title=title, about=about,
    )  # fmt: skip


def test_markdown() -> None:
    assert briefs.markdown(brief(LINE, events=3)).splitlines() == [
        "# Chips: 2024-06-20 to 2024-06-27",
        "",
        "About target CN; as of 2024-06-27T08:00:00+00:00.",
        "",
        "## New (3)",
        "",
        "### Chips curbs (in force)",
        "",
        f"- ▼ **announced → in_force**: United States curbs chips ({ABOUT})",
        "  > The rule took effect on Tuesday.",
        "  >",
        "  > [The Herald](https://herald.example/a%5F%28b%29), 2024-06-26, `e1`",
        "",
        "And 2 more.",
        "",
        "## Changed status (0)",
        "",
        "Nothing.",
    ]


def test_a_page_has_the_same_words_and_loads_nothing() -> None:
    page = lxml_html.fromstring(briefs.html(brief(LINE, events=3)))
    words = "".join(map(str, page.itertext()))
    for told in ("announced → in_force", "“The rule took effect on Tuesday.”", "The Herald, 2024-06-26", "And 2 more."):
        assert told in words
    assert not {"script", "link", "img", "iframe"} & {str(one.tag) for one in page.iter()}
    assert not {"src", "style", "onclick"} & {name for one in page.iter() for name in one.attrib}
    assert [href for href in links(page) if not href.startswith("#")] == ["https://herald.example/a%5F%28b%29"]
    assert "viewport" in [one.get("name") for one in page.iter("meta")]


ADDRESSES = [
    ("https://a.example/x", "https://a.example/x"),
    ("https://a.example/x y)", "https://a.example/x%20y%29"),
    ("https://a.example/ü", "https://a.example/%C3%BC"),
    ("javascript:alert(1)", None),
    ("JaVaScRiPt:alert(1)", None),
    (" javascript:alert(1)", None),
    ("data:text/html,x", None),
    ("//a.example", None),
    ("file:///etc/passwd", None),
    (None, None),
]


@pytest.mark.parametrize(("url", "expected"), ADDRESSES)
def test_only_addresses_of_the_web_are_links(url: str | None, expected: str | None) -> None:
    assert briefs.address(url) == expected


def fields(text: str) -> dict[str, Any]:
    return {"summary": text, "quote": text, "outlet": text, "change": text, "url": text}


def links(tree: lxml_html.HtmlElement) -> list[str]:
    return [str(one.get("href")) for one in tree.iter("a")]


def check(made: Brief) -> None:
    page = lxml_html.fromstring(briefs.html(made))
    plain = lxml_html.fromstring(briefs.html(brief(LINE)))
    assert {one.tag for one in page.iter()} <= {one.tag for one in plain.iter()}
    rendered = lxml_html.fromstring(f"<div>{MarkdownIt().render(briefs.markdown(made))}</div>")
    tags = {"div", "h1", "h2", "h3", "p", "ul", "li", "blockquote", "a", "code", "strong"}
    assert {str(one.tag) for one in rendered.iter()} <= tags
    for tree in (page, rendered):
        assert [href for href in links(tree) if not href.startswith(("http://", "https://", "#"))] == []


def test_hostile_texts_are_texts() -> None:
    check(brief(dataclasses.replace(LINE, **fields(HOSTILE)), title=HOSTILE, about=HOSTILE))


@settings(deadline=None, max_examples=100)
@given(text=st.text(max_size=60) | st.sampled_from(["- a", "1. b", "    code", "```", "===", "> q", "* * *", "|a|b|"]))
def test_any_text_is_a_text(text: str) -> None:
    check(brief(dataclasses.replace(LINE, **fields(text)), title=text or "x", about=text))


def test_long_quotes_are_cut() -> None:
    assert len(briefs.shown("word " * 500)) == briefs.LONGEST
