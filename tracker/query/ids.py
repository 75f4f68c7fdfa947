"""The id that is meant by a text: an id, a former id that leads elsewhere, or the beginning of one."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from tracker.errors import NotFoundError
from tracker.query.asks import Asks
from tracker.spelling import nearest
from tracker.store.connection import Value
from tracker.urls import article_id, is_http

SHOWN_NEAR = 5
LONGEST = 64  # characters of what is compared with ids
MOST = 2_000  # characters that an id may have; what is longer is not looked for
# What has ids, and what to do where there is none.
LISTED_BY = {
    "event": "`tracker timeline` lists events with their ids",
    "measure": "`tracker show EVENT` names the measure of an event",
    "report": "`tracker show --json EVENT` gives the reports of an event with their ids",
    "judgement": "`tracker review log` lists judgements with their ids",
    "entity": "`tracker party NAME` gives a party's id",
    "article": "`tracker search` finds articles, and their address will do",
}


def one_id(db: Asks, text: str, table: str = "event") -> str:
    """The id of an event (or of another thing) from itself, a former id, or a beginning of either that no other shares.

    Raises:
        NotFoundError: there is none, or there are several; the message names what comes near.
    """
    if len(text) > MOST:
        raise NotFoundError(f"no {table} '{text[:LONGEST]}…'{_suggestion(db, table, text[:MOST])}; {LISTED_BY[table]}")
    for sql in (
        f"SELECT id FROM {table} WHERE id = ?",  # noqa: S608 - a constant
        f"SELECT new_id FROM redirect JOIN {table} ON {table}.id = new_id WHERE old_id = ?",  # noqa: S608 - a constant
    ):
        row = db.row(sql, (text,))
        if row is not None:
            return str(row[0])
    found = _beginning(db, table, text, SHOWN_NEAR + 1) if text else []
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFoundError(f"several {_plural(table)} begin with {text!r}: {_listed(found)}; give more of the id")
    raise NotFoundError(f"no {table} {text!r}{_suggestion(db, table, text)}; {LISTED_BY[table]}")


def one_article(db: Asks, text: str) -> str:
    """As `one_id`, of an article, which may also be told by its address."""
    if not is_http(text):
        return one_id(db, text, "article")
    key = article_id(text)
    if db.row("SELECT 1 FROM article WHERE id = ?", (key,)) is None:
        raise NotFoundError(f"no article {text!r}; {LISTED_BY['article']}")
    return key


def one_source(db: Asks, key: str) -> str:
    """The id of a source, which is never cut short; raises NotFoundError, with one that comes near."""
    if len(key) > MOST:
        raise NotFoundError(f"no source '{key[:LONGEST]}…'; `tracker sources` lists them")
    if db.row("SELECT 1 FROM source WHERE id = ?", (key,)) is not None:
        return key
    near = nearest(key, tuple(str(one[0]) for one in db.rows("SELECT id FROM source")))
    raise NotFoundError(
        f"no source '{key}'; " + (f"did you mean '{near}'?" if near else "`tracker sources` lists them")
    )


def is_id(db: Asks, text: str, table: str) -> bool:
    """Whether a text means one thing of a table."""
    try:
        one_id(db, text, table)
    except NotFoundError:
        return False
    return True


def leads_to(db: Asks, key: str) -> str:
    """The id that a former one leads to; any other as it is."""
    row = db.row("SELECT new_id FROM redirect WHERE old_id = ?", (key,))
    return key if row is None else str(row[0])


def former(db: Asks, key: str) -> tuple[str, ...]:
    """The former ids that lead to this one."""
    return tuple(row[0] for row in db.rows("SELECT old_id FROM redirect WHERE new_id = ? ORDER BY old_id", (key,)))


def _plural(table: str) -> str:
    return "entities" if table == "entity" else f"{table}s"


def _beginning(db: Asks, table: str, text: str, limit: int) -> list[str]:
    """Ids that begin with a text, and those that former ones which do lead to, by the indexes."""
    values: tuple[Value, ...] = (text, text + "\U0010ffff", limit)
    rows = [*db.rows(f"SELECT id FROM {table} WHERE id >= ? AND id < ? ORDER BY id LIMIT ?", values)]  # noqa: S608 - constants
    rows += db.rows(
        f"SELECT new_id AS id FROM redirect JOIN {table} ON {table}.id = new_id"  # noqa: S608 - constants
        " WHERE old_id >= ? AND old_id < ? ORDER BY old_id LIMIT ?",
        values,
    )
    return list(dict.fromkeys(row["id"] for row in rows))[:limit]


def _suggestion(db: Asks, table: str, text: str) -> str:
    """Ids that are spelt nearly so: those that share the longest beginning, the likest first."""
    for length in range(min(len(text) - 1, LONGEST), 1, -1):
        found = _beginning(db, table, text[:length], 50)
        if found:
            near = difflib.get_close_matches(text[:LONGEST], found, n=3, cutoff=0)
            return f"; did you mean {_listed(near)}?"
    return ""


def _listed(ids: Sequence[str]) -> str:
    return ", ".join(ids[:SHOWN_NEAR]) + (", …" if len(ids) > SHOWN_NEAR else "")
