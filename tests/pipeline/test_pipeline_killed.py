"""A refresh killed with SIGKILL at two points and started again ends with the database of an undisturbed one.

The refresh is a process of its own; it is killed when the database has come so far.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tracker.newsroom import Newsroom
from tracker.store.compare import dump

Reached = Callable[[], bool]


def start(newsroom: Newsroom, config: Path, database: Path) -> subprocess.Popen[str]:
    script = Path(__file__).with_name("refresh_process.py")
    words = [sys.executable, str(script), str(config), newsroom.address, str(database), *newsroom.hosts]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finish(newsroom: Newsroom, config: Path, database: Path) -> None:
    process = start(newsroom, config, database)
    out, _ = process.communicate(timeout=100)
    assert process.returncode == 0, out


def kill_when(reached: Reached, newsroom: Newsroom, config: Path, database: Path) -> None:
    process = start(newsroom, config, database)
    try:
        while not reached():
            assert process.poll() is None, "the refresh ended before it could be killed"
            time.sleep(0.03)
    finally:
        process.kill()
        process.communicate(timeout=30)


def rows(database: Path, table: str) -> int:
    if not database.exists():
        return 0
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        try:
            return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
        except sqlite3.OperationalError:  # not made yet
            return 0


@pytest.mark.timeout(300)
def test_a_refresh_killed_half_way_ends_like_an_undisturbed_one(newsroom: Newsroom, tmp_path: Path) -> None:
    config = tmp_path / "feeds.yaml"
    config.write_text(newsroom.config_text(), encoding="utf-8")
    newsroom.advance("2024-08-01")  # a third of its articles: each start is costly enough
    whole, killed = tmp_path / "whole.db", tmp_path / "killed.db"
    finish(newsroom, config, whole)

    newsroom.forget()
    points: list[Reached] = [
        lambda: rows(killed, "article") >= 8,  # among the pages
        lambda: rows(killed, "report") >= 1,  # among the readings
    ]
    for reached in points:
        kill_when(reached, newsroom, config, killed)
    finish(newsroom, config, killed)

    one, other = dump(whole), dump(killed)
    assert one["event"]
    assert {table for table in one if one[table] != other[table]} <= {"source"}  # how it answered last
