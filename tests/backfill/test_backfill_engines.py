"""Engines: one process, many, a real Dask cluster of separate processes. Workers die; nothing is lost or doubled."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import backfill_samples as samples
import pytest
from dask_cluster import ROOT, TESTS, Cluster

from tracker.backfill import Standing, Wanted, engines
from tracker.errors import EngineError
from tracker.lake import Lake
from tracker.model.archives import Chunk

SLOW = pytest.mark.timeout(600)  # processes start and die; of processor time it is little


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    running = Cluster(tmp_path_factory.mktemp("dask"))
    yield running
    running.stop()


def archive(folder: Path, *chunks: list[samples.Line]) -> tuple[Chunk, ...]:
    """Chunks of three articles, then these, then one more of three."""
    few = [[samples.article(10 * n + m) for m in range(3)] for n in range(1, 4)]
    return samples.archive(folder, *few[:2], *chunks, few[2])


EVERY = sorted(str(10 * n + m) for n in range(1, 4) for m in range(3))


def same_as_inline(chunks: tuple[Chunk, ...], lake: Lake, folder: Path) -> None:
    """What several processes wrote is, file by file, what this one writes of the chunks that were not set aside."""
    inline, _ = samples.run(chunks, folder / "inline")
    assert list(lake.articles()) == list(inline.articles())
    assert samples.files(folder / "lake") == samples.files(folder / "inline")


@SLOW
def test_processes_that_die_or_run_out_of_memory_are_replaced(tmp_path: Path) -> None:
    once = [samples.article(1, date=None), {"kill": str(tmp_path / "killed")}]
    both = [samples.article(2), {"kill": str(tmp_path / "killed too")}, {"fill": 10**10}]
    chunks = archive(tmp_path, once, both)
    engine = Wanted(name="processes", workers=2, memory=1_000_000_000)
    lake, ran = samples.run(chunks, tmp_path / "lake", engine=engine)
    assert samples.ids(lake) == sorted([*EVERY, "1"])
    assert [(one.chunk, one.tries) for one in ran.refused] == [(chunks[3], 2)]
    assert "more memory than a worker may have" in ran.refused[0].reason
    same_as_inline((*chunks[:3], chunks[4]), lake, tmp_path)


def test_the_death_of_a_process_is_told_in_words() -> None:
    assert "died: it was killed, or ran out of memory" in engines.cause(BrokenProcessPool())


@SLOW
def test_a_stop_ends_processes_at_once_and_the_next_run_goes_on(tmp_path: Path) -> None:
    at_work = tmp_path / "at work"
    chunks = archive(tmp_path, [samples.article(1), {"wait": str(at_work)}])
    (tmp_path / "chunks").write_bytes(pickle.dumps(chunks))
    code = f"import backfill_process; backfill_process.main({str(tmp_path)!r})"
    path = os.pathsep.join(map(str, (ROOT, TESTS, TESTS / "backfill")))
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, env=os.environ | {"PYTHONPATH": path}, stdout=subprocess.PIPE) as running:
        try:
            until(at_work.exists)
        except AssertionError:
            running.kill()
            raise
        began = time.monotonic()
        running.send_signal(signal.SIGTERM)
        assert running.wait() == 128 + signal.SIGTERM
        assert time.monotonic() - began < 5
        assert running.stdout is not None
        assert running.stdout.read() == b""  # closed by all who had it: no worker is left
    lake, _ = samples.run(chunks, tmp_path / "lake")
    assert samples.ids(lake) == sorted([*EVERY, "1"])


@SLOW
def test_a_cluster_whose_workers_die_loses_and_doubles_nothing(tmp_path: Path, cluster: Cluster) -> None:
    """One is killed in the middle of a chunk, others run out of memory."""
    once = [samples.article(1, date="2023-02-01"), {"kill": str(tmp_path / "killed")}, samples.article(4)]
    chunks = archive(tmp_path, once, [samples.article(3), {"fill": 10**10}])
    engine = Wanted(name=f"dask://{cluster.address()}")
    lake, ran = samples.run(chunks, tmp_path / "lake", engine=engine, tries=1)
    assert (tmp_path / "killed").exists()
    assert samples.ids(lake) == sorted([*EVERY, "1", "4"])
    assert [one.chunk for one in ran.refused] == [chunks[3]]
    assert "died, one after another" in ran.refused[0].reason
    same_as_inline((*chunks[:3], chunks[4]), lake, tmp_path)


@SLOW
def test_a_lost_scheduler_ends_the_run_and_the_next_one_goes_on(tmp_path: Path, cluster: Cluster) -> None:
    at_work = tmp_path / "at work"
    chunks = archive(tmp_path, [samples.article(1), {"wait": str(at_work)}])
    engine = Wanted(name=f"dask://{cluster.address()}")

    def lose(standing: Standing) -> None:
        if at_work.exists() and standing.chunks == 3:
            cluster.lose_scheduler()

    with pytest.raises(EngineError, match="the same command goes on from there"):
        samples.run(chunks, tmp_path / "lake", engine=engine, watch=lose)
    assert samples.ids(Lake.open(str(tmp_path / "lake"))) == EVERY
    engine = Wanted(name=f"dask://{cluster.address(workers=1)}")
    lake, ran = samples.run(chunks, tmp_path / "lake", engine=engine)
    assert (ran.done, samples.ids(lake)) == (1, sorted([*EVERY, "1"]))


def test_a_cluster_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from tracker.backfill import clusters

    monkeypatch.setattr(clusters, "CONNECTING", 0.5)
    with pytest.raises(EngineError, match="no scheduler answers there"):
        samples.run((), Path("nowhere"), engine=Wanted(name="dask://127.0.0.1:9"))


def test_dask_is_not_loaded_for_other_engines() -> None:
    code = "import sys, tracker.cli.backfilling, tracker.backfill; print(*({'dask', 'distributed'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == []


def until(happens: object) -> None:
    deadline = time.monotonic() + 500
    while not happens():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.02)
