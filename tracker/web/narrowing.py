"""What the timeline can be narrowed by: panels of values with their counts, and chips for what it is narrowed by.

Every one of them is a link to the page with a value more or less. It counts nothing: that is `tracker.query.facets`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from tracker.charts import countries
from tracker.model import Given
from tracker.query.counting import FIELDS
from tracker.query.counts import spelt
from tracker.query.facets import Facets, FacetValue
from tracker.query.filters import EXACTLY, several
from tracker.web import words
from tracker.web.asking import Ask
from tracker.web.links import Links
from tracker.web.words import LABELS

Stated = Mapping[str, Given]

SHOWN = 8  # values of a panel
MOST = 200  # of one that is asked for in whole
PARTIES = ("actor", "target")
OPEN = ("type", "status", "actor", "target")  # panels that stand open
# Fields with panels, in their order, as people call them.
PANELS: Mapping[str, str] = MappingProxyType(
    {
        "type": LABELS["type"],
        "status": LABELS["status"],
        "actor": LABELS["actor"],
        "target": LABELS["target"],
        "country": "Country of either",
        "item": LABELS["item"],
        "month": "Month",
        "tier": "Kind of source",
        "source": "Source",
        "language": "Language",
        "direction": LABELS["direction"],
        "certainty": LABELS["certainty"],
    }
)
# Filters as chips tell them, beside those that have panels.
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "subtype": LABELS["subtype"].lower(),
        "party": "party in either role",
        "party_kind": "kind of party",
        "pair": "who acts and who is hit",
        "instrument": LABELS["instrument"].lower(),
        "amount": LABELS["amount"].lower(),
        "since": "from",
        "until": "until",
        "between": "between",
        "last": "in the last",
        "in_force_on": "in force on",
        "upcoming": "upcoming",
        "within": "within",
        "changed_since": "changed after",
        "as_of": "as known on",
        "text": "words",
        "tag": "tag",
        "min_confidence": "confidence at least",
        "min_origins": "independent sources at least",
        "measure": "measure",
        "rejected": "rejected ones",
        "reviewed": "looked at by a person",
        "contradicted": "sources disagree",
    }
)
# What dates are meant, where they are not those of announcements: before the names of those that state dates.
AXES: Mapping[str, str] = MappingProxyType({"effective": "takes effect ", "first_seen": "first seen "})
DATES = ("since", "until", "between", "last")
WITHIN: Mapping[str, str] = MappingProxyType({"30d": "30 days", "3m": "3 months", "1y": "a year"})  # often asked for
TRUTHS = MappingProxyType({"true": "yes", "false": "no"})
# Fields whose values are codes, with what makes words of them.
CALLED: Mapping[str, Callable[[str], str]] = MappingProxyType(
    dict.fromkeys(("type", "status", "certainty", "party_kind"), words.spelt)
    | dict.fromkeys(("since", "until", "in_force_on", "as_of"), words.date)
    | {
        "country": countries.name,
        "pair": lambda pair: " → ".join(countries.name(one) if one else "anybody" for one in pair.split(">")),
        "language": lambda code: words.LANGUAGES.get(code, code),
        "tier": lambda code: words.TIERS.get(code, code),
        "within": lambda ahead: WITHIN.get(ahead, ahead),
        "direction": lambda code: words.DIRECTIONS.get(code, code),
    }
)
WITHOUT = "-"  # before words that leave out what holds them
WITH_NAMES = ("party", "source")  # kinds of fields whose values are ids
MONTH = "month"  # a panel without a filter of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A value: where to have it, or where it is chosen, where not to; `share` of the largest in hundredths."""

    value: str
    words: str
    events: int
    to: str
    chosen: bool
    share: int


Maker = tuple[bool, Callable[[], Option]]  # whether an option is chosen, and what makes it


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The values of a field. `more` leads to all of them, where there are more; `wider`: one more widens the list."""

    field: str
    title: str
    choices: tuple[Option, ...]
    more: str | None
    whole: bool
    open: bool
    wider: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A filter that is set, and the page without it."""

    name: str  # "type"; of another value of the same filter "or type"
    words: str
    to: str


def panels(facets: Facets, stated: Stated, links: Links, *, whole: str) -> Iterator[Panel]:
    """All panels that have values; the one that is asked for in `whole` with many of them."""
    for field, title in PANELS.items():
        most = MOST if field == whole else SHOWN
        told = _months(facets, stated, links) if field == MONTH else _choices(facets, field, stated, links)
        shown, more = _first(told, most)
        if shown:
            yield Panel(
                field=field,
                title=title,
                choices=shown,
                more=links.home(stated, all=field) if more else None,
                whole=field == whole,
                open=field in OPEN or field == whole or any(one.chosen for one in shown),
                wider=field != MONTH and any(one.chosen for one in shown),
            )


