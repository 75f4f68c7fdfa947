"""How backups are made and kept: values alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """How many backups stay: of so many days, weeks and months that have one, the newest each."""

    daily: int = 7
    weekly: int = 4
    monthly: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupSettings:
    """What feeds.yaml says of backups."""

    folder: Path | None = None  # None: `backups` beside the database
    every: timedelta | None = None  # how often `tracker run` makes one; None: never by itself
    keep: Keep = Keep()
    before_migration: bool = True  # whether one is made before the schema of a database with data changes


USUAL = BackupSettings()
