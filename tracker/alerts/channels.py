"""One message to one channel, whatever kind it is of."""

from __future__ import annotations

from tracker.alerts import files, programs, services
from tracker.alerts.secrets import redacted
from tracker.model.alerts import Channel, Delivered, Message, Undelivered


def deliver(channel: Channel, message: Message) -> Delivered | Undelivered:
    """Hand a message over; what goes wrong is a value, whose reason holds no secret."""
    if channel.command:
        outcome = programs.deliver(channel.command, message, seconds=channel.timeout.total_seconds())
    elif channel.file is not None:
        outcome = files.deliver(channel.file, message)
    else:
        return services.deliver(channel, message)
    if isinstance(outcome, Undelivered):
        return Undelivered(reason=redacted(outcome.reason, None), in_doubt=outcome.in_doubt)
    return outcome
