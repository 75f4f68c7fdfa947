"""What `tracker backup` and `tracker restore` do, and how they tell it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from tracker import backups
from tracker.backups import Backup, Why
from tracker.cli import exits, opening
from tracker.cli.clock import now
from tracker.cli.options import database
from tracker.cli.render import clean
from tracker.errors import InputError, NotFoundError
from tracker.model.backups import USUAL, BackupSettings, Keep

LATEST = "latest"
MADE = {Why.ASKED: "by hand", Why.SCHEDULED: "by tracker run", Why.MIGRATION: "before an upgrade"}
SHOWN = ("article", "event", "measure")  # rows that are told of


@dataclass(frozen=True, slots=True)
class Place:
    """Which database, where its backups are, and what the settings say of them."""

    database: Path
    folder: Path
    settings: BackupSettings


def place(obj: dict[str, Any], folder: Path | None) -> Place:
    """What the command line means; feeds.yaml may be wrong where the folder is named."""
    path = database(obj)
    settings = USUAL if folder else opening.settings(obj)
    return Place(path, folder or settings.folder or backups.beside(path), settings)


def make(at: Place, keep: tuple[int, ...] | None, *, as_json: bool) -> int:
    """Make a backup and tell of it."""
    kept = at.settings.keep if keep is None else Keep(daily=keep[0], weekly=keep[1], monthly=keep[2])
    made = backups.make(at.database, at.folder, now=now(), keep=kept)
    if as_json:
        told = {"backup": as_object(made.backup), "removed": [str(file) for file in made.removed]}
        click.echo(json.dumps(told | {"warning": made.warning}, ensure_ascii=False))
    else:
        click.echo(f"{made.backup.file}: {_held(made.backup)}")
        for file in made.removed:
            click.echo(f"removed {file.name}")
        if made.warning:
            click.echo(f"! {made.warning}", err=True)
    return exits.OK


def tell(at: Place, *, verify: bool, as_json: bool) -> int:
    """List the backups of the database, or see that they are what they were; 1 where one is not, or none is there."""
    found = backups.listed(at.folder, at.database)
    faults = {one.file: _fault(one, verify=verify) for one in found}
    if as_json:
        rows = [as_object(one) | {"fault": faults[one.file]} for one in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        _list(at, found, faults, verified=verify)
    return exits.FAILED if any(faults.values()) or (verify and not found) else exits.OK


def restore(at: Place, name: str, *, as_json: bool) -> int:
    """Restore a backup and tell of it."""
    done = backups.restore(_named(at, name), at.database, now=now())
    if as_json:
        told = {
            "file": str(done.file),
            "made_at": done.made_at.isoformat() if done.made_at else None,
            "counts": done.contents.counts,
            "aside": str(done.aside) if done.aside else None,
            "was_damaged": done.was_damaged,
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return exits.OK
    of = f", of {done.made_at:%Y-%m-%d %H:%M:%S} UTC" if done.made_at else ""
    click.echo(f"{at.database}: restored from {done.file}{of}: {_rows(done.contents.counts)}")
    if done.aside:
        click.echo(f"what was there is kept: {done.aside}")
    if done.was_damaged:
        click.echo("it was damaged, so that another file took its place: start again what has it open")
    return exits.OK


def as_object(backup: Backup) -> dict[str, Any]:
    """A backup as JSON has it."""
    return {
        "file": str(backup.file),
        "made_at": backup.made_at.isoformat(),
        "why": backup.why.value,
        "schema": backup.schema,
        "bytes": backup.bytes,
        "sha256": backup.sha256,
        "plain_bytes": backup.plain_bytes,
        "counts": dict(backup.counts),
        "tracker": backup.tracker,
    }


def _list(at: Place, found: Sequence[Backup], faults: Mapping[Path, str | None], *, verified: bool) -> None:
    if not found:
        where = at.folder if at.folder.is_dir() else f"{at.folder}, which is no folder"
        click.echo(f"no backups of {at.database} in {where}; `tracker backup` makes one")
    for one in found:
        state = clean(f"! {faults[one.file]}") if faults[one.file] else "verified" if verified else ""
        click.echo(f"{clean(one.file.name)}  {_held(one)}  {MADE[one.why]}  {state}".rstrip())


def _fault(backup: Backup, *, verify: bool) -> str | None:
    if not verify:
        return None if backup.is_whole else "is not as long as it was"
    try:
        backups.verify(backup)
    except InputError as error:
        return str(error)
    return None


def _named(at: Place, name: str) -> Path:
    """The file that is meant by a path, a name in the folder of backups, or the word for the last whole one."""
    if Path(name).exists():
        return Path(name)
    found = backups.listed(at.folder, at.database)
    if name == LATEST:
        whole = [one.file for one in found if one.is_whole]
        if not whole:
            raise NotFoundError(f"{at.folder}: holds no whole backup of {at.database}; name a file")
        return whole[0]
    inside = at.folder / Path(name).name
    if inside.name == name and inside.exists():
        return inside
    raise NotFoundError(f"{name}: no such file, and no backup of that name in {at.folder}; see `tracker backup --list`")


def _held(backup: Backup) -> str:
    size = f"{backup.bytes / 1e6:,.1f} MB" if backup.bytes >= 1e6 else f"{backup.bytes / 1e3:,.1f} kB"
    return f"{size}, {_rows(backup.counts)}"


def _rows(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{counts.get(name, 0):,} {name}s" for name in SHOWN)
