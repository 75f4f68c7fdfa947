"""A larger invented timeline, for counts: several values of every field, some events rejected, some without dates."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import query_samples
from query_samples import E, S, Told

from tracker.model import Certainty, Direction
from tracker.store import Store

TYPES = (E.EXPORT_CONTROL, E.SANCTION, E.TARIFF, E.ENTITY_LISTING)
STATUSES = (S.ANNOUNCED, S.IN_FORCE, S.PROPOSED)
ACTORS = ("us", "commerce", "china", "mofcom", "court", "nvidia")
TARGETS = ("china", "alibaba", "cloud", "us", "acme", "developers", "commerce")
ITEMS = ("AI chips", "chip tools", "gallium", "drones", "steel")
SOURCES = (("herald",), ("gazette", "herald"), ("chipweek",), ("gazette", "herald", "chipweek"), ("gazette",))
DATES = ("2023", "2023-11", "2023-12-31", "2024-01-01", "2024-02", "2024-02-29", "2024-03-31", "2024-04-01", None)
EFFECTS = (None, "2024-05", "2024-06-30", "2025-01-01")
# The official source is up to three days early and up to five late.
LATE = """
UPDATE report SET published = date(published, ((unicode(substr(event_id, -1)) + length(event_id)) % 9 - 3) || ' days')
WHERE article_id LIKE '%-gazette' AND length(published) = 10
"""
MANY = 48
REJECTED = ("n3", "n17", "n30")


def build(path: Path) -> Path:
    """The database of the small timeline with all this beside it."""
    query_samples.build(path)
    with Store.open(path) as store, store.batch():
        for told in itertools.islice(_told(), MANY):
            query_samples._write(store, told)
    with closing(sqlite3.connect(path)) as raw, raw:
        gone = [(f"e-{key}",) for key in REJECTED]
        raw.execute(LATE)
        raw.executemany("UPDATE event SET verdict = 'reject', changed_at = changed_at || '1' WHERE id = ?", gone)
    Store.open(path).close()  # which brings the facets up
    return path


def _told() -> Iterator[Told]:
    turns = zip(
        itertools.count(),
        itertools.cycle(TYPES),
        itertools.cycle(STATUSES),
        itertools.cycle(ACTORS),
        itertools.cycle(TARGETS),
        itertools.cycle(ITEMS),
        itertools.cycle(SOURCES),
        itertools.cycle(DATES),
        itertools.cycle(EFFECTS),
        itertools.cycle(Direction),
        itertools.cycle(("visa_ban", None, None, None, None)),
    )
    return (
        Told(
            f"n{number}", kind, status, actor, target, item, day, effect, sources=sources, direction=direction,
            subtype=subtype, instrument="Entity List" if number % 3 else "Section 301",
            certainty=Certainty.CONFIRMED if number % 4 else Certainty.REPORTED, measure="api",
            confidence=0.5 + number / 100,
        )
        for number, kind, status, actor, target, item, sources, day, effect, direction, subtype in turns
    )  # fmt: skip
