"""What is handed to those who write files for other programs: columns, whole events, and what a file is about.

An exported event is flat and plain; what it means is said of `event` in docs/schema.md. Nothing here knows a format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class CellKind(StrEnum):
    """What a column of a table holds."""

    TEXT = "text"
    WORD = "word"  # an id, or a word of the ontology
    DATE = "date"  # an ISO prefix: 2024, 2024-07, 2024-07-09
    DAY = "day"  # a whole ISO date; empty where none is known
    INTEGER = "integer"
    NUMBER = "number"
    LIST = "list"  # of texts; in a row one text with SEPARATOR between, None for none


@dataclass(frozen=True, slots=True)
class Column:
    """A column of exported tables."""

    name: str
    kind: CellKind


# The fields of a row of the timeline, in their order.
EVENT_COLUMNS = (
    Column("id", CellKind.WORD),
    Column("date", CellKind.DAY),
    Column("type", CellKind.WORD),
    Column("subtype", CellKind.TEXT),
    Column("status", CellKind.WORD),
    Column("direction", CellKind.WORD),
    Column("certainty", CellKind.WORD),
    Column("actors", CellKind.LIST),
    Column("targets", CellKind.LIST),
    Column("items", CellKind.LIST),
    Column("instruments", CellKind.LIST),
    Column("announced_on", CellKind.DATE),
    Column("effective_on", CellKind.DATE),
    Column("summary", CellKind.TEXT),
    Column("confidence", CellKind.NUMBER),
    Column("report_count", CellKind.INTEGER),
    Column("origins", CellKind.INTEGER),
    Column("sources", CellKind.INTEGER),
    Column("url", CellKind.TEXT),
    Column("measure_id", CellKind.WORD),
)
SEPARATOR = "\x1f"  # the unit separator; no text of ours holds it
Cell = str | int | float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedParty:
    """A party of an exported event."""

    id: str
    name: str
    kind: str
    country: str | None
    wikidata: str | None
    first_seen_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """An event with what feeds, calendars and graphs need of it; times are ISO 8601 in UTC."""

    id: str
    date: str
    type: str
    subtype: str | None
    status: str
    direction: str
    certainty: str
    actors: tuple[ExportedParty, ...]
    targets: tuple[ExportedParty, ...]
    items: tuple[str, ...]
    instruments: tuple[str, ...]
    announced_on: str | None
    effective_on: str | None
    effective_from: str | None  # the first and the last day that `effective_on` may mean
    effective_to: str | None
    summary: str
    confidence: float
    origins: int
    url: str | None
    quote: str  # of the report that leads it; may be empty
    measure_id: str
    measure_title: str
    first_seen_at: str
    changed_at: str
    changes: int  # how often it has been changed since it was first stored


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What an export is of: a title for people, the question that was asked, the state that answered it."""

    title: str
    query: str | None  # the name of a saved query
    filters: Mapping[str, str | tuple[str, ...]]
    as_of: str  # when it was asked, ISO 8601 in UTC
    cursor: int  # of the last change that it knows
    schema: int
    link: str | None = None  # where the file can be had, where that is known
    pages: str | None = None  # what stands before the id in the address of an event's page, where there are such pages
