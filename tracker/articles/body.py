"""The text of a page's article: two opinions, and how they are made one.

trafilatura (called here and nowhere else) knows what is noise but loses headings, lists and short paragraphs; the
container of the running text (`container`) keeps them but holds some noise. Where both see the same long paragraphs,
the container's blocks stand, and what trafilatura left out of them stays only as structure between what it kept.
Where they see different texts, trafilatura is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lxml.html import HtmlElement
from trafilatura import bare_extraction

from tracker.articles.blocks import Block, rendered, text_of
from tracker.articles.container import container, stripped
from tracker.articles.pruning import pruned, shown

LONG = 25  # words of a paragraph that both opinions should hold
AGREED = 0.8  # of the long paragraphs' letters, from which the opinions are about one text
LEAD = 12  # words of a sentence that only trafilatura has and that is kept
SENTENCE_ENDS = (".", "!", "?", "”", '"')
STAMP = re.compile(r"\d{1,2}[:.]\d\d(?: ?[ap]m)?(?: [A-Z]{2,4})?", re.IGNORECASE)  # of a live blog
SEEN = 80  # letters by which a block is found again in the other opinion


def body(tree: HtmlElement) -> tuple[str, ...]:
    """The blocks of a page's article; the tree stays as it is."""
    seen = shown(tree)
    chosen = _chosen(seen)
    page = pruned(seen)
    chosen = _without_pruned(chosen, page) or _chosen(page)
    part = container(page)
    stripped(part)
    inside: tuple[Block, ...] = rendered(part)
    blocks = merged(chosen, inside)
    return tuple(block.text for block in (chosen or inside if blocks is None else blocks))


def merged(chosen: Sequence[Block], inside: Sequence[Block]) -> tuple[Block, ...] | None:
    """Trafilatura's choice and the container's blocks as one text; None if they are about different texts."""
    known = _known(inside, chosen)
    if not any(known) or _agreement(inside, known) < AGREED:
        return None
    missed = _missed(chosen, inside)
    kept = _kept(inside, known)
    return (*missed[-1], *(block for n in kept for block in (inside[n], *missed[n])))


def _chosen(page: HtmlElement) -> tuple[Block, ...]:
    found = bare_extraction(page, include_comments=False, include_tables=True)
    tree = getattr(found, "body", None)
    return () if tree is None else rendered(tree)


def _without_pruned(chosen: Iterable[Block], page: HtmlElement) -> tuple[Block, ...]:
    """What of trafilatura's choice is still on the pruned page, lists and tables line by line."""
    seen = _letters(text_of(page))
    left = (Block(one.kind, "\n".join(_seen_lines(one, seen))) for one in chosen)
    return tuple(block for block in left if block.text)


def _seen_lines(block: Block, seen: str) -> Iterator[str]:
    return (line for line in _lines(block) if all(_letters(cell)[:SEEN] in seen for cell in line.split(" | ")))


def _known(blocks: Sequence[Block], other: Sequence[Block]) -> list[bool]:
    """For each block whether the other opinion holds it too: its beginning, and most of a list's or table's lines."""
    seen = "".join(_letters(block.text) for block in other)
    return [_is_in(block, seen) for block in blocks]


def _is_in(block: Block, seen: str) -> bool:
    if _letters(block.text)[:SEEN] not in seen:
        return False
    lines = [_letters(line) for line in _lines(block)]
    return 2 * sum(len(line) for line in lines if line[:SEEN] in seen) >= sum(map(len, lines))


def _lines(block: Block) -> list[str]:
    return block.text.splitlines() if block.kind in {"list", "table"} else [block.text]


def _agreement(inside: Sequence[Block], known: Sequence[bool]) -> float:
    """The share of the container's long paragraphs that trafilatura holds too."""
    pairs = list(zip(inside, known, strict=True))
    weighed = [(len(block.text), is_known) for block, is_known in pairs if _is_long(block)]
    weighed = weighed or [(len(block.text), is_known) for block, is_known in pairs]  # a text of lists and one-liners
    return sum(size for size, is_known in weighed if is_known) / sum(size for size, _ in weighed)


def _kept(inside: Sequence[Block], known: Sequence[bool]) -> Iterator[int]:
    """From the first to the last block that both know: those, and the headings, lists and tables between them."""
    first, last = known.index(True), len(known) - 1 - known[::-1].index(True)
    if last + 1 < len(inside) and inside[last].text.endswith(":") and inside[last + 1].kind in {"list", "table"}:
        last += 1
    for n in range(first, last + 1):
        if known[n] or _is_structure(n, inside, known) or STAMP.fullmatch(inside[n].text):
            yield n


def _is_structure(n: int, inside: Sequence[Block], known: Sequence[bool]) -> bool:
    """Whether a block that trafilatura leaves out belongs to one that it keeps: a list beside, a heading above."""
    if inside[n].kind == "text":
        return False
    after = next((m for m in range(n + 1, len(inside)) if inside[m].kind != "heading"), n)
    if inside[n].kind == "heading":
        return known[after] or (after > n and inside[after].kind != "text" and _is_structure(after, inside, known))
    before = next((m for m in range(n - 1, -1, -1) if inside[m].kind != "heading"), n)
    return known[after] or known[before]


def _missed(chosen: Sequence[Block], inside: Sequence[Block]) -> dict[int, list[Block]]:
    """What only trafilatura has, after the place (-1: the beginning) where the container would have it.

    Before the first and after the last block that both know, only sentences count, for bylines and links stand there;
    and a single line at the end, which no list of links is.
    """
    starts = {_letters(block.text)[:SEEN]: n for n, block in enumerate(inside)}
    long = [start for start in starts if len(start) == SEEN]
    known = _known(chosen, inside)
    shared = [n for n, is_known in enumerate(known) if is_known] or [0]
    missed: dict[int, list[Block]] = {n: [] for n in range(-1, len(inside))}
    here, tail = -1, chosen[shared[-1] + 1 :]
    is_line = len(tail) == 1 and tail[0].kind == "text" and "\n" not in tail[0].text and _is_short(tail[0])
    for n, block in enumerate(chosen):
        letters = _letters(block.text)
        here = starts.get(letters[:SEEN], here)
        is_mush = any(start in letters for start in long)
        if not known[n] and not is_mush and (shared[0] < n < shared[-1] + 1 + is_line or _is_sentence(block)):
            missed[here].append(block)
    return missed


def _is_sentence(block: Block) -> bool:
    return len(block.text.split()) >= LEAD and block.text.endswith(SENTENCE_ENDS)


def _is_short(block: Block) -> bool:
    return len(block.text.split()) < LEAD


def _is_long(block: Block) -> bool:
    return block.kind == "text" and len(block.text.split()) >= LONG


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
