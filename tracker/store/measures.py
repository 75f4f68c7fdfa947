"""Measures: the titles under which events are steps; the steps themselves are the events' `measure_id`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tracker.store.changes import log_change
from tracker.store.connection import Connection


def keep_measures(connection: Connection, titles: Mapping[str, str], now: str) -> None:
    """Store new measures and new titles: measure id to title."""
    for measure_id, title in sorted(titles.items()):
        row = connection.row("SELECT title FROM measure WHERE id = ?", (measure_id,))
        if row is None:
            connection.run("INSERT INTO measure (id, title, first_seen_at) VALUES (?, ?, ?)", (measure_id, title, now))
            log_change(connection, "measure", measure_id, "new", now)
        elif row["title"] != title:
            connection.run("UPDATE measure SET title = ? WHERE id = ?", (title, measure_id))
            log_change(connection, "measure", measure_id, "updated", now, {"title": [row["title"], title]})


def first_steps(connection: Connection, measure_ids: Iterable[str]) -> dict[str, str]:
    """Measure id to the summary of its first step, for those that have one: the title where nobody gave another."""
    first = {}
    for measure_id in measure_ids:
        row = connection.row("SELECT summary FROM event WHERE measure_id = ? ORDER BY day, id LIMIT 1", (measure_id,))
        if row is not None:
            first[measure_id] = row["summary"]
    return first


def drop_empty(connection: Connection, measure_ids: Iterable[str], now: str) -> None:
    """Take away those of the measures that have no event left."""
    for measure_id in sorted(measure_ids):
        gone = connection.run(
            "DELETE FROM measure WHERE id = ? AND NOT EXISTS (SELECT 1 FROM event WHERE measure_id = measure.id)",
            (measure_id,),
        )
        if gone:
            log_change(connection, "measure", measure_id, "removed", now)
