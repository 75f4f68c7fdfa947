"""From what a user names (files, web addresses, standard input) to articles, one after another.

Plain text and HTML go through the room that reads every page (`tracker.articles`), addresses through the fetcher that
asks for every page (`tracker.fetch`), with robots.txt, pauses and caps. An input that cannot be had is told, and the
others go on. Reads no text for its meaning and writes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, groupby
from pathlib import Path, PurePath
from typing import BinaryIO

from tracker import articles
from tracker.errors import InputError
from tracker.extraction import contract
from tracker.extraction.forms import Form, form, suffix_form
from tracker.fetch import Fetcher
from tracker.model import Article, Basis, Done, Fetched, FetchSettings, Page, Poison, Request, Unchanged, When
from tracker.urls import article_id

STDIN = "-"
AHEAD = 32  # addresses asked for at once; their answers wait in memory for their turn
ACCEPT = "text/html,application/xhtml+xml;q=0.9,text/plain;q=0.8,*/*;q=0.5"
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One article and what the input it came from is called.

    `is_extracted` says that its text was made here, out of HTML or plain text, so that nobody else has the text that
    offsets refer to.
    """

    article: Article
    name: str
    is_extracted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An input that could not be had: which and why, in words; `is_network` where the network gave no page."""

    reason: str
    is_network: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What opening inputs takes; `on_fault` is told of every input that cannot be had."""

    now: Callable[[], datetime]  # aware and in UTC
    network: Callable[[], FetchSettings]  # called where there is an address among the inputs
    stdin: BinaryIO
    on_fault: Callable[[Fault], None]
    form: Form | None = None  # of all inputs; None: each is looked at
    date: When | None = None  # of publication, for inputs that do not tell theirs


def is_address(name: str) -> bool:
    """Whether an input is named by a URL, of whatever scheme."""
    return _ADDRESS.match(name) is not None


def read(names: Sequence[str], desk: Desk) -> Iterator[Input]:
    """The articles of the inputs, in their order; a name is a path, a URL, or "-" for standard input."""
    with ExitStack() as stack:
        fetcher = stack.enter_context(Fetcher(desk.network(), now=desk.now)) if any(map(is_address, names)) else None
        for is_remote, group in groupby(names, key=is_address):
            if is_remote and fetcher is not None:
                yield from _pages(tuple(group), fetcher, desk)
            else:
                yield from chain.from_iterable(_file(name, desk) for name in group)


def _file(name: str, desk: Desk) -> Iterator[Input]:
    try:
        if name == STDIN:
            yield from _parsed(desk.stdin, "standard input", desk)
        else:
            with Path(name).open("rb") as lines:
                yield from _parsed(lines, name, desk)
    except InputError as error:
        desk.on_fault(Fault(reason=str(error)))
    except OSError as error:
        desk.on_fault(Fault(reason=f"{name}: {error.strerror or error}"))


def _pages(urls: Sequence[str], fetcher: Fetcher, desk: Desk) -> Iterator[Input]:
    """The articles at the addresses, in their order: some are asked for at once, the rest when these are read."""
    for at in range(0, len(urls), AHEAD):
        batch = urls[at : at + AHEAD]
        # Whoever names an address may mean one of his own network; the fetcher lets no public page lead there.
        requests = {Request(url=url, accept=ACCEPT, conditional=False, private=True) for url in batch}
        had = {request.url: outcome for request, outcome in fetcher.fetch(requests)}
        for url in batch:
            yield from _page(url, had[url], desk)


def _page(url: str, outcome: Fetched, desk: Desk) -> Iterator[Input]:
    if isinstance(outcome, Done):
        assert not isinstance(outcome.value, Unchanged)  # no request is conditional
        page = outcome.value
        try:
            yield from _parsed(page.body.splitlines(keepends=True), url, desk, page=page)
        except InputError as error:
            desk.on_fault(Fault(reason=str(error)))
        return
    wait = getattr(outcome, "retry_after", None)
    later = f"; try again in {wait.total_seconds():.0f} s" if wait else ""
    desk.on_fault(Fault(reason=f"{url}: {outcome.reason}{later}", is_network=True))


def _parsed(lines: Iterable[bytes], name: str, desk: Desk, *, page: Page | None = None) -> Iterator[Input]:
    """The articles in the lines of one input."""
    rest = iter(lines)
    before: list[bytes] = []  # blank lines, which count, and the first that is not
    for line in rest:
        before.append(line)
        if line.strip(b" \t\r\n\xef\xbb\xbf"):
            break
    else:
        _accept_empty(name, desk)
        return
    settled = desk.form or form(name, before[-1], content_type=page.content_type if page else "")
    whole = chain(before, rest)
    if settled is Form.JSONL:
        for article in contract.articles(_decoded(whole, name), name=name):
            yield Input(article=_dated(article, desk.date), name=name, is_extracted=False)
    else:
        yield _extracted(b"".join(whole), name, desk, page=page, is_html=settled is Form.HTML)


def _accept_empty(name: str, desk: Desk) -> None:
    """Nothing on standard input, or no line of JSON, is no article; an empty text is a mistake."""
    if name != "standard input" and (desk.form or suffix_form(name)) is not Form.JSONL:
        raise InputError(f"{name}: is empty")


def _decoded(lines: Iterable[bytes], name: str) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            where = f"{name}:{number}: not UTF-8 (byte {error.start + 1} of the line)"
            raise InputError(f"{where}; convert it, for instance with iconv") from None


def _extracted(raw: bytes, name: str, desk: Desk, *, page: Page | None, is_html: bool) -> Input:
    made = articles.from_input(
        raw,
        now=desk.now(),
        url=page.final_url if page else None,
        content_type=page.content_type if page else "",
        as_html=is_html,
    )
    if isinstance(made, Poison):
        raise InputError(f"{name}: {made.reason}")
    article = made.value
    if article.url is None:  # two files may hold one text, and are two accounts of what it tells
        article = replace(article, id=article_id(f"{PurePath(name).name}\n{article.text}"))
    return Input(article=_dated(article, desk.date), name=name, is_extracted=True)


def _dated(article: Article, date: When | None) -> Article:
    """The article with its own date, or the given one; the day of reading is no anchor for "on Tuesday"."""
    own = article.published
    return replace(article, published=own if own is not None and own.basis is not Basis.FETCHED else date)
