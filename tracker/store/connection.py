"""A connection to a tracker database: opened with care, its errors in words a user can act on.

It knows files, transactions and SQLite's error codes, and nothing of what the tables mean. Plain sqlite3 carries the
statements, so that a read-only question need not import sqlite-utils (and numpy with it); migrations go through it.
"""

from __future__ import annotations

import re
import sqlite3
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from itertools import chain, islice
from pathlib import Path
from typing import Any

from tracker.errors import BusyError, DamagedError, ForeignDatabaseError, NewerDatabaseError, StoreError
from tracker.store import heading

APPLICATION_ID = 0x74726B72  # "trkr"
SCHEMA_VERSION = 8  # user_version; the number of migrations
BUSY_SECONDS = 10.0
STATEMENTS_KEPT = 512  # prepared: settling alone runs 170 different ones, and preparing one costs more than running it
LARGEST_LOG = 64 << 20  # bytes to which a write-ahead log that grew is cut when it begins anew
LOOK_EVERY = 20_000  # steps of SQLite's machine between two looks at whether an answer comes too late
TOGETHER = 1_000  # values in one statement that inserts many rows
SURROGATES = re.compile("[\ud800-\udfff]")
# Tables but those that a first migration makes before its own: a run may have been killed just there.
STRANGE = r"SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\_sqlite\_%' ESCAPE '\'"

Value = str | int | float | bytes | None

SALVAGE = "`tracker doctor --repair` saves what it still holds, `tracker restore` puts back a backup"
LOCKED = "another program keeps the database locked (`fuser` tells which); close it or try again"
OWN = "run the tracker as its owner, or give that user the file"
AWAY = "name another file; if it was the tracker's, move it away and `tracker restore` a backup"
# Primary SQLite result code -> what to tell the user.
ADVICE = {
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_FULL: "the disk is full; nothing of this step was written: free space and run again",
    sqlite3.SQLITE_READONLY: "the file cannot be written; check its permissions and those of its directory",
    sqlite3.SQLITE_PERM: "permission denied; check the file's owner and permissions",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened; check the path and its permissions",
    sqlite3.SQLITE_IOERR: "the disk reports an error, or has no room left; check both (`tracker doctor`)",
    sqlite3.SQLITE_CORRUPT: f"the file is damaged; {SALVAGE}",
    sqlite3.SQLITE_NOTADB: f"the file is damaged or no SQLite database; {SALVAGE}",
}
# Those that callers tell apart.
KINDS: dict[int, type[StoreError]] = {
    sqlite3.SQLITE_BUSY: BusyError,
    sqlite3.SQLITE_LOCKED: BusyError,
    sqlite3.SQLITE_CORRUPT: DamagedError,
    sqlite3.SQLITE_NOTADB: DamagedError,
}
NO_TEXT = "Could not decode to UTF-8"  # so begins what Python says of a text that is none; it has no code


class translated:  # noqa: N801 - used as a function; as a generator it costs as much as a small statement
    """Turn the SQLite errors that a user can do something about into `StoreError`; let bugs through."""

    __slots__ = ("_path",)

    def __init__(self, path: Path) -> None:
        """For a database."""
        self._path = path

    def __enter__(self) -> None:
        """Nothing is to be begun."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Say it in words."""
        if isinstance(error, sqlite3.DatabaseError):
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
            if code in ADVICE:
                raise KINDS.get(code, StoreError)(f"{self._path}: {ADVICE[code]} ({error})") from error
            if str(error).startswith(NO_TEXT):  # the text itself is not told: it may be anything
                raise DamagedError(f"{self._path}: the file is damaged, a text in it is none; {SALVAGE}") from error


