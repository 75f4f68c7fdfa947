"""Facts of the outbox into messages, and messages to their channels.

A message is marked as being sent just before it is handed over and as sent just after, each in a transaction of its
own: what a killed process leaves in doubt is at most one message. What a channel does not take waits, longer each time,
and holds up no other channel.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from tracker.alerts import channels, times, wording
from tracker.errors import BusyError
from tracker.model.alerts import (
    OF_SOURCES,
    Alert,
    Alerts,
    Answers,
    Channel,
    Delivered,
    Fact,
    Message,
    OnDoubt,
    Trigger,
    Undelivered,
)
from tracker.store import Store
from tracker.store.messages import Stored
from tracker.store.outbox import Noted

MOST = 50  # facts in one message
REPORTS = 3  # of an event in a message
PATIENCE = timedelta(minutes=5)  # of one run, for making messages and again for sending; the next run goes on
NOTING_TRIES = 6  # of BUSY_SECONDS each, to keep what became of a message while a long transaction runs
# What a message tells of an event, besides its reports and contradictions.
FIELDS = (
    "id date type subtype status direction certainty actors targets items instruments announced_on effective_on "
    "summary confidence origins sources url measure_id"
).split()
OF_REPORT = ("source_name", "url", "title", "quote", "published", "tier")

Deliver = Callable[[Channel, Message], Delivered | Undelivered]


@dataclass(slots=True)
class Tally:
    """What one run of sending did."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What is needed to make and send messages."""

    alerts: Alerts
    store: Store
    answers: Answers
    clock: Callable[[], datetime]
    deliver: Deliver = channels.deliver
    tally: Tally = field(default_factory=Tally)

    def is_quiet(self, alert: Alert, channel: Channel, now: datetime) -> bool:
        """Whether the alert's quiet hours, or else those of the channel, hold."""
        if alert.quiet is not None:
            return times.is_quiet(alert.quiet, alert.zone, now)
        return times.is_quiet(channel.quiet, channel.zone, now)


def recover(desk: Desk) -> None:
    """Decide about the messages that were being sent when their process ended."""
    for stored in desk.store.messages.in_doubt():
        alert = desk.alerts.alerts.get(stored.message.alert)
        channel = desk.alerts.channels.get(stored.message.channel)
        knows = channel is not None and channel.file is not None  # a file can be looked into
        again = alert is not None and (knows or alert.on_doubt is OnDoubt.SEND)
        reason = "its process ended while it was being sent"
        if again:
            desk.store.messages.failed(stored.message.id, f"{reason}; sent again", desk.clock())
        else:
            desk.store.messages.give_up(stored.message.id, "skipped", f"{reason}; not sent again")


def pack(desk: Desk) -> None:
    """Put what is due into messages, as far as quiet hours and rates let it go."""
    now = desk.clock()
    due = sorted(desk.store.outbox.due(now), key=lambda one: (one.fact.alert, one.fact.channel, one.number))
    for (name, to), group in groupby(due, key=lambda one: (one.fact.alert, one.fact.channel)):
        alert, channel = desk.alerts.alerts.get(name), desk.alerts.channels.get(to)
        if alert is not None and channel is not None and not desk.is_quiet(alert, channel, now):
            for facts in portions(list(group), _allowance(desk, channel, now), alone=alert.digest is None):
                if desk.clock() - now >= PATIENCE:
                    return
                _make(desk, alert, channel, facts, now)


def _allowance(desk: Desk, channel: Channel, now: datetime) -> int | None:
    """How many messages may be made for a channel; those that wait count."""
    if channel.rate is None:
        return None
    sent = desk.store.messages.sent_lately(channel.name, now - channel.rate.span)
    allowed = times.allowance(channel.rate, sent, now)
    return None if allowed is None else max(allowed - desk.store.messages.unsent(channel.name), 0)


def portions(noted: Sequence[Noted], allowed: int | None, *, alone: bool) -> Iterator[Sequence[Noted]]:
    """Facts by message: each alone while the rate allows it, the last message it allows with all that remain.

    Args:
        noted: the facts of one alert and channel.
        allowed: so many messages; None: any number.
        alone: whether each has a message of its own; those of a digest go together.
    """
    left = list(noted)
    while left and (allowed is None or allowed > 0):
        single = alone and (allowed is None or allowed > 1 or len(left) == 1)
        size = 1 if single else MOST
        yield left[:size]
        left = left[size:]
        allowed = None if allowed is None else allowed - 1


