"""Crashes and two processes at once: nothing is lost, and what may be doubled can be told by its id."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from alert_samples import World

from tracker.errors import BusyError
from tracker.model.alerts import Channel, Delivered, Message, Undelivered
from tracker.store import Store

HERE = Path(__file__).parent
FILE = """\
channels:
  out: {command: [/bin/sh, -c, "cat >> taken.jsonl"]}
  file: {file: kept.jsonl}
alerts:
  chips: {query: chips, channel: CHANNEL, on_doubt: CHOICE}
"""


def run(folder: Path, *words: str) -> int:
    """One sending in a process of its own."""
    path = os.pathsep.join([str(HERE), str(HERE.parent), str(HERE.parent.parent)])
    done = subprocess.run(
        [sys.executable, "-W", "ignore", HERE / "killed.py", folder, *words],
        cwd=folder, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    return done.returncode


def lines(path: Path) -> list[str]:
    """The ids of the messages that a file has."""
    return [json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


@pytest.mark.parametrize(
    ("channel", "choice", "times"),
    [("out", "send", 2), ("out", "skip", 1), ("file", "send", 1), ("file", "skip", 1)],
)
def test_a_process_killed_between_sending_and_noting(world: World, channel: str, choice: str, times: int) -> None:
    text = FILE.replace("CHANNEL", channel).replace("CHOICE", choice)
    world.send(world.alerts(text))
    world.tell("e")
    world.store.close()
    taken = world.folder / ("taken.jsonl" if channel == "out" else "kept.jsonl")
    assert run(world.folder, "kill") == -9
    assert len(lines(taken)) == 1
    assert run(world.folder) == 0
    assert run(world.folder) == 0
    assert len(lines(taken)) == times
    assert len(set(lines(taken))) == 1
    with Store.open(world.folder / "t.db") as store:
        assert [one.state for one in store.messages.log(None, 10)] == [
            "skipped" if times == 1 and channel == "out" else "sent"
        ]


def test_what_was_handed_over_before_says_so(world: World) -> None:
    alerts = world.alerts(FILE.replace("CHANNEL", "file").replace("CHOICE", "send"))
    world.send(alerts)
    world.tell("e")
    world.down["file"] = Undelivered(reason="the disk is full")
    world.send(alerts)
    world.down.clear()
    world.wait(days=1)
    world.tell("f")
    world.send(alerts)
    assert {message.document["items"][0]["event"]["id"]: message.is_again for _, message in world.taken} == {
        "e": True,
        "f": False,
    }


def test_one_process_sends_at_a_time(world: World) -> None:
    alerts = world.alerts(FILE.replace("CHANNEL", "out").replace("CHOICE", "send"))
    world.send(alerts)
    world.tell("e")
    seen: list[str] = []

    def meanwhile(channel: Channel, message: Message) -> Delivered:
        del channel, message
        with (
            Store.open(world.store.path) as store,
            pytest.raises(BusyError, match="another process is sending") as busy,
        ):
            World(folder=world.folder, store=store, now=world.now).send(alerts)
        seen.append(str(busy.value))
        return Delivered()

    from tracker.cli.alerting import ask
    from tracker.pipeline import alerting

    with ask(world.store.path, world.clock) as answers:
        assert alerting.send_due(alerts, world.store, answers, clock=world.clock, deliver=meanwhile).sent == 1
    assert len(seen) == 1


def test_a_refresh_can_write_while_alerts_are_sent(world: World) -> None:
    alerts = world.alerts(FILE.replace("CHANNEL", "out").replace("CHOICE", "send"))
    world.send(alerts)
    world.tell("e")

    def meanwhile(channel: Channel, message: Message) -> Delivered:
        del channel, message
        with Store.open(world.store.path) as store, store.writing():
            World(folder=world.folder, store=store, now=world.now).tell("f")
        return Delivered()

    from tracker.cli.alerting import ask
    from tracker.pipeline import alerting

    with ask(world.store.path, world.clock) as answers:
        assert alerting.send_due(alerts, world.store, answers, clock=world.clock, deliver=meanwhile).sent == 1
    world.send(alerts)
    assert world.told() == ["new f"]
