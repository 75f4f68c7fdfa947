"""From a page, a feed's item or a file to an `Article`: the steps in their order.

Every step is a function of values in a file of its own; here they are called one after another, and where the page is
no article, the feed's own words stand in.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from lxml.html import HtmlElement

from tracker.articles import (
    authors,
    blocks,
    boilerplate,
    guard,
    jsonld,
    metadata,
    pdf,
    published,
    titles,
    unread,
    wires,
)
from tracker.articles.body import body
from tracker.articles.charset import decode
from tracker.articles.language import language
from tracker.articles.metadata import Metadata
from tracker.articles.notices import notice
from tracker.articles.rules import Rule, Rules
from tracker.articles.rules import load as load_rules
from tracker.articles.signature import content_hash, signature, words
from tracker.articles.witness import confirmed
from tracker.dates import day_first
from tracker.model import Article, Done, Item, Page, Poison, Source, SourceKind, TextFrom, When
from tracker.urls import article_id, canonical, host, registrable_domain

READ_LANGUAGES = frozenset({"en"})
LONGEST_TITLE = 120  # characters of a title made from a text
HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
UNTOLD_TYPES = frozenset({"", "text/plain", "application/octet-stream", "application/xml", "text/xml"})
HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<!--", b"<?xml", b"<article", b"<div", b"<p>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is known of an article before its page is looked at."""

    url: str | None
    title: str = ""
    author: str | None = None
    published: When | None = None
    languages: tuple[str | None, ...] = ()
    country: str | None = None
    sites: tuple[str, ...] = ()  # names of the site, the best first
    source_id: str | None = None
    blocks: tuple[str, ...] = ()  # the feed's own text
    is_whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Where and when the page was had, and which languages are read."""

    url: str
    now: datetime
    fetched_at: datetime
    read: Collection[str]
    rules: Rules | None = None


def from_page(
    item: Item,
    source: Source,
    page: Page,
    *,
    now: datetime,
    read: Collection[str] = READ_LANGUAGES,
    rules: Rules | None = None,
) -> Done[Article] | Poison:
    """The article on a page. `read` holds the languages (ISO 639-1) that are read; others are kept, marked unread.

    `rules` are those for sites (`rules.load`); None takes the bundled ones. A page that is no article (a wall, an
    error, a list, neither HTML nor PDF) gives the feed's own words, where it has any.
    Poison: a page that would take a parser minutes, or a text beyond any article's length.
    """
    visit = Visit(url=page.final_url, now=now, fetched_at=page.fetched_at, read=read, rules=rules)
    if pdf.is_pdf(_media_type(page.content_type), page.body):
        return _from_pdf(page.body, _told(item, source), visit)
    if source.kind is SourceKind.FOLDER and _media_type(page.content_type) == "text/plain":
        return _from_text_file(decode(page.body, page.content_type), _told(item, source), visit)
    if not is_html(page.content_type, page.body):
        because = f"format: {_media_type(page.content_type)} is not read yet"
        return from_item(item, source, now=now, because=because, read=read)
    return _from_html(decode(page.body, page.content_type), _told(item, source), visit)


def from_item(
    item: Item, source: Source, *, now: datetime, because: str | None = None, read: Collection[str] = READ_LANGUAGES
) -> Done[Article] | Poison:
    """The article as the feed or the social post tells it; `because` says why the page could not be had, if so."""
    visit = Visit(url=item.url, now=now, fetched_at=now, read=read)
    return _from_feed(_told(item, source), visit, because)


def from_input(
    raw: bytes,
    *,
    now: datetime,
    url: str | None = None,
    content_type: str = "",
    as_html: bool | None = None,
    read: Collection[str] = READ_LANGUAGES,
    rules: Rules | None = None,
) -> Done[Article] | Poison:
    """The article in a saved page, a PDF or a plain text; a short first line of a plain text is its title.

    `as_html` says which of page and text it is; None has type and beginning say it.
    """
    visit = Visit(url=url or "", now=now, fetched_at=now, read=read, rules=rules)
    told = Told(url=url, sites=_host_names(url))
    is_page = is_html(content_type, raw) if as_html is None else as_html
    if as_html is None and pdf.is_pdf(_media_type(content_type), raw):
        done = _from_pdf(raw, told, visit)
    elif is_page:
        done = _from_html(decode(raw, content_type), told, visit)
    else:
        done = _from_plain(decode(raw, content_type), told, visit)
    return done if isinstance(done, Poison) else Done(value=replace(done.value, text_from=TextFrom.INPUT))


def is_html(content_type: str, body: bytes) -> bool:
    """Whether an answer is a web page: by its type, or by its beginning where the type says nothing."""
    media_type = _media_type(content_type)
    start = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return media_type in HTML_TYPES or (media_type in UNTOLD_TYPES and start.startswith(HTML_STARTS))


def _from_html(html: str, told: Told, visit: Visit) -> Done[Article] | Poison:
    if fault := guard.binary_fault(html):
        return _from_feed(told, visit, fault)
    fault = guard.markup_fault(html)
    tree = None if fault else blocks.parsed(html)
    fault = fault if tree is None else guard.tree_fault(tree)
    if fault is not None:
        return Poison(reason=fault)
    if tree is None:
        return _from_feed(told, visit, "empty page: there is nothing on it")
    page = metadata.read(tree, visit.url)
    sites = tuple(dict.fromkeys((*_site_names(page), *told.sites)))
    rule = (load_rules() if visit.rules is None else visit.rules).find(visit.url or page.canonical, tree)
    title = titles.title(page, feed=told.title, sites=sites, ruled=rule.said(rule.title, tree) if rule else ())
    found = _shown(tree, rule, told=jsonld.text(page.article.get("articleBody")))
    shown = boilerplate.cleaned(found, title=title)
    why = unread.page_reason(tree, page, title=title, expected=told.title, blocks=shown)
    if why is not None and why.startswith(unread.worthless(is_announced=bool(told.title or told.blocks))):
        return _from_feed(told, visit, why)
    if why is not None:
        shown = unread.without_prompts(shown)
    article = _of_page(tree, page, replace(told, title=title, sites=sites), visit, shown, rule)
    article = replace(article, wire=wires.credit(found, author=article.author, url=article.url))
    if why is not None and _length(shown) < _length(told.blocks):
        article = _with_text(replace(article, text_from=TextFrom.FEED), told.blocks)
    done = _checked(article, visit, why, at_least=unread.MIN_FEED_WORDS)
    if why is not None and why.startswith(unread.DOUBTFUL) and isinstance(done, Done):
        return Done(value=replace(done.value, unread=why))
    return done


def _shown(tree: HtmlElement, rule: Rule | None, *, told: str) -> tuple[str, ...]:
    """The blocks of a page's text: where a rule says, else where generic extraction finds them, as JSON-LD confirms."""
    if rule is None:
        return confirmed(body(tree), told)
    page = rule.without_dropped(tree)
    found = tuple(block for part in rule.bodies(page) for block in blocks.whole(part))
    return found if _length(found) >= unread.MIN_WORDS else confirmed(body(page), told)


