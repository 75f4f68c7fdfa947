"""How fast questions are answered on a million events, beside SQL tuned by hand and DuckDB on the same data.

    .venv/bin/python benchmarks/query.py --keep /tmp/query.db [--events 1000000] [--duckdb-python PYTHON] [--only WORDS]

The database is built where there is none (`query_world.py`). Each question is asked in a process of its own: cold, with
the pages of the file dropped from the cache of the operating system, from opening the file to the answer; then warm,
each time with other values, which were asked once before. Times are milliseconds of the wall and of the processor.
Whether a goal is met is judged by the latter, warm, since the former also count what else the machine does.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from query_questions import BARE, DRESSED, NOW, QUESTIONS, Draw, Question, draws
from query_world import build

from tracker.query import Timeline
from tracker.store.connection import open_database

Times = list[tuple[float, float]]  # milliseconds of the wall and of the processor
DUCK = ("event", "event_party", "event_item", "entity", "report", "article", "source", "report_amount", "measure",
        "measure_step", "contradiction", "change")  # fmt: skip
LEFT_OUT = {"text", "signature"}  # columns that no question of DuckDB reads
DUCK_DRAWS = 6  # values that DuckDB is asked for: it takes seconds for each
ENOUGH = 20.0  # seconds after which no further value is tried
CHEAP = 0.5  # milliseconds by which a question may be slower than SQL whatever its share is


def timed(ask: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of the wall and of the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    ask()
    return 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)


def one(database: Path, question: Question, told: list[Draw], way: str) -> Times:
    """The first answer cold, the others warm."""
    cold(database)
    wall, cpu = time.perf_counter(), time.process_time()
    if way == "ours":
        with Timeline.open(database, clock=lambda: NOW) as timeline:
            question.ask(timeline, told[-1])
            first = 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)
            return [first, *warm(lambda draw: question.ask(timeline, draw), told)]
    db = open_database(database, read_only=True)

    def ask(draw: Draw) -> object:
        return [db.raw.execute(sql, draw).fetchall() for sql in question.statements]

    ask(told[-1])
    first = 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)
    return [first, *warm(ask, told)]


def warm(ask: Callable[[Draw], object], told: list[Draw]) -> Iterator[tuple[float, float]]:
    """Each value asked once before, so that what is read lies in memory; of what takes long only some, at least one."""
    begun = time.perf_counter()
    asked = [draw for draw in told if time.perf_counter() - begun < ENOUGH and (ask(draw), True)]
    for draw in asked:
        yield timed(partial(ask, draw))


def cold(database: Path) -> None:
    """Drop what the operating system keeps of the file in memory; what others write at the time stays."""
    with database.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def parquet(database: Path, folder: Path) -> None:
    """The bare tables as Parquet, in groups of 100,000 rows."""
    import pyarrow as pa  # noqa: PLC0415 - of an extra
    from pyarrow import parquet as pq  # noqa: PLC0415 - as above

    kinds = {"TEXT": pa.string(), "INTEGER": pa.int64(), "REAL": pa.float64()}
    folder.mkdir(parents=True, exist_ok=True)
    db = open_database(database, read_only=True)
    for table in DUCK:
        columns = [
            (row["name"], kinds[row["type"]])
            for row in db.rows(f"PRAGMA table_info ({table})")
            if row["type"] in kinds and row["name"] not in LEFT_OUT
        ]
        schema = pa.schema(columns)
        rows = db.tuples(f"SELECT {', '.join(chr(34) + name + chr(34) for name, _ in columns)} FROM {table}")
        with pq.ParquetWriter(folder / f"{table}.parquet", schema, compression="zstd") as out:
            while some := [row for _, row in zip(range(100_000), rows, strict=False)]:
                told = zip(zip(*some, strict=True), columns, strict=True)
                arrays = [pa.array(column, kind) for column, (_, kind) in told]
                out.write_table(pa.Table.from_arrays(arrays, schema=schema))


def duck_sql(sql: str) -> str:
    """A statement for DuckDB; its events are told without names, which is less work."""
    start, end = DRESSED.split("{places}")
    if sql.startswith(start):
        sql = BARE.format(places=sql.removeprefix(start).removesuffix(end))
    names = [name for name in sorted(NAMES, key=len, reverse=True) if f":{name}" in sql]
    for name in names:
        sql = sql.replace(f":{name}", f"${name}")
    return (
        sql.replace("IS NOT 'reject'", "IS DISTINCT FROM 'reject'")
        .replace("json_group_array", "list")
        .replace(
            "CAST(julianday(report.published) AS INTEGER)", "datediff('day', DATE '2000-01-01', report.published::DATE)"
        )
    )


NAMES = ("country", "other", "party", "type", "status", "day", "today", "item", "value", "deep", "number", "event",
         "measure", "state", "cursor")  # fmt: skip


def duck(python: Path, database: Path, asked: list[Question], told: list[Draw]) -> dict[str, Any]:
    """What DuckDB says to the same questions."""
    folder = database.with_suffix(".parquet")
    if not folder.exists():
        parquet(database, folder)
    some = [told[-1], *told[:DUCK_DRAWS]]
    questions = {one.name: ([duck_sql(sql) for sql in one.statements], some) for one in asked if one.duck}
    script = Path(__file__).with_name("query_duck.py")
    done = subprocess.run(
        [python, script, folder], input=json.dumps(questions), stdout=subprocess.PIPE, text=True, check=True
    )
    answers: dict[str, Any] = json.loads(done.stdout)
    return answers


def measure(database: Path, told: list[Draw], name: str, way: str) -> Times:
    """One question in a process of its own."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(told, file)
        file.flush()
        command = [sys.executable, __file__, "--keep", str(database), "--draws", file.name, "--one", name, "--way", way]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name}, {way}: {done.stderr[-2000:]}")
    times: Times = json.loads(done.stdout)
    return times


