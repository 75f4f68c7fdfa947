"""A lake's timeline opened with DuckDB, read-only: its tables as views with the names that a database's tables have.

What is asked is SQL that both engines understand, or DuckDB's own; of SQLite's dialect two things are said otherwise
(`spoken`). DuckDB may read the files of the lake and nothing else, fetches no extension and cannot be set otherwise
once the lake is open.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.errors import InputError, LakeError
from tracker.extras import needed
from tracker.lake import timeline
from tracker.store.connection import storable

if TYPE_CHECKING:  # of the extra `lake`
    import duckdb

FETCHED = 2_000  # rows at a time
SETTINGS = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "default_null_order": "sqlite",
    "preserve_insertion_order": True,
}
VIEW = "CREATE VIEW {name} AS SELECT * FROM read_parquet([{files}], hive_partitioning = false)"
# What tables of a database are in a lake, where they are not tables of it.
VIEWS = {
    "facet_key": "SELECT field, value, events FROM facet WHERE events > 0",
    "event_party": """
SELECT id AS event_id, 'actor' AS role, unnest(acting).id AS entity_id FROM event
UNION ALL SELECT id, 'target', unnest(targeted).id FROM event""",
}
# SQLite's words for what DuckDB has others for.
LIST = "(SELECT unnest(from_json(?, '[\"VARCHAR\"]')) AS value)"


def spoken(sql: str) -> str:
    """A question in SQLite's words as DuckDB takes it."""
    return sql.replace("json_each(?)", LIST).replace("CROSS JOIN", "JOIN")


class Row:
    """A row of an answer: its values by name or place."""

    __slots__ = ("_names", "_values")

    def __init__(self, names: Mapping[str, int], values: tuple[Any, ...]) -> None:
        """Of its columns' places."""
        self._names = names
        self._values = values

    def __getitem__(self, key: str | int, /) -> Any:
        """One value."""
        return self._values[self._names[key] if isinstance(key, str) else key]


class Lake:
    """An open lake; `close` lets it go."""

    def __init__(self, path: Path, raw: duckdb.DuckDBPyConnection, written: timeline.Written) -> None:
        """Take over a connection; use `open_lake`."""
        self.path = path
        self.written = written
        self._raw = raw

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows of a question."""
        with self._asked(sql, values) as (names, cursor):
            return [Row(names, told) for told in cursor.fetchall()]

    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """The first row of a question, or None."""
        with self._asked(sql, values) as (names, cursor):
            told = cursor.fetchone()
            return None if told is None else Row(names, told)

    def number(self, sql: str, values: Sequence[Any] = ()) -> int:
        """The first column of the first row, for counts."""
        found = self.row(sql, values)
        return 0 if found is None else int(found[0])

    def stream(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a question as tuples, some at a time."""
        with self._asked(sql, values) as (_, cursor):
            while some := cursor.fetchmany(FETCHED):
                yield from some

    def years(self, table: str = "event") -> list[int]:
        """The years of which there are files, the earliest first; 0: of what has no date."""
        return sorted({int(file[:4]) for file in self.written.files[table]})

    def close(self) -> None:
        """Let it go; twice does no harm."""
        self._raw.close()

    @contextmanager
    def _asked(self, sql: str, values: Sequence[Any]) -> Iterator[tuple[Mapping[str, int], duckdb.DuckDBPyConnection]]:
        with _translated(self.path):
            cursor = self._raw.cursor()
            try:
                cursor.execute(spoken(sql), storable(values))
                yield {column[0]: place for place, column in enumerate(cursor.description or ())}, cursor
            finally:
                cursor.close()


def open_lake(path: Path, *, threads: int | None = None, memory: str | None = None) -> Lake:
    """The lake at a path, for questions.

    Args:
        path: its folder.
        threads: at most so many of DuckDB's; None: as many as there are processors.
        memory: at most so much for DuckDB ("2GB"); None: 80 % of the machine's.

    Raises:
        InputError: DuckDB is not installed, or a limit is none.
        LakeError: no timeline lies there, or it cannot be read.
    """
    duckdb = needed("duckdb", "a question of a lake", extra="lake")
    written = timeline.read(path)
    place = path.absolute() / timeline.FOLDER
    limits: dict[str, Any] = {"threads": threads, "memory_limit": memory}
    try:
        raw = duckdb.connect(":memory:", config=SETTINGS | {key: one for key, one in limits.items() if one is not None})
    except duckdb.Error as error:
        raise InputError(f"DuckDB does not take these limits: {error}") from error
    try:
        with _translated(path):
            raw.execute(
                f"SET temp_directory = {_text(str(Path(tempfile.gettempdir()) / f'tracker-lake-{os.getpid()}'))}"
            )
            raw.execute(f"SET allowed_directories = [{_text(f'{place}/')}]")
            raw.execute("SET parquet_metadata_cache = true")
            raw.execute("SET enable_external_access = false")
            raw.execute("SET lock_configuration = true")
            for name in timeline.TABLES:
                listed = ", ".join(_text(str(place / name / file)) for file in written.files[name])
                raw.execute(VIEW.format(name=name, files=listed))
            for name, sql in VIEWS.items():
                raw.execute(f"CREATE VIEW {name} AS {sql}")
    except BaseException:
        raw.close()
        raise
    return Lake(path, raw, written)


def _text(value: str) -> str:
    """A text as SQL spells it."""
    return "'" + value.replace("'", "''") + "'"


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    """What DuckDB says of files and limits in words that a user can act on; bugs pass."""
    import duckdb  # noqa: PLC0415 - as above

    try:
        yield
    except (duckdb.IOException, duckdb.SerializationException) as error:
        raise LakeError(f"{path}: a file of the lake cannot be read; was it written anew? ({_first(error)})") from error
    except duckdb.InvalidInputException as error:
        if "parquet" not in str(error).lower():
            raise
        raise LakeError(f"{path}: a file of the lake is damaged; write the lake anew ({_first(error)})") from error
    except duckdb.OutOfMemoryException as error:
        raise LakeError(f"{path}: the question needs more memory than DuckDB may take ({_first(error)})") from error


def _first(error: Exception) -> str:
    return str(error).splitlines()[0]
