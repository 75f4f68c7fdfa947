"""`tracker extract` in a process of its own: what it says, what it writes and how it ends."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from folder_site import Site
from process import tracker

BLOCK = "OpenAI will block access to its API from China from 9 July, the company said on Tuesday."
MORE = "Developers in China received an email that told them their API traffic would be blocked."
PAGE = f"""<!doctype html><html lang="en"><head><title>OpenAI shuts out China</title>
<meta property="article:published_time" content="2024-06-25"></head><body><h1>OpenAI shuts out China</h1>
<p>{BLOCK}</p><p>{MORE}</p></body></html>"""
LINE = json.dumps({"id": "a", "text": f"{BLOCK} {MORE}", "published_at": "2024-06-25"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "note.txt").write_text(f"{BLOCK}\n\n{MORE}\n", encoding="utf-8")
    (tmp_path / "lines.jsonl").write_text(LINE + "\n", encoding="utf-8")
    (tmp_path / "bad.jsonl").write_text("no json\n", encoding="utf-8")
    (tmp_path / "bytes.jsonl").write_bytes(b'{"id": "a", "text": "\xff"}')
    (tmp_path / "law.pdf").write_bytes(b"%PDF-1.7")
    return tmp_path


@pytest.fixture
def site(folder: Path) -> Iterator[Site]:
    with Site(folder) as running:
        yield running


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("bad.jsonl",), 65, "tracker: bad.jsonl:1: not JSON"),
        (("bytes.jsonl",), 65, "tracker: bytes.jsonl:1: not UTF-8 (byte 22 of the line)"),
        (("law.pdf",), 65, "tracker: law.pdf: is a PDF; turn it into text first"),
        (("page.html", "--format", "jsonl"), 65, "tracker: page.html:1: not JSON"),
        (("note.txt", "--date", "June"), 65, "tracker: --date is 'June'; give an ISO date such as 2024-06-25"),
        (("lines.jsonl", "-o", "lines.jsonl"), 65, "tracker: lines.jsonl: is an input too, which would be lost"),
        (("note.txt", "lines.jsonl", "-o", "lines.jsonl"), 65, "tracker: lines.jsonl: is an input too"),
        (("lines.jsonl", "-o", "absent/out.jsonl"), 65, "tracker: absent/out.jsonl: there is no folder absent"),
        (("absent.txt",), 2, "File 'absent.txt' does not exist"),
        (("ftp://a.example/x",), 2, "'ftp://a.example/x' is no http(s) address and no file"),
        (("note.txt", "--words", "--json"), 2, "--words and --json exclude each other"),
        (("http://127.0.0.1:9/a",), 69, "tracker: http://127.0.0.1:9/a: robots.txt of 127.0.0.1: cannot connect"),
        (("http://127.0.0.1:9/a", "bad.jsonl"), 65, "tracker: bad.jsonl:1: not JSON"),
    ],
)
def test_what_cannot_be_read_is_one_message_and_a_code(
    folder: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    result = tracker("extract", *words, cwd=folder)
    assert result.returncode == code, result.stderr
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    assert (folder / "lines.jsonl").read_text(encoding="utf-8") == LINE + "\n"


@pytest.mark.parametrize(("path", "said"), [("absent", "HTTP 404 (not found)"), ("law.pdf", "is a PDF")])
def test_an_address_without_an_article(site: Site, path: str, said: str) -> None:
    result = tracker("extract", site.url(path))
    assert result.returncode == (69 if path == "absent" else 65)
    assert result.stderr.startswith(f"tracker: {site.url(path)}: {said}")


def test_the_network_is_used_as_feeds_yaml_says(site: Site, tmp_path: Path) -> None:
    config = tmp_path / "feeds.yaml"
    config.write_text("sources: {}\n", encoding="utf-8")
    result = tracker("--config", config, "extract", site.url("page.html"))
    assert (result.returncode, site.asked) == (78, [])
    assert "feeds.yaml" in result.stderr


def test_nothing_in_gives_nothing_out() -> None:
    result = tracker("extract", given="")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


@pytest.mark.real_reader
def test_all_kinds_of_input_at_once(site: Site, folder: Path) -> None:
    given = ("-", "note.txt", site.url("page.html"), "bad.jsonl", "page.html")
    result = tracker("extract", *given, "--date", "2024-06-25", given=LINE, cwd=folder)
    assert result.returncode == 65
    assert (
        result.stderr.strip() == "tracker: bad.jsonl:1: not JSON (Expecting value at column 1); give one object a line"
    )
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line.get("input") for line in lines] == [None, "note.txt", site.url("page.html"), "page.html"]
    assert {line["events"][0]["type"] for line in lines} == {"access_restriction"}
    assert len({line["events"][0]["event_id"] for line in lines[1:]}) == 1
    for line in lines[1:]:
        (start, end) = (line["events"][0]["evidence"][0][edge] for edge in ("start", "end"))
        assert "block access" in line["text"][start:end]


@pytest.mark.real_reader
def test_an_explanation_in_words(folder: Path) -> None:
    result = tracker("extract", "--words", "page.html", cwd=folder)
    assert result.returncode == 0
    for words in ("OpenAI shuts out China", "1. ▼ access_restriction", "OpenAI (company, US)", "China", "2024-07-09"):
        assert words in result.stdout
    assert "\x1b" not in result.stdout


@pytest.mark.real_reader
@pytest.mark.parametrize(("words", "is_json"), [((), False), (("--json",), True)])
def test_an_explanation_on_a_terminal_is_in_words(folder: Path, words: tuple[str, ...], *, is_json: bool) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "tracker", "extract", "--explain", "lines.jsonl", *words]
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, cwd=folder) as process:
        os.close(theirs)
        seen = b"".join(iter(lambda: read(ours), b"")).decode()
    os.close(ours)
    assert process.returncode == 0
    assert ('"why"' in seen, "words in the article" in seen) == (is_json, not is_json)


def read(terminal: int) -> bytes:
    """What is on the terminal; nothing once the other side has closed it."""
    try:
        return os.read(terminal, 65_536)
    except OSError:
        return b""
