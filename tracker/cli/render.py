"""Answers as text: tables and colours on a terminal, plain tab-free lines when piped, JSON when asked for.

Text from articles is shown as text: control characters go, and nothing in it is taken for markup.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from typing import IO, Any, Protocol

from rich.console import Console, Group, RenderableType
from rich.constrain import Constrain
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from tracker.query import EventRow, Hits, Revision, Snippet, SourceRow, Timeline

PIPED_WIDTH = 10_000  # no row of an answer is longer, so that each is one line for grep and its like
HEADING = 160  # signs of a heading's line, at most
MOST_COUNTED = 10_000  # events that pass a filter; beyond, nobody wants to wait for the number
ID_SHOWN = 8  # enough to be unique in most databases; any unique beginning of an id will do
# What a reader's eye should find first: direction by colour, and by sign for those who see no colour.
DIRECTIONS = {"restrict": ("red", "▼"), "ease": ("green", "▲"), "neutral": ("cyan", "■")}
# Outcomes of the database that are no words for people; JSON has them as they are.
OUTCOMES = {"page": "answered", "poison": "lasting fault"}
UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Answer(Protocol):
    """What has a JSON form."""

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        ...


def as_json(answers: Answer | Iterable[Answer]) -> str:
    """One object, or an array of them."""
    if isinstance(answers, Iterable):
        return json.dumps([a.to_dict() for a in answers], ensure_ascii=False, indent=1)
    return json.dumps(answers.to_dict(), ensure_ascii=False, indent=1)


def show(*parts: RenderableType, out: IO[str] | None = None) -> None:
    """Write to standard output (or `out`): in colour to a terminal, else plain, each row on one line."""
    out = out or sys.stdout
    if out.isatty():
        Console(file=out, highlight=False).print(Group(*parts))
    else:
        out.write(text(*parts))
        out.flush()


def text(*parts: RenderableType, width: int = PIPED_WIDTH) -> str:
    """The same, plain and as a string; blanks at the ends of lines are left out."""
    out = StringIO()
    Console(file=out, width=width, highlight=False).print(Group(*parts))
    return "".join(f"{line.rstrip(' ')}\n" for line in out.getvalue().split("\n")[:-1])


def width() -> int:
    """How many signs a line of standard output holds."""
    return Console().width if sys.stdout.isatty() else PIPED_WIDTH


def heading(words: str) -> RenderableType:
    """A line that parts an answer."""
    return Constrain(Rule(words, align="left", style="dim"), HEADING)


def entry(mark: str, *parts: Text) -> Table:
    """Texts one under the other, beside what marks them; lines that are broken go on under their text."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(Text(mark), Group(*parts))
    return table


def notes(timeline: Timeline, filters: Mapping[str, Any]) -> None:
    """Say beside an answer which names of its filters are unknown, on standard error."""
    for line in timeline.unheard(**filters):
        sys.stderr.write(f"note: {clean(line)}\n")


def clean(words: str) -> str:
    """Words of an article, safe for a terminal, on one line."""
    return " ".join(UNSAFE.sub("", words).split())


def events(found: Sequence[EventRow], *, total: int) -> Iterator[RenderableType]:
    """The timeline, one event a row."""
    if not found:
        yield Text("no event matches")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, options in _COLUMNS.items():
        table.add_column(name, **options)
    for event in found:
        table.add_row(*_cells(event))
    yield table
    if total > len(found):
        more = " or more" if total == MOST_COUNTED else ""
        yield Text(f"{len(found)} of {total}{more} events; --limit shows more", style="dim")


def upcoming(found: Sequence[EventRow]) -> Iterator[RenderableType]:
    """What takes effect, one event a row, by the day of it."""
    if not found:
        yield Text("nothing that is known takes effect")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, options in _COLUMNS.items():
        table.add_column("effective" if name == "date" else name, **options)
    for event in found:
        cells = _cells(event)
        table.add_row(cells[0], Text(event.effective_on or ""), *cells[2:])
    yield table


_COLUMNS: dict[str, dict[str, Any]] = {
    "id": {"no_wrap": True},
    "date": {"no_wrap": True},
    "type": {"no_wrap": True},
    "status": {"no_wrap": True},
    "event": {"ratio": 1, "overflow": "fold"},
    "by": {"no_wrap": True, "justify": "right"},
}


