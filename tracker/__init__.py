"""News monitoring and policy-event tracking: feeds in, a SQLite timeline of policy events out.

    import tracker

    with tracker.open("db/tracker.db") as t:
        for event in t.timeline(type="export_control", target="CN", since="2024-10"):
            print(event.announced_on, event.actors, event.summary, event.reports[0].quote)

`open` gives a `tracker.query.Timeline`, which asks and never writes. The types that cross the package are in
`tracker.model`, the errors in `tracker.errors`; importing this module loads neither the language model nor the network.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.query import Timeline

__version__ = "0.1.0"
__all__ = ["__version__", "open"]


def open(path: Path | str = "db/tracker.db", *, clock: Callable[[], datetime] | None = None) -> Timeline:  # noqa: A001 - tracker.open reads well
    """A database, opened for questions; a context manager that closes it.

    Args:
        path: the file.
        clock: tells the time, in UTC, for dates that count from today ("30d"); None: that of the computer.

    Raises:
        StoreError: there is no database, or it cannot be read; its children say more.
    """
    from tracker.query import Timeline  # noqa: PLC0415 - `tracker --help` needs no database

    return Timeline.open(path, clock=clock or _now)


def _now() -> datetime:
    return datetime.now(UTC)
