"""Lakes made of databases, and opened for questions: what needs the extra `lake` is loaded when it is asked for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import tracker
from tracker.extras import needed
from tracker.query.timeline import Clock
from tracker.store.connection import SCHEMA_VERSION, open_database
from tracker.store.migrations import require_current

if TYPE_CHECKING:
    from tracker.lake.timeline import Written
    from tracker.query.lake_timeline import LakeTimeline


def open_timeline(
    path: Path | str, *, clock: Clock | None = None, threads: int | None = None, memory: str | None = None
) -> LakeTimeline:
    """As `LakeTimeline.open`; raises InputError where a library is missing."""
    needed("pyarrow", "a lake", extra="lake")
    from tracker.query.lake_timeline import LakeTimeline  # noqa: PLC0415 - of the extra

    return LakeTimeline.open(path, clock=clock, threads=threads, memory=memory)


def make(database: Path, folder: Path, *, now: datetime) -> Written:
    """Write the timeline of a database to a lake: one state of it, whatever a refresh writes meanwhile.

    Raises:
        InputError: the folder cannot be written, or a library is missing.
        StoreError: there is no database, or it cannot be read.
    """
    needed("pyarrow", "a lake", extra="lake")
    from tracker.lake.timeline import write  # noqa: PLC0415 - of the extra
    from tracker.query.lake_tables import tables  # noqa: PLC0415 - as above

    db = open_database(database, read_only=True)
    try:
        require_current(db)
        with db.reading():
            about = {
                "tracker": tracker.__version__,
                "schema": SCHEMA_VERSION,
                "cursor": db.number("SELECT coalesce(max(cursor), 0) FROM change"),
                "made_at": now.isoformat(),
            }
            return write(tables(db), folder, about=about)
    finally:
        db.close()