def _cells(event: EventRow) -> tuple[Text, ...]:
    colour, sign = DIRECTIONS.get(event.direction, ("white", "?"))
    status = event.status if event.certainty == "confirmed" else f"{event.status} ({event.certainty})"
    return (
        Text(event.id[:ID_SHOWN], style="dim"),
        Text(event.date if event.announced_on else f"~{event.date}"),
        Text(f"{sign} {kind(event)}", style=colour),
        Text(status),
        Text(clean(event.summary)),
        Text(str(event.origins)),
    )


def kind(event: EventRow) -> str:
    """The type, and the subtype where there is one."""
    return f"{event.type}/{event.subtype}" if event.subtype else event.type


def hits(found: Hits) -> Iterator[RenderableType]:
    """What a search found."""
    if not found.events and not found.articles and not found.parties:
        near = ", ".join(map(clean, found.near))
        yield Text(f"nothing matches; parties that are called much like it: {near}" if near else "nothing matches")
    if found.parties:
        yield heading("parties")
    for party in found.parties:
        yield Text(f"{clean(party.id)}  {clean(party.name)}  acts in {party.acts}, is acted upon in {party.targeted}")
    if found.events:
        yield heading(f"events{_ORDERED[found.orders['events']]}")
    for hit in found.events:
        yield entry(f"{hit.event.id[:ID_SHOWN]}  {hit.event.date}", *_titled(clean(hit.event.summary), hit.snippet))
    if found.articles:
        yield heading(f"articles{_ORDERED[found.orders['articles']]}")
    for article in found.articles:
        parts = [*_titled(clean(article.title), article.snippet), *([Text(article.url)] if article.url else [])]
        yield entry(f"{(article.published or '')[:10]:10}", *parts)


_ORDERED = {"rank": "", "date": ", the newest first"}


def revisions(found: Sequence[Revision]) -> Iterator[RenderableType]:
    """The texts of an article: of the first its title, of each later one what it changed."""
    for number, one in enumerate(found):
        what = "edited" if number else "first had"
        yield Text(f"{what} {one.since[:16].replace('T', ' ')}  {clean(one.title)}", style="bold")
        if number:
            yield from (Text(f"- {clean(sentence)}", style="red") for sentence in one.gone)
            yield from (Text(f"+ {clean(sentence)}", style="green") for sentence in one.come)
    if len(found) == 1:
        yield Text("no edit has been seen", style="dim")


def sources(found: Sequence[SourceRow]) -> Iterator[RenderableType]:
    """The health of the sources."""
    if not found:
        yield Text("no source matches")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("source", "kind", "tier", "last", "asked", "fails", "items", "articles", "reports", "fault"):
        table.add_column(name, no_wrap=name != "fault", justify="right" if name in _NUMBERS else "left")
    for row in found:
        table.add_row(
            Text(row.id),
            Text(row.kind),
            Text(row.tier),
            outcome(state(row)),
            Text((row.last_asked_at or "")[:16].replace("T", " ")),
            *(Text(str(n)) for n in (row.failures, row.items, row.articles, row.reports)),
            Text(clean(row.last_reason or row.alarms or "")),
        )
    yield table


def fields(*pairs: tuple[str, str]) -> Table:
    """Names with their values, one a line; those without a value left out."""
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, value in pairs:
        if value:
            table.add_row(Text(name, style="dim"), Text(clean(value)))
    return table


def counted(count: int, noun: str) -> str:
    """A number with its noun: "1 source", "2 sources"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def state(row: SourceRow) -> str:
    """How a source stands: what feeds.yaml says of it where that is not the usual, else how it last answered."""
    if not row.active:
        return "removed"
    return (row.last_outcome or "never asked") if row.enabled else "off"


def outcome(name: str) -> Text:
    """An outcome or a state of a source in words."""
    return Text(OUTCOMES.get(name, name), style="green" if name in {"page", "unchanged"} else "yellow")


_NUMBERS = frozenset({"fails", "items", "articles", "reports"})


def _titled(title: str, snippet: Snippet) -> Iterator[Text]:
    """A title with its hits; the snippet under it where that is no part of the title."""
    part = snippet.text.strip("…")
    start = title.find(part)
    shown = Text(title)
    yield shown
    if start < 0:
        yield _snippet(snippet)
    for first, end in snippet.hits if start >= 0 else ():
        moved = start - snippet.text.index(part)
        shown.stylize("bold", first + moved, end + moved)


def _snippet(snippet: Snippet) -> Text:
    shown = Text(UNSAFE.sub(" ", snippet.text.replace("\n", " ")), style="dim")
    for start, end in snippet.hits:
        shown.stylize("bold not dim", start, end)
    return shown
