"""Where the CPU of an inline backfill goes, by stage: `python benchmarks/backfill_stages.py OUT FILE…`, JSON printed.

Stages are wrapped from outside, in the process that reads; the process for pages is told by the operating system as a
whole. Loading (of reader and libraries) is kept apart: a backfill of one small file goes before.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from spacy.language import Language

from tracker import archives, nlp
from tracker.backfill import Plan, Terms, opened, run, working
from tracker.backfill.engines import Wanted
from tracker.lake import Lake
from tracker.model.archives import Chunk, Record
from tracker.nlp.encoder import Encoder
from tracker.nlp.gate import Gate
from tracker.nlp.reader import Reader

SPENT: defaultdict[str, float] = defaultdict(float)
TICK = os.sysconf("SC_CLK_TCK")
CHUNK_BYTES = 64_000_000


def wrapped(owner: Any, name: str, stage: str) -> None:
    """Count the CPU seconds of a method."""
    told: Callable[..., Any] = getattr(owner, name)

    def timed(*args: Any, **kwargs: Any) -> Any:
        began = time.process_time()
        try:
            return told(*args, **kwargs)
        finally:
            SPENT[stage] += time.process_time() - began

    setattr(owner, name, timed)


def stepped(owner: Any, name: str, stage: str) -> None:
    """Count the CPU seconds of a method that is a generator."""
    told: Callable[..., Iterator[Any]] = getattr(owner, name)

    def timed(*args: Any, **kwargs: Any) -> Iterator[Any]:
        steps = told(*args, **kwargs)
        while True:
            began = time.process_time()
            try:
                step = next(steps)
            except StopIteration:
                return
            finally:
                SPENT[stage] += time.process_time() - began
            yield step

    setattr(owner, name, timed)


class Records:
    """The records of a chunk, what they cost counted."""

    @staticmethod
    def of(chunk: Chunk) -> Iterator[Record]:
        """As `archives.records`."""
        return archives.records(chunk)


def pages_cpu() -> float:
    """CPU seconds of the processes that read pages so far."""
    desk = working.KEEPER.desk
    told = 0.0
    for pid in desk.extractor.pids if desk else ():
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        told += (int(fields[11]) + int(fields[12])) / TICK
    return told


def main() -> None:
    """Read one file, then all, the second time with the clock."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("warm", type=Path, help="a small archive")
    parser.add_argument("files", type=Path, nargs="+")
    asked = parser.parse_args()
    stepped(Records, "of", "read the archive")
    wrapped(Gate, "may_matter", "gate: may it matter")
    wrapped(Encoder, "insight", "reader: encoder")
    stepped(Language, "pipe", "reader: spaCy")
    stepped(Reader, "read_many", "reader")
    wrapped(Lake, "write", "write Parquet")
    working.clear, clear = (lambda: None), working.clear
    told = {}
    for name, files in (("warm", [asked.warm]), ("all", asked.files)):
        chunks = archives.plan([str(one) for one in files], form=None, chunk_bytes=CHUNK_BYTES)
        terms = Terms(out=str(asked.out / name), load=partial(nlp.load, None, None), records=Records.of)
        SPENT.clear()
        before, pages = time.process_time(), pages_cpu()
        with opened(Wanted(name="inline")) as engine:
            run(Plan(chunks=chunks, chunk_bytes=CHUNK_BYTES), terms, engine, now=datetime.now(UTC))
        told = dict(SPENT) | {"all": time.process_time() - before, "pages": pages_cpu() - pages}
    clear()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
