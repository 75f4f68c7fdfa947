"""Fuzzing led by coverage: what reaches a line that nothing reached before is damaged further.

    python drills/fuzz_guided.py --seconds 60                       each target so long
    python drills/fuzz_guided.py --target page --seconds 3600       one target (`fuzz.py --list` names them)

The targets, their samples and their promises are those of `fuzz.py`; the cases are made by libFuzzer, by way of
Atheris, which counts the branches of the tracker and of the parsers in Python beneath it (`COUNTED`). A case that
breaks a promise is kept in the folder of `--keep`, and the fuzzing goes on. Cases are not the same in two runs.
`make drill-fuzz-guided` installs Atheris in an environment of its own. Exit code 1 where something was found. The
report is Markdown.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COUNTED = ["tracker", "htmldate", "trafilatura", "courlan", "justext", "pypdf", "feedparser", "dateparser", "icalendar"]
LONGEST = 50_000  # bytes of a case
HANGS = 60  # seconds, after which libFuzzer ends a case
MEMORY = 1_500  # MB of the whole process: the promise of 1 GB is beside what is loaded
TOKEN = 60  # bytes of a piece in libFuzzer's dictionary at most
EXECUTED = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
COVERED = re.compile(r"\bcov: (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Led:
    """What came of one target: cases, branches reached by the samples and in the end, findings by their place."""

    name: str
    cases: int
    at_first: int
    in_the_end: int
    places: Counter[str]
    first: dict[str, str]


def lead(name: str, *, seconds: int, keep: Path) -> Led:
    """Fuzz one target in a process of its own, which libFuzzer ends as it likes."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told"
        told.touch()
        words = [sys.executable, __file__, "--within", folder, "--target", name, "--seconds", str(seconds)]
        done = subprocess.run(
            [*words, "--keep", str(keep)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
        )
        said = done.stderr.decode(errors="replace")
        places, first = Counter[str](), dict[str, str]()
        for line in told.read_text(encoding="utf-8").splitlines():
            found = json.loads(line)
            places[found["where"]] += 1
            first.setdefault(found["where"], f"{found['case']}: {found['what']}")
    covered = [int(one) for one in COVERED.findall(said)]
    executed = EXECUTED.search(said)
    if not covered:
        raise RuntimeError(f"{name}: libFuzzer does not start:\n{said[-2000:]}")
    if done.returncode:
        places["its process"] += 1
        first["its process"] = f"ended with {done.returncode}: {said[-300:]}"
    return Led(
        name=name,
        cases=int(executed[1]) if executed else 0,
        at_first=covered[0],
        in_the_end=covered[-1],
        places=places,
        first=first,
    )


def within(name: str, folder: Path, *, seconds: int, keep: Path) -> None:
    """In the process of a target: count, run, and tell what breaks a promise."""
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=COUNTED):
        fuzz_worker = importlib.import_module("fuzz_worker")
        samples = importlib.import_module("fuzz_samples")
        target = fuzz_worker.TARGETS[name]
        run = target.start()
        for sample in target.samples()[:3]:  # what is loaded when it is first needed is counted too
            fuzz_worker.tried(run, sample)
    corpus, words = folder / "corpus", folder / "words"
    corpus.mkdir()
    for number, sample in enumerate(target.samples()):
        (corpus / str(number)).write_bytes(sample[:LONGEST])
    pieces = [piece for piece in (*samples.PIECES, *target.pieces) if 0 < len(piece) <= TOKEN]
    words.write_text("".join(_entry(piece) for piece in pieces), encoding="ascii")

    def one(data: bytes) -> None:
        found, took = fuzz_worker.tried(run, data)
        if found is None and took > fuzz_worker.allowed(target, data):
            took = min(took, fuzz_worker.tried(run, data)[1])
            if took > fuzz_worker.allowed(target, data):
                found = {"what": f"took {took:.1f} s for {len(data):,} bytes", "where": "slow"}
        if found is not None:
            case = keep / f"{re.sub(r'[^a-z]+', '-', name)}-{hashlib.sha256(data).hexdigest()[:12]}"
            case.write_bytes(data)
            with (folder / "told").open("a", encoding="utf-8") as file:
                file.write(json.dumps({**found, "case": case.name}) + "\n")

    limits = [f"-max_total_time={seconds}", f"-timeout={HANGS}", f"-rss_limit_mb={MEMORY}", f"-max_len={LONGEST}"]
    atheris.Setup(
        [name, str(corpus), *limits, f"-dict={words}", "-print_final_stats=1", f"-artifact_prefix={keep}/"], one
    )
    atheris.Fuzz()


def _entry(piece: bytes) -> str:
    """A piece as libFuzzer's dictionary has it."""
    return '"' + "".join(f"\\x{byte:02x}" for byte in piece) + '"\n'


def report(told: Sequence[Led], *, seconds: int) -> str:
    """The drill in Markdown."""
    cases, found = sum(one.cases for one in told), sum(len(one.places) for one in told)
    lines = ["# Fuzzing led by coverage", "", f"{cases:,} cases, {seconds} s for each target; {found} findings."]
    lines += importlib.import_module("fuzz").findings((one.name, one.places, one.first) for one in told)
    lines += ["| target | cases | branches of the samples | in the end |", "|---|---:|---:|---:|"]
    lines += [f"| {one.name} | {one.cases:,} | {one.at_first:,} | {one.in_the_end:,} |" for one in told]
    return "\n".join([*lines, ""])


def main() -> int:
    """Fuzz and print the report; 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--target", action="append", help="only this one; may be given again")
    parser.add_argument("--seconds", type=int, default=60, help="time of each target")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-cases"), help="the folder for cases that are findings")
    parser.add_argument("--report", type=Path, help="where to write the report too")
    parser.add_argument("--within", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.keep.mkdir(exist_ok=True)
    if options.within:
        within(options.target[0], options.within, seconds=options.seconds, keep=options.keep)
        return 0
    names = options.target or list(importlib.import_module("fuzz_worker").TARGETS)
    told = []
    for name in names:
        told.append(lead(name, seconds=options.seconds, keep=options.keep))
        print(f"{name}: {told[-1].cases:,} cases, {len(told[-1].places)} findings", file=sys.stderr, flush=True)
    text = report(told, seconds=options.seconds)
    print(text)
    if options.report:
        options.report.write_text(text, encoding="utf-8")
    return 1 if any(one.places for one in told) else 0


if __name__ == "__main__":
    sys.exit(main())
