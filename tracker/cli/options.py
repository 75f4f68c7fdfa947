"""Options that several commands share, and what they open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:  # imported when called: neither may slow down `tracker --help`
    from tracker.config import Config
    from tracker.query import Timeline

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def open_config(obj: dict[str, Any]) -> Config:
    """The configuration that --config, --db and the environment name."""
    from tracker import config

    found = config.load(obj["config"])
    return found.with_database(obj["db"]) if obj["db"] else found


def database(obj: dict[str, Any]) -> Path:
    """The database that is meant; feeds.yaml need not be there to ask questions."""
    from tracker import config

    return obj["db"] or config.database(obj["config"])


def open_timeline(obj: dict[str, Any]) -> Timeline:
    """The database, for questions."""
    from tracker.query import Timeline

    return Timeline.open(database(obj))
