"""Fetching: every byte from the network, politely.

    with Fetcher(settings, now=clock, rests=…, robots=…) as fetcher:
        for request, outcome in fetcher.fetch(requests): ...
    fetcher.rests                   sites that have asked to be left alone, for the next run

    next_state(state, source, outcome, now, harvest) -> SourceState      when to ask a source again

The face is ordinary and blocking; inside, one asyncio loop in a thread of its own keeps many answers under way.
Each site gets few connections, a pause between requests and what its robots.txt asks for; each answer has a time
and a size limit; addresses that are not the public internet's are refused unless the request allows them. Whatever
the network does is a value (`Done`, `Skipped`, `Failed`, `Poison`), never an exception.

    fetcher    the face: an iterator over one loop in a thread
    visits     one request from question to outcome; permissions, robots: robots.txt; turns, rests: whose turn it is
    exchange   one request and its answer within limits, unpacking; freshness, outcomes, complaints: what it means
    transport  httpx's interface, and below it connections: the way to an address; guard, dialling: to public ones
               only; streams, http1, httpcored: the bytes
    local      what lies on this machine; schedule: when to ask again

Does not know what a feed is and stores nothing.
"""

from __future__ import annotations

from tracker.fetch.fetcher import Fetcher
from tracker.fetch.schedule import Harvest, next_state

__all__ = ["Fetcher", "Harvest", "next_state"]
