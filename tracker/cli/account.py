"""`tracker extract --explain` for a person: each event with its sentence, each field with the words that gave it.

Shows the reasons as the reader gives them, in the same table whatever they are; decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tracker.cli.render import DIRECTIONS, clean
from tracker.extraction import JSON, Answer
from tracker.model import Article
from tracker.wording import worded

# Field of the contract to what the reader's reasons call it; in the order of the table.
FIELDS = {
    "type": "event",
    "status": "status",
    "direction": "direction",
    "certainty": "certainty",
    "actors": "actor",
    "targets": "target",
    "items": "item",
    "instruments": "instrument",
    "amounts": "amount",
    "announced_on": "announced",
    "effective_on": "effective",
}
AMOUNT = ("kind", "value", "upper", "comparison", "unit", "per")
CLOSED = frozenset({"type", "status", "direction", "certainty"})
QUOTED = 60  # characters of the words that gave a field
Row = tuple[str, str, str, str]  # field, value, the words and their place, why


def told(answer: Answer) -> Iterator[RenderableType]:
    """One article with its events."""
    article, events = answer.input.article, answer.found["events"]
    yield Text(clean(article.title or article.id), style="bold")
    day = article.published.day if article.published else "no date"
    where = article.url or answer.input.name
    yield Text(f"{clean(where)}  {day}  {_count(article, events)}", style="dim")
    for number, event in enumerate(events, start=1):
        yield Text("")
        yield from _event(number, event, article)
    yield Text("")


def _count(article: Article, events: list[JSON]) -> str:
    if article.unread is not None:
        return f"not read: {article.unread}"
    return f"{len(events)} event{'' if len(events) == 1 else 's'}" if events else "no policy event found"


def _event(number: int, event: JSON, article: Article) -> Iterator[RenderableType]:
    colour, sign = DIRECTIONS.get(event["direction"], ("white", "?"))
    kind = "/".join(filter(None, (event["type"], event.get("subtype"))))
    head = f"{number}. {sign} {kind}, {event['status']}, {event['certainty']}"
    yield Text.assemble((head, f"bold {colour}"), (f"  confidence {event['confidence']:.2f}", "dim"))
    for span in event["evidence"]:
        place = f" ({_place(span)})"
        yield Padding(
            Text.assemble((f"“{_words(article, span)}”", "italic"), (place, "dim")), (0, 0, 0, 3), expand=False
        )
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for name in ("field", "value", "words in the article", "why"):
        table.add_column(name, overflow="fold")
    for row in rows(event, article):
        table.add_row(*map(Text, row))
    yield Padding(table, (0, 0, 0, 3), expand=False)


def rows(event: JSON, article: Article) -> Iterator[Row]:
    """A row for each value of each field, and one for each reason beside them."""
    left = list(event.get("why", ()))
    for field, name in FIELDS.items():
        spans = event["spans"].get(field, [])
        for n, value in enumerate(_values(event, field)):
            span = spans[n] if n < len(spans) else None
            reasons = [r for r in left if r["what"] == name and (field in CLOSED or r.get("span") == span)]
            left = [r for r in left if r not in reasons]
            span = span or next((r["span"] for r in reasons if "span" in r), None)
            yield "type" if field == "type" else name, value, _quoted(article, span), "; ".join(map(_why, reasons))
    for reason in left:
        yield reason["what"], "", _quoted(article, reason.get("span")), _why(reason)


def _values(event: JSON, field: str) -> Iterable[str]:
    value = event.get(field)
    return [_value(one) for one in (value if isinstance(value, list) else [value] if value else [])]


def _value(value: str | Mapping[str, Any]) -> str:
    if isinstance(value, str):
        return clean(value)
    if "unit" in value:
        return clean(worded(**{name: value[name] for name in AMOUNT}))
    return clean(f"{value['name']} ({', '.join(filter(None, (value['kind'], value['country'])))})")


def _why(reason: JSON) -> str:
    weight = f" ({reason['weight']:+.2f})" if "weight" in reason else ""
    return clean(reason["words"]) + weight


def _quoted(article: Article, span: JSON | None) -> str:
    if span is None:
        return ""
    words = _words(article, span)
    shown = words if len(words) <= QUOTED else words[:QUOTED].rpartition(" ")[0] + " …"
    return f"“{shown}” {_place(span)}"


def _words(article: Article, span: JSON) -> str:
    return clean((article.title if span.get("field") == "title" else article.text)[span["start"] : span["end"]])


def _place(span: JSON) -> str:
    return f"{'title ' if span.get('field') == 'title' else ''}{span['start']}–{span['end']}"