def _make(desk: Desk, alert: Alert, channel: Channel, noted: Sequence[Noted], now: datetime) -> None:
    """One message of some facts; those that are true no more are dropped."""
    items: list[tuple[Noted, dict[str, Any]]] = []
    for one in noted:
        item = _item(desk, alert, one, now)
        if isinstance(item, str):
            desk.store.outbox.drop([one.number], item)
        else:
            items.append((one, item))
    if not items:
        return
    facts = [one.fact for one, _ in items]
    document = documented(alert, channel, facts, [item for _, item in items], now)
    message, fault = written(document, alert, channel)
    if fault is not None:
        desk.tally.faults.append(f"alerts.{alert.name}: {fault}; sent in the tracker's own words")
    desk.store.messages.make(message, [one.number for one, _ in items], now, error=fault)


def documented(
    alert: Alert, channel: Channel, facts: Iterable[Fact], items: Sequence[Mapping[str, Any]], now: datetime
) -> dict[str, Any]:
    """What a message tells, JSON-ready; its id follows from what it tells, whatever the time."""
    told = [f"{fact.trigger}\n{fact.subject}\n{fact.key}" for fact in facts]
    key = "\n\n".join([alert.name, channel.name, *told])
    return {
        "id": hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:32],
        "alert": {"name": alert.name, "title": alert.title},
        "made_at": now.isoformat(timespec="seconds"),
        "test": False,
        "count": len(items),
        "items": list(items),
    }


def written(document: Mapping[str, Any], alert: Alert, channel: Channel) -> tuple[Message, str | None]:
    """The message that tells a document, and what was wrong with the alert's templates."""
    words = wording.write(document, channel.form, alert.subject_template, alert.body_template)
    message = Message(
        id=document["id"],
        alert=alert.name,
        channel=channel.name,
        title=words.title,
        body=words.body,
        document=document,
    )
    return message, words.fault


def _item(desk: Desk, alert: Alert, noted: Noted, now: datetime) -> dict[str, Any] | str:
    """What is told of a fact, or why it is not told any more."""
    fact = noted.fact
    if fact.trigger in OF_SOURCES:
        if fact.detail["alarm"] not in desk.store.alarms.sounding(fact.subject):
            return "the alarm was over before it was told"
        told = "held back" if fact.trigger is Trigger.HELD else f"source {fact.detail['alarm']}"
        return item(fact, told, source={"id": fact.subject, **fact.detail})
    event = desk.answers.event(fact.subject)
    if event is None:
        return "the event is no more"
    why_not = _not_told(desk, noted, event)
    return why_not or item(fact, words(fact, event, now.astimezone(alert.zone).date()), event=shown(event))


def _not_told(desk: Desk, noted: Noted, event: Mapping[str, Any]) -> str | None:
    """Why nothing is told of an event that was worth it when it was noted."""
    fact = noted.fact
    if event["verdict"] == "reject":
        return "a person rejected the event"
    if not desk.store.outbox.is_first(noted, event["id"]):
        return "the event was merged into one that was told"
    if fact.trigger is Trigger.EFFECTIVE and event["effective_on"] != fact.detail["day"]:
        return "it takes effect on another day"
    return None


