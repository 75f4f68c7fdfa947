"""The home page: what happened, grouped by day, with everything that it can be narrowed by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from types import MappingProxyType
from typing import cast

from tracker.model import Certainty, Direction, Tier
from tracker.query import EventRow, Filters, axes, search_events
from tracker.query.answers import Snippet
from tracker.query.axes import Axis
from tracker.query.counting import FIELDS
from tracker.query.events import Order
from tracker.query.facets import Facets
from tracker.query.filters import condition, several
from tracker.query.statements import statement
from tracker.web import narrowing, overtime, saved
from tracker.web.asking import Answer, Ask
from tracker.web.narrowing import Stated
from tracker.web.overtime import Picture
from tracker.web.rendering import page

OWN = ("order", "after", "size", "by", "all")  # parameters that are no filters
KEPT = ("order", "size", "by", "all")  # those of them that narrowing keeps
SIZE, MOST = 50, 200  # events of a page
MOST_COUNTED = 1000  # without the index; of more it is said that they are more
# The dates that the list can go by, and its orders, as people call them.
AXES = (("announced", "announced"), ("effective", "takes effect"), ("first_seen", "first seen"))
ORDERS = (("newest", "newest first"), ("oldest", "oldest first"), ("rank", "best match first"))
# What the bars above the list may be divided by.
BY: Mapping[str, str] = MappingProxyType(
    {
        "type": "type",
        "status": "status",
        "actor": "actor",
        "target": "target",
        "country": "country",
        "tier": "kind of source",
    }
)
LINES = 7  # values that bars are divided into
# Fields of the form, beside the search: those with a choice, and those to write into, with examples.
CHOICES = {"certainty": Certainty, "direction": Direction, "tier": Tier}
# What the page offers beside itself: ends of addresses, with media types and titles.
FEEDS = (
    ("events.atom", "application/atom+xml", "These events as an Atom feed"),
    ("events.feed.json", "application/feed+json", "These events as a JSON Feed"),
)
FILES = (
    ("events.json", "JSON"),
    ("events.csv", "CSV"),
    ("events.parquet", "Parquet"),
    ("events.md", "Markdown"),
    ("events.atom", "Atom feed"),
    ("events.feed.json", "JSON Feed"),
    ("events.ics", "Calendar"),
)
WRITTEN: Mapping[str, str] = MappingProxyType(
    {
        "actor": "US, European Commission",
        "target": "CN, Huawei",
        "party": "Nvidia",
        "item": "AI chips",
        "instrument": "Entity List",
        "amount": ">=1bn USD",
        "since": "2024-06, 30d",
        "until": "2024-Q3",
        "min_origins": "3",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Events under a date, as far as it is known."""

    date: str
    events: tuple[EventRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of the list."""

    groups: tuple[Stretch, ...]
    next: str | None
    snippets: dict[str, Snippet] = field(default_factory=dict)
    ranked: bool = True  # False: by rank was asked, and too many hold the words


def show(ask: Ask) -> Answer:
    """The timeline of the filters in the address."""
    if any(
        not value.strip() for values in ask.query.values() for value in values
    ):  # a form that was left empty in part
        return Answer(to=ask.links.home(ask.stated()))
    filters, stated = ask.filters(*OWN), ask.stated("after")
    axis = filters.get("on") or "announced"
    whole = ask.choice("all", ("", *narrowing.PANELS), "")
    facets = _facets(ask, filters, whole)
    found = _list(ask, filters, axis)
    events = facets.events if facets else ask.timeline.count(most=MOST_COUNTED + 1, **filters)
    return page(
        ask,
        "timeline.html",
        found=found,
        stated=stated,
        axis=axis,
        order=_order(ask, filters),
        axes=AXES,
        orders=ORDERS,
        by=ask.one("by"),
        divisions=BY,
        events=events,
        undated=events - sum(dict(facets.months).values())
        if facets and axis == "effective" and not _dated(filters)
        else 0,
        many=not facets and events > MOST_COUNTED,
        whole=whole,
        chips=tuple(narrowing.chips(ask, stated, ask.links.home)),
        panels=tuple(narrowing.panels(facets, stated, ask.links, whole=whole)) if facets else (),
        picture=_picture(ask, filters, stated, facets) if facets else None,
        uncounted="" if facets else _uncounted(ask, filters),
        form=_form(stated),
        queries=saved.links(ask),
        sql=_sql(ask, filters),
        start=ask.links.home(stated) if ask.one("after") else None,
        files=FILES,
        feeds=FEEDS,
        feed={name: stated[name] for name in stated if name not in KEPT or name == "order"},
        plain=ask.links.home({name: stated[name] for name in KEPT if name in stated}),
    )


def _facets(ask: Ask, filters: Filters, whole: str) -> Facets | None:
    """Counts for the panels, of the one that is asked for in whole of many values."""
    fields = [one for one in narrowing.PANELS if one not in (narrowing.MONTH, whole)]
    found = ask.facets(filters, fields, top=narrowing.SHOWN + 1)
    if found is None or whole in ("", narrowing.MONTH):
        return found
    more = ask.facets(filters, (whole,), top=narrowing.MOST)
    return replace(found, fields={**found.fields, **more.fields}) if more else found


def _uncounted(ask: Ask, filters: Filters) -> str:
    """Why there are no counts."""
    if filters.get("as_of"):
        return "What was known then is listed, not counted."
    if ask.index is None:
        return "Counts are being prepared; they are here in a moment."
    return "Too many events to count by these filters. Narrow them by type, party or date."


def _dated(filters: Filters) -> bool:
    """Whether a time is chosen."""
    return any(filters.get(name) for name in ("since", "until", "between", "last"))


def _order(ask: Ask, filters: Filters) -> str:
    known = [name for name, _ in ORDERS if name != "rank" or filters.get("text")]
    return ask.choice("order", known, "newest")


def _list(ask: Ask, filters: Filters, axis: str) -> Found:
    """A page of events in the order that is asked for, with the words that were searched for."""
    size, after, order = ask.number("size", SIZE, most=MOST), ask.one("after") or None, _order(ask, filters)
    text = filters.get("text") or ""
    if order == "rank":
        left = cast("Filters", {name: value for name, value in filters.items() if name != "text"})
        hits = ask.timeline.search(text, among=("events",), limit=size, after=after, **left)
        events = tuple(one.event for one in hits.events)
        return Found(
            groups=(Stretch(date="", events=events),) if events else (),
            next=hits.next.get("events"),
            ranked=hits.orders.get("events") != "date",
            snippets={one.event.id: one.snippet for one in hits.events},
        )
    rows: Sequence[tuple[str, EventRow]]
    if axis == "announced":
        plain = ask.timeline.page(limit=size, after=after, order=cast("Order", order), **filters)
        rows, following = [(one.date, one) for one in plain.events], plain.next
    else:
        along = ask.timeline.ask(
            lambda db, told: axes.page(
                db, condition(db, told), cast("Axis", axis), limit=size, after=after, order=cast("Order", order)
            ),
            **filters,
        )
        rows, following = along.events, along.next
    snippets = {}
    if text and rows and not filters.get("as_of"):
        ids = [one.id for _, one in rows]
        snippets = ask.timeline.ask(lambda db, _: search_events.snippets_of(db, text, ids))
    return Found(groups=tuple(grouped(rows, axis)), next=following, snippets=snippets)


def grouped(rows: Sequence[tuple[str, EventRow]], axis: str) -> Iterator[Stretch]:
    """Events under their dates, in the order they are in; those of which less is known than the day by themselves."""
    for day, some in groupby(rows, key=lambda one: one[0]):
        known: dict[str, list[EventRow]] = {}
        for _, event in some:
            known.setdefault(told(event, day, axis), []).append(event)
        for date in sorted(known, key=len, reverse=True):
            yield Stretch(date=date, events=tuple(known[date]))


def told(event: EventRow, day: str, axis: str) -> str:
    """The date that an event stands under, as far as it is known; `day` is where it lies in the order."""
    date = {"announced": event.announced_on, "effective": event.effective_on}.get(axis)
    return date if date and len(date) < len(day) and day.startswith(date) else day


def _picture(ask: Ask, filters: Filters, stated: Stated, facets: Facets) -> Picture | None:
    """The chart above the list; none where there is nothing to show."""
    dates = ask.timeline.ask(lambda _, absolute: absolute, **filters)
    since, until = dates.get("since") or "", dates.get("until") or ""
    by = ask.choice("by", ("", *BY), "")
    months = dict(facets.months)
    shown = overtime.periods(months, since, until)
    if not shown:
        return None
    bars = overtime.bars(months, shown, stated, ask.links, since, until)
    outside = overtime.outside(months, shown, stated, ask.links)
    if not by:
        return replace(overtime.density(bars, stated, ask.links), outside=outside)
    values = [one for one in facets.fields[by] if one.chosen or not filters.get(by)][:LINES]
    found = ask.monthly(filters, by, [one.value for one in values]) or {}
    lines: dict[str, dict[str, int]] = {}
    for one in values if found else ():
        name = narrowing.called(by, one.value, {one.value: one.name})
        lines[f"{name} ({one.value})" if name in lines else name] = found[one.value]
    types = tuple(found) if by == "type" else ()
    picture = overtime.trend(bars, lines, BY[by], stated, ask.links, whole=FIELDS[by].plain, types=types)
    return replace(picture, outside=outside)


def _form(stated: Stated) -> dict[str, object]:
    """The fields of the form with what they hold; a field that may have several values takes another one."""
    single = ("text", "since", "until", "min_origins", *CHOICES)
    held = {name: values[0] for name in single if len(values := several(stated.get(name))) == 1}
    return {
        "held": held,
        "choices": [
            (name, narrowing.PANELS[name], [(one.value, narrowing.called(name, one.value)) for one in kind])
            for name, kind in CHOICES.items()
        ],
        "written": [(name, narrowing.label(name).capitalize(), example) for name, example in WRITTEN.items()],
        "hidden": narrowing.hidden(stated, held),
    }


def _sql(ask: Ask, filters: Filters) -> str | None:
    """The question in Datasette; none of the past, which no table holds."""
    if filters.get("as_of") or (filters.get("on") or "announced") != "announced":
        return None
    order = "oldest" if ask.one("order") == "oldest" else "newest"
    found = ask.timeline.ask(lambda db, told_: statement(db, condition(db, told_), order=order, limit=SIZE), **filters)
    return ask.links.sql(found)
