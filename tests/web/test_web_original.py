"""Originals of articles: shown so that they can do nothing, whatever they hold."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asking_pages import asked, text
from hostile_samples import build
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from playwright.sync_api import Browser
from serving import serving
from spying import Spy, spying

from tracker.errors import InputError, NotFoundError
from tracker.model import Article, Page, TextFrom
from tracker.query import Timeline
from tracker.store import Store
from tracker.web.originals import EMPTY, GONE, HEADERS, KEPT, LOST, harmless
from tracker.web.pages import original

NOW = datetime(2024, 11, 1, tzinfo=UTC)
# ruff: noqa: E501 - as such pages are written
# Whatever may run, load, connect, send or lead away; {spy} is a server that nobody may ask.
ATTACKS = """<!doctype html><html><head>
<base href="{spy}/base/"><meta http-equiv="refresh" content="0;url={spy}/refresh">
<meta http-equiv="Content-Security-Policy" content="default-src *">
<link rel="stylesheet" href="{spy}/style.css"><link rel="preconnect" href="{spy}"><link rel="dns-prefetch" href="{spy}">
<link rel="prefetch" href="{spy}/prefetch"><link rel="preload" as="image" href="{spy}/preload"><link rel="icon" href="{spy}/icon">
<link rel="modulepreload" href="{spy}/module.js"><link rel="manifest" href="{spy}/manifest"><link rel="prerender" href="{spy}/pre">
<style>@import "{spy}/import.css"; @font-face {{ font-family: x; src: url({spy}/font) }}
  body {{ background: url({spy}/body.png); font-family: x }} p {{ background: \\75rl({spy}/escaped.png); cursor: url({spy}/cursor), auto }}
  a {{ background: u\\rl({spy}/sign.png); border-image: URL( '{spy}/quoted.png' ) }} h1::before {{ content: "\\201c"; background: \\000055RL("{spy}/six") }}</style>
