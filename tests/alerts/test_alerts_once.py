"""Exactly once, whatever happens: events come, change and merge, channels fail, processes die anywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import alert_samples
import pytest
from alert_samples import World
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.cli.alerting import ask
from tracker.model.alerts import Alerts, Channel, Delivered, Message, Undelivered
from tracker.pipeline import alerting

FILE = """\
settings: {dead_after: 300d}
channels:
  a: {url: "json://127.0.0.1:9/", rate: RATE}
  b: {url: "json://127.0.0.1:9/", rate: none, quiet: "09:00-10:00"}
alerts:
  one: {query: chips, on: [new, status, contradicted], channel: [a, b]}
  two: {on: [new, effective], days: [30, 3], channel: b, digest: DIGEST}
"""
STATUSES = ("proposed", "announced", "in_force", "suspended")
KEYS = ("p", "q", "r", "s")


class DiedError(BaseException):
    """A process that ends; no `except Exception` holds it."""


class Line:
    """Channels that fail as they are told to, and what they took."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.taken: list[tuple[str, Message]] = []

    def send(self, alerts: Alerts, faults: Sequence[str]) -> None:
        """One sending, in which each handing over goes as the faults say, in turn; those after go well."""
        left = list(faults)

        def deliver(channel: Channel, message: Message) -> Delivered | Undelivered:
            fault = left.pop(0) if left else "takes it"
            if fault == "dies before":
                raise DiedError
            if fault == "refuses":
                return Undelivered(reason="no")
            self.taken.append((channel.name, message))
            if fault == "dies after":
                raise DiedError
            return Delivered()

        world = self.world
        try:
            with ask(world.store.path, world.clock) as answers:
                alerting.send_due(alerts, world.store, answers, clock=world.clock, deliver=deliver)
        except DiedError:
            pass


FAULTS = st.lists(st.sampled_from(["takes it", "refuses", "dies before", "dies after"]), max_size=4)
STEPS = st.lists(
    st.tuples(st.just("tell"), st.sampled_from(KEYS), st.sampled_from(STATUSES), st.sampled_from(["2024-10-20", None]))
    | st.tuples(st.just("merge"), st.sampled_from(KEYS), st.sampled_from(KEYS))
    | st.tuples(st.just("wait"), st.integers(1, 60 * 30))
    | st.tuples(st.just("send"), FAULTS),
    max_size=14,
)


@settings(max_examples=12, deadline=None)
@given(STEPS, st.sampled_from(["none", "1/h"]), st.sampled_from(["none", "daily 08:00"]))
def test_each_thing_is_told_once_for_each_alert_and_channel(
    steps: Sequence[tuple[object, ...]], rate: str, digest: str
) -> None:
    with TemporaryDirectory() as folder, alert_samples.world(Path(folder)) as world:
        alerts = world.alerts(FILE.replace("RATE", rate).replace("DIGEST", digest))
        line, alive = Line(world), set[str]()
        line.send(alerts, ())
        for step in steps:
            play(world, line, alerts, alive, step)
        for _ in range(10):
            world.wait(hours=25)
            line.send(alerts, ())
        assert world.store.messages.waiting() == 0
        assert_once(line)
        assert_all_new_told(world, line, alive)


def play(world: World, line: Line, alerts: Alerts, alive: set[str], step: tuple[object, ...]) -> None:
    match step:
        case ("tell", str(key), str(status), effective):
            if key in world.reports and key not in alive:
                return  # it was merged, and its report is in another
            world.tell(key, status=status, effective=effective if isinstance(effective, str) else None)
            alive.add(key)
        case ("merge", str(old), str(heir)) if old != heir and {old, heir} <= alive:
            world.tell(heir, took=(old,))
            alive.discard(old)
        case ("wait", int(minutes)):
            world.wait(minutes=minutes)
        case ("send", list(faults)):
            line.send(alerts, faults)


def assert_once(line: Line) -> None:
    """No message but those of one id tells a thing that another told."""
    ids: dict[tuple[str, ...], set[str]] = {}
    for channel, message in line.taken:
        for item in message.document["items"]:
            told = (message.alert, channel, item["trigger"], item["event"]["id"], item["key"])
            ids.setdefault(told, set()).add(message.id)
    assert {told: found for told, found in ids.items() if len(found) > 1} == {}
    bodies: dict[str, set[str]] = {}
    for _, message in line.taken:
        bodies.setdefault(message.id, set()).add(message.body)
    assert [found for found in bodies.values() if len(found) > 1] == []


def assert_all_new_told(world: World, line: Line, alive: set[str]) -> None:
    """Every event that is there was told as new by each alert on each of its channels, under one of its ids."""
    told = Counter(
        (message.alert, channel, item["event"]["id"])
        for channel, message in line.taken
        for item in message.document["items"]
        if item["trigger"] == "new"
    )
    with ask(world.store.path, world.clock) as answers:
        for key in alive:
            event = answers.event(key)
            assert event is not None
            family = {key, *event["former_ids"]}
            for alert, channel in (("one", "a"), ("one", "b"), ("two", "b")):
                assert any(told[alert, channel, one] for one in family), (alert, channel, key)


@pytest.mark.parametrize("where", ["dies before", "dies after"])
def test_a_death_at_each_message_of_many(world: World, where: str) -> None:
    alerts = world.alerts(FILE.replace("RATE", "none").replace("DIGEST", "none"))
    line = Line(world)
    line.send(alerts, ())
    for key in KEYS:
        world.tell(key)
    for number in range(20):
        line.send(alerts, ["takes it"] * (number % 3) + [where])
        world.wait(minutes=20)
    world.wait(hours=3)
    line.send(alerts, ())
    assert_once(line)
    assert len({message.id for _, message in line.taken}) == 3 * len(KEYS)
