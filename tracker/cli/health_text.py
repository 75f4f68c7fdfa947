"""The health of sources as text: rhythm, silence, yield, alarms, and the last requests of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from tracker.cli.render import clean, counted, heading, outcome, state
from tracker.query import FetchRow, SourceDetail, SourceRow

COLUMNS = ("source", "last", "asked", "fails", "last new", "rhythm", "a week", "undated", "copies", "unread", "faults")
NUMBERS = frozenset({"fails", "rhythm", "a week", "undated", "copies", "unread"})
UNITS = ((86_400, "d"), (3_600, "h"), (60, "m"))


def table(rows: Sequence[SourceRow]) -> Iterator[RenderableType]:
    """Every source in one line; shares are of the last four weeks."""
    shown = _table(COLUMNS, free="faults")
    for row in rows:
        shown.add_row(
            Text(row.id),
            outcome(state(row)),
            Text(_minute(row.last_asked_at)),
            Text(str(row.failures)),
            Text(_minute(row.last_new_at)),
            Text(span(row.rhythm_seconds)),
            Text(f"{row.items_per_week:g}"),
            *(Text(_percent(share)) for share in (row.undated_share, row.copies_share, row.unread_share)),
            Text(clean(row.alarms or (row.last_reason if row.failures else "") or ""), style="yellow"),
        )
    yield shown
    ringing = sum(1 for row in rows if row.alarms)
    yield Text(
        f"{counted(len(rows), 'source')}, {ringing} with an alarm, {sum(1 for row in rows if row.failures)} failing"
    )


def detail(found: SourceDetail) -> Iterator[RenderableType]:
    """One source with all that is known of how it does."""
    row = found.source
    yield Text(clean(row.name), style="bold")
    fields = Table(box=None, show_header=False, pad_edge=False)
    for name, value in _fields(row):
        if value:
            fields.add_row(Text(name, style="dim"), Text(clean(value)))
    yield fields
    if found.alarms:
        yield heading("alarms")
    for alarm in found.alarms:
        until = f" to {_minute(alarm.until_at)}" if alarm.until_at else " until now"
        words = f"{alarm.kind}, from {_minute(alarm.since_at)}{until}: {clean(alarm.detail)}"
        yield Text(words, style="dim" if alarm.until_at else "yellow")
    if found.fetches:
        yield heading("last requests")
        yield _fetches(found.fetches)


def _fields(row: SourceRow) -> tuple[tuple[str, str], ...]:
    """What is known, each under its name; what is not known is empty."""
    success, new = _minute(row.last_success_at) or "never", _minute(row.last_new_at)
    trust = _minute(row.validators_distrusted_at)
    items = f"{row.items} items ({row.pending} pending, {row.dropped} dropped)"
    return (
        ("id", f"{row.id} ({row.kind}, {row.tier})"),
        ("address", row.url),
        ("state", "off" if not row.enabled else "" if row.active else "in feeds.yaml no more"),
        ("last answer", f"{outcome(row.last_outcome or 'never asked')} {_minute(row.last_asked_at)}"),
        ("fault", row.last_reason or ""),
        ("notes", row.notes or ""),
        ("failures", f"{row.failures} in a row, last success {success}" if row.failures else ""),
        ("next due", _minute(row.next_due_at)),
        ("last new", _last_new(new, row.silent_seconds)),
        ("rhythm", f"something new every {span(row.rhythm_seconds)}" if row.rhythm_seconds else "not known yet"),
        ("volume", f"{row.items_per_week:g} items a week"),
        ("yield", ", ".join(_shares(row))),
        ("moved to", row.moved_to or ""),
        ("gone", _minute(row.gone_at)),
        ("validators", f"not trusted since {trust}" if trust else ""),
        ("in all", f"{items}, {row.articles} articles ({row.held} held back), {row.reports} reports"),
    )


def _last_new(moment: str, silent: int | None) -> str:
    """When something new last came, and how long that was before the source was last asked."""
    return f"{moment}, {span(silent)} before it was last asked" if moment and silent else moment


def _shares(row: SourceRow) -> Iterator[str]:
    """What was odd about the last four weeks, in parts of a hundred."""
    for share, words in ((row.undated_share, "undated"), (row.copies_share, "copies"), (row.unread_share, "unread")):
        if share is not None:
            yield f"{_percent(share)} {words}"


def _fetches(rows: Sequence[FetchRow]) -> Table:
    shown = _table(("when", "outcome", "status", "bytes", "ms", "address, reason"), free="address, reason")
    for row in rows:
        words = f"{row.url}{' → ' + row.final_url if row.final_url else ''}{'  ' + row.reason if row.reason else ''}"
        numbers = (row.status, row.bytes, row.milliseconds)
        shown.add_row(
            Text(_minute(row.fetched_at)),
            outcome(row.outcome),
            *(Text("" if number is None else str(number)) for number in numbers),
            Text(clean(words)),
        )
    return shown


def span(seconds: int | None) -> str:
    """A length of time in its largest fitting unit: 90 minutes are "1.5h"."""
    if seconds is None:
        return ""
    size, unit = next(((size, unit) for size, unit in UNITS if seconds >= size), (1, "s"))
    return f"{round(seconds / size, 1):g}{unit}"


def _table(names: Sequence[str], *, free: str) -> Table:
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        is_number = name in NUMBERS or name in {"status", "bytes", "ms"}
        shown.add_column(name, no_wrap=name != free, justify="right" if is_number else "left")
    return shown


def _minute(moment: str | None) -> str:
    return (moment or "")[:16].replace("T", " ")


def _percent(share: float | None) -> str:
    return "" if share is None else f"{round(share * 100)}%"
