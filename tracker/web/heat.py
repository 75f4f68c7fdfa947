"""Tables of one field against another, each number with its shade and the address of its events.

It counts nothing: that is `tracker.query.grids`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from tracker.charts import shades
from tracker.errors import BusyError
from tracker.model import Direction, EventType, Given
from tracker.query import Filters
from tracker.query.counting import FIELDS as COUNTED
from tracker.query.facets import Index
from tracker.query.filters import EXACTLY, condition, several
from tracker.query.grids import Grid, GridSide
from tracker.query.statements import statement
from tracker.web import narrowing
from tracker.web.asking import Ask
from tracker.web.links import Links
from tracker.web.narrowing import Chip

# The fields that a table may have on its sides, as people call them: alone, and as a question for the title.
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "actor_country": "acting countries",
        "target_country": "target countries",
        "actor": "acting parties",
        "target": "target parties",
        "country": "countries in either role",
        "party": "parties in either role",
        "type": "types",
        "status": "statuses",
        "direction": "effects",
        "certainty": "certainties",
        "party_kind": "kinds of party",
        "item": "things at stake",
        "instrument": "laws and lists",
        "source": "sources",
        "tier": "kinds of source",
        "language": "languages",
        "tag": "tags",
        "subtype": "own types",
    }
)
COUNTRIES = ("actor_country", "target_country", "country")
PARTIES = ("actor", "target", "party")
SIDES = ("actor_country", "target_country")  # told by the filter `pair`, of which one end may stay open

EVERY = "all"  # directions
TIMES = ("since", "until", "between", "last")
YEARS = 4  # that are offered, the present one among them
FORM = ("type", "item", "since", "until")  # filters that have a field in a form


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number with its shade (0: none), the address of the events that it counts, and what it says in words."""

    events: int
    step: int
    to: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a row or column: a name, its total, and what the shown values of the other side leave out of it."""

    value: str
    name: str
    total: Number
    others: int
    page: str | None  # about the party that it is, where anything is known of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows with their numbers, and the legend of shades: step, first and last number."""

    columns: tuple[Head, ...]
    rows: tuple[tuple[Head, tuple[Number, ...]], ...]
    legend: tuple[tuple[int, int, int], ...]
    most: int


def directed(ask: Ask, *own: str) -> tuple[str, Filters, dict[str, Given]]:
    """The direction that a page counts, the filters with it, and the same as an address states them.

    Unlike in the timeline it is "restrict" where nothing else is asked for; "all" counts all. Raises InputError.
    """
    direction = ask.choice("direction", (*Direction, EVERY), Direction.RESTRICT)
    filters, stated = ask.filters(*own, "direction"), ask.stated(*own, "direction")
    if direction != EVERY:
        filters["direction"] = direction
        stated["direction"] = str(direction)
    return str(direction), filters, stated


def form(stated: Mapping[str, Given], direction: str) -> dict[str, object]:
    """The fields of a form with what they hold, and what it has to carry along."""
    held = {name: one[0] for name in FORM if len(one := several(stated.get(name))) == 1}
    return {
        "held": held,
        "direction": direction,
        "directions": [*((one.value, narrowing.called("direction", one.value)) for one in Direction), (EVERY, "any")],
        "types": [one.value for one in EventType],
        "hidden": narrowing.hidden(stated, (*held, "direction")),
    }


def periods(ask: Ask, page: str, stated: Mapping[str, Given], own: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    """Times that are often asked for: words, the page of it, and whether it is the one shown."""
    timeless = {name: value for name, value in stated.items() if name not in TIMES}
    shown = {name: value for name, value in stated.items() if name in TIMES}
    years = [str(ask.now.year - back) for back in range(YEARS)]
    told: dict[str, dict[str, Given]] = {
        "all of the time": {},
        "last 90 days": {"last": "90d"},
        **{year: {"since": year, "until": year} for year in years},
    }
    return [
        (words, ask.links.page(page, {**timeless, **times, **own}), times == shown) for words, times in told.items()
    ]


def index(ask: Ask) -> Index:
    """What counts; raises BusyError as long as it is being loaded."""
    if ask.index is None:
        raise BusyError("the counts are being loaded, which takes some seconds after the start: load this page again")
    return ask.index


def table(grid: Grid, stated: Mapping[str, Given], links: Links) -> Table:
    """A grid for a page; `stated` are the filters that hold for all of it, as an address states them."""
    bounds = shades.bounds(grid.most)
    columns = [_head(grid.column_field, side, stated, links) for side in grid.columns]
    rows = []
    for side, cells in zip(grid.rows, grid.cells, strict=True):
        head = _head(grid.row_field, side, stated, links)
        line = tuple(
            Number(
                events=events,
                step=shades.step(bounds, events),
                to=links.home({**stated, **both(grid, side.value, column.value)}),
                words=f"{head.name}, {column.name}: {events:,}",
            )
            for column, events in zip(columns, cells, strict=True)
        )
        rows.append((head, line))
    return Table(
        columns=tuple(columns),
        rows=tuple(rows),
        legend=tuple(shades.legend(bounds, grid.most)),
        most=grid.most,
    )


def both(grid: Grid, row: str, column: str) -> dict[str, str]:
    """The filters that a cell stands for."""
    told = {grid.row_field: row, grid.column_field: column}
    if all(side in told for side in SIDES):
        return {"pair": f"{told['actor_country']}>{told['target_country']}"}
    return {**one(grid.row_field, row), **one(grid.column_field, column)}


def one(field: str, value: str) -> dict[str, str]:
    """The filter that a value of a field stands for."""
    if field in SIDES:
        return {"pair": f"{value}>" if field == "actor_country" else f">{value}"}
    return {field: f"{EXACTLY}{value}" if field in ("item", "instrument") else value}


def unheld(sides: Sequence[str], stated: Mapping[str, Given]) -> list[str]:
    """The filters, as people call them, that links of a table cannot hold because a side takes their place.

    Of fields of which an event has one value alone nothing is lost by that.
    """
    taken = {name for side in sides if not COUNTED[side].plain for name in one(side, "")}
    return [narrowing.label(name) for name in stated if name in taken]


def called(field: str, value: str, name: str) -> str:
    """A value as people say it."""
    return narrowing.called("country" if field in COUNTRIES else field, value, {value: name})


def listed(sides: Sequence[str]) -> str:
    """What stands on the sides, in words: "acting countries × types"."""
    return " × ".join(FIELDS[side] for side in sides)


def sql(ask: Ask, filters: Filters) -> str:
    """The events that a page counts, as a question in Datasette."""
    return ask.links.sql(ask.timeline.ask(lambda db, told: statement(db, condition(db, told)), **filters))


def chips(ask: Ask, page: str, stated: Mapping[str, Given], own: Mapping[str, str]) -> list[Chip]:
    """What a page is narrowed by; `own` are its parameters that are no filters, or as good as none."""
    filters = {field: given for field, given in stated.items() if field not in own}
    return list(narrowing.chips(ask, filters, lambda left: ask.links.page(page, {**left, **own})))


def _head(field: str, side: GridSide, stated: Mapping[str, Given], links: Links) -> Head:
    name = called(field, side.value, side.name)
    return Head(
        value=side.value,
        name=name,
        total=Number(
            events=side.events,
            step=0,
            to=links.home({**stated, **one(field, side.value)}),
            words=f"{name}: {side.events:,}",
        ),
        others=side.others,
        page=links.party(side.value) if field in PARTIES and side.name != side.value else None,
    )
