"""Whose turn it is: at most so many requests on one host and in all, with a pause between two on one host.

A request that waits for its host holds no place in the whole, so a slow host keeps nobody else waiting.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Place:
    """One host: its connections, the door through which requests go one by one, and when it next opens."""

    slots: asyncio.Semaphore
    door: asyncio.Lock = field(default_factory=asyncio.Lock)
    opens_at: float = 0.0  # loop time
    resting_until: float = 0.0  # loop time: the host has asked for a pause


class Turns:
    """The places of all hosts asked so far."""

    def __init__(self, *, concurrency: int, per_host: int) -> None:
        self._wire = asyncio.Semaphore(concurrency)
        self._per_host = per_host
        self._places: dict[str, Place] = {}

    @asynccontextmanager
    async def turn(self, host: str, delay: float, wanted: asyncio.Event) -> AsyncIterator[None]:
        """Wait for the host's turn and a place on the wire. While results are not `wanted`, nobody's turn comes."""
        place = self._place(host)
        await self._enter(place, delay, wanted)
        try:
            yield
        finally:
            self._give_back(place)

    async def _enter(self, place: Place, delay: float, wanted: asyncio.Event) -> None:
        """Take a slot of the host and a place on the wire, holding nothing while results are not wanted.

        Whoever does not take results may be waiting for another answer of the same host.
        """
        loop = asyncio.get_running_loop()
        while True:
            await wanted.wait()
            async with place.door:
                await asyncio.sleep(max(0.0, place.opens_at - loop.time()))
                await self._take(place)
                if wanted.is_set():
                    place.opens_at = loop.time() + delay
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

    def rest(self, host: str, seconds: float) -> None:
        """Remember that a host has asked for a pause."""
        place = self._place(host)
        place.resting_until = max(place.resting_until, asyncio.get_running_loop().time() + seconds)

    def resting(self, host: str) -> float:
        """How many seconds a host still wants to be left alone."""
        return max(0.0, self._place(host).resting_until - asyncio.get_running_loop().time())

    def _place(self, host: str) -> Place:
        if host not in self._places:
            self._places[host] = Place(asyncio.Semaphore(self._per_host))
        return self._places[host]
