"""`tracker doctor` at work: who is examined, and the findings as text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import click
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from tracker import config, doctor
from tracker.cli import alerting, exits, queries_text, render
from tracker.cli.clock import now
from tracker.cli.options import database
from tracker.doctor import Finding, Patient, Repaired, State
from tracker.errors import ConfigError

MARKS = {State.FINE: "✓", State.NOTE: "·", State.WRONG: "✗", State.UNKNOWN: "?"}
COLOURS = {State.FINE: "green", State.NOTE: "cyan", State.WRONG: "bold red", State.UNKNOWN: "yellow"}


def run(obj: dict[str, Any], *, repair: bool, thorough: bool, as_json: bool) -> int:
    """Examine, and repair first where that is wanted; the exit code."""
    patient = _patient(obj, thorough=thorough or repair)
    repaired = doctor.repair(patient) if repair else None
    findings = tuple(doctor.examine(patient))
    if as_json:
        click.echo(json.dumps(_document(patient, findings, repaired), ensure_ascii=False, indent=1))
    else:
        render.show(*_told(findings, repaired))
    return exits.FAILED if any(finding.state is State.WRONG for finding in findings) else exits.OK


def _patient(obj: dict[str, Any], *, thorough: bool) -> Patient:
    """The installation that is meant; where feeds.yaml does not say where its database is, the usual place."""
    try:
        path = database(obj)
    except ConfigError:
        path = config.locate(obj["config"]).parent / config.DATABASE
    loaders = {"alerts.yaml": lambda: alerting.load(obj["config"]), "queries.yaml": lambda: queries_text.load(obj)}
    return Patient(database=path, config=obj["config"], now=now(), thorough=thorough, loaders=loaders)


def _document(patient: Patient, findings: Sequence[Finding], repaired: Repaired | None) -> dict[str, Any]:
    lost = repaired.salvaged if repaired else None
    return {
        "database": str(patient.database),
        "wrong": sum(finding.state is State.WRONG for finding in findings),
        "findings": [asdict(finding) for finding in findings],
        "repaired": None
        if repaired is None
        else {
            "done": repaired.done,
            "kept": str(repaired.kept) if repaired.kept else None,
            "salvaged": asdict(lost) if lost else None,
        },
    }


def _told(findings: Sequence[Finding], repaired: Repaired | None) -> Iterator[RenderableType]:
    if repaired is not None:
        yield from _repaired(repaired)
    table = Table(box=None, show_header=False, padding=(0, 1), pad_edge=False)
    for finding in findings:
        colour = COLOURS[finding.state]
        table.add_row(
            Text(MARKS[finding.state], style=colour),
            Text(finding.check, style="bold"),
            Text(render.clean(finding.words)),
        )
        if finding.remedy:
            table.add_row("", "", Text(f"→ {render.clean(finding.remedy)}", style=colour))
    yield table
    wrong = sum(finding.state is State.WRONG for finding in findings)
    yield Text("nothing is wrong" if not wrong else f"{render.counted(wrong, 'thing')} wrong", style="bold")


def _repaired(repaired: Repaired) -> Iterator[RenderableType]:
    """What was done, and what was lost."""
    for line in repaired.done or ["there was nothing to repair"]:
        yield Text(f"repaired: {render.clean(line)}")
    salvaged = repaired.salvaged
    if salvaged is None:
        return
    for name, count in sorted(salvaged.lost.items()):
        yield Text(f"lost: {render.counted(count, 'row')} of {name}", style="yellow")
    for name in sorted(salvaged.damaged.keys() - salvaged.lost.keys()):
        yield Text(f"lost: an unknown number of rows of {name}", style="yellow")
    for name, count in sorted(salvaged.cut.items()):
        yield Text(f"cut off: {render.counted(count, 'row')} of {name} led to lost ones", style="yellow")
    for name, count in sorted(salvaged.mended.items()):
        yield Text(f"marked: bytes that were no text, in {render.counted(count, 'row')} of {name}", style="yellow")
    if salvaged.has_lost:
        yield Text(
            "Articles that are lost are fetched again by `tracker refresh`, as far as they can be had; `tracker"
            " reprocess` reads again what is there. A backup may hold more: `tracker backup --list`."
        )
