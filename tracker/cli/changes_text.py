"""The log of changes as text."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from tracker.cli.render import clean
from tracker.query import Change, Changes


def changes(found: Changes) -> Iterator[RenderableType]:
    """One change a row, then the cursor to ask from next time."""
    if found.changes:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for name in ("cursor", "at", "what", "id", "kind"):
            table.add_column(name, no_wrap=True)
        table.add_column("fields", ratio=1, overflow="fold")
        for one in found.changes:
            table.add_row(
                str(one.cursor), one.changed_at[:19], one.what, Text(clean(one.id)), one.kind, Text(clean(_fields(one)))
            )
        yield table
    yield Text(f"cursor {found.cursor}{'; there are more: ask again from it' if found.more else ''}", style="dim")


def _fields(change: Change) -> str:
    into = change.fields.get("into")
    return f"into {into[1]}" if into else ", ".join(change.fields)
