"""Lines inside an article that are not part of it: newsletter boxes, share prompts, "Read also", cookie notices.

The patterns are a table (`patterns.yaml`); each has to cover a whole block, or a whole sentence that is a call to the
reader, and a block that reports what somebody said is never one. Not here: finding the article on the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tracker.articles.patterns import pattern
from tracker.dates import find, parse
from tracker.model import Basis

LONGEST = 420  # characters of a block that can be boilerplate
HEAD = 5  # blocks at the top among which byline and date may stand
BEGINS = 20  # words of the first paragraph, after which there is no head any more
HEAD_LINE = 60  # characters of a line that holds the date and little else
MAX_COMPARED = 300  # blocks that are compared with one another
REPEATED = 7  # words from which a block told twice is a repetition
MAX_TAIL = 30  # words of a block in a list of other articles

_CALLS, _ANY = pattern("calls"), pattern("calls", "lines")
_REPORTED, _TAILS, _HEADS = pattern("reported"), pattern("tails"), pattern("heads")
_FEED_ENDING = re.compile(
    rf"(?:^|(?<=[.!?…»”\"\])]))\s*(?:{pattern('feed_endings').pattern})\s*$", re.IGNORECASE | re.DOTALL
)
_PARTED = re.compile(r"[|·•]|年\d")  # what parts date and author in a line of both
_LABEL = re.compile(r"[^\W\d][^:\d]{2,40}:")
_FULL_STOPS = (".", "!", "?", "。", "！", "？", "”", '"')
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"(\[])")


def cleaned(blocks: Iterable[str], *, title: str = "") -> tuple[str, ...]:
    """The blocks without boilerplate, without the title told again and byline or date lines at the top."""
    kept = [left for block in _without_tail(list(blocks)) if (left := _without_calls(block))]
    kept = [block for block in kept if _letters(block) != _letters(title)]
    heads = [_is_head(block) for block in kept[:HEAD]]
    begins = next((n for n, is_head in enumerate(heads) if not is_head and len(kept[n].split()) >= BEGINS), len(heads))
    kept = [block for n, block in enumerate(kept) if n >= begins or not heads[n]]
    return tuple(_once(kept))


def without_feed_ending(text: str) -> str:
    """A feed's text without "The post … appeared first on …" and "Continue reading"."""
    return _FEED_ENDING.sub("", text).rstrip()


def is_boilerplate(block: str) -> bool:
    """Whether a block as a whole is no part of the article."""
    text = " ".join(block.split()).strip(" []()*_•·▶►→»>|")
    if len(text) > LONGEST or not text:
        return not text
    return _ANY.fullmatch(text) is not None and not _REPORTED.search(text)


def _without_calls(block: str) -> str:
    """A block without the calls in its lines and at its edges; "" where nothing else is left."""
    if is_boilerplate(block):
        return ""
    if "\n" in block:
        return "\n".join(line for line in block.splitlines() if not is_boilerplate(line.removeprefix("- ")))
    sentences = _SENTENCE_END.split(block)
    while len(sentences) > 1 and _is_call(sentences[-1]):
        sentences.pop()
        block = block[: block.rindex(sentences[-1]) + len(sentences[-1])]
    while len(sentences) > 1 and _is_call(sentences[0]):
        block = block[len(sentences.pop(0)) :].lstrip()
    return "" if is_boilerplate(block) else block


def _is_call(sentence: str) -> bool:
    text = sentence.strip(" []()*.!")
    return len(text) <= LONGEST and _CALLS.fullmatch(text) is not None and not _REPORTED.search(text)


def _is_head(block: str) -> bool:
    """Whether a block near the top is a byline, date or register entry, which the article has as fields."""
    return all(len(line) <= 200 and _is_head_line(line) for line in block.splitlines())


def _is_head_line(line: str) -> bool:
    if _HEADS.fullmatch(line):
        return True
    if _LABEL.match(line):  # "Publication date: …" beside "Effective date: …" is what an order says of itself
        return False
    if parse(line, basis=Basis.PAGE):
        return True
    is_line = len(line) <= HEAD_LINE and not line.endswith(_FULL_STOPS)
    return is_line and bool(_PARTED.search(line)) and find(line, basis=Basis.PAGE) is not None


def _once(blocks: list[str]) -> Iterator[str]:
    """The blocks without those told again as part of another: the summary above the text, a pull quote."""
    letters = [_letters(block) for block in blocks[:MAX_COMPARED]]
    for n, block in enumerate(blocks):
        if n >= len(letters) or len(block.split()) < REPEATED or not _is_repeated(n, blocks, letters):
            yield block


def _is_repeated(n: int, blocks: list[str], letters: list[str]) -> bool:
    """Whether a block is part of another; of equals the first stays, unless it is a summary in points."""
    mine, is_list = letters[n], blocks[n].startswith("- ")
    for m, other in enumerate(letters):
        if m != n and mine in other:
            other_is_list = blocks[m].startswith("- ")
            if mine != other or (m < n if is_list == other_is_list else is_list):
                return True
    return False


def _without_tail(blocks: list[str]) -> Iterator[str]:
    """The blocks up to a heading after which only titles of other articles follow."""
    for n, block in enumerate(blocks):
        rest = blocks[n + 1 :]
        if n > 1 and len(block) < 80 and _TAILS.fullmatch(block) and rest and all(map(_is_teaser, rest)):
            return
        yield block


def _is_teaser(block: str) -> bool:
    return all(len(line.split()) <= MAX_TAIL and not line.endswith((".", "!", "”", '"')) for line in block.splitlines())


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
