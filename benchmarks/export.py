"""How fast and in how much memory the timeline is exported, by format, from an invented database.

    .venv/bin/python benchmarks/export.py --events 300000 --folder /tmp/export [--only csv --only parquet]

Each export runs in a process of its own, as `tracker export FORMAT -o FILE`, so that its peak memory is its own. Two
reports an event, one article a report, texts of 1,200 characters; parties, things and words are drawn with skew.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tracker.model import Direction, EventType, Status
from tracker.store import Store
from tracker.store.connection import open_database

FORMATS = ("csv", "tsv", "jsonl", "json", "markdown", "parquet", "ics", "graphml")
GOODS = "AI chips|gallium|API access|chip tools|soybeans|drones|5G equipment|steel|rare earths|cloud".split("|")
LAWS = ("Entity List", "Section 301", "EU AI Act", "Export Control Law")
COUNTRIES = "US CN EU RU JP KR NL GB IN TW BR CA AU DE FR".split()
TEXT = "Officials told reporters on the sidelines that the measure had been long in the making. " * 14
PARTIES = 3_000
EVENT = """
INSERT INTO event (number, id, type, status, direction, certainty, announced_on, announced_basis, effective_on,
  effective_basis, confidence, summary, origins, reports, measure_id, first_reported, day, announced_from, announced_to,
  effective_from, effective_to, first_seen_at, changed_at, lead_id)
