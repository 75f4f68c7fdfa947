"""Whose turn it is: at most so many requests on one site and in all, with a pause between two on one site.

A site is a registrable domain, so that fifty host names of one publisher are one. A host that asks for more (by
Crawl-delay, or by the terms of its service) has a longer pause of its own, which holds up nobody else. Whoever waits
holds nothing: a slow site, or a caller who does not take his results (his gate is shut), keeps nobody else waiting. A
turn costs the same however many wait, since each is given out by one look at one site.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Gate:
    """Whether results are wanted by one caller; `Turns.open` opens it again."""

    is_open: bool = True
    waiting: int = 0
    sites: dict[Site, None] = field(default_factory=dict)  # looked at while it was shut, each once


@dataclass(slots=True, eq=False)
class Lane:
    """Those who wait for one site behind one gate: of all its hosts, or of one that has a longer pause of its own."""

    gate: Gate
    host: str
    pause: float
    host_pause: float
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)


@dataclass(slots=True, eq=False)
class Site:
    """One registrable domain."""

    free: int  # requests that may be under way besides those that are
    opens_at: float = 0.0  # loop time
    hosts: dict[str, float] = field(default_factory=dict)  # when those with a pause of their own open
    lanes: dict[tuple[str, Gate], Lane] = field(default_factory=dict)  # the one longest without a turn first
    is_offered: bool = False
    timer: asyncio.TimerHandle | None = None


class Turns:
    """The sites asked so far, and who waits for them."""

    def __init__(self, *, concurrency: int, per_host: int) -> None:
        self._free, self._per_host = concurrency, per_host
        self._sites: dict[str, Site] = {}
        self._offered: deque[Site] = deque()  # to be looked at, one by one, while there is a place on the wire
        self._gates: set[Gate] = set()  # of those who wait

    @asynccontextmanager
    async def turn(
        self, name: str, gate: Gate, *, pause: float = 0.0, host: str = "", host_pause: float = 0.0
    ) -> AsyncIterator[None]:
        """Wait for the site's turn, for the host's own where its pause is longer, and for a place on the wire.

        While the gate is shut, the turn does not come. Pauses are in seconds, from this request to the next.
        """
        site = self._sites.get(name)
        if site is None:
            site = self._sites[name] = Site(self._per_host)
        await self._wait(site, gate, host if host_pause > pause else "", pause, host_pause)
        try:
            yield
        finally:
            self._give_back(site)

    def open(self, gate: Gate) -> None:
        """Results are wanted again."""
        gate.is_open = True
        sites, gate.sites = gate.sites, {}
        for site in sites:
            self._offer(site)
        self._give_out()

    async def _wait(self, site: Site, gate: Gate, host: str, pause: float, host_pause: float) -> None:
        key = host, gate
        if key not in site.lanes:
            site.lanes[key] = Lane(gate, host, pause, host_pause)
        lane = site.lanes[key]
        lane.host_pause = max(lane.host_pause, host_pause)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        lane.waiting.append(turn)
        gate.waiting += 1
        self._gates.add(gate)
        self._offer(site)
        self._give_out()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._give_back(site)
            elif turn in lane.waiting:
                self._take(site, lane, turn)
            raise

    def _give_back(self, site: Site) -> None:
        self._free += 1
        site.free += 1
        self._offer(site)
        self._give_out()

    def _offer(self, site: Site) -> None:
        """Have a look at a site when there is a place on the wire."""
        if site.lanes and not site.is_offered:
            site.is_offered = True
            self._offered.append(site)

    def _give_out(self) -> None:
        """Give turns while there are places on the wire and somebody who wants one."""
        while self._free and self._offered and any(gate.is_open for gate in self._gates):
            site = self._offered.popleft()
            site.is_offered = False
            if site.free:
                self._look_at(site)

    def _look_at(self, site: Site) -> None:
        """Give one turn of a site to the first who may have it; else see to it that the site is looked at in time."""
        now, later = asyncio.get_running_loop().time(), []
        for lane in site.lanes.values():
            opens_at = max(site.opens_at, site.hosts.get(lane.host, 0.0))
            if opens_at > now:
                later.append(opens_at)
            elif lane.gate.is_open:
                self._give(site, lane, now)
                self._offer(site)
                return
            else:
                lane.gate.sites[site] = None
        if later:
            self._set_timer(site, min(later))

    def _give(self, site: Site, lane: Lane, now: float) -> None:
        turn = lane.waiting[0]
        self._take(site, lane, turn)
        if lane.waiting:
            site.lanes[lane.host, lane.gate] = site.lanes.pop((lane.host, lane.gate))
        if turn.cancelled():
            return
        self._free -= 1
        site.free -= 1
        site.opens_at = now + lane.pause
        if lane.host:
            site.hosts[lane.host] = now + lane.host_pause
        turn.set_result(None)

    def _take(self, site: Site, lane: Lane, turn: asyncio.Future[None]) -> None:
        """Take one who waits out of the lane, and leave no empty lane."""
        lane.waiting.remove(turn)
        lane.gate.waiting -= 1
        if not lane.gate.waiting:
            self._gates.discard(lane.gate)
        if not lane.waiting:
            del site.lanes[lane.host, lane.gate]

    def _set_timer(self, site: Site, at: float) -> None:
        if site.timer is not None:
            site.timer.cancel()
        site.timer = asyncio.get_running_loop().call_at(at, self._on_timer, site)

    def _on_timer(self, site: Site) -> None:
        site.timer = None
        self._offer(site)
        self._give_out()
