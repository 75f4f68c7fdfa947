"""A signal ends a command at its work: quickly, with a word and a code, without a trace. All: `drills/stopping.py`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

FEEDS = """\
settings: {{contact: desk@tracker.example}}
sources:
  one:
    - {{id: one, name: One, kind: json_feed, url: "http://127.0.0.1:{port}/one.json", tier: major, language: de,
       private: true, full_text: false}}
"""
SAID = "tracker: stopped; what was done is kept, the next run goes on from there\n"


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A server that takes a connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        yield server


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP], ids=lambda one: one.name)
def test_a_signal_ends_a_refresh(silent: socket.socket, tmp_path: Path, number: signal.Signals) -> None:
    (tmp_path / "feeds.yaml").write_text(FEEDS.format(port=silent.getsockname()[1]), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", "refresh", "--quiet"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    asked, _ = silent.accept()
    with asked:
        begun = time.monotonic()
        process.send_signal(number)
        process.send_signal(number)  # a second one, of somebody without patience, breaks nothing
        out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (128 + number, SAID)
    assert time.monotonic() - begun < 5
    assert (tmp_path / "db/tracker.db.lock").read_bytes() == b""


def test_what_a_shell_has_made_deaf_to_ctrl_c_stays_so(silent: socket.socket, tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_text(FEEDS.format(port=silent.getsockname()[1]), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", "refresh", "--quiet"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),  # noqa: PLW1509 - no threads
    )  # fmt: skip
    asked, _ = silent.accept()
    with asked:
        os.kill(process.pid, signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.3)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (128 + signal.SIGTERM, SAID)
