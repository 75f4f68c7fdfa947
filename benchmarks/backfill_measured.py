"""A command measured as a tree of processes: seconds of the wall and of the processor, and what its workers hold.

The tree is looked at a few times a second: `VmHWM` of each process is the most it ever held, so that only what lives
between two looks is missed. Pages that several processes share are counted for each.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LOOK = 0.25  # seconds
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a command took."""

    wall: float
    cpu: float  # seconds, of all its processes
    megabytes: float = 0.0  # of the largest worker, with the processes below it
    said: str = ""

    def less(self, start: Cost) -> Cost:
        """What is left of it without what starting took."""
        return Cost(wall=self.wall - start.wall, cpu=self.cpu - start.cpu, megabytes=self.megabytes, said=self.said)


@dataclass(slots=True)
class Tree:
    """What was seen of the processes below one."""

    root: int
    peaks: dict[int, float] = field(default_factory=dict)  # megabytes
    cpu: dict[int, float] = field(default_factory=dict)  # seconds of its own
    parents: dict[int, int] = field(default_factory=dict)

    def look(self) -> None:
        """Take note of what there is now."""
        for parent, pid in _below(self.root):
            self.parents[pid] = parent
            self.peaks[pid] = max(self.peaks.get(pid, 0.0), _peak(pid))
            self.cpu[pid] = max(self.cpu.get(pid, 0.0), _cpu(pid, 13))

    def largest(self, depth: int) -> float:
        """Megabytes of the largest process so deep below the root, with all below it."""
        return max((self._whole(pid) for pid in self.peaks if self._depth(pid) == depth), default=0.0)

    def _depth(self, pid: int) -> int:
        return 0 if pid == self.root else 1 + self._depth(self.parents[pid])

    def _whole(self, pid: int) -> float:
        return self.peaks[pid] + sum(self._whole(one) for one, parent in self.parents.items() if parent == pid != one)


def measured(command: Sequence[str], env: Mapping[str, str], *, depth: int = 0) -> Cost:
    """Run a command to its end; workers are `depth` below it. SystemExit if it fails."""
    began = time.perf_counter()
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        tree = Tree(process.pid)
        while not _has_ended(process.pid):
            tree.look()
            time.sleep(LOOK)
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    wall = time.perf_counter() - began
    # A process whose parent ended first is in nobody's sum but that of the looks.
    cpu = max(used.ru_utime + used.ru_stime, sum(tree.cpu.values()))
    return Cost(wall=wall, cpu=cpu, megabytes=tree.largest(depth), said=said)


def cpu_of(root: int) -> float:
    """CPU seconds so far of a process and of all below it."""
    return sum(_cpu(pid, 15) for _, pid in _below(root))


def waited(holds: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait until something holds; SystemExit if it does not."""
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            raise SystemExit(f"{what}: not after {seconds:.0f} seconds")
        time.sleep(LOOK)


def _has_ended(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _below(root: int, parent: int = 0) -> Iterator[tuple[int, int]]:
    yield parent, root
    try:
        tasks = [one.name for one in Path(f"/proc/{root}/task").iterdir()]
        children = {pid for task in tasks for pid in Path(f"/proc/{root}/task/{task}/children").read_text().split()}
    except OSError:
        return
    for child in sorted(children):
        yield from _below(int(child), root)


def _peak(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM"))


def _cpu(pid: int, end: int) -> float:
    """Of the process up to field 13 of its line, up to 15 with those below it that ended and were waited for."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:end])) / TICK
