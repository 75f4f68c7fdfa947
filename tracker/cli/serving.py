"""The duties of `tracker run`: refresh, alerts, maintenance and figures as the configuration has them.

The reader is loaded once and kept, and so are the processes that read pages while there are pages. When to do what is
decided by `tracker.pipeline.service`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tracker import backups, pipeline
from tracker.bell import Bell, StoppedError
from tracker.cli import exits, figures, opening, running
from tracker.cli.clock import now
from tracker.cli.logs import Stages
from tracker.cli.options import open_config
from tracker.config import Config
from tracker.errors import BusyError
from tracker.journal import Journal, tell
from tracker.model import Reads, RunReport
from tracker.model.alerts import AlertReport, Channel, Delivered, Message, Undelivered
from tracker.pipeline import maintenance
from tracker.pipeline.pooling import KeptExtractor
from tracker.pipeline.service import Round, Service
from tracker.store import Store
from tracker.store.lock import WriterLock

ALERTS_EVERY = timedelta(minutes=15)  # at least so often they are looked at
BACKUP_AGAIN = 3600.0  # seconds until a backup that failed is tried again
RUNNING = "is `tracker run` on this database; end it before another is started"


def run(obj: dict[str, Any], journal: Journal, bell: Bell, *, once: bool, every: float, metrics: Path | None) -> int:
    """Do what is due, once or until a signal comes, which a bell that hangs tells; the exit code.

    Raises:
        TrackerError: the configuration or the database cannot be used, another run is under way, or (`once`) the
            refresh failed.
    """
    try:
        duties = Duties(obj, bell, journal, metrics)
        lock = WriterLock(duties.database.with_name(f"{duties.database.name}.run"), doing=RUNNING)
        duties.open().close()  # made, or brought up to date, before anything relies on it
        lock.acquire()
        try:
            return _run(Service(duties=duties, bell=bell, journal=journal, clock=now, every=every), once=once)
        finally:
            duties.close()
            lock.release()
    except StoppedError:
        tell("stopped")
        return bell.code


def _run(service: Service, *, once: bool) -> int:
    if not once:
        service.serve()
        tell("stopped")
        return exits.OK
    done = service.round()
    if done.error is not None:
        raise done.error
    return exits.FAILED if done.report is None else running.exit_code(done.report)


class Duties:
    """What there is to do (`tracker.pipeline.service.Duties`), by the present configuration."""

    def __init__(self, obj: dict[str, Any], bell: Bell, journal: Journal, metrics: Path | None) -> None:
        """Read the configuration that the command line names; ConfigError holds its faults."""
        self._obj, self._bell, self._journal, self._metrics = obj, bell, journal, metrics
        self._config = open_config(obj)
        self.database = self._config.settings.database
        self._reader: Reads | None = None
        self._extractor = KeptExtractor(self._config.settings.site_rules)
        self._no_backup_before = 0.0  # on the clock that nobody sets
        self._load_reader, self._reading = running.reader(self._config), _reading(self._config)
        self._hide()

    def reload(self) -> None:
        """Read the configuration again; the reader only where it is another one. The database stays."""
        config = open_config(self._obj)
        if config.settings.database != self.database:
            tell("the database stays until a restart", level="warning", database=str(self.database))
        reading = _reading(config)
        if reading != self._reading:
            self._load_reader, self._reader, self._reading = running.reader(config), None, reading
        self._extractor.close()
        self._extractor = KeptExtractor(config.settings.site_rules)
        self._config = config.with_database(self.database)
        self._hide()
        tell("settings read again", sources=len(config.sources))

    def open(self) -> Store:
        """The database, made and brought up to date where need be."""
        return opening.configured(self._config)

    def refresh(self, *, force: bool) -> RunReport:
        """One refresh, with the reader and the processes that are kept."""
        pages = self._extractor
        with self.open() as store:
            return pipeline.refresh(
                self._config, store, self._kept_reader, clock=now, force=force, watch=Stages(), extractor=pages
            )

    def alert(self) -> AlertReport | None:
        """Send what is due; None where there is no alerts.yaml, or another process is sending."""
        if not self._has_alerts:
            return None
        from tracker.cli import alerting  # what follows takes half a second to load
        from tracker.pipeline.alerting import send_due

        alerts = alerting.load(self._config.path, whole=False)
        self._hide(channel.url for channel in alerts.channels.values() if channel.url)
        try:
            with self.open() as store, alerting.ask(self.database, now) as answers:
                return send_due(alerts, store, answers, clock=now, deliver=self._deliver)
        except BusyError:
            return None

    def maintain(self) -> dict[str, Any] | None:
        """The daily upkeep, or as much of it as a round has time for; None where it is not due."""
        with self.open() as store:
            if not maintenance.is_due(store, now()):
                return None
            job = maintenance.Job(store=store, settings=self._config.settings, now=now())
            return maintenance.maintain(job, check=self._bell.check, seconds=maintenance.A_ROUND).told

    def back_up(self) -> dict[str, Any] | None:
        """A backup, and the old ones let go; None where none is due."""
        settings = self._config.settings.backup
        if not self._is_backup_due(now()):
            return None
        self._no_backup_before = time.monotonic() + BACKUP_AGAIN  # what fails is tried again later
        folder = settings.folder or backups.beside(self.database)
        why, check = backups.Why.SCHEDULED, self._bell.check
        made = backups.make(self.database, folder, now=now(), why=why, keep=settings.keep, check=check)
        self._no_backup_before = 0.0
        told = {"file": str(made.backup.file), "bytes": made.backup.bytes, "removed": len(made.removed)}
        return told | ({"warning": made.warning} if made.warning else {})

    def measure(self, done: Round) -> None:
        """Write the file of figures, if one is wanted."""
        file = self._metrics or self._config.settings.metrics
        if file is not None:
            with Store.open(self.database, read_only=True) as store:
                seconds = done.seconds if done.report else None
                figures.write(file, store, seconds=seconds, now=now(), failures=done.failures)

    def rest(self) -> None:
        """End the processes that read pages where none has come for a while."""
        self._extractor.rest()

    def close(self) -> None:
        """End the processes that read pages."""
        self._extractor.close()

    def next_due(self, at: datetime) -> datetime | None:
        """When something is due next, by the database."""
        asked = [source.id for source in self._config.sources if source.enabled]
        with Store.open(self.database, read_only=True) as store:
            if self._is_backup_due(at):
                return at
            waiting = store.articles.waiting() or store.holds.waiting()  # to be read, to be judged
            if waiting or store.needs_settling() or maintenance.is_due(store, at):
                return at
            due = store.upkeep.next_due(asked, at)
            looks = [datetime.fromisoformat(look.looked_at) for look in store.outbox.looks().values()]
            if looks and self._has_alerts:  # what takes effect in so many days is due without anything new
                due = min(due or at + ALERTS_EVERY, max(looks) + ALERTS_EVERY)
            return due

    def _is_backup_due(self, at: datetime) -> bool:
        settings = self._config.settings.backup
        if settings.every is None or time.monotonic() < self._no_backup_before:
            return False
        return backups.is_due(settings.folder or backups.beside(self.database), self.database, settings.every, at)

    @property
    def _has_alerts(self) -> bool:
        return self._config.path.with_name("alerts.yaml").exists()

    def _kept_reader(self) -> Reads:
        if self._reader is None:
            self._reader = self._load_reader()
        return self._reader

    def _deliver(self, channel: Channel, message: Message) -> Delivered | Undelivered:
        """Hand over one message, unless the end has been asked for."""
        if self._bell.is_stopping:
            return Undelivered(reason="stopped before it was sent")
        from tracker.alerts import channels

        return channels.deliver(channel, message)

    def _hide(self, addresses: Iterable[str] = ()) -> None:
        """Have the log leave out the tokens of sources and the addresses of channels."""
        self._journal.secrets = self._config.secrets | set(addresses)


def _reading(config: Config) -> tuple[object, ...]:
    """What the reader is made of; where this is the same, so is the reader."""
    named = config.settings.ontology
    changed = named.stat().st_mtime_ns if named and named.exists() else None
    return config.settings.reader_model, named, changed
