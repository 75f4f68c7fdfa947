"""A database in which everything from outside is an attack: every page shows it as words, and nothing of it happens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from urllib.request import urlopen

import pytest
from example_pages import FILES, PAGES, Ids
from hostile_samples import ADDRESSES, ATTACKS, build
from playwright.sync_api import Browser, Dialog, Page
from serving import serving
from spying import Spy, spying

# Pages that show more of it than their examples do, and some that there are not.
MORE = (
    "?text=script",
    "?item=item",
    "search?text=script",
    "search?text=%3Cscript%3Ewindow.pwned%3D1%3C%2Fscript%3E",
    "article/article1",
    "article/article1?part=2",
    "article/article2",
    "article/article3",
    "event/e-hostile?as_of=2024-11-01",
    "party/%3Cscript%3E",  # leads to the list of those that it may mean
)
NONE = (
    "article/%22%3E%3Cimg%20src=x%20onerror=window.pwned=1%3E",
    "?type=%3Cscript%3E",
    "?%3Cscript%3E=1",
    "search?text=x&in=%22%3E%3Cimg%20src=x%20onerror=window.pwned=1%3E",
    "source/%27%22%3E",
    "event/%E2%80%AE%00",
)
# What of it has become a part of the page, if anything has.
BROKEN_OUT = """() => {
  const all = (what) => [...document.querySelectorAll(what)];
  const loaded = all("script[src], link[href], img[src], iframe[src], form[action]");
  const near = (url) => new URL(url, location).origin === location.origin;
  return {
    canary: window.pwned === undefined ? 0 : 1,
    scripts: [...document.scripts].filter(one => !one.src && one.type !== "application/json").length,
    foreign: loaded.map(one => one.src || one.href || one.action).filter(url => !near(url)),
    elements: all("style, base, meta[http-equiv], object, embed, svg[onload]").length,
    handlers: all("*").filter(one => [...one.attributes].some(at => at.name.startsWith("on"))).length,
    frames: all("iframe").filter(one => one.getAttribute("sandbox") !== "").length,
    links: [...document.links].map(one => one.href)
      .filter(url => !/^(https?|webcal):/.test(url) || ![location.host, "evil.example"].includes(new URL(url).host)),
    turned: /[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u000e-\u001f]/.test(document.documentElement.outerHTML),
    wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    main: all("main").length,
  };
}"""
NOTHING = {
    **dict.fromkeys(("canary", "scripts", "elements", "handlers", "frames"), 0),
    **dict.fromkeys(("turned", "wide"), False),
    "foreign": [],
    "links": [],
    "main": 1,
}


@dataclass(frozen=True)
class Attacked:
    """A site that shows the attacks."""

    address: str
    ids: Ids
    spy: Spy


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    path = tmp_path_factory.mktemp("hostile") / "t.db"
    with spying() as spy:
        ids = build(path, spy.address, b"<script>window.pwned=1</script>")
        with serving(path) as address:
            yield Attacked(address, ids, spy)


@dataclass
class Visit:
    """A page of a browser, and what it said that a reader should never hear."""

    page: Page
    home: str
    said: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Note all that happens."""
        self.page.on("dialog", self.dismiss)
        self.page.on("console", lambda one: self.note(one.text, heard=one.type in ("error", "warning")))
        self.page.on("pageerror", lambda one: self.note(str(one)))
        self.page.on("popup", lambda one: self.note(f"popup: {one.url}"))
        self.page.on("request", lambda one: self.note(one.url, heard=not one.url.startswith((self.home, "data:"))))

    def dismiss(self, dialog: Dialog) -> None:
        """Note what asks to be answered."""
        self.note(f"dialog: {dialog.message}")
        dialog.dismiss()

    def note(self, words: str, *, heard: bool = True) -> None:
        """Keep what was heard, but that a page is not there."""
        if heard and "the server responded with a status of 4" not in words:
            self.said.append(words)


@pytest.fixture(scope="module")
def visit(attacked: Attacked, browser: Browser) -> Iterator[Visit]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    found = Visit(page, attacked.address)
    found.listen()
    yield found
    page.close()


@pytest.mark.parametrize(
    ("path", "status"),
    [*((path, {200}) for path in (*PAGES.values(), *MORE)), *((path, {400, 404}) for path in NONE)],
)
def test_attacks_are_words(attacked: Attacked, visit: Visit, path: str, status: set[int]) -> None:
    visit.said.clear()
    answer = visit.page.goto(f"{attacked.address}/{path.format(**asdict(attacked.ids))}")
    assert answer is not None
    assert answer.status in ({404} if path == PAGES["/review/enter"] else status)  # nobody decides here
    assert visit.page.evaluate(BROKEN_OUT) == NOTHING
    assert (visit.said, attacked.spy.seen) == ([], [])


def test_the_attacks_are_some(browser: Browser) -> None:
    page = browser.new_page()
    with spying() as spy:
        page.goto(spy.address)
        page.set_content(f"<p>{ATTACKS[1].format()}</p>{ATTACKS[8].format(spy=spy.address)}")
        page.wait_for_function("window.pwned === 1")
    page.close()
    assert "GET /frame HTTP/1.1" in spy.seen


@pytest.mark.parametrize("path", [path for path, _ in FILES.values() if not path.endswith("/original")])
def test_what_is_no_page_is_never_taken_for_one(attacked: Attacked, path: str) -> None:
    url = f"{attacked.address}/{path.format(**asdict(attacked.ids))}"
    with urlopen(url) as answer:
        kind, body = answer.headers["content-type"], answer.read().decode()
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert not kind.startswith(("text/html", "application/xhtml", "image/svg"))
    if kind.startswith("application/json"):
        json.loads(body)


def test_no_address_but_one_of_the_web_is_a_link(attacked: Attacked, visit: Visit) -> None:
    for n, url in enumerate(ADDRESSES):
        visit.page.goto(f"{attacked.address}/article/article{n}")
        links = visit.page.locator("a[rel~=noreferrer]").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        assert set(links) == ({url} if url.startswith("https:") else set())


DATASETTES = ("-/plugins", "t", "t/article", "t/item", "t/event", "t/report", "t/source", "t/timeline", "t/judgement")


@pytest.mark.parametrize("path", DATASETTES)
def test_datasettes_own_pages_run_nothing_of_it_either(attacked: Attacked, visit: Visit, path: str) -> None:
    """They have scripts of their own, so that the policy alone would not keep one of a stranger from running."""
    visit.said.clear()
    answer = visit.page.goto(f"{attacked.address}/{path}")
    assert answer is not None
    assert answer.status == 200
    assert visit.page.evaluate("window.pwned") is None
    unsafe = visit.page.evaluate("[...document.links].map(one => one.protocol).filter(one => !/^https?:$/.test(one))")
    assert (unsafe, attacked.spy.seen) == ([], [])
    assert [words for words in visit.said if "evil" in words or "pwned" in words or "dialog" in words] == []
