"""Why the reports of an event are one event, and why two events are one or two: what was compared, with scores."""

from __future__ import annotations

from dataclasses import dataclass

from tracker import review
from tracker.errors import StoreError
from tracker.query import Subject
from tracker.query.background import Teller, tellers
from tracker.query.events import by_ids
from tracker.review import Comparison, Why
from tracker.store import Store
from tracker.web import decisions, reasons
from tracker.web.asking import Answer, Ask, in_json
from tracker.web.rendering import page

MOST = 40  # reports of an event
NEAR = 8  # other events that come near to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A comparison as people read it; `turns`: what it would be otherwise without."""

    title: str
    score: float
    threshold: float
    met: bool
    told: tuple[reasons.Told, ...]
    turns: tuple[reasons.Told, ...]
    aside: str  # why it came out otherwise than the score says


@dataclass(frozen=True, slots=True, kw_only=True)
class One:
    """A report of an event and who tells it; `compared` with the one that it follows, None for one that leads."""

    report: Subject
    teller: Teller | None
    leads: bool
    compared: Compared | None


def show(ask: Ask) -> Answer:
    """Of one event, or with another one (`with`) of the two; a former id leads to the present one."""
    found = ask.timeline.subject(ask.path["id"], among=("event",))
    if found.id != ask.path["id"]:
        return Answer(to=ask.links.why(found.id, ask.query))
    other = ask.one("with").strip()
    try:
        with Store.open(ask.timeline.path, read_only=True) as store:
            return _pair(ask, review.why(store, found.id, other)) if other else _alone(ask, store, found)
    except StoreError as error:
        return page(
            ask, "why.html", event=found, members=(), near=(), pair=None, whole=0, decided=(), unable=str(error)
        )


def data(ask: Ask) -> Answer:
    """The same as JSON; raises StoreError where it cannot be recounted."""
    with Store.open(ask.timeline.path, read_only=True) as store:
        other = ask.one("with").strip()
        found = review.why(store, ask.path["id"], other) if other else review.why_one(store, ask.path["id"], limit=MOST)
    return in_json(found.to_dict())


def _alone(ask: Ask, store: Store, event: Subject) -> Answer:
    found = review.why_one(store, event.id, limit=MOST)
    tell = ask.timeline.ask(lambda db, _: tellers(db, [one.report.id for one in found.members]))
    members = [
        One(
            report=one.report,
            teller=tell.get(one.report.id),
            leads=one.leads,
            compared=_compared(one.compared, "", same=True) if one.compared else None,
        )
        for one in found.members
    ]
    near = review.near(store, event.id, limit=NEAR)
    rows = ask.timeline.ask(lambda db, _: by_ids(db, [one.event_id for one in near]))
    return page(
        ask,
        "why.html",
        event=event,
        members=members,
        near=[(one, rows[one.event_id]) for one in near if one.event_id in rows],
        pair=None,
        whole=len(event.report_ids),
        decided=decisions.shown(ask.timeline, ask.links, found.judgements),
        unable="",
    )


def _pair(ask: Ask, found: Why) -> Answer:
    told = (
        (found.leaders, "The reports that lead them", found.same_event),
        (found.best, "The most alike of their reports", found.same_event),
        (found.measure, "As steps of one measure", found.same_measure),
    )
    return page(
        ask,
        "why.html",
        event=found.one,
        members=(),
        near=(),
        pair=found,
        finding=finding(found),
        compared=[_compared(one, title, same=same) for one, title, same in told if one],
        whole=0,
        decided=decisions.shown(ask.timeline, ask.links, found.judgements),
        unable="",
    )


def finding(found: Why) -> str:
    """What two events are to each other."""
    if found.same_event:
        return "One event"
    return "Two events, steps of one measure" if found.same_measure else "Two events of two measures"


def _compared(one: Comparison, title: str, *, same: bool) -> Compared:
    aside = ""
    if one.linked and not same:
        aside = "Alike enough, and apart all the same: each follows one that is more like it, or a person said so."
    if same and not one.linked:
        aside = "Not alike enough by themselves: other reports, or a person, bring them together."
    return Compared(
        title=title,
        score=one.score,
        threshold=one.threshold,
        met=bool(one.keys),
        told=tuple(reasons.told(one.reasons)),
        turns=tuple(reasons.told(one.turns)),
        aside=aside,
    )
