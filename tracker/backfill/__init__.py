"""The conductor of archives: chunks of WARC, JSON lines, Parquet or pages are read into a lake, by whatever engine.

    with opened(Wanted(name="processes")) as engine:
        lake, ran = run(Plan(chunks=…, chunk_bytes=…), Terms(out="lake", load=…, records=…), engine, now=now)

`work` is what every worker does with one chunk. Stopped at any point, the same call goes on; repeated, it changes
nothing.

It cuts no archive into chunks, and does not say which reports are one event.
"""

from __future__ import annotations

from tracker.backfill.engines import Engine, Wanted, opened
from tracker.backfill.reporting import Report, markdown, report, save
from tracker.backfill.running import Plan, Ran, run
from tracker.backfill.standing import Standing, Watches, unwatched
from tracker.backfill.terms import Outcome, Terms
from tracker.backfill.working import work

__all__ = [
    "Engine",
    "Outcome",
    "Plan",
    "Ran",
    "Report",
    "Standing",
    "Terms",
    "Wanted",
    "Watches",
    "markdown",
    "opened",
    "report",
    "run",
    "save",
    "unwatched",
    "work",
]
