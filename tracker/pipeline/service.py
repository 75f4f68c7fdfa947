"""The run that stays: whatever is due is done, again and again, until a signal ends it.

    refresh ─▶ alerts ─▶ maintenance ─▶ backup ─▶ figures ─▶ wait until the database says that something is due
       └─ fails: told, tried again after a while that grows; the rest is done all the same

What is to be done is handed in (`Duties`); here is only when, and what follows from failure. Durations are taken from a
clock that nobody sets; the wall clock, which may jump, only says whether something is due.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from tracker.bell import Bell
from tracker.errors import BusyError, TrackerError
from tracker.journal import Journal, run_id, tell
from tracker.model import RunReport
from tracker.model.alerts import AlertReport
from tracker.pipeline.run import tell_refresh

T = TypeVar("T")

LOOK = 60.0  # seconds between two looks at the database: others may write to it, and clocks jump
FIRST_BACK_OFF = 30.0  # seconds; doubled with each failure in a row
LONGEST_BACK_OFF = 1800.0
JUMP = timedelta(seconds=60)  # by so much a clock must go back for its times not to be trusted


class Duties(Protocol):
    """What there is to do; whatever fails raises."""

    def refresh(self, *, force: bool) -> RunReport:
        """Bring the timeline up to date; `force`: ask every source, due or not."""
        ...

    def alert(self) -> AlertReport | None:
        """Send what is due; None where nobody is to be told anything."""
        ...

    def maintain(self) -> dict[str, Any] | None:
        """The daily upkeep; None where it is not due."""
        ...

    def back_up(self) -> dict[str, Any] | None:
        """A backup; None where none is due."""
        ...

    def measure(self, done: Round) -> None:
        """Write down the figures."""
        ...

    def next_due(self, now: datetime) -> datetime | None:
        """When something is due next."""
        ...

    def rest(self) -> None:
        """Let go of what is kept for work and has not been needed for a while; asked about once a minute."""
        ...

    def reload(self) -> None:
        """Read the settings again; where they are wrong the old ones stay."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one round came to."""

    started: datetime
    seconds: float  # of the refresh
    report: RunReport | None  # None: the refresh failed
    error: TrackerError | None = None  # of the refresh, where it is none of ours
    is_busy: bool = False  # another process was writing
    failures: int = 0  # rounds in a row, this one among them, whose refresh failed


@dataclass(slots=True)
class Service:
    """Does its duties; `every` is the least number of seconds from one round to the next."""

    duties: Duties
    bell: Bell
    journal: Journal
    clock: Callable[[], datetime]
    every: float = 60.0
    _failures: int = 0
    _faults: dict[str, str] = field(default_factory=dict)  # what each duty failed of last
    _force: bool = False
    _seen: tuple[float, datetime] | None = None  # both clocks when last looked at

    def serve(self) -> None:
        """Go on until the bell rings for the end.

        Raises:
            StoppedError: it rang in the midst of something.
        """
        tell("service started", every_seconds=self.every)
        while not self.bell.is_stopping:
            if self.bell.must_reload():
                self._try("reload", self.duties.reload)
            began = time.monotonic()
            done = self.round()
            pause = self.back_off() if done.failures or done.is_busy else self.every - (time.monotonic() - began)
            self._rest(pause)

    def round(self) -> Round:
        """All that is due now, once."""
        started, began = self.clock(), time.monotonic()
        self.journal.run = run_id(started)
        force, self._force = self._force, False
        report: RunReport | None = None
        error: TrackerError | None = None
        is_busy = False
        try:
            with self.bell.interruptible():
                report = self.duties.refresh(force=force)
            self._failures = 0
            self._faults.pop("refresh", None)
        except BusyError as busy:
            error, is_busy = busy, True
            tell("refresh put off", reason=str(busy))
        except Exception as fault:  # noqa: BLE001 - a service outlives its bugs; they are told with their trace
            self._failures += 1
            error = fault if isinstance(fault, TrackerError) else None
            self._failed("refresh", fault)
        seconds = time.monotonic() - began
        if report is not None:
            tell_refresh(report, seconds)
        _tell_alerts(self._try("alerts", self.duties.alert))
        self.bell.check()
        counts = self._try("maintenance", self.duties.maintain)
        if counts is not None:
            tell("maintenance ended", **counts)
        made = self._try("backup", self.duties.back_up)
        if made is not None:
            tell("backup made", **made)
        done = Round(
            started=started,
            seconds=seconds,
            report=report,
            error=error,
            is_busy=is_busy,
            failures=self._failures,
        )
        self._try("metrics", lambda: self.duties.measure(done))
        self.journal.run = None
        return done

    def back_off(self) -> float:
        """Seconds to wait after so many failures in a row; the first of them where another process was at work."""
        wait: float = FIRST_BACK_OFF * 2 ** min(max(self._failures - 1, 0), 10)
        return min(wait, LONGEST_BACK_OFF)

    def _rest(self, pause: float) -> None:
        """Wait at least so long, then until something is due or a signal comes."""
        earliest = time.monotonic() + pause
        while not self.bell.is_stopping:
            self._heed_jumps()
            self._try("rest", self.duties.rest)
            left = earliest - time.monotonic()
            until_due = 0.0 if self._force else self._until_due(self.clock())
            if left <= 0 and until_due <= 0:
                return
            if self.bell.wait(min(LOOK, max(left, until_due))):
                return

    def _heed_jumps(self) -> None:
        """Have all sources asked when the clock has gone back: when each is due was told by another one."""
        before, self._seen = self._seen, (time.monotonic(), self.clock())
        if before is None:
            return
        gone_back = before[1] + timedelta(seconds=self._seen[0] - before[0]) - self._seen[1]
        if gone_back > JUMP:
            tell("clock went back", level="warning", seconds=round(gone_back.total_seconds()))
            self._force = True

    def _until_due(self, now: datetime) -> float:
        """Seconds until something is due, by the database; a look's time where nothing waits or it cannot be asked."""
        due = self._try("agenda", lambda: self.duties.next_due(now))
        return LOOK if due is None else (due - now).total_seconds()

    def _try(self, duty: str, work: Callable[[], T]) -> T | None:
        """What a duty gives, or None where it fails: that is told, and ends nothing."""
        try:
            found = work()
        except Exception as fault:  # noqa: BLE001 - as above
            self._failed(duty, fault)
            return None
        self._faults.pop(duty, None)
        return found

    def _failed(self, duty: str, fault: Exception) -> None:
        """Tell why a duty failed; once while it is the same."""
        reason = str(fault) if isinstance(fault, TrackerError) else f"{type(fault).__name__}: {fault}"
        if self._faults.get(duty) == reason and duty != "refresh":
            return
        self._faults[duty] = reason
        failures = self._failures if duty == "refresh" else None
        trace = None if isinstance(fault, TrackerError) else fault
        tell(f"{duty} failed", level="error", error=trace, reason=reason, failures=failures)


def _tell_alerts(report: AlertReport | None) -> None:
    """One line for what was sent, and one for each fault."""
    if report is None:
        return
    for fault in report.faults:
        tell("alert failed", level="warning", reason=fault)
    if report.noted or report.sent or report.failed:
        tell("alerts sent", noted=report.noted, sent=report.sent, failed=report.failed, waiting=report.waiting)
