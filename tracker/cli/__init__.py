"""The command line: click commands, each a thin caller of a tested function.

Commands are imported when they are called, so that `tracker --help` and the commands that read no article start at
once. Errors that a user can act on become one message and an exit code (see `tracker.cli.exits`), never a traceback.
"""

from __future__ import annotations

from tracker.cli.group import main

__all__ = ["main"]
