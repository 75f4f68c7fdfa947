"""`tracker backfill` on an archive of JSON lines: what it does, what it says, and how it ends."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from stand_ins import BlockReader

from tracker import archives, nlp
from tracker.backfill import Standing
from tracker.cli import backfill_text
from tracker.cli.group import commands
from tracker.cli.sizes import SIZE, in_words
from tracker.errors import ArchiveError
from tracker.model.archives import Chunk, Record

FILLER = "The company said so in a letter to its customers, who were told on Tuesday, and gave no reason. " * 3


def quick_reader(*_: object) -> BlockReader:
    return BlockReader()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(nlp, "load", quick_reader)
    monkeypatch.chdir(tmp_path)


def archive(folder: Path, *numbers: int) -> Path:
    file = folder / "news.jsonl"
    with file.open("w", encoding="utf-8") as out:
        for n in numbers:
            text = f"OpenAI ended API access in China, part {n}. {FILLER}"
            line = {"id": str(n), "url": f"https://paper.example/{n}", "title": "A day", "text": text}
            out.write(json.dumps(line | {"published_at": "2024-07-09"}) + "\n")
    return file


def asked(*words: str, input: str = "news.jsonl") -> Result:  # noqa: A002 - as the command names it
    given = ["backfill", *([input] if input else []), "--out", "lake", "--engine", "inline", *words]
    return CliRunner().invoke(commands, given, standalone_mode=False)


def told(*words: str, **more: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(asked("--json", *words, **more).stdout)
    return found


def test_it_tells_what_came_of_it_and_keeps_a_report(tmp_path: Path) -> None:
    archive(tmp_path, 1, 2, 3)
    done = asked("--chunk-size", "1KB")
    assert done.return_value == 0, done.output
    assert done.stdout.endswith("into a database: tracker import lake\n")
    assert "in the lake: 3 records, 3 articles, 3 read, 3 reports, 0 faults" in done.stdout
    assert json.loads((tmp_path / "lake/report.json").read_text())["counts"]["articles"] == 3
    assert "| articles | 3 |" in (tmp_path / "lake/report.md").read_text()


def test_a_repeat_says_that_all_is_done_and_goes_on_with_the_lakes_chunks(tmp_path: Path) -> None:
    archive(tmp_path, *range(9))
    first = told("--chunk-size", "1KB")
    report = (tmp_path / "lake/report.json").read_bytes()
    assert first["chunks"] > 1
    again = asked()
    assert f"all {first['chunks']} chunks are done: nothing was changed" in again.stdout
    assert (tmp_path / "lake/report.json").read_bytes() == report


def test_a_plan_does_nothing(tmp_path: Path) -> None:
    archive(tmp_path, *range(9))
    plan = told("--plan", "--chunk-size", "1KB")
    assert plan["left"] == plan["chunks"] > 1
    assert not (tmp_path / "lake").exists()
    told("--chunk-size", "1KB")
    assert (told("--plan")["done"], told("--plan")["left"]) == (plan["chunks"], 0)
    assert "0 to do" in asked("--plan").stdout


def gone(chunk: Chunk) -> Iterator[Record]:
    raise ArchiveError(f"{chunk.input}: is gone")


def test_a_chunk_that_cannot_be_read_is_told_by_the_exit_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive(tmp_path, 1)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(archives, "records", gone)
        done = asked("--retries", "0")
    assert done.return_value == 65, done.output
    assert re.search(r"! set aside: \S+news.jsonl .*: is gone", done.stdout)
    report = (tmp_path / "lake/report.json").read_bytes()
    again = asked()
    assert (again.return_value, "0 chunks are done: nothing was changed" in again.stdout) == (65, True)
    assert (tmp_path / "lake/report.json").read_bytes() == report
    assert asked("--retry-failed").return_value == 0


def test_verify_finds_what_was_changed(tmp_path: Path) -> None:
    archive(tmp_path, 1)
    asked()
    assert asked("--verify", input="").stdout == "1 chunks, 0 faults\n"
    next((tmp_path / "lake/articles").rglob("*.parquet")).write_bytes(b"")
    done = asked("--verify", input="")
    assert done.return_value == 74
    assert "is not as it was written" in done.stdout
    assert len(told("--verify", input="")["faults"]) == 1


def test_without_an_input_there_is_nothing_to_do() -> None:
    done = CliRunner().invoke(commands, ["backfill", "--out", "lake"])
    assert (done.exit_code, "Missing argument 'INPUT...'" in done.output) == (2, True)


SIZES = [("64MB", 64_000_000), ("1.5gb", 1_500_000_000), ("2 KB", 2_000), ("77", 77)]


@pytest.mark.parametrize(("text", "expected"), SIZES)
def test_sizes(text: str, expected: int) -> None:
    assert SIZE.convert(text, None, None) == expected


@pytest.mark.parametrize("text", ["0", "much", "-1MB", "1PB"])
def test_what_is_no_size_is_refused(text: str) -> None:
    done = CliRunner().invoke(commands, ["backfill", "x", "--out", "lake", "--memory", text])
    assert (done.exit_code, "is no size" in done.output) == (2, True)


def test_sizes_for_people() -> None:
    assert [in_words(size) for size in (12, 1_500, 64_000_000, 1.2e12)] == ["12 bytes", "1.5 KB", "64.0 MB", "1.2 TB"]


SPANS = [(12, "12 s"), (61, "1 min"), (7_500, "2 h 5 min"), (100_000, "1 d 3 h")]


@pytest.mark.parametrize(("seconds", "expected"), SPANS)
def test_spans(seconds: float, expected: str) -> None:
    assert backfill_text.span(seconds) == expected


LINES = [
    (
        Standing(chunks=2, chunks_of=8, bytes=30, bytes_of=90, articles=40, seconds=20, workers=3, refused=1),
        "2 of 8 chunks, 40 articles, 2.0/s, 1 set aside, 3 at work, 40 s left",
    ),
    (Standing(chunks=0, chunks_of=8, bytes=0, bytes_of=90), "0 of 8 chunks, 0 articles, waiting for workers"),
]


@pytest.mark.parametrize(("standing", "expected"), LINES)
def test_progress_in_words(standing: Standing, expected: str) -> None:
    assert backfill_text.line(standing) == expected
