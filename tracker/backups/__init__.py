"""Backups of a database: made while others read and write, verified, packed, kept in rotation, and put back.

    backups/tracker-20260131T040000Z.db.zst  backups/tracker-20260131T040000Z.db.zst.json

A backup is one state of the database as SQLite copies it, seen to be whole, packed with zstd, and read again from the
disk before it counts. Its manifest says what it holds. `make` makes one and lets go of what is not to be kept,
`restore` puts one in the database's place, `verify` sees whether one is still what it was. Does not decide when
(`is_due` only says whether), and knows nothing of what the tables mean.
"""

from __future__ import annotations

from tracker.backups.making import Made, is_due, make
from tracker.backups.manifest import Backup, Why, beside, listed
from tracker.backups.packing import verify
from tracker.backups.restoring import Restored, restore

__all__ = ["Backup", "Made", "Restored", "Why", "beside", "is_due", "listed", "make", "restore", "verify"]
