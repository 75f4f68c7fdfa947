"""Who holds a lock, what a line that was left behind means, and what may stand in the file."""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import BusyError
from tracker.store import holder
from tracker.store.holder import Holder
from tracker.store.lock import WriterLock

ME = Holder(pid=10, host="desk", boot="b1", started=5)
MOUNTS = r"""
21 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 21 0:26 / /srv/with\040space rw - nfs4 filer:/x rw
31 30 0:27 / /srv/with\040space/local rw - tmpfs tmpfs rw
32 21 0:28 / /home rw shared:3 master:1 - cifs //filer/home rw
33 21 0:29 / /home rw - xfs /dev/vdb rw
odd line
""".strip().splitlines()


@pytest.mark.parametrize(
    ("left", "network", "lives"),
    [
        pytest.param(Holder(pid=11, host="desk", boot="b1", started=4), False, False, id="ours-local"),
        pytest.param(Holder(pid=11, host="desk", boot="b1", started=4), True, False, id="ours-shared"),
        pytest.param(Holder(pid=11, host="3f2a77", boot="b1", started=4), True, False, id="container-here"),
        pytest.param(Holder(pid=11, host="desk", boot="b0", started=4), True, False, id="before-the-boot"),
        pytest.param(Holder(pid=11, host="other", boot="b9", started=4), True, True, id="elsewhere-shared"),
        pytest.param(Holder(pid=11, host="other", boot="b9", started=4), False, False, id="elsewhere-copied-disk"),
        pytest.param(Holder(pid=11, host="other"), True, True, id="elsewhere-no-proc"),
        pytest.param(Holder(pid=11, host="desk"), True, False, id="ours-no-proc"),
    ],
)
def test_a_line_without_a_lock_counts_where_the_kernel_cannot_know(left: Holder, *, network: bool, lives: bool) -> None:
    assert holder.may_live(left, ME, shared=network) is lives


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/x", "ext4"),
        ("/srv/with space/db", "nfs4"),
        ("/srv/with space", "nfs4"),
        ("/srv/with space/local/db", "tmpfs"),
        ("/srv/with space2", "ext4"),
        ("/home/a", "xfs"),
    ],
)
def test_the_file_system_of_a_path_is_that_of_the_nearest_mount(path: str, kind: str) -> None:
    assert holder.kind_of(Path(path), MOUNTS) == kind


def test_a_temporary_folder_is_not_shared(tmp_path: Path) -> None:
    assert not holder.is_shared(tmp_path)


def test_a_holder_is_read_as_it_was_written() -> None:
    me = holder.myself()
    assert holder.read(me.line.encode()) == me
    assert me.started == holder.started(os.getpid())
    assert me.started is not None


@given(st.binary(max_size=300))
def test_a_line_may_hold_anything(line: bytes) -> None:
    found = holder.read(line)
    assert found is None or found.pid > 0


def test_a_line_that_is_printed_holds_no_tricks() -> None:
    found = holder.read(b'{"pid": 7, "host": "a\\u001b[2Jb\\nc", "boot": 3, "started": "x"}')
    assert found == Holder(pid=7, host="a2Jbc", boot="3", started=None)


def test_the_lock_of_a_killed_process_is_taken_over_and_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="tracker")
    code = (
        "import sys, pathlib; from tracker.store.lock import WriterLock; lock = WriterLock(pathlib.Path(sys.argv[1]));"
        "lock.acquire(); print('held', flush=True); sys.stdin.read()"
    )
    path = tmp_path / "t.db"
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    lock = WriterLock(path)
    lock.acquire()
    lock.release()
    lock.acquire()  # given back in order: nothing to tell
    lock.release()
    told = [(one.getMessage(), one.__dict__["fields"]["died"]) for one in caplog.records]
    assert told == [("lock taken over", process.pid)]


def test_the_lock_of_another_machine_is_respected_on_a_shared_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holder, "is_shared", lambda _: True)
    left = Holder(pid=77, host="other.example", boot="b9", started=1).line
    path = tmp_path / "t.db.lock"
    path.write_text(left)
    lock = WriterLock(tmp_path / "t.db")
    with pytest.raises(BusyError, match=r"process 77 on other\.example is writing .*truncate -s 0 t\.db\.lock"):
        lock.acquire()
    assert path.read_text() == left  # it is still theirs
    path.write_text("")
    lock.acquire()
    lock.release()


def test_who_is_refused_learns_of_the_machine(tmp_path: Path) -> None:
    path = tmp_path / "t.db.lock"
    path.write_text(Holder(pid=77, host="other.example", boot="b9", started=1).line)
    with path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(BusyError, match=r"process 77 on other\.example is sweeping"):
            WriterLock(tmp_path / "t.db", doing="is sweeping").acquire()