<script src="{spy}/script.js"></script><script>window.pwned = 1; fetch("{spy}/fetch")</script>
<script type="speculationrules">{{"prefetch": [{{"urls": ["{spy}/speculation"]}}]}}</script>
</head><body onload="window.pwned=1" background="{spy}/background.png" style="background: url({spy}/attribute.png)">
<h1 onclick="window.pwned=1">What the page said</h1>
<p style="list-style-image: url({spy}/list.png)">Words.</p>
<a id="away" href="{spy}/link" ping="{spy}/ping" target="_top">leave</a> <a id="script" href="javascript:window.pwned=1">run</a>
<a id="here" href="#there">there</a> <a href="data:text/html,<script>window.pwned=1</script>">data</a>
<img src="{spy}/image.png" srcset="{spy}/set.png 2x" onerror="window.pwned=1" lowsrc="{spy}/low">
<img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='window.pwned=1'/>">
<picture><source srcset="{spy}/picture.png"><img src="x"></picture>
<svg onload="window.pwned=1"><image href="{spy}/svg.png"/><use href="{spy}/use#x"/><script>window.pwned=1</script></svg>
<svg><style><img src=x onerror=window.pwned=1></style></svg><math href="javascript:window.pwned=1"><mtext>x</mtext></math>
<iframe src="{spy}/frame"></iframe><iframe srcdoc="<script>parent.pwned=1</script><img src={spy}/inner.png>"></iframe>
<object data="{spy}/object"></object><embed src="{spy}/embed"><applet code="{spy}/applet"></applet>
<video src="{spy}/video" poster="{spy}/poster" autoplay></video><audio src="{spy}/audio" autoplay></audio>
<form id="form" action="{spy}/form"><input name="q" autofocus onfocus="window.pwned=1"><button id="send">send</button></form>
<input type="image" src="{spy}/input.png"><button formaction="{spy}/button">x</button><isindex action="{spy}/index">
<table background="{spy}/table.png"><tr><td background="{spy}/cell.png">cell</td></tr></table>
<noscript><p title="</noscript><img src=x onerror=window.pwned=1>"></noscript><template><img src="{spy}/template.png"></template>
<details ontoggle="window.pwned=1" open><summary>s</summary></details><marquee onstart="window.pwned=1">m</marquee>
<portal src="{spy}/portal"></portal><frameset><frame src="{spy}/frameset"></frameset><p id="there">The end.</p></body></html>"""


@dataclass(frozen=True)
class Site:
    """A site with a kept page that attacks."""

    address: str
    spy: Spy


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    path = tmp_path_factory.mktemp("original") / "t.db"
    with spying() as spy:
        build(path, "", ATTACKS.format(spy=spy.address).encode())
        with serving(path) as address:
            yield Site(address, spy)


def test_a_page_that_is_opened_by_itself_does_nothing(attacked: Site, browser: Browser) -> None:
    page = browser.new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda one: dialogs.append(one.message))
    url = f"{attacked.address}/article/article0/original"
    page.goto(url)
    page.wait_for_timeout(700)  # a refresh would have led away
    assert page.locator("h1").inner_text() == "What the page said"
    assert "The end." in page.locator("body").inner_text()
    for name in ("#away", "#script", "h1"):
        page.locator(name).click()
    page.wait_for_timeout(300)
    assert page.locator("form, input, button, iframe, svg, link, meta, base, script").count() == 0
    assert (page.url, page.evaluate("window.pwned"), dialogs, attacked.spy.seen) == (url, None, [], [])
    page.locator("#here").click()
    assert page.url == f"{url}#there"
    page.close()


def test_within_the_article_it_does_nothing_either(attacked: Site, browser: Browser) -> None:
    page = browser.new_page()
    elsewhere: list[str] = []
    page.on("request", lambda one: None if one.url.startswith(attacked.address) else elsewhere.append(one.url))
    page.goto(f"{attacked.address}/article/article0")
    assert len(page.frames) == 1 or page.frames[1].url in {"", "about:blank"}  # nothing is loaded before it is wanted
    page.locator("details.kept summary").click()
    frame = page.frame_locator("details.kept iframe")
    frame.locator("#there").wait_for()
    frame.locator("#away").click()
    page.wait_for_timeout(300)
    assert page.url.endswith("/article/article0")
    assert (page.evaluate("window.pwned"), elsewhere, attacked.spy.seen) == (None, [], [])
    page.close()


def test_the_headers_alone_let_nothing_run_or_load(attacked: Site, browser: Browser) -> None:
    """Even of a page of which nothing is taken out; connections without a request are what no policy governs."""
    page = browser.new_page()
    with spying() as spy:
        body = ATTACKS.format(spy=spy.address).replace("refresh", "x")
        url = f"{attacked.address}/bare"
        page.route(url, lambda route: route.fulfill(body=body, headers={**HEADERS, "content-type": "text/html"}))
        page.goto(url)
        page.wait_for_timeout(500)
        assert (page.url, page.evaluate("window.pwned"), set(spy.seen) - {"connected"}) == (url, None, set())
    page.close()


KINDS = [
    ("text/html", "page", "text/html; charset=utf-8", None),
    ("application/xhtml+xml; charset=utf-8", "page", "text/html; charset=utf-8", None),
    ("", "page", "text/html; charset=utf-8", None),
    ("text/html", "source", "text/plain; charset=utf-8", None),
    ("application/ld+json", "source", "text/plain; charset=utf-8", None),
    ("text/html", "file", "application/octet-stream", "a1.html"),
    ("application/pdf", "page", "application/pdf", "a1.pdf"),
    ("application/pdf", "source", "application/pdf", "a1.pdf"),
    ("application/json", "page", "application/octet-stream", "a1.json"),
    ("image/svg+xml", "page", "application/octet-stream", "a1.bin"),
    ("text/javascript", "page", "application/octet-stream", "a1.bin"),
]
BODY = "<p>Grüße: <b>caf\xe9</b><script>1</script></p>"


def kept(path: Path, kind: str, body: bytes, *, pruned: bool = False) -> Path:
    """A database with one article and the page it was taken from."""
    told = Article(
        id="a1", url="https://herald.example/1", title="T", text="T", published=None, language="en", text_from=TextFrom.PAGE
    )  # fmt: skip
    with Store.open(path) as store:
        store.articles.save(None, told, now=NOW)
        page = Page(url=told.url or "", final_url="", status=200, content_type=kind, body=body, fetched_at=NOW)
        store.pages.keep("a1", page, with_body=not pruned)
    return path


@pytest.mark.parametrize(("sent", "form", "kind", "file"), KINDS)
def test_each_type_goes_in_a_form_that_cannot_run(
    tmp_path: Path, sent: str, form: str, kind: str, file: str | None
) -> None:
    with Timeline.open(kept(tmp_path / "t.db", sent, BODY.encode())) as timeline:
        answer = asked(timeline, original.show, "a1", **{"as": form})
    assert answer.type == kind
    assert HEADERS.items() <= answer.headers.items()
    assert answer.headers.get("content-disposition") == (f'attachment; filename="{file}"' if file else None)
    if file:
        assert answer.body == BODY.encode()
    elif form == "source":
        assert answer.body == BODY
    else:
        assert "<p>Grüße: <b>café</b></p>" in text(answer)


def test_what_is_not_kept_and_what_is_no_form_is_said(tmp_path: Path) -> None:
    with Timeline.open(kept(tmp_path / "t.db", "text/html", b"x", pruned=True)) as timeline:
        with pytest.raises(NotFoundError, match="is not kept"):
            asked(timeline, original.show, "a1")
        with pytest.raises(NotFoundError, match="no article 'b2'"):
            asked(timeline, original.show, "b2")
        with pytest.raises(InputError, match="as is one of page, source, file"):
            asked(timeline, original.show, "a1", **{"as": "script"})


def test_a_page_that_takes_minutes_to_parse_is_not_shown() -> None:
    assert "a tag has more than 500 attributes" in harmless(
        "<b>" + "<p " + " ".join(f"a{n}" for n in range(600)) + ">x"
    )


@pytest.mark.parametrize(
    "odd",
    [
        "<b></b>&#8;",
        "<b></b>&#x00001f",
        "<b></b>&#&#8;8;",
        "\f<b></b>",
        "<b></b>\ufffe",
        '<i {{7*7}}=x"" <=y>',
        "<me<meta>",
        "&#xD800;",
        "<p {}=1>",
    ],
)
def test_what_no_tree_can_hold_does_not_keep_a_page_from_being_shown(odd: str) -> None:
    shown = harmless(f"<p>before<script>x</script>{odd}<script>y</script>after")
    assert "before" in shown
    assert "after" in shown
    assert "<script" not in shown
    assert "<meta" not in shown


@pytest.mark.parametrize("body", ["", "\0\0", "<!-- -->", "  \n"])
def test_nothing_is_an_empty_page(body: str) -> None:
    assert harmless(body) == EMPTY


PIECES = st.sampled_from(
    "<svg> </svg> <math> <style> </style> <!-- --> <a\thref=http://x> <img\tsrc=x\tonerror=y> <table> <p> </p> <noscript> "
    "</noscript> <title> </title> <textarea> <script> </script> <select> <template> <mglyph> <form\taction=x> ]]> <![CDATA[ "
    "<iframe\tsrc=x> <base\thref=x> <? <% \" ' ` > < & &lt;script&gt; words".split(" ")
)


@given(st.lists(PIECES, max_size=12))
def test_nothing_that_acts_is_left_of_any_page(pieces: list[str]) -> None:
    """Neither as it is written nor as it is read again."""
    for element in html.document_fromstring(harmless(" ".join(pieces).replace("\t", " "))).iter():
        assert element.tag not in {*GONE, *LOST}
        assert set(element.attrib) <= KEPT
        assert not element.get("href", "#").strip("#")
        assert element.get("src") is None


@pytest.mark.parametrize(
    "body",
    ["<div>" * 150_000, "<" * 900_000, "<style>" + "a{b:url(x)}" * 80_000, "<p style='" + "url(" * 220_000, "<!--" * 200_000,
     "<p " + " ".join(f"a{n}" for n in range(100_000))],
    ids=["deep", "signs", "style", "attribute", "comments", "attributes"],
)  # fmt: skip
def test_a_page_costs_a_bounded_time(body: str) -> None:
    began = time.process_time()
    harmless(body)
    assert time.process_time() - began < 4
