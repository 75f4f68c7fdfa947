"""A refresh of the newsroom in a process of its own: refresh_process.py CONFIG ADDRESS DATABASE HOST…

With a quick reader, so that killing it and starting anew costs little; `drills/crash.py` kills the real one.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from stand_ins import BlockReader

from tracker import pipeline
from tracker.cli import running
from tracker.store import Store


def main(config: str, address: str, database: str, *hosts: str) -> None:
    """Refresh once."""
    settled = running.demo_config(Path(config).read_text(encoding="utf-8"), hosts, address, Path(database))
    with Store.open(settled.settings.database) as store:
        pipeline.refresh(settled, store, BlockReader, clock=lambda: datetime.now(UTC), force=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
