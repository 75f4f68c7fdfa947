"""The words of articles that show what reports say, with what each of them shows: quotes with marks.

Of a report first the words that show its event, then, where a party, a date or a thing is named elsewhere, the words
around it. Nothing is read anew: places are those that the reader kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from sqlite3 import Row

from tracker.query import places
from tracker.query.places import Marked, Place
from tracker.store.connection import Connection

AROUND = 90  # signs on each side of words that stand outside of the quote
CUT = "…"
REPORTS = """
SELECT report.id, report.detail, article.title, article.text
FROM report JOIN article ON article.id = report.article_id WHERE report.id IN (SELECT value FROM json_each(?))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Words of a passage and what they show: `field` "actor", "item", "announced_on", "type" and the like.

    `value` is what the report makes of them: a party's name, a date, a thing; of a type None.
    """

    start: int
    end: int
    field: str
    value: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Words of an article; `shown` are parts of it, in their order; where several begin, the longest first."""

    text: str
    title: bool  # it is the article's title, or of it
    shown: tuple[Shown, ...]

    @property
    def apart(self) -> tuple[Shown, ...]:
        """Of those that lie within each other, or overlap, the first."""
        return _apart(self.shown)

    def about(self, field: str) -> Passage | None:
        """The words about those that show one field, these alone marked; None where none does."""
        some = _apart(one for one in self.shown if one.field == field)
        return _cut(self.text, some, AROUND, title=self.title) if some else None


def of_reports(db: Connection, quotes: Mapping[str, str]) -> dict[str, tuple[Passage, ...]]:
    """Report id to its passages, of reports each with its quote; none where its article has other words by now."""
    rows = db.rows(REPORTS, (json.dumps(sorted(quotes)),))
    return {row["id"]: tuple(_passages(row, quotes[row["id"]])) for row in rows}


def _passages(row: Row, quote: str) -> Iterator[Passage]:
    """The quotes with all that stands in them, then what stands elsewhere."""
    texts = {"text": row["text"], "title": row["title"]}
    found = list(places.marked(json.loads(row["detail"])))
    quotes = [one.place for one in found if one.what == "quote"]
    if " … ".join(_words(texts, place) for place in quotes) != quote:
        return
    left = sorted({(one.place.field, _shown(one)) for one in found if one.what != "quote"}, key=_order)
    for quoted in quotes:
        inside = [one for one in left if _lies_in(quoted, *one)]
        left = [one for one in left if one not in inside]
        marks = (replace(one, start=one.start - quoted.start, end=one.end - quoted.start) for _, one in inside)
        text = texts[quoted.field][quoted.start : quoted.end]
        yield Passage(text=text, title=quoted.field == "title", shown=tuple(marks))
    for field, text in texts.items():
        for some in _near(one for where, one in left if where == field):
            if max(one.end for one in some) <= len(text):
                yield _cut(text, some, AROUND, title=field == "title")


def _apart(marks: Iterable[Shown]) -> tuple[Shown, ...]:
    """Those that do not lie within, or reach into, an earlier one."""
    kept: list[Shown] = []
    for one in marks:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


def _near(marks: Iterable[Shown]) -> Iterator[list[Shown]]:
    """Those in the order of the text that stand close together."""
    some: list[Shown] = []
    for one in marks:
        if some and one.start - max(other.end for other in some) > AROUND:
            yield some
            some = []
        some.append(one)
    if some:
        yield some


def _cut(text: str, some: Sequence[Shown], wide: int, *, title: bool) -> Passage:
    """The words about a place, of one line and from the beginning of one word to the end of another."""
    start, end = some[0].start, max(one.end for one in some)
    first, last = max(0, start - wide), min(len(text), end + wide)
    line = text.rfind("\n", first, start) + 1
    first = line or (first and (text.find(" ", first, start) + 1 or first))
    below = text.find("\n", end, last)
    if below >= 0:
        last = below
    elif last < len(text):
        last = max(text.rfind(" ", end, last), end)
    before = CUT if first > 0 and text[first - 1] != "\n" else ""
    after = CUT if last < len(text) and text[last] != "\n" else ""
    moved = len(before) - first
    shown = (replace(one, start=one.start + moved, end=one.end + moved) for one in some)
    return Passage(text=f"{before}{text[first:last]}{after}", title=title, shown=tuple(shown))


def _words(texts: Mapping[str, str], place: Place) -> str:
    return texts[place.field][place.start : place.end]


def _shown(one: Marked) -> Shown:
    return Shown(start=one.place.start, end=one.place.end, field=one.what, value=one.value)


def _order(one: tuple[str, Shown]) -> tuple[str, int, int, str]:
    """As they stand; of those that begin at one place the longest first."""
    return one[0], one[1].start, -one[1].end, one[1].field


def _lies_in(place: Place, field: str, one: Shown) -> bool:
    return place.field == field and place.start <= one.start and one.end <= place.end
