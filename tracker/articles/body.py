"""The text of a page's article: two opinions, and how they are made one.

trafilatura (called here and nowhere else) knows what is noise but loses headings, lists and short paragraphs; the
container of the running text (`container`) keeps them but holds some noise. Where both see the same long paragraphs,
the container's blocks stand, and what trafilatura left out of them stays only as structure between what it kept.
Where they see different texts, trafilatura is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy

from lxml.html import HtmlElement
from trafilatura import bare_extraction

from tracker.articles.blocks import Block, rendered
from tracker.articles.container import container, stripped
from tracker.articles.pruning import pruned

LONG = 25  # words of a paragraph that both opinions should hold
AGREED = 0.8  # of the long paragraphs' letters, from which the opinions are about one text
LEAD = 12  # words of a sentence before the container that trafilatura holds to be the article's
STAMP = re.compile(r"\d{1,2}[:.]\d\d(?: ?[ap]m)?(?: [A-Z]{2,4})?", re.IGNORECASE)  # of a live blog
SEEN = 80  # letters by which a block is found again in the other opinion


def body(tree: HtmlElement) -> tuple[str, ...]:
    """The blocks of a page's article; the tree stays as it is."""
    page = pruned(tree)
    found = bare_extraction(deepcopy(page), include_comments=False, include_tables=True)
    chosen = getattr(found, "body", None)
    part = container(page)
    stripped(part)
    blocks = merged(() if chosen is None else rendered(chosen), rendered(part))
    return tuple(block.text for block in blocks)


def merged(chosen: Sequence[Block], inside: Sequence[Block]) -> tuple[Block, ...]:
    """Trafilatura's choice and the container's blocks as one text."""
    if not chosen:
        return tuple(inside)
    seen = "".join(_letters(block.text) for block in chosen)
    known = [_letters(block.text)[:SEEN] in seen for block in inside]
    if not any(known) or _agreement(inside, known) < AGREED:
        return tuple(chosen)
    return (*_lead(chosen, inside), *_kept(inside, known))


def _agreement(inside: Sequence[Block], known: Sequence[bool]) -> float:
    """The share of the container's long paragraphs that trafilatura holds too."""
    pairs = list(zip(inside, known, strict=True))
    weighed = [(len(block.text), is_known) for block, is_known in pairs if _is_long(block)]
    weighed = weighed or [(len(block.text), is_known) for block, is_known in pairs]  # a text of lists and one-liners
    return sum(size for size, is_known in weighed if is_known) / sum(size for size, _ in weighed)


def _kept(inside: Sequence[Block], known: Sequence[bool]) -> Iterator[Block]:
    """From the first to the last block that both know: those, and the headings, lists and tables between them."""
    first, last = known.index(True), len(known) - 1 - known[::-1].index(True)
    if last + 1 < len(inside) and inside[last].text.endswith(":") and inside[last + 1].kind in {"list", "table"}:
        last += 1
    for block, is_known in zip(inside[first : last + 1], known[first : last + 1], strict=True):
        if is_known or block.kind != "text" or STAMP.fullmatch(block.text):
            yield block


def _lead(chosen: Sequence[Block], inside: Sequence[Block]) -> Iterator[Block]:
    """Sentences that trafilatura has before the container begins: the summary above the text."""
    whole = "".join(_letters(block.text) for block in inside)
    for block in chosen:
        letters = _letters(block.text)
        if letters[:SEEN] in whole or whole[:SEEN] in letters:
            return
        if len(block.text.split()) >= LEAD and block.text.endswith((".", "!", "?", "”", '"')):
            yield block


def _is_long(block: Block) -> bool:
    return block.kind == "text" and len(block.text.split()) >= LONG


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
