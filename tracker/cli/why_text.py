"""Why two things are one, or are not, as text: the finding first, then what was compared, reason by reason."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tracker.cli.event_text import decision
from tracker.cli.render import clean, heading
from tracker.query import JudgementRow, Subject
from tracker.review import Comparison, ReasonRow, Why, WhyOne

SHOWN_OF_A_MEMBER = 4  # reasons of each report, where a whole event is told


def told(found: Why | WhyOne) -> Iterator[RenderableType]:
    """Whichever was asked."""
    return pair(found) if isinstance(found, Why) else members(found)


def pair(found: Why) -> Iterator[RenderableType]:
    """Two things: what they are to each other, and why."""
    yield Text(_finding(found), style="bold")
    for side in (found.one, found.two):
        yield Text(f"  {side.id}  {clean(side.words)}")
    if found.leaders:
        leading = "" if found.one.what == "report" else "the reports that lead them"
        yield from _comparison(found.leaders, leading or "the two reports", found.same_event)
    if found.best:
        yield from _comparison(found.best, "the most alike of their reports", found.same_event)
    if found.measure:
        yield from _comparison(found.measure, "the events as steps of one measure", found.same_measure)
    if not (found.leaders or found.measure or found.same_event):
        yield Text("not settled yet: `tracker refresh` compares what is new")
    yield from _judgements(found.judgements)


def members(found: WhyOne) -> Iterator[RenderableType]:
    """The reports of one event, each with its score to the one that it follows."""
    yield Text(f"{found.event.id}  {clean(found.event.words)}", style="bold")
    for one in found.members:
        compared = one.compared
        if compared is None:
            yield Text.assemble(("leads  ", "green" if one.leads else "yellow"), _quoted(one.report))
            continue
        yield Text.assemble((f"{compared.score:.2f}   ", "green"), _quoted(one.report))
        reasons = "; ".join(f"{_words(r)} ({r.weight:+.1f})" for r in compared.reasons[:SHOWN_OF_A_MEMBER])
        yield Padding(Text(reasons, style="dim"), (0, 0, 0, 7))
    if len(found.members) == 1:
        yield Text("one report tells it; nothing else was alike enough", style="dim")
    yield from _judgements(found.judgements)


def _finding(found: Why) -> str:
    if found.one.what == "measure":
        return "one measure" if found.same_measure else "two measures"
    if found.same_event:
        return "one event"
    return "two events, steps of one measure" if found.same_measure else "two events of two measures"


def _comparison(one: Comparison, what: str, same: bool) -> Iterator[RenderableType]:
    """The score, the reasons, and what would have to be otherwise."""
    side = "from" if one.score >= one.threshold else "below"
    yield heading(f"{what}: {one.score:.3f}, {side} the threshold {one.threshold:.2f}")
    yield Text(f"{one.one} and {one.two}", style="dim")
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right")
    for reason in one.reasons:
        colour = "green" if reason.weight > 0 else "red"
        table.add_row(Text(f"{reason.weight:+.2f}", style=colour), Text(_words(reason)))
    yield table
    if one.keys:
        yield Text(f"they meet under {', '.join(dict.fromkeys(_key(key) for key in one.keys))}", style="dim")
    else:
        yield Text("they share no key and were never compared: too far apart in time, or nobody and nothing in common")
    if one.turns:
        what_if = "; ".join(f"{_words(r)} ({r.weight:+.2f})" for r in one.turns)
        yield Text(f"it would be otherwise without: {what_if}")
    if one.linked and not same:
        yield Text(
            "alike enough, and apart all the same: each follows a report that is more like it, or a person said so"
        )
    if same and not one.linked:
        yield Text("not alike enough by themselves: other reports, or a person, bring them together")


def _judgements(found: tuple[JudgementRow, ...]) -> Iterator[RenderableType]:
    if found:
        yield heading("decided by people")
    for one in found:
        yield Text(clean(decision(one)))


def _key(key: str) -> str:
    """A key without the precision of its date, which is its end."""
    return key.rpartition("|")[0] or key


def _words(reason: ReasonRow) -> str:
    """What was compared before what came of it: "actor, same: gov:us"."""
    what = reason.what.partition(":")[0]
    return clean(reason.words if what == "bias" else f"{what}, {reason.words}")


def _quoted(report: Subject) -> str:
    return f"{report.id}  “{clean(report.words)}”"
