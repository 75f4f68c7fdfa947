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
    from tracker.query.lake_timeline import LakeTimeline

__version__ = "0.1.0"
__all__ = ["__version__", "open", "open_lake"]


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


def open_lake(
    path: Path | str,
    *,
    clock: Callable[[], datetime] | None = None,
    threads: int | None = None,
    memory: str | None = None,
) -> LakeTimeline:
    """A lake (`tracker lake DIR`), opened for the same questions with DuckDB; a context manager that closes it.

    Args:
        path: the folder.
        clock: as in `open`.
        threads: at most so many threads of DuckDB; None: one for each processor.
        memory: at most so much of it for DuckDB ("2GB"); None: 80 % of the machine's.

    Raises:
        InputError: pyarrow or DuckDB is not installed (the extra `lake`), or a limit is none.
        LakeError: no timeline lies there, or it cannot be read.
    """
    from tracker.query import lakes  # noqa: PLC0415 - as above

    return lakes.open_timeline(path, clock=clock or _now, threads=threads, memory=memory)


def _now() -> datetime:
    return datetime.now(UTC)
