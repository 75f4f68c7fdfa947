"""What the crash drill kills: a table of works, each with where it begins, what it does, and what must hold after it.

What is `done` runs in processes of its own (`crash_forks`), the rest in the drill. Does not decide when anything is
killed.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import crash_state
from crash_forks import reader
from crash_state import Folder

from tracker import cli, config, pipeline
from tracker.cli import alerting, backing, exporting, maintaining, opening, running
from tracker.config import Config
from tracker.export import formats
from tracker.model.backups import USUAL
from tracker.newsroom import Bomb, Cut, Fault, Newsroom, Status, Torn
from tracker.pipeline import alerting as sending
from tracker.pipeline import reading, reprocess, settling, visiting
from tracker.store import Store
from tracker.store.migrations import STEPS

# Loaded before the forks.
__all__ = ["alerting", "backing", "exporting", "formats", "maintaining", "reading", "sending", "settling", "visiting"]

Done = Callable[..., object]
Problems = Callable[[Folder], Iterator[str]]

FEEDS = """\
settings: {contact: drill@example.org, database: t.db}
sources:
  none: [{id: none, name: None, kind: feed, url: "https://none.example/feed", tier: major, language: en}]
"""
ALERTS = """\
channels:
  file: {file: told.jsonl}
alerts:
  all: {channel: file, since: 2000-01-01, on: [new, status, contradicted]}
