"""feeds.yaml and the environment as one frozen `Config`.

`load` reads the file, checks all of it and gives every fault at once through `ConfigError`, each with file, line,
path and remedy. The only reader of environment variables (`ENVIRONMENT` names them). `writing` edits the file, `opml`
exchanges lists of feeds. Does not fetch, does not know whether a source still answers.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from tracker.config.places import ENVIRONMENT, locate, named_database, stated_database
from tracker.config.values import DATABASE, READER_MODEL, Config, Settings
from tracker.model import FetchSettings

__all__ = [
    "DATABASE",
    "ENVIRONMENT",
    "READER_MODEL",
    "Config",
    "Settings",
    "database",
    "load",
    "locate",
    "named_database",
    "network",
    "reading",
]


def load(path: Path | None = None, *, environ: Mapping[str, str] = os.environ) -> Config:
    """Read and check feeds.yaml (see `locate`); ConfigError holds every fault found."""
    from tracker.config import loading  # noqa: PLC0415 - pydantic is slow to import, and questions need no sources

    return loading.load(path, environ=environ)


def network(path: Path | None = None, *, environ: Mapping[str, str] = os.environ) -> FetchSettings:
    """How feeds.yaml has the network used; the defaults where none is named and none lies here."""
    from tracker.config import loading  # noqa: PLC0415 - as above

    if path is None and not environ.get("TRACKER_CONFIG") and not locate(environ=environ).exists():
        return loading.default_network(environ)
    return loading.load(path, environ=environ).settings.fetch


def reading(path: Path | None = None, *, environ: Mapping[str, str] = os.environ) -> Settings:
    """How feeds.yaml has articles read and the network used; the defaults where none is named and none lies here."""
    from tracker.config import loading  # noqa: PLC0415 - as above

    if path is None and not environ.get("TRACKER_CONFIG") and not locate(environ=environ).exists():
        return Settings(database=Path(DATABASE), fetch=loading.default_network(environ))
    return loading.load(path, environ=environ).settings


def database(path: Path | None = None, *, environ: Mapping[str, str] = os.environ) -> Path:
    """The database that TRACKER_DB or feeds.yaml names, without checking the sources; ConfigError without either."""
    path = locate(path, environ=environ)
    named = named_database(environ=environ) or stated_database(path)
    return named or load(path, environ=environ).settings.database
