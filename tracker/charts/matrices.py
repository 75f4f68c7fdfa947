"""A field against another: a grid whose cells have a number and a shade."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.charts.sheets import Spec, label, sheet

STEP = 46  # pixels: of a cell
HIGH = 26
NAMES = 30  # signs of the name of a row or column
LIGHT = 0.55  # of the greatest number: in darker cells the numbers are white


def matrix(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Sequence[Sequence[int]],
    *,
    row_title: str,
    column_title: str,
    title: str,
    about: str,
    sources: str,
) -> Spec:
    """A grid of counts; `cells` holds a list for each row. An empty cell is none at all.

    Args:
        rows: the names of the rows from above, those with most first.
        columns: those from the left.
        cells: how many events each pair has.
        row_title: what rows are ("actor").
        column_title: what columns are ("target").
        title: what is counted.
        about: which events.
        sources: where they are from, below.
    """
    left, above = _apart(rows), _apart(columns)
    values = [
        {"row": row, "column": column, "events": events}
        for row, line in zip(left, cells, strict=True)
        for column, events in zip(above, line, strict=True)
        if events
    ]
    axes = _axes(left, above, row_title, column_title)
    most = max((events for line in cells for events in line), default=1)
    shade = {
        "field": "events",
        "type": "quantitative",
        "scale": {"scheme": "blues", "domain": [0, most], "type": "sqrt"},
        "legend": None,
    }
    view = {
        "data": {"values": values},
        "width": STEP * max(len(above), 1),
        "height": HIGH * max(len(left), 1),
        "view": {"stroke": "#E5E5E5", "fill": "#FAFAFA"},
        "encoding": axes,
        "layer": [
            {"mark": {"type": "rect", "stroke": "white"}, "encoding": {"color": shade}},
            {
                "mark": {"type": "text", "fontSize": 11},
                "encoding": {
                    "text": {"field": "events", "type": "quantitative", "format": ",d"},
                    "color": {
                        "condition": {"test": f"datum.events > {int(most * LIGHT * LIGHT)}", "value": "white"},
                        "value": "black",
                    },
                },
            },
        ],
    }
    return sheet([view], title=title, about=about, sources=sources)


def _axes(left: Sequence[str], above: Sequence[str], row_title: str, column_title: str) -> dict[str, Any]:
    angle = 0 if all(len(name) <= 6 for name in above) else -40
    x: dict[str, Any] = {
        "field": "column",
        "type": "nominal",
        "scale": {"domain": above},
        "axis": {"title": column_title, "orient": "top", "labelAngle": angle, "domain": False, "ticks": False},
    }
    y = {
        "field": "row",
        "type": "nominal",
        "scale": {"domain": left},
        "axis": {"title": row_title, "domain": False, "ticks": False, "labelLimit": 260},
    }
    return {"x": x, "y": y}


def _apart(names: Sequence[str]) -> list[str]:
    """Names that fit, no two alike."""
    found: list[str] = []
    for name in names:
        told = label(name, NAMES)
        found.append(f"{told} ({found.count(told) + 1})" if told in found else told)
    return found
