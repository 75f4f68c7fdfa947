"""Pictures of the pages for README and docs: `make pictures`, or

.venv/bin/python drills/screenshots.py --out DIR [--db db/demo.db] [--all]

The demonstration is refreshed where there is no database, served, and looked at in Chromium. Without `--all` only the
small set of `SHOWN` is taken, and none may be large; with it every page at desktop and phone width, light and dark.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType

from playwright.sync_api import Browser, ViewportSize, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "web"))

from example_pages import PAGES, ids  # noqa: E402 - the addresses that the tests visit
from serving import serving  # noqa: E402 - the server as the tests start it

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTHS: Mapping[str, ViewportSize] = MappingProxyType(
    {"desktop": ViewportSize(width=1280, height=740), "phone": ViewportSize(width=390, height=844)}
)
SCHEMES = ("light", "dark")
DRAWN = "[...document.querySelectorAll('figure.chart .canvas')].every(one => one.childElementCount)"
SETTLES = 400  # milliseconds
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-lcd-text")  # letters without coloured edges: smaller files
LARGEST = 200_000  # bytes of a picture in the repository


@dataclass(frozen=True, slots=True)
class Shot:
    """A page to be photographed, as it is in `PAGES`, or an address of its own."""

    name: str
    address: str
    width: str = "desktop"
    scheme: str = "light"


# What README and docs show.
SHOWN = (
    Shot("timeline", ""),
    Shot("timeline-phone-dark", "", "phone", "dark"),
    Shot("event", "event/{event}"),
    Shot("measure", "measure/{measure}"),
    Shot("matrix", "matrix"),
    Shot("map", "map", scheme="dark"),
    Shot("party", "party/gov:cn"),
    Shot("article-phone", "article/{article}", "phone"),
    Shot("upcoming", "upcoming"),
    Shot("sources", "sources?tier=specialist"),
)


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="the folder for the pictures")
    parser.add_argument("--db", type=Path, default=ROOT / "db" / "demo.db")
    parser.add_argument("--all", action="store_true", help="every page in every rendering")
    told = parser.parse_args()
    if not told.db.exists():
        subprocess.run(
            [sys.executable, "-m", "tracker", "--db", str(told.db), "demo"], check=True, stdout=subprocess.DEVNULL
        )
    told.out.mkdir(parents=True, exist_ok=True)
    known = asdict(ids(told.db))
    with serving(told.db) as home, sync_playwright() as playwright:
        path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS])
        total = 0
        for shot in everything() if told.all else SHOWN:
            file = told.out / f"{shot.name}.png"
            file.write_bytes(taken(browser, shot, f"{home}/{shot.address.format(**known)}"))
            total += file.stat().st_size
            print(f"{file} {file.stat().st_size:,} bytes")
        browser.close()
    print(f"{total:,} bytes in all")
    return int(not told.all and any(file.stat().st_size > LARGEST for file in told.out.glob("*.png")))


def everything() -> Iterator[Shot]:
    """Every page in every rendering."""
    for pattern, address in PAGES.items():
        name = pattern.strip("/").replace("/", "-").replace("{id}", "one") or "home"
        for width in WIDTHS:
            for scheme in SCHEMES:
                yield Shot(f"{name}-{width}-{scheme}", address, width, scheme)


def taken(browser: Browser, shot: Shot, address: str) -> bytes:
    """A page as it is first seen, its charts drawn."""
    context = browser.new_context(
        viewport=WIDTHS[shot.width], color_scheme="dark" if shot.scheme == "dark" else "light"
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_function(DRAWN)
    page.wait_for_timeout(SETTLES)
    picture = page.screenshot()
    context.close()
    return picture


if __name__ == "__main__":
    sys.exit(main())