def chips(ask: Ask, stated: Stated, to: Callable[[Stated], str]) -> Iterator[Chip]:
    """What a page is narrowed by, each value by itself; `to` is the address of the page with a question."""
    for field, given in stated.items():
        if field not in NAMES and field not in PANELS:
            continue
        values = several(given)
        named = names(ask, field, values)
        title = label(field)
        if field in DATES:
            title = "".join(AXES.get(on, "") for on in several(stated.get("on"))) + title
        for place, value in enumerate(values):
            joined = "" if not place else "and " if value.startswith(WITHOUT) else "or "
            yield Chip(name=joined + title, words=called(field, value, named), to=to(without(stated, field, value)))


def told(chips: Iterable[Chip]) -> str:
    """Chips as words: "type tariff or sanction; from 2024"."""
    return "; ".join(f"{chip.name} {chip.words}" for chip in chips)


def label(field: str) -> str:
    """A filter as people call it, inside of a sentence."""
    return PANELS.get(field, NAMES.get(field, field)).lower()


def names(ask: Ask, field: str, values: Sequence[str]) -> Mapping[str, str]:
    """Of values that are ids the names."""
    kind = FIELDS[field].named if field in FIELDS else ""
    return ask.timeline.ask(lambda db, _: spelt(db, kind, values)) if kind in WITH_NAMES else {}


def called(field: str, value: str, named: Mapping[str, str] = MappingProxyType({})) -> str:
    """A value as people say it."""
    if field in CALLED:
        return CALLED[field](value)
    if value in TRUTHS:
        return TRUTHS[value]
    return (named.get(value) or value).removeprefix(EXACTLY)


def without(stated: Stated, field: str, value: str) -> dict[str, Given]:
    """The question without one value."""
    left = tuple(one for one in several(stated.get(field)) if one != value)
    kept = {name: given for name, given in stated.items() if name != field or left}
    return {**kept, field: left} if left else kept


def with_value(stated: Stated, field: str, value: str) -> dict[str, Given]:
    """The question with one value more."""
    return {**stated, field: (*several(stated.get(field)), value)}


def hidden(stated: Stated, shown: Iterable[str]) -> list[tuple[str, str]]:
    """What a form has to carry along, since it has no field for it."""
    return [(name, value) for name, given in stated.items() if name not in shown for value in several(given)]


def _first(told: Iterable[Maker], most: int) -> tuple[tuple[Option, ...], bool]:
    """So many options and whatever else is chosen, and whether there are more, which are not made."""
    shown, more = [], False
    for place, (chosen, make) in enumerate(told):
        if place < most or chosen:
            shown.append(make())
        else:
            more = True
    return tuple(shown), more


def _choices(facets: Facets, field: str, stated: Stated, links: Links) -> Iterator[Maker]:
    """The values of a field, but parties without a name, to which others only belong, and what is chosen in words."""
    values = facets.fields.get(field, ())
    most = max((value.events for value in values), default=1)
    chosen = {*several(stated.get(field)), *(one.name for one in values if one.chosen and field in PARTIES)}
    for one in values:
        twice = f"{EXACTLY}{one.value}" in chosen or (field in PARTIES and one.name in {one.value, *chosen})
        if one.chosen or not twice:
            yield one.chosen, partial(_choice, one, field, stated, links, most)


def _choice(one: FacetValue, field: str, stated: Stated, links: Links, most: int) -> Option:
    value = f"{EXACTLY}{one.value}" if field == "item" and not one.chosen else one.value
    after = (without if one.chosen else with_value)(stated, field, value)
    return Option(
        value=one.value,
        words=called(field, one.value, {one.value: one.name}),
        events=one.events,
        to=links.home(after),
        chosen=one.chosen,
        share=share(one.events, most),
    )


def _months(facets: Facets, stated: Stated, links: Links) -> Iterator[Maker]:
    """Months in the order of time, the last first."""
    most = max((events for _, events in facets.months), default=1)
    alone = stated.get("since") if stated.get("since") == stated.get("until") else None
    for month, events in reversed(facets.months):
        if events:
            yield month == alone, partial(_month, month, events, stated, links, most, chosen=month == alone)


def _month(month: str, events: int, stated: Stated, links: Links, most: int, *, chosen: bool) -> Option:
    dates = {"since": None, "until": None} if chosen else {"since": month, "until": month}
    to = links.home(stated, **dates)
    return Option(value=month, words=words.date(month), events=events, to=to, chosen=chosen, share=share(events, most))


def share(events: int, most: int) -> int:
    """How much of the largest, in hundredths; something of anything."""
    return max(1, round(100 * events / most)) if events and most else 0
