"""`tracker sources add` and `check`: sites asked, what they gave told, the file written."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from tracker import probing, urls
from tracker.cli import exits, render, sources_text
from tracker.cli.book import Book, book
from tracker.cli.clock import now
from tracker.config import Config, writing
from tracker.config.faults import place
from tracker.errors import InputError
from tracker.fetch import Fetcher
from tracker.model import Source, SourceKind, Tier
from tracker.probing import Candidate, Found, Wishes

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
    refuse_known(chosen.guess.url, file, others=pick is None and len(found.candidates) > 1)
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
    if "://" not in url and _is_here(url):
        raise InputError(
            f"{url}: on this machine; give it an entry with 'kind: folder' or 'kind: mail' and 'path:' (docs/config.md)"
        )
    whole = url if "://" in url else f"https://{url}"
    if not urls.is_http(whole):
        raise InputError(f"{url!r}: no http(s) address; copy it from the browser")
    return whole


def _is_here(name: str) -> bool:
    """Whether a file or folder has this name; what can be no name of one has not."""
    try:
        return Path(name).exists()
    except (OSError, ValueError):
        return False


def refuse_known(url: str, file: Book, *, others: bool = False) -> None:
    """Refuse an address that a source of the file has."""
    known = next((one for one in file.sources if place(one.url) == place(url)), None)
    if known:
        raise InputError(
            f"{file.path}: '{known.id}' asks {known.url} already; `tracker sources check {known.id}` tries it"
            + (", --pick N takes another of these" if others else "")
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


def check(found: Config, ids: Sequence[str], *, as_json: bool) -> int:
    """Try the sources (all that are switched on, or those named) and say what is wrong with them."""
    asked = [source for source in found.sources if ids or source.enabled]
    if not as_json:
        click.echo(f"tracker: asking {render.counted(len(asked), 'source')}", err=True)
    with Fetcher(found.settings.fetch, now=now) as fetcher:
        verdicts = [probing.verdict(trial, now=now()) for trial in probing.trials(asked, fetcher)]
    if as_json:
        click.echo(render.as_json(verdicts))
    else:
        render.show(*sources_text.verdicts(verdicts))
    return exits.OK if all(one.ok for one in verdicts) else exits.FAILED
