"""A backfill by a process in a process of its own, which a signal ends as it ends the command line."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import backfill_samples as samples

from tracker.backfill import Wanted
from tracker.bell import Bell


def main(folder: str) -> None:
    """Read the chunks that a test has left in the folder."""
    chunks = pickle.loads((Path(folder) / "chunks").read_bytes())
    bell = Bell()
    with bell.hung():
        try:
            with bell.interruptible():
                samples.run(chunks, Path(folder) / "lake", engine=Wanted(name="processes", workers=1))
        except BaseException:
            if not bell.is_stopping:
                raise
        sys.exit(bell.code)
