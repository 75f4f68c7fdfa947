"""Articles per second and core from WARC to events, by each engine, beside the straightforward pipeline.

    python benchmarks/backfill.py [--pages 2000] [--folder DIR] [--workers 1,2] [--only plain,inline,…]

A sample archive is made (`archive_world.py`). Every way is a command of its own, with one thread per library. What
starting takes (libraries, models, a first page) is measured on an archive of two files of four pages and left out of
the speeds; it is told beside them. Articles are the pages that hold one in truth, of whatever language; so all ways are
divided by the same number. Seconds are those of the processor, with all processes below the command; what needs a quiet
machine is told by the wall as well.

The straightforward pipeline (`backfill_plain.py`) is warcio, trafilatura and spaCy with all components, once on every
page, once on English pages alone, as if a language filter for nothing had gone before. It finds names, no events.
Quality is F1 of the texts' words against what was put into the pages, over English articles that no paywall hides.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archive_world import samples, write
from backfill_measured import Cost, cpu_of, measured, waited
from backfill_plan import efficiency, f1, speed

from tracker.lake import Lake

HERE = Path(__file__).parent
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "NUMEXPR_NUM_THREADS")
ENV = os.environ | dict.fromkeys(THREADS, "1") | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
WAYS = "plain,inline,processes,dask,stages,ceiling,import"
START, WAIT = 8, 600.0  # pages of the archive that starts a way; seconds until a cluster must be there
LOOP = "import time\nn = 0\nwhile n < 40_000_000: n += 1"
HEAD = (
    "| way | workers | wall s | cpu s | start, cpu s | articles a cpu second | articles a second | MB a worker |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
)


def world(folder: Path, pages: int, files: int) -> tuple[list[Path], list[dict[str, Any]]]:
    """The archive, made where there is none, and what it holds in truth."""
    if not (folder / "truth.json").exists():
        write(samples(pages), folder, files=files, forms=["warc"])
    truth = [json.loads(line) for line in (folder / "truth.json").read_text("utf-8").splitlines()]
    return sorted(folder.glob("*.warc.gz")), truth


def backfill(files: list[Path], lake: Path, engine: str, workers: int) -> list[str]:
    """The command that a user would give."""
    some = ["--workers", str(workers)] if engine == "processes" else []
    command = [sys.executable, "-m", "tracker", "backfill", *map(str, files), "--out", str(lake), "--quiet", "--json"]
    return [*command, "--engine", engine, *some]


def local(start: list[Path], files: list[Path], folder: Path, engine: str, workers: int) -> tuple[Cost, Cost]:
    """What starting cost, and what all cost without."""
    name, depth = f"{engine}-{workers}", 1 if engine == "processes" else 0
    first = measured(backfill(start, folder / f"start-{name}", engine, workers), ENV, depth=depth)
    return first, measured(backfill(files, folder / name, engine, workers), ENV, depth=depth).less(first)


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, int, int]]:
    """A scheduler and its workers: address, and the processes of both."""
    file = folder / f"scheduler-{workers}.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": ENV, "start_new_session": True}
    options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    scheduler = subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_scheduler", *options], **quiet)  # type: ignore[call-overload]
    try:
        waited(lambda: file.exists() and bool(file.read_bytes()), WAIT, "the scheduler")
        options = ["--nworkers", str(workers), "--nthreads", "1", "--memory-limit", "0", "--no-dashboard"]
        options += ["--host", "127.0.0.1", "--local-directory", str(folder), "--scheduler-file", str(file)]
        nannies = subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_worker", *options], **quiet)  # type: ignore[call-overload]
        try:
            address = str(json.loads(file.read_text())["address"]).removeprefix("tcp://")
            yield f"dask://{address}", scheduler.pid, nannies.pid
        finally:
            nannies.terminate()
            nannies.wait()
    finally:
        scheduler.terminate()
        scheduler.wait()


def dask(start: list[Path], files: list[Path], folder: Path, workers: int) -> tuple[Cost, Cost, str]:
    """As `local`; workers are started, and have read the small archive twice, before the clock. And what was Dask's."""
    with cluster(folder, workers) as (engine, scheduler, nannies):
        for turn in range(2):
            before = cpu_of(scheduler) + cpu_of(nannies)
            first = measured(backfill(start, folder / f"start-dask-{workers}-{turn}", engine, 0), ENV)
            there = cpu_of(scheduler) + cpu_of(nannies) - before
        idle = cpu_of(scheduler), cpu_of(nannies)
        whole = measured(backfill(files, folder / f"dask-{workers}", engine, 0), ENV)
        took = cpu_of(scheduler) - idle[0], cpu_of(nannies) - idle[1]
    started = Cost(wall=first.wall, cpu=first.cpu + there)
    all_of_it = Cost(wall=whole.wall, cpu=whole.cpu + sum(took))
    command = f"command {whole.cpu:.1f} s (of which {first.cpu:.1f} to start)"
    parts = f"scheduler {took[0]:.1f} s, {command}, workers {took[1]:.1f} s"
    return started, all_of_it.less(started), parts


