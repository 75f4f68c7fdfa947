"""Who may decide, and which requests are taken for theirs: nobody else's, and nothing where nobody may."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apart
import pytest
from datasette.app import Datasette
from process import tracker
from serving import Site, served
from visiting import Fields, Visitor, filled

from tracker.cli.publishing import is_loopback
from tracker.errors import InputError
from tracker.query import Timeline
from tracker.web.authority import LASTS, Authority, NotAllowedError, Reviewer, cookie, elsewhere, kept
from tracker.web.routes import ROUTES

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
SECRET = b"a secret"
KEYED = Authority(secret=SECRET, key="the key")


# Whether there is a key, who is named, who asks (an actor of Datasette), whether that one may decide.
ACTORS: dict[str, tuple[str, tuple[str, ...], Mapping[str, Any] | None, bool]] = {
    "nobody": ("", (), None, False),
    "signed in": ("", (), {"id": "ann"}, True),
    "named": ("", ("ann", "bob"), {"id": "ann"}, True),
    "not named": ("", ("bob",), {"id": "ann"}, False),
    "without an id": ("", (), {"name": "ann"}, False),
    "signed in where a key is": ("k", (), {"id": "ann"}, False),
    "named where a key is": ("k", ("ann",), {"id": "ann"}, True),
    "of a number": ("", ("7",), {"id": 7}, True),
}


@pytest.mark.parametrize("name", ACTORS)
def test_who_is_signed_in_may_decide_as_the_settings_say(name: str) -> None:
    key, reviewers, actor, may = ACTORS[name]
    found = Authority(secret=SECRET, key=key, reviewers=reviewers).reviewer(actor, "", NOW)
    assert (found is not None) == may
    assert found is None or found.name == str((actor or {})["id"])


def test_who_has_the_key_comes_in_under_a_name_for_some_days() -> None:
    session = KEYED.session(" the key ", "  Ann   Lee ", NOW, "n1")
    assert KEYED.reviewer(None, session, NOW) == Reviewer("Ann Lee", "n1")
    assert KEYED.reviewer(None, session, NOW + LASTS) is not None
    assert KEYED.reviewer(None, session, NOW + LASTS + timedelta(seconds=1)) is None


def forged() -> dict[str, str]:
    good = KEYED.session("the key", "Ann", NOW, "n1")
    other = KEYED.session("the key", "Bob", NOW, "n1")
    payload, _, signature = good.partition(".")
    return {
        "none": "",
        "no signature": payload,
        "empty signature": payload + ".",
        "of another": f"{other.partition('.')[0]}.{signature}",
        "cut": good[:-1],
        "of a form": f"{payload}.{KEYED.token(Reviewer('Ann', 'n1'))}",
        "of another secret": Authority(secret=b"x", key="the key").session("the key", "Ann", NOW, "n1"),
        "of another key": Authority(secret=SECRET, key="old").session("old", "Ann", NOW, "n1"),
        "not ASCII": "é.é",
    }


@pytest.mark.parametrize("name", forged())
def test_a_forged_session_is_none(name: str) -> None:
    assert KEYED.reviewer(None, forged()[name], NOW) is None


def test_a_session_is_none_where_nobody_comes_in_by_a_key() -> None:
    open_one = Authority(secret=SECRET)
    assert open_one.reviewer(None, KEYED.session("the key", "Ann", NOW, "n1"), NOW) is None
    with pytest.raises(NotAllowedError):
        open_one.session("", "Ann", NOW, "n1")


@pytest.mark.parametrize("key", ["", "the ke", "the key2", "THE KEY", "é"])
def test_another_key_lets_nobody_in(key: str) -> None:
    with pytest.raises(NotAllowedError):
        KEYED.session(key, "Ann", NOW, "n1")


@pytest.mark.parametrize("name", ["", "  ", "a" * 61, "Ann\x07", "Ann\u202eB"])
def test_a_name_is_one_that_people_can_read(name: str) -> None:
    with pytest.raises(InputError, match="who decides"):
        KEYED.session("the key", name, NOW, "n1")


def test_a_form_is_of_one_person_in_one_session() -> None:
    ann = Reviewer("Ann", "n1")
    token = KEYED.token(ann)
    assert KEYED.owns(ann, token)
    for other in (Reviewer("Bob", "n1"), Reviewer("Ann", "n2"), Reviewer('Ann", "n1', "")):
        assert not KEYED.owns(other, token)
    assert not Authority(secret=b"x", key="the key").owns(ann, token)
    assert not KEYED.owns(ann, "")


# Headers of a form that is sent, and whether one of our pages sent it.
SENT: dict[str, tuple[dict[str, str], bool]] = {
    "our page": ({"sec-fetch-site": "same-origin", "origin": "https://a.example", "host": "127.0.0.1"}, True),
    "another site": ({"sec-fetch-site": "cross-site", "origin": "https://b.example", "host": "a.example"}, False),
    "a sister": ({"sec-fetch-site": "same-site", "origin": "https://b.a.example", "host": "a.example"}, False),
    "typed": ({"sec-fetch-site": "none", "host": "a.example"}, False),
    "an old browser": ({"origin": "http://a.example:8001", "host": "a.example:8001"}, True),
    "another port": ({"origin": "http://a.example:8002", "host": "a.example:8001"}, False),
    "another host": ({"origin": "http://b.example", "host": "a.example"}, False),
    "a frame without origin": ({"origin": "null", "host": "a.example"}, False),
    "no browser": ({"host": "a.example"}, False),
    "nothing": ({"origin": "", "host": ""}, False),
    "no address": ({"origin": "http://[", "host": "["}, False),
}


@pytest.mark.parametrize("name", SENT)
def test_forms_come_from_our_own_pages(name: str) -> None:
    headers, ours = SENT[name]
    assert (elsewhere(headers) == "") == ours


@pytest.mark.parametrize(("path", "secure"), [("", False), ("/-/tracker", True)])
def test_the_cookie_goes_to_our_pages_alone_and_to_no_script(path: str, *, secure: bool) -> None:
    told = cookie("v", path=path, secure=secure).split("; ")
    assert told[:4] == ["tracker_review=v", f"Path={path or '/'}", "HttpOnly", "SameSite=Strict"]
    assert told[4:] == (["Secure"] if secure else [])
    assert "Max-Age=0" in cookie("", path=path, secure=secure)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("", ""),
        ("a=b", ""),
        ("a=b; tracker_review=x.y", "x.y"),
        ('a={"b": 1}; c="d; tracker_review=x.y==', "x.y=="),
        ("tracker_review", ""),
        ("xtracker_review=x", ""),
        ("\x00=;;;", ""),
    ],
)
def test_our_cookie_is_found_among_others(header: str, value: str) -> None:
    assert kept(header) == value


# A server that takes decisions.


@pytest.fixture(scope="module")
def reviewed(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Path]]:
    path = Path(shutil.copy(demo, tmp_path_factory.mktemp("authority") / "a.db"))
    with served(path, "--review") as site:
        yield site, path


def key_of(site: Site) -> str:
    return next(line for line in site.log().splitlines() if "/review/enter#" in line).partition("#")[2]


def accepting(ann: Visitor) -> dict[str, str | list[str]]:
    """The fields of a form that accepts an event, as a page gives them."""
    with_form = next(
        page for line in ann.get("/review").soup.select(".queue a") if (page := ann.get(str(line["href"]))) and
        page.soup.select_one("button[value=accept]")
    )  # fmt: skip
    return {**filled(with_form.form("accept")), "act": "accept"}


def test_only_the_own_forms_of_a_person_decide(reviewed: tuple[Site, Path]) -> None:
    site, path = reviewed
    ann, bob = Visitor(site.address), Visitor(site.address)
    for who, name in ((ann, "Ann"), (bob, "Bob")):
        assert who.enter(key_of(site), name).status == 200
    good = accepting(ann)
    theirs = {**good, "token": accepting(bob)["token"]}
    elsewhere = {"origin": "https://elsewhere.example"}
    refused: dict[str, tuple[Visitor, Fields, dict[str, str], int]] = {
        "without our token": (ann, {**good, "token": ""}, {}, 403),
        "with that of another": (ann, theirs, {}, 403),
        "from another site": (ann, good, elsewhere, 403),
        "from another site, as the browser says": (ann, good, {"sec_fetch_site": "cross-site"}, 403),
        "from nowhere": (ann, good, {"origin": ""}, 403),
        "as another type": (ann, good, {"content_type": "text/plain"}, 403 if "ds_csrftoken" in ann.cookies else 400),
        "by nobody": (Visitor(site.address), good, {}, 403),
        "too long": (ann, {**good, "why": "x" * 300_000}, {}, 400),
    }
    if "ds_csrftoken" in ann.cookies:  # before 1.0
        refused["without Datasette's"] = (ann, {**good, "csrftoken": ""}, {}, 403)
    for name, (who, fields, headers, status) in refused.items():
        assert (name, who.post("/review/decide", fields, **headers).status) == (name, status)
    for method in ("GET", "HEAD", "PUT"):
        assert ann.send(method, "/review/decide").status in {403, 405}
    with Timeline.open(path) as timeline:
        assert timeline.judgements() == []
    assert ann.post("/review/decide", good).status == 200
    with Timeline.open(path) as timeline:
        assert [one.who for one in timeline.judgements()] == ["Ann"]


def test_strangers_see_no_link_and_no_page(reviewed: tuple[Site, Path]) -> None:
    stranger = Visitor(reviewed[0].address)
    assert "/review" not in stranger.get("/").text
    for path in ("/review", "/review/log", "/review/merge?one=e"):
        page = stranger.get(path)
        assert page.status == 403
        assert "/review/enter" not in page.text
    assert stranger.enter("a guess", "Eve").status == 403
    assert stranger.enter(key_of(reviewed[0]), "").status == 400
    assert "tracker_review" not in stranger.cookies


def test_the_key_is_told_once_and_written_nowhere_else(reviewed: tuple[Site, Path]) -> None:
    site, _ = reviewed
    key = key_of(site)
    ann = Visitor(site.address)
    page = ann.enter(key, "Ann")
    assert key not in page.text
    assert page.headers["cache-control"] == "private, no-store"
    assert page.headers["referrer-policy"] == "same-origin"
    for path in ("/-/metadata.json", "/-/plugins.json", "/-/settings.json"):
        assert key not in ann.get(path).text
    assert site.log().count(key) == 1
    form = ann.get("/review").soup.select_one("form[action='/review/leave']")
    assert form is not None
    ann.post("/review/leave", filled(form))
    assert ann.get("/review").status == 403


def test_a_session_that_came_by_https_stays_there(reviewed: tuple[Site, Path]) -> None:
    site, _ = reviewed
    through = Visitor(site.address, headers={"x-forwarded-proto": "https"})
    page = through.get("/review/enter")
    form = page.soup.select_one("form.enter")
    assert form is not None
    fields = {**filled(form), "key": key_of(site), "name": "Ann"}
    seen: list[str] = []
    through.watch = seen.append
    through.post("/review/begin", fields, origin=site.address.replace("http:", "https:"))
    assert [line for line in seen if "tracker_review" in line and "Secure" in line]


# Where nobody may decide.


def test_a_read_only_server_writes_nothing(site: str, demo: Path) -> None:
    before = hashlib.sha256(demo.read_bytes()).hexdigest()
    visitor = Visitor(site)
    for route in ROUTES:
        path = route.pattern.replace("{id}", "e").replace("{form}", "csv")
        page = visitor.post(path, {"act": "reject", "one": "e", "why": "x", "key": "x", "name": "x"})
        assert (path, page.status) in {(path, 404), (path, 405)}
        if route.reviewing or route.entering:
            assert (path, visitor.get(path).status) == (path, 404)
    for path in ("/-/write", "/demo/event", "/demo/-/insert", "/demo"):
        assert visitor.post(path, {"sql": "DELETE FROM event"}).status >= 400
    assert hashlib.sha256(demo.read_bytes()).hexdigest() == before


HOSTS = {"127.0.0.1": True, "127.1.2.3": True, "::1": True, "localhost": True, "0.0.0.0": False, "::": False,
         "192.168.1.2": False, "tracker.example": False}  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
def test_addresses_of_this_machine_alone(host: str) -> None:
    assert is_loopback(host) == HOSTS[host]


def test_decisions_are_not_taken_over_the_network_in_the_clear(tmp_path: Path) -> None:
    result = tracker("--db", tmp_path / "t.db", "serve", "--review", "--host", "0.0.0.0")
    assert result.returncode == 2
    assert "--behind-tls" in result.stderr


# Somebody's own Datasette: settings, who asks, and what answers.
OWN: dict[str, tuple[dict[str, Any], dict[str, str] | None, int]] = {
    "no review": ({}, {"id": "ann"}, 404),
    "nobody": ({"review": True}, None, 403),
    "signed in": ({"review": True}, {"id": "ann"}, 200),
    "named": ({"review": True, "reviewers": ["ann"]}, {"id": "ann"}, 200),
    "not named": ({"review": True, "reviewers": ["bob"]}, {"id": "ann"}, 403),
}


@pytest.mark.parametrize("name", OWN)
def test_in_ones_own_datasette_those_decide_who_are_signed_in(demo: Path, name: str) -> None:
    settings, actor, status = OWN[name]
    assert answered(Datasette([str(demo)], metadata={"plugins": {"tracker": settings}}), actor) == status


def test_a_file_that_is_opened_as_unchanging_takes_no_decisions(demo: Path) -> None:
    server = Datasette([], immutables=[str(demo)], metadata={"plugins": {"tracker": {"review": True}}})
    assert answered(server, {"id": "ann"}) == 404


def answered(server: Datasette, actor: dict[str, str] | None) -> int:
    """The status of the page of review."""
    return apart.run(asked(server, actor))


async def asked(server: Datasette, actor: dict[str, str] | None) -> int:
    cookies = {"ds_actor": server.sign({"a": actor}, "actor")} if actor else {}
    answer = await server.client.get("/-/tracker/review", cookies=cookies)
    return int(answer.status_code)
