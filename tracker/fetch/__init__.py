"""Fetching: every byte from the network, politely.

    with Fetcher(settings, now=clock) as fetcher:
        for request, outcome in fetcher.fetch(requests): ...

    next_state(state, source, outcome, now, harvest) -> SourceState      when to ask a source again

The face is ordinary and blocking; inside, one asyncio loop in a thread of its own keeps many answers under way.
Each host gets few connections, a pause between requests and what its robots.txt asks for; each answer has a time
and a size limit. Whatever the network does is a value (`Done`, `Skipped`, `Failed`, `Poison`), never an exception.

Does not know what a feed is, stores nothing, and does not refuse private addresses.
"""

from __future__ import annotations

from tracker.fetch.fetcher import Fetcher
from tracker.fetch.schedule import Harvest, next_state

__all__ = ["Fetcher", "Harvest", "next_state"]
