"""News monitoring and policy-event tracking: feeds in, a SQLite timeline of policy events out."""

from __future__ import annotations

__version__ = "0.1.0"
