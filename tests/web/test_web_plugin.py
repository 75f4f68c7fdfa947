"""The plugin in a Datasette: its settings, which database it shows, what it answers to what cannot be answered."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import apart
import httpx
import pytest
import query_samples
from bs4 import BeautifulSoup
from datasette.app import Datasette
from datasette.utils.asgi import Request
from serving import Site, free_port, wait

from tracker.errors import BusyError, ConfigError, InputError, NotFoundError, StoreError
from tracker.web import files, guarding
from tracker.web.asking import HTML, Answer, Ask
from tracker.web.plugin import NAME, Room, answered, parsed
from tracker.web.routes import ROUTES, Route
from tracker.web.settings import UNDER, Settings

CONFIGURED = "config" if int(version("datasette").partition(".")[0]) >= 1 else "metadata"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return query_samples.build(tmp_path_factory.mktemp("plugin") / "t.db")


def datasette(*paths: Path, base_url: str = "/", **settings: Any) -> Datasette:
    told: dict[str, Any] = {CONFIGURED: {"plugins": {NAME: settings}}}
    return Datasette([str(path) for path in paths], settings={"base_url": base_url}, **told)


def get(server: Datasette, address: str, method: str = "GET", actor: str | None = None) -> httpx.Response:
    async def ask() -> httpx.Response:
        await server.invoke_startup()
        cookies = {"ds_actor": server.sign({"a": {"id": actor}}, "actor")} if actor else None
        found: httpx.Response = await server.client.request(method, address, cookies=cookies)
        return found

    return apart.run(ask())


def words(response: httpx.Response) -> str:
    main = BeautifulSoup(response.text, "lxml").find("main")
    assert main is not None, response.text
    return " ".join(main.get_text(" ").split())


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"base": "tracker"}, "plugins.tracker.base: Value error, begins with a slash: /-/tracker"),
    ({"bass": "/"}, "plugins.tracker.bass: Extra inputs are not permitted"),
    ({"seconds": "long"}, "plugins.tracker.seconds: Input should be a valid number"),
    ({"base": "x", "guard": 7}, "plugins.tracker.guard: Input should be a valid boolean"),
]


@pytest.mark.parametrize(("settings", "fault"), WRONG, ids=[fault[:28] for _, fault in WRONG])
def test_wrong_settings_are_told_with_their_place(settings: dict[str, Any], fault: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(fault)):
        Settings.read(settings)


def test_all_faults_of_the_settings_are_told_at_once() -> None:
    with pytest.raises(ConfigError, match=r"(?s)plugins\.tracker\.base.*plugins\.tracker\.guard"):
        Settings.read({"base": "x", "guard": 7})


def test_without_settings_it_is_beside_other_things(sample: Path) -> None:
    server = datasette(sample)
    home = get(server, f"{UNDER}/")
    assert home.status_code == 200
    page = BeautifulSoup(home.text, "lxml")
    ours = [str(link["href"]) for link in page.select("header a[href]")]
    assert ours
    assert all(link.startswith(f"{UNDER}/") for link in ours)
    assert len(page.select(".event")) > 5
    assert f'href="{UNDER}/"' in get(server, "/").text  # in the menu of Datasette's own home page


@pytest.mark.parametrize(("base", "base_url"), [("/", "/"), ("/", "/x/"), ("/news", "/"), ("/news/", "/x/y/")])
def test_every_link_of_a_page_leads_somewhere(sample: Path, base: str, base_url: str) -> None:
    server = datasette(sample, base=base, base_url=base_url)
    outer, inner = base_url.rstrip("/"), f"{base.rstrip('/')}/"  # what Datasette, and what the plugin puts before all
    page = BeautifulSoup(get(server, inner).text, "lxml")
    ours = {str(one[name]) for name in ("href", "src") for one in page.select(f"head [{name}], header [{name}]")}
    assert len(ours) > 8
    for link in sorted(ours):
        assert link.startswith(outer + inner), link
        assert get(server, link.removeprefix(outer)).status_code == 200, link


@pytest.mark.parametrize("names", [(), ("other.db",)], ids=["nothing", "another"])
def test_where_no_database_is_ours_it_says_so(tmp_path: Path, names: tuple[str, ...]) -> None:
    paths = [tmp_path / name for name in names]
    for path in paths:
        sqlite3.connect(path).execute("CREATE TABLE t (a)").connection.close()
    response = get(datasette(*paths), f"{UNDER}/")
    assert response.status_code == 404
    assert words(response) == "Not found no tracker database is open here Back to the timeline"


def test_of_several_databases_one_has_to_be_chosen(sample: Path, tmp_path: Path) -> None:
    other = Path(shutil.copy(sample, tmp_path / "other.db"))
    response = get(datasette(sample, other), f"{UNDER}/")
    assert response.status_code == 404
    assert "there are several tracker databases (other, t): set plugins.tracker.database to one" in words(response)
    assert get(datasette(sample, other, database="other"), f"{UNDER}/").status_code == 200
    response = get(datasette(sample, other, database="third"), f"{UNDER}/")
    assert response.status_code == 404
    assert "Datasette has no database 'third'" in words(response)


ANN = {"id": "ann"}
# Who is let in, told where Datasette's own settings may tell it.
CLOSED: dict[str, dict[str, Any]] = {
    "the database": {"databases": {"t": {"allow": ANN}}},
    "everything": {"allow": ANN},
}
CLOSED_PAGES = ("/", "/events.json", "/event/x", "/article/x/original", "/upcoming.ics", "/review")


@pytest.mark.parametrize("where", CLOSED)
def test_who_may_not_see_the_database_sees_no_page(sample: Path, where: str) -> None:
    told: dict[str, Any] = {CONFIGURED: {**CLOSED[where], "plugins": {NAME: {"review": True, "key": "k"}}}}
    server = Datasette([str(sample)], **told)
    assert get(server, "/t/event").status_code == 403  # Datasette's own page
    assert {page: get(server, f"{UNDER}{page}").status_code for page in CLOSED_PAGES} == dict.fromkeys(
        CLOSED_PAGES, 403
    )
    assert get(server, f"{UNDER}/", actor="bob").status_code == 403
    seen = get(server, f"{UNDER}/events.json?size=1", actor="ann")
    assert seen.status_code == 200
    assert seen.headers["cache-control"] == "private, no-store"
    assert get(server, f"{UNDER}/upcoming.ics", actor="ann").headers["cache-control"] == "private, no-store"


AMISS = [
    ("GET", "/?type=war", 400, "unknown type: 'war'"),
    ("GET", "/?colour=red", 400, "'colour' is no filter"),
    ("GET", "/?since=soon", 400, "not a date: 'soon'"),
    ("GET", f"/?{'&'.join(f'type=t{n}' for n in range(300))}", 400, "more than 200 parameters"),
    ("GET", "/event/nothing-like-it", 404, "no event 'nothing-like-it'"),
    ("GET", "/event/%3Cscript%3Ealert(1)%3C%2Fscript%3E", 404, "<script>alert(1)</script>"),
    ("GET", "/events.exe", 404, "events are not told as 'exe'"),
    ("PUT", "/", 405, "this address takes GET alone"),
    ("DELETE", "/event/x", 405, "this address takes GET alone"),
]


@pytest.mark.parametrize(("method", "address", "status", "said"), AMISS, ids=[f"{m} {a[:24]}" for m, a, _, _ in AMISS])
def test_what_cannot_be_answered_is_said_on_a_page(
    sample: Path, method: str, address: str, status: int, said: str
) -> None:
    response = get(datasette(sample, base="/"), address, method)
    assert response.status_code == status
    assert response.headers["content-type"] == HTML
    assert response.headers["content-security-policy"] == guarding.POLICY
    assert said in words(response)
    assert "<script>alert" not in response.text


FAILURES = [
    (InputError("i"), 400),
    (NotFoundError("n"), 404),
    (BusyError("b"), 503),
    (StoreError("s"), 500),
]


@pytest.mark.parametrize(("error", "status"), FAILURES, ids=[type(error).__name__ for error, _ in FAILURES])
def test_each_kind_of_failure_has_its_status(sample: Path, error: Exception, status: int) -> None:
    def show(_: Ask) -> Answer:
        raise error

    answer = shown(sample, show)
    assert answer.status == status
    assert str(error) in str(answer.body)


def test_a_fault_of_ours_is_in_the_log_and_told_to_nobody(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def show(_: Ask) -> Answer:
        raise ZeroDivisionError("a secret")

    answer = shown(sample, show)
    assert answer.status == 500
    assert "The page has a fault" in str(answer.body)
    assert "secret" not in str(answer.body)
    assert "ZeroDivisionError: a secret" in capsys.readouterr().err


def test_a_page_that_takes_too_long_ends_and_says_what_to_do(sample: Path) -> None:
    counting = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

    def show(ask: Ask) -> Answer:
        ask.timeline.ask(lambda db, _: db.rows(counting))
        raise AssertionError("it ended")

    answer = shown(sample, show, seconds=0.05)
    assert answer.status == 503
    assert "The question takes too long. Narrow it" in str(answer.body)


def shown(path: Path, show: Any, **settings: Any) -> Answer:
    """What a page of our own answers."""

    async def ask() -> Answer:
        server = datasette(path)
        await server.invoke_startup()
        room = Room(server, Settings.read(settings), {}, None)
        return await answered(room, Route("/x", show), Request.fake("/x", url_vars={}))

    return apart.run(ask())


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_page_says_what_a_browser_may_do(sample: Path, method: str) -> None:
    response = get(datasette(sample, base="/"), "/", method)
    assert response.status_code == 200
    for name, value in guarding.HEADERS.items():
        assert response.headers[name] == value
    assert "'unsafe" not in response.headers["content-security-policy"]


@pytest.mark.parametrize("guard", [True, False])
def test_pages_of_datasette_are_guarded_where_the_settings_want_it(sample: Path, guard: bool) -> None:  # noqa: FBT001
    response = get(datasette(sample, guard=guard), "/t/event")
    assert response.status_code == 200
    assert response.headers.get("content-security-policy") == (guarding.LOOSER if guard else None)


def test_a_file_is_kept_for_ever_under_its_own_mark_alone(sample: Path) -> None:
    server = datasette(sample, base="/")
    mark = files.mark("app.css")
    found = get(server, f"/static/{mark}/app.css")
    assert (found.status_code, found.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert found.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert found.headers["x-content-type-options"] == "nosniff"
    older = get(server, "/static/0123456789ab/app.css")
    assert (older.status_code, older.content, older.headers["cache-control"]) == (200, found.content, "no-cache")


OUTSIDE = [
    "nothing.css",
    "../plugin.py",
    "%2e%2e/plugin.py",
    "..%2fplugin.py",
    "vendor/../../plugin.py",
    "/etc/passwd",
    "//etc/passwd",
    ".hidden.css",
    "vendor",
    "app.css/",
    "app.css%00.js",
    "..%5cplugin.py",
]


@pytest.mark.parametrize("name", OUTSIDE)
def test_nothing_but_the_files_of_the_pages_is_given_out(sample: Path, name: str) -> None:
    response = get(datasette(sample, base="/"), f"/static/{files.mark('app.css')}/{name}")
    assert response.status_code in {302, 404}
    assert "import annotations" not in response.text
    assert "root:" not in response.text


@pytest.mark.parametrize(
    "name", ["../plugin.py", "/etc/passwd", "a\\..\\b.css", ".x.css", "", "app.css/", "../app.css"]
)
def test_a_file_is_only_found_below_the_folder(name: str) -> None:
    assert files.read(name) is None
    with pytest.raises(KeyError):
        files.mark(name)


def test_parameters_keep_their_order_and_their_empty_values() -> None:
    assert parsed("b=2&a=1&b=&a=%26") == {"b": ("2", ""), "a": ("1", "&")}
    with pytest.raises(InputError, match="more than 2 parameters"):
        parsed("a=1&a=2&a=3", most=2)


def test_no_two_routes_answer_one_address() -> None:
    patterns = [(route.method, route.pattern) for route in ROUTES]
    assert len(set(patterns)) == len(patterns)
    for place, route in enumerate(ROUTES):
        example = re.sub(r"\{\w+\}", "x1", route.pattern)
        first = next(one for one in ROUTES if re.match(one.expression(""), example))
        assert first is route or first.pattern == route.pattern, (place, route.pattern)


def test_the_command_of_datasette_itself_shows_the_pages(sample: Path) -> None:
    port = free_port()
    told = [sys.executable, "-m", "datasette", "serve", str(sample), "--port", str(port)]
    with subprocess.Popen(told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            wait(running, port, Site(f"http://127.0.0.1:{port}", lambda: "nothing that was kept"))
            response = httpx.get(f"http://127.0.0.1:{port}{UNDER}/")
        finally:
            running.terminate()
            running.wait(timeout=20)
    assert response.status_code == 200
    assert BeautifulSoup(response.text, "lxml").select(".event")
