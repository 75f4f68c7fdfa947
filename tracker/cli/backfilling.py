"""What `tracker backfill` does with its options."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

import click

from tracker import archives, config, nlp
from tracker import backfill as room
from tracker.articles import Rules, load_rules
from tracker.cli import backfill_text, exits
from tracker.cli.clock import now
from tracker.errors import InputError, LakeError
from tracker.extraction import published
from tracker.lake import Lake
from tracker.model.archives import ArchiveForm, Chunk
from tracker.nlp import own
from tracker.store.codec import bounds

CHUNK_BYTES = 64_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options as they were given."""

    config: Path | None
    inputs: tuple[str, ...]
    out: str
    engine: str
    workers: int | None
    memory: int | None
    chunk_size: int | None
    form: str | None
    since: str | None
    until: str | None
    retries: int
    retry_failed: bool


def backfill(asked: Asked, *, as_json: bool, quiet: bool, stream: IO[str]) -> int:
    """Do what is not done, tell what came of it; 65 where chunks were set aside."""
    chunk_bytes = _chunk_bytes(asked)
    chunks = _chunks(asked, chunk_bytes)
    plan = room.Plan(chunks=chunks, chunk_bytes=chunk_bytes, tries=asked.retries + 1, retry_refused=asked.retry_failed)
    wanted = room.Wanted(name=asked.engine, workers=asked.workers, memory=asked.memory)
    terms = _terms(asked)
    with room.opened(wanted) as engine, backfill_text.watching(stream, quiet=quiet) as watch:
        lake, ran = room.run(plan, terms, engine, now=now(), watch=watch)
    made = room.report(lake, ran)
    if ran.done or ran.refused_now:  # a repeat that does nothing changes nothing
        room.save(lake, made)
    click.echo(backfill_text.as_json(made) if as_json else backfill_text.in_words(made, ran, asked.out))
    return exits.CODES[InputError] if ran.refused else exits.OK


def show_plan(asked: Asked, *, as_json: bool) -> int:
    """Tell how much there is to do, by form, and what of it is done."""
    chunks = _chunks(asked, _chunk_bytes(asked))
    try:
        lake = Lake.open(asked.out)
        done, refused = lake.done(), {one.chunk.id for one in lake.refused()}
    except LakeError:  # none is there yet
        done, refused = frozenset(), set()
    left = [chunk for chunk in chunks if chunk.id not in done and chunk.id not in refused]
    told = {
        "chunks": len(chunks),
        "bytes": sum(chunk.size for chunk in chunks),
        "done": sum(chunk.id in done for chunk in chunks),
        "set_aside": sum(chunk.id in refused for chunk in chunks),
        "left": len(left),
        "left_bytes": sum(chunk.size for chunk in left),
        "forms": dict(Counter(chunk.form.value for chunk in chunks)),
    }
    click.echo(json.dumps(told) if as_json else backfill_text.plan(told))
    return exits.OK


def verify(asked: Asked, *, as_json: bool) -> int:
    """Tell which files of the lake are not as they were written; 74 where there are any."""
    lake = Lake.open(asked.out)
    faults = list(lake.verify())
    if as_json:
        click.echo(json.dumps({"chunks": len(lake.done()), "faults": [[one.key, one.reason] for one in faults]}))
    else:
        for one in faults:
            click.echo(f"{one.key}: {one.reason}")
        remedy = "; remove these notes (chunks/…), and the next backfill makes their chunks again" if faults else ""
        click.echo(f"{len(lake.done())} chunks, {len(faults)} faults{remedy}")
    return exits.CODES[LakeError] if faults else exits.OK


def _chunk_bytes(asked: Asked) -> int:
    """As asked; else as the lake was begun, so that a lake is gone on with whatever the default is."""
    if asked.chunk_size is not None:
        return asked.chunk_size
    try:
        return Lake.open(asked.out).about.identity.chunk_bytes
    except LakeError:  # none is there yet, or one that is told of when it is begun
        return CHUNK_BYTES


def _chunks(asked: Asked, chunk_bytes: int) -> tuple[Chunk, ...]:
    if not asked.inputs:
        raise click.UsageError("Missing argument 'INPUT...'.")
    form = ArchiveForm(asked.form.replace("-", "_")) if asked.form else None
    return archives.plan(asked.inputs, form=form, chunk_bytes=chunk_bytes)


def _terms(asked: Asked) -> room.Terms:
    settings = config.reading(asked.config)
    mine = own.load(settings.ontology) if settings.ontology else None
    rules, named = _rules(settings.site_rules)
    return room.Terms(
        out=_everywhere(asked.out),
        load=partial(nlp.load, settings.reader_model, mine),
        records=archives.records,
        network=settings.fetch,
        rules=rules,
        rules_named=named,
        since=_bound(asked.since, "--since", 0),
        until=_bound(asked.until, "--until", 1),
    )


def _everywhere(out: str) -> str:
    """The lake as workers in other folders name it."""
    return out if "://" in out else str(Path(out).absolute())


def _bound(given: str | None, option: str, end: int) -> str | None:
    """The first or the last day that a date may mean."""
    return bounds(published(given, option).value)[end] if given else None


def _rules(folder: Path | None) -> tuple[Rules | None, str]:
    """A user's rules for sites, and what lake.json says of them: a hash of all its files."""
    if folder is None:
        return None, "bundled rules"
    files = sorted(one for one in folder.rglob("*") if one.is_file())
    digest = hashlib.sha256(b"".join(one.name.encode() + b"\0" + one.read_bytes() for one in files)).hexdigest()
    return load_rules(folder), f"rules {digest[:8]}"
