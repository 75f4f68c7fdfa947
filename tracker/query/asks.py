"""What answers SQL: a database, or a lake whose tables have the names and columns of a database's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from tracker.store.connection import Value


class Line(Protocol):
    """A row: its values by the name or the place of a column."""

    def __getitem__(self, key: Any, /) -> Any:
        """One value."""
        ...


class Asks(Protocol):
    """The part of a connection that questions about a few things need, in SQL that both engines understand."""

    def rows(self, sql: str, values: Sequence[Value] = ...) -> Sequence[Line]:
        """All rows of a question."""
        ...

    def row(self, sql: str, values: Sequence[Value] = ...) -> Line | None:
        """The first row of a question, or None."""
        ...
