"""Rows made without a database, packed by whoever makes them for the one that writes them.

The functions say of a thing what the nouns of this room write of it, column by column; a test compares the two. Rows
are packed as a database in bytes, so that SQLite copies them from there: as values of Python each would be taken up
one by one, in the one thread that writes. Nothing is decided here, and no file is written: see `filling`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from types import MappingProxyType

from tracker.model import Article, Event, Link, Measure, Mention, Report, Standing, TieAsk
from tracker.store import analyses, answering, articles, event_rows
from tracker.store.codec import bounds, dumps, folded
from tracker.store.connection import Value, storable
from tracker.store.entities import entity_id
from tracker.store.measures import link_row, step_row
from tracker.store.reports import amount_columns, named
from tracker.store.standings import key_rows, told

Row = tuple[Value, ...]
Rows = Mapping[str, Sequence[Row]]  # by table
_AMOUNT = "kind value upper comparison unit per text".split()
_STANDING = "id lead_id leads rank profile keys".split()
# The columns of the rows that the functions below make; those that are left out have their defaults, or are numbers
# and times that `fill` gives.
COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "source": ("id", "name", "kind", "url", "tier", "language", "tags", "interval_seconds", "enabled", "active"),
        "article": ("id", *articles.COLUMNS, "origin", "scheme", "reader"),
        "article_standing": tuple(_STANDING),
        "mention": ("article_id", "field", "start", "end", "entity_id", "how"),
        "alias": ("entity_id", "name", "folded", "how"),
        "entity": (
            *("id", "name", "kind", "country", "wikidata", "parent"),
            *("merged_into", "merged_because", "unsettled"),
        ),
        "entity_evidence": ("entity_id", "key", "how", "article_id", "words"),
        "entity_key": ("key", "entity_id", "how", "articles"),
        "report": ("id", "article_id", *analyses.COLUMNS, "event_id", "withdrawn"),
        "report_amount": ("report_id", "position", *_AMOUNT),
        "report_standing": ("id", "group_id", "published", "unsettled", *_STANDING[1:], "resolver"),
        "event": (
            *("id", *event_rows.COLUMNS, *event_rows.DATES),
            *("measure_id", "reports", "first_reported", "day"),
        ),
        "event_standing": tuple(_STANDING),
        "event_party": ("event_id", "role", "position", "entity_id", "name"),
        "event_item": ("event_id", "kind", "position", "name", "folded"),
        "contradiction": ("event_id", "field", "position", "value", "origins", "reports", "because"),
        "tie_ask": ("event_id", "kind", "actor", "targets", "first", "last"),
        "event_seat": ("actor", "target", "day", "event_id"),
        "measure": ("id", "title", "status", "since", "lead_id"),
        "measure_step": ("measure_id", "position", "day", "status", "event_id", "words", "inferred"),
        "measure_link": ("measure_id", "other_id", "kind", "event_id", "score", "reasons"),
        # `number` is the place of the thing among those of its batch
        **{f"{level}_key": ("key", "leads", "day", "number") for level in ("article", "report", "event")},
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """Rows of some tables on their way to the database."""

    counts: Mapping[str, int]  # rows, by table; those that others refer to first
    data: bytes  # a SQLite database with these tables, of nothing but the columns in COLUMNS


def packed(tables: Rows) -> Packed:
    """Pack rows; what UTF-8 cannot hold is replaced as in any other writing."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as raw:
        raw.execute("BEGIN")
        for table, rows in tables.items():
            names = ", ".join(f'"{name}"' for name in COLUMNS[table])
            raw.execute(f"CREATE TABLE {table} ({names})")
            places = ", ".join("?" * len(COLUMNS[table]))
            raw.executemany(f"INSERT INTO {table} VALUES ({places})", map(storable, rows))  # noqa: S608 - constants
        raw.execute("COMMIT")
        return Packed(counts={table: len(rows) for table, rows in tables.items()}, data=raw.serialize())


