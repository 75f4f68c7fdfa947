"""One measure: where it stands, its life as a chart and step by step, its ties to others, where reports disagree."""

from __future__ import annotations

from itertools import groupby

from tracker import charts
from tracker.charts import Spec
from tracker.query import MeasureDetail
from tracker.query.events import by_ids
from tracker.web import decisions, pictures
from tracker.web.asking import Answer, Ask, in_json
from tracker.web.rendering import page

MOST = 200  # steps, and events, of one page
APART = 20  # contradictions
DRAWN = 2  # steps that make a chart worth a look


def show(ask: Ask) -> Answer:
    """The page of a measure; a former id, the beginning of one, or an event of it leads to the whole."""
    detail = ask.timeline.measure(ask.path["id"])
    if detail.id != ask.path["id"]:
        return Answer(to=ask.links.of("measure", detail.id, ask.query))
    told = {step.event_id for step in detail.steps}
    untold = [key for key in detail.event_ids if key not in told][:MOST]
    apart = detail.contradictions[:APART]
    return page(
        ask,
        "measure.html",
        detail=detail,
        steps=detail.steps[:MOST],
        ahead=next(
            (place for place, step in enumerate(detail.steps) if detail.as_of and step.date > detail.as_of), None
        ),
        chart_of=life(detail, ask) if len(detail.steps) >= DRAWN else None,
        apart=[(key, list(some)) for key, some in groupby(apart, key=lambda one: one.event_id)],
        more_apart=len(detail.contradictions) - len(apart),
        words={step.event_id: step.words for step in detail.steps},
        untold=ask.timeline.ask(lambda db, _: list(by_ids(db, untold).values())) if untold else (),
        decided=decisions.shown(ask.timeline, ask.links, detail.judgements),
    )


def data(ask: Ask) -> Answer:
    """The same as JSON."""
    detail = ask.timeline.measure(ask.path["id"])
    if detail.id != ask.path["id"]:
        return Answer(to=ask.links.of("measure", f"{detail.id}.json", ask.query))
    return in_json(detail.to_dict())


def life(detail: MeasureDetail, ask: Ask) -> Spec:
    """The steps along the days, each leading to its event."""
    steps = [
        charts.Step(date=one.date, status=one.status, words=one.words, inferred=one.inferred)
        for one in detail.steps[:MOST]
    ]
    spec = pictures.fitted(charts.measure(steps, title=detail.title, about="", sources="", today=detail.as_of))
    for value, step in zip(spec["data"]["values"], detail.steps, strict=False):
        value["href"] = ask.links.event(step.event_id)
    return spec