def plain(start: list[Path], files: list[Path], folder: Path, only: Path | None) -> tuple[Cost, Cost, Path]:
    """As `local`, and the texts."""
    out = folder / ("plain-english.jsonl" if only else "plain.jsonl")
    end = ["--only", str(only)] if only else []
    command = [sys.executable, str(HERE / "backfill_plain.py"), str(out)]
    first = measured([*command, *map(str, start)], ENV)
    return first, measured([*command, *map(str, files), *end], ENV).less(first), out


def quality(truth: list[dict[str, Any]], found: Mapping[str, str]) -> str:
    """Mean F1 of words over English articles that no paywall hides; a text that is missing counts 0."""
    told = [one for one in truth if one["text"] and one["language"] == "en" and one["kind"] != "paywall"]
    scores = [f1(found.get(one["url"], ""), one["text"]) for one in told]
    return f"{sum(scores) / len(scores):.4f} ({len(scores)} English articles, {scores.count(0.0)} without a text)"


def ceiling() -> tuple[float, float]:
    """Wall seconds of a loop of Python alone, and of two at once."""
    took = []
    for count in (1, 2):
        began = time.perf_counter()
        running = [subprocess.Popen([sys.executable, "-c", LOOP]) for _ in range(count)]
        for one in running:
            one.wait()
        took.append(time.perf_counter() - began)
    return took[0], took[1]


def show(way: str, workers: int, articles: int, start: Cost, cost: Cost) -> None:
    """A line of the table."""
    megabytes = f"{cost.megabytes:,.0f}" if cost.megabytes else ""
    speeds = f"{speed(articles, cost.cpu):.1f} | {speed(articles, cost.wall):.1f}"
    print(
        f"| {way} | {workers} | {cost.wall:.1f} | {cost.cpu:.1f} | {start.cpu:.1f} | {speeds} | {megabytes} |",
        flush=True,
    )


def texts_of(lake: Path, files: list[Path]) -> dict[str, str]:
    """Texts of a lake by the address that was asked for; pages give others as theirs."""
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - for this alone

    asked = {}
    for path in files:
        with path.open("rb") as file:
            archive = ArchiveIterator(file)
            for record in archive:
                asked[path.name, archive.get_record_offset()] = record.rec_headers.get_header("WARC-Target-URI")
    found = {}
    for read in Lake.open(str(lake)).articles():
        name, _, offset = read.record.rpartition("#")
        found[str(asked[Path(name).name, int(offset)])] = read.article.text
    return found


