"""The words of articles that show what reports say, with what each of them shows: quotes with marks.

Of a report first the words that show its event, then, where a party, a date or a thing is named elsewhere, the words
around it. Nothing is read anew: places are those that the reader kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from sqlite3 import Row
from typing import Any

from tracker.store.connection import Connection

AROUND = 90  # signs on each side of words that stand outside of the quote
CUT = "…"
REPORTS = """
SELECT report.id, report.detail, article.title, article.text
FROM report JOIN article ON article.id = report.article_id WHERE report.id IN (SELECT value FROM json_each(?))
"""
DATES = ("announced_on", "effective_on")
PARTIES = {"actors": "actor", "targets": "target"}
THINGS = {"items": "item", "instruments": "instrument", "amounts": "amount"}

Place = tuple[str, int, int]  # "text" or "title", from, to


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
    told, texts = json.loads(row["detail"]), {"text": row["text"], "title": row["title"]}
    quotes = [_place(span) for span in told.get("evidence", ())]
    if " … ".join(_words(texts, place) for place in quotes) != quote:
        return
    left = sorted({*_things(told), *_dates(told)}, key=lambda one: (*one[0][:2], -one[0][2], one[1]))
    for field, start, end in quotes:
        inside = [one for one in left if one[0][0] == field and start <= one[0][1] and one[0][2] <= end]
        left = [one for one in left if one not in inside]
        marks = (Shown(start=at[1] - start, end=at[2] - start, field=name, value=value) for at, name, value in inside)
        yield Passage(text=texts[field][start:end], title=field == "title", shown=tuple(marks))
    for field, text in texts.items():
        for some in _near(
            Shown(start=at[1], end=at[2], field=name, value=value) for at, name, value in left if at[0] == field
        ):
            if max(one.end for one in some) <= len(text):
                yield _cut(text, some, AROUND, title=field == "title")


def _things(told: Mapping[str, Any]) -> Iterator[tuple[Place, str, str | None]]:
    """The places of parties, things and amounts, each with the name of its field and what is made of it."""
    for name, field in PARTIES.items():
        yield from ((_place(one["span"]), field, one["party"]["name"]) for one in told.get(name, ()) if one.get("span"))
    for name, field in THINGS.items():
        yield from ((_place(one["span"]), field, one["text"]) for one in told.get(name, ()) if one.get("span"))


def _dates(told: Mapping[str, Any]) -> Iterator[tuple[Place, str, str | None]]:
    """Those of the dates, and of the word that says what is done."""
    for reason in told.get("why", ()):
        if reason["what"] == "event" and reason.get("span"):
            yield _place(reason["span"]), "type", None
    for name in DATES:
        if (when := told.get(name)) and when.get("span"):
            yield _place(when["span"]), name, when["value"]


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


def _place(span: Mapping[str, Any]) -> Place:
    return span.get("field", "text"), span["start"], span["end"]


def _words(texts: Mapping[str, str], place: Place) -> str:
    return texts[place[0]][place[1] : place[2]]
