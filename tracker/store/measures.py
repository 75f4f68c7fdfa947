"""Measures: the titles under which events are steps; the steps themselves are the events' `measure_id`."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.model import Measure
from tracker.store.changes import log_change
from tracker.store.connection import Connection


def keep_measures(connection: Connection, measures: Iterable[Measure], now: str) -> None:
    """Store new measures and new titles."""
    for measure in measures:
        row = connection.row("SELECT title FROM measure WHERE id = ?", (measure.id,))
        if row is None:
            connection.run(
                "INSERT INTO measure (id, title, first_seen_at) VALUES (?, ?, ?)", (measure.id, measure.title, now)
            )
            log_change(connection, "measure", measure.id, "new", now)
        elif row["title"] != measure.title:
            connection.run("UPDATE measure SET title = ? WHERE id = ?", (measure.title, measure.id))
            log_change(connection, "measure", measure.id, "updated", now, {"title": [row["title"], measure.title]})


def drop_empty(connection: Connection, measure_ids: Iterable[str], now: str) -> None:
    """Take away those of the measures that have no event left."""
    for measure_id in sorted(measure_ids):
        gone = connection.run(
            "DELETE FROM measure WHERE id = ? AND NOT EXISTS (SELECT 1 FROM event WHERE measure_id = measure.id)",
            (measure_id,),
        )
        if gone:
            log_change(connection, "measure", measure_id, "removed", now)
