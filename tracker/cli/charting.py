"""Charts of answers: the words around them, and the files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from tracker import charts
from tracker.charts import Spec
from tracker.cli.options import stated
from tracker.cli.render import counted
from tracker.export import drawing
from tracker.query import Matrix, MeasureDetail, Timeline, Trend

PRECISION = "A date that is a month or a year stands in its first period."
SEVERAL = "An event may have several values."
AXES = {"announced": "day of announcement", "effective": "day of effect", "first_seen": "day first seen"}


def trend(found: Trend, timeline: Timeline, filters: Mapping[str, Any], at: datetime) -> Spec:
    """Of counts over time."""
    by = f" by {' and '.join(_plain(name) for name in found.by)}" if found.by else ""
    lines = [
        charts.Line(name=one.name, events=one.events, rests=bool(found.by) and one.value is None)
        for one in found.series
    ]
    notes = [_sources(timeline, filters, at), PRECISION, *([] if found.whole else [SEVERAL])]
    return charts.trend(
        found.periods,
        lines,
        title=f"Policy events{by}, per {found.per}",
        about=f"{asked(filters)}; {AXES[found.on]}",
        sources=" ".join(notes),
    )


def matrix(found: Matrix, timeline: Timeline, filters: Mapping[str, Any], at: datetime) -> Spec:
    """Of one field against another."""
    row, column = _plain(found.row_field), _plain(found.column_field)
    return charts.matrix(
        [side.name for side in found.rows],
        [side.name for side in found.columns],
        found.cells,
        row_title=row,
        column_title=column,
        title=f"Policy events by {row} and {column}",
        about=asked(filters),
        sources=f"{_sources(timeline, filters, at)} {SEVERAL}",
    )


def measure(found: MeasureDetail) -> Spec:
    """Of the life of a measure."""
    steps = [
        charts.Step(date=one.date, status=one.status, words=one.words, inferred=one.inferred) for one in found.steps
    ]
    now = f"{found.status}{f' since {found.since}' if found.since else ''}" if found.status else "no step has a date"
    outlets = sorted({one.source_name for one in found.steps if one.source_name})
    notes = "Hollow and ~: no report tells the step, it follows from a date that one gives."
    return charts.measure(
        steps,
        title=found.title,
        about=f"{now}; {counted(len(found.event_ids), 'event')}",
        sources=f"Sources: {', '.join(outlets) or 'none named'}. {notes if any(one.inferred for one in steps) else ''}",
        today=found.as_of,
    )


def save(spec: Spec, file: Path) -> None:
    """Write a chart and say so."""
    drawing.save(spec, file)
    click.echo(f"written to {file}")


def asked(filters: Mapping[str, Any]) -> str:
    """The filters in words: "type sanction or tariff; target CN"."""
    told = stated({name: value for name, value in filters.items() if name != "on"})
    words = [
        f"{_plain(name)} {' or '.join((value,) if isinstance(value, str) else value)}" for name, value in told.items()
    ]
    return "; ".join(words) or "all events"


def _sources(timeline: Timeline, filters: Mapping[str, Any], at: datetime) -> str:
    events, sources = timeline.count(**filters), timeline.counts("source", top=1, **filters).values
    return f"Source: tracker, {counted(events, 'event')} from {counted(sources, 'source')}, as of {at:%Y-%m-%d}."


def _plain(name: str) -> str:
    return name.replace("_", " ")
