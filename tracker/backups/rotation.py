"""Which backups stay: pure.

Of the last days, weeks and months that have a backup, the newest of each; the newest of all; and the last ones made
before a change of the schema. What is dated ahead of the clock stays too: one of the two clocks was wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from tracker.backups.manifest import Backup, Why
from tracker.model.backups import Keep

DAY, WEEK, MONTH = "%Y-%m-%d", "%G-W%V", "%Y-%m"
BEFORE_MIGRATIONS = 2  # of the last ones made before a change of the schema


def staying(backups: Sequence[Backup], keep: Keep, now: datetime) -> frozenset[Path]:
    """The files that stay, of all backups of a database that are whole, in any order."""
    newest = sorted(backups, key=lambda one: (one.made_at, one.file.name), reverse=True)
    told = [one for one in newest if one.made_at <= now]
    kept = {one.file for one in newest if one.made_at > now}
    kept |= {one.file for one in told[:1]}
    kept |= {one.file for one in [one for one in told if one.why is Why.MIGRATION][:BEFORE_MIGRATIONS]}
    for many, form in ((keep.daily, DAY), (keep.weekly, WEEK), (keep.monthly, MONTH)):
        first: dict[str, Path] = {}
        for one in told:
            first.setdefault(one.made_at.strftime(form), one.file)
        kept |= set(list(first.values())[:many])
    return frozenset(kept)
