"""Reports per second from a lake into an empty database: resolving and loading apart, with what loading spends.

    python benchmarks/import_lake.py [--reports 20000] [--workers 1] [--profile]

The articles of `resolve_world.py` are a lake of one file per month. Seconds are of CPU, of this
process and its workers.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import platform
import pstats
import resource
import sqlite3
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from resolve_world import World

from tracker import backfill
from tracker.backfill.engines import Engine
from tracker.backfill.parting import chosen
from tracker.backfill.resolving import Resolution, resolve_parts
from tracker.lake import Gathered, Identity, Lake, Read
from tracker.model.archives import ArchiveForm, Chunk
from tracker.store import Store, filling
from tracker.store.bulk import Packed

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CHUNK = 10_000  # articles


def cpu() -> float:
    """Seconds of CPU of this process and of those that have ended."""
    mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def written(folder: Path, reports: int) -> int:
    """A lake of so many reports; how many articles tell them."""
    lake = Lake.begun(str(folder), Identity(reader="synthetic", texts="none"), now=NOW)
    articles, told, number = World().articles(), 0, 0
    while told < reports:
        gathered = Gathered()
        for one in islice(articles, CHUNK):
            number += 1
            gathered.add(Read(article=one.article, analysis=one.analysis, record=f"world:{number}"))
            told += len(one.truth)
            if told >= reports:
                break
        chunk = Chunk(id=f"{number:016x}", input="world", form=ArchiveForm.JSON_LINES, part=(0, number), size=number)
        lake.write(chunk, gathered, {})
    return number


def resolved(where: str, engine: Engine) -> Resolution:
    """All of a lake, cut for the engine; the domains of outlets are left away, as the world has no sources."""
    parts = [replace(part, outlets={}) for part in chosen(where, {}, width=engine.width()).parts]
    return resolve_parts(parts, engine, tiers={})


def loaded(path: Path, batches: Sequence[Packed]) -> dict[str, float]:
    """Fill a database; seconds of its stages."""
    seconds: defaultdict[str, float] = defaultdict(float)

    class Timed(filling.Filling):
        def copy(self, table: str) -> None:
            began = time.process_time()
            super().copy(table)
            seconds[table] += time.process_time() - began

        def end(self) -> None:
            began = time.process_time()
            super().end()
            seconds["full text of articles, log"] += time.process_time() - began

    began = time.process_time()
    usual, filling.Filling = filling.Filling, Timed  # type: ignore[misc]
    try:
        with Store.open(path) as store, store.writing():
            store.fill(batches, NOW)
    finally:
        filling.Filling = usual  # type: ignore[misc]
    whole = time.process_time() - began
    seconds["indexes, facets, lines, full text of events, references, the move"] = whole - sum(seconds.values())
    return dict(sorted(seconds.items(), key=lambda one: -one[1])) | {"all": whole}


def run(reports: int, workers: int, *, profile: bool) -> None:
    """Print the figures."""
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder) / "lake"
        articles = written(where, reports)
        began = cpu()
        wanted = backfill.Wanted(name="inline") if workers == 1 else backfill.Wanted(workers=workers)
        with backfill.opened(wanted) as engine:
            resolution = resolved(str(where), engine)
            settled = cpu()
            batches = list(resolution.tables(engine))
        made = cpu()
        print(f"{articles} articles: {resolution.counts}")
        print(f"resolved: {reports / (settled - began):,.0f} reports a second of CPU; rows made: "
              f"{reports / (made - settled):,.0f}")  # fmt: skip
        rows: Counter[str] = Counter()
        for one in batches:
            rows.update(one.counts)
        with _profiled(profile):
            for name, seconds in loaded(Path(folder) / "t.db", batches).items():
                print(
                    f"  {name}: {seconds:.2f} s, {rows.get(name, '')} rows, {seconds / reports * 1e6:.1f} µs a report"
                )
        size = (Path(folder) / "t.db").stat().st_size
        print(
            f"{size / reports:,.0f} bytes a report, {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"
        )


class _profiled:  # noqa: N801 - used as a function
    def __init__(self, wanted: bool) -> None:  # noqa: FBT001
        self._profile = cProfile.Profile() if wanted else None

    def __enter__(self) -> None:
        if self._profile:
            self._profile.enable()

    def __exit__(self, *_: object) -> None:
        if self._profile:
            self._profile.disable()
            pstats.Stats(self._profile).sort_stats("tottime").print_stats(20)


def main() -> None:
    """Read the options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args()
    run(asked.reports, asked.workers, profile=asked.profile)


if __name__ == "__main__":
    main()
