"""What the robots.txt of each origin allows: asked for once, shared by all who wait, kept between runs.

A file that is younger than a day is not asked for again (RFC 9309, 2.4); an older one stands in where the origin cannot
be reached. Reads no rules by itself; that is `robots`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from tracker.fetch import addresses, outcomes, robots
from tracker.fetch.addresses import Address
from tracker.fetch.exchange import Answer
from tracker.fetch.faults import RefusedError
from tracker.model import Failed, FetchSettings, Poison, RobotsMemory, RobotsText

MAX_REDIRECTS = 5  # RFC 9309, 2.3.1.2
GOOD_FOR = timedelta(hours=24)

Asked = Answer | Failed | Poison


class Ask(Protocol):
    """One exchange in its turn."""

    def __call__(self, address: Address, *, private: bool) -> Awaitable[Asked]:
        """Ask for a robots.txt."""


class Caller(Protocol):
    """Has something done in the thread that takes the outcomes."""

    def __call__(self, work: Callable[[], RobotsText | None], /) -> Awaitable[RobotsText | None]:
        """What `work` gives back."""


class Permissions:
    """The rules of all origins met so far."""

    def __init__(
        self,
        settings: FetchSettings,
        *,
        ask: Ask,
        now: Callable[[], datetime],
        memory: RobotsMemory | None,
        call: Caller,
    ) -> None:
        self._settings, self._ask, self._now = settings, ask, now
        self._memory, self._call = memory, call
        self._rules: dict[tuple[str, bool], asyncio.Task[robots.Rules | Failed | Poison]] = {}

    async def rules(self, address: Address, *, private: bool) -> robots.Rules | Failed | Poison:
        """The rules of an address's origin, or why it may not be asked now.

        The first who wants them asks for them; the others wait for the same answer.
        """
        key = address.origin, private
        if key not in self._rules:
            self._rules[key] = asyncio.create_task(self._read(address.origin, private=private))
        task = self._rules[key]
        return task.result() if task.done() else await asyncio.shield(task)

    def close(self) -> tuple[asyncio.Task[Any], ...]:
        """Cancel what is still under way; the tasks are for awaiting."""
        for task in self._rules.values():
            task.cancel()
        return tuple(self._rules.values())

    async def _read(self, origin: str, *, private: bool) -> robots.Rules | Failed | Poison:
        known = await self._known(origin)
        # what was fetched in a time to come was fetched by a clock that was wrong
        if known is not None and timedelta(0) <= self._now() - known.fetched_at < GOOD_FOR:
            return self._rules_of(known)
        had = await self._asked(origin, private=private)
        if isinstance(had, RobotsText):
            await self._keep(had)
            return self._rules_of(had)
        return self._rules_of(known) if known is not None and isinstance(had, Failed) else had

    async def _known(self, origin: str) -> RobotsText | None:
        memory = self._memory
        return None if memory is None else await self._call(lambda: memory.get(origin))

    async def _keep(self, text: RobotsText) -> None:
        memory = self._memory
        if memory is not None:
            await self._call(lambda: memory.put(text))

    def _rules_of(self, text: RobotsText) -> robots.Rules:
        if text.body is None:
            return robots.Rules(None, robots.product(self._settings.user_agent))
        return robots.read(text.body, self._settings.user_agent)

    async def _asked(self, origin: str, *, private: bool) -> RobotsText | Failed | Poison:
        """Ask an origin for its robots.txt: 4xx means none, anything else that is no answer means not now."""
        name, url, had = "", f"{origin}/robots.txt", None
        for hop in range(MAX_REDIRECTS + 1):
            address = addresses.read(url)
            if isinstance(address, Poison):
                break
            name = name or address.name
            try:
                had = await self._ask(address, private=private)
            except RefusedError as error:
                if hop == 0:
                    raise  # the host as a whole cannot be asked
                had = Failed(reason=f"leads to {address.name}: {error}")
            if isinstance(had, Poison) and hop == 0:
                return had
            if not isinstance(had, Answer):
                break
            if had.status in outcomes.OK:
                body = had.body[: robots.MAX_BYTES]
                return RobotsText(origin=origin, status=200, body=body, fetched_at=self._now())
            location = had.headers.get("location")
            if had.status not in outcomes.REDIRECTS or not location:
                break
            url, private = addresses.redirected(url, location), private and had.is_private
        return self._none(origin, name, had)

    def _none(self, origin: str, name: str, had: Asked | None) -> RobotsText | Failed:
        """What it means that a robots.txt was not to be had (RFC 9309, 2.3.1.3 and 2.3.1.4)."""
        if isinstance(had, Answer):
            retry_after = outcomes.retry_after(had.headers.get("retry-after"), self._now())
            fault = outcomes.of_status(had.status, retry_after)
            if isinstance(fault, Poison):
                return RobotsText(origin=origin, status=had.status, body=None, fetched_at=self._now())
            return Failed(reason=f"robots.txt of {name}: {fault.reason}", retry_after=fault.retry_after)
        if had is None:
            return Failed(reason=f"robots.txt of {name}: no address")
        reason = f"robots.txt of {name}: {had.reason}"
        return replace(had, reason=reason, status=None) if isinstance(had, Failed) else Failed(reason=reason)
