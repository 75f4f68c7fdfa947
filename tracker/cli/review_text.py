"""The queue of what to look at, the log of decisions, and what came of one, as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from tracker.cli import event_text
from tracker.cli.render import ID_SHOWN, clean
from tracker.query import JudgementRow
from tracker.review import Decision, Task

# Kind of task: what it is, and the commands that settle it, {0} and {1} being ids.
TASKS = {
    "changed": ("asked again", "tracker review close {0}, or say it again"),
    "close": ("close decision", "tracker why {0} {1}; tracker review same or different {0} {1}"),
    "contested": ("contradiction", "tracker show {0}; tracker review edit {0} FIELD VALUE, or accept {0}"),
    "unsure": ("unsure", "tracker show {0}; tracker review accept or reject {0}"),
}


def queue(found: Sequence[Task]) -> Iterator[RenderableType]:
    """What to look at first, each with the commands for it."""
    if not found:
        yield Text("nothing waits for a look")
    for task in found:
        name, how = TASKS[task.kind]
        yield Text.assemble((f"{name}: ", "bold"), clean(task.words))
        for line in task.detail:
            yield Padding(Text(clean(line), style="italic"), (0, 0, 0, 2))
        yield Padding(Text(how.format(*(key[: ID_SHOWN + 1] for key in task.ids)), style="dim"), (0, 0, 0, 2))


def log(found: Sequence[JudgementRow]) -> Iterator[RenderableType]:
    """All decisions, the newest first."""
    if not found:
        yield Text("nobody has decided anything yet")
    for one in found:
        closed = f"closed {one.closed_at[:10]} by {one.closed_by}: " if one.closed_at else ""
        yield Text(clean(f"{closed}{_about(one)}"), style="dim" if closed else "")


def decision(found: Decision) -> Iterator[RenderableType]:
    """What came of a decision: under which ids the two things stand now."""
    one = found.judgement
    yield Text(clean(_about(one)), style="bold")
    for key in found.replaced:
        yield Text(f"takes the place of judgement {key}")
    if one.closed_at:
        yield Text("closed: what it did is undone")
    elif not found.holds:
        yield Text(
            "kept, but another decision keeps it from having effect; `tracker review log` lists them", style="red"
        )
    sides = [", ".join(side) or "gone" for side in (found.left, found.right) if side or one.right]
    yield Text(f"now: {' · '.join(dict.fromkeys(sides))}")


def _about(one: JudgementRow) -> str:
    return f"{one.subject}: {event_text.decision(one)}"
