"""The world with a shade for each country, and lines to one of them.

It says what Natural Earth's map of 1:110 million shows, and nothing about whose anything is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.charts import shades
from tracker.charts.countries import COUNTRIES, Country
from tracker.charts.sheets import COLOURS, GREY, Spec, label, sheet

WIDTH = 960
RATIO = 0.465  # of height to width: the world without Antarctica in the projection below
PROJECTION = "equalEarth"
ANTARCTICA = "010"
WIDEST = 7.0  # pixels: the line of the country with most events
POINTS = 32  # of a line
BEND = 0.16  # of its width: how high it bends
NORTHMOST = 78.0  # degrees
DOT = 90  # square pixels: of a country that has no shape
RING = 260  # and of the ring around the country that lines lead to


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A country on a map, by its code: how many events, what is told of it, where a click on it leads."""

    code: str
    events: int
    told: str
    href: str = ""


def world(
    places: Sequence[Place], *, shapes: Mapping[str, Any], to: str | None = None, title: str, about: str, sources: str
) -> Spec:
    """A map whose countries are shaded by their events; those that have no shape there are dots.

    Args:
        places: countries with events; codes that no country has are left out.
        shapes: data in Vega-Lite's words that hold the file countries-110m.json: `{"url": …}` or `{"values": …}`.
        to: the code of a country that a line leads to from each of the others, the wider the more events.
        title: what is counted.
        about: which events.
        sources: where they are from, below.
    """
    known = [(place, COUNTRIES[place.code]) for place in places if place.code in COUNTRIES]
    end = COUNTRIES.get(to) if to else None
    bounds = shades.bounds(max((place.events for place, _ in known), default=0))
    shade = {
        "field": "shade",
        "type": "quantitative",
        "scale": {
            "type": "threshold",
            "domain": [*bounds],
            "range": [shades.NONE, *(shades.COLOURS[shades.step(bounds, least) - 1] for least in bounds)],
        },
        "legend": None,
    }
    view = {
        "width": WIDTH,
        "height": round(WIDTH * RATIO),
        "projection": {"type": PROJECTION},
        "layer": [
            _land([(place, country) for place, country in known if country.shape], shapes, shade),
            *(_lines(known, end) if end else []),
            _dots([(place, country) for place, country in known if not country.shape], shade),
            *(_ring(end) if end else []),
        ],
    }
    return sheet([view], title=title, about=about, sources=sources)


def _row(place: Place) -> dict[str, Any]:
    return {"shade": place.events, "told": label(place.told, 200), "href": place.href}


def _land(known: Sequence[tuple[Place, Country]], shapes: Mapping[str, Any], shade: Mapping[str, Any]) -> Spec:
    """The shapes, by the number of their country or, where it has none, by their name."""
    rows = [{"shape": country.shape, **_row(place)} for place, country in known]
    return {
        "data": {**shapes, "format": {"type": "topojson", "feature": "countries"}},
        "transform": [
            {"filter": f"datum.id !== '{ANTARCTICA}'"},
            {"calculate": "datum.id || datum.properties.name", "as": "shape"},
            {
                "lookup": "shape",
                "from": {"data": {"values": rows}, "key": "shape", "fields": ["shade", "told", "href"]},
                "default": None,
            },
            {"calculate": "datum.shade || 0", "as": "shade"},
        ],
        "mark": {"type": "geoshape", "stroke": "white", "strokeWidth": 0.6},
        "encoding": {"color": shade, "tooltip": {"field": "told", "type": "nominal"}},
    }


def _lines(known: Sequence[tuple[Place, Country]], end: Country) -> list[Spec]:
    """Lines to one country, wide where it is much."""
    most = max((place.events for place, _ in known), default=1)
    values = [
        {
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": _bent(country, end)},
            "width": round(1 + (WIDEST - 1) * (place.events / most) ** 0.5, 1),
            **_row(place),
        }
        for place, country in known
        if country != end
    ]
    mark = {"type": "geoshape", "filled": False, "stroke": COLOURS[1], "opacity": 0.75, "strokeCap": "round"}
    encoding = {
        "strokeWidth": {"field": "width", "type": "quantitative", "scale": None},
        "tooltip": {"field": "told", "type": "nominal"},
    }
    return [{"data": {"values": values}, "mark": mark, "encoding": encoding}] if values else []


def _bent(start: Country, end: Country) -> list[list[float]]:
    """A curve (a parabola in degrees) that bends to the north and never leaves the map, as shortest ways would."""
    lift = min(BEND * abs(end.east - start.east), max(0.0, NORTHMOST - (start.north + end.north) / 2))
    found = []
    for place in range(POINTS + 1):
        part = place / POINTS
        north = start.north + (end.north - start.north) * part + 4 * lift * part * (1 - part)
        found.append([round(start.east + (end.east - start.east) * part, 1), round(min(north, NORTHMOST), 1)])
    return found


def _dots(known: Sequence[tuple[Place, Country]], shade: Mapping[str, Any]) -> Spec:
    values = [{"east": country.east, "north": country.north, **_row(place)} for place, country in known]
    return {
        "data": {"values": values},
        "mark": {"type": "circle", "size": DOT, "opacity": 1, "stroke": GREY, "strokeWidth": 1},
        "encoding": {**_at(), "color": shade, "tooltip": {"field": "told", "type": "nominal"}},
    }


def _ring(country: Country) -> list[Spec]:
    return [
        {
            "data": {"values": [{"east": country.east, "north": country.north}]},
            "mark": {"type": "point", "size": RING, "filled": False, "strokeWidth": 2.5, "color": COLOURS[1]},
            "encoding": _at(),
        }
    ]


def _at() -> Spec:
    return {
        "longitude": {"field": "east", "type": "quantitative"},
        "latitude": {"field": "north", "type": "quantitative"},
    }
