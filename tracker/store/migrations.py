"""Bring a database to the present schema, one numbered SQL file after another, each in its own transaction.

The files are `schema/NNNN_name.sql`. A released one is never edited; the list below is the order.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from sqlite3 import complete_statement
from typing import TYPE_CHECKING

from tracker.errors import StoreError
from tracker.store.connection import APPLICATION_ID, SCHEMA_VERSION, Connection, translated

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

STEPS = (
    "0001_first",
    "0002_amounts",
    "0003_subtype",
    "0004_fetching",
    "0005_resolution",
    "0006_timeline",
    "0007_holds",
    "0008_source_order",
)
# Of a database that has events and none of their facets yet (`facets.settle`), questions would find nothing.
UNDONE = "SELECT 1 WHERE EXISTS (SELECT 1 FROM event) AND NOT EXISTS (SELECT 1 FROM event_keys)"
assert len(STEPS) == SCHEMA_VERSION  # connection.py refuses newer files without loading this module


def version(connection: Connection) -> int:
    """How many steps the database has seen; 0 for an empty file."""
    return connection.number("PRAGMA user_version")


def require_current(connection: Connection) -> None:
    """Refuse to read a database that a writer should migrate first, or has not done with."""
    if version(connection) < SCHEMA_VERSION or connection.row(UNDONE) is not None:
        raise StoreError(
            f"{connection.path}: has the schema of an earlier tracker; run `tracker refresh` once to bring it up"
            " to date"
        )


def migrate(connection: Connection, *, steps: tuple[str, ...] = STEPS) -> None:
    """Apply the steps that are missing; what fails leaves the database as it was before that step."""
    from sqlite_utils import Database  # noqa: PLC0415 - it imports numpy where there is one

    database = Database(connection.raw, execute_plugins=False)
    with translated(connection.path):
        _migrations(steps).apply(database)


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, each of which ends with a line of it.

    The library's own way looks for the end after every character, which takes most of the time of a new database.
    """
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if complete_statement(statement):
            yield statement
            statement = ""
    assert not statement.strip(), f"no statement: {statement}"


def _migrations(steps: tuple[str, ...]) -> Migrations:
    from sqlite_utils import Migrations  # noqa: PLC0415 - as above

    migrations = Migrations("tracker")
    for number, name in enumerate(steps, start=1):
        _add(migrations, number, name)
    return migrations


def _add(migrations: Migrations, number: int, name: str) -> None:
    sql = (files("tracker.store") / "schema" / f"{name}.sql").read_text("utf-8")

    def step(database: Database, /) -> None:
        for statement in _statements(sql):
            database.execute(statement)
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {number}")

    migrations(name=name)(step)
