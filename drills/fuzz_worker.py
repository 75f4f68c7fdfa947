"""One process of the fuzzing drill: runs the cases of a target by their numbers, within its memory and time.

It writes the number of the case under way into a shared page before it begins, so that whoever watches knows which
case ended or stopped it, and tells on standard output what it found, one JSON object a line.
"""

from __future__ import annotations

import json
import mmap
import os
import resource
import sys
import time
import traceback
import zlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import fuzz_cases
from fuzz_own import OWN
from fuzz_samples import PIECES
from fuzz_targets import STRANGERS, Target

TARGETS: Mapping[str, Target] = {target.name: target for target in (*STRANGERS, *OWN)}
SECONDS_PER_MB = 2.0  # of CPU that a case may take
MEMORY = 1_000_000_000  # bytes of address space that a case may add


def data_of(target: Target, seed: str, number: int) -> bytes:
    """The case of a number: the same in every process."""
    samples = _samples(target.name)
    if number < len(samples):
        return samples[number]
    return fuzz_cases.case(samples, (*PIECES, *target.pieces), seed=f"{seed} {target.name} {number}")


@cache
def _samples(name: str) -> tuple[bytes, ...]:
    return tuple(TARGETS[name].samples())


def allowed(target: Target, data: bytes) -> float:
    """The seconds of CPU that a case of this size may take."""
    return max(target.seconds, SECONDS_PER_MB * len(data) / 1e6)


def main() -> None:
    """Run cases FIRST to LAST of TARGET with SEED until SECONDS are over; the place of the shared page is NOTE."""
    name, seed, first, last, seconds, note = sys.argv[1:]
    target = TARGETS[name]
    run = target.start()
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever prints must not reach the findings
    _limit_memory()
    tried(run, _samples(name)[0])  # what is loaded when it is first needed is no part of a case's time
    with Path(note).open("r+b") as file, mmap.mmap(file.fileno(), 16) as page:
        until, slowest, number = time.monotonic() + float(seconds), 0.0, int(first)
        for number in range(int(first), int(last)):
            if time.monotonic() > until:
                break
            data = data_of(target, seed, number)
            page[:16] = number.to_bytes(8, "little") + int(time.monotonic() * 1000).to_bytes(8, "little")
            found, took = tried(run, data)
            if took > allowed(target, data):  # what is loaded when it is first needed is no part of a case's time
                took = min(took, tried(run, data)[1])
            if found is not None or took > allowed(target, data):
                told = found or {"what": f"took {took:.1f} s for {len(data):,} bytes", "where": "slow"}
                _say(out, {**told, "case": number, "crc": zlib.crc32(data)})
            slowest = max(slowest, took)
        else:
            number = int(last)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _say(out, {"done": number, "slowest": round(slowest, 2), "peak": round(peak)})


def tried(run: Any, data: bytes) -> tuple[dict[str, str] | None, float]:
    """What a case raised that it must not, and the seconds of CPU that it took."""
    begun = time.process_time()
    found = None
    try:
        run(data)
    except Exception as error:  # noqa: BLE001  # to find whatever it is
        frames = traceback.extract_tb(error.__traceback__)
        own = [one for one in frames if "/tracker/" in one.filename] or frames[-1:]
        where = f"{Path(own[-1].filename).name}:{own[-1].lineno}"
        deepest = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}"
        found = {"what": f"{type(error).__name__}: {error}"[:200], "where": f"{where} ({deepest})"}
    return found, time.process_time() - begun


def _say(out: Any, told: Mapping[str, Any]) -> None:
    out.write(json.dumps(told) + "\n")
    out.flush()


def _limit_memory() -> None:
    """Libraries reserve what they never touch, so the limit counts from what the process has now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
