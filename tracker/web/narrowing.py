"""What the timeline can be narrowed by: panels of values with their counts, and chips for what it is narrowed by.

Every one of them is a link to the page with a value more or less. It counts nothing: that is `tracker.query.facets`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tracker.charts import countries
from tracker.model import Given
from tracker.query.facets import Facets
from tracker.query.filters import EXACTLY
from tracker.web import words
from tracker.web.links import Links

Stated = Mapping[str, Given]

SHOWN = 8  # values of a panel
MOST = 200  # of one that is asked for in whole
PARTIES = ("actor", "target")
OPEN = ("type", "status", "actor", "target")  # panels that stand open
# Fields with panels, in their order, as people call them.
PANELS: Mapping[str, str] = MappingProxyType(
    {
        "type": "Type",
        "status": "Status",
        "actor": "Who acts",
        "target": "Who is hit or helped",
        "country": "Country of either",
        "item": "What it is about",
        "month": "Month",
        "tier": "Kind of source",
        "source": "Source",
        "language": "Language",
        "direction": "Effect",
        "certainty": "Certainty",
    }
)
# Filters as chips tell them, beside those that have panels.
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "subtype": "subtype",
        "party": "party",
        "party_kind": "kind of party",
        "pair": "who acts and who is hit",
        "instrument": "law or list",
        "amount": "amount",
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
EFFECTS = MappingProxyType({"restrict": "restricts", "ease": "eases", "neutral": "neither"})
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
        "direction": lambda code: EFFECTS.get(code, code),
    }
)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The values of a field. `more` leads to all of them, where there are more."""

    field: str
    title: str
    choices: tuple[Option, ...]
    more: str | None
    whole: bool
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A filter that is set, and the page without it."""

    name: str
    words: str
    to: str


def panels(facets: Facets, stated: Stated, links: Links, *, whole: str) -> Iterator[Panel]:
    """All panels that have values; the one that is asked for in `whole` with many of them."""
    for field, title in PANELS.items():
        found = [*(_months(facets, stated, links) if field == MONTH else _choices(facets, field, stated, links))]
        shown = found[: MOST if field == whole else SHOWN]
        shown += [one for one in found[len(shown) :] if one.chosen]
        if shown:
            yield Panel(
                field=field,
                title=title,
                choices=tuple(shown),
                more=links.home(stated, all=field) if len(found) > len(shown) else None,
                whole=field == whole,
                open=field in OPEN or field == whole or any(one.chosen for one in shown),
            )


def chips(facets: Facets | None, stated: Stated, links: Links) -> Iterator[Chip]:
    """What the list is narrowed by, each value by itself."""
    for field, given in stated.items():
        if field not in NAMES and field not in PANELS:
            continue
        named = {one.value: one.name for one in facets.fields.get(field, ())} if facets else {}
        name = PANELS.get(field, NAMES.get(field, "")).lower()
        if field in DATES:
            name = "".join(AXES.get(on, "") for on in several(stated.get("on"))) + name
        for value in several(given):
            yield Chip(name=name, words=called(field, value, named), to=links.home(without(stated, field, value)))


def called(field: str, value: str, named: Mapping[str, str] = MappingProxyType({})) -> str:
    """A value as people say it."""
    if field in CALLED:
        return CALLED[field](value)
    if value in TRUTHS:
        return TRUTHS[value]
    return (named.get(value) or value).removeprefix(EXACTLY)


def several(given: Given | None) -> tuple[str, ...]:
    """The values of a filter."""
    return () if given is None else (given,) if isinstance(given, str) else tuple(given)


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


def _choices(facets: Facets, field: str, stated: Stated, links: Links) -> Iterator[Option]:
    """The values of a field, but parties without a name, to which others only belong, and what is chosen in words."""
    values = facets.fields.get(field, ())
    most = max((value.events for value in values), default=1)
    chosen = {*several(stated.get(field)), *(one.name for one in values if one.chosen and field in PARTIES)}
    for one in values:
        twice = f"{EXACTLY}{one.value}" in chosen or (field in PARTIES and one.name in {one.value, *chosen})
        if twice and not one.chosen:
            continue
        value = f"{EXACTLY}{one.value}" if field == "item" and not one.chosen else one.value
        after = (without if one.chosen else with_value)(stated, field, value)
        yield Option(
            value=one.value,
            words=called(field, one.value, {one.value: one.name}),
            events=one.events,
            to=links.home(after),
            chosen=one.chosen,
            share=share(one.events, most),
        )


def _months(facets: Facets, stated: Stated, links: Links) -> Iterator[Option]:
    """Months in the order of time, the last first."""
    most = max((events for _, events in facets.months), default=1)
    alone = stated.get("since") if stated.get("since") == stated.get("until") else None
    for month, events in reversed(facets.months):
        if events:
            chosen = month == alone
            dates = {"since": None, "until": None} if chosen else {"since": month, "until": month}
            to = links.home(stated, **dates)
            yield Option(
                value=month, words=words.date(month), events=events, to=to, chosen=chosen, share=share(events, most)
            )


def share(events: int, most: int) -> int:
    """How much of the largest, in hundredths; something of anything."""
    return max(1, round(100 * events / most)) if events and most else 0
