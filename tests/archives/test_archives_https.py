"""Archives on a real https server: lists, parts of files, and what a server or its certificate may have wrong."""

from __future__ import annotations

import hashlib
import ssl
from pathlib import Path

import fsspec
import pytest
from archive_samples import gkg_row, packed, response, written, zipped
from certificates import certificate
from secure_site import SecureSite

from tracker.archives import plan, records
from tracker.errors import InputError
from tracker.model import Record

LINE = b'{"id": "%d", "text": "A text.", "url": "http://a.example/%d"}\n'
MONTH = "crawl-data/CC-NEWS/2024/06"


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("certificate"), "IP:127.0.0.1")


@pytest.fixture
def trusted(identity: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a user has fsspec trust an authority of the house."""
    monkeypatch.setitem(fsspec.config.conf, "https", {"ssl": ssl.create_default_context(cafile=f"{identity}.crt")})


def every(inputs: list[str], chunk_bytes: int) -> list[Record]:
    return [one for chunk in plan(inputs, chunk_bytes=chunk_bytes) for one in records(chunk)]


@pytest.mark.usefixtures("trusted")
def test_archives_are_read_in_parts_as_from_the_disk(tmp_path: Path, identity: Path) -> None:
    written(tmp_path, f"{MONTH}/1.warc.gz", packed(*(response(n, 60_000) for n in range(40))))
    written(tmp_path, f"{MONTH}/warc.paths", f"{MONTH}/1.warc.gz\n".encode())
    written(tmp_path, "b.jsonl", b"".join(LINE % (n, n) for n in range(9)))
    names = [f"{MONTH}/warc.paths", "b.jsonl"]
    with SecureSite(tmp_path, identity) as site:
        there = [site.url(name) for name in names]
        assert len(plan(there, chunk_bytes=700_000)) > 3
        remote = every(there, 700_000)
        asked = [part for path, part in site.asked if path.endswith(".warc.gz")]
    local = every([str(tmp_path / name) for name in names], 700_000)
    assert [(one.page and one.page.body, one.article) for one in remote] == [
        (one.page and one.page.body, one.article) for one in local
    ]
    assert len(remote) == 49
    assert any(asked), "the server was asked for parts"


@pytest.mark.usefixtures("trusted")
def test_a_list_of_gdelts_names_tables_beside_it(tmp_path: Path, identity: Path) -> None:
    table = zipped(gkg_row("https://paper.example/1"))
    written(tmp_path, "20240625101500.gkg.csv.zip", table)
    named = "http://data.gdeltproject.org/gdeltv2/20240625101500.gkg.csv.zip"
    told = f"{len(table)} {hashlib.md5(table).hexdigest()} {named}\n"
    written(tmp_path, "masterfilelist.txt", told.encode())
    with SecureSite(tmp_path, identity) as site:
        found = every([site.url("masterfilelist.txt")], 1000)
    assert [one.item and one.item.url for one in found] == ["https://paper.example/1"]


@pytest.mark.usefixtures("trusted")
def test_what_is_not_there_and_a_server_that_gives_no_parts_are_told(tmp_path: Path, identity: Path) -> None:
    written(tmp_path, "a.warc.gz", packed(*(response(n, 60_000) for n in range(40))))
    with SecureSite(tmp_path, identity, parts=False) as site:
        with pytest.raises(InputError, match=r"none\.warc\.gz: not found"):
            every([site.url("none.warc.gz")], 1000)
        with pytest.raises(InputError, match=r"does not answer for parts of a file"):
            every([site.url("a.warc.gz")], 700_000)


def test_a_certificate_that_nobody_vouches_for_is_told(tmp_path: Path, identity: Path) -> None:
    written(tmp_path, "b.jsonl", LINE % (1, 1))
    with (
        SecureSite(tmp_path, identity) as site,
        pytest.raises(InputError, match="self-signed certificate"),
    ):
        every([site.url("b.jsonl")], 1000)
