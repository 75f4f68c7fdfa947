"""Where feeds.yaml and the database lie: by name, environment or habit. Checks neither."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from tracker.config.values import DATABASE
from tracker.errors import ConfigError

FILE_NAME = "feeds.yaml"

# Every variable that is read, with what it stands for; an empty one counts as unset.
ENVIRONMENT = {
    "TRACKER_CONFIG": "the path of feeds.yaml",
    "TRACKER_DB": "the path of the database; goes before settings.database",
    "TRACKER_CONTACT": "who runs this tracker, sent with each request; goes before settings.contact",
}
START = "name one with --config or TRACKER_CONFIG, or write one (`tracker sources add URL` begins it)"


def locate(path: Path | None = None, *, environ: Mapping[str, str] = os.environ) -> Path:
    """Where feeds.yaml lies: as named, else as TRACKER_CONFIG names it, else in the current folder."""
    return path or Path(environ.get("TRACKER_CONFIG") or FILE_NAME)


def named_database(*, environ: Mapping[str, str] = os.environ) -> Path | None:
    """The database that TRACKER_DB names, so that questions can be asked where there is no feeds.yaml."""
    return Path(named) if (named := environ.get("TRACKER_DB")) else None


def beside(path: Path, named: str) -> Path:
    """The file that a feeds.yaml at `path` names; a relative one starts at its folder."""
    return path.parent / Path(named).expanduser()


def stated_database(path: Path) -> Path | None:
    """What the file at `path` says of its database, whatever else is wrong with it; None if that is wrong itself."""
    from tracker import document  # noqa: PLC0415 - only questions without --db and TRACKER_DB need it

    value = document.read(content(path), name=str(path)).value
    settings = (value.get("settings") or {}) if isinstance(value, dict) else None
    own = settings.get("database") if isinstance(settings, dict) else []
    return beside(path, own or DATABASE) if own is None or isinstance(own, str) else None


def content(path: Path) -> bytes:
    """The bytes of feeds.yaml; ConfigError says how to come by one."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        gone = f"no {FILE_NAME} here" if path == Path(FILE_NAME) else f"{path}: no such file"
        raise ConfigError((f"{gone}; {START}",)) from None
    except IsADirectoryError:
        raise ConfigError((f"{path}: a folder; name the file in it, such as {path / FILE_NAME}",)) from None
    except OSError as error:
        raise ConfigError((f"{path}: cannot be read ({error.strerror}); check the path and its permissions",)) from None
