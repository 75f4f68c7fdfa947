"""What changed after a cursor, in order and complete: also what was merged into another and what is no more."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.errors import InputError
from tracker.query.answers import as_dict
from tracker.store.connection import Connection

ROWS = """
SELECT cursor, changed_at, what, id, kind, fields, CASE what
  WHEN 'event' THEN coalesce((SELECT summary FROM event WHERE event.id = change.id), was ->> 'summary')
  WHEN 'measure' THEN (SELECT title FROM measure WHERE measure.id = change.id)
  ELSE (SELECT title FROM article WHERE article.id = change.id) END AS about
FROM change WHERE cursor > ? AND what IN (SELECT value FROM json_each(?)) ORDER BY cursor LIMIT ?
"""
NEWEST = "SELECT coalesce(max(cursor), 0) FROM main.change"
KINDS = ("article", "event", "measure")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row of the log of changes; `fields` maps a name to [old, new].

    `about` is what is told of the thing today: its summary or title; of what is no more, as far as it is known.
    """

    cursor: int
    changed_at: str
    what: str
    id: str
    kind: str
    fields: Mapping[str, Any]
    about: str | None

    to_dict = as_dict


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """A stretch of the log; ask from `cursor` next time. `more`: there are later ones already."""

    changes: tuple[Change, ...]
    cursor: int
    more: bool

    to_dict = as_dict


def known(db: Connection, cursor: int) -> int:
    """The newest cursor; raises InputError where the log has not come as far as another one."""
    newest = db.number(NEWEST)
    if cursor > newest:
        raise InputError(
            f"no cursor of this database: {cursor}; its log has come to {newest}. To read it all, begin at 0"
        )
    return newest


def after(db: Connection, cursor: int, *, what: Collection[str] = KINDS, limit: int | None = 1000) -> Changes:
    """The changes after a cursor, at most so many (None: all), with the cursor to ask from next time.

    Raises:
        InputError: the log has not come so far, so the cursor is of another database; or there are no such things.
    """
    if unknown := sorted(set(what) - set(KINDS)):
        raise InputError(f"unknown kind of thing: {unknown[0]!r}; one of {', '.join(KINDS)}")
    newest = known(db, cursor)
    rows = db.rows(ROWS, (cursor, json.dumps(sorted(what)), -1 if limit is None else limit + 1))
    more = limit is not None and len(rows) > limit
    found = tuple(
        Change(
            cursor=row["cursor"],
            changed_at=row["changed_at"],
            what=row["what"],
            id=row["id"],
            kind=row["kind"],
            fields=json.loads(row["fields"]),
            about=row["about"],
        )
        for row in rows[:limit]
    )
    last = found[-1].cursor if more else max(newest, found[-1].cursor if found else 0)
    return Changes(changes=found, cursor=last, more=more)
