"""Two runs on one database never meet, and a dead one holds nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tracker.errors import BusyError
from tracker.store import Store, holder

HOLDER = """
import sys
from tracker.store import Store
with Store.open(sys.argv[1]) as store, store.writing():
    print("held", flush=True)
    sys.stdin.read()
"""


def held_by_another(path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLDER, str(path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def ended(process: subprocess.Popen[str]) -> None:
    process.communicate()


def test_the_second_writer_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    process = held_by_another(path)
    with Store.open(path) as store:
        with pytest.raises(BusyError, match=f"process {process.pid} is writing to this database"), store.writing():
            pass
        ended(process)
        with store.writing():
            pass


def test_a_killed_writer_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    process = held_by_another(path)
    process.send_signal(signal.SIGKILL)
    ended(process)
    with Store.open(path) as store, store.writing():
        assert holder.read((tmp_path / "t.db.lock").read_bytes()) == holder.myself()


def test_two_stores_of_one_process_collide_too(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with (
        Store.open(path) as first,
        Store.open(path) as second,
        first.writing(),
        pytest.raises(BusyError, match=f"process {os.getpid()}"),
        second.writing(),
    ):
        pass


def test_the_holder_may_take_it_again(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with Store.open(path) as store, Store.open(path) as other:
        with store.writing():
            with store.writing():
                pass
            with pytest.raises(BusyError), other.writing():
                pass
        with other.writing():
            pass


def test_reading_goes_on_while_somebody_writes(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    process = held_by_another(path)
    with Store.open(path, read_only=True) as store:
        assert store.counts()["event"] == 0
    ended(process)
