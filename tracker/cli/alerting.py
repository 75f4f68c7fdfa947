"""Alerts as the command line runs them: alerts.yaml checked, the timeline asked, what is due sent.

`send_after` is for whoever has just brought the database up to date: `tracker refresh`, `tracker run`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tracker.alerts import services, wording
from tracker.alerts.templates import TemplateFaultError
from tracker.config import alerts as settings
from tracker.config import queries
from tracker.errors import BusyError, InputError, NotFoundError
from tracker.model import Given
from tracker.model.alerts import AlertReport, Alerts, Form, Trigger
from tracker.pipeline import alerting
from tracker.query import Timeline, given
from tracker.spelling import nearest
from tracker.store import Store


class Asked:
    """A timeline as alerts ask it (`tracker.model.alerts.Answers`)."""

    def __init__(self, timeline: Timeline) -> None:
        """Ask this one; leaving closes it."""
        self._timeline = timeline

    def matching(self, event_ids: Sequence[str], filters: Mapping[str, Given]) -> set[str]:
        """Those of some events that filters choose."""
        return self._timeline.among(event_ids, **given(filters)) if event_ids else set()

    def event(self, event_id: str) -> Mapping[str, Any] | None:
        """An event with its reports, or the one that it was merged into."""
        try:
            return self._timeline.event(event_id).to_dict()
        except NotFoundError:
            return None

    def latest(self, filters: Mapping[str, Given]) -> str | None:
        """The newest event that filters choose."""
        found = self._timeline.page(limit=1, **given(filters)).events
        return found[0].id if found else None

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the timeline."""
        self._timeline.close()


def load(config: Path | None, *, whole: bool = True) -> Alerts:
    """The alerts.yaml beside the feeds.yaml that is meant; ConfigError holds every fault of it.

    Without `whole` templates and addresses are not tried (which takes most of a second); one that is wrong is told
    when it is used.
    """
    saved = queries.load(queries.locate(config), given)
    return settings.load(settings.locate(config), CHECKS if whole else QUICK_CHECKS, saved)


def only(alerts: Alerts, name: str | None) -> Alerts:
    """The same with one alert alone; NotFoundError names the nearest."""
    if name is None:
        return alerts
    if name not in alerts.alerts:
        near = nearest(name, tuple(alerts.alerts))
        hint = f"did you mean '{near}'?" if near else "`tracker alerts list` lists them"
        raise NotFoundError(f"{alerts.path}: no alert '{name}'; {hint}")
    return replace(alerts, alerts={name: alerts.alerts[name]})


def send(alerts: Alerts, database: Path, *, clock: Callable[[], datetime]) -> AlertReport:
    """Send what is due."""
    with Store.open(database) as store, ask(database, clock) as answers:
        return alerting.send_due(alerts, store, answers, clock=clock)


def send_after(config: Path | None, database: Path, *, clock: Callable[[], datetime]) -> AlertReport | None:
    """Send what is due where there is an alerts.yaml; None where there is none, or another process is sending."""
    if not settings.locate(config).exists():
        return None
    try:
        return send(load(config, whole=False), database, clock=clock)
    except BusyError:
        return None


def ask(database: Path, clock: Callable[[], datetime]) -> Asked:
    """The database, for the questions of alerts."""
    return Asked(Timeline.open(database, clock=clock))


def _template(source: str, form: Form, trigger: Trigger) -> tuple[str, int] | None:
    """What is wrong with a template, and in which of its lines."""
    try:
        wording.check(source, form, trigger=trigger.value)
    except TemplateFaultError as error:
        return error.what, error.line
    return None


def _known(filters: Mapping[str, Given]) -> None:
    """Refuse a filter that is none; an alert's "now" is that of its run."""
    if "as_of" in filters:
        raise InputError("an alert is about what becomes known; it takes no 'as_of'")
    given(filters)


CHECKS = settings.Checks(filters=_known, template=_template, address=services.fault)
QUICK_CHECKS = settings.Checks(filters=_known, template=lambda *_: None, address=lambda _: None)
