"""The database: the only room that changes it, through one writer at a time.

    with Store.open("db/tracker.db") as store, store.writing():
        store.sources.sync(config.sources, now)

It keeps sources, requests, items, articles with their originals, parties, reports, events, measures and the log of
changes (docs/schema.md), makes and migrates the schema, and answers what is still to be done. It judges nothing: which
texts are copies, which reports tell one event and what the consensus is comes in as values. Questions of readers are
asked in `tracker.query`.
"""

from __future__ import annotations

from tracker.store.codec import fingerprint
from tracker.store.difference import Difference
from tracker.store.entities import entity_id
from tracker.store.fetches import Note, Validators, describe
from tracker.store.items import PendingItem
from tracker.store.pages import Recheck
from tracker.store.sightings import item_id
from tracker.store.store import Store

__all__ = [
    "Difference",
    "Note",
    "PendingItem",
    "Recheck",
    "Store",
    "Validators",
    "describe",
    "entity_id",
    "fingerprint",
    "item_id",
]
