"""A newsroom, a database and the stand-ins of `stand_ins`, for tests of the conductor."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from stand_ins import BlockReader, Clock, KeptExtractor

from tracker import config, pipeline
from tracker.articles import Extractor
from tracker.config import Config
from tracker.model import RunReport
from tracker.newsroom import Newsroom
from tracker.store import Store

# Fuzzing is the drills' affair (`drills/fuzz.py`: more than a million cases). How long an example takes
# hangs on what else the machine does.
hypothesis.settings.register_profile(
    "suite", max_examples=50, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("suite")


LONG = 200  # seconds; what may take so long usually takes half a minute


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: many tests wait for a process, a browser or a clock."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)  # after they were put into a random order
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, what waits for the demonstration last, so that no process waits for another."""
    demonstrated = {item.path for item in items if "demo" in getattr(item, "fixturenames", ())}
    long = {item.path for item in items if any(mark.args[0] >= LONG for mark in item.iter_markers("timeout"))}
    items.sort(key=lambda item: 2 if item.path in demonstrated else 0 if item.path in long else 1)


@pytest.fixture(scope="session")
def extractor() -> Iterator[KeptExtractor]:
    """One for all tests: a process takes a second to start."""
    with Extractor(workers=1) as running:
        yield KeptExtractor(running)


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory, extractor: KeptExtractor) -> Config:
    """The configuration of a database that holds the whole newsroom, for tests that only ask.

    Made by whichever process of the run needs it first: the others wait for it.
    """
    run = tmp_path_factory.getbasetemp()
    folder = (run.parent if "PYTEST_XDIST_WORKER" in os.environ else run) / "stocked"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / "made").exists():
            return config.load(folder / "feeds.yaml").with_database(folder / "db" / "tracker.db")
        with Newsroom() as room:
            found = configured(room, folder)
            with Store.open(found.settings.database) as store:
                pipeline.refresh(found, store, BlockReader, clock=Clock(), extractor=extractor)
        (folder / "made").touch()
    return found


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as room:
        yield room


@pytest.fixture
def settled(newsroom: Newsroom, tmp_path: Path) -> Config:
    """The newsroom's own configuration, led to its address."""
    return configured(newsroom, tmp_path)


def configured(newsroom: Newsroom, folder: Path) -> Config:
    path = folder / "feeds.yaml"
    path.write_text(newsroom.config_text(), encoding="utf-8")
    found = config.load(path).with_database(folder / "db" / "tracker.db")
    return found.with_connect_to(dict.fromkeys(newsroom.hosts, newsroom.address))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def reader() -> BlockReader:
    return BlockReader()


@pytest.fixture
def refresh(settled: Config, clock: Clock, reader: BlockReader, extractor: KeptExtractor) -> Callable[..., RunReport]:
    """One refresh of the newsroom; keywords go to the pipeline."""

    def run(conf: Config = settled, **options: bool | tuple[str, ...]) -> RunReport:
        with Store.open(conf.settings.database) as store:
            return pipeline.refresh(  # type: ignore[arg-type]
                conf, store, lambda: reader, clock=clock, extractor=extractor, **options
            )

    return run
