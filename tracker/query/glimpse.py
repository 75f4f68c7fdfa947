"""Some events as a small HTML table, for notebooks. Text from articles is escaped, and links are http(s) ones alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from tracker.query.answers import EventRow
from tracker.urls import is_http

SHOWN = 20  # events of a table
COUNTED = 10_000  # beyond, nobody wants to wait for the number
HEAD = ("date", "type", "status", "event", "reports", "source")
# Controls, and what turns the direction of writing: readers would be misled.
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+")


def table(shown: Sequence[EventRow], total: int) -> str:
    """The events, one a row, and of how many they are the first."""
    head = "".join(f"<th>{name}</th>" for name in HEAD)
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in _cells(event))}</tr>" for event in shown)
    more = " or more" if total == COUNTED else ""
    words = (
        f"{len(shown)} of {total}{more} events" if total != len(shown) else f"{total} event{'' if total == 1 else 's'}"
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table><p>{words}</p>"


def _cells(event: EventRow) -> tuple[str, ...]:
    link = event.url if event.url and is_http(event.url) else None
    return (
        _text(event.date if event.announced_on else f"~{event.date}"),
        _text(f"{event.type}/{event.subtype}" if event.subtype else event.type),
        _text(event.status if event.certainty == "confirmed" else f"{event.status} ({event.certainty})"),
        _text(event.summary),
        str(event.report_count),
        f'<a href="{_text(link)}" rel="noopener noreferrer">link</a>' if link else "",
    )


def _text(words: str) -> str:
    return escape(" ".join(UNSAFE.sub(" ", words).split()))
