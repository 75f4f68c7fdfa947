"""Writes events with their reports into a database in batches, until it is ended; at the end says how many a second.

    .venv/bin/python benchmarks/web_writer.py FILE [--pause 0.5]

Other than `query_world.build` it writes as a refresh does: through the triggers, each batch a commit of its own that
works out the facets of its events.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from query_world import FILL, World, rows, sentences

from tracker.store import facets
from tracker.store.connection import open_database

BATCH = 50  # events: about a hundred articles


def main() -> None:
    """Write until a signal comes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between two batches")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, stop)
    db = open_database(asked.file, read_only=False)
    db.run("PRAGMA foreign_keys = off")
    db.before_commit = facets.settle
    told = sentences()
    languages = {row["id"]: row["language"] for row in db.rows("SELECT id, language FROM source")}
    done = db.number("SELECT max(number) FROM event")
    articles = db.number("SELECT max(number) FROM article")
    first, writing, waiting = done, 0.0, 0.0
    try:
        while True:
            block = rows(World(done, told), range(done + 1, done + BATCH + 1), done + BATCH, articles, languages)
            now = datetime.now(UTC).isoformat(timespec="seconds")
            block["change"] = [(now, *row[1:]) for row in block["change"]]  # logged when it happens, as a refresh does
            begun = time.perf_counter()
            with db.batch():
                for name, some in block.items():
                    db.raw.executemany(FILL[name], some)
            writing += time.perf_counter() - begun
            done, articles = done + BATCH, articles + len(block["article"])
            time.sleep(asked.pause)
            waiting += asked.pause
    except KeyboardInterrupt:
        speed = (done - first) / max(writing, 0.001)
        print(f"\n{done - first} events written, {speed:.0f} a second while writing", file=sys.stderr)


def stop(_signal: int, _frame: FrameType | None) -> None:
    """End as by Ctrl-C."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
