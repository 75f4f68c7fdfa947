"""A Dask cluster on this machine, of processes of their own: a scheduler, and workers that a nanny looks after."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
QUIET = {
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",  # a chunk may lose one worker before it is given up
    # Workers are forked off a process that has loaded what they need: most of what starting one costs is loading.
    "DASK_DISTRIBUTED__WORKER__MULTIPROCESSING_METHOD": "forkserver",
    "DASK_DISTRIBUTED__WORKER__MEMORY__PAUSE": "False",
    "DASK_DISTRIBUTED__WORKER__MEMORY__SPILL": "False",
    "DASK_DISTRIBUTED__WORKER__MEMORY__TARGET": "False",
    "DASK_DISTRIBUTED__ADMIN__SYSTEM_MONITOR__GIL__ENABLED": "False",
    "DASK_DISTRIBUTED__DIAGNOSTICS__NVML": "False",
}
MEMORY = "700MB"  # of each worker


class Cluster:
    """Started when it is needed, and anew where it was lost."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._scheduler: subprocess.Popen[bytes] | None = None
        self._workers: subprocess.Popen[bytes] | None = None

    def address(self, *, workers: int = 2) -> str:
        """The address of a scheduler that has workers, or soon will have."""
        if self._scheduler is None or self._scheduler.poll() is not None:
            self.stop()
            file = self._folder / "scheduler.json"
            file.unlink(missing_ok=True)
            options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
            self._scheduler = self._started("dask_scheduler", options)
            deadline = time.monotonic() + 100
            while not (file.exists() and file.read_bytes()):
                assert time.monotonic() < deadline, (self._folder / "dask_scheduler.log").read_text()
                time.sleep(0.1)
            told = json.loads(file.read_text())["address"]
            options = [told, "--nworkers", str(workers), "--nthreads", "1", "--memory-limit", MEMORY]
            options += ["--no-dashboard", "--local-directory", str(self._folder), "--host", "127.0.0.1"]
            options += ["--preload-nanny", "dask_preload"]
            self._workers = self._started("dask_worker", options)
        address: str = json.loads((self._folder / "scheduler.json").read_text())["address"]
        return address.removeprefix("tcp://")

    def lose_scheduler(self) -> None:
        """As when its machine goes."""
        assert self._scheduler is not None
        self._scheduler.kill()
        self._scheduler.wait()

    def stop(self) -> None:
        """End all."""
        for process in (self._workers, self._scheduler):
            if process is not None:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self._scheduler = self._workers = None

    def _started(self, program: str, options: list[str]) -> subprocess.Popen[bytes]:
        path = os.pathsep.join(str(one) for one in (ROOT, TESTS, TESTS / "backfill"))
        with (self._folder / f"{program}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{program}", *options],
                stdout=log,
                stderr=log,
                env=os.environ | QUIET | {"PYTHONPATH": path},
                start_new_session=True,
                cwd=self._folder,
            )
