"""The charts above the list: how many events there are in each month, all together or by a field.

They are the filter of dates as well: a bar leads to its month, a stretch of bars to all of them. Over very many months
the bars are years. It counts nothing: months are handed in.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker import charts
from tracker.charts import Line, Spec
from tracker.model import Given
from tracker.query.counting import span
from tracker.web import marks, pictures, words
from tracker.web.links import Links

MOST_MONTHS = 240  # of which each has a bar; of more time each year has one
MOST_YEARS = 240  # a date that was misread may be anywhere
BESIDE = 12  # months shown before and after the chosen ones, at least
APART, GAP = 0.02, 9  # share of the events that may be without a bar at each end, and months between them and the next
HIGH, HIGH_TREND = 72, 220  # pixels
FIRST, LAST = "0001-01", "9999-12"
BRUSH = "brush"
BRUSHED = {"fill": "var(--accent)", "fillOpacity": 0.25, "stroke": "var(--accent)"}
# The colours of parts, as variables of app.css; a type keeps its own where another one has not taken it.
COLOURS = ("c4", "c1", "c3", "c5", "c7", "c6", "c2", "ink")
NO_TEXT = {"title": "", "about": "", "sources": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A month or a year: its events, where it leads, and whether it is among those chosen."""

    period: str
    words: str
    events: int
    to: str
    chosen: bool
    parts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A chart with the numbers that it shows."""

    spec: Spec
    label: str
    bars: tuple[Bar, ...]
    unit: str
    outside: tuple[tuple[str, str], ...] = ()  # what has no bar: words, and the page with it
    names: tuple[str, ...] = ()
    all: str = ""  # the page without a choice of dates


def periods(months: Mapping[str, int], since: str, until: str) -> list[str]:
    """What bars there are: from the first month with events to the last, near what is chosen.

    A few events that lie far from all others have no bar until a time near them is chosen.

    Args:
        months: events of months (2024-06), whatever dates are chosen.
        since: the first day that is chosen (ISO 8601), or nothing.
        until: the last one, or nothing.
    """
    told = sorted(month for month, events in months.items() if events)
    if not told:
        return []
    first, last = (told[0], told[-1]) if since or until else _thick(months, told)
    if since or until:
        begins, ends = max(since[:7] or first, first), min(until[:7] or last, last)
        if begins > ends:
            return []
        room = max(BESIDE, len(list(span(begins, ends, "month"))) // 2)
        first, last = max(first, _moved(begins, -room)), min(last, _moved(ends, room))
    found = list(span(first, last, "month"))
    return found if len(found) <= MOST_MONTHS else _years(months, first[:4], last[:4])


def bars(
    months: Mapping[str, int], shown: Sequence[str], stated: Mapping[str, Given], links: Links, since: str, until: str
) -> tuple[Bar, ...]:
    """The bars of some periods."""
    chosen, rest = bool(since or until), dated(stated)
    found = []
    for period in shown:
        inside = (since[: len(period)] or period) <= period <= (until[: len(period)] or period)
        found.append(
            Bar(
                period=period,
                words=words.date(period),
                events=_within(months, period),
                to=links.home(rest, since=period, until=period),
                chosen=chosen and inside,
            )
        )
    return tuple(found)


def outside(
    months: Mapping[str, int], shown: Sequence[str], stated: Mapping[str, Given], links: Links
) -> tuple[tuple[str, str], ...]:
    """What lies before the first bar and after the last one: how much, and where."""
    width = len(shown[0])
    early = {month: events for month, events in months.items() if month[:width] < shown[0]}
    late = {month: events for month, events in months.items() if month[:width] > shown[-1]}
    return tuple(
        (f"{sum(some.values()):,} {word}", links.home(dated(stated), since=min(some), until=max(some)))
        for some, word in ((early, "earlier"), (late, "later"))
        if some
    )


def density(found: Sequence[Bar], stated: Mapping[str, Given], links: Links) -> Picture:
    """Low bars, those outside of what is chosen paler."""
    spec = charts.density([one.period for one in found], [one.events for one in found], **NO_TEXT)
    view = _view(spec, found, HIGH)
    some = any(one.chosen for one in found)
    shade: Any = {"value": "var(--c4)"}
    if some:
        shade = {"condition": {"test": "datum.chosen", "value": "var(--c4)"}, "value": "var(--c8)"}
    whole = {"y": {"value": HIGH}, "y2": {"value": 0}}
    brush = {"type": "interval", "encodings": ["x"], "translate": False, "zoom": False, "mark": BRUSHED}
    view["layer"] = [
        {"mark": {"type": "bar", "color": "var(--panel)"}, "encoding": whole},
        {"mark": {"type": "bar"}, "encoding": {"color": shade}},
        # Of low bars as much can be hit as of high ones.
        {
            "params": [{"name": BRUSH, "select": brush}],
            "mark": {"type": "bar", "opacity": 0},
            "encoding": {**whole, "tooltip": {"field": "tip", "type": "nominal"}},
        },
    ]
    view["usermeta"] = {"dates": {"href": links.home(dated(stated)), "brush": BRUSH}}
    return Picture(
        spec=view,
        label=f"Events per {_unit(found)}",
        bars=tuple(found),
        unit=_unit(found),
        all=links.home(dated(stated)) if some else "",
    )


def trend(
    found: Sequence[Bar],
    lines: Mapping[str, Mapping[str, int]],
    field: str,
    stated: Mapping[str, Given],
    links: Links,
    *,
    whole: bool,
    types: Sequence[str] = (),
) -> Picture:
    """Bars in parts by a field.

    Args:
        found: the bars of all events.
        lines: events of months by the name of a value, those with most first.
        field: the field in words.
        stated: what is asked.
        links: addresses.
        whole: whether an event has one value alone, so that what is left is worth telling.
        types: where the values are types of events, their codes: parts have the marks of their types.
    """
    parts = {name: [_within(months, one.period) for one in found] for name, months in lines.items()}
    series = [Line(name=name, events=events) for name, events in parts.items()]
    if whole and (rest := [one.events - sum(parts[name][at] for name in parts) for at, one in enumerate(found)]) != [
        0
    ] * len(found):
        series.append(Line(name="others", events=rest, rests=True))
    told = tuple(
        Bar(
            period=one.period,
            words=one.words,
            events=one.events,
            to=one.to,
            chosen=one.chosen,
            parts=tuple(line.events[at] for line in series),
        )
        for at, one in enumerate(found)
    )
    spec = charts.trend([one.period for one in found], series, **NO_TEXT)
    view = _view(spec, found, HIGH_TREND)
    view["data"]["values"] = [value for value in view["data"]["values"] if value["events"]]
    view["usermeta"] = {"dates": {"href": links.home(dated(stated))}}
    if types:
        _marked(view, types)
    for layer in view["layer"]:
        layer["encoding"]["tooltip"] = {"field": "tip", "type": "nominal"}
        for channel in ("color", "shape"):
            if (legend := layer["encoding"].get(channel, {}).get("legend")) is not None:
                legend |= {"orient": "bottom", "columns": {"expr": "max(1, floor(width / 150))"}}
    return Picture(
        spec=view,
        label=f"Events per {_unit(found)} by {field}",
        bars=told,
        unit=_unit(found),
        names=tuple(line.name for line in series),
        all=links.home(dated(stated)) if any(one.chosen for one in found) else "",
    )


def _marked(view: Spec, types: Sequence[str]) -> None:
    """Give the parts of bars the marks of their types, of one colour each."""
    free = [name for name in COLOURS if name not in {marks.MARKS[kind].colour for kind in types}]
    given: list[str] = []
    for kind in types:
        own = marks.MARKS[kind].colour
        given.append(own if own not in given else free.pop(0))
    for layer in view["layer"]:
        for channel, found in (("color", [f"var(--{name})" for name in given]), ("shape", map(marks.symbol, types))):
            if channel in layer["encoding"]:
                scale = layer["encoding"][channel]["scale"]
                scale["range"] = [*found, *scale["range"][len(types) :]]


def dated(stated: Mapping[str, Given]) -> dict[str, Given]:
    """The question without its dates."""
    return {name: given for name, given in stated.items() if name not in ("since", "until", "between", "last")}


def _view(spec: Spec, found: Sequence[Bar], height: int) -> Spec:
    """The chart for a page, each datum with what it says."""
    view = pictures.fitted(spec)
    of = {one.period: one for one in found}
    for value in view["data"]["values"]:
        one = of[value["period"]]
        part = "" if value["name"] == "events" else f"{value['name']}: {value['events']:,} of "
        value |= {
            "chosen": one.chosen,
            "tip": f"{one.words}: {part}{words.counted(one.events, 'event')}",
        }
    view["height"] = height
    x: dict[str, Any] = view["encoding"]["x"]
    x["scale"]["paddingInner"] = 0.12 if len(found) < 120 else 0
    x["axis"] = {
        "title": None,
        "labelAngle": 0,
        "ticks": False,
        "labelPadding": 6,
        "labelOverlap": "greedy",
        **_labels(found),
    }
    view["encoding"]["y"]["axis"] |= {"title": None, "tickCount": 2 if height == HIGH else 4}
    return view


def _labels(found: Sequence[Bar]) -> dict[str, Any]:
    """Of many months only the years are named."""
    years = [one.period for one in found if one.period.endswith("-01")]
    if len(found) <= 14 or len(found[0].period) == len("2024") or not years:
        return {}
    return {"values": years, "labelExpr": "slice(datum.value, 0, 4)"}


def _thick(months: Mapping[str, int], told: Sequence[str]) -> tuple[str, str]:
    """The first and the last month, without those of few events that stand apart at the ends."""
    left = sum(months.values()) * APART
    ends = []
    for way in (list(told), list(reversed(told))):
        few, at = 0, 0
        for place, (month, following) in enumerate(itertools.pairwise(way)):
            few += months[month]
            if few > left:
                break
            if abs(_number(following) - _number(month)) > GAP:
                at = place + 1
        ends.append(way[at])
    return (ends[0], ends[1]) if ends[0] <= ends[1] else (told[0], told[-1])


def _years(months: Mapping[str, int], first: str, last: str) -> list[str]:
    """All years between two, of very many those around the month that has most events."""
    found = list(span(first, last, "year"))
    if len(found) <= MOST_YEARS:
        return found
    between = [month for month in sorted(months) if first <= month[:4] <= last]
    at = found.index(max(between, key=lambda month: months[month])[:4])
    begin = max(0, min(at - MOST_YEARS // 2, len(found) - MOST_YEARS))
    return found[begin : begin + MOST_YEARS]


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _unit(found: Sequence[Bar]) -> str:
    return "year" if found and len(found[0].period) == len("2024") else "month"


def _within(months: Mapping[str, int], period: str) -> int:
    return (
        months.get(period, 0)
        if len(period) > len("2024")
        else sum(events for month, events in months.items() if month.startswith(period))
    )


def _moved(month: str, by: int) -> str:
    """The month so many later, or earlier, among those that dates know."""
    number = max(_number(FIRST), min(_number(LAST), _number(month) + by))
    return f"{number // 12:04}-{number % 12 + 1:02}"