"""
# When the newsroom is asked, what it shows then, and how it misbehaves: (host, path, fault). Calm in the end.
VISITS: tuple[tuple[str, str, tuple[tuple[str, str, Fault], ...]], ...] = (
    ("2023-09-02T06:00:00+00:00", "2023-09-01", (
        ("harbourwire.example", "/feeds/*", Status(503)),
        ("techtrawler.example", "/feed/", Torn(0.5)),
        ("waferledger.example", "/20*", Status(500)),
    )),
    ("2024-03-02T06:00:00+00:00", "2024-03-01", (
        ("northmerepost.example", "/rss/*", Bomb(20_000_000)),
        ("harbourwire.example", "/world/*", Cut(900)),
    )),
    ("2024-03-20T06:00:00+00:00", "2024-03-01", ()),
    ("2024-05-20T06:00:00+00:00", "2024-03-01", ()),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One piece of work: what is done in a process with which arguments after the folder, and the world around it."""

    do: Done
    given: tuple[object, ...] = ()
    arrange: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Something that may be killed at any point.

    `begin` lays out a folder in which the steps are done one after another. `broken` tells what is wrong right after a
    kill, `unlike` what is wrong in the end.
    """

    name: str
    begin: Callable[[Path], None]
    steps: tuple[Step, ...]
    broken: Problems
    unlike: Problems
    share: int  # of 200 kills


# ------------------------------------------------------------------------------------------------- done in forks


def refresh(folder: str, moment: str, address: str, hosts: tuple[str, ...]) -> None:
    """One refresh of the newsroom at a virtual time, with the real reader."""
    begun, first = time.monotonic(), datetime.fromisoformat(moment)
    settled = newsroom_config(Path(folder), address, hosts)
    with Store.open(settled.settings.database) as store:
        pipeline.refresh(
            settled, store, reader, clock=lambda: first + timedelta(seconds=time.monotonic() - begun),
        )  # fmt: skip


def newsroom_config(folder: Path, address: str, hosts: tuple[str, ...]) -> Config:
    """The configuration of the newsroom in a folder."""
    return running.demo_config((folder / "feeds.yaml").read_text("utf-8"), hosts, address, folder / "t.db")


def read_again(folder: str) -> None:
    """Read and settle again what other rules have read."""
    settled = config.load(Path(folder) / "t.feeds.yaml").with_database(Path(folder) / "t.db")
    at = datetime.fromisoformat("2024-06-01T00:00:00+00:00")
    with Store.open(settled.settings.database) as store:
        reprocess.reprocess(settled, store, reader, clock=lambda: at)


def bring_up(folder: str) -> None:
    """Migrate, after a backup, as whatever opens a database to write to it does."""
    opening.store(Path(folder) / "t.db", lambda: USUAL).close()


def command(folder: str, *words: str) -> None:
    """A command line in a folder."""
    os.chdir(folder)
    cli.main(["--config", "feeds.yaml", "--db", "t.db", *words])


# ------------------------------------------------------------------------------------------------------ the table


def of_newsroom(room: Newsroom) -> Iterator[Work]:
    """Those that read: a refresh of four visits with faults, and all of it read again."""

    def arrange(shown: str, faults: tuple[tuple[str, str, Fault], ...]) -> Callable[[], None]:
        def arranged() -> None:
            room.calm()
            room.advance(shown)
            for host, path, fault in faults:
                room.misbehave(host, path, fault)

        return arranged

    def begin(folder: Path) -> None:
        (folder / "feeds.yaml").write_text(room.config_text(), encoding="utf-8")

    visits = tuple(
        Step(do=refresh, given=(moment, room.address, room.hosts), arrange=arrange(shown, faults))
        for moment, shown, faults in VISITS
    )
    yield Work(
        name="refresh",
        begin=begin,
        steps=visits,
        broken=crash_state.unsound,
        unlike=crash_state.another_story,
        share=80,
    )


def of_readings(database: Path) -> Work:
    """`tracker reprocess` of a database of the newsroom, all of it read by other rules."""

    def begin(folder: Path) -> None:
        shutil.copy(database, folder / "t.db")
        shutil.copy(database.with_suffix(".feeds.yaml"), folder / "t.feeds.yaml")
        crash_state.forget_readings(folder / "t.db")

    return Work(
        name="reprocess", begin=begin, steps=(Step(do=read_again),), broken=crash_state.half_done,
        unlike=crash_state.another_story, share=16,
    )  # fmt: skip


def of_world(world: Callable[[], Path]) -> Iterator[Work]:
    """Those that need a larger database and no reader: migrations, exports, alerts, backups, restoring, maintenance."""

    def older(schema: int) -> Callable[[Path], None]:
        return lambda folder: crash_state.older(world(), folder / "t.db", schema)

    def begin(folder: Path) -> None:
        shutil.copy(world(), folder / "t.db")
        (folder / "feeds.yaml").write_text(FEEDS, encoding="utf-8")
        (folder / "alerts.yaml").write_text(ALERTS, encoding="utf-8")

    def begin_with_backup(folder: Path) -> None:
        begin(folder)
        shutil.copytree(crash_state.backed_up(world()), folder / "backups")
        crash_state.alter(folder / "t.db")

    for schema in range(1, len(STEPS)):
        yield Work(
            name=f"migration from schema {schema}", begin=older(schema), steps=(Step(do=bring_up),),
            broken=crash_state.bad_backups, unlike=crash_state.other_tables, share=8,
        )  # fmt: skip
    for form in formats.FORMATS:
        yield Work(
            name=f"export of {form}", begin=begin, steps=(Step(do=command, given=("export", form, "-o", "out")),),
            broken=crash_state.half_written, unlike=crash_state.other_file, share=3,
        )  # fmt: skip
    for name, words, broken, unlike, share in (
        ("alerts send", ("alerts", "send"), crash_state.unsound, crash_state.told_otherwise, 16),
        ("backup", ("backup",), crash_state.bad_backups, crash_state.other_backups, 12),
        ("maintain", ("maintain",), crash_state.unsound, crash_state.another_story, 8),
    ):
        yield Work(
            name=name, begin=begin, steps=(Step(do=command, given=words),), broken=broken, unlike=unlike, share=share
        )
    yield Work(
        name="restore", begin=begin_with_backup, steps=(Step(do=command, given=("restore", "latest")),),
        broken=crash_state.half_done, unlike=crash_state.not_restored, share=12,
    )  # fmt: skip
