"""Files and folders of this machine, answered as the network answers."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fetch_asking import NOW, in_order, one, page
from fetch_server import Answer, Server

from tracker.fetch import local
from tracker.model import Done, Failed, Fetched, FetchSettings, Poison, Request, Unchanged

SETTINGS = FetchSettings(user_agent="tracker/0.1", max_bytes=100)


def write(path: Path, content: bytes, *, at: int = 1_720_000_000) -> Path:
    """A file, last changed `at` (Unix seconds)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (at, at))
    return path


def ask(path: Path, accept: str = "*/*", *, etag: str | None = None, fragment: str = "") -> Fetched:
    request = Request(url=path.as_uri() + fragment, accept=accept, etag=etag, local=True)
    return local.read(request, SETTINGS, NOW)


def listed(outcome: Fetched) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(page(outcome).body)
    return document


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Saved page.html", "text/html"),
        ("PAGE.HTM", "text/html"),
        ("notice #7, 50%.txt", "text/plain"),
        ("rule.pdf", "application/pdf"),
        ("Zölle.xml", "text/xml"),
        ("no suffix", "application/octet-stream"),
    ],
)
def test_a_file_is_a_page_of_its_type(tmp_path: Path, name: str, kind: str) -> None:
    path = write(tmp_path / name, b"<p>Tariffs")
    answer = page(ask(path))
    assert (answer.body, answer.content_type, answer.status, answer.fetched_at) == (b"<p>Tariffs", kind, 200, NOW)
    assert answer.final_url == answer.url == path.as_uri()


def test_a_name_that_is_not_utf_8_is_found(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"z\xf6lle.html")
    write(path, b"x")
    assert page(local.read(Request(url=f"{tmp_path.as_uri()}/z%F6lle.html", local=True), SETTINGS, NOW)).body == b"x"


def test_an_unchanged_file_is_not_read_again_and_a_changed_one_is(tmp_path: Path) -> None:
    path = write(tmp_path / "a.html", b"one")
    etag = page(ask(path)).etag
    assert ask(path, etag=etag) == Done(value=Unchanged(url=path.as_uri(), fetched_at=NOW))
    write(path, b"two", at=1_720_000_001)
    assert page(ask(path, etag=etag)).body == b"two"


SECOND = 1_000_000_000  # in nanoseconds


def test_a_folder_is_a_list_of_its_files_newest_first(tmp_path: Path) -> None:
    write(tmp_path / "old.html", b"1", at=100)
    write(tmp_path / "b/new.html", b"333", at=300)
    write(tmp_path / "a/middle.html", b"22", at=200)
    write(tmp_path / "a/also middle.html", b"22", at=200)
    write(tmp_path / ".hidden/x.html", b"")
    write(tmp_path / ".hidden.html", b"")
    (tmp_path / "link.html").symlink_to("/etc/hostname")
    (tmp_path / "links").symlink_to("/etc")
    assert listed(ask(tmp_path, local.NAMES)) == {
        "files": [
            {"path": "b/new.html", "size": 3, "changed": 300 * SECOND},
            {"path": "a/also middle.html", "size": 2, "changed": 200 * SECOND},
            {"path": "a/middle.html", "size": 2, "changed": 200 * SECOND},
            {"path": "old.html", "size": 1, "changed": 100 * SECOND},
        ],
        "next": None,
    }


