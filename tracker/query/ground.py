"""Where the things that filters ask for are found: a database's facets, sets and full text, or the tables of a lake.

`tracker.query.filters` says what each filter means in terms of a `Ground`, once for both; what a ground makes of a
thing (`T`) is its own: `Tables` makes parts of a plan for SQLite, `tracker.query.lake_ground` tests for DuckDB.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sqlite3 import Row
from typing import Protocol, TypeVar

from tracker.query import changes, plan
from tracker.query.amounts import AmountAsked
from tracker.query.asks import Asks
from tracker.query.plan import Asked
from tracker.query.words import Match
from tracker.store import facets
from tracker.store.connection import Connection

T_co = TypeVar("T_co", covariant=True)
Facets = Iterable[tuple[str, Sequence[str]]]  # fields, each with values

STEPS = "SELECT number FROM event WHERE measure_id IN (SELECT value FROM json_each(?))"
NAMED = """
SELECT facet_key.number, events FROM facet_fts CROSS JOIN facet_key ON facet_key.number = facet_fts.rowid
WHERE facet_fts MATCH ? AND field IN (SELECT value FROM json_each(?))
UNION
SELECT number, events FROM json_each(?) AS wanted CROSS JOIN json_each(?) AS name
CROSS JOIN facet_key ON field = wanted.value AND facet_key.value = name.value
"""
BANDS = "SELECT number, events FROM facet_key WHERE field = ? AND CAST(value AS INTEGER) >= ?"
AMOUNTS = "SELECT number, events, value FROM facet_key WHERE field = ?"
CHANGED = "SELECT number FROM event WHERE id IN (SELECT id FROM change WHERE cursor > ? AND what = 'event')"
MOST_CHANGED = "SELECT count(*) FROM (SELECT 1 FROM change WHERE cursor > ? AND what = 'event' LIMIT ?)"
CHANGED_ONE = """EXISTS (SELECT 1 FROM event AS one CROSS JOIN change ON change.id = one.id
  WHERE one.number = {number} AND change.cursor > ? AND change.what = 'event')"""


class Ground(Protocol[T_co]):
    """What filters are read with. With `but` it is the other events that are asked for."""

    @property
    def names(self) -> Asks:
        """Where parties, seats and former ids are looked up."""
        ...

    def any(self, wanted: Facets, *, but: bool = False) -> T_co:
        """Events with any of some values in any of some fields."""
        ...

    def least(self, name: str, least: float) -> T_co:
        """Events with at least so much of what has bands; what a band holds beside it is left to `filters`."""
        ...

    def things(self, texts: Sequence[Match], fields: Sequence[str], *, exact: Facets = (), but: bool = False) -> T_co:
        """Events with things in some fields whose names hold the words of any text, or that are called so exactly.

        With `but` it is what the texts leave out that is looked for.
        """
        ...

    def amounts(self, told: Sequence[AmountAsked]) -> T_co:
        """Events with amounts near one that is asked for; `filters` looks closer."""
        ...

    def words(self, text: Match, *, but: bool = False) -> T_co:
        """Events whose texts hold what a text wants; with `but`, all but those that hold what it leaves out."""
        ...

    def measures(self, ids: Sequence[str]) -> T_co:
        """The steps of some measures."""
        ...

    def changed(self, cursor: int) -> T_co:
        """What changed after a cursor."""
        ...

    def nothing(self) -> T_co:
        """No event."""
        ...


@dataclass(frozen=True, slots=True)
class Tables:
    """A database: facets by their keys, with how many events have each."""

    db: Connection
    rejected: bool

    @property
    def names(self) -> Asks:
        """The database itself."""
        return self.db

    def any(self, wanted: Facets, *, but: bool = False) -> Asked:
        """Facets by their keys."""
        return plan.asked(self.db, ((self.field(name), values) for name, values in wanted), but=but)

    def least(self, name: str, least: float) -> Asked:
        """The bands from the one that it lies in."""
        return plan.of_keys(_once(self.db.rows(BANDS, (self.field(name), facets.BANDS[name](max(least, 0))))))

    def things(self, texts: Sequence[Match], fields: Sequence[str], *, exact: Facets = (), but: bool = False) -> Asked:
        """Names of things by the index of their words."""
        told = [one.unwanted if but else one.wanted for one in texts]
        expressions = [one for one in told if one is not None]
        names = list(exact)
        values = (
            f"({') OR ('.join(expressions)})" if expressions else '""',
            json.dumps([self.field(one) for one in fields]),
            json.dumps([self.field(name) for name, _ in names]),
            json.dumps([value for _, some in names for value in some]),
        )
        return plan.of_keys(_once(self.db.rows(NAMED, values)), but=but, found=(NAMED, values))

    def amounts(self, told: Sequence[AmountAsked]) -> Asked:
        """The bands that they may lie in."""
        rows = self.db.rows(AMOUNTS, (self.field("amount"),))
        return plan.of_keys(
            [(row["number"], row["events"]) for row in rows if any(one.near(row["value"]) for one in told)]
        )

    def surely(self, told: Sequence[AmountAsked]) -> Asked:
        """Of what `amounts` gives, what needs no closer look."""
        rows = self.db.rows(AMOUNTS, (self.field("amount"),))
        return plan.of_keys(
            [(row["number"], row["events"]) for row in rows if any(one.surely(row["value"]) for one in told)]
        )

    def words(self, text: Match, *, but: bool = False) -> Asked:
        """Those that the index of words finds."""
        expression = text.unwanted if but else text.wanted
        assert expression is not None
        return plan.of_words(self.db, expression, but=but)

    def measures(self, ids: Sequence[str]) -> Asked:
        """Events by their measure."""
        return plan.of_set(self.db, STEPS, (json.dumps(ids),))

    def changed(self, cursor: int) -> Asked:
        """Events by the log of changes."""
        changes.known(self.db, cursor)
        most = self.db.number(MOST_CHANGED, (cursor, plan.MOST_SORTED + 1))
        return Asked(most, sql=CHANGED, values=(cursor,), once=CHANGED_ONE if most > plan.MOST_SORTED else "")

    def nothing(self) -> Asked:
        """No event."""
        return plan.of_keys(())

    def field(self, name: str) -> str:
        """A field as events have it that a person rejected, where those are asked for."""
        return f"{facets.REJECTED}{name}" if self.rejected else name


def _once(rows: Iterable[Row]) -> Iterable[tuple[int, int]]:
    return [(row["number"], row["events"]) for row in rows]
