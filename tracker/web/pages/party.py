"""One party: what it does and what is done to it, by whom, since when, and what articles call it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tracker.charts.countries import name
from tracker.errors import NotFoundError
from tracker.query import EventRow, Filters, grids, roster
from tracker.query.counting import span
from tracker.query.roster import RosterRow
from tracker.web import decisions, heat, overtime
from tracker.web.asking import Answer, Ask, in_json
from tracker.web.heat import Table
from tracker.web.overtime import Picture
from tracker.web.rendering import page

ALIASES = 30  # that articles use most
LATEST = 6  # events of a list
HOLDING = 5  # measures in force of a list
OTHERS = 10  # parties that it meets
MONTHS = 96  # that have a bar each; of more time each year has one
BELONGING = 40  # of what belongs to it
WIKIDATA = "https://www.wikidata.org/wiki/"
# The two sides of a party: the filter that gives its events there, the field of those it meets, and words.
ROLES = (
    ("actor", "target", "Acts by it", "Whom it restricts", "In force by it"),
    ("target", "actor", "Acts on it", "Who restricts it", "In force against it"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What a party does, or what is done to it: how many events, the latest ones, measures in force, whom it meets."""

    title: str
    events: int
    to: str
    latest: tuple[EventRow, ...]
    holding_title: str
    holding: tuple[EventRow, ...]
    holding_to: str
    meets_title: str
    meets: Table | None  # None: the counts are not there yet
    matrix: str


def show(ask: Ask) -> Answer:
    """The dossier; a former id, or a name, leads to the party that it means, or to those that it may mean."""
    try:
        found = ask.timeline.party(ask.path["id"], aliases=ALIASES, latest=0)
    except NotFoundError:
        if ":" in ask.path["id"]:
            raise NotFoundError(f"no party has the id {ask.path['id']!r}") from None
        return Answer(to=ask.links.page("parties", text=ask.path["id"]))
    if found.id != ask.path["id"]:
        return Answer(to=ask.links.party(found.id))
    whole = tallied(ask, [found.id]).get(found.id)
    below = tallied(ask, [one.id for one in found.children])
    children = sorted(below.values(), key=lambda one: (-one.acts - one.targeted, one.id))
    return page(
        ask,
        "party.html",
        party=found,
        seat=name(found.country) if found.country else None,
        seat_within=name(found.country, the=True) if found.country else None,
        wikidata=f"{WIKIDATA}{found.wikidata}" if found.wikidata else None,
        sides=tuple(side(ask, found.id, whole, *role) for role in ROLES),
        more=whole is not None and (whole.acts, whole.targeted) != (found.acts, found.targeted),
        sql=heat.sql(ask, {"party": found.id}),
        picture=overtime_of(ask, found.id),
        also=ask.timeline.ask(lambda db, _: roster.also(db, found.id)),
        children=children,
        belonging=BELONGING,
        decided=decisions.shown(ask.timeline, ask.links, found.judgements),
    )


def as_json(ask: Ask) -> Answer:
    """The same for programs; `acts_with_all` and `targeted_with_all` count what belongs to it as well."""
    found = ask.timeline.party(ask.path["id"], aliases=ALIASES, latest=LATEST)
    whole = tallied(ask, [found.id]).get(found.id)
    more = {"acts_with_all": whole.acts, "targeted_with_all": whole.targeted} if whole else {}
    return in_json({**found.to_dict(), **more})


def tallied(ask: Ask, ids: Iterable[str]) -> dict[str, RosterRow]:
    """Parties with their counts, by id."""
    wanted = tuple(ids)
    found = ask.timeline.ask(lambda db, _: roster.roster(db, ids=wanted, limit=len(wanted)))
    return {row.id: row for row in found.rows}


def side(
    ask: Ask, key: str, whole: RosterRow | None, role: str, other: str, title: str, meets: str, holding: str
) -> Side:
    """What a party does or meets."""
    mine: Filters = {"actor": key} if role == "actor" else {"target": key}
    restricting: Filters = {**mine, "direction": "restrict"}
    today = ask.now.date().isoformat()
    holds: Filters = {**restricting, "in_force_on": today}
    index = ask.index
    grid = None
    if index is not None:
        grid = ask.timeline.ask(lambda db, told: grids.grid(index, db, told, other, "type", top=OTHERS), **restricting)
    stated = {role: key, "direction": "restrict"}
    return Side(
        title=title,
        events=0 if whole is None else whole.acts if role == "actor" else whole.targeted,
        to=ask.links.home({role: key}),
        latest=ask.timeline.page(limit=LATEST, **mine).events,
        holding_title=holding,
        holding=ask.timeline.page(limit=HOLDING, **holds).events,
        holding_to=ask.links.home({**stated, "in_force_on": today}),
        meets_title=meets,
        meets=heat.table(grid, stated, ask.links) if grid else None,
        matrix=ask.links.page("matrix", {role: key, "rows": other, "columns": "type", "top": "30"}),
    )


def overtime_of(ask: Ask, key: str) -> Picture | None:
    """Its events over time, by role; None where there are none."""
    months = ask.timeline.ask(lambda db, _: roster.months(db, key))
    shown = overtime.periods(months["party"], "", "")
    if not shown:
        return None
    if len(shown) > MONTHS:
        shown = list(span(shown[0][:4], shown[-1][:4], "year"))
    bars = overtime.bars(months["party"], shown, {"party": key}, ask.links, "", "")
    lines = {"acts": months["acts"], "acted upon": months["targeted"]}
    found = overtime.trend(bars, lines, "role", {"party": key}, ask.links, whole=False)
    return replace(found, outside=overtime.outside(months["party"], shown, {"party": key}, ask.links))
