"""Serve the newsroom by hand: `python -m tracker.newsroom --port 8765 [--as-of 2024-06-26]`."""

from __future__ import annotations

import argparse
import sys
import threading

from tracker.errors import TrackerError
from tracker.newsroom import Newsroom


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; 1 if the port is taken."""
    parser = argparse.ArgumentParser(prog="python -m tracker.newsroom", description="Serve the sample newsroom.")
    parser.add_argument("--port", type=int, default=8765, help="port on 127.0.0.1, 0 for any (default: 8765)")
    parser.add_argument("--as-of", help="hide what was published after this date, e.g. 2024-06-26")
    options = parser.parse_args(arguments)
    try:
        with Newsroom(port=options.port, as_of=options.as_of) as room:
            sys.stdout.write(_greeting(room))
            sys.stdout.flush()
            threading.Event().wait()
    except KeyboardInterrupt:
        return 0
    except TrackerError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _greeting(room: Newsroom) -> str:
    first = room.hosts[0]
    return (
        f"The newsroom is open at http://{room.address}/ ({len(room.stories)} stories). Ctrl-C closes it.\n"
        f"In a browser:  http://{first}.localhost:{room.port}/\n"
        f"With curl:     curl --connect-to {first}:80:{room.address} http://{first}/\n"
    )


if __name__ == "__main__":
    sys.exit(main())
