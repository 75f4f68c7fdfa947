"""Filters over a lake: each as a test of a row of its table `event`, in DuckDB's SQL.

What filters mean is said in `tracker.query.filters`. Words are looked for in the strings that the lake holds of them
(`tracker.lake.tokens`), so that a word, a phrase and a beginning are found where SQLite's full-text search finds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker.errors import InputError
from tracker.lake.timeline import FACETS
from tracker.lake.tokens import Tokens
from tracker.query import dates
from tracker.query.amounts import AmountAsked
from tracker.query.filters import Filters, checked, in_order, tests, wanted
from tracker.query.ground import Facets
from tracker.query.lake import Lake
from tracker.query.words import Match, Term
from tracker.store.facets import FIELDS

Test = tuple[str, tuple[Any, ...]]  # SQL with its values

AXES = {**dates.AXES, "announced": ("event.day", "event.day_to")}
MOST_LISTED = 50  # values that are looked for in each event's own list
FLAGS = ("reviewed", "contradicted")
STANDING, REJECTION = "event.verdict IS DISTINCT FROM 'reject'", "event.verdict = 'reject'"
AMONG_MANY = """event.number IN (
  SELECT number FROM (SELECT number, unnest(facet_{name}) AS value FROM event) WHERE value IN (SELECT unnest(?)))"""
NAMED = "SELECT field, value FROM facet WHERE field IN ({fields}) AND ({words})"
NONE: Test = ("false", ())


@dataclass(frozen=True, slots=True)
class LakeGround:
    """A lake: facets in the columns of its events."""

    lake: Lake
    tokens: Tokens = field(default_factory=Tokens)

    @property
    def names(self) -> Lake:
        """The lake's own tables of parties."""
        return self.lake

    def any(self, wanted: Facets, *, but: bool = False) -> Test:
        """Values in the columns of fields."""
        found: dict[str, dict[str, None]] = {}
        for name, values in wanted:
            found.setdefault(name, {}).update(dict.fromkeys(values))
        told = [_held(name, list(values)) for name, values in found.items() if values]
        return _but(joined(" OR ", told) if told else NONE, but=but)

    def least(self, name: str, least: float) -> Test:
        """The number itself."""
        return f"event.{name} >= ?", (least,)

    def things(self, texts: Sequence[Match], fields: Sequence[str], *, exact: Facets = (), but: bool = False) -> Test:
        """Names of things by the words that the lake holds of each."""
        found = {name: list(values) for name, values in exact}
        held = [self._unwanted(one, "words") if but else self._wanted(one, "words") for one in texts]
        if held:
            sql, values = joined(" OR ", held)
            for row in self.lake.rows(NAMED.format(fields=_marks(fields), words=sql), (*fields, *values)):
                found.setdefault(row["field"], []).append(row["value"])
        return self.any(found.items(), but=but)

    def amounts(self, told: Sequence[AmountAsked]) -> Test:
        """The bands that they may lie in."""
        known = (row["value"] for row in self.lake.rows("SELECT DISTINCT value FROM facet WHERE field = 'amount'"))
        return self.any([("amount", [value for value in known if any(one.near(value) for one in told)])])

    def words(self, text: Match, *, but: bool = False) -> Test:
        """Words of the events' texts."""
        if but:
            return _but(self._unwanted(text, "event.words"), but=True)
        return self._wanted(text, "event.words")

    def measures(self, ids: Sequence[str]) -> Test:
        """Events by their measure."""
        return f"event.measure_id IN ({_marks(ids)})", tuple(ids)

    def changed(self, cursor: int) -> Test:
        """A lake has no log of changes."""
        raise InputError(f"a lake does not tell what changed (changed_since={cursor}); ask a database")

    def nothing(self) -> Test:
        """No event."""
        return NONE

    def _wanted(self, text: Match, column: str) -> Test:
        groups = [joined(" OR ", [self._term(term, column) for term in group]) for group in text.groups]
        return joined(" AND ", groups)

    def _unwanted(self, text: Match, column: str) -> Test:
        return joined(" OR ", [self._term(term, column) for term in text.excluded])

    def _term(self, term: Term, column: str) -> Test:
        (told,) = self.tokens.of([(term.plain,)])
        if not told.strip():
            return NONE
        return f"contains({column}, ?)", (told[:-1] if term.begins else told,)


def where(lake: Lake, filters: Filters) -> Test:
    """All filters as one test of a row of `event`; relative dates are none (`dates.absolute` goes first).

    Raises:
        InputError: a filter has a value that it cannot have, or asks what a lake does not tell.
    """
    checked(filters)
    settled = dates.absolute(filters, None)
    since, until = in_order(settled)
    found: list[Test] = [(REJECTION if filters.get("rejected") else STANDING, ())]
    if since:
        found.append((f"event.at >= {int(since[:4]) * 10000 + 101}", ()))
        number = int(since.replace("-", ""))
        found.append((f"event.at >= {number} OR {AXES['announced'][1]} >= ?", (since,)))
    if until:
        found.append((f"event.at <= {int(until.replace('-', ''))}", ()))
    found += wanted(LakeGround(lake), filters)
    found += tests(filters, settled, AXES)
    return joined(" AND ", found)


def _held(name: str, values: list[str]) -> Test:
    """Any of some values in one field."""
    if name == "all":
        return "true", ()
    if name in FLAGS:
        return f"event.{name}", ()
    if name in FIELDS:
        return f"coalesce(event.{name} IN ({_marks(values)}), false)", tuple(values)
    assert name in FACETS, name
    if len(values) > MOST_LISTED:
        return AMONG_MANY.format(name=name), (values,)
    return f"list_has_any(event.facet_{name}, [{_marks(values)}])", tuple(values)


def joined(word: str, told: Iterable[Test]) -> Test:
    """Some tests as one."""
    some = list(told)
    return word.join(f"({sql})" for sql, _ in some), tuple(value for _, values in some for value in values)


def _but(told: Test, *, but: bool) -> Test:
    return (f"NOT ({told[0]})", told[1]) if but else told


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