VALUES (?, ?, ?, ?, ?, 'confirmed', ?, 'stated', ?, NULL, ?, ?, 2, 2, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
ARTICLE = """
INSERT INTO article (number, id, source_id, url, title, published, text_from, content_hash, origin, stored_at,
  changed_at, text) VALUES (?, ?, ?, ?, ?, ?, 'page', ?, ?, ?, ?, ?)
"""
REPORT = """
INSERT INTO report (id, article_id, position, event_id, type, status, direction, certainty, announced_on, confidence,
  published, reader, quote, detail) VALUES (?, ?, 0, ?, ?, ?, ?, 'confirmed', ?, ?, ?, 'b', ?, '{}')
"""


def rows(count: int, rng: random.Random) -> Iterator[dict[str, Any]]:
    """The rows of each table, one event after another."""
    kinds, statuses, ways = list(EventType), list(Status), list(Direction)
    for number in range(1, count + 1):
        key = f"e{rng.getrandbits(128):032x}"
        year, month, day = 2015 + int(10 * rng.random() ** 0.5), rng.randint(1, 12), rng.randint(1, 28)
        on, now = f"{year}-{month:02}-{day:02}", f"{year}-{month:02}-{day:02}T12:00:00Z"
        effect = f"{year + 1}-{month:02}-{day:02}" if rng.random() < 0.3 else None
        kind = str(kinds[int(len(kinds) * rng.random() ** 2)])
        status, way = str(rng.choice(statuses)), str(rng.choice(ways))
        acts, hit = int(PARTIES * rng.random() ** 3), int(PARTIES * rng.random() ** 3)
        good = GOODS[int(len(GOODS) * rng.random() ** 2)]
        summary = f"Party {acts} restricts {good} to party {hit}, citing national security, in step {number}"
        lead = f"r{number}-0"
        parties = [(key, "actor", 0, f"p{acts}", f"Party {acts}"), (key, "target", 0, f"p{hit}", f"Party {hit}")]
        if rng.random() < 0.3:
            other = int(PARTIES * rng.random())
            parties.append((key, "target", 1, f"p{other}", f"Party {other}"))
        things = [(key, "item", 0, good, good.lower())]
        if rng.random() < 0.25:
            law = rng.choice(LAWS)
            things.append((key, "instrument", 0, law, law.lower()))
        confidence = round(0.3 + 0.69 * rng.random(), 3)
        values = (number, key, kind, status, way, on, effect, confidence, summary, f"m{number // 3}", now, on, on, on,
                  effect, effect, now, now, lead)  # fmt: skip
        articles, reports = [], []
        for nth in range(2):
            name, source = f"a{rng.getrandbits(96):024x}", f"s{int(200 * rng.random() ** 2)}"
            url = f"https://{source}.example/news/{year}/{month:02}/story-{number}-{nth}"
            articles.append((2 * number + nth, name, source, url, summary, now, name, name, now, now, TEXT))
            reports.append((f"r{number}-{nth}", name, key, kind, status, way, on, confidence, now, summary))
        yield {"event": [values], "party": parties, "item": things, "article": articles, "report": reports}


def build(path: Path, count: int) -> None:
    """A database of so many events, written straight into its tables; full-text search is left out."""
    Store.open(path).close()
    db = open_database(path, read_only=False)
    raw = db.raw
    raw.execute("PRAGMA foreign_keys = off")
    raw.execute("PRAGMA synchronous = off")
    with db.batch():
        for name in ("article_fts_insert", "article_fts_delete", "article_fts_update"):
            raw.execute(f"DROP TRIGGER {name}")
        raw.executemany(
            "INSERT INTO source (id, name, kind, url, tier, language, tags, interval_seconds, enabled, active,"
            " first_seen_at) VALUES (?, ?, 'feed', ?, ?, 'en', '[]', 3600, 1, 1, '2015-01-01T00:00:00Z')",
            [(f"s{n}", f"Source {n}", f"https://s{n}.example/", ("official", "major", "specialist")[n % 3])
             for n in range(200)],
        )  # fmt: skip
        raw.executemany(
            "INSERT INTO entity (id, name, kind, country, first_seen_at) VALUES (?, ?, ?, ?, '2015-01-01T00:00:00Z')",
            [(f"p{n}", f"Party {n}", ("government", "company")[n % 2], COUNTRIES[n % 15]) for n in range(PARTIES)],
        )
        statements = {
            "event": EVENT,
            "article": ARTICLE,
            "report": REPORT,
            "party": "INSERT INTO event_party VALUES (?, ?, ?, ?, ?)",
            "item": "INSERT INTO event_item VALUES (?, ?, ?, ?, ?)",
        }
        waiting: dict[str, list[tuple[object, ...]]] = {name: [] for name in statements}
        for told in rows(count, random.Random(6)):
            for name, found in told.items():
                waiting[name] += found
            if len(waiting["event"]) == 5_000:
                flush(raw, statements, waiting)
        flush(raw, statements, waiting)
        raw.execute("INSERT INTO measure (id, title, first_seen_at) SELECT DISTINCT measure_id, 'M', '' FROM event")
    raw.execute("ANALYZE")
    db.close()
    Store.open(path).close()  # which works out facets and lines


def flush(raw: sqlite3.Connection, statements: dict[str, str], waiting: dict[str, list[tuple[object, ...]]]) -> None:
    """Write what waits."""
    for name, statement in statements.items():
        raw.executemany(statement, waiting[name])
        waiting[name].clear()


def measure(database: Path, form: str, folder: Path) -> dict[str, object]:
    """One export in a process of its own: seconds on the clock and of the processor, bytes, memory in MB.

    `own_mb` is the most that it held of its own; pages of the database that are mapped belong to the system's cache.
    """
    file = folder / f"out.{form}"
    command = [sys.executable, "-m", "tracker", "--db", str(database), "export", form, "-o", str(file)]
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    own = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as running:
        while running.poll() is None:
            own = max(own, anonymous(running.pid))
            time.sleep(0.02)
    if running.returncode:
        raise SystemExit(f"{form}: failed with {running.returncode}")
    seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    count = json.loads(Path(f"{file}.manifest.json").read_text(encoding="utf-8"))["rows"]
    return {"format": form, "rows": count, "seconds": round(seconds, 2), "cpu_seconds": round(cpu, 2),
            "rows_per_second": round(count / seconds), "rows_per_cpu_second": round(count / cpu),
            "mb": file.stat().st_size >> 20, "own_mb": own}  # fmt: skip


def anonymous(pid: int) -> int:
    """Memory of a process that is no file, in MB."""
    try:
        told = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next((int(line.split()[1]) >> 10 for line in told.splitlines() if line.startswith("RssAnon")), 0)


def main() -> None:
    """Build the database where there is none, then measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=300_000)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--only", action="append", choices=FORMATS)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    database = asked.folder / f"export-{asked.events}.db"
    if not database.exists():
        started = time.perf_counter()
        build(database, asked.events)
        print(f"built in {time.perf_counter() - started:.0f} s, {database.stat().st_size >> 20} MB")
    for form in asked.only or FORMATS:
        print(json.dumps(measure(database, form, asked.folder)))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
