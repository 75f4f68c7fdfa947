"""The messages of alerts: made of facts for good, marked before they are handed over and after.

So what a crash leaves in doubt is one message, known by its state. It decides nothing: what is sent, when and how often
comes in; the facts are in `tracker.store.outbox`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tracker.model.alerts import Message
from tracker.store.codec import dumps, stamp
from tracker.store.connection import Connection

MAKE = """
INSERT INTO message (id, alert, channel, state, made_at, next_try_at, title, body, document)
VALUES (?, ?, ?, 'waiting', ?, ?, ?, ?, ?)
"""
RESTS = "SELECT min(next_try_at) AS until FROM message WHERE state = 'waiting' AND tries > 0 AND channel = ?"
LOG = """
SELECT message.*, (SELECT count(*) FROM outbox WHERE message_id = message.id) AS facts FROM message
WHERE (?1 IS NULL OR alert = ?1) ORDER BY made_at DESC, rowid DESC LIMIT ?2
"""
TALLY = """
SELECT alert, state, count(*) AS number FROM message WHERE state IN ('waiting', 'sending', 'dead')
GROUP BY alert, state UNION ALL
SELECT alert, 'noted', count(*) FROM outbox WHERE message_id IS NULL AND dropped IS NULL GROUP BY alert
"""
LAST = "SELECT alert, max(sent_at) AS sent_at FROM message WHERE state = 'sent' GROUP BY alert"
KEPT = timedelta(days=90)  # for which the words of a message are kept; that it was sent is kept for good
SHORTEN = """
UPDATE message SET body = '', document = '{}' WHERE rowid IN (
  SELECT rowid FROM message WHERE sent_at < ? AND document <> '{}' LIMIT ?)
"""
OPEN = """
SELECT *, 0 AS facts FROM message
WHERE state = 'waiting' AND (?1 IS NULL OR next_try_at <= ?1) ORDER BY tries, made_at, rowid
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A message with what has become of it."""

    message: Message
    state: str
    made_at: str
    tries: int
    next_try_at: str
    sent_at: str | None
    error: str | None
    facts: int


class Messages:
    """The noun `message`."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection

    def make(self, message: Message, numbers: Iterable[int], now: datetime, *, error: str | None = None) -> None:
        """Put facts into a message, for good; it is not sent before the channel is tried again, if that failed."""
        row = self._db.row(RESTS, (message.channel,))
        moment = stamp(now)
        at = max(moment, str(row["until"])) if row is not None and row["until"] is not None else moment
        words = (message.title, message.body, dumps(dict(message.document)))
        with self._db.batch():
            self._db.run(MAKE, (message.id, message.alert, message.channel, moment, at, *words))
            self._db.run("UPDATE message SET error = ? WHERE id = ?", (error, message.id))
            self._db.many("UPDATE outbox SET message_id = ? WHERE number = ?", ((message.id, one) for one in numbers))

    def open(self, now: datetime | None) -> list[Stored]:
        """The messages to send now, or ever: those that failed least first, then the oldest."""
        return list(map(_stored, self._db.rows(OPEN, (None if now is None else stamp(now),))))

    def in_doubt(self) -> list[Stored]:
        """The messages that were being sent when their process ended."""
        return list(
            map(_stored, self._db.rows("SELECT *, 0 AS facts FROM message WHERE state = 'sending' ORDER BY id"))
        )

    def sending(self, message_id: str) -> None:
        """From here until the outcome is kept it is in doubt whether the message was sent."""
        self._db.run("UPDATE message SET state = 'sending', tries = tries + 1 WHERE id = ?", (message_id,))

    def sent(self, message_id: str, now: datetime, note: str | None) -> None:
        """It was sent; `note` tells what the channel did not take of it."""
        self._db.run(
            "UPDATE message SET state = 'sent', sent_at = ?, error = coalesce(?, error) WHERE id = ?",
            (stamp(now), note, message_id),
        )

    def failed(self, message_id: str, reason: str, next_try: datetime) -> None:
        """It was not sent; it is tried again."""
        self._db.run(
            "UPDATE message SET state = 'waiting', error = ?, next_try_at = ? WHERE id = ?",
            (reason, stamp(next_try), message_id),
        )

    def give_up(self, message_id: str, state: str, reason: str) -> None:
        """It is not tried again: "dead" after too long a time, "skipped" for doubt."""
        self._db.run("UPDATE message SET state = ?, error = ? WHERE id = ?", (state, reason, message_id))

    def revive(self, now: datetime) -> int:
        """Have dead messages tried again; how many."""
        return self._db.run(
            "UPDATE message SET state = 'waiting', made_at = ?1, next_try_at = ?1, tries = 0 WHERE state = 'dead'",
            (stamp(now),),
        )

    def sent_lately(self, channel: str, since: datetime) -> list[datetime]:
        """When messages went to a channel."""
        rows = self._db.rows("SELECT sent_at FROM message WHERE channel = ? AND sent_at > ?", (channel, stamp(since)))
        return [datetime.fromisoformat(row["sent_at"]) for row in rows]

    def unsent(self, channel: str) -> int:
        """How many messages of a channel wait."""
        return self._db.number("SELECT count(*) FROM message WHERE state = 'waiting' AND channel = ?", (channel,))

    def waiting(self) -> int:
        """How many messages, and facts without one, wait."""
        return sum(number for states in self.tally().values() for state, number in states.items() if state != "dead")

    def old(self, now: datetime) -> int:
        """How many messages that were sent long ago hold their words."""
        sql = "SELECT count(*) FROM message WHERE sent_at < ? AND document <> '{}'"
        return self._db.number(sql, (stamp(now - KEPT),))

    def shorten(self, now: datetime, most: int) -> int:
        """Take the words out of messages that were sent long ago, so many at most; how many."""
        return self._db.run(SHORTEN, (stamp(now - KEPT), most))

    def tally(self) -> dict[str, dict[str, int]]:
        """Alert to how many of its messages wait, are in doubt or dead, and how many of its facts are noted."""
        found: dict[str, dict[str, int]] = {}
        for row in self._db.rows(TALLY):
            found.setdefault(row["alert"], {})[row["state"]] = row["number"]
        return found

    def last_sent(self) -> dict[str, str]:
        """Alert to when it last sent something."""
        return {row["alert"]: row["sent_at"] for row in self._db.rows(LAST)}

    def log(self, alert: str | None, limit: int) -> list[Stored]:
        """The messages, the newest first."""
        return list(map(_stored, self._db.rows(LOG, (alert, limit))))


def _stored(row: Any) -> Stored:
    message = Message(
        id=row["id"],
        alert=row["alert"],
        channel=row["channel"],
        title=row["title"],
        body=row["body"],
        document=json.loads(row["document"]),
    )
    rest = ("state", "made_at", "tries", "next_try_at", "sent_at", "error", "facts")
    return Stored(message=message, **{name: row[name] for name in rest})