def _of_page(
    tree: HtmlElement, page: Metadata, told: Told, visit: Visit, shown: Sequence[str], rule: Rule | None
) -> Article:
    """The article with all its fields from the page; the title is settled already."""
    url = metadata.address(page, visit.url)
    declared = (page.language, page.first("og:locale", "content-language"), page.ld("inLanguage"), *told.languages)
    text = "\n\n".join(shown)
    shown_language = language(text, *declared)
    hint = day_first(told.country, shown_language)
    ruled = rule.said(rule.date, tree) if rule else ()
    dates = published.candidates(tree, page, url, day_first=hint, ruled=ruled)
    if told.published is None:
        dates = chain(dates, published.guessed(tree, url, now=visit.now))
    dated = published.published(dates, feed=told.published, now=visit.now, fetched=visit.fetched_at)
    return Article(
        id=article_id(url or text),
        url=canonical(url) or None,
        title=told.title,
        text=text,
        published=dated,
        modified=published.modified(tree, page, dated, now=visit.now),
        language=shown_language,
        author=authors.authors(
            tree, page, feed=told.author, sites=told.sites, ruled=rule.said(rule.author, tree) if rule else ()
        ),
        site=next(iter(told.sites), None),
        source_id=told.source_id,
        text_from=TextFrom.PAGE,
        content_hash=content_hash(text),
        signature=signature(text),
    )


def _from_pdf(body: bytes, told: Told, visit: Visit) -> Done[Article] | Poison:
    """The notice in a PDF; where it has no text, the feed's words with the reason."""
    notice = pdf.read(body)
    title = titles.without_site(told.title, told.sites) or notice.title
    if not notice.blocks:
        return _from_feed(replace(told, title=title), visit, notice.fault)
    first = " ".join(notice.blocks[0].split())
    title = title or (first if len(first) <= LONGEST_TITLE else "")
    shown = boilerplate.cleaned(notice.blocks, title=title)
    text = "\n\n".join(shown)
    url = visit.url or told.url or ""
    dates = iter([notice.created] if notice.created and told.published is None else [])
    article = Article(
        id=article_id(url or text),
        url=canonical(url) or None,
        title=title or _first_words(text),
        text=text,
        published=published.published(dates, feed=told.published, now=visit.now, fetched=visit.fetched_at),
        language=language(text, *told.languages),
        author=authors.named((notice.author,), told.sites) or told.author,
        site=next(iter(told.sites), None),
        source_id=told.source_id,
        text_from=TextFrom.PAGE,
        content_hash=content_hash(text),
        signature=signature(text),
    )
    return _checked(article, visit, notice.fault, at_least=unread.MIN_FEED_WORDS)


