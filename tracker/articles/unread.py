"""Why what a page holds is no article to read: walls, stubs, error pages, lists.

Each reason begins with its kind and a colon, so that they can be counted. Patterns count only on pages that are short
of text: a long article may well speak of error 404. Not here: what is done instead.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from lxml.html import HtmlElement

from tracker.articles import jsonld
from tracker.articles.blocks import text_of
from tracker.articles.metadata import Metadata
from tracker.articles.patterns import pattern
from tracker.articles.signature import words

MIN_WORDS = 30  # of an article's page; a CJK character is a word here
MIN_FEED_WORDS = 8  # of a feed's own text
MIN_POST_WORDS = 3  # of a social post
STUB_WORDS = 250  # a page behind a paywall that shows more is an article all the same
PROMPT_WORDS = 40  # of a block that asks for a subscription, at most
WALL_WORDS = 150  # consent walls and error pages have fewer
INDEX_LINKS = 10  # links with titles of articles on an index page, at least
WORTHLESS = ("error page", "consent wall", "captcha", "login")  # reasons that leave nothing of the page to use
DOUBTFUL = ("index page",)  # as worthless where a feed announced an article; else the page is all there is
INDEX_LINK_WORDS = 5  # of a link that looks like a title

LOGIN = re.compile(
    r"^\W*(?:please )?(?:log|sign) ?(?:in|on)\b|^\W*(?:login|member login)\b", re.IGNORECASE | re.MULTILINE
)
ERROR_TITLE, ERROR_TEXT = pattern("error_titles"), pattern("error_texts")
CONSENT, PAYWALL = pattern("consent"), pattern("paywall")
_CHALLENGES = re.compile(
    r"(?:^|[\s_-])(?:g-recaptcha|h-captcha|cf-challenge|cf-turnstile|px-captcha|captcha)(?:$|[\s_-])"
)
_WALL_NAMES = re.compile(
    r"paywall|regwall|subscri|premium|barrier|gate(?:$|[^a-z])|locked|meter|piano|wall(?:$|[^a-z])", re.IGNORECASE
)


def page_reason(
    tree: HtmlElement, metadata: Metadata, *, title: str, expected: str, blocks: Collection[str]
) -> str | None:
    """Why this page is no article that can be read, or None; `expected` is the title it was announced with."""
    count = len(words(" ".join(without_prompts(blocks))))
    is_expected = _is_expected(metadata, expected)
    if count < WALL_WORDS and not is_expected and (wall := _wall(tree, metadata, title, count)) is not None:
        return wall
    if count < STUB_WORDS and _is_walled(tree, metadata):
        return f"paywall: the page shows {count} words of the article"
    if not is_expected and _is_index(tree, metadata, blocks):
        return "index page: it lists articles and is none itself"
    if count < MIN_WORDS:
        return f"too short: the page holds {count} words of text"
    return None


def _wall(tree: HtmlElement, metadata: Metadata, title: str, count: int) -> str | None:
    """Why a page of few words, that has not the announced title, shows something else than an article."""
    seen = _visible(tree)
    if _is_error(metadata, title, seen):
        return f"error page: it answers 200 and says {title or metadata.title!r}"
    if len(CONSENT.findall(seen)) >= 2 and count < WALL_WORDS // 2:
        return "consent wall: the page asks for cookies instead of showing the article"
    if tree.xpath("//input[@type='password']") and LOGIN.search(f"{title}\n{metadata.title}"):
        return "login: the page asks to sign in instead of showing the article"
    elements = tree.iter("div", "form", "iframe", "section")
    if count < MIN_WORDS and any(_CHALLENGES.search(_names(one)) for one in elements):
        return "captcha: the page wants to know whether a person asks"
    return None


def worthless(*, is_announced: bool) -> tuple[str, ...]:
    """The beginnings of the reasons for which nothing of the page is kept."""
    return WORTHLESS + DOUBTFUL if is_announced else WORTHLESS


def without_prompts(blocks: Iterable[str]) -> tuple[str, ...]:
    """The blocks of a walled page without those that ask for a subscription."""
    return tuple(block for block in blocks if len(block.split()) > PROMPT_WORDS or not PAYWALL.search(block))


def language_reason(language: str | None, read: Collection[str]) -> str | None:
    """Why a text in this language is not read, or None; an unknown language is tried."""
    return None if language is None or language in read else f"language: {language} is not read yet"


def _is_error(metadata: Metadata, title: str, seen: str) -> bool:
    headings = (title, metadata.title, *metadata.headings[:1])
    if jsonld.types(metadata.article) - {"WebPage"}:
        return False
    return any(ERROR_TITLE.search(heading) for heading in headings) or len(ERROR_TEXT.findall(seen)) >= 2


def _is_walled(tree: HtmlElement, metadata: Metadata) -> bool:
    """Whether the page says it is not free, or asks for a subscription where the text breaks off."""
    free = str(metadata.article.get("isAccessibleForFree", "")).lower()
    if free in {"false", "no"} or metadata.first("article:content_tier").lower() in {"locked", "metered"}:
        return True
    walls = (one for one in tree.iter("div", "section", "aside", "p") if _WALL_NAMES.search(_names(one)))
    return any(PAYWALL.search(_visible(wall)) for wall in walls)


def _is_expected(metadata: Metadata, expected: str) -> bool:
    """Whether the page has the title that the feed gave the article."""
    wanted = "".join(words(expected))
    return bool(wanted) and any(wanted in "".join(words(own)) for own in (metadata.title, *metadata.headings))


def _is_index(tree: HtmlElement, metadata: Metadata, blocks: Collection[str]) -> bool:
    """Whether the page is made of links with titles, with hardly a paragraph of its own."""
    if jsonld.types(metadata.article) - {"WebPage"} or metadata.first("og:type") == "article":
        return False
    paragraphs = [block for block in blocks if len(block.split()) >= 40 and block.endswith((".", "”", '"', "!", "?"))]
    links = tree.xpath("//a[not(ancestor::nav or ancestor::aside or ancestor::footer or ancestor::header)]")
    titles = sum(len(text_of(link).split()) >= INDEX_LINK_WORDS for link in links)
    said = any(jsonld.types(thing) & jsonld.LISTS for thing in metadata.objects)
    return (
        len(paragraphs) < 2 and titles >= (INDEX_LINKS // 2 if said else INDEX_LINKS) and titles > len(paragraphs) * 5
    )


def _visible(element: HtmlElement) -> str:
    """The text that a reader can see, as far as the markup says."""
    pieces = element.xpath(
        ".//text()[not(ancestor::script or ancestor::style or ancestor::head or ancestor::noscript)]"
    )
    return " ".join(" ".join(pieces).split())[:20_000]


def _names(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"
