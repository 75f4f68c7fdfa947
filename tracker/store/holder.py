"""Who holds a lock: the line in a lock file, read and written, and what a line that was left behind means.

On a disk of this machine the kernel knows whether a lock is held, and a line without a lock is that of a process that
died. On a network file system it may not know of other machines (NFS mounted with `nolock` or `local_lock`), so
there the line of another machine counts. Takes no lock itself.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

# File systems that several machines can have mounted at once, as /proc/self/mountinfo names them.
SHARED = frozenset(
    "9p afs beegfs ceph cifs davfs glusterfs gfs2 gpfs lustre ncpfs nfs nfs4 ocfs2 orangefs smb3 smbfs virtiofs "
    "fuse.ceph fuse.glusterfs fuse.juicefs fuse.rclone fuse.s3fs fuse.sshfs".split()
)
MOUNTS = Path("/proc/self/mountinfo")
BOOT = Path("/proc/sys/kernel/random/boot_id")
LONGEST = 1_000  # bytes of a line
_OCTAL = re.compile(r"\\([0-7]{3})")
_ODD = re.compile(r"[^\w.:-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A process, told from all others that ever had its number: by the machine, its boot, and when it started."""

    pid: int
    host: str
    boot: str | None = None  # None where the system does not tell
    started: int | None = None  # clock ticks after the boot

    @property
    def line(self) -> str:
        """As it stands in the lock file."""
        return json.dumps(asdict(self)) + "\n"

    def is_of(self, other: Holder) -> bool:
        """Whether both are of one kernel, so that it knows of both: two containers of one machine are."""
        return self.boot == other.boot if self.boot and other.boot else self.host == other.host

    def __str__(self) -> str:
        return f"process {self.pid}"


def myself() -> Holder:
    """This process."""
    pid = os.getpid()
    return Holder(pid=pid, host=os.uname().nodename, boot=_boot(), started=started(pid))


def read(line: bytes) -> Holder | None:
    """Whom a line names; None where it names nobody. What stands in the file may be anything."""
    with suppress(ValueError, TypeError, KeyError, RecursionError):
        told = json.loads(line.decode("utf-8"))
        pid, begun = told["pid"], told.get("started")
        if type(pid) is int and pid > 0:
            boot = told.get("boot")
            return Holder(
                pid=pid,
                host=_ODD.sub("", str(told["host"]))[:255],
                boot=None if boot is None else _ODD.sub("", str(boot))[:64],
                started=begun if type(begun) is int else None,
            )
    return None


def may_live(left: Holder, me: Holder, *, shared: bool) -> bool:
    """Whether the one who left a line in a file that is not locked may be at work all the same.

    Args:
        left: who is named.
        me: who asks.
        shared: whether other machines may have the file system mounted.
    """
    if not shared or left.is_of(me):
        return False
    return left.host != me.host  # the same host after another boot: what ran before it runs no more


def started(pid: int) -> int | None:
    """When a process of this machine started, in clock ticks after the boot; None where there is none, or no /proc."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return int(stat.rpartition(")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return None


def is_shared(path: Path) -> bool:
    """Whether a file lies on a file system that other machines may have mounted; False where the system is silent."""
    try:
        return kind_of(path.resolve(), MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()) in SHARED
    except OSError:
        return False


def kind_of(path: Path, mounts: Iterable[str]) -> str:
    """The kind of file system that a path lies on, by the lines of /proc/self/mountinfo; "" if none fits."""
    best, kind = -1, ""
    for line in mounts:
        fields, _, rest = line.partition(" - ")
        parts = fields.split()
        if len(parts) < 5 or not rest:
            continue
        point = Path(_OCTAL.sub(lambda match: chr(int(match[1], 8)), parts[4]))
        if path.is_relative_to(point) and len(point.parts) >= best:  # the last one mounted there lies on top
            best, kind = len(point.parts), rest.split()[0]
    return kind


def _boot() -> str | None:
    try:
        return BOOT.read_text(encoding="ascii").strip() or None
    except OSError:
        return None
