"""The demonstration's database in a real Datasette, and a real browser to look at it."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from process import tracker
from serving import serving

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENT = 400  # seconds, since the first test of a worker waits for the demonstration
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(PATIENT))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """What `tracker demo` makes of the bundled newsroom, once for all workers. Not to be changed."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "demo"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            result = tracker("--db", folder / "demo.db", "demo", timeout=300)
            assert result.returncode == 0, result.stderr
            (folder / "done").touch()
    return folder / "demo.db"


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
