"""Every page in a real browser: at desktop and phone width, light and dark, by keyboard alone, without scripts.

Pictures of all of them are left in $TRACKER_SCREENSHOTS, or in the folder of the test run.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from example_pages import FILES, FORMS, PAGES, REVIEW, Ids, ids
from playwright.sync_api import Browser, BrowserContext, Page, Request, ViewportSize
from serving import served

from tracker.web.routes import ROUTES

DESKTOP, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=360, height=780)
AXE = "axe_playwright_python"
WORST = {"resultTypes": ["violations"], "preload": False}
RULES = {**WORST, "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}
CONTRAST = {**WORST, "runOnly": {"type": "rule", "values": ["color-contrast"]}}
SMALL = {**WORST, "runOnly": {"type": "rule", "values": ["scrollable-region-focusable", "link-name", "button-name"]}}
DRAWN = "[...document.querySelectorAll('figure.chart .canvas')].every(one => one.childElementCount)"
GRAVE = ("serious", "critical")
FOCUS = """() => {
  const at = document.activeElement, style = getComputedStyle(at);
  return {tag: at.tagName, words: (at.textContent || at.getAttribute('aria-label') || at.name || '').trim(),
    seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0, id: at.id,
    inMain: !!at.closest('main')};
}"""


@dataclass
class Visit:
    """A page of a browser that keeps what went wrong."""

    page: Page
    home: str
    scripts: bool
    faults: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Note all that a reader would never see: errors, failed requests, requests to others."""
        self.page.on("console", lambda said: self.note(said.text if said.type in ("error", "warning") else ""))
        self.page.on("pageerror", lambda error: self.note(str(error)))
        self.page.on("requestfailed", self.note_failed)
        self.page.on("request", lambda asked: self.note("" if self.is_near(asked.url) else f"elsewhere: {asked.url}"))
        self.page.on("response", lambda told: self.note(f"{told.status}: {told.url}" if told.status >= 400 else ""))

    def note_failed(self, asked: Request) -> None:
        """Note a request that failed, but not one that the browser gave up because the page was left."""
        self.note("" if asked.failure == "net::ERR_ABORTED" else f"failed: {asked.url}: {asked.failure}")

    def is_near(self, url: str) -> bool:
        """Whether a request goes to the server of the page."""
        return url.startswith((f"{self.home}/", "data:"))

    def note(self, fault: str) -> None:
        """Keep a fault, where there is one."""
        self.faults += [fault] if fault else []

    def go(self, path: str) -> None:
        """Visit a page, without the faults of the last one."""
        self.faults.clear()
        self.page.goto(f"{self.home}/{path}", wait_until="load" if self.scripts else "domcontentloaded")
        if self.scripts:
            self.page.wait_for_function(DRAWN)

    def grave(self, rules: dict[str, Any]) -> list[str]:
        """What axe-core finds serious or critical; not within charts, which are pictures with a name."""
        if not self.page.evaluate("!!window.axe"):
            self.page.evaluate(files(AXE).joinpath("axe.min.js").read_text(encoding="utf-8"))
        found = self.page.evaluate("rules => axe.run({exclude: [['.canvas']]}, rules)", rules)
        return [
            f"{one['id']}: {one['help']}: {node['html'][:120]}"
            for one in found["violations"]
            if one["impact"] in GRAVE
            for node in one["nodes"]
        ]


@dataclass(frozen=True)
class World:
    """A server, what it has, and the people who look: a reader, one without scripts, one who decides."""

    home: str
    ids: Ids
    reader: Visit
    plain: Visit
    reviewer: Visit
    pictures: Path

    def at(self, example: str) -> str:
        """An example as an address."""
        return example.format(**asdict(self.ids))


