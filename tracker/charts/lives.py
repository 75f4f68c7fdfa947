"""The life of a measure: its steps along the days, each at the height of its status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tracker.charts.sheets import COLOURS, GREY, Spec, label, sheet

WIDTH = 620
ROW = 34  # pixels: between two statuses
WORDS = 90  # signs of a step's words
SPELT = "replace(datum.label, '_', ' ')"  # a status as people read it
# From above: what holds, the way there, and what stopped it.
ORDER = ("in_force", "announced", "proposed", "considered", "delayed", "suspended", "ended", "rejected")
SHAPES = {
    "considered": "circle",
    "proposed": "triangle-up",
    "announced": "diamond",
    "in_force": "square",
    "delayed": "triangle-right",
    "suspended": "triangle-down",
    "ended": "cross",
    "rejected": "stroke",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step: the day as far as it is known (ISO 8601), the status, the words; `inferred`: told by no report."""

    date: str
    status: str
    words: str
    inferred: bool = False


def measure(steps: Sequence[Step], *, title: str, about: str, sources: str, today: str | None = None) -> Spec:
    """The steps of a measure in the order of time, a line from each to the next, numbered as in the list below.

    Args:
        steps: the oldest first; hollow marks stand for inferred ones.
        title: the measure.
        about: where it stands.
        sources: who tells of it.
        today: a line at this day (ISO 8601).
    """
    shown = [status for status in ORDER if any(step.status == status for step in steps)]
    values = [
        {
            "number": number,
            "day": _day(step.date),
            "status": step.status,
            "told": "inferred" if step.inferred else "reported",
            "words": f"{number}  {_told(step)}: {label(step.words, WORDS)}",
        }
        for number, step in enumerate(steps, start=1)
    ]
    x = {
        "field": "day",
        "type": "temporal",
        "scale": {"type": "utc", "padding": 18},
        "axis": {"title": None, "format": "%Y-%m-%d", "labelOverlap": "greedy", "labelSeparation": 10, "tickCount": 6},
    }
    y = {
        "field": "status",
        "type": "nominal",
        "scale": {"domain": shown},
        "axis": {"title": "status", "labelExpr": SPELT, "grid": True, "domain": False, "ticks": False},
    }
    shapes = {"domain": shown, "range": [SHAPES[status] for status in shown]}
    marks = {"type": "point", "size": 150, "strokeWidth": 2, "opacity": 1, "color": COLOURS[0]}
    encoding = {"x": x, "y": y, "shape": {"field": "status", "type": "nominal", "scale": shapes, "legend": None}}
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "line", "interpolate": "step-after", "color": "#999999", "strokeWidth": 1.5},
            "encoding": {"x": x, "y": y, "order": {"field": "number", "type": "quantitative"}},
        },
        {
            "mark": marks,
            "encoding": encoding
            | {"fill": {"condition": {"test": "datum.told == 'reported'", "value": COLOURS[0]}, "value": "white"}},
        },
        {
            "mark": {"type": "text", "dy": -16, "fontSize": 11},
            "encoding": {"x": x, "y": y, "text": {"field": "number"}},
        },
    ]
    if today is not None:
        layers += _today(x, today)
    life = {"data": {"values": values}, "width": WIDTH, "height": ROW * max(len(shown), 1) + 20, "layer": layers}
    return sheet([life, _list(values)], title=title, about=about, sources=sources)


def _told(step: Step) -> str:
    return f"{step.date[:10]}{' ~' if step.inferred else ''}  {step.status}"


def _list(values: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The steps in words, one below the other."""
    return {
        "data": {"values": values},
        "width": WIDTH,
        "height": 16 * len(values),
        "mark": {"type": "text", "align": "left", "x": 0, "fontSize": 11},
        "encoding": {
            "y": {"field": "words", "type": "nominal", "axis": None, "sort": None},
            "text": {"field": "words", "type": "nominal"},
        },
    }


def _today(x: dict[str, Any], today: str) -> list[dict[str, Any]]:
    """A line at a day, with its name."""
    data = {"values": [{"day": today[:10]}]}
    return [
        {"data": data, "mark": {"type": "rule", "strokeDash": [4, 3], "color": GREY}, "encoding": {"x": x}},
        {
            "data": data,
            "mark": {"type": "text", "align": "left", "dx": 4, "y": 4, "color": GREY, "fontSize": 10},
            "encoding": {"x": x, "text": {"value": "today"}},
        },
    ]


def _day(date: str) -> str:
    """The first day of a date."""
    return date + "-01-01"[len(date) - 4 :] if len(date) < 10 else date[:10]
