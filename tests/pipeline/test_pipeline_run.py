"""`tracker run` as a process: signals, a kill, two at once, a refresh beside it. Its source is a server on loopback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from outlet import Answer, Outlet, entry, feed
from process import tracker

SOURCE = """\
    - {{id: {id}, name: Outlet, kind: json_feed, url: "http://{address}/{id}.json", tier: major, language: de,
       private: true, full_text: false}}
"""
TEXT = "Das Ministerium hat am Montag eine Verordnung veröffentlicht, die den Handel mit Maschinen neu regelt. " * 8


@dataclass
class Desk:
    """A folder with feeds.yaml, an outlet, and the processes that a test starts."""

    folder: Path
    outlet: Outlet
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def configure(self, *ids: str, settings: str = "{contact: desk@tracker.example}") -> None:
        sources = "".join(SOURCE.format(id=one, address=self.outlet.address) for one in ids)
        (self.folder / "feeds.yaml").write_text(f"settings: {settings}\nsources:\n  main:\n{sources}", encoding="utf-8")
        for one in ids:
            self.outlet.routes.setdefault(f"/{one}.json", feed(entry(1, id=one, content_text=TEXT)))

    def start(self, *words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tracker", "run", "--every", "1s", "--log", "json", "--log-file", "t.log", *words],
            cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.started.append(process)
        return process

    def log(self) -> list[dict[str, Any]]:
        file = self.folder / "t.log"
        return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []

    def told(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.log() if line["event"] == event]

    def asked(self, path: str) -> bool:
        return path in [one for one, _ in self.outlet.asked]


@pytest.fixture
def desk(tmp_path: Path, outlet: Outlet) -> Iterator[Desk]:
    one = Desk(tmp_path, outlet)
    one.configure("one")
    yield one
    for process in one.started:
        process.kill()
        process.communicate()


def until(reached: Callable[[], object], process: subprocess.Popen[str]) -> None:
    ends = time.monotonic() + 40
    while not reached():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < ends
        time.sleep(0.02)


def ended(process: subprocess.Popen[str], number: signal.Signals, within: float = 5.0) -> int:
    began = time.monotonic()
    process.send_signal(number)
    process.communicate(timeout=30)
    assert time.monotonic() - began < within
    return process.returncode


def test_a_signal_amid_a_refresh_ends_it_and_nothing_is_lost(desk: Desk) -> None:
    desk.outlet.routes["/one.json"] = Answer(after=60)
    process = desk.start()
    until(lambda: desk.asked("/one.json"), process)
    assert ended(process, signal.SIGTERM) == 0
    assert desk.log()[-1]["event"] == "stopped"
    assert (desk.folder / "db/tracker.db.lock").read_bytes() == b""
    desk.outlet.routes.clear()
    desk.configure("one")
    done = tracker("run", "--once", "--metrics", "t.prom", cwd=desk.folder)
    assert (done.returncode, done.stdout) == (0, "")
    assert "tracker_articles 1\n" in (desk.folder / "t.prom").read_text()


def test_what_a_killed_run_held_is_taken_over(desk: Desk) -> None:
    desk.outlet.routes["/one.json"] = Answer(after=60)
    process = desk.start()
    until(lambda: desk.asked("/one.json"), process)
    assert tracker("run", "--once", cwd=desk.folder).returncode == 75  # while it lives
    assert ended(process, signal.SIGKILL) == -signal.SIGKILL
    desk.outlet.routes.clear()
    desk.configure("one")
    again = desk.start()
    until(lambda: desk.told("refresh ended"), again)
    taken = desk.told("lock taken over")
    assert [(Path(line["path"]).name, line["died"]) for line in taken] == [
        ("tracker.db.run.lock", process.pid),
        ("tracker.db.lock", process.pid),
    ]
    assert [line["articles"] for line in desk.told("refresh ended")] == [1]
    assert ended(again, signal.SIGINT) == 0


def test_it_waits_beside_others_and_reads_its_settings_again(desk: Desk) -> None:
    process = desk.start()
    until(lambda: desk.told("refresh ended"), process)
    beside = tracker("refresh", "--json", cwd=desk.folder)  # nothing holds it back while it waits
    assert (beside.returncode, json.loads(beside.stdout)["sources_asked"]) == (0, 0)
    second = tracker("run", cwd=desk.folder)
    assert second.returncode == 75
    assert f"process {process.pid} is `tracker run` on this database" in second.stderr
    (desk.folder / "feeds.yaml").write_text("sources: []\n")
    os.kill(process.pid, signal.SIGHUP)
    until(lambda: desk.told("reload failed"), process)
    desk.configure("one", "two")
    os.kill(process.pid, signal.SIGHUP)
    until(lambda: [line for line in desk.told("source asked") if line["source"] == "two"], process)
    assert ended(process, signal.SIGTERM) == 0


def test_a_refresh_has_a_log_and_figures_too_and_they_hold_no_secret(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_TOKEN", "s3cr3t-of-the-desk")
    text = (desk.folder / "feeds.yaml").read_text()
    text = text.replace("one.json", "one.json?api_key=5f4dcc3b5aa7").replace(
        "full_text", "token_env: DESK_TOKEN, full_text"
    )
    (desk.folder / "feeds.yaml").write_text(text.replace("one.json?", "s3cr3t-of-the-desk.json?"))
    done = tracker("refresh", "--log", "json", "--log-level", "debug", "--metrics", "t.prom", cwd=desk.folder)
    assert done.returncode == 69
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    failed = [line for line in lines if line["event"] == "source asked"]
    assert [(line["source"], line["level"], line["outcome"]) for line in failed] == [("one", "warning", "poison")]
    assert len({line["run"] for line in lines}) == 1
    assert "5f4dcc3b" not in done.stderr
    assert "s3cr3t" not in done.stderr
    assert 'tracker_sources{outcome="poison"} 1\n' in (desk.folder / "t.prom").read_text()


def test_what_is_wrong_at_the_start_is_told_with_its_code(tmp_path: Path) -> None:
    done = tracker("run", cwd=tmp_path)
    assert (done.returncode, "feeds.yaml" in done.stderr) == (78, True)


ALERTS = """\
channels:
  archive: {file: told.jsonl}
alerts:
  all: {on: new, channel: archive, since: 2020-01-01}
"""
STORY = (
    "The United States will ban exports of advanced chips to China, the Commerce Department announced on Monday. " * 3
)


@pytest.mark.real_reader
def test_what_is_due_is_read_and_told(desk: Desk) -> None:
    text = (desk.folder / "feeds.yaml").read_text().replace("language: de", "language: en")
    (desk.folder / "feeds.yaml").write_text(text)
    (desk.folder / "alerts.yaml").write_text(ALERTS)
    item = entry(1, title="United States bans exports of chips to China", content_text=STORY)
    desk.outlet.routes["/one.json"] = feed(item)
    done = tracker("run", "--once", "--log", "json", cwd=desk.folder)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    (sent,) = [line for line in lines if line["event"] == "alerts sent"]
    assert (sent["sent"], sent["failed"], sent["waiting"]) == (1, 0, 0)
    assert "chips" in (desk.folder / "told.jsonl").read_text()