@pytest.fixture(scope="module")
def world(demo: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    path = Path(shutil.copy(demo, tmp_path_factory.mktemp("everywhere") / "everywhere.db"))
    told = os.environ.get("TRACKER_SCREENSHOTS")
    pictures = Path(told) if told else tmp_path_factory.mktemp("screenshots")
    pictures.mkdir(parents=True, exist_ok=True)
    with served(path, "--review") as site:
        scripts = (True, False, True)
        contexts = [browser.new_context(viewport=DESKTOP, java_script_enabled=on) for on in scripts]
        reader, plain, reviewer = (
            visit(context, site.address, scripts=on) for context, on in zip(contexts, scripts, strict=True)
        )
        entrance = next(line for line in site.log().splitlines() if "/review/enter#" in line)
        reviewer.page.goto(entrance)
        reviewer.page.fill("form.enter [name=name]", "Ann Example")
        reviewer.page.click("form.enter button")
        reviewer.page.wait_for_url("**/review")
        yield World(site.address, ids(demo), reader, plain, reviewer, pictures)
        for context in contexts:
            context.close()


def visit(context: BrowserContext, home: str, *, scripts: bool) -> Visit:
    found = Visit(context.new_page(), home, scripts)
    found.listen()
    return found


def test_every_route_has_an_example() -> None:
    assert {route.pattern for route in ROUTES} == {*PAGES, *REVIEW, *FILES, *FORMS}
    assert all(route.reviewing for route in ROUTES if route.pattern in REVIEW)


@pytest.mark.parametrize("pattern", [*PAGES, *REVIEW])
def test_a_page_in_every_rendering(world: World, pattern: str) -> None:
    who = world.reviewer if pattern in REVIEW else world.reader
    page, name = who.page, pattern.strip("/").replace("/", "-").replace("{id}", "one") or "home"
    page.set_viewport_size(DESKTOP)
    page.emulate_media(color_scheme="light")
    who.go(world.at({**PAGES, **REVIEW}[pattern]))
    assert page.locator("h1").count() == 1
    by_keyboard(page)
    found = {"light": who.grave(RULES)}
    page.screenshot(path=world.pictures / f"{name}-desktop-light.png")
    page.emulate_media(color_scheme="dark")
    found["dark"] = who.grave(CONTRAST)
    page.screenshot(path=world.pictures / f"{name}-desktop-dark.png")
    page.set_viewport_size(PHONE)
    page.screenshot(path=world.pictures / f"{name}-phone-dark.png")
    page.emulate_media(color_scheme="light")
    page.screenshot(path=world.pictures / f"{name}-phone-light.png")
    found["phone"] = who.grave(SMALL)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert (who.faults, wide) == ([], 0)
    assert {rendering: faults for rendering, faults in found.items() if faults} == {}
    if pattern in PAGES:
        without_scripts(world, pattern)


def by_keyboard(page: Page) -> None:
    """Tab goes to the skip link, through the pages and into the content, each stop is seen; the skip link works."""
    stops: list[dict[str, Any]] = []
    while len(stops) < 14 and not (stops and stops[-1]["inMain"]):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUS))
    assert stops[0]["words"] == "To the content"
    assert {"tracker", "Timeline", "Sources"} <= {one["words"] for one in stops}
    assert all(one["seen"] for one in stops), stops
    assert stops[-1]["inMain"], stops
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def without_scripts(world: World, pattern: str) -> None:
    """The same heading, and as many words but for those of charts and keys."""
    scripted = world.reader.page
    world.plain.go(world.at(PAGES[pattern]))
    plain, other = (one.locator("h1").inner_text().split() for one in (world.plain.page, scripted))
    assert plain == other  # blanks around the words are the layout's
    words, told = (len(str(one.locator("main").text_content())) for one in (world.plain.page, scripted))
    assert words > 0.7 * told - 200
    assert world.plain.faults == []


@pytest.mark.parametrize("pattern", FILES)
def test_a_file(world: World, pattern: str) -> None:
    example, kind = FILES[pattern]
    with urlopen(f"{world.home}/{world.at(example)}") as answer:
        assert answer.headers.get_content_type() == kind
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.read()


def test_what_cannot_be_asked_is_said_on_a_page(world: World) -> None:
    who = world.reader
    who.go("?type=colour")
    assert [fault.partition(":")[0] for fault in who.faults if not fault.startswith("Failed to load")] == ["400"]
    assert who.grave(RULES) == []
    assert "unknown type" in who.page.locator("main").inner_text()
