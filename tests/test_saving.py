"""Files that are there whole or not at all, also where a process that wrote one was killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tracker.errors import InputError
from tracker.saving import replaced

WRITES = """
import sys, time
from pathlib import Path
from tracker.saving import replaced
with replaced(Path(sys.argv[1])) as out:
    out.write(b"half")
    out.flush()
    print("half is written", flush=True)
    time.sleep(60)
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_killed_writer_leaves_the_old_file_and_the_next_one_clears_up(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    file.write_bytes(b"old")
    others = [".out.csv.bak.7.part", ".out.csv.part", ".other.csv.7.part"]
    for name in others:
        (tmp_path / name).touch()
    writer = subprocess.Popen([sys.executable, "-c", WRITES, str(file)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "half is written\n"
    part = f".out.csv.{writer.pid}.part"
    with replaced(file) as out:
        assert part in names(tmp_path)  # it lives, and so does what it writes
        out.write(b"new")
    writer.send_signal(signal.SIGKILL)
    writer.communicate()
    assert file.read_bytes() == b"new"
    assert part in names(tmp_path)
    with replaced(file) as out:
        out.write(b"newer")
    assert (file.read_bytes(), names(tmp_path)) == (b"newer", sorted(["out.csv", *others]))


def fail(file: Path) -> None:
    with replaced(file) as out:
        out.write(b"half")
        raise RuntimeError("no more")


def test_a_writer_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no more"):
        fail(tmp_path / "out")
    assert names(tmp_path) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be written \(No such file or directory\)"):
        replaced(tmp_path / "nowhere" / "out").__enter__()
