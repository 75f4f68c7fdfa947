"""Archives of JSON lines for tests of the conductor: a line is an article, or something that happens to a worker."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stand_ins import BlockReader

from tracker import backfill
from tracker.backfill import Plan, Ran, Terms, Wanted
from tracker.lake import Lake
from tracker.model import Article, Basis, Page, TextFrom, When
from tracker.model.archives import ArchiveForm, Chunk, Record

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
FILLER = "The company said so in a letter to its customers and gave no reason for it."
CRAWLED = datetime(2024, 8, 1, tzinfo=UTC)
Line = dict[str, Any]


def article(number: int, **more: Any) -> Line:
    told = f"OpenAI ended API access in China on day {number}." if number % 3 else f"Nothing of note on day {number}."
    text = f"{told} {FILLER}"
    return {
        "url": f"https://paper.example/{number}",
        "title": f"Day {number}",
        "text": text,
        "date": "2024-07-09",
    } | more


def archive(folder: Path, *chunks: Sequence[Line]) -> tuple[Chunk, ...]:
    """A file with these lines, and its chunks."""
    file = folder / "archive.jsonl"
    lines = [line for chunk in chunks for line in chunk]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    found, at = [], 0
    for number, chunk in enumerate(chunks):
        part = (at, at := at + len(chunk))
        form = ArchiveForm.JSON_LINES
        found.append(Chunk(id=f"{number:016x}", input=str(file), form=form, part=part, size=100 * len(chunk)))
    return tuple(found)


def records(chunk: Chunk) -> Iterator[Record]:
    """What a chunk holds; things happen where a line says so."""
    lines = Path(chunk.input).read_text(encoding="utf-8").splitlines()
    for number in range(*chunk.part):
        yield from _record(json.loads(lines[number]), f"archive.jsonl:{number + 1}")


def _record(line: Line, key: str) -> Iterator[Record]:
    for name in line.keys() & HAPPENINGS.keys():
        HAPPENINGS[name](line[name])
    if "fault" in line:
        yield Record(key=key, fault=line["fault"])
    elif "html" in line:
        body = line["html"].encode()
        url = line["url"]
        page = Page(url=url, final_url=url, status=200, content_type="text/html", body=body, fetched_at=CRAWLED)
        yield Record(key=key, page=page)
    elif "text" in line:
        yield Record(key=key, article=_article(line))


def _article(line: Line) -> Article:
    return Article(
        id=line["url"].rpartition("/")[2],
        url=line["url"],
        title=line["title"],
        text=line["text"],
        published=When(value=line["date"], basis=Basis(line.get("basis", "page"))) if line["date"] else None,
        language=line.get("language", "en"),
        text_from=TextFrom.INPUT,
    )


def _kill(marker: str) -> None:
    """Kill this worker: the first time alone, where a file is named."""
    if not marker or not Path(marker).exists():
        if marker:
            Path(marker).touch()
        os.kill(os.getpid(), signal.SIGKILL)


def _fill(size: int) -> None:
    """Take memory until there is no more, slowly enough for whoever watches over it."""
    held: list[bytes] = []
    while sum(map(len, held)) < size:
        held.append(b"x" * 20_000_000)
        time.sleep(0.02)


def _wait(marker: str) -> None:
    """Say that this worker is here and never come to an end: the first time."""
    if not Path(marker).exists():
        Path(marker).touch()
        time.sleep(1_000)


def _fail(words: str) -> None:
    raise OSError(words)


def _stop(marker: str) -> None:
    """Be stopped by somebody, the first time."""
    if not Path(marker).exists():
        Path(marker).touch()
        raise KeyboardInterrupt


HAPPENINGS: dict[str, Callable[[Any], None]] = {
    "kill": _kill,
    "fill": _fill,
    "wait": _wait,
    "fail": _fail,
    "stop": _stop,
}


def terms(out: Path, **more: Any) -> Terms:
    return Terms(out=str(out), load=BlockReader, records=records, **more)


def run(
    chunks: tuple[Chunk, ...], out: Path, *, engine: Wanted | None = None, tries: int = 2, **more: Any
) -> tuple[Lake, Ran]:
    """Read the chunks into a lake."""
    retry = more.pop("retry_refused", False)
    watch = more.pop("watch", backfill.unwatched)
    plan = Plan(chunks=chunks, chunk_bytes=100, tries=tries, retry_refused=retry)
    with backfill.opened(engine or Wanted(name="inline")) as opened:
        return backfill.run(plan, terms(out, **more), opened, now=NOW, watch=watch)


def files(out: Path) -> dict[str, bytes]:
    """Every Parquet file of a lake."""
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*.parquet"))}


def ids(lake: Lake) -> list[str]:
    return sorted(one.article.id for one in lake.articles())
