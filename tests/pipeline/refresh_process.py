"""A refresh of the newsroom in a process of its own: refresh_process.py CONFIG ADDRESS DATABASE HOST…"""

from __future__ import annotations

import sys
from pathlib import Path

from tracker.cli import running


def main(config: str, address: str, database: str, *hosts: str) -> None:
    """Refresh once, with the real reader."""
    settled = running.demo_config(Path(config).read_text(encoding="utf-8"), hosts, address, Path(database))
    running.refresh(settled, force=True, quiet=True, stream=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
