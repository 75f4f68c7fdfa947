"""Who restricts whom: one field against another, as a table whose numbers lead to their events."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.errors import InputError
from tracker.export import grids as tables
from tracker.model import Cell, Direction, Given
from tracker.query import Filters, grids
from tracker.query.grids import Grid
from tracker.web import heat
from tracker.web.asking import Answer, Ask, in_json
from tracker.web.rendering import page

OWN = ("rows", "columns", "top")  # parameters that are no filters
TOPS = (8, 12, 20, 30)
CSV = "text/csv; charset=utf-8"
# Questions that people begin with: rows and columns.
VIEWS = (
    ("Countries", "actor_country", "target_country"),
    ("Parties", "actor", "target"),
    ("What countries do", "actor_country", "type"),
    ("What hits countries", "target_country", "type"),
    ("What it is about", "item", "actor_country"),
)
TITLES = {
    Direction.RESTRICT: "Who restricts whom",
    Direction.EASE: "Who eases restrictions on whom",
    Direction.NEUTRAL: "Who acts on whom without restricting or easing",
    heat.EVERY: "Who acts on whom",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: the sides, how many values of each, the direction, the filters, and the address's own words."""

    rows: str
    columns: str
    top: int
    direction: str
    filters: Filters
    stated: dict[str, Given]  # the filters in full, as the timeline takes them

    @property
    def own(self) -> dict[str, str]:
        """The parameters of this page that are no filters."""
        return {"rows": self.rows, "columns": self.columns, "top": str(self.top), "direction": self.direction}


def show(ask: Ask) -> Answer:
    """The table with its form."""
    asked = question(ask)
    grid = counted(ask, asked)
    return page(
        ask,
        "matrix.html",
        asked=asked,
        grid=grid,
        same={one.value for one in grid.rows} & {one.value for one in grid.columns},
        table=heat.table(grid, asked.stated, ask.links),
        title=TITLES[asked.direction] if _meets(asked) else heat.listed((asked.rows, asked.columns)).capitalize(),
        fields=heat.FIELDS,
        views=[(name, rows, columns, _view(ask, asked, rows, columns)) for name, rows, columns in VIEWS],
        turned=_view(ask, asked, asked.columns, asked.rows),
        tops=sorted({*TOPS, asked.top}),
        sql=heat.sql(ask, asked.filters),
        unheld=heat.unheld((asked.rows, asked.columns), asked.stated),
        periods=heat.periods(ask, "matrix", asked.stated, asked.own),
        chips=heat.chips(ask, "matrix", asked.stated, asked.own),
        form=heat.form(asked.stated, asked.direction),
    )


def as_json(ask: Ask) -> Answer:
    """The same numbers for programs, with the filters that they are counted by."""
    asked = question(ask)
    told = {"filters": asked.stated, **counted(ask, asked).to_dict()}
    return in_json(told)


def as_csv(ask: Ask) -> Answer:
    """The same table for spreadsheets."""
    asked = question(ask)
    grid = counted(ask, asked)
    head = [
        f"{asked.rows} \\ {asked.columns}",
        *(heat.called(grid.column_field, one.value, one.name) for one in grid.columns),
    ]
    rows: list[list[Cell]] = [
        [heat.called(grid.row_field, side.value, side.name), *cells, side.others, side.events]
        for side, cells in zip(grid.rows, grid.cells, strict=True)
    ]
    below: list[list[Cell]] = [
        ["others or none", *(one.others for one in grid.columns), None, None],
        ["all", *(one.events for one in grid.columns), None, grid.events],
    ]
    text = tables.text([*head, "others or none", "all"], [*rows, *below], "csv")
    return Answer(body=text, type=CSV, headers={"content-disposition": 'attachment; filename="matrix.csv"'})


def question(ask: Ask) -> Question:
    """What the address asks; raises InputError."""
    rows = ask.choice("rows", heat.FIELDS, "actor_country")
    columns = ask.choice("columns", heat.FIELDS, "target_country")
    if rows == columns:
        raise InputError(f"rows and columns are two different fields, not {rows} twice")
    top = ask.number("top", 12, most=max(TOPS))
    direction, filters, stated = heat.directed(ask, *OWN)
    return Question(rows=rows, columns=columns, top=top, direction=direction, filters=filters, stated=stated)


def counted(ask: Ask, asked: Question) -> Grid:
    """The numbers; raises InputError, and BusyError before the index is there."""
    index = heat.index(ask)
    return ask.timeline.ask(
        lambda db, told: grids.grid(index, db, told, asked.rows, asked.columns, top=asked.top), **asked.filters
    )


def _view(ask: Ask, asked: Question, rows: str, columns: str) -> str:
    return ask.links.page("matrix", {**asked.stated, **asked.own}, rows=rows, columns=columns)


def _meets(asked: Question) -> bool:
    """Whether who acts stands against who is hit."""
    return (asked.rows, asked.columns) in {("actor_country", "target_country"), ("actor", "target")}
