"""Inputs read, one answer each: what `tracker extract` prints.

An answer to JSON lines is an object of the contract and no more. Where the text was extracted here, the answer carries
it with title, address, date and language, so that its spans can be checked; such a line is again an input. Opens
nothing and prints nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tracker.extraction.contract import JSON, extract
from tracker.extraction.inputs import Input
from tracker.model import Article, Reads
from tracker.reach import beyond


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was found in one input; `found` is the object of the contract."""

    input: Input
    found: JSON

    def line(self) -> JSON:
        """The object to print, JSON-ready."""
        if not self.input.is_extracted:
            return self.found
        article = self.input.article
        carried: JSON = {
            "id": article.id,
            "input": self.input.name,
            "url": article.url,
            "title": article.title or None,
            "published_at": article.published.value if article.published else None,
            "lang": article.language,
            "text": article.text,
        }
        why = {"unread": article.unread, "note": article.note}
        return carried | {key: words for key, words in why.items() if words} | self.found


def answers(inputs: Iterable[Input], reader: Reads, *, explain: bool = False, stream: bool = False) -> Iterator[Answer]:
    """One answer per article, in order; `explain` adds the reasons of every field.

    With `stream` each as soon as it is known, its events named by what has come so far; else when the last input has
    been read, and then the answers to JSON lines are without the texts, which nobody needs twice.
    """
    waiting: deque[Input] = deque()
    for found in extract(_remember(inputs, waiting, light=not stream), reader, explain=explain, stream=stream):
        yield Answer(input=waiting.popleft(), found=found)


def _remember(inputs: Iterable[Input], waiting: deque[Input], *, light: bool) -> Iterator[Article]:
    for one in inputs:
        article, more = one.article, beyond(one.article.text) if one.article.unread is None else None
        article = replace(article, note="; ".join(filter(None, (article.note, more)))) if more else article
        without = light and not one.is_extracted
        waiting.append(replace(one, article=replace(article, text="") if without else article))
        yield one.article