def item(
    fact: Fact, told: str, *, event: Mapping[str, Any] | None = None, source: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """One fact as templates, commands and webhooks see it; all keys are there for every trigger."""
    return {
        "trigger": fact.trigger.value,
        "words": told,
        "key": fact.key,
        "event": event,
        "source": source,
        "old": fact.detail.get("old"),
        "new": fact.detail.get("new"),
        "day": fact.detail.get("day"),
    }


def words(fact: Fact, event: Mapping[str, Any], today: date) -> str:
    """What has happened to an event, in a few words."""
    match fact.trigger:
        case Trigger.STATUS:
            of = "measure" if fact.detail.get("of") == "measure" else "status"
            return f"{of}: {fact.detail['old'] or 'none'} → {fact.detail['new']}"
        case Trigger.CONTRADICTED:
            return f"contradicted: {fact.key}"
        case Trigger.EFFECTIVE:
            return _ahead(str(event["effective_on"]), today)
        case _:
            return "new event"


def _ahead(known: str, today: date) -> str:
    """How far ahead a day lies, as far as it is known."""
    if len(known) < len("2024-06-25"):
        return f"takes effect in {known}"
    days = (date.fromisoformat(known[:10]) - today).days
    if days < 0:
        return f"took effect on {known[:10]}"
    return {0: "takes effect today", 1: "takes effect tomorrow"}.get(days, f"takes effect in {days} days")


def shown(event: Mapping[str, Any]) -> dict[str, Any]:
    """What is told of an event: its fields, its first reports that stand, and where they disagree."""
    standing = [report for report in event["reports"] if not report["withdrawn"]] or event["reports"]
    return {
        **{name: event[name] for name in FIELDS},
        "url": _web(event["url"]),
        "reports_count": len(event["reports"]),
        "reports": [
            {name: _web(report[name]) if name == "url" else report[name] for name in OF_REPORT}
            for report in standing[:REPORTS]
        ],
        "contradictions": [
            {
                "field": one["field"],
                "taken": one["taken"]["words"],
                "others": [other["words"] for other in one["others"]],
            }
            for one in event["contradictions"]
        ],
    }


def _web(url: str | None) -> str | None:
    """An address that may be made a link."""
    return url if url is not None and url.startswith(("https://", "http://")) else None


def send(desk: Desk) -> None:
    """Hand over the messages that are to go now; a channel that fails is left until later."""
    started, left = desk.clock(), set[str]()
    for stored in desk.store.messages.open(started):
        message, now = stored.message, desk.clock()
        if now - started >= PATIENCE:
            return
        alert, channel = desk.alerts.alerts.get(message.alert), desk.alerts.channels.get(message.channel)
        if alert is None or channel is None or not alert.enabled or message.channel not in alert.channels:
            desk.store.messages.give_up(message.id, "skipped", "the alert or its channel is no more")
        elif (
            channel.name not in left
            and _may_go(desk, alert, channel, now)
            and not _hand_over(desk, alert, channel, stored)
        ):
            left.add(channel.name)


def _may_go(desk: Desk, alert: Alert, channel: Channel, now: datetime) -> bool:
    """Whether neither quiet hours nor the rate hold a message back."""
    if desk.is_quiet(alert, channel, now):
        return False
    if channel.rate is None:
        return True
    return (
        times.allowance(channel.rate, desk.store.messages.sent_lately(channel.name, now - channel.rate.span), now) != 0
    )


def _hand_over(desk: Desk, alert: Alert, channel: Channel, stored: Stored) -> bool:
    """Send one message and keep what became of it; whether the channel took it."""
    kept, message = desk.store.messages, stored.message
    kept.sending(message.id)
    outcome = desk.deliver(channel, replace(message, is_again=stored.tries > 0))
    now = desk.clock()
    if isinstance(outcome, Delivered):
        _surely(lambda: kept.sent(message.id, now, outcome.note))
        desk.tally.counts["sent"] += 1
        return True
    desk.tally.counts["failed"] += 1
    desk.tally.faults.append(f"alerts.{alert.name}: channel {channel.name} ({channel.kind}): {outcome.reason}")
    if outcome.in_doubt and alert.on_doubt is OnDoubt.SKIP:
        _surely(lambda: kept.give_up(message.id, "skipped", f"{outcome.reason}; it may have been sent"))
    elif now - datetime.fromisoformat(stored.made_at) >= desk.alerts.dead_after:
        _surely(lambda: kept.give_up(message.id, "dead", outcome.reason))
    else:
        _surely(lambda: kept.failed(message.id, outcome.reason, times.next_try(stored.tries + 1, now)))
    return False


def _surely(keep: Callable[[], None]) -> None:
    """Keep what became of a message, also where another process writes for long: forgotten, it would be sent twice."""
    for left in reversed(range(NOTING_TRIES)):
        try:
            return keep()
        except BusyError:
            if not left:
                raise
    return None
