"""The page about running says what is written: every figure, and every event of the log."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import yaml

from tracker.cli import figures
from tracker.export import prometheus
from tracker.store.figures import Figures

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
FOUND = Figures(
    rows={"article": 5, "report": 4, "event": 3, "measure": 2},
    sources={"page": 2, "failed": 1},
    alarms={"silent": 1},
    messages={"waiting": 2, "sending": 1, "dead": 4},
    facts=6,
    pending=7,
    unread=8,
    held={"herald": 9},
    last_success=NOW,
    bytes={"main": 4096, "wal": 0},
)


def section(title: str) -> str:
    return PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def test_the_figures_are_documented_and_no_others() -> None:
    written = {one.name for one in figures.gauges(FOUND, seconds=1.5, now=NOW, failures=0)}
    rows = [line for line in section("Figures").splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`(tracker_\w+)`", row.split("|")[1])} == written


def test_the_rules_are_about_figures_that_there_are() -> None:
    rules = yaml.safe_load(section("Figures").partition("```yaml\n")[2].partition("```")[0])
    asked = {name for one in rules["groups"][0]["rules"] for name in re.findall(r"tracker_\w+", one["expr"])}
    assert asked <= {one.name for one in figures.gauges(FOUND, seconds=1.5, now=NOW, failures=0)}


def test_a_message_in_doubt_waits_and_a_failed_refresh_has_no_duration() -> None:
    text = prometheus.text(figures.gauges(FOUND, seconds=None, now=NOW, failures=3))
    assert "tracker_outbox_messages_waiting 3\n" in text
    assert "tracker_refresh_consecutive_failures 3\n" in text
    assert "tracker_refresh_duration_seconds" not in text
    assert f"tracker_refresh_last_success_timestamp_seconds {int(NOW.timestamp())}\n" in text


def test_the_events_of_the_log_are_documented() -> None:
    told = {
        event
        for path in (ROOT / "tracker").rglob("*.py")
        for event in re.findall(r'\btell\(\s*f?"([^"{]+)"', path.read_text(encoding="utf-8"))
    }
    assert "refresh ended" in told
    rows = "".join(line.split("|")[1] for line in section("Logs").splitlines() if line.startswith("| `"))
    documented = set(re.findall(r"`([a-z ]+)`", rows))
    assert told - {"the database stays until a restart"} <= documented
