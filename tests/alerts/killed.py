"""One sending in a process of its own, killed between handing a message over and noting it: killed.py FOLDER [kill]."""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from alert_samples import SAVED

from tracker.alerts import channels
from tracker.cli.alerting import CHECKS, ask
from tracker.config import alerts as settings
from tracker.model.alerts import Channel, Delivered, Message, Undelivered
from tracker.pipeline import alerting
from tracker.store import Store


def deliver_and_die(channel: Channel, message: Message) -> Delivered | Undelivered:
    """Hand the message over, and be killed before anybody hears of it."""
    channels.deliver(channel, message)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def main(folder: Path, *, kill: bool) -> None:
    """Send what is due."""
    alerts = settings.load(folder / "alerts.yaml", CHECKS, SAVED, environ={})

    def clock() -> datetime:
        return datetime(2024, 10, 1, 9, 0, tzinfo=UTC)

    with Store.open(folder / "t.db") as store, ask(folder / "t.db", clock) as answers:
        deliver = deliver_and_die if kill else channels.deliver
        alerting.send_due(alerts, store, answers, clock=clock, deliver=deliver)


if __name__ == "__main__":
    main(Path(sys.argv[1]), kill=sys.argv[2:] == ["kill"])
