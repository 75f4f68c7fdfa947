"""What a file of figures for Prometheus holds: each name with its meaning, from the database and the last refresh.

docs/running.md lists them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

import tracker
from tracker.export import prometheus
from tracker.export.prometheus import Gauge, by_label, gauge
from tracker.store import Store
from tracker.store.figures import Figures

# Attribute of Figures.rows: name and meaning.
ROWS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "article": ("tracker_articles", "Articles in the database."),
        "report": ("tracker_reports", "Reports of events by articles."),
        "event": ("tracker_events", "Policy events."),
        "measure": ("tracker_measures", "Measures, which events are steps of."),
    }
)


def write(file: Path, store: Store, *, seconds: float | None, now: datetime, failures: int | None = None) -> None:
    """Write the figures of a database, and those of the refresh that has just ended.

    Raises:
        InputError: the file cannot be written.
    """
    prometheus.save(file, gauges(store.figures(), seconds=seconds, now=now, failures=failures))


def gauges(found: Figures, *, seconds: float | None, now: datetime, failures: int | None = None) -> list[Gauge]:
    """All figures, in their order in the file; `seconds` is None where the refresh failed."""
    last = found.last_success
    return [
        by_label("tracker_build_info", "The version that wrote this.", "version", {tracker.__version__: 1}),
        gauge("tracker_written_timestamp_seconds", "When this was written.", now.timestamp()),
        gauge("tracker_refresh_duration_seconds", "How long the last refresh took.", seconds),
        gauge("tracker_refresh_consecutive_failures", "Refreshes that failed in a row, up to the last.", failures),
        gauge(
            "tracker_refresh_last_success_timestamp_seconds",
            "When a source last answered.",
            last.timestamp() if last else None,
        ),
        by_label("tracker_sources", "Sources that are asked for, by their last outcome.", "outcome", found.sources),
        *(gauge(name, words, found.rows[key]) for key, (name, words) in ROWS.items()),
        gauge("tracker_articles_unread", "Articles that wait to be read.", found.unread),
        by_label("tracker_articles_held", "Articles that are held back, by source.", "source", found.held),
        gauge("tracker_items_pending", "Items that wait for their article.", found.pending),
        by_label("tracker_alarms_open", "Alarms about sources that sound, by kind.", "kind", found.alarms),
        gauge("tracker_outbox_facts_waiting", "Facts to be told that are in no message yet.", found.facts),
        gauge(
            "tracker_outbox_messages_waiting",
            "Messages of alerts that wait to be sent.",
            found.messages.get("waiting", 0) + found.messages.get("sending", 0),
        ),
        gauge("tracker_outbox_messages_dead", "Messages of alerts that were given up.", found.messages.get("dead", 0)),
        by_label("tracker_database_size_bytes", "Size of the database's files.", "file", found.bytes),
    ]
