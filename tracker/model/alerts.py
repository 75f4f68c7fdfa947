"""Alerts: who is told what, when and how, as alerts.yaml states it, and what is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from tracker.model.queries import Given


class Trigger(StrEnum):
    """What an alert waits for."""

    NEW = "new"  # an event is in the answer of the query for the first time
    STATUS = "status"  # its status has changed
    EFFECTIVE = "effective"  # it takes effect in so many days
    CONTRADICTED = "contradicted"  # its reports disagree on a field that they agreed on
    SILENT = "silent"  # a source is silent, failing or gone
    HELD = "held"  # what a source gave is held back


OF_SOURCES = (Trigger.SILENT, Trigger.HELD)  # those that no event is told of


class Form(StrEnum):
    """What a template writes; decides how what stands in articles is escaped."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"


class OnDoubt(StrEnum):
    """What becomes of a message of which it is not known whether it was sent."""

    SEND = "send"  # again: at least once
    SKIP = "skip"  # never again: at most once


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """A span of local time on some days of the week (0 is Monday), in minutes of the day on which it begins.

    Where the end is not after the start it lies on the next day.
    """

    days: frozenset[int]
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """When what was gathered is sent: at a minute of each hour, of each day, or of one day of the week."""

    every: str  # "hour", "day" or "week"
    minute: int = 0  # of the day, in local time
    weekday: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most so many messages in so much time."""

    count: int
    span: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Where messages go: exactly one of `url`, `command` and `file` is given.

    `url` is an Apprise address and may hold secrets, so it is in no `repr`.
    """

    name: str
    url: str | None = None
    command: tuple[str, ...] = ()
    file: Path | None = None
    form: Form = Form.TEXT
    rate: Rate | None = None
    quiet: tuple[Hours, ...] = ()
    zone: ZoneInfo
    timeout: timedelta = timedelta(seconds=30)

    def __repr__(self) -> str:
        """Nothing that is secret."""
        return f"Channel({self.name!r}, {self.kind})"

    @property
    def kind(self) -> str:
        """What may be told of where it leads: "command", "file", or the service of the address."""
        if self.command:
            return "command"
        scheme, mark, _ = (self.url or "").partition("://")
        return "file" if self.file else scheme.lower() if mark and scheme.isalnum() else "address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What is told to whom; `query` is the name of the saved query that `filters` come from."""

    name: str
    title: str
    triggers: tuple[Trigger, ...]
    query: str | None
    filters: Mapping[str, Given]
    channels: tuple[str, ...]
    zone: ZoneInfo
    days: tuple[int, ...] = ()  # of the trigger "effective"
    sources: tuple[str, ...] = ()  # of the trigger "silent": ids or tags; empty: all
    subject_template: str | None = None  # None: the one of the tracker
    body_template: str | None = None
    quiet: tuple[Hours, ...] | None = None  # None: those of the channel
    digest: Digest | None = None  # None: at once
    since: str | None = None  # begin with what became known on this day; None: with what comes
    on_doubt: OnDoubt = OnDoubt.SEND
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """A checked alerts.yaml."""

    path: Path
    alerts: Mapping[str, Alert]
    channels: Mapping[str, Channel]
    dead_after: timedelta = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing to tell: an alert, a channel, a trigger, what it is about, and the key that makes it once."""

    alert: str
    channel: str
    trigger: Trigger
    subject: str  # id of an event, or of a source
    key: str
    detail: Mapping[str, Any]  # JSON-ready: {"old": …, "new": …}, {"days": …} or {"alarm": …}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What goes to a channel: text in the channel's form, and the same as a JSON-ready document.

    The id is made of what the message tells, so that the same message has the same id however often it is sent.
    """

    id: str
    alert: str
    channel: str
    title: str
    body: str
    document: Mapping[str, Any]
    is_again: bool = False  # it has been handed over before, and may have been taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A channel took the message; `note` tells what it refused of it."""

    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """It did not, or `in_doubt`: it may have. The reason holds no secret."""

    reason: str
    in_doubt: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertReport:
    """What one sending did, in numbers of facts and messages."""

    noted: int = 0  # facts that are new
    sent: int = 0  # messages
    failed: int = 0
    waiting: int = 0  # messages and facts that wait for their time or for their channel
    dead: int = 0  # messages that were given up, ever, and not sent again
    faults: tuple[str, ...] = ()


class Answers(Protocol):
    """What is asked of the timeline."""

    def matching(self, event_ids: Sequence[str], filters: Mapping[str, Given]) -> set[str]:
        """Those of some events that filters choose. Raises InputError for a value that no filter knows."""

    def event(self, event_id: str) -> Mapping[str, Any] | None:
        """An event with its reports, JSON-ready, or the one that it was merged into; None where it is no more."""

    def latest(self, filters: Mapping[str, Given]) -> str | None:
        """The newest event that filters choose."""