def _from_feed(told: Told, visit: Visit, because: str | None) -> Done[Article] | Poison:
    """The article as it was told without its page."""
    text = "\n\n".join(told.blocks)
    dated = published.published(iter(()), feed=told.published, now=visit.now, fetched=visit.fetched_at)
    url = told.url or visit.url
    article = Article(
        id=article_id(url or text),
        url=canonical(url) or None,
        title=titles.without_site(told.title, told.sites) or _first_words(text),
        text=text,
        published=dated,
        language=language(f"{told.title}. {text}", *told.languages),
        author=told.author,
        site=next(iter(told.sites), None),
        source_id=told.source_id,
        text_from=TextFrom.FEED,
        content_hash=content_hash(text),
        signature=signature(text),
        wire=wires.credit(told.blocks, author=told.author, url=url),
    )
    least = unread.MIN_POST_WORDS if told.is_whole else unread.MIN_FEED_WORDS
    return _checked(article, visit, because, at_least=least)


def _from_plain(text: str, told: Told, visit: Visit) -> Done[Article] | Poison:
    pieces = blocks.plain(text)
    has_title = len(pieces) > 1 and len(pieces[0]) <= LONGEST_TITLE and not pieces[0].endswith((".", "!", ":", ","))
    title = " ".join(pieces[0].split()) if has_title else ""
    told = replace(told, title=title, blocks=pieces[1:] if has_title else pieces, is_whole=True)
    done = _from_feed(told, visit, None)
    return done if isinstance(done, Poison) else Done(value=replace(done.value, title=title, published=None))


def _from_text_file(text: str, told: Told, visit: Visit) -> Done[Article] | Poison:
    """A text that somebody saved among pages; it has the file's name where its first line is no title."""
    done = _from_plain(text, told, visit)
    if isinstance(done, Poison):
        return done
    article = replace(done.value, title=done.value.title or told.title, text_from=TextFrom.PAGE)
    return Done(value=article)


def _checked(article: Article, visit: Visit, why: str | None, *, at_least: int) -> Done[Article] | Poison:
    """The article with what keeps it from being read, or what was in the way of its text."""
    fault = guard.text_fault(article.text)
    if fault is not None:
        return Poison(reason=fault)
    article = replace(article, notice=notice(article.title, article.text))
    count = len(words(article.text))
    if count < at_least:
        return Done(value=replace(article, unread=why or f"too short: {count} words", note=why))
    return Done(value=replace(article, unread=unread.language_reason(article.language, visit.read), note=why))


def _with_text(article: Article, pieces: Sequence[str]) -> Article:
    text = "\n\n".join(pieces)
    return replace(article, text=text, content_hash=content_hash(text), signature=signature(text))


def _told(item: Item, source: Source) -> Told:
    given = item.content if len(item.content or "") >= len(item.summary or "") else item.summary
    return Told(
        url=item.url,
        title=" ".join(item.title.split()),
        author=item.author,
        published=item.published,
        languages=(item.language, source.language),
        country=source.country,
        sites=(source.name, *_host_names(item.url)),
        source_id=source.id,
        blocks=_feed_blocks(given or ""),
        is_whole=item.is_whole,
    )


def _feed_blocks(given: str) -> tuple[str, ...]:
    """The feed's own text; markup that nobody should parse gives none."""
    if guard.markup_fault(given) is not None:
        return ()
    pieces = (boilerplate.without_feed_ending(piece) for piece in blocks.fragment(given))
    return boilerplate.cleaned(piece for piece in pieces if piece)


def _site_names(page: Metadata) -> tuple[str, ...]:
    publisher = jsonld.named(page.article.get("publisher"), page.objects)
    named = (page.first("og:site_name"), page.first("application-name"), *publisher)
    return tuple(dict.fromkeys(name for name in named if name))


def _host_names(url: str | None) -> tuple[str, ...]:
    """What a site may call itself after its address: `example.com`, `example`."""
    domain = registrable_domain(url or "")
    return (domain, host(url or ""), domain.partition(".")[0]) if domain else ()


def _length(pieces: Sequence[str]) -> int:
    return sum(len(words(piece)) for piece in pieces)


def _first_words(text: str) -> str:
    """A title for what has none (a social post): its first line, cut at a word."""
    line = text.partition("\n")[0]
    return line if len(line) <= LONGEST_TITLE else line[:LONGEST_TITLE].rpartition(" ")[0] + " …"


def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()
