"""The timeline of a database as the tables of a lake (`tracker.lake.timeline`), row by row in constant memory.

Facets are those that the store keeps, words are made by SQLite's tokenizer, names and first links are read as answers
read them: a lake says what the database says. What only people who run a tracker ask for (articles' texts, pages,
sources' health, the log of changes) is not in it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from sqlite3 import Row
from typing import Any

from tracker.lake import timeline
from tracker.lake.timeline import FACETS, TABLES
from tracker.lake.tokens import Tokens
from tracker.query import contradictions, dates, exports, judgements
from tracker.query.events import COLUMNS, FIRST
from tracker.store.connection import Connection
from tracker.store.facets import FIELDS, REJECTED

Rows = Iterator[tuple[Any, ...]]

AT_ONCE = 2_000  # events
NUMBERS = "SELECT number, id FROM event ORDER BY day, number"
AMONG = "(SELECT value FROM json_each(?))"
EVENTS = f"""
SELECT {COLUMNS}, event.at, event.number, event.day, event.reports, announced_basis, effective_basis, first_reported,
  announced_from, announced_to, {dates.AXES["announced"][1]} AS day_to, effective_from, effective_to, first_seen_at,
  changed_at, lead_id, verdict, edited,
  {exports.PARTIES.format(role="actor")} AS acting, {exports.PARTIES.format(role="target")} AS targeted,
  coalesce((SELECT quote FROM report WHERE id = event.lead_id), '') AS quote,
  coalesce((SELECT title FROM measure WHERE measure.id = event.measure_id), '') AS measure_title,
  (SELECT count(*) FROM change WHERE change.id = event.id AND kind = 'updated') AS changes,
  event_fts.parties, event_fts.items AS things, event_fts.quotes, event_keys.keys
FROM json_each(?) AS asked CROSS JOIN event ON event.number = asked.value
LEFT JOIN event_fts ON event_fts.rowid = event.number LEFT JOIN event_keys ON event_keys.number = event.number
ORDER BY asked.key
"""  # noqa: S608 - constants
REPORTS = f"""
SELECT event.at, report.*, article.source_id, article.url, article.title, article.language, article.origin,
  article.published_basis, article.notice, source.name AS source_name, source.tier, report.id IS event.lead_id AS leads
FROM json_each(?) AS asked CROSS JOIN event ON event.number = asked.value
CROSS JOIN report ON report.event_id = event.id CROSS JOIN article ON article.id = report.article_id
LEFT JOIN source ON source.id = article.source_id ORDER BY asked.key, {FIRST}
"""  # noqa: S608 - a constant
AMOUNTS = f"""
SELECT event.at, report.event_id, report_amount.*
FROM json_each(?) AS asked CROSS JOIN event ON event.number = asked.value
CROSS JOIN report ON report.event_id = event.id CROSS JOIN article ON article.id = report.article_id
CROSS JOIN report_amount ON report_amount.report_id = report.id
LEFT JOIN source ON source.id = article.source_id ORDER BY asked.key, {FIRST}, report_amount.position
"""  # noqa: S608 - a constant
AT = f"SELECT id, at FROM event WHERE id IN {AMONG}"  # noqa: S608 - a constant
VOCABULARY = "SELECT number, field, facet_key.value FROM facet_key"
FACET = f"""
SELECT replace(field, '{REJECTED}', '') AS name_of, facet_key.value AS told,
  sum(events * (field NOT LIKE '{REJECTED}%')) AS events, sum(events * (field LIKE '{REJECTED}%')) AS rejected,
  CASE WHEN replace(field, '{REJECTED}', '') IN ('item', 'instrument') THEN
    (SELECT name FROM event_item WHERE folded = facet_key.value ORDER BY event_id LIMIT 1) END AS name
FROM facet_key GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608 - constants
THINGS = ("item", "instrument")
# Tables that are told by one question, whose columns have the names of the table's.
PLAIN = {
    "measure": "SELECT * FROM measure ORDER BY id",
    "measure_step": """
SELECT measure_step.*, event.origins, report.quote, article.url, source.name AS source_name
FROM measure_step JOIN event ON event.id = measure_step.event_id LEFT JOIN report ON report.id = event.lead_id
LEFT JOIN article ON article.id = report.article_id LEFT JOIN source ON source.id = article.source_id
ORDER BY measure_step.measure_id, measure_step.position""",
    "measure_link": "SELECT * FROM measure_link ORDER BY measure_id, other_id, kind",
    "redirect": "SELECT * FROM redirect ORDER BY old_id",
    "entity": "SELECT * FROM entity ORDER BY id",
    "alias": "SELECT * FROM alias ORDER BY folded, entity_id, name, how",
    "called": """
SELECT told.*, article.url FROM (
  SELECT coalesce(entity.merged_into, entity.id) AS entity_id, words, how, count(DISTINCT article_id) AS articles,
    min(article_id) AS article_id
  FROM entity_evidence JOIN entity ON entity.id = entity_id WHERE how IN ('name', 'alias', 'acronym') GROUP BY 1, 2, 3
) AS told LEFT JOIN article ON article.id = told.article_id ORDER BY told.entity_id, articles DESC, words, how""",
    "source": "SELECT * FROM source ORDER BY id",
}


