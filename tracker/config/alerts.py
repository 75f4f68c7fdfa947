"""Alerts: `alerts.yaml` beside feeds.yaml, read and checked as a whole.

    channels:
      desk: {url_env: TRACKER_DESK_URL, quiet: "22:00-07:00"}
    alerts:
      chips: {query: china-chips, on: [new, status], channel: desk, digest: daily 08:00}

All faults are told at once, each with its line, path and remedy. Does not know what a filter, a template or an
address may say: whoever loads the file hands in the `Checks`. Addresses may hold secrets, so no fault repeats one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker import document
from tracker.config import alert_values, places, queries
from tracker.config.alert_values import FaultyError
from tracker.document import Document, Fault, Where
from tracker.errors import ConfigError
from tracker.model import Given, SavedQuery
from tracker.model.alerts import OF_SOURCES, Alert, Alerts, Channel, Form, OnDoubt, Trigger
from tracker.spelling import nearest

FILE_NAME = "alerts.yaml"
GUIDE = "docs/alerts.md"
TOP = ("settings", "channels", "alerts")
SETTINGS = ("time_zone", "dead_after")
CHANNEL = ("url", "url_env", "command", "file", "form", "rate", "quiet", "time_zone", "timeout")
PLACES = ("url", "url_env", "command", "file")  # of which a channel has one
ALERT = tuple(
    "title query filters on days sources channel subject body quiet digest time_zone since on_doubt enabled".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """What only other rooms know.

    `filters` raises InputError; `template` gives what is wrong with a template of some form for some trigger, and
    in which of its lines; `address` why Apprise cannot send to an address, without the address.
    """

    filters: Callable[[Mapping[str, Given]], object]
    template: Callable[[str, Form, Trigger], tuple[str, int] | None]
    address: Callable[[str], str | None]


def locate(config: Path | None = None, *, environ: Mapping[str, str] = os.environ) -> Path:
    """Where alerts.yaml lies: beside the feeds.yaml that is meant."""
    return places.beside(places.locate(config, environ=environ), FILE_NAME)


def load(
    path: Path, checks: Checks, saved: Mapping[str, SavedQuery], *, environ: Mapping[str, str] = os.environ
) -> Alerts:
    """Read and check a file of alerts.

    Args:
        path: the file.
        checks: what is asked of other rooms.
        saved: the saved queries by name.
        environ: where `url_env` looks.

    Raises:
        ConfigError: there is none, or it has faults; all of them.
    """
    text = document.read(_content(path), name=str(path), guide=GUIDE)
    reading = _Reading(path, checks, saved, environ)
    faults = list(text.faults)
    if text.value is None and not faults:
        faults.append(Fault(where=(), what="the file is empty", remedy=f"write 'alerts:' as in {GUIDE}"))
    found = reading.file(text.value)
    faults += reading.faults
    if faults:
        raise ConfigError(tuple(map(text.tell, sorted(faults, key=lambda one: _place(text, one)))))
    return found


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ConfigError((f"{path}: no such file; {GUIDE} shows what to write into it",)) from None
    except OSError as error:
        raise ConfigError((f"{path}: cannot be read ({error.strerror}); check the path and its permissions",)) from None


def _place(text: Document, fault: Fault) -> tuple[int, int]:
    return fault.line or text.line(fault.where), fault.column


class _Reading:
    """One reading of a file: what it says, and what is wrong with it."""

    def __init__(self, path: Path, checks: Checks, saved: Mapping[str, SavedQuery], environ: Mapping[str, str]) -> None:
        self._path = path
        self._checks = checks
        self._saved = saved
        self._environ = environ
        self._zone = alert_values.zone("UTC")
        self.faults: list[Fault] = []

    def file(self, value: Any) -> Alerts:
        """The whole file."""
        whole = self._mapping(value, (), TOP) if value is not None else {}
        settings = self._mapping(whole.get("settings") or {}, ("settings",), SETTINGS)
        self._zone = self._read(settings, ("settings", "time_zone"), alert_values.zone, self._zone)
        dead_after = self._read(settings, ("settings", "dead_after"), alert_values.span, alert_values.DEAD_AFTER)
        channels = {
            name: self._channel(name, entry) for name, entry in self._named(whole.get("channels"), "channels").items()
        }
        alerts = {
            name: self._alert(name, entry, channels)
            for name, entry in self._named(whole.get("alerts"), "alerts").items()
        }
        return Alerts(path=self._path, alerts=alerts, channels=channels, dead_after=dead_after)

    def _channel(self, name: str, entry: Any) -> Channel:
        where: Where = ("channels", name)
        keys = self._mapping(entry, where, CHANNEL)
        given = [key for key in PLACES if keys.get(key) is not None]
        if isinstance(entry, dict) and len(given) != 1:
            what = "leads nowhere" if not given else f"leads to {len(given)} places: {', '.join(given)}"
            self._fault(where, what, "give one of url, url_env, command and file")
        named = self._read(keys, (*where, "file"), alert_values.text, None)
        url = self._url(keys, where)
        kind = (url or "").partition("://")[0].lower()
        return Channel(
            name=name,
            url=url,
            command=self._read(keys, (*where, "command"), alert_values.arguments, ()),
            file=places.beside(self._path, named) if named else None,
            form=self._read(keys, (*where, "form"), alert_values.form, alert_values.FORMS.get(kind, Form.TEXT)),
            rate=self._read(keys, (*where, "rate"), alert_values.rate, alert_values.RATE if url else None),
            quiet=self._read(keys, (*where, "quiet"), alert_values.quiet, ()),
            zone=self._read(keys, (*where, "time_zone"), alert_values.zone, self._zone),
            timeout=self._read(keys, (*where, "timeout"), alert_values.timeout, alert_values.TIMEOUT),
        )

    def _url(self, keys: Mapping[str, Any], where: Where) -> str | None:
        """The address itself, or the one that an environment variable holds; no fault repeats it."""
        key = "url" if keys.get("url") is not None else "url_env"
        value: str | None = self._read(keys, (*where, key), alert_values.text, None)
        if key == "url_env" and value is not None:
            variable, value = value, self._environ.get(value) or None
            if value is None:
                self._fault((*where, key), f"the environment variable {variable!r} is not set", "set it to the address")
        if value is not None and (fault := self._checks.address(value)):
            self._fault((*where, key), f"no address that Apprise can send to ({fault})", f"see {GUIDE}")
        return value

    def _alert(self, name: str, entry: Any, channels: Mapping[str, Channel]) -> Alert:
        where: Where = ("alerts", name)
        keys = self._mapping(entry, where, ALERT)
        query = self._query(keys, where)
        triggers = self._read(keys, (*where, "on"), alert_values.triggers, (Trigger.NEW,))
        zone = self._read(keys, (*where, "time_zone"), alert_values.zone, self._zone)
        named = self._channels(keys, where, channels)
        days = self._read(keys, (*where, "days"), alert_values.days, (7,))
        for key, of in (("days", (Trigger.EFFECTIVE,)), ("sources", OF_SOURCES)):
            if keys.get(key) is not None and set(of).isdisjoint(triggers):
                meant = " or ".join(f"'{trigger}'" for trigger in of)
                self._fault((*where, key), f"of use only to the trigger {meant}", f"add {meant} to 'on'")
        templates = {key: self._read(keys, (*where, key), alert_values.template, None) for key in ("subject", "body")}
        self._templates(templates, where, triggers, [channels[one] for one in named if one in channels])
        return Alert(
            name=name,
            title=self._read(keys, (*where, "title"), alert_values.text, None) or (query.title if query else name),
            triggers=triggers,
            query=query.name if query else None,
            filters=query.filters if query else self._filters(keys, where),
            channels=named,
            zone=zone,
            days=days if Trigger.EFFECTIVE in triggers else (),
            sources=self._read(keys, (*where, "sources"), alert_values.words, ()),
            subject_template=templates["subject"],
            body_template=templates["body"],
            quiet=self._read(keys, (*where, "quiet"), alert_values.quiet, None),
            digest=self._read(keys, (*where, "digest"), alert_values.digest, None),
            since=self._read(keys, (*where, "since"), alert_values.day, None),
            on_doubt=self._read(keys, (*where, "on_doubt"), alert_values.on_doubt, OnDoubt.SEND),
            enabled=self._read(keys, (*where, "enabled"), alert_values.truth, True),  # noqa: FBT003 - a default
        )

    def _query(self, keys: Mapping[str, Any], where: Where) -> SavedQuery | None:
        """The saved query of an alert."""
        name = self._read(keys, (*where, "query"), alert_values.text, None)
        if name is None:
            return None
        if keys.get("filters") is not None:
            self._fault((*where, "filters"), "given beside 'query'", "keep one of the two")
        if name not in self._saved:
            near = nearest(name, tuple(self._saved))
            remedy = f"did you mean '{near}'?" if near else "`tracker queries` lists them"
            self._fault((*where, "query"), f"no saved query '{name}'", remedy)
        return self._saved.get(name)

    def _filters(self, keys: Mapping[str, Any], where: Where) -> dict[str, Given]:
        if keys.get("filters") is None:
            return {}  # every event
        return queries.filters(keys["filters"], (*where, "filters"), self._checks.filters, self.faults)

    def _channels(self, keys: Mapping[str, Any], where: Where, known: Mapping[str, Channel]) -> tuple[str, ...]:
        """The names of the channels of an alert."""
        named: tuple[str, ...] = self._read(keys, (*where, "channel"), alert_values.words, ())
        if not named and isinstance(keys, dict) and keys.get("channel") is None:
            self._fault((*where, "channel"), "missing", "add 'channel:' with the name of a channel")
        for name in named:
            if name not in known:
                near = nearest(name, tuple(known))
                remedy = f"did you mean '{near}'?" if near else "describe it under 'channels:'"
                self._fault((*where, "channel"), f"no channel '{name}'", remedy)
        return named

    def _templates(
        self,
        given: Mapping[str, str | None],
        where: Where,
        triggers: tuple[Trigger, ...],
        channels: list[Channel],
    ) -> None:
        """Try the templates on samples of everything that they will be used for."""
        for key, source in given.items():
            forms = {Form.TEXT} if key == "subject" else {channel.form for channel in channels}
            tried = ((form, trigger) for form in sorted(forms) for trigger in triggers if source is not None)
            for form, trigger in tried:
                if fault := self._checks.template(source or "", form, trigger):
                    what, line = fault
                    self._fault((*where, key), f"line {line} of the template: {what}", f"see {GUIDE}")
                    break

    def _named(self, value: Any, key: str) -> dict[str, Any]:
        """A mapping of names to entries."""
        if not isinstance(value, dict) or not value:
            self._fault((key,), f"no {key}", f"write '{key}:' with a name for each, as in {GUIDE}")
            return {}
        for name in value:
            if not queries.NAME.fullmatch(name) or len(name) > queries.LONGEST:
                remedy = f"use lower-case letters, digits and single hyphens, at most {queries.LONGEST}"
                self._fault((key, name), f"no name: '{name[: queries.LONGEST]}'", remedy)
        return value

    def _mapping(self, value: Any, where: Where, known: tuple[str, ...]) -> dict[str, Any]:
        """A mapping whose keys are all known."""
        if not isinstance(value, dict):
            self._fault(where, "not a mapping", "write 'key: value' lines below it")
            return {}
        for key in value:
            if key not in known:
                near = nearest(key, known)
                self._fault(
                    (*where, key),
                    "unknown key",
                    f"did you mean '{near}'?" if near else f"known keys: {', '.join(known)}",
                )
        return value

    def _read(self, keys: Mapping[str, Any], where: Where, read: Callable[[Any], Any], default: Any) -> Any:
        """The value of a key, or the default where it is not given or wrong."""
        value = keys.get(str(where[-1]))
        if value is None:
            return default
        try:
            return read(value)
        except FaultyError as error:
            self._fault(where, error.what, error.remedy)
            return default

    def _fault(self, where: Where, what: str, remedy: str) -> None:
        self.faults.append(Fault(where=where, what=what, remedy=remedy))
