"""The table of all that is looked at, in the order in which it is told, and the looking."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from tracker.doctor import contents, files, settings
from tracker.doctor.findings import Check, Finding, Found, Patient, fine, unknown
from tracker.errors import StoreError
from tracker.store.connection import Connection, open_database

CHECKS = (
    Check(name="file", meaning="there is a database of this tracker that opens", look=files.there),
    Check(name="size", meaning="the file is as long as its head says", look=files.size),
    Check(
        name="permissions", meaning="this user may read and write the files and their folder", look=files.permissions
    ),
    Check(name="logs", meaning="no log of SQLite's lies beside it that nobody has taken in", look=files.left_behind),
    Check(name="lock", meaning="nobody writes, or who does is alive", look=files.lock),
    Check(name="disk", meaning="there is room for the next refresh and for a copy", look=files.disk),
    Check(name="file system", meaning="files are on a local disk that keeps locks", look=files.file_system),
    Check(name="structure", meaning="SQLite finds no damaged page; --thorough: nor index", inside=contents.structure),
    Check(name="schema", meaning="all tables and indexes are there, no upgrade was cut off", inside=contents.schema),
    Check(name="references", meaning="no row leads to one that is not there", inside=contents.references),
    Check(name="search", meaning="the index for search knows all there is, and no more", inside=contents.full_text),
    Check(name="tallies", meaning="a recount finds what is kept", inside=contents.tallies),
    Check(name="clock", meaning="this machine's clock is not behind what was stored", inside=contents.clock),
    Check(
        name="search words", meaning="the index for search agrees with the texts", inside=contents.words, thorough=True
    ),
    Check(name="facets", meaning="every event is found by what it says", inside=contents.facets, thorough=True),
    Check(name="text", meaning="every text is valid UTF-8", inside=contents.text, thorough=True),
    Check(name="feeds.yaml", meaning="it loads, with the files that it names", look=settings.feeds),
    Check(name="other settings", meaning="alerts.yaml and queries.yaml load", look=settings.others),
    Check(name="reader", meaning="the language model, the tables and your ontology load", look=settings.reader),
    Check(name="backups", meaning="there is one, and it is not old", look=settings.backups),
    Check(name="kept", meaning="nothing is left that a repair or a restore has put aside", look=files.kept),
)


def examine(patient: Patient) -> Iterator[Finding]:
    """What every check has found, in the order of the table; one that finds nothing says that all is well."""
    database = _opened(patient)
    try:
        for check in CHECKS:
            if check.thorough and not patient.thorough:
                continue
            found = list(_looked(check, patient, database)) or [fine(check.meaning)]
            for one in found:
                yield Finding(check=check.name, state=one.state, words=one.words, remedy=one.remedy)
    finally:
        if isinstance(database, Connection):
            database.close()


def _looked(check: Check, patient: Patient, database: Connection | str) -> Iterable[Found]:
    try:
        if check.look is not None:
            return list(check.look(patient))
        assert check.inside is not None
        if isinstance(database, str):
            return [unknown(f"not looked at: {database}")]
        return list(check.inside(patient, database))
    except (StoreError, OSError, sqlite3.OperationalError) as error:  # the last: a table is missing, which is told
        return [unknown(f"not looked at: {error}")]


def _opened(patient: Patient) -> Connection | str:
    """The database, or why it cannot be asked."""
    if not patient.database.exists():
        return "there is no database"
    try:
        return open_database(patient.database, read_only=True)
    except StoreError:
        return "the database does not open"
