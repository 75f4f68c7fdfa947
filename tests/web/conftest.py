"""The demonstration's database in a real Datasette, and a real browser to look at it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import query_samples
from asking_pages import clock
from playwright.sync_api import Browser, sync_playwright
from serving import serving

from tracker.query import Timeline
from tracker.query.facets import Index

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENT = 400  # seconds, since the first test of a worker waits for the demonstration
MAKING = pytest.StashKey[subprocess.Popen[bytes]]()
MAKE = '"$@" >"$0/log" 2>&1; echo $? >"$0/ended" && mv "$0/ended" "$0/code"'
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "demo" in getattr(item, "fixturenames", ()) and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(PATIENT))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Make the demonstration while other tests run: the first worker does, for all."""
    here = Path(__file__).parent
    wanted = any("demo" in getattr(item, "fixturenames", ()) for item in session.items if here in item.path.parents)
    if session.config.option.collectonly:
        return
    if wanted and getattr(session.config, "workerinput", {"workerid": "gw0"})["workerid"] == "gw0":
        folder = shared(session.config)
        folder.mkdir()
        words = [sys.executable, "-m", "tracker", "--db", str(folder / "demo.db"), "demo"]
        session.config.stash[MAKING] = subprocess.Popen(["sh", "-c", MAKE, str(folder), *words])


def pytest_sessionfinish(session: pytest.Session) -> None:
    if MAKING in session.config.stash:
        session.config.stash[MAKING].wait(PATIENT)


def shared(config: Any) -> Path:
    """The folder that all workers of a run share."""
    own: Path = config._tmp_path_factory.getbasetemp()
    return (own.parent if hasattr(config, "workerinput") else own) / "demo"


@pytest.fixture(scope="session")
def demo(pytestconfig: pytest.Config) -> Path:
    """What `tracker demo` makes of the bundled newsroom, once for all workers. Not to be changed."""
    folder, until = shared(pytestconfig), time.monotonic() + PATIENT
    while not (folder / "code").exists():
        assert time.monotonic() < until, "the demonstration is not made in time"
        time.sleep(0.1)
    assert (folder / "code").read_text() == "0\n", (folder / "log").read_text()
    return folder / "demo.db"


@pytest.fixture(scope="session")
def timeline(demo: Path) -> Iterator[Timeline]:
    """The demonstration, by a clock that stands."""
    with Timeline.open(demo, clock=clock) as opened:
        yield opened


@pytest.fixture(scope="session")
def index(timeline: Timeline) -> Index:
    """What counts the demonstration."""
    return timeline.ask(lambda db, _: Index.load(db))


@pytest.fixture(scope="session")
def sample_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small invented timeline. Not to be changed."""
    return query_samples.build(tmp_path_factory.mktemp("sample") / "t.db")


@pytest.fixture(scope="session")
def sample(sample_db: Path) -> Iterator[Timeline]:
    """The same, opened."""
    with Timeline.open(sample_db, clock=clock) as opened:
        yield opened


@pytest.fixture(scope="session")
def site(demo: Path) -> Iterator[str]:
    """The address of `tracker serve` on the demonstration."""
    with serving(demo) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or whichever there is."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        pytest.fail("no Chromium is installed: `apt-get install chromium`, as .ci/run does")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=[*QUIET])
        yield running
        running.close()
