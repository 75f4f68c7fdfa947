"""The sample newsroom: invented outlets with their own virtual hosts on a real HTTP server on loopback.

It is what `tracker demo` refreshes from, what the tests fetch and what benchmarks measure against. Stories are data
(`stories/*.yaml`), written for this project on real facts; pages come from Jinja2 templates that carry what real pages
carry. It can show the world as of a date and can be told to misbehave.

It does not take part in a real refresh, knows none of the other rooms, and listens on 127.0.0.1 only.
"""

from __future__ import annotations

from tracker.newsroom.faults import (
    Bomb,
    ChangingEtag,
    Cut,
    Drip,
    Fault,
    FrozenEtag,
    Garbage,
    Huge,
    Loop,
    RateLimit,
    Recoded,
    Replaced,
    Slow,
    Status,
    StuckEtag,
    Torn,
)
from tracker.newsroom.server import Newsroom, Seen
from tracker.newsroom.stories import Story

__all__ = [
    "Bomb",
    "ChangingEtag",
    "Cut",
    "Drip",
    "Fault",
    "FrozenEtag",
    "Garbage",
    "Huge",
    "Loop",
    "Newsroom",
    "RateLimit",
    "Recoded",
    "Replaced",
    "Seen",
    "Slow",
    "Status",
    "Story",
    "StuckEtag",
    "Torn",
]