def sizes(folder: Path, lake: Path, files: list[Path], articles: int, *, imported: bool) -> Iterator[str]:
    """Bytes per article in the archive, in the lake, and in SQLite."""
    for name, some in (("archive", files), ("lake", list(lake.rglob("*.parquet")))):
        yield f"{name}: {sum(one.stat().st_size for one in some) / articles:,.0f} bytes an article, {len(some)} files"
    if imported:
        db = folder / "import.db"
        cost = measured([sys.executable, "-m", "tracker", "--db", str(db), "import", str(lake)], ENV)
        size = sum(one.stat().st_size for one in folder.glob("import.db*"))
        yield f"SQLite: {size / articles:,.0f} bytes an article; imported in {cost.cpu:.1f} cpu s, with its start"


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--files", type=int, default=8, help="of the archive, each a chunk")
    parser.add_argument("--folder", type=Path, help="kept, with archive and lakes; else a temporary one")
    parser.add_argument("--workers", default="1,2")
    parser.add_argument("--only", default=WAYS, help=f"of {WAYS}")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        _measure(folder, asked)


def _measure(folder: Path, asked: argparse.Namespace) -> None:
    ways, several = asked.only.split(","), [int(one) for one in asked.workers.split(",")]
    start, _ = world(folder / "start", START, 2)
    files, truth = world(folder / "archive", asked.pages, asked.files)
    articles = sum(bool(one["text"]) for one in truth)
    kinds = ", ".join(f"{count} {kind}" for kind, count in Counter(one["kind"] for one in truth).most_common())
    print(
        f"{len(truth)} pages ({kinds}), {articles} of them articles, in {len(files)} files; load {_load()}\n\n{HEAD}",
        flush=True,
    )
    notes, costs, lake = [], dict[tuple[str, int], Cost](), None
    said = ""
    if "plain" in ways:
        english = folder / "english.txt"
        english.write_text("\n".join(one["url"] for one in truth if one["language"] == "en"))
        for name, only in (("straightforward, every page", None), ("straightforward, English only", english)):
            first, costs[name, 1], out = plain(start, files, folder, only)
            show(name, 1, articles, first, costs[name, 1])
            found = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
            notes.append(f"F1, {name}: {quality(truth, {one['url']: one['text'] for one in found})}")
            notes.append(f"{name}: {costs[name, 1].said.strip()} of its cpu seconds")
    for engine, workers in [("inline", 1), *(("processes", one) for one in several)]:
        if engine in ways:
            first, costs[engine, workers] = local(start, files, folder, engine, workers)
            show(engine, workers, articles, first, costs[engine, workers])
            lake, said = folder / f"{engine}-{workers}", costs[engine, workers].said
    for workers in several if "dask" in ways else ():
        first, costs["dask", workers], parts = dask(start, files, folder, workers)
        show("dask", workers, articles, first, costs["dask", workers])
        notes.append(f"dask, {workers}: {parts}")
    if lake is not None:
        notes.append(f"F1, tracker: {quality(truth, texts_of(lake, files))}")
        notes.append(f"tracker: {json.loads(said)['counts']}")
        notes += sizes(folder, lake, files, articles, imported="import" in ways)
    notes += _compared(costs, ceiling() if "ceiling" in ways else None)
    if "stages" in ways:
        command = [sys.executable, str(HERE / "backfill_stages.py"), str(folder / "stages"), str(start[0])]
        spent = json.loads(measured([*command, *map(str, files)], ENV).said)
        notes += [
            f"cpu of inline, {stage}: {1000 * told / articles:.1f} ms an article" for stage, told in spent.items()
        ]
    print("\n" + "\n".join(f"- {note}" for note in notes) + f"\n\nload {_load()}, {os.cpu_count()} processors")


def _compared(costs: dict[tuple[str, int], Cost], loop: tuple[float, float] | None) -> Iterator[str]:
    """How the ways stand to one another, as far as they were measured."""
    one, two = costs.get(("processes", 1)), costs.get(("processes", 2))
    if one and two:
        yield f"1 to 2 processes: {efficiency(one.wall, two.wall):.0%} by the wall; cpu {two.cpu / one.cpu:.2f} times"
    if loop:
        share = efficiency(2 * loop[0], loop[1])  # two loops at once are twice the work
        yield f"a loop of Python, 1 to 2 processes: {share:.0%} by the wall, the ceiling here"
    for name, workers in [key for key in costs if key[0].startswith("straight")]:
        if one:
            yield f"{name}: {costs[name, workers].cpu / one.cpu:.2f} times the cpu of one process of the tracker"


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main()
