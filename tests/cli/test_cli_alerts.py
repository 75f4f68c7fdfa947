"""`tracker alerts` as a user meets it: a refresh that tells, a test that sends nothing, a log without secrets."""

from __future__ import annotations

import json
from pathlib import Path

import process
import pytest

from tracker.store import Store

SECRET = "S3cretT0ken"
FEEDS = """\
sources:
  official:
    - {id: gone, name: Gone, kind: feed, url: "http://127.0.0.1:9/feed", language: en, tier: official, private: true}
settings: {fetch: {respect_robots: false}}
"""
ALERTS = f"""\
channels:
  file: {{file: told.txt}}
  hook: {{url: "json://user:{SECRET}@127.0.0.1:9/{SECRET}", timeout: 2s}}
alerts:
  all: {{channel: [file, hook]}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "feeds.yaml").write_text(FEEDS, encoding="utf-8")
    (tmp_path / "alerts.yaml").write_text(ALERTS, encoding="utf-8")
    Store.open(tmp_path / "db" / "tracker.db").close()
    return tmp_path


def test_alerts_from_listing_to_log(folder: Path) -> None:
    listed = process.tracker("alerts", "list", "--json", cwd=folder)
    assert (listed.returncode, listed.stderr) == (0, "")
    (row,) = json.loads(listed.stdout)
    assert (row["name"], row["begun"], row["channels"]) == ("all", False, {"file": "file", "hook": "json"})

    shown = process.tracker("alerts", "test", cwd=folder)
    assert shown.returncode == 0
    assert "nothing waits; this is how a message looks" in shown.stdout
    assert "[TEST] new event: United States tightens export controls" in shown.stdout
    assert not (folder / "told.txt").exists()

    tried = process.tracker("alerts", "test", "all", "--send-test", cwd=folder)
    assert tried.returncode == 69
    assert "all → file (file): sent: [TEST] new event" in tried.stdout
    assert "all → hook (json): failed: A Connection error occurred" in tried.stderr
    assert "[TEST] new event" in (folder / "told.txt").read_text(encoding="utf-8")

    sent = process.tracker("alerts", "send", cwd=folder)
    assert sent.returncode == 0
    assert sent.stdout == "0 new to tell, 0 messages sent, 0 failed, 0 wait\n"
    log = process.tracker("alerts", "log", "--json", cwd=folder)
    assert json.loads(log.stdout) == []
    told = [listed, shown, tried, sent, log]
    assert [one.args for one in told if SECRET in one.stdout + one.stderr] == []


def test_a_name_that_is_none_is_told_with_the_nearest(folder: Path) -> None:
    done = process.tracker("alerts", "test", "al", cwd=folder)
    assert done.returncode == 66
    assert "no alert 'al'; did you mean 'all'?" in done.stderr


def test_a_refresh_sends_and_says_what_is_wrong_with_alerts(folder: Path) -> None:
    done = process.tracker("refresh", cwd=folder)
    assert "alerts: 0 new to tell" in done.stderr
    (folder / "alerts.yaml").write_text(ALERTS.replace("channel:", "chanel:"), encoding="utf-8")
    done = process.tracker("refresh", cwd=folder)
    assert done.returncode == 78
    assert "sources asked" in done.stdout
    assert "alerts.all.chanel: unknown key; did you mean 'channel'?" in done.stderr
