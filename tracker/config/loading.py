"""From the bytes of feeds.yaml to a `Config`, or to every fault in it.

The slow half of the room (pydantic, CSS selectors), imported when it is called. Does not look for the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

import tracker
from tracker import document
from tracker.config import faults, places, schema
from tracker.config.values import (
    DATABASE,
    KEEP_FETCHES,
    KEEP_LISTINGS,
    KEEP_PAGES,
    KEEP_PAST,
    READER_MODEL,
    Config,
    Settings,
)
from tracker.errors import ConfigError
from tracker.model import FetchSettings, Records, Selectors, Source, Wanted
from tracker.model.assertions import USUAL, Limits
from tracker.model.backups import BackupSettings, Keep


def load(path: Path | None, *, environ: Mapping[str, str]) -> Config:
    """Read and check feeds.yaml (see `locate`); ConfigError holds every fault found."""
    path = places.locate(path, environ=environ)
    text = document.read(places.content(path), name=str(path))
    file, found = _checked(text)
    contact, lines = _contact(environ)
    if file is None or found or lines:
        ordered = sorted(found, key=lambda fault: (fault.line or text.line(fault.where), fault.column))
        raise ConfigError((*map(text.tell, ordered), *lines))
    settings = _settings(file.settings, path, contact, environ)
    return Config(path=path, sources=_sources(file, path, environ), settings=settings)


def check(data: bytes, *, name: str) -> None:
    """Refuse what would not load: ConfigError holds every fault found. For a file that is about to be written."""
    text = document.read(data, name=name)
    _, found = _checked(text)
    if found:
        raise ConfigError(tuple(map(text.tell, found)))


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


def default_network(environ: Mapping[str, str]) -> FetchSettings:
    """How the network is used where there is no feeds.yaml."""
    contact, lines = _contact(environ)
    if lines:
        raise ConfigError(lines)
    return FetchSettings(user_agent=_user_agent(contact))


def _user_agent(contact: str | None) -> str:
    return f"tracker/{tracker.__version__}" + (f" (+{contact})" if contact else "")


def _settings(entry: schema.SettingsEntry, path: Path, contact: str | None, environ: Mapping[str, str]) -> Settings:
    """Settings with the environment before the file, and the file before the defaults."""
    contact = contact or entry.contact
    agent = entry.user_agent or _user_agent(contact)
    return Settings(
        database=places.named_database(environ=environ) or places.beside(path, entry.database or DATABASE),
        fetch=FetchSettings(user_agent=agent, **entry.fetch.model_dump(exclude_none=True)),
        contact=contact,
        reader_model=entry.reader_model or READER_MODEL,
        keep_pages=KEEP_PAGES if entry.keep_pages is None else entry.keep_pages,
        keep_pages_mb=entry.keep_pages_mb,
        keep_listings=entry.keep_listings or KEEP_LISTINGS,
        keep_fetches=entry.keep_fetches or KEEP_FETCHES,
        keep_past=entry.keep_past or KEEP_PAST,
        ontology=places.beside(path, entry.ontology) if entry.ontology else None,
        site_rules=places.beside(path, entry.site_rules) if entry.site_rules else None,
        metrics=places.beside(path, entry.metrics) if entry.metrics else None,
        assertions=_limits(entry.assertions, USUAL),
        backup=_backup(entry.backup, path),
    )


def _sources(file: schema.File, path: Path, environ: Mapping[str, str]) -> tuple[Source, ...]:
    limits = _limits(file.settings.assertions, USUAL)
    return tuple(
        replace(_source(group, entry, path, environ), assertions=_limits(entry.assertions, limits))
        for group, entries in file.sources.items()
        for entry in entries
    )


def _backup(entry: schema.BackupEntry, path: Path) -> BackupSettings:
    given = entry.model_dump(exclude_none=True)
    keep = Keep(**{name: given.pop(name) for name in ("daily", "weekly", "monthly") if name in given})
    folder = given.pop("folder", None)
    return BackupSettings(keep=keep, folder=places.beside(path, folder) if folder else None, **given)


def _limits(entry: schema.AssertionsEntry | None, otherwise: Limits) -> Limits:
    """What is asserted: what the entry says, and of what it does not name as otherwise; null: nothing."""
    if entry is None:
        return otherwise
    given = entry.model_dump(exclude_unset=True)
    of = tuple((one, given.pop(one.value, limit)) for one, limit in otherwise.of)
    return replace(otherwise, of=of, **given)


def _source(group: str, entry: schema.SourceEntry, path: Path, environ: Mapping[str, str]) -> Source:
    """One entry; its group becomes its first tag, the variable that it names gives its token, its path an address."""
    apart = {"tags", "url", "path", "selectors", "records", "wanted", "token_env", "assertions"}
    given = entry.model_dump(exclude_none=True, exclude=apart)
    return Source(
        **{"country": None, **given},
        url=entry.url or places.beside(path, entry.path or "").resolve().as_uri(),
        tags=tuple(dict.fromkeys((group, *entry.tags))),
        selectors=Selectors(**entry.selectors.model_dump(exclude_none=True)) if entry.selectors else None,
        records=Records(**entry.records.model_dump(exclude_none=True)) if entry.records else None,
        wanted=Wanted(**entry.wanted.model_dump()) if entry.wanted else Wanted(),
        token=(environ.get(entry.token_env) or None) if entry.token_env else None,
    )