CHANGES: list[Callable[[Path], object]] = [
    lambda folder: write(folder / "new.html", b"1"),
    lambda folder: write(folder / "a.html", b"longer"),
    lambda folder: write(folder / "a.html", b"1", at=7),
    lambda folder: (folder / "a.html").unlink(),
    lambda folder: (folder / "a.html").rename(folder / "b.html"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_folder_is_unchanged_until_something_in_it_changes(tmp_path: Path, change: Callable[[Path], object]) -> None:
    write(tmp_path / "a.html", b"1")
    write(tmp_path / "z.html", b"1")
    etag = page(ask(tmp_path, local.NAMES)).etag
    assert isinstance(ask(tmp_path, local.NAMES, etag=etag), Done)
    assert ask(tmp_path, local.NAMES, etag=etag) == Done(value=Unchanged(url=tmp_path.as_uri(), fetched_at=NOW))
    change(tmp_path)
    assert listed(ask(tmp_path, local.NAMES, etag=etag))["files"]


def test_contents_come_as_far_as_they_fit_and_the_rest_is_asked_for_by_number(tmp_path: Path) -> None:
    for number, size in enumerate((40, 200, 50, 20, 1)):
        write(tmp_path / f"{number}", bytes([number]) * size, at=1000 - number)
    first = listed(ask(tmp_path, local.CONTENTS))
    assert [(one["path"], one["size"]) for one in first["files"]] == [("0", 40), ("1", 200), ("2", 50)]
    assert [len(base64.b64decode(one["content"])) if one["content"] else None for one in first["files"]] == [
        40,
        None,
        50,
    ]
    assert first["next"] == 3
    rest = listed(ask(tmp_path, local.CONTENTS, fragment="#from=3"))
    assert [(one["path"], base64.b64decode(one["content"])) for one in rest["files"]] == [
        ("3", b"\3" * 20),
        ("4", b"\4"),
    ]
    assert rest["next"] is None


def test_a_long_file_is_read_from_its_end_in_pieces_where_the_request_can_read_on(tmp_path: Path) -> None:
    content = bytes(range(250))
    path = write(tmp_path / "mbox", content)
    last = page(ask(path, local.CONTENTS))
    assert (last.body, last.final_url) == (content[150:], f"{path.as_uri()}#bytes=150-250")
    before = page(ask(path, local.CONTENTS, fragment="#before=160"))
    assert (before.body, before.final_url) == (content[60:160], f"{path.as_uri()}#bytes=60-160")
    first = page(ask(path, local.CONTENTS, fragment="#before=70"))
    assert (first.body, first.final_url) == (content[:70], f"{path.as_uri()}#bytes=0-70")


def test_a_page_beyond_the_cap_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "huge.html", b"x" * 101)
    assert ask(path) == Poison(reason=f"{path}: larger than the cap of 100 bytes")


def test_what_cannot_be_read_is_told_with_its_path(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    remedy = "no such file or folder; correct the path, or mount what it lies on"
    assert ask(gone, local.NAMES) == Failed(reason=f"{gone}: {remedy}")
    assert ask(gone / "a.html") == Poison(reason=f"{gone / 'a.html'}: no such file or folder")
    os.mkfifo(tmp_path / "pipe")
    assert ask(tmp_path / "pipe") == Poison(reason=f"{tmp_path / 'pipe'}: neither a file nor a folder")
    write(tmp_path / "file", b"")
    assert isinstance(ask(tmp_path / "file" / "below"), Failed)


@pytest.mark.parametrize(
    "url",
    ["http://a.example/etc/hostname", "file://a.example/etc/hostname", "file:etc/hostname", "/etc/hostname", ""],
)
def test_no_other_address_leads_to_a_file(url: str) -> None:
    assert local.read(Request(url=url, local=True), SETTINGS, NOW) == Poison(
        reason=f"not the address of a file on this machine: {url!r}"
    )


def test_a_zero_byte_in_a_name_is_told(tmp_path: Path) -> None:
    outcome = local.read(Request(url=f"{tmp_path.as_uri()}/a%00b", local=True), SETTINGS, NOW)
    assert isinstance(outcome, Poison)


def test_the_fetcher_reads_files_only_for_local_requests(tmp_path: Path, settings: FetchSettings) -> None:
    path = write(tmp_path / "a.html", b"<p>Tariffs")
    assert page(one(settings, Request(url=path.as_uri(), local=True))).body == b"<p>Tariffs"
    refused = one(settings, Request(url=path.as_uri()))
    assert isinstance(refused, Poison)
    assert refused.reason.startswith("not an http(s) URL: 'file:")


def test_a_redirect_does_not_reach_a_file(tmp_path: Path, server: Server, settings: FetchSettings) -> None:
    path = write(tmp_path / "a.html", b"secret")
    server.route("a.example/moved", Answer(status=302, headers={"Location": path.as_uri()}))
    outcome = one(settings, "http://a.example/moved")
    assert isinstance(outcome, Poison)
    assert outcome.reason.startswith("not an http(s) URL: 'file:")


def test_many_local_files_come_through_one_fetcher(tmp_path: Path, settings: FetchSettings) -> None:
    paths = [write(tmp_path / f"{number}.html", b"%d" % number) for number in range(40)]
    requests = [Request(url=path.as_uri(), local=True) for path in paths]
    got = {url: page(outcome).body for url, outcome in in_order(replace(settings, concurrency=3), requests)}
    assert got == {path.as_uri(): path.read_bytes() for path in paths}
