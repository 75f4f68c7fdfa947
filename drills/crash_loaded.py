"""Imported by the server of forks before the first of them: all that the work needs, and the reader."""

from __future__ import annotations

import crash_forks
import crash_works

__all__ = ["crash_works"]

crash_forks.reader()
