"""The log of changes as text."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from tracker.cli.render import ID_SHOWN, clean
from tracker.query import Change, Changes

FIELDS_WIDE = 30  # columns, of which the names of a few fields take no more


def changes(found: Changes) -> Iterator[RenderableType]:
    """One change a row, then the cursor to ask from next time."""
    if found.changes:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for name in ("cursor", "at", "what", "id", "kind"):
            table.add_column(name, no_wrap=True)
        table.add_column("fields", overflow="fold", max_width=FIELDS_WIDE)
        table.add_column("about", ratio=1, overflow="fold")
        for one in found.changes:
            what = (one.changed_at[:16].replace("T", " "), one.what, clean(one.id)[:ID_SHOWN], one.kind)
            table.add_row(str(one.cursor), *map(Text, (*what, clean(_fields(one)), clean(one.about or ""))))
        yield table
    yield Text(f"cursor {found.cursor}{'; there are more: ask again from it' if found.more else ''}", style="dim")


def _fields(change: Change) -> str:
    into = change.fields.get("into")
    return f"into {into[1][:ID_SHOWN]}" if into else ", ".join(change.fields)
