"""feeds.yaml as the commands of `tracker sources` read, filter and write it; asks nobody."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from tracker import config
from tracker.cli import exits
from tracker.cli.options import database, open_timeline
from tracker.config import Config, loading, writing
from tracker.errors import ConfigError, NotFoundError
from tracker.model import FetchSettings, Source
from tracker.query import SourceRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """feeds.yaml as it stands, or the place of a new one."""

    path: Path
    data: bytes | None
    sources: tuple[Source, ...]
    network: FetchSettings

    def with_entries(self, entries: Sequence[tuple[str, writing.Entry]]) -> bytes:
        """The file with more entries, checked."""
        name = str(self.path)
        data = writing.add(self.data, entries, name=name) if self.data else writing.start(entries, name=name)
        try:
            loading.check(data, name=name)
        except ConfigError as error:
            raise ConfigError(("nothing is written, since the file would be wrong then:", *error.faults)) from None
        return data


def book(obj: Mapping[str, Any]) -> Book:
    """The file that --config and the environment name, checked; where there is none, what a new one begins with."""
    path = config.locate(obj["config"])
    if not path.exists():
        return Book(path=path, data=None, sources=(), network=config.network())
    found = config.load(path)
    return Book(path=path, data=path.read_bytes(), sources=found.sources, network=found.settings.fetch)


def check_file(found: Config, *, as_json: bool) -> int:
    """Say that the file is right; what is wrong has been told by then."""
    off = sum(not source.enabled for source in found.sources)
    words = f"{found.path}: {len(found.sources)} sources, {off} of them switched off; no fault found"
    counts = {"path": str(found.path), "sources": len(found.sources), "off": off, "faults": []}
    click.echo(json.dumps(counts) if as_json else words)
    return exits.OK


def as_filed(rows: Sequence[SourceRow], obj: Mapping[str, Any]) -> list[SourceRow]:
    """The rows with what feeds.yaml says of them by now, and its sources that no refresh has met.

    The rows alone where --db names the database, which may be another file's, and where the file cannot be read: a
    question is answered all the same.
    """
    try:
        filed = {} if obj["db"] else {one.id: one for one in config.load(obj["config"]).sources}
    except ConfigError:
        filed = {}
    if not filed:
        return list(rows)
    met = [
        replace(row, active=row.id in filed, enabled=filed[row.id].enabled if row.id in filed else row.enabled)
        for row in rows
    ]
    new = [_unmet(one) for one in filed.values() if one.id not in {row.id for row in rows}]
    return sorted([*met, *new], key=lambda row: row.id)


def listed(obj: dict[str, Any]) -> list[SourceRow]:
    """Every source with its health; before the first refresh those of feeds.yaml, of which nothing is known."""
    if not obj["db"] and not database(obj).exists() and (new := as_filed((), obj)):
        return new
    with open_timeline(obj) as timeline:
        return as_filed(timeline.sources(), obj)


def refuse_unmet(source_id: str | None, rows: Sequence[SourceRow]) -> None:
    """Refuse to tell in full of a source that no refresh has met."""
    if any(row.id == source_id and not row.last_asked_at and row.enabled for row in rows):
        what = f"source '{source_id}' has not been asked yet"
        raise NotFoundError(
            f"{what}; `tracker refresh --source {source_id}` does, `tracker sources check {source_id}` tries it"
        )


def _unmet(source: Source) -> SourceRow:
    """A source of which the database knows nothing."""
    return SourceRow(
        id=source.id, name=source.name, kind=str(source.kind), tier=str(source.tier), url=source.url,
        enabled=source.enabled, active=True, alarms=None, last_outcome=None, last_reason=None, notes=None, failures=0,
        last_asked_at=None, last_success_at=None, next_due_at=None, last_new_at=None, silent_seconds=None,
        rhythm_seconds=None, items_per_week=0.0, undated_share=None, copies_share=None, unread_share=None,
        moved_to=None, gone_at=None, validators_distrusted_at=None, items=0, pending=0, dropped=0, articles=0,
        held=0, reports=0,
    )  # fmt: skip


def chosen(
    rows: Sequence[SourceRow],
    obj: Mapping[str, Any],
    *,
    kind: str | None,
    tag: str | None,
    group: str | None,
    failing: bool,
    silent: bool,
) -> list[SourceRow]:
    """The rows that pass every filter; tags and groups are those of feeds.yaml."""
    passes: list[Callable[[SourceRow], bool]] = []
    if tag or group:
        sources = config.load(obj["config"]).sources
        ids = {one.id for one in sources if (not tag or tag in one.tags) and (not group or one.tags[0] == group)}
        passes.append(lambda row: row.id in ids)
    if kind:
        passes.append(lambda row: row.kind == kind)
    if failing:
        passes.append(lambda row: row.failures > 0)
    if silent:
        passes.append(is_silent)
    return [row for row in rows if all(one(row) for one in passes)]


def is_silent(row: SourceRow) -> bool:
    """Whether a source has been silent for longer than its rhythm."""
    return any(alarm.startswith("silent: ") for alarm in (row.alarms or "").split("; "))


def remove(obj: Mapping[str, Any], source_id: str) -> None:
    """Take a source out of the file."""
    _edit(obj, lambda data, name: writing.remove(data, source_id, name=name))
    click.echo(f"{source_id}: removed from {config.locate(obj['config'])}; what it gave stays in the database")


def switch(obj: Mapping[str, Any], source_id: str, *, enabled: bool) -> None:
    """Switch a source on or off."""
    _edit(obj, lambda data, name: writing.switch(data, source_id, enabled=enabled, name=name))
    click.echo(f"{source_id}: switched {'on' if enabled else 'off'} in {config.locate(obj['config'])}")


def _edit(obj: Mapping[str, Any], change: Callable[[bytes, str], bytes]) -> None:
    found = config.load(obj["config"])
    writing.save(found.path, change(found.path.read_bytes(), str(found.path)))
