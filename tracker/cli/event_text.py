"""One event as text: its fields, the independent accounts it rests on, where they disagree, what people decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from tracker.cli.render import ID_SHOWN, clean, counted, fields, heading, kind
from tracker.query import AmountRow, ContradictionRow, EventDetail, JudgementRow, ReportRow, StepRow, ToldRow
from tracker.wording import worded

# Of the fields in which an account differs without contradicting the event, those worth a word, and what stands before
# the value; parties and things are nearly always named otherwise.
NUANCES = {
    "type": "",
    "status": "",
    "direction": "",
    "certainty": "",
    "announced_on": "announced ",
    "effective_on": "effective ",
}
STEPS_SHOWN = 5  # of the measure, around this event
VERDICTS = {"accept": "accepted", "reject": "rejected: it is left out of the timeline"}


def event(detail: EventDetail) -> Iterator[RenderableType]:
    """One event with all that it rests on."""
    row = detail.event
    yield Text(clean(row.summary), style="bold")
    yield fields(
        ("id", row.id + (f" (was {', '.join(detail.former_ids)})" if detail.former_ids else "")),
        ("type", f"{kind(row)}, {row.direction}"),
        ("status", f"{row.status}, {row.certainty}"),
        ("actors", _parties(detail.actors)),
        ("targets", _parties(detail.targets)),
        ("items", ", ".join(row.items)),
        ("instruments", ", ".join(row.instruments)),
        ("amounts", _amounts(detail.amounts)),
        ("announced", _dated(row.announced_on, detail.announced_basis)),
        ("effective", _dated(row.effective_on, detail.effective_basis)),
        ("confidence", f"{row.confidence:.2f}, {row.origins} independent of {counted(row.report_count, 'report')}"),
        ("verdict", VERDICTS.get(detail.verdict or "", "")),
        *(("decided", decision(one)) for one in detail.judgements),
    )
    yield heading("reports")
    told_apart = {one.field for one in detail.contradictions}
    for copies in detail.accounts:
        yield from _account(copies, detail.amounts, told_apart)
    if detail.contradictions:
        yield heading("contradictions")
        for one in detail.contradictions:
            yield from contradiction(one)
    yield from _measure(detail)


def contradiction(one: ContradictionRow) -> Iterator[RenderableType]:
    """What was taken and why, and what others say, side by side."""
    yield Text.assemble((one.field, "bold"), f": {_said(one.taken)}; taken: {clean(one.because)}")
    for other in one.others:
        yield Padding(Text(_said(other), style="yellow"), (0, 0, 0, len(one.field) + 2))


def decision(one: JudgementRow) -> str:
    """A judgement in one line."""
    what = f"{one.kind} {one.field} = {_plain(one.value)}" if one.field else one.kind
    other = f" {one.object}" if one.object else ""
    return f"{what}{other}, by {one.who} on {one.decided_at[:10]}: {one.why} [{one.id[:ID_SHOWN]}]"


def step_line(step: StepRow) -> str:
    """A step in one line: the day (~ where it is inferred), the status, what happened."""
    mark = "~" if step.inferred else " "
    return f"{mark}{step.date:10}  {step.status:10}  {clean(step.words)}  [{step.event_id[:ID_SHOWN]}]"


def _measure(detail: EventDetail) -> Iterator[RenderableType]:
    """The steps of its measure next to it; the whole story is another command's."""
    if len(detail.steps) < 2:
        return
    here = next((n for n, step in enumerate(detail.steps) if step.event_id == detail.id), 0)
    first = max(0, min(here - STEPS_SHOWN // 2, len(detail.steps) - STEPS_SHOWN))
    yield heading(f"measure {detail.event.measure_id}: {clean(detail.measure_title)}")
    for step in detail.steps[first : first + STEPS_SHOWN]:
        yield Text(f"{'→' if step.event_id == detail.id else ' '}{step_line(step)}")
    steps = counted(len(detail.steps), "step")
    yield Text(f"`tracker measure {detail.event.measure_id}` tells all {steps}", style="dim")


def _account(
    copies: Sequence[ReportRow], amounts: Sequence[AmountRow], told_apart: Iterable[str]
) -> Iterator[RenderableType]:
    """One independent account: its best copy in full, the others by name."""
    best, *others = copies
    yield from _report(best, amounts, told_apart)
    for one in others:
        if one.article_id == best.article_id:
            yield Padding(Text.assemble((f"“{clean(one.quote)}”", "italic"), f"  {_id(one)}"), (0, 0, 0, 2))
        else:
            words = f"the same text: {_source(one)} {one.url or ''} {_id(one)}"
            yield Padding(Text(clean(words), style="dim"), (0, 0, 0, 2))


def _report(report: ReportRow, amounts: Sequence[AmountRow], told_apart: Iterable[str]) -> Iterator[RenderableType]:
    copy = f", copy of {report.copy_of}" if report.copy_of else ""
    when = f"{_source(report)}  {'seen ' if report.published_basis == 'fetched' else ''}{(report.published or '')[:10]}"
    yield Text.assemble((when, "bold"), f"  {clean(report.title)}{copy}  ", (_id(report), "dim"))
    if report.withdrawn:
        yield Padding(Text("withdrawn by its own outlet; it counts no more", style="red"), (0, 0, 0, 2))
    yield Padding(Text(f"“{clean(report.quote)}”", style="italic"), (0, 0, 0, 2))
    if report.url:
        yield Padding(Text(report.url, style="blue"), (0, 0, 0, 2))
    told = _amounts(report.amounts)
    if told and told != _amounts(amounts):
        yield Padding(Text(f"amounts: {clean(told)}", style="dim"), (0, 0, 0, 2))
    nuances = [] if report.withdrawn else list(_nuances(report, told_apart))
    if nuances:
        yield Padding(Text(f"told as: {', '.join(nuances)}", style="dim"), (0, 0, 0, 2))


def _nuances(report: ReportRow, told_apart: Iterable[str]) -> Iterator[str]:
    """What an account says otherwise where no contradiction stands: a shade, or what it has replaced since."""
    for field, name in NUANCES.items():
        if report.differs.get(field) and field not in told_apart:
            yield f"{name}{_plain(report.differs[field])}"


def _id(report: ReportRow) -> str:
    return f"[{report.id[:ID_SHOWN]}]"


def _source(report: ReportRow) -> str:
    return f"{report.source_name or 'no source'} ({report.tier or 'unknown tier'})"


def _said(told: ToldRow) -> str:
    accounts = counted(told.origins, "independent account")
    return f"{clean(told.words)} ({accounts}: {clean(', '.join(told.sources))})"


def _parties(parties: Iterable[Any]) -> str:
    return ", ".join(f"{p.name} ({p.kind}{', ' + p.country if p.country else ''})" for p in parties)


def _amounts(amounts: Iterable[AmountRow]) -> str:
    return "; ".join(
        worded(kind=a.kind, value=a.value, upper=a.upper, comparison=a.comparison, unit=a.unit, per=a.per)
        for a in amounts
    )


def _dated(value: str | None, basis: str | None) -> str:
    return f"{value} ({basis})" if value and basis else value or ""


def _plain(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(_plain, value))
    return str(value["name"]) if isinstance(value, dict) else str(value)
