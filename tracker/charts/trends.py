"""Counts over time: stacked bars whose parts have a colour and a shape each, or a strip of plain bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tracker.charts.sheets import COLOURS, REST, REST_SHAPE, SHAPES, Spec, label, sheet

WIDTH = 680
HEIGHT = 300
SHALLOW = 0.03  # of the highest bar: parts that are lower have no shape, for which there is no room
NARROW = 13  # pixels: of narrower bars only some have shapes
REST_NAME = "others"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A series: how many in each period. The one that `rests` is what no other one holds."""

    name: str
    events: Sequence[int]
    rests: bool = False


def trend(
    periods: Sequence[str], series: Sequence[Line], *, title: str, about: str, sources: str, what: str = "events"
) -> Spec:
    """Counts over time: each period (in its order) a bar, of more than one series in parts.

    Args:
        periods: every one from the first to the last, also those without events.
        series: each with as many counts as there are periods; those with most first.
        title: what is counted.
        about: which events.
        sources: where they are from, below.
        what: the axis of counts.
    """
    names = _names(series)
    return sheet([_view(periods, series, names, what)], title=title, about=about, sources=sources)


def _view(periods: Sequence[str], series: Sequence[Line], names: Sequence[str], what: str) -> dict[str, Any]:
    """Bars with shapes in their parts."""
    colours = [REST if one.rests else COLOURS[place % len(COLOURS)] for place, one in enumerate(series)]
    shapes = [REST_SHAPE if one.rests else SHAPES[place % len(SHAPES)] for place, one in enumerate(series)]
    x = {
        "field": "period",
        "type": "ordinal",
        "scale": {"domain": list(periods), "paddingInner": 0.15},
        "axis": {"title": None, "labelOverlap": "parity", "labelAngle": -40 if len(periods) > 8 else 0, "ticks": False},
    }
    y = {
        "field": "events",
        "type": "quantitative",
        "stack": "zero",
        "axis": {"title": what, "tickMinStep": 1, "tickCount": 6, "format": ",d", "domain": False, "ticks": False},
    }
    legend = {"title": None, "orient": "right", "symbolType": "circle"} if len(series) > 1 else None
    bars = {
        "mark": {"type": "bar", "stroke": "white", "strokeWidth": 0.6},
        "encoding": {
            "color": {
                "field": "name",
                "type": "nominal",
                "scale": {"domain": names, "range": colours},
                "legend": legend,
            },
        },
    }
    marks = {
        "transform": [{"filter": "datum.marked"}],
        "mark": {
            "type": "point",
            "filled": True,
            "size": 34,
            "color": "white",
            "stroke": "#333333",
            "strokeWidth": 0.7,
        },
        "encoding": {
            "y": {"field": "middle", "type": "quantitative", "stack": None},
            "shape": {
                "field": "name",
                "type": "nominal",
                "scale": {"domain": names, "range": shapes},
                "legend": legend,
            },
        },
    }
    return {
        "data": {"values": _values(periods, series, names)},
        "width": WIDTH,
        "height": HEIGHT,
        "encoding": {"x": x, "y": y, "order": {"field": "order", "type": "quantitative"}},
        "layer": [bars, marks] if len(series) > 1 else [bars],
    }


def density(periods: Sequence[str], events: Sequence[int], *, title: str, about: str, sources: str) -> Spec:
    """How thick events lie: a low strip of bars, for above a list."""
    spec = trend(periods, [Line(name="events", events=events)], title=title, about=about, sources=sources)
    spec["vconcat"][0]["height"] = 70
    spec["vconcat"][0]["encoding"]["y"]["axis"] |= {"tickCount": 2}
    return spec


def _values(periods: Sequence[str], series: Sequence[Line], names: Sequence[str]) -> list[dict[str, Any]]:
    """The parts of the bars; those that have room for a shape are marked, with their middle."""
    highest = max((sum(one.events[place] for one in series) for place in range(len(periods))), default=0)
    every = max(1, -(-NARROW * len(periods) // WIDTH))
    values = []
    for place, when in enumerate(periods):
        below = 0
        for order, (name, one) in enumerate(zip(names, series, strict=True)):
            events = one.events[place]
            marked = events > SHALLOW * highest and place % every == every // 2
            middle = below + events / 2
            below += events
            values.append(
                {"period": when, "name": name, "events": events, "order": order, "marked": marked, "middle": middle}
            )
    return values


def _names(series: Sequence[Line]) -> list[str]:
    """Names that fit; two that look the same are told apart by a number."""
    found: list[str] = []
    for one in series:
        name = label(one.name) or REST_NAME
        alike = sum(other == name or other.startswith(f"{name} (") for other in found)
        found.append(f"{name} ({alike + 1})" if alike else name)
    return found
