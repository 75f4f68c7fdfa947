"""One source asked and read, as a refresh would, and what came of it in figures.

An index is followed to its first parts only; older pages are left alone. Judges nothing (`verdicts` does).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tracker import sources
from tracker.fetch import Fetcher
from tracker.model import Done, Fetched, Item, Page, Poison, Request, Source

ROUNDS = 3  # a look-up, an index, a part
PARTS = 2  # of an index that are asked for
LONG = 500  # characters of an item's own text that make an article


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What one source answered: the figures of its entries, or the fault of its first answer."""

    source: Source
    items: tuple[Item, ...] = ()
    notes: tuple[str, ...] = ()
    fault: Fetched | None = None  # neither asked nor read with success
    page: Page | None = None  # the first answer, whatever it was

    @property
    def newest(self) -> str | None:
        """The latest date of an entry, as it was stated."""
        return max((item.published.value for item in self.items if item.published), default=None)

    @property
    def dated(self) -> int:
        """How many entries have a date."""
        return sum(1 for item in self.items if item.published)

    @property
    def with_text(self) -> int:
        """How many entries bring a text of their own that may do for an article."""
        return sum(1 for item in self.items if len(item.content or item.summary or "") >= LONG or item.is_whole)

    @property
    def titled(self) -> int:
        """How many entries have a title."""
        return sum(1 for item in self.items if item.title)


@dataclass(slots=True)
class _Trying:
    """A source while it is tried."""

    source: Source
    items: list[Item] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fault: Fetched | None = None
    page: Page | None = None

    def done(self) -> Trial:
        return Trial(
            source=self.source, items=tuple(self.items), notes=tuple(self.notes), fault=self.fault, page=self.page
        )


def trials(asked: Sequence[Source], fetcher: Fetcher) -> tuple[Trial, ...]:
    """What each source gave, in their order."""
    trying = [_Trying(source) for source in asked]
    waiting: dict[Request, list[_Trying]] = {}
    for one in trying:
        waiting.setdefault(_whole(sources.request(one.source)), []).append(one)
    for _ in range(ROUNDS):
        following: dict[Request, list[_Trying]] = {}
        for request, answer in fetcher.fetch(tuple(waiting)):
            for one in waiting[request]:
                for part in _heard(one, answer):
                    following.setdefault(_whole(part), []).append(one)
        waiting = following
    return tuple(one.done() for one in trying)


def read(source: Source, page: Page) -> Trial:
    """What a page that is there already gives as a source, without asking anybody."""
    one = _Trying(source)
    _heard(one, Done(value=page))
    return one.done()


def _whole(request: Request) -> Request:
    return replace(request, conditional=False)


def _heard(one: _Trying, answer: Fetched) -> Sequence[Request]:
    """Take an answer in; the parts to ask next. A fault counts where nothing else has been heard."""
    if not isinstance(answer, Done) or not isinstance(answer.value, Page):
        assert not isinstance(answer, Done)  # no request is conditional
        one.fault = one.fault or answer
        return ()
    one.page = one.page or answer.value
    parsed = sources.parse(one.source, answer.value)
    if isinstance(parsed, Poison):
        one.fault = one.fault or parsed
        return ()
    one.items += parsed.value.items
    one.notes += parsed.value.notes
    return parsed.value.follow[:PARTS]
