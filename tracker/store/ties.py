"""Judgements and events whose report is found no more when its article is read anew: which report has its place now.

The report of the same article that has the same quote takes it, else the one of the same type whose quote has most
words in common. Where there is none the tie is left as it is, since the report may come back.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from sqlite3 import Row

from tracker.store.codec import folded
from tracker.store.connection import Connection
from tracker.store.judgements import UNSETTLE

OVERLAP_AT = 0.5  # words in common, of all words that the two quotes have (Jaccard)

TIES = """
SELECT judgement_id, side, report_id, type, quote FROM judgement_report
WHERE article_id = ? AND report_id NOT IN (SELECT id FROM report WHERE article_id = judgement_report.article_id)
"""
PLACED = """
SELECT id, type, quote, event_id FROM report
WHERE id IN (SELECT value FROM json_each(?)) AND event_id IS NOT NULL ORDER BY id
"""
FREE = """
SELECT id, type, quote FROM report
WHERE article_id = ? AND event_id IS NULL AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY id
"""
RETIE = """
UPDATE OR REPLACE judgement_report SET report_id = ?, type = ?, quote = ?
WHERE judgement_id = ? AND side = ? AND report_id = ?
"""


def tie_anew(connection: Connection, article_id: str) -> None:
    """Tie the judgements of an article whose report is gone to the report that has its place, which is settled anew."""
    ties = connection.rows(TIES, (article_id,))
    if not ties:
        return
    reports = connection.rows("SELECT id, type, quote FROM report WHERE article_id = ? ORDER BY id", (article_id,))
    for tie in ties:
        found = _successor(tie, reports)
        if found is not None:
            values = (found["id"], found["type"], found["quote"], tie["judgement_id"], tie["side"], tie["report_id"])
            connection.run(RETIE, values)
            connection.run(UNSETTLE, (json.dumps([found["id"]]),))


def hand_over(connection: Connection, article_id: str, gone: Sequence[str]) -> None:
    """Let the report that has the place of one that is about to go be in the same event, which keeps its id so."""
    ids = json.dumps(list(gone))
    free = connection.rows(FREE, (article_id, ids))
    for old in connection.rows(PLACED, (ids,)):
        found = _successor(old, free)
        if found is not None:
            connection.run("UPDATE report SET event_id = ? WHERE id = ?", (old["event_id"], found["id"]))
            free = [one for one in free if one["id"] != found["id"]]


def _successor(tie: Row, reports: Sequence[Row]) -> Row | None:
    same = [one for one in reports if one["quote"] == tie["quote"]]
    if same:
        return min(same, key=lambda one: (one["type"] != tie["type"], one["id"]))
    like = [(overlap(one["quote"], tie["quote"]), one) for one in reports if one["type"] == tie["type"]]
    value, best = max(like, key=lambda pair: pair[0], default=(0.0, None))
    return best if value >= OVERLAP_AT else None


def overlap(one: str, two: str) -> float:
    """How many words two quotes have in common, of all that they have: 0 to 1."""
    first, second = set(folded(one).split()), set(folded(two).split())
    return len(first & second) / len(first | second) if first or second else 0.0