def row(question: Question, ours: Times, sql: Times | None, other: Any) -> str:
    """A line of the table."""
    mine = figures(ours)
    theirs = figures(sql) if sql else None
    limit = question.goal or (max(1.5 * theirs[2], theirs[2] + CHEAP) if theirs else 0)
    met = "" if not limit else "yes" if (mine[3] if question.goal else mine[2]) <= limit else "no"
    ducks = f"{figures(other)[0]:.0f} / {figures(other)[2]:.0f}" if isinstance(other, list) else "–"
    goal = str(question.goal) if question.goal else "1.5 × SQL"
    by_hand = f"{theirs[0]:.1f} / {theirs[2]:.1f}" if theirs else "–"
    warm = " | ".join(f"{one:.1f}" for one in mine)
    return f"| {question.name} | {ours[0][0]:.0f} | {warm} | {goal} | {met} | {by_hand} | {ducks} |"


def figures(times: Times) -> tuple[float, float, float, float]:
    """Median and 95th percentile of the wall, median and 95th percentile of the processor; the first one was cold."""
    wall, cpu = sorted(one[0] for one in times[1:]), sorted(one[1] for one in times[1:])
    return statistics.median(wall), _high(wall), statistics.median(cpu), _high(cpu)


def _high(told: list[float]) -> float:
    return told[min(len(told) - 1, int(0.95 * len(told)))]


HEAD = (
    "| question | cold | median | p95 | cpu median | cpu p95 | goal | met | SQL: median / cpu |"
    " DuckDB: median / cpu |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: |"
)


def main() -> None:
    """Build the database where there is none, then ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, required=True, help="the database; built where there is none")
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--duckdb-python", type=Path, help="a Python that has duckdb")
    parser.add_argument("--only", default="", help="only questions whose names hold this")
    parser.add_argument("--no-sql", action="store_true", help="without the SQL tuned by hand")
    parser.add_argument("--draws", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--way", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        (question,) = (found for found in QUESTIONS if found.name == asked.one)
        told = json.loads(asked.draws.read_text(encoding="utf-8"))
        print(json.dumps(one(asked.keep, question, told, asked.way)))
        return
    if not asked.keep.exists():
        build(asked.keep, asked.events)
    with Timeline.open(asked.keep, clock=lambda: NOW) as timeline:
        told = list(draws(timeline))
        print(f"{timeline.count()} events, load {os.getloadavg()[0]:.1f}")
    questions = [question for question in QUESTIONS if asked.only in question.name]
    ducks = duck(asked.duckdb_python, asked.keep, questions, told) if asked.duckdb_python else {}
    print(HEAD)
    for question in questions:
        ours = measure(asked.keep, told, question.name, "ours")
        sql = measure(asked.keep, told, question.name, "sql") if question.sql and not asked.no_sql else None
        print(row(question, ours, sql, ducks.get(question.name)), flush=True)
    for name, answer in ducks.items():
        if isinstance(answer, str):
            print(f"DuckDB: {name}: {answer}")


if __name__ == "__main__":
    main()