def tables(db: Connection) -> Mapping[str, Rows]:
    """Each table of a lake with its rows, which are read as they are gone through.

    Of one state of the database, if within `db.reading()`.
    """
    found = {name: _plain(db, name, sql) for name, sql in PLAIN.items()}
    of_events: Mapping[str, Callable[[Connection], Rows]] = {
        "event": _events,
        "report": _reports,
        "report_amount": _amounts,
        "contradiction": _contradictions,
        "judgement": _judgements,
        "facet": _facets,
    }
    return found | {name: read(db) for name, read in of_events.items()}


def facet_columns(facets: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """What facets of an event (`tracker.store.facets.facets`; rejected or not) are in columns of the table `event`."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in facets:
        found[name.removeprefix(REJECTED)].append(value)
    lists: dict[str, Any] = {f"facet_{name}": sorted(found[name]) for name in FACETS}
    return lists | {name: name in found for name in ("reviewed", "contradicted")}


def _plain(db: Connection, name: str, sql: str) -> Rows:
    columns = TABLES[name].columns
    return (tuple([row[column] for column in columns]) for row in db.stream(sql))


def _numbers(db: Connection) -> Iterator[tuple[str, list[str]]]:
    """The events in the order of the timeline, some at a time: their numbers as JSON, and their ids."""
    told = db.tuples(NUMBERS)
    while some := list(islice(told, AT_ONCE)):
        yield json.dumps([number for number, _ in some]), [key for _, key in some]


def _events(db: Connection) -> Rows:
    tokens = Tokens()
    known = {number: (field, value) for number, field, value in db.tuples(VOCABULARY)}
    for numbers, _ in _numbers(db):
        rows = db.rows(EVENTS, (numbers,))
        words = tokens.of((row["summary"], row["parties"], row["things"], row["quotes"]) for row in rows)
        for row, told in zip(rows, words, strict=True):
            yield _event(row, known, told)


def _event(row: Row, known: Mapping[int, tuple[str, str]], words: str) -> tuple[Any, ...]:
    made = facet_columns(known[key] for key in json.loads(row["keys"] or "[]"))
    made["words"] = words
    for name in ("actors", "targets", "items", "instruments", "acting", "targeted"):
        made[name] = json.loads(row[name])
    return tuple([made[name] if name in made else row[name] for name in TABLES["event"].columns])


def _reports(db: Connection) -> Rows:
    columns = TABLES["report"].columns
    for numbers, _ in _numbers(db):
        for row in db.rows(REPORTS, (numbers,)):
            yield tuple([_slim(row[name]) if name == "detail" else row[name] for name in columns])


def _slim(detail: str) -> str:
    """Of all that a report says in detail the names: what an answer is compared with."""
    told = json.loads(detail)
    kept: dict[str, Any] = {
        role: [{"party": {"name": one["party"]["name"]}} for one in told[role]] for role in ("actors", "targets")
    }
    kept |= {name: [{"text": one["text"]} for one in told[name]] for name in ("items", "instruments")}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _amounts(db: Connection) -> Rows:
    columns = TABLES["report_amount"].columns
    for numbers, _ in _numbers(db):
        for row in db.rows(AMOUNTS, (numbers,)):
            yield tuple([row[name] for name in columns])


def _contradictions(db: Connection) -> Rows:
    for _, ids in _numbers(db):
        told = contradictions.of_events(db, ids)
        found: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
        for one in told:
            for position, value in enumerate((one.taken, *one.others)):
                made = {
                    "event_id": one.event_id,
                    "field": one.field,
                    "position": position,
                    "value": value.value,
                    "words": value.words,
                    "origins": value.origins,
                    "sources": list(value.sources),
                    "report_ids": list(value.report_ids),
                    "because": one.because if position == 0 else "",
                }
                found[one.event_id].append(tuple(made.values()))
        days = {row["id"]: row["at"] for row in db.rows(AT, (json.dumps(list(found)),))}
        names = ("at", "event_id", "field", "position", "value", "words", "origins", "sources", "report_ids", "because")
        for key in ids:
            for values in found.get(key, ()):
                row = dict(zip(names, (days[key], *values), strict=True))
                yield tuple([row[name] for name in TABLES["contradiction"].columns])


def _judgements(db: Connection) -> Rows:
    sides = {f"{side}": f"{side}_side" for side in judgements.SIDES}
    for row in db.stream(f"SELECT {judgements.COLUMNS} FROM judgement ORDER BY decided_at, id"):  # noqa: S608 - constants
        yield tuple(
            [json.loads(row[sides[name]]) if name in sides else row[name] for name in TABLES["judgement"].columns]
        )


def _facets(db: Connection) -> Rows:
    tokens, told = Tokens(), db.stream(FACET)
    names = {row["id"]: row["name"] for row in db.rows("SELECT id, name FROM source")}
    while some := list(islice(told, AT_ONCE)):
        words = tokens.of([(row["told"] if row["name_of"] in THINGS else "",) for row in some])
        for row, text in zip(some, words, strict=True):
            name = row["name"] or (names.get(row["told"]) if row["name_of"] == "source" else None)
            yield row["name_of"], row["told"], name, text, row["events"], row["rejected"]


__all__ = ["FIELDS", "facet_columns", "tables", "timeline"]
