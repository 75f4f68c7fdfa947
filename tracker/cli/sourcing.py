"""What the commands of `tracker sources` do: feeds.yaml read, sites asked, the file written."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from tracker import config, probing, urls
from tracker.cli import exits, render, sources_text
from tracker.cli.clock import now
from tracker.config import Config, loading, writing
from tracker.config.faults import place
from tracker.errors import InputError
from tracker.fetch import Fetcher
from tracker.model import FetchSettings, Source, SourceKind, Tier
from tracker.probing import Candidate, Found, Wishes
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
        loading.check(data, name=name)
        return data


def book(obj: Mapping[str, Any]) -> Book:
    """The file that --config and the environment name, checked; where there is none, what a new one begins with."""
    path = config.locate(obj["config"])
    if not path.exists():
        return Book(path=path, data=None, sources=(), network=config.network())
    found = config.load(path)
    return Book(path=path, data=path.read_bytes(), sources=found.sources, network=found.settings.fetch)


# ---------------------------------------------------------------------------------------------------------- add


def add(
    obj: Mapping[str, Any],
    url: str,
    *,
    kind: str | None,
    group: str | None,
    dry_run: bool,
    yes: bool,
    pick: int | None,
    as_json: bool,
    **wishes: Any,
) -> int:
    """Find, choose and write; the exit code."""
    file = book(obj)
    url = address(url)
    refuse_known(url, file)
    with Fetcher(file.network, now=now) as fetcher:
        found = probing.candidates(url, fetcher, now=now(), only=SourceKind(kind) if kind else None)
    if not as_json:
        render.show(*sources_text.candidates(found), out=sys.stderr)
    if found.best is None and pick is None:
        click.echo(f"tracker: {sources_text.nothing(found)}", err=True)
        return exits.NOTHING_ANSWERED if found.fault else exits.CODES[InputError]
    chosen = choose(found, pick, ask=not (yes or as_json or dry_run) and sys.stdin.isatty())
    refuse_known(chosen.guess.url, file)
    entry = probing.entry(chosen, found, _wishes(**wishes), taken={one.id for one in file.sources}, today=now().date())
    group = group or usual_group(file.sources, entry["tier"])
    data = file.with_entries([(group, entry)])
    if not dry_run:
        writing.save(file.path, data)
    told = {"path": str(file.path), "group": group, "written": not dry_run, "entry": entry}
    click.echo(
        json.dumps(told | sources_text.as_dict(found), ensure_ascii=False) if as_json else writing.spelt(entry),
        nl=as_json,
    )
    if not as_json and not dry_run:
        click.echo(
            f"tracker: written to {file.path}, group '{group}'; `tracker refresh --source {entry['id']}` reads it",
            err=True,
        )
    return exits.OK


def _wishes(*, tier: str | None, **given: Any) -> Wishes:
    return Wishes(tier=Tier(tier) if tier else None, **given)


def address(url: str) -> str:
    """What was typed as an http(s) address; a host alone is asked by https."""
    whole = url if "://" in url else f"https://{url}"
    if not urls.is_http(whole):
        raise InputError(f"{url!r}: no http(s) address; copy it from the browser")
    return whole


def refuse_known(url: str, file: Book) -> None:
    """Refuse an address that a source of the file has."""
    known = next((one for one in file.sources if place(one.url) == place(url)), None)
    if known:
        raise InputError(
            f"{file.path}: '{known.id}' asks {known.url} already; `tracker sources check {known.id}` tries it"
        )


def choose(found: Found, pick: int | None, *, ask: bool) -> Candidate:
    """The candidate with a number, the one that a person chooses, the best."""
    count = len(found.candidates)
    if ask:
        pick = click.prompt("Which one", type=click.IntRange(1, count), default=1, err=True)
    if pick is None or 1 <= pick <= count:
        return found.candidates[(pick or 1) - 1]
    raise InputError(f"--pick {pick}: there are {count} candidates; see them with --dry-run")


def usual_group(sources: Sequence[Source], tier: str) -> str:
    """The group that most sources of a tier stand in; the tier's name where there is none."""
    groups = Counter(one.tags[0] for one in sources if one.tier == tier)
    return groups.most_common(1)[0][0] if groups else tier


# -------------------------------------------------------------------------------------------------------- check


def check_file(found: Config, *, as_json: bool) -> int:
    """Say that the file is right; what is wrong has been told by then."""
    off = sum(not source.enabled for source in found.sources)
    words = f"{found.path}: {len(found.sources)} sources, {off} of them switched off; no fault found"
    counts = {"path": str(found.path), "sources": len(found.sources), "off": off, "faults": []}
    click.echo(json.dumps(counts) if as_json else words)
    return exits.OK


def check(found: Config, ids: Sequence[str], *, as_json: bool) -> int:
    """Try the sources (all that are switched on, or those named) and say what is wrong with them."""
    asked = [source for source in found.sources if ids or source.enabled]
    if not as_json:
        click.echo(f"tracker: asking {len(asked)} sources", err=True)
    with Fetcher(found.settings.fetch, now=now) as fetcher:
        verdicts = [probing.verdict(trial, now=now()) for trial in probing.trials(asked, fetcher)]
    if as_json:
        click.echo(render.as_json(verdicts))
    else:
        render.show(*sources_text.verdicts(verdicts))
    return exits.OK if all(one.ok for one in verdicts) else exits.FAILED


# --------------------------------------------------------------------------------------------------------- list


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
        passes.append(sources_text.is_silent)
    return [row for row in rows if all(one(row) for one in passes)]


# --------------------------------------------------------------------------------------------- remove and switch


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
