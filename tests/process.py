"""The command line in a process of its own, as a user meets it.

Each is a fork of a server that has loaded Python, the libraries and the reader once (`warmed`): a fresh one takes up to
five seconds of the processor for that. How commands start and end from nothing is tried where `-m tracker` is called.
"""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import os
import runpy
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired

Result = CompletedProcess[str]
Fork = multiprocessing.context.ForkServerContext


def tracker(*words: object, given: str | None = None, cwd: Path | None = None, timeout: float = 60) -> Result:
    """Run `tracker` with words on its command line and a text on its standard input."""
    return _forked(None, words, given, cwd, timeout)


def script(path: Path, *words: object, timeout: float = 60) -> Result:
    """Run a Python file with words on its command line."""
    return _forked(path, words, None, None, timeout)


def _forked(
    path: Path | None, words: tuple[object, ...], given: str | None, cwd: Path | None, timeout: float
) -> Result:
    args = [str(path or "tracker"), *map(str, words)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "0").write_text(given or "", encoding="utf-8")
        process = server().Process(target=_run, args=(path, args, folder, Path(cwd or "").absolute(), dict(os.environ)))
        with _started(process):
            process.join(timeout)
            if process.exitcode is None:
                raise TimeoutExpired(args, timeout)
            code = process.exitcode
        out, err = ((folder / name).read_text(encoding="utf-8") for name in "12")
    return CompletedProcess(args, code, out, err)


@cache
def server() -> Fork:
    """The server of forks, which starts with the first of them."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["warmed"])
    return context


@contextlib.contextmanager
def _started(process: multiprocessing.context.ForkServerProcess) -> Iterator[None]:
    path = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))  # where the server finds what it loads
    try:
        process.start()
    finally:
        if path is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = path
    try:
        yield
    finally:
        process.kill()
        process.join()
        process.close()


def _run(path: Path | None, args: list[str], folder: Path, cwd: Path, environment: Mapping[str, str]) -> None:
    """In the fork: what `python -m tracker` or `python PATH` does, with files as its input and outputs."""
    os.environ.clear()
    os.environ.update(environment)
    for number, flags in enumerate([os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_CREAT]):
        os.dup2(os.open(folder / str(number), flags, 0o600), number)
    sys.stdin, sys.stdout, sys.stderr = (
        io.TextIOWrapper(open(number, mode, closefd=False), encoding="utf-8", errors=errors, line_buffering=number == 2)  # noqa: SIM115 - until the process ends
        for number, mode, errors in ((0, "rb", "strict"), (1, "wb", "strict"), (2, "wb", "backslashreplace"))
    )
    os.chdir(cwd)
    sys.argv = args
    try:
        if path is None:
            runpy.run_module("tracker", run_name="__main__", alter_sys=True)
        else:
            runpy.run_path(str(path), run_name="__main__")
    finally:
        sys.stdout.flush()
