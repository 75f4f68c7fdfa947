"""The story of a measure as text: a small time line, its ties to other measures, where its reports disagree."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from tracker.cli.event_text import contradiction, decision
from tracker.cli.render import ID_SHOWN, clean, counted, fields, heading
from tracker.query import MeasureDetail, StepRow

# A sign and a colour for where a measure stands; a reader's eye should find what is in force first.
STATUSES = {
    "considered": ("○", "dim"),
    "proposed": ("◔", "cyan"),
    "announced": ("◑", "yellow"),
    "in_force": ("●", "red"),
    "delayed": ("◌", "yellow"),
    "suspended": ("◍", "yellow"),
    "ended": ("✓", "green"),
    "rejected": ("✗", "green"),
}
INDENT = 16  # under the words of a step


def measure(found: MeasureDetail) -> Iterator[RenderableType]:
    """One measure: where it stands, how it came there, what hangs together with it."""
    yield Text(clean(found.title), style="bold")
    now = found.status and f"{found.status}{f', since {found.since}' if found.since else ''}"
    yield fields(
        ("id", found.id + (f" (was {', '.join(found.former_ids)})" if found.former_ids else "")),
        ("now", now or ""),
        ("events", counted(len(found.event_ids), "event") if len(found.event_ids) > 1 else ""),
        *(("decided", decision(one)) for one in found.judgements),
    )
    yield heading("steps")
    ahead = next((step for step in found.steps if found.as_of and step.date > found.as_of), None)
    for step in found.steps:
        if step is ahead:
            yield Text(f" {found.as_of}  · today", style="dim")
        yield from _step(step)
    if not found.steps:
        yield Text(f"no report gives a day, so that none is told; see tracker show {' '.join(found.event_ids[:1])}")
    if any(step.inferred for step in found.steps):
        yield Text("~ no report tells this step; it follows from a date that one gives", style="dim")
    if found.links:
        yield heading("ties")
    for link in found.links:
        why = f" ({clean('; '.join(link.reasons))})" if link.reasons else ""
        yield Text(f"{link.words} {link.measure_id}: {clean(link.title)}{why}")
    if found.contradictions:
        yield heading("contradictions")
    for event_id, group in groupby(found.contradictions, key=lambda one: one.event_id):
        yield Text(f"in {event_id}", style="dim")
        for one in group:
            yield from (Padding(line, (0, 0, 0, 2)) for line in contradiction(one))


def _step(step: StepRow) -> Iterator[RenderableType]:
    sign, colour = STATUSES.get(step.status, ("?", "white"))
    mark = "~" if step.inferred else " "
    yield Text.assemble(f"{mark}{step.date:10}  ", (f"{sign} {step.status:10}", colour), f"  {clean(step.words)}")
    if step.inferred:
        return
    source = f" {step.source_name}" if step.source_name else ""
    told = f"{counted(step.origins, 'independent source')}  [{step.event_id[:ID_SHOWN]}]"
    if step.quote:
        yield Padding(Text(f"“{clean(step.quote)}”{source}", style="italic"), (0, 0, 0, INDENT))
    yield Padding(Text(told, style="dim"), (0, 0, 0, INDENT))
