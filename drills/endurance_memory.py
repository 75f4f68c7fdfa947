"""What the memory of a process is made of, for the drill of endurance: its heap, its objects, what its caches hold.

Reads `/proc` and asks the C library's `mallinfo2`: works on Linux, and without glibc the heap's figures are 0.
"""

from __future__ import annotations

import ctypes
import functools
import gc
import os
import sys
import threading
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FIELDS = ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")
CACHE = type(functools.lru_cache(str))
FEW = 100  # entries from which on a cache is told
SHARED = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType)  # no entry's own


class Heap(ctypes.Structure):
    """`struct mallinfo2` of glibc."""

    _fields_ = [(name, ctypes.c_size_t) for name in FIELDS]


def taken() -> dict[str, Any]:
    """What this process takes now, and its children: MB, descriptors, threads, processes, objects, seconds of CPU."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split()
    used, free = heap()
    return {
        "memory": resident("self"),
        "children_memory": sum(map(resident, children)),
        "heap_used": used,
        "heap_free": free,
        "objects": len(gc.get_objects()),
        "descriptors": sum(1 for _ in Path("/proc/self/fd").iterdir()),
        "threads": threading.active_count(),
        "children": len(children),
        "cpu": sum(os.times()[:4]),
    }


def resident(process: str) -> float:
    """MB of a process that are in memory; 0 where it has ended."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def heap() -> tuple[float, float]:
    """MB that the C library has handed out, and those that it keeps for later."""
    asked = getattr(ctypes.CDLL(None), "mallinfo2", None)
    if asked is None:
        return 0.0, 0.0
    asked.restype = Heap
    found = asked()
    return (found.uordblks + found.hblkhd) / 1e6, found.fordblks / 1e6


def caches() -> Iterator[dict[str, Any]]:
    """Entries, the most there may be, hits, misses and MB of each `lru_cache` with a bound and more than a few."""
    for one in gc.get_objects():
        if not isinstance(one, CACHE):
            continue
        told = one.cache_info()
        if told.currsize >= FEW and told.maxsize:
            own = one.__wrapped__, one.__dict__
            held = [value for value in gc.get_referents(one) if not any(value is other for other in own)]
            yield {"name": f"{one.__module__}.{one.__qualname__}", "held": size(held) / 1e6, **told._asdict()}


def size(values: list[Any]) -> int:
    """Bytes of objects with all they lead to; what two of them share counts once."""
    seen, left, total = set[int](), list(values), 0
    while left:
        one = left.pop()
        if id(one) not in seen and not isinstance(one, SHARED):
            seen.add(id(one))
            total += sys.getsizeof(one)
            left += gc.get_referents(one)
    return total
