"""Whose turn it is: at most so many requests on one site and in all, with a pause between two on one site.

A site is a registrable domain, so that fifty host names of one publisher are one. A host that asks for more (by
Crawl-delay) has a longer pause of its own, which holds up nobody else. A request that waits holds no place in the
whole, so a slow site keeps nobody else waiting.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Door:
    """Lets requests through one by one, and is shut for a time behind each."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    opens_at: float = 0.0  # loop time


@dataclass(slots=True)
class Place:
    """One site: its connections, its door, and those of its hosts that have one of their own."""

    slots: asyncio.Semaphore
    door: Door = field(default_factory=Door)
    hosts: dict[str, Door] = field(default_factory=dict)


class Turns:
    """The places of all sites asked so far."""

    def __init__(self, *, concurrency: int, per_host: int) -> None:
        self._wire = asyncio.Semaphore(concurrency)
        self._per_host = per_host
        self._places: dict[str, Place] = {}

    @asynccontextmanager
    async def turn(
        self, site: str, wanted: asyncio.Event, *, pause: float = 0.0, host: str = "", host_pause: float = 0.0
    ) -> AsyncIterator[None]:
        """Wait for the site's turn, for the host's own where its pause is longer, and for a place on the wire.

        While results are not `wanted`, nobody's turn comes. Pauses are in seconds, from this request to the next.
        """
        place = self._places.get(site)
        if place is None:
            place = self._places[site] = Place(asyncio.Semaphore(self._per_host))
        if host_pause > pause:
            own = place.hosts.setdefault(host, Door())
            async with own.lock:
                await _open(own)
                await self._enter(place, wanted, pause)
                own.opens_at = asyncio.get_running_loop().time() + host_pause
        else:
            await self._enter(place, wanted, pause)
        try:
            yield
        finally:
            self._give_back(place)

    async def _enter(self, place: Place, wanted: asyncio.Event, pause: float) -> None:
        """Take a slot of the site and a place on the wire, holding nothing while results are not wanted.

        Whoever does not take results may be waiting for another answer of the same site.
        """
        while True:
            await wanted.wait()
            async with place.door.lock:
                await _open(place.door)
                await self._take(place)
                if wanted.is_set():
                    if pause:
                        place.door.opens_at = asyncio.get_running_loop().time() + pause
                    return
                self._give_back(place)

    async def _take(self, place: Place) -> None:
        await place.slots.acquire()
        try:
            await self._wire.acquire()
        except asyncio.CancelledError:
            place.slots.release()
            raise

    def _give_back(self, place: Place) -> None:
        self._wire.release()
        place.slots.release()


async def _open(door: Door) -> None:
    """Wait until the door opens."""
    if door.opens_at and (wait := door.opens_at - asyncio.get_running_loop().time()) > 0:
        await asyncio.sleep(wait)
