"""Alerts from the database to their channels: note what is new, put it into messages, send them.

    change log, dates, alarms ─▶ note ─▶ outbox ─▶ pack ─▶ message ─▶ send ─▶ channel
                                 `noting`          `telling`          `telling`

One process sends at a time (a lock of its own beside the database, so that a refresh can write meanwhile).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from tracker.alerts import channels, wording
from tracker.errors import BusyError
from tracker.model.alerts import (
    OF_SOURCES,
    Alert,
    AlertReport,
    Alerts,
    Answers,
    Delivered,
    Fact,
    Message,
    Trigger,
    Undelivered,
)
from tracker.pipeline import noting, telling
from tracker.store import Store
from tracker.store.lock import WriterLock


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A message as it would be sent; `sample` where nothing waits and it is made of the newest event."""

    alert: str
    channel: str
    message: Message
    sample: bool
    fault: str | None = None


def send_due(
    alerts: Alerts,
    store: Store,
    answers: Answers,
    *,
    clock: Callable[[], datetime],
    deliver: telling.Deliver = channels.deliver,
) -> AlertReport:
    """Note what is new and send what is due.

    What fails is in the report and is tried again by a later call; nothing of it is raised.

    Args:
        alerts: what alerts.yaml says.
        store: the database, for writing; its lock for refreshes need not be held.
        answers: the same database, for questions.
        clock: the present time, aware and in UTC.
        deliver: hands a message to a channel.

    Raises:
        BusyError: another process is sending.
    """
    with _alone(store):
        desk = telling.Desk(alerts=alerts, store=store, answers=answers, clock=clock, deliver=deliver)
        store.upkeep.distrust(clock())
        telling.recover(desk)
        noted, faults = noting.note(alerts, store, answers, clock())
        telling.pack(desk)
        telling.send(desk)
        store.messages.shorten(clock(), 1_000)
    return AlertReport(
        noted=noted,
        sent=desk.tally.counts["sent"],
        failed=desk.tally.counts["failed"],
        waiting=store.messages.waiting(),
        dead=sum(states.get("dead", 0) for states in store.messages.tally().values()),
        faults=(*faults, *desk.tally.faults),
    )


@contextmanager
def _alone(store: Store) -> Iterator[None]:
    lock = WriterLock(store.path.with_name(f"{store.path.name}.alerts"))
    try:
        lock.acquire()
    except BusyError:
        raise BusyError(f"{lock.path}: another process is sending alerts; it will send what is due") from None
    try:
        yield
    finally:
        lock.release()


def preview(
    alerts: Alerts, store: Store, answers: Answers, *, clock: Callable[[], datetime]
) -> tuple[list[Preview], tuple[str, ...]]:
    """What would be sent now if there were no quiet hours, digests and limits; samples where nothing waits.

    Nothing is kept and nothing is sent.

    Returns:
        The messages, and the alerts that could not be asked.
    """
    eager = replace(
        alerts,
        alerts={name: replace(one, quiet=(), digest=None) for name, one in alerts.alerts.items()},
        channels={name: replace(one, rate=None) for name, one in alerts.channels.items()},
    )
    with store.batch(rehearsal=True):
        _, faults = noting.note(eager, store, answers, clock())
        store.outbox.hasten(clock())
        desk = telling.Desk(alerts=eager, store=store, answers=answers, clock=clock)
        telling.pack(desk)
        waiting = [
            Preview(
                alert=one.message.alert, channel=one.message.channel, message=one.message, sample=False, fault=one.error
            )
            for one in store.messages.open(None)
            if one.message.alert in alerts.alerts
        ]
    there = {(one.alert, one.channel) for one in waiting}
    samples = [
        sample(alerts, alert, channel, answers, clock())
        for alert in alerts.alerts.values()
        for channel in alert.channels
        if (alert.name, channel) not in there
    ]
    return waiting + samples, faults


def sample(alerts: Alerts, alert: Alert, channel: str, answers: Answers, now: datetime) -> Preview:
    """A message marked TEST: of the newest event that the alert's query chooses, of an invented one where none is."""
    trigger = alert.triggers[0]
    event_id = None if trigger in OF_SOURCES else answers.latest(alert.filters)
    event = answers.event(event_id) if event_id else None
    to = alerts.channels[channel]
    if event is None:
        known = next(one for one in wording.SAMPLES if one["items"][0]["trigger"] == trigger)
        items = list(known["items"])
    else:
        detail = {"old": "considered", "new": event["status"], "day": event["effective_on"]}
        fact = Fact(alert=alert.name, channel=channel, trigger=trigger, subject=event["id"], key="test", detail=detail)
        told = "new event" if trigger is Trigger.EFFECTIVE and not event["effective_on"] else None
        items = [telling.item(fact, told or telling.words(fact, event, now.date()), event=telling.shown(event))]
    document = telling.documented(alert, to, (), items, now) | {"test": True}
    document["id"] = hashlib.sha256(f"test {alert.name} {channel} {now.isoformat()}".encode()).hexdigest()[:32]
    message, fault = telling.written(document, alert, to)
    if not message.title.startswith("[TEST]"):
        message = replace(message, title=f"[TEST] {message.title}")
    return Preview(alert=alert.name, channel=channel, message=message, sample=True, fault=fault)


def send_test(alerts: Alerts, shown: Preview) -> Delivered | Undelivered:
    """Send one message that is marked as a test; it is kept nowhere."""
    return channels.deliver(alerts.channels[shown.channel], shown.message)
