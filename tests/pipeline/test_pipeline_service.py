"""The run that stays: nothing but a signal ends it, and what fails is told and tried again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest

from tracker.bell import Bell, StoppedError
from tracker.errors import BusyError, ConfigError, StoreError
from tracker.journal import Journal, written
from tracker.model import RunReport
from tracker.model.alerts import AlertReport
from tracker.pipeline import service
from tracker.pipeline.service import Round, Service

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


@dataclass
class Script:
    """Duties that do what a test tells them to, and ring for the end after so many refreshes."""

    rounds: int
    refreshing: Callable[[int], RunReport] = lambda _: RunReport(sources_asked=1)
    alerting: Callable[[], AlertReport | None] = lambda: None
    reloading: Callable[[], None] = lambda: None
    on_last: Callable[[], None] = lambda: os.kill(os.getpid(), signal.SIGTERM)
    forced: list[bool] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    rests: int = 0

    def refresh(self, *, force: bool) -> RunReport:
        self.forced.append(force)
        self.done.append("refresh")
        return self.refreshing(len(self.forced))

    def alert(self) -> AlertReport | None:
        self.done.append("alert")
        return self.alerting()

    def maintain(self) -> dict[str, Any] | None:
        self.done.append("maintain")
        return None

    def measure(self, done: Round) -> None:
        self.done.append(f"measure {done.failures}")
        if len(self.forced) == self.rounds:
            self.on_last()

    def back_up(self) -> None:
        pass

    def next_due(self, now: datetime) -> datetime | None:
        return now

    def rest(self) -> None:
        self.rests += 1

    def reload(self) -> None:
        self.done.append("reload")
        self.reloading()


@pytest.fixture
def log() -> Iterator[tuple[Journal, StringIO]]:
    out = StringIO()
    with written("json", to=out, level="debug") as journal:
        yield journal, out


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "FIRST_BACK_OFF", 0.001)


def serve(script: Script, log: tuple[Journal, StringIO], clock: Callable[[], datetime] = lambda: NOW) -> list[Any]:
    """Run until it is ended; the lines of its log."""
    bell = Bell(reloads=True)
    with bell.hung():
        Service(duties=script, bell=bell, journal=log[0], clock=clock, every=0.001).serve()
    return [json.loads(line) for line in log[1].getvalue().splitlines()]


def of(lines: list[Any], event: str) -> list[Any]:
    return [line for line in lines if line["event"] == event]


def test_duties_are_done_in_their_order_again_and_again(log: tuple[Journal, StringIO]) -> None:
    script = Script(2)
    serve(script, log)
    assert script.done == ["refresh", "alert", "maintain", "measure 0"] * 2
    assert script.rests  # what is kept for work is let go of between two rounds


@pytest.mark.usefixtures("quick")
def test_a_refresh_that_fails_ends_nothing(log: tuple[Journal, StringIO]) -> None:
    def failing(number: int) -> RunReport:
        if number == 1:
            raise StoreError("the disk is full")
        if number == 2:
            raise KeyError("a bug")
        return RunReport(sources_asked=1)

    script = Script(3, refreshing=failing)
    lines = of(serve(script, log), "refresh failed")
    assert [done for done in script.done if done.startswith("measure")] == ["measure 1", "measure 2", "measure 0"]
    assert script.done.count("alert") == 3
    assert [(line["reason"], line["failures"], "trace" in line) for line in lines] == [
        ("the disk is full", 1, False),
        ("KeyError: 'a bug'", 2, True),
    ]
    assert lines[0]["run"]


@pytest.mark.usefixtures("quick")
def test_another_process_at_work_is_no_failure(log: tuple[Journal, StringIO]) -> None:
    def busy(number: int) -> RunReport:
        if number == 1:
            raise BusyError("process 7 is writing")
        return RunReport()

    script = Script(2, refreshing=busy)
    lines = serve(script, log)
    assert [line["reason"] for line in of(lines, "refresh put off")] == ["process 7 is writing"]
    assert "measure 1" not in script.done


def test_alerts_that_fail_in_the_same_way_are_told_once(log: tuple[Journal, StringIO]) -> None:
    def wrong() -> AlertReport | None:
        raise ConfigError(("alerts.yaml:3: unknown key",))

    lines = serve(Script(4, alerting=wrong), log)
    assert [line["reason"] for line in of(lines, "alerts failed")] == ["alerts.yaml:3: unknown key"]


def test_settings_that_are_wrong_end_nothing(log: tuple[Journal, StringIO]) -> None:
    def wrong() -> None:
        raise ConfigError(("feeds.yaml: the file is empty",))

    def refreshing(number: int) -> RunReport:
        if number == 1:
            os.kill(os.getpid(), signal.SIGHUP)
        return RunReport()

    script = Script(2, refreshing=refreshing, reloading=wrong)
    lines = serve(script, log)
    assert script.done.count("reload") == 1
    assert script.done.index("reload") > script.done.index("measure 0")
    assert [line["reason"] for line in of(lines, "reload failed")] == ["feeds.yaml: the file is empty"]


def test_a_clock_that_goes_back_has_all_sources_asked(log: tuple[Journal, StringIO]) -> None:
    script = Script(3)

    def clock() -> datetime:
        return NOW - timedelta(days=2 if len(script.forced) > 1 else 0)

    lines = serve(script, log, clock)
    assert script.forced == [False, False, True]
    assert [round(line["seconds"], -2) for line in of(lines, "clock went back")] == [172_800]


def test_a_signal_breaks_off_a_refresh(log: tuple[Journal, StringIO]) -> None:
    def stopped(_: int) -> RunReport:
        os.kill(os.getpid(), signal.SIGTERM)
        raise AssertionError("it went on")

    script = Script(1, refreshing=stopped)
    with pytest.raises(StoppedError):
        serve(script, log)
    assert script.done == ["refresh"]


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 30), (1, 30), (2, 60), (3, 120), (7, 1800), (1000, 1800)], ids=str
)
def test_the_wait_after_failures_grows_up_to_half_an_hour(failures: int, seconds: float) -> None:
    one = Service(duties=Script(1), bell=Bell(), journal=Journal(), clock=lambda: NOW, _failures=failures)
    assert one.back_off() == seconds


STUCK = """
import time
from tracker import bell
bell.PATIENCE = 0.2
one = bell.Bell(code=9)
with one.hung(), one.interruptible():
    while True:
        try:
            print("at work", flush=True)
            time.sleep(60)
        except BaseException:
            pass
"""


def test_work_that_does_not_end_is_cut_off() -> None:
    process = subprocess.Popen([sys.executable, "-c", STUCK], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "at work\n"
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=10)
    assert process.returncode == 9


LOST = """
import os, signal, time, weakref
from tracker import bell
class Thing: pass
one = bell.Bell(code=9)
with one.hung():
    try:
        with one.interruptible():
            thing = Thing()
            callback = weakref.ref(thing, lambda _: os.kill(os.getpid(), signal.SIGTERM))
            del thing  # nothing can be raised out of the callback
            print("at work", flush=True)
            time.sleep(60)
    except bell.StoppedError:
        print("stopped", flush=True)
"""


def test_an_end_that_was_raised_in_vain_is_raised_again() -> None:
    process = subprocess.run([sys.executable, "-c", LOST], capture_output=True, text=True, timeout=30, check=False)
    assert (process.stdout, process.stderr, process.returncode) == ("at work\nstopped\n", "", 0)


def test_a_bell_gives_signals_back(log: tuple[Journal, StringIO]) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)]
    serve(Script(1), log)
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)] == before
