"""Addresses that Apprise knows: e-mail, webhooks, Slack, Teams and a hundred others.

What Apprise has to say goes to its log, with addresses and tokens in it; nothing of that is let through: the log is
caught while it works, and of what it says only the reason of a failure is kept, without any part of the address. A
service that does not answer in time is left; whether it took the message is then in doubt.
"""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tracker.alerts import mail
from tracker.alerts.secrets import redacted
from tracker.model.alerts import Channel, Delivered, Message, Undelivered

# What the log says of a service that may have taken the message and did not answer as it should.
DOUBT = ("read timed out", "connection aborted", "connection reset", "remote end closed", "incompleteread")
SPARE = 5.0  # seconds beyond the limits of the sockets, after which a service is left
IDENTITY = "Idempotency-Key"  # draft-ietf-httpapi-idempotency-key-header


class _Said:
    """Keeps what Apprise says."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, str]] = []

    def keep(self, record: logging.LogRecord) -> bool:
        """Take a line, and let it go no further."""
        self.lines.append((record.levelno, record.getMessage()))
        return False

    def reason(self, address: str) -> str:
        """The last that went wrong, without secrets."""
        wrong = [words for level, words in self.lines if level >= logging.WARNING]
        return redacted(wrong[-1], address) if wrong else "the service did not take it"

    def in_doubt(self) -> bool:
        return any(sign in words.lower() for _, words in self.lines for sign in DOUBT)


@contextmanager
def _heard() -> Iterator[_Said]:
    """Catch the logs of Apprise and of what it sends with."""
    said = _Said()
    handler = logging.Handler(logging.DEBUG)
    handler.addFilter(said.keep)
    loggers = [logging.getLogger(name) for name in ("apprise", "urllib3", "requests")]
    for one in loggers:
        one.setLevel(logging.DEBUG)
        one.propagate = False
        one.handlers = [handler]
    try:
        yield said
    finally:  # a service that was left may still have something to say, and nobody is to hear it
        for one in loggers:
            one.setLevel(logging.CRITICAL)
            one.handlers = [logging.NullHandler()]


def fault(address: str) -> str | None:
    """Why an address is none that Apprise can send to, without the address; None where it is."""
    with _heard() as said:
        return None if _plugin(address) is not None else said.reason(address)


def deliver(channel: Channel, message: Message) -> Delivered | Undelivered:
    """Send a message to the address of a channel."""
    address, seconds = channel.url or "", channel.timeout.total_seconds()
    with _heard() as said:
        plugin = _plugin(address)
        if plugin is None:
            return Undelivered(reason=f"no address that Apprise can send to: {said.reason(address)}")
        plugin.socket_connect_timeout = plugin.socket_read_timeout = seconds
        outcome: list[Delivered | Undelivered] = []
        work = threading.Thread(
            target=lambda: outcome.append(_sent(plugin, channel, message, said)), daemon=True, name="alert"
        )
        work.start()
        work.join(2 * seconds + SPARE)
    if not outcome:
        return Undelivered(reason=f"no answer after {2 * seconds + SPARE:g} seconds", in_doubt=True)
    found = outcome[0]
    return (
        found
        if isinstance(found, Delivered)
        else Undelivered(reason=redacted(found.reason, address), in_doubt=found.in_doubt)
    )


def _sent(plugin: Any, channel: Channel, message: Message, said: _Said) -> Delivered | Undelivered:
    """The sending itself, in a thread that may be left."""
    from apprise import NotifyFormat, OverflowMode  # noqa: PLC0415 - slow to import
    from apprise.plugins.email.base import NotifyEmail  # noqa: PLC0415 - as above

    try:
        is_mail = type(plugin) is NotifyEmail
        if is_mail:
            return mail.deliver(plugin, message, channel.form, seconds=channel.timeout.total_seconds())
        whole = _identify(plugin, message) or "overflow=" in (channel.url or "")
        done = plugin.notify(
            body=message.body,
            title=message.title,
            body_format=NotifyFormat(channel.form.value),
            overflow=None if whole else OverflowMode.SPLIT,  # what is too long for one post goes in several
        )
    except Exception as error:  # noqa: BLE001 - a plugin of a hundred; whatever it is, the message was not sent
        return Undelivered(reason=f"{type(error).__name__}: {error}")
    return Delivered() if done else Undelivered(reason=said.reason(channel.url or ""), in_doubt=said.in_doubt())


def _identify(plugin: Any, message: Message) -> bool:
    """Give webhooks the message's id, by which they can drop what comes twice, and as JSON all that it tells.

    Returns:
        Whether it is a webhook.
    """
    kind = plugin.schema.removesuffix("s")
    if kind not in {"json", "form", "xml"}:
        return False
    plugin.headers.setdefault(IDENTITY, message.id)
    if kind == "json":
        plugin.payload_extras |= {"id": message.id, "alert": message.document}
    return True


def _plugin(address: str) -> Any:
    """Apprise's object for an address; None where it has none."""
    import apprise  # noqa: PLC0415 - slow to import

    asset = apprise.AppriseAsset(
        app_id="tracker", app_desc="tracker", storage_mode=apprise.PersistentStoreMode.MEMORY, secure_logging=True
    )
    with warnings.catch_warnings():  # all of its plugins are imported, and what they import warns of its own end
        warnings.simplefilter("ignore", DeprecationWarning)
        return apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