def article_row(article: Article, *, origin: str, scheme: str, reader: str | None) -> Row:
    """A row of `article`."""
    return (article.id, *articles.columns(article), origin, scheme, reader)


def mention_rows(article_id: str, mentions: Iterable[Mention]) -> list[Row]:
    """Rows of `mention`: of one party at one place once."""
    found = sorted(
        (article_id, one.span.field, one.span.start, one.span.end, entity_id(one.party), one.how) for one in mentions
    )
    return list({row[:5]: row for row in reversed(found)}.values())


def alias_rows(article: Article, mentions: Iterable[Mention]) -> set[Row]:
    """Rows of `alias`: what an article calls parties."""
    pairs = {(entity_id(one.party), named(article, one), one.how) for one in mentions}
    return {(key, name, folded(name), how) for key, name, how in pairs}


def report_row(report: Report, position: int, reader: str, *, event_id: str, withdrawn: bool) -> Row:
    """A row of `report`."""
    told_so = analyses.columns(reader, position, report)
    return (report.id, report.article_id, *told_so, dumps(report.event), event_id, int(withdrawn))


def amount_rows(report: Report) -> Iterator[Row]:
    """Rows of `report_amount`."""
    return ((report.id, n, *amount_columns(one)) for n, one in enumerate(report.event.amounts))


def standing_row(one: Standing, keys: Sequence[tuple[str, str]]) -> Row:
    """A row of `article_standing` or `event_standing`."""
    return (one.id, one.lead, int(one.leads), one.rank, one.profile, told(keys))


def report_standing_row(one: Standing, keys: Sequence[tuple[str, str]], published: str | None, resolver: str) -> Row:
    """A row of `report_standing` that is settled."""
    _, *rest = standing_row(one, keys)
    return (one.id, one.group, published or "", 0, *rest, resolver)


def keys_of(table: str, rows: Iterable[Row]) -> list[Row]:
    """Rows of `…_key` for rows of `…_standing`, in their order; the number of a thing is its place among these, from 0.

    That is most of what is to be worked out of such rows, so that it is for workers.
    """
    leads, keys = (COLUMNS[table].index(name) for name in ("leads", "keys"))
    return sorted(
        key
        for place, row in enumerate(rows)
        for key in key_rows(str(row[keys]), int(row[leads] or 0), place)  # numbers are given by `filling`
    )


def event_row(event: Event, published: Collection[str | None]) -> Row:
    """A row of `event`, but that it may not know its measure yet; `published` of its reports."""
    first = min((day for day in published if day is not None), default=None)
    told = event_rows.columns(event)
    return (event.id, *told, event.measure_id, len(event.report_ids), first, shown(event, published))


def shown(event: Event, published: Iterable[str | None]) -> str:
    """The day under which the timeline shows an event, "" for none; `published` of its reports."""
    if event.announced_on is not None:
        return bounds(event.announced_on.value)[0]
    first = min((day for day in published if day is not None), default=None)
    return "" if first is None else (first + "0000-01-01"[len(first) :])[:10]


def rows_of_event(event: Event, day: str, asks: Sequence[TieAsk]) -> dict[str, list[Row]]:
    """What else is written of an event, by table."""
    return {
        "event_party": list(event_rows.parties(event)),
        "event_item": list(event_rows.items(event)),
        "contradiction": list(event_rows.contradictions(event)),
        "tie_ask": list(answering.ask_rows(event.id, asks)),
        "event_seat": [(actor, target, day, event.id) for actor, target in sorted(answering.seats_of(event))],
    }


def rows_of_measure(measure: Measure, links: Iterable[Link]) -> dict[str, list[Row]]:
    """What is written of a measure, by table."""
    return {
        "measure": [(measure.id, measure.title, measure.status, measure.since, measure.lead_id)],
        "measure_step": [step_row(measure.id, number, step) for number, step in enumerate(measure.steps)],
        "measure_link": [link_row(link) for link in links],
    }
