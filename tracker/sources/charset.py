"""Bytes to text, as everywhere in the tracker: see `tracker.encoding`."""

from __future__ import annotations

from tracker.encoding import decode

__all__ = ["decode"]