class Connection:
    """One SQLite connection with the few ways in which the store uses it."""

    def __init__(self, raw: sqlite3.Connection, path: Path) -> None:
        """Take over an open connection."""
        self.raw = raw
        self.path = path
        self.before_commit: Callable[[Connection], None] | None = None  # what follows from all that a batch wrote
        self.late: Callable[[], bool] | None = None  # whether no answer is waited for any more

    def end_when(self, late: Callable[[], bool]) -> None:
        """Have SQLite look again and again whether an answer comes too late, and break off (SQLITE_INTERRUPT)."""
        self.late = late
        self.raw.set_progress_handler(late, LOOK_EVERY)

    def rows(self, sql: str, values: Sequence[Value] = ()) -> list[sqlite3.Row]:
        """All rows of a question."""
        with translated(self.path):
            return self._asked(self.raw.cursor(), sql, values).fetchall()

    def stream(self, sql: str, values: Sequence[Value] = ()) -> Iterator[sqlite3.Row]:
        """The rows of a question, one by one."""
        with translated(self.path):
            # `yield from` closes the cursor, which fails where the database is closed
            for row in self._asked(self.raw.cursor(), sql, values):  # noqa: UP028
                yield row

    def tuples(self, sql: str, values: Sequence[Value] = ()) -> Iterator[tuple[Any, ...]]:
        """As `stream`, as plain tuples: for the many rows of exports."""
        with translated(self.path):
            cursor = self.raw.cursor()
            cursor.row_factory = None
            for row in self._asked(cursor, sql, values):  # noqa: UP028 - as above
                yield row

    def row(self, sql: str, values: Sequence[Value] = ()) -> sqlite3.Row | None:
        """The first row of a question, or None."""
        with translated(self.path):
            found: sqlite3.Row | None = self._asked(self.raw.cursor(), sql, values).fetchone()
            return found

    def _asked(self, cursor: sqlite3.Cursor, sql: str, values: Sequence[Value]) -> sqlite3.Cursor:
        """Ask; lone surrogates are looked for as they are stored."""
        try:
            return cursor.execute(sql, values)
        except UnicodeEncodeError:
            return cursor.execute(sql, storable(values))

    def number(self, sql: str, values: Sequence[Value] = ()) -> int:
        """The first column of the first row, for counts."""
        found = self.row(sql, values)
        return 0 if found is None else int(found[0])

    def run(self, sql: str, values: Sequence[Value] = ()) -> int:
        """Execute one statement that changes rows; how many it changed."""
        with translated(self.path):
            try:
                return self.raw.execute(sql, values).rowcount
            except UnicodeEncodeError:
                return self.raw.execute(sql, storable(values)).rowcount

    def many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Execute one statement for many rows."""
        with translated(self.path):
            self.raw.executemany(sql, map(storable, rows))

    def insert(self, into: str, row: str, rows: Iterable[Sequence[Value]]) -> None:
        """Insert very many rows, hundreds by a statement, which takes a third of the time of as many statements.

        Args:
            into: the statement up to its values: "INSERT INTO a (b, c)".
            row: the values of one row: "(?, ?)".
            rows: one value for each question mark.
        """
        rest, size = iter(rows), max(1, TOGETHER // row.count("?"))
        whole = f"{into} VALUES {', '.join([row] * size)}"
        with translated(self.path):
            while some := list(islice(rest, size)):
                sql = whole if len(some) == size else f"{into} VALUES {', '.join([row] * len(some))}"
                try:
                    self.raw.execute(sql, list(chain.from_iterable(some)))
                except UnicodeEncodeError:
                    self.raw.execute(sql, list(chain.from_iterable(map(storable, some))))

    @contextmanager
    def reading(self) -> Iterator[None]:
        """All that is read within is of one state, whatever others write meanwhile; within another one, of that."""
        if self.raw.in_transaction:
            yield
            return
        with translated(self.path):
            self.raw.execute("BEGIN")
        try:
            yield
        except BaseException:
            with suppress(sqlite3.DatabaseError):  # in a damaged file that fails too, and says less
                self._end_reading()
            raise
        with translated(self.path):
            self._end_reading()

    def _end_reading(self) -> None:
        if self.raw.in_transaction:  # an interrupted statement may have ended it
            self.raw.execute("COMMIT")  # temporary tables that were made within stay

    def numbers(self, sql: str, rows: Iterable[Sequence[int]]) -> None:
        """As `many`, for rows of numbers alone: there may be millions, and nothing of them is to be looked at."""
        with translated(self.path):
            self.raw.executemany(sql, rows)

    @contextmanager
    def batch(self, *, rehearsal: bool = False) -> Iterator[None]:
        """All or nothing; within another batch, a savepoint of it. A rehearsal is taken back at its end."""
        inner = self.raw.in_transaction
        begin, undo, keep = (
            ("SAVEPOINT batch", "ROLLBACK TO batch", "RELEASE batch")
            if inner
            else ("BEGIN IMMEDIATE", "ROLLBACK", "COMMIT")
        )
        with translated(self.path):
            self.raw.execute(begin)
            try:
                yield
                if rehearsal:
                    self.raw.execute(undo)
                elif not inner and self.before_commit is not None:
                    self.before_commit(self)
                if inner or not rehearsal:
                    self.raw.execute(keep)
            except BaseException:
                if self.raw.in_transaction:  # a full disk may have ended it already
                    self.raw.execute(undo)
                    if inner:
                        self.raw.execute(keep)
                raise

    @contextmanager
    def part(self) -> Iterator[None]:
        """All or nothing, as a part of the batch that runs, which has to fail with it; where none does, a batch.

        In a savepoint every statement is the slower the more was written since it began: not for what writes much.
        """
        with nullcontext() if self.raw.in_transaction else self.batch():
            yield

    def close(self) -> None:
        """Close the connection; twice does no harm."""
        self.raw.close()


def storable(values: Sequence[Value]) -> Sequence[Value]:
    """The values, lone surrogates (which UTF-8 cannot hold) replaced one for one, so that spans still fit."""
    for value in values:  # not a generator: it is done for every row
        if isinstance(value, str) and not value.isascii():
            break
    else:
        return values
    return [SURROGATES.sub("\ufffd", value) if isinstance(value, str) else value for value in values]


def open_database(path: Path, *, read_only: bool) -> Connection:
    """Open a tracker database, or for writing an absent or empty file; refuse every other file untouched.

    Raises:
        ForeignDatabaseError: the file is something else.
        NewerDatabaseError: a later tracker wrote it.
        StoreError: it is absent (when only reading), damaged or not accessible.
    """
    exists = path.exists()
    if not exists and read_only:
        raise StoreError(f"{path}: there is no database yet; run `tracker refresh` first")
    if exists:
        _check(path)
    else:
        _make_directory(path)
    with translated(path):
        return Connection(_connect(path, read_only=read_only), path)


def is_ours(path: Path) -> bool:
    """Whether a file is a tracker database that can be read, of whatever schema."""
    try:
        first = heading.head(path)
        return first.startswith(heading.MAGIC) and _marks(path, first).application == APPLICATION_ID
    except (OSError, struct.error, sqlite3.Error):
        return False


def _make_directory(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path.parent}: the directory cannot be made: {error.strerror}") from error


def _check(path: Path) -> None:
    """Look at a file without changing it: is it ours, and not newer than we are?"""
    if path.is_dir():
        raise StoreError(f"{path}: is a directory; name a file in it")
    try:
        first = heading.head(path)
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error.strerror}; {OWN}") from error
    if not first:
        return  # an empty file is an empty database
    if not first.startswith(heading.MAGIC):
        raise ForeignDatabaseError(f"{path}: is no SQLite database, so it was left alone; {AWAY}")
    if len(first) < heading.LENGTH:
        raise DamagedError(f"{path}: {ADVICE[sqlite3.SQLITE_CORRUPT]} (it ends within its head)")
    with translated(path):
        _check_marks(path, _marks(path, first))


def _check_marks(path: Path, marks: heading.Marks) -> None:
    ours = marks.application == APPLICATION_ID
    if not ours and (marks.application or marks.version or _has_tables(path)):
        raise ForeignDatabaseError(f"{path}: is a database of another program, so it was left alone; name another file")
    if marks.version > SCHEMA_VERSION:
        raise NewerDatabaseError(
            f"{path}: was written by a later tracker (schema {marks.version}, this one knows {SCHEMA_VERSION}); "
            "upgrade tracker, or name another file"
        )


def _marks(path: Path, first: bytes) -> heading.Marks:
    """Whose file it is, by its first bytes; where a write-ahead log was left behind, by that too."""
    if not _has_log(path):
        return heading.marks(first)
    with closing(_configured(path, "mode=ro")) as raw:
        return heading.Marks(
            raw.execute("PRAGMA application_id").fetchone()[0], raw.execute("PRAGMA user_version").fetchone()[0]
        )


def _has_tables(path: Path) -> bool:
    """Whether there is anything in a file without marks, which nothing is left beside."""
    mode = "mode=ro" if _has_log(path) else "mode=ro&immutable=1"
    with closing(_configured(path, mode)) as raw:
        return bool(raw.execute(STRANGE).fetchone()[0])


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """A configured connection; where a directory cannot be written, one that takes the file for unchanging."""
    if not read_only:
        is_new = not path.exists() or not path.stat().st_size
        raw = _configured(path, "mode=rwc")
        try:
            if is_new:  # afterwards it would have to be written anew (`space`)
                raw.execute("PRAGMA auto_vacuum = incremental")
            raw.execute("PRAGMA journal_mode = wal")
            raw.execute(f"PRAGMA journal_size_limit = {LARGEST_LOG}")
            raw.execute("PRAGMA secure_delete = fast")  # where it is on, letting go of pages writes each of them
            raw.execute("PRAGMA synchronous = normal")
        except BaseException:
            raw.close()
            raise
        return raw
    try:
        return _configured(path, "mode=ro")
    except sqlite3.OperationalError as error:
        if _has_log(path) or error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise  # who writes there now is not to be read past
        return _configured(path, "mode=ro&immutable=1")


def _configured(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?{mode}"
    raw = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, cached_statements=STATEMENTS_KEPT)
    raw.row_factory = sqlite3.Row
    try:
        raw.execute("PRAGMA foreign_keys = on")
        raw.execute("PRAGMA temp_store = memory")
        raw.execute("PRAGMA cache_size = -32000")  # 32 MB
        raw.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # meet a damaged file here, not later
    except UnicodeDecodeError as error:  # of what SQLite says of it, which quotes it
        raw.close()
        damaged = sqlite3.DatabaseError("the schema in it is no text")
        damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damaged from error
    except BaseException:
        raw.close()
        raise
    return raw


def _has_log(path: Path) -> bool:
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0
