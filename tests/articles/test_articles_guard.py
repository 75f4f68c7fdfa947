"""Pages that would take a parser minutes are refused at once; ordinary odd ones are not."""

from __future__ import annotations

import time
import zlib
from datetime import UTC, datetime

import pytest

from tracker.articles import from_page, guard
from tracker.articles.guard import markup_fault
from tracker.model import Done, Item, Page, Poison, Source, SourceKind, Tier

NOW = datetime(2024, 7, 1, tzinfo=UTC)
SOURCE = Source(
    id="a", name="A", kind=SourceKind.FEED, url="https://a.example/", tier=Tier.MAJOR, language="en", country=None
)
ITEM = Item(source_id="a", url="https://a.example/1", title="A title")
PARAGRAPH = "<p>The ministry of trade has banned the export of raw nickel from Friday, it said in a statement.</p>"
OTHER = "<p>Exporters have until Monday to tell the ministry which cargoes are at sea already, the statement said.</p>"


def read(html: str) -> Done | Poison:  # type: ignore[type-arg]
    page = Page(
        url=ITEM.url, final_url=ITEM.url, status=200, content_type="text/html", body=html.encode(), fetched_at=NOW
    )
    return from_page(ITEM, SOURCE, page, now=NOW)


def test_compressed_data_under_the_type_of_a_page_is_no_article() -> None:
    outcome = read(zlib.compress(bytes(range(256)) * 90).decode("latin-1"))
    assert isinstance(outcome, Done)
    assert outcome.value.unread == "format: binary data under the type of a page"


BOMBS = {
    "attributes after a script by the long s alone": "<ſcript><p " + " ".join(f"a{n}=1" for n in range(50_000)),
    "attributes": "<html><body><p " + " ".join(f"a{n}=1" for n in range(200_000)) + ">x</p>",
    "attributes with quoted brackets": "<html><body><p " + " ".join(f'a{n}=">"' for n in range(50_000)) + ">x</p>",
    "attributes without values": "<html><body><p " + " ".join(f"a{n}" for n in range(50_000)),
    "elements": "<html><body>" + "<b>x</b>" * 40_000,
    "size": "<html><body>" + "<p>word " * 1_100_000,
    "text": "<html><body><article><p>" + "word, " * 100_000 + "</p></article>",
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_poison_at_little_cost(name: str) -> None:
    begun = time.process_time()
    result = read(BOMBS[name])
    assert isinstance(result, Poison), name
    assert time.process_time() - begun < 5  # seconds of CPU; unguarded it is minutes


ODD = {
    "depth": "<html><body>" + "<div>" * 50_000 + PARAGRAPH * 9,
    "unclosed quotes": '<html><body><a href="x>' * 20_000,
    "unclosed comment": "<html><body>" + PARAGRAPH * 9 + "<!-- " + "<!-- " * 50_000,
    "unclosed script": "<html><body>" + PARAGRAPH * 9 + "<script>" + "if (a<b) {" * 20_000,
    "brackets": "<html><body>" + "<" * 200_000,
    "data address": f'<html><body>{PARAGRAPH * 9}<img src="data:image/png;base64,{"A" * 2_000_000}">',
}


@pytest.mark.parametrize("name", ODD)
def test_odd_pages_cost_little(name: str) -> None:
    begun = time.process_time()
    assert isinstance(read(ODD[name]), Done | Poison)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    "html",
    [
        "<p>" + "a < b and c > d " * 3000 + "</p>",
        "<script>" + "for(i=0;i<n;i++){if(x<y){z='\"'}} " * 2000 + "</script><p class=a id=b>text</p>",
        "<p " + " ".join(f'data-{n}="two words"' for n in range(400)) + ">x</p>",
        f'<img alt="{"many words " * 2000}">',
        "<!-- " + "<p a b c> " * 2000 + " -->",
        '<div class="share" "="">' + "<p>A paragraph of some words.</p>\n" * 500,  # a stray quote opens nothing
        '<input name="q" type="text="" size="3">' + "<p>A paragraph of some words.</p>\n" * 500,
    ],
)
def test_what_only_looks_like_a_bomb_passes(html: str) -> None:
    assert markup_fault(html) is None


def test_the_caps_are_inclusive() -> None:
    tag = "<p " + " ".join(f"a{n}" for n in range(guard.MAX_ATTRIBUTES)) + ">"
    assert markup_fault(tag) is None
    assert markup_fault(tag.replace(">", " one>")) is not None
    assert guard.text_fault("x" * guard.MAX_TEXT) is None
    assert guard.text_fault("x" * (guard.MAX_TEXT + 1)) is not None


@pytest.mark.parametrize("reference", ["&#8;", "&#x1f;", "&#0;", "&#xD800;", "&#65535;", "\x02"])
def test_references_to_what_no_tree_holds_leave_the_text(reference: str) -> None:
    """lxml takes them in and breaks where an element before them is taken out."""
    body = f"<html><body><article>{PARAGRAPH}{reference}<aside>Read this</aside>{reference}{OTHER}</article>"
    found = read(f"{body}{reference}<div class='share'>Share</div>{reference}")
    assert isinstance(found, Done)
    assert found.value.text.split("\n\n") == [
        one.removeprefix("<p>").removesuffix("</p>") for one in (PARAGRAPH, OTHER)
    ]
