"""The store itself: one database file, opened for the one writer, with a noun for each kind of thing in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from tracker.store import bulk, facets, filling
from tracker.store.alarms import Alarms
from tracker.store.analyses import Analyses
from tracker.store.answering import Answering
from tracker.store.articles import Articles
from tracker.store.connection import Connection, open_database
from tracker.store.difference import Difference, differences
from tracker.store.entities import Entities
from tracker.store.events import Events
from tracker.store.fetches import Fetches
from tracker.store.figures import Figures, figures
from tracker.store.holds import Holds
from tracker.store.hosts import Hosts
from tracker.store.items import Items
from tracker.store.judgements import Judgements
from tracker.store.lock import WriterLock
from tracker.store.measures import Measures
from tracker.store.messages import Messages
from tracker.store.migrations import STEPS, migrate, require_current, version
from tracker.store.outbox import Outbox
from tracker.store.pages import Pages
from tracker.store.past import Past
from tracker.store.reports import Reports
from tracker.store.sources import Sources
from tracker.store.space import Space
from tracker.store.upkeep import Upkeep

HOLDS_DATA = "SELECT 1 WHERE EXISTS (SELECT 1 FROM source) OR EXISTS (SELECT 1 FROM article)"  # of any schema
Keeping = Callable[[Path, int], object]
COUNTED = ("source", "item", "article", "entity", "report", "event", "measure")


class Store:
    """One open database; a context manager that closes it.

    Every method that writes is one transaction; `batch()` makes one of several. `writing()` keeps other runs out.
    """

    def __init__(self, connection: Connection) -> None:
        """Take over a connection to a database of the present schema; use `Store.open`."""
        self._db = connection
        self._db.before_commit = facets.settle
        self._lock = WriterLock(connection.path)
        self.path = connection.path
        self.sources = Sources(connection)
        self.fetches = Fetches(connection)
        self.hosts = Hosts(connection)
        self.holds = Holds(connection)
        self.alarms = Alarms(connection)
        self.outbox = Outbox(connection)
        self.messages = Messages(connection)
        self.items = Items(connection)
        self.articles = Articles(connection)
        self.pages = Pages(connection)
        self.analyses = Analyses(connection)
        self.entities = Entities(connection)
        self.reports = Reports(connection)
        self.events = Events(connection)
        self.measures = Measures(connection)
        self.answering = Answering(connection)
        self.judgements = Judgements(connection)
        self.past = Past(connection)
        self.space = Space(connection)
        self.upkeep = Upkeep(connection)

    @classmethod
    def open(cls, path: Path | str, *, read_only: bool = False, before_migration: Keeping | None = None) -> Self:
        """Open the database at a path, made and brought to the present schema where need be.

        Args:
            path: the file.
            read_only: nothing is made or changed.
            before_migration: called with the path and the schema of a database that holds data before that is changed;
                what it raises leaves the database as it is.

        Raises:
            ForeignDatabaseError: the file is no tracker database; it was not touched.
            NewerDatabaseError: a later tracker wrote it; it was not touched.
            BusyError: it has an old schema and another process is writing to it.
            StoreError: it cannot be used, with the reason and what to do.
        """
        connection = open_database(Path(path), read_only=read_only)
        try:
            store = cls(connection)
            if read_only:
                require_current(connection)
            else:
                store._migrate(before_migration)
        except BaseException:
            connection.close()
            raise
        return store

    @contextmanager
    def writing(self) -> Iterator[Self]:
        """Hold the database for a whole run.

        Raises:
            BusyError: another process holds it; the message has its id.
        """
        self._lock.acquire()
        try:
            yield self
        finally:
            self._lock.release()

    @contextmanager
    def batch(self, *, rehearsal: bool = False) -> Iterator[None]:
        """One transaction around several writes: all or nothing. A rehearsal is taken back at its end."""
        with self._db.batch(rehearsal=rehearsal):
            yield

    def fill(self, batches: Iterable[bulk.Packed], now: datetime) -> None:
        """Fill an empty database with whole tables (`tracker.store.filling`), all or nothing.

        Raises:
            StoreError: it holds articles already.
        """
        filling.fill(self._db, batches, now)

    def is_empty(self) -> bool:
        """Whether it can be filled: it may know sources, and nothing else."""
        return filling.is_empty(self._db)

    def needs_settling(self) -> bool:
        """Whether there are parties, reports, events or measures that are not settled."""
        return bool(
            self.entities.unnamed(1)
            or self.entities.unsettled(1)
            or self.reports.waiting()
            or self.reports.homeless(1)
            or self.events.stale(1)
            or self.events.gone(1)
            or self.measures.stale(1)
        )

    def differences(self, before: Self) -> Iterator[Difference]:
        """What the transaction under way has made of the events, beside another connection that stands outside it."""
        return differences(self._db, before._db)

    def figures(self) -> Figures:
        """The database in figures, for whoever watches over it."""
        return figures(self._db)

    def counts(self) -> dict[str, int]:
        """How many rows there are of each main kind, and how many articles are copies."""
        numbers = {name: self._db.number(f"SELECT count(*) FROM {name}") for name in COUNTED}  # noqa: S608 - names are constants
        return numbers | {"copies": self._db.number("SELECT count(*) FROM article WHERE origin <> id")}

    def unread_counts(self) -> dict[str, int]:
        """Why articles are not read, and how many for each reason."""
        rows = self._db.rows(
            "SELECT unread, count(*) FROM article WHERE unread IS NOT NULL GROUP BY unread ORDER BY unread"
        )
        return {row[0]: row[1] for row in rows}

    def close(self) -> None:
        """Close the database; twice does no harm."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _migrate(self, before: Keeping | None = None) -> None:
        """Bring the schema up to date, alone."""
        if version(self._db) < len(STEPS):
            with self.writing():
                if before is not None and 0 < version(self._db) < len(STEPS) and self._db.row(HOLDS_DATA):
                    before(self.path, version(self._db))
                migrate(self._db)
        if facets.unsettled(self._db):  # after a migration, which may have been killed before it came to this
            with self.writing(), self._db.batch():
                pass
