"""The world: how many events hit each country or are done by it, and who restricts one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker import charts
from tracker.charts import Place, Spec, maps, shades
from tracker.charts.countries import COUNTRIES, name
from tracker.errors import InputError
from tracker.model import Given
from tracker.query import Filters, grids
from tracker.query.facets import Facets
from tracker.web import heat, pictures, words
from tracker.web.asking import Answer, Ask, in_json
from tracker.web.heat import Number
from tracker.web.rendering import page

OWN = ("shade", "focus")  # parameters that are no filters
SHAPES = "vendor/countries-110m.json"
EVERY = 400  # countries: more than there are
SHOWN = 25  # rows of the table that are not folded away
# What countries are shaded by: the field that is counted, and the end of a pair that is left open.
AGAINST, BY = "against", "by"
VERBS = {"restrict": ("restricts", "restrict"), "ease": ("eases", "ease"), "neutral": ("acts on", "act on")}
NO_TEXT = {"title": "", "about": "", "sources": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: what is shaded, the country that is looked at closely, the direction, and the filters."""

    shade: str
    focus: str | None
    direction: str
    filters: Filters
    stated: dict[str, Given]

    @property
    def own(self) -> dict[str, str]:
        """The parameters of this page that are no filters."""
        return {"shade": self.shade, "direction": self.direction, **({"focus": self.focus} if self.focus else {})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A country: events against it and by it; of a chosen country those that the two share."""

    code: str
    name: str
    to: str
    against: Number
    by: Number


def show(ask: Ask) -> Answer:
    """The map with its table."""
    asked = question(ask)
    events, unplaced, rows = told(ask, asked)
    most = max((getattr(row, asked.shade).events for row in rows), default=0)
    first, second = (AGAINST, BY) if asked.shade == AGAINST else (BY, AGAINST)
    shown = sorted(rows, key=lambda row: (-getattr(row, first).events, -getattr(row, second).events, row.name))
    return page(
        ask,
        "map.html",
        asked=asked,
        title=titled(asked),
        events=events,
        unplaced=unplaced,
        rows=shown,
        shown=SHOWN,
        spec=drawn(ask, asked, rows) if rows else None,
        legend=shades.legend(shades.bounds(most), most),
        dots=any(row.code in COUNTRIES and not COUNTRIES[row.code].shape for row in rows),
        focus=name(asked.focus, the=True) if asked.focus else None,
        countries=sorted(((code, one.name) for code, one in COUNTRIES.items()), key=lambda pair: pair[1]),
        switch={one: _page(ask, asked, shade=one) for one in (AGAINST, BY)},
        whole=_page(ask, asked, focus=None),
        sql=heat.sql(ask, sides(asked)[asked.shade][0]),
        form=heat.form(asked.stated, asked.direction),
        periods=heat.periods(ask, "map", asked.stated, asked.own),
        chips=heat.chips(ask, "map", asked.stated, asked.own),
    )


def as_json(ask: Ask) -> Answer:
    """The same numbers for programs."""
    asked = question(ask)
    events, unplaced, rows = told(ask, asked)
    answer = {
        "filters": asked.stated,
        "focus": asked.focus,
        "events": events,
        "without_country": unplaced,
        "countries": [
            {"country": row.code, "name": row.name, "against": row.against.events, "by": row.by.events} for row in rows
        ],
    }
    return in_json(answer)


def question(ask: Ask) -> Question:
    """What the address asks; raises InputError."""
    direction, filters, stated = heat.directed(ask, *OWN)
    if filters.get("pair"):
        raise InputError("pair is told by the map itself: choose a country (focus=CN)")
    focus = ask.one("focus").strip().upper() or None
    if focus is not None and focus not in COUNTRIES:
        raise InputError(f"focus is the code of a country (CN, US, EU), not {focus!r}")
    return Question(
        shade=ask.choice("shade", (AGAINST, BY), AGAINST),
        focus=focus,
        direction=direction,
        filters=filters,
        stated=stated,
    )


def told(ask: Ask, asked: Question) -> tuple[int, int, list[Row]]:
    """How many events there are of what is shaded, how many of these name no country, and all countries with events."""
    index = heat.index(ask)
    found = {shade: counted(ask, *side) for shade, side in sides(asked).items()}
    numbers = {
        shade: {one.value: one.events for one in facets.fields[field]} for shade, (field, facets) in found.items()
    }
    bounds = {shade: shades.bounds(max(some.values(), default=0)) for shade, some in numbers.items()}
    rows = [
        Row(
            code=code,
            name=name(code),
            to=_page(ask, asked, focus=code),
            against=_number(ask, asked, AGAINST, code, numbers[AGAINST].get(code, 0), bounds[AGAINST]),
            by=_number(ask, asked, BY, code, numbers[BY].get(code, 0), bounds[BY]),
        )
        for code in sorted(numbers[AGAINST].keys() | numbers[BY].keys())
    ]
    filters, field = sides(asked)[asked.shade]
    placed = ask.timeline.ask(lambda db, given: grids.named(index, db, given, field), **filters)
    events = found[asked.shade][1].events
    return events, events - placed, rows


def sides(asked: Question) -> dict[str, tuple[Filters, str]]:
    """Of both shades the filters and the field that is counted."""
    if asked.focus is None:
        return {AGAINST: (asked.filters, "target_country"), BY: (asked.filters, "actor_country")}
    hit: Filters = {**asked.filters, "pair": f">{asked.focus}"}
    acts: Filters = {**asked.filters, "pair": f"{asked.focus}>"}
    return {AGAINST: (hit, "actor_country"), BY: (acts, "target_country")}


def counted(ask: Ask, filters: Filters, field: str) -> tuple[str, Facets]:
    """Counts of all countries."""
    found = ask.facets(filters, (field,), top=EVERY)
    if found is None:
        raise InputError("the map is not kept of the past: take off as_of")
    return field, found


def titled(asked: Question) -> str:
    """What the map shows."""
    one, many = VERBS.get(asked.direction, ("acts on", "act on"))
    if asked.focus:
        country = name(asked.focus, the=True)
        return f"Who {one} {country}" if asked.shade == AGAINST else f"Whom {country} {one}"
    return f"Whom countries {many}" if asked.shade == AGAINST else f"Which countries {many}"


def drawn(ask: Ask, asked: Question, rows: Sequence[Row]) -> Spec:
    """The map: a click on a country looks at it closely, or where one is chosen shows the events of the two."""
    places = [
        Place(
            code=row.code,
            events=number.events,
            told=number.words,
            href=number.to if asked.focus else row.to,
        )
        for row in rows
        if (number := row.against if asked.shade == AGAINST else row.by).events
    ]
    shapes = {"url": ask.links.static(SHAPES)}
    spec = charts.world(places, shapes=shapes, to=asked.focus, **NO_TEXT)
    return pictures.fitted(spec, ratio=maps.RATIO)


def _number(ask: Ask, asked: Question, shade: str, code: str, events: int, bounds: Sequence[int]) -> Number:
    """The events of a country with their address."""
    actor, target = (asked.focus or "", code) if shade == BY else (code, asked.focus or "")
    if not asked.focus:
        actor, target = ("", code) if shade == AGAINST else (code, "")
        called = f"{name(code)}: {words.counted(events, 'event')} {'against' if shade == AGAINST else 'by'} it"
    else:
        called = f"{name(actor)} → {name(target)}: {words.counted(events, 'event')}"
    return Number(
        events=events,
        step=shades.step(bounds, events),
        to=ask.links.home({**asked.stated, "pair": f"{actor}>{target}"}),
        words=called,
    )


def _page(ask: Ask, asked: Question, **changes: str | None) -> str:
    return ask.links.page("map", {**asked.stated, **asked.own}, **changes)
