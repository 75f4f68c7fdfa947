"""What is most worth a look, one task after another, each with what it is about and the decisions it asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from tracker import review
from tracker.errors import NotFoundError
from tracker.query import EventDetail, JudgementRow, ReportRow
from tracker.review import Comparison, Task
from tracker.store import Store
from tracker.web import decisions, reasons
from tracker.web.asking import Answer, Ask
from tracker.web.rendering import page
from tracker.web.words import counted, spelt

LIMIT = 40  # tasks in the queue
FRESH = 60.0  # seconds for which it is not looked again which decisions are to be made again
RECENT = 200  # decisions of a person whose reasons are offered again
OFFERED = 12
# Kind of task: what it is called in the list, and what it asks.
KINDS = {
    "changed": ("asked again", "What this decision rested on has changed. Does it still hold?"),
    "close": ("close call", "Is this one step, told twice, or are these two?"),
    "contested": ("contradiction", "The sources disagree. What is right?"),
    "unsure": ("unsure", "Many tell of it, and it was read with little certainty. Is it right?"),
}
SIDES = {"left": "One side", "right": "The other side", "told by": "Told by"}  # of the evidence of a decision
# Fields that are shown beside each other, with their labels.
COMPARED = {field: label for field, (label, _) in decisions.HINTS.items() if field not in {"summary", "subtype"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two things that may be one: an event with the reports that tell it, or one report of an event."""

    id: str
    detail: EventDetail
    reports: tuple[ReportRow, ...]
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a task is about."""

    detail: EventDetail | None = None
    sides: tuple[Side, ...] = ()
    compared: Comparison | None = None
    told: tuple[reasons.Told, ...] = ()
    carried: tuple[str, ...] = ()  # what people set of either, and would hold for both
    judged: decisions.Shown | None = None

    @property
    def rows(self) -> list[tuple[str, list[str], bool]]:
        """The fields that either side has: label, what each says, whether they say the same."""
        found = [(label, [side.fields[field] for side in self.sides]) for field, label in COMPARED.items()]
        return [(label, values, len(set(values)) == 1) for label, values in found if any(values)]

    @property
    def one_event(self) -> bool:
        """Whether the two sides are reports of one event by now."""
        return len({side.detail.id for side in self.sides}) == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A task in the list: its kind and what that is called, what it is about, why it is worth a look."""

    key: str
    kind: str
    name: str
    words: tuple[str, ...]
    why: str


def show(ask: Ask) -> Answer:
    """The queue, at the task that the address names, else at the first."""
    with Store.open(ask.timeline.path, read_only=True) as store:
        settled = review.is_by_present_rules(store)
        tasks = _queue(ask, store) if settled else []
        at = next((n for n, task in enumerate(tasks) if key(task) == ask.one("task")), 0)
        about = _about(ask, store, tasks[at]) if tasks else About()
    lines = [_line(ask, task) for task in tasks]
    return page(
        ask,
        "review.html",
        unsettled=None if settled else decisions.UNSETTLED,
        lines=lines,
        most=LIMIT,
        at=at,
        task=tasks[at] if tasks else None,
        question=KINDS[tasks[at].kind][1] if tasks else "",
        about=about,
        then=_then(lines, at),
        changes=_changes(tasks[at]) if tasks and tasks[at].kind == "changed" else [],
        told=decisions.told(ask),
        offered=_reasons(ask),
    )


def _queue(ask: Ask, store: Store) -> list[Task]:
    again = ask.memo.get("asked again", FRESH, lambda: review.asked_again(store))
    return review.queue(store, limit=LIMIT, again=again)


def key(task: Task) -> str:
    """A task by what it is about, as long as it is there."""
    return f"{task.kind}:{':'.join(task.ids)}"


def _then(lines: Sequence[Line], at: int) -> str:
    """The task after this one: what comes up when this one is decided."""
    return lines[at + 1].key if at + 1 < len(lines) else lines[at - 1].key if lines and at else ""


def _line(ask: Ask, task: Task) -> Line:
    """A task in a few words: the sentences of its events, or a decision with what it is about; then the reason."""
    words, why = WORDS[task.kind](task)
    if task.kind == "changed":
        (shown,) = decisions.shown(ask.timeline, ask.links, [ask.timeline.judgement(task.ids[0])])
        words = (" · ".join([shown.what, *(about for about, _ in shown.about)]),)
    return Line(key=key(task), kind=task.kind, name=KINDS[task.kind][0], words=words, why=why)


def _close(task: Task) -> tuple[tuple[str, ...], str]:
    one, two, why = task.detail
    return tuple(dict.fromkeys((one, two))), why


def _fields(task: Task) -> str:
    """Of what is said of several fields the first, and how many there are more."""
    first, *more = _changes(task)
    return f"{first}; {counted(len(more), 'more field')}" if more else first


# By kind the words of a task, and the reason why it is worth a look.
WORDS: Mapping[str, Callable[[Task], tuple[tuple[str, ...], str]]] = MappingProxyType(
    {
        "changed": lambda task: ((task.words,), _fields(task)),
        "close": _close,
        "contested": lambda task: ((task.words,), _fields(task)),
        "unsure": lambda task: (task.detail, task.words),
    }
)


def _changes(task: Task) -> list[str]:
    """What is said of fields (what changed, what sources give), with the fields as forms call them."""
    told = []
    for line in task.detail:
        name, _, words = line.partition(": ")
        label = SIDES.get(name) or decisions.HINTS.get(name, (name, ""))[0]
        told.append(f"{label}: {spelt(words).replace(' | ', ', ')}")
    return told


def _about(ask: Ask, store: Store, task: Task) -> About:
    if task.kind == "close":
        return _pair(ask, store, *task.ids)
    if task.kind != "changed":
        return About(detail=ask.timeline.event(task.ids[0]))
    judged = ask.timeline.judgement(task.ids[0])
    (shown,) = decisions.shown(ask.timeline, ask.links, [judged])
    return About(judged=shown, detail=_home(ask, judged))


def _pair(ask: Ask, store: Store, one: str, two: str) -> About:
    why = review.why(store, one, two)
    compared = why.leaders
    sides = []
    for subject in (why.one, why.two):
        event, _ = ask.timeline.places(subject.report_ids)[0]
        detail = ask.timeline.event(event)
        alone = next((report for report in detail.reports if report.id == subject.id), None)
        values = {**decisions.written(detail.event), **(alone.differs if alone else {})}
        fields = {field: decisions.told_value(field, values.get(field, "")) for field in COMPARED}
        reports = (alone,) if alone else detail.reports
        sides.append(Side(id=subject.id, detail=detail, reports=reports, fields=fields))
    told = tuple(reasons.told(compared.reasons)) if compared else ()
    events = dict.fromkeys(side.detail.id for side in sides)
    kept = tuple(decisions.carried(ask, *events)) if len(events) > 1 else ()
    return About(sides=tuple(sides), compared=compared, told=told, carried=kept)


def _home(ask: Ask, judged: JudgementRow) -> EventDetail | None:
    """The event that a decision is about now; None where it is about something else, or gone."""
    try:
        return ask.timeline.event(next(event for event, _ in ask.timeline.places(judged.left)))
    except (NotFoundError, StopIteration):
        return None


def _reasons(ask: Ask) -> Iterable[str]:
    """What the person gave as reasons lately, and what is often given."""
    recent = (one.why for one in ask.timeline.judgements(who=ask.reviewer, limit=RECENT))
    return list(dict.fromkeys((*list(dict.fromkeys(recent))[:OFFERED], *decisions.REASONS)))
