"""One refresh in a process of its own, at a virtual time: drill_once.py CONFIG DATABASE MOMENT ADDRESS HOST…

The same refresh that `tracker refresh` runs; only its clock starts at the moment given (ISO, with offset) and runs on
from there, and the hosts named are led to one address. Prints the report as JSON.
"""

from __future__ import annotations

import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from tracker import config
from tracker.cli import running


def main(path: str, database: str, moment: str, address: str, *hosts: str) -> None:
    """Refresh once."""
    begun, first = time.monotonic(), datetime.fromisoformat(moment)

    def clock() -> datetime:
        return first + timedelta(seconds=time.monotonic() - begun)

    settled = config.load(Path(path)).with_database(Path(database)).with_connect_to(dict.fromkeys(hosts, address))
    report = running.refresh(settled, force=False, quiet=True, stream=sys.stderr, clock=clock)
    print(running.as_json(report))


if __name__ == "__main__":
    main(*sys.argv[1:])
