"""A database opened for writing: before the schema of one that holds data changes, it is backed up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tracker import config
from tracker.cli.clock import now
from tracker.cli.options import database
from tracker.errors import BusyError, StoreError
from tracker.journal import tell
from tracker.model.backups import USUAL, BackupSettings
from tracker.store import Store

INSTEAD = (
    "no backup could be made before the schema changes, so the database was left as it is; free space, name a folder on"
    " another disk (settings.backup.folder), or go on without a backup (settings.backup.before_migration: false)"
)


def store(path: Path, settings: Callable[[], BackupSettings]) -> Store:
    """The database, made and brought up to date where need be; the settings are asked for only where it has to be.

    Raises:
        StoreError: it cannot be used, or no backup could be made before its schema changes: then it is as it was.
    """

    def keep(named: Path, schema: int) -> None:
        _back_up(named, schema, settings())

    return Store.open(path, before_migration=keep)


def configured(of: config.Config) -> Store:
    """The database of a configuration."""
    return store(of.settings.database, lambda: of.settings.backup)


def named(obj: dict[str, Any]) -> Store:
    """The database that the command line names; feeds.yaml is not checked unless its schema has to change."""
    return store(database(obj), lambda: settings(obj))


def settings(obj: dict[str, Any]) -> BackupSettings:
    """What the feeds.yaml that is meant says of backups; the defaults where there is none."""
    named = obj["config"]
    if named is None and not config.locate().exists():
        return USUAL
    return config.load(named).settings.backup


def _back_up(path: Path, schema: int, of: BackupSettings) -> None:
    if not of.before_migration:
        return
    from tracker import backups

    try:
        made = backups.make(path, of.folder or backups.beside(path), now=now(), why=backups.Why.MIGRATION)
    except BusyError:
        raise
    except StoreError as error:
        raise StoreError(f"{error}\n{INSTEAD}") from error
    tell("backup made", file=str(made.backup.file), why=str(made.backup.why), schema=schema)
