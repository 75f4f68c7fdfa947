"""One request from the question to the outcome: permission, turn, redirects, and what the last answer means."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx

from tracker.fetch import addresses, local, outcomes, robots
from tracker.fetch.exchange import Answer, ask, headers, is_fit
from tracker.fetch.turns import Turns
from tracker.model import Done, Failed, Fetched, FetchSettings, Page, Poison, Request, Skipped, Unchanged

PAUSE_WHEN_LIMITED = timedelta(seconds=60)  # for a host that says "too many requests" and no more
THIS_MACHINE = ""  # the place in `Turns` of what lies here; no host is called that
MAX_ROBOTS_REDIRECTS = 5  # RFC 9309, 2.3.1.2


class Visitor:
    """Asks, on behalf of one fetcher, with one memory of hosts and their robots.txt."""

    def __init__(self, client: httpx.AsyncClient, settings: FetchSettings, now: Callable[[], datetime]) -> None:
        self._client, self._settings, self._now = client, settings, now
        self._turns = Turns(concurrency=settings.concurrency, per_host=settings.per_host)
        self._rules: dict[str, asyncio.Task[robots.Rules | Failed]] = {}

    async def visit(self, request: Request, wanted: asyncio.Event) -> Fetched:
        """The outcome of a request, redirects followed. Its time limit does not count the waiting for turns."""
        if request.local:
            async with self._turns.turn(THIS_MACHINE, 0.0, wanted):
                return await asyncio.to_thread(local.read, request, self._settings, self._now())
        url, seen, seconds = request.url, {request.url}, self._settings.total_timeout
        while True:
            rules = await self._permission(url)
            if not isinstance(rules, robots.Rules):
                return rules
            delay = rules.delay(self._settings.host_delay)
            answer, took = await self._ask(url, headers(request), delay, seconds, wanted)
            location = answer.headers.get("location") if isinstance(answer, Answer) else None
            if not isinstance(answer, Answer) or answer.status not in outcomes.REDIRECTS or not location:
                return self._outcome(request, url, answer)
            url, seconds = addresses.redirected(url, location), max(seconds - took, 0.001)
            if url in seen:
                return Poison(reason=f"redirects in a circle, back to {url}")
            if len(seen) > self._settings.max_redirects:
                return Poison(reason=f"more than {self._settings.max_redirects} redirects, the last to {url}")
            seen.add(url)

    def close(self) -> tuple[asyncio.Task[Any], ...]:
        """Cancel what is still under way for hosts as a whole; the tasks are for awaiting."""
        for task in self._rules.values():
            task.cancel()
        return tuple(self._rules.values())

    async def _permission(self, url: str) -> robots.Rules | Skipped | Failed | Poison:
        """The rules under which `url` may be asked, or why it may not."""
        if bad := addresses.fault(url):
            return bad
        rules = await self._rules_of(url) if self._settings.respect_robots else robots.Rules(None, "*")
        if isinstance(rules, Failed):
            return rules
        return rules.refusal(url) or self._pause(addresses.host(url)) or rules

    def _pause(self, host: str) -> Failed | None:
        """Why a host is left alone, if it has asked for that."""
        seconds = self._turns.resting(host)
        if not seconds:
            return None
        return Failed(reason=f"{host} has asked for a pause", retry_after=timedelta(seconds=round(seconds, 1)))

    async def _rules_of(self, url: str) -> robots.Rules | Failed:
        """The origin's rules, asked for once by whoever comes first; the others wait for the same answer."""
        origin = addresses.origin(url)
        if origin not in self._rules:
            self._rules[origin] = asyncio.create_task(self._read_rules(origin))
        return await asyncio.shield(self._rules[origin])

    async def _read_rules(self, origin: str) -> robots.Rules | Failed:
        """Ask an origin for its robots.txt: 4xx means none, anything else that is no answer means not now."""
        url, free = f"{origin}/robots.txt", asyncio.Event()
        free.set()
        for _ in range(MAX_ROBOTS_REDIRECTS + 1):
            answer, _ = await self._ask(url, {}, self._settings.host_delay, self._settings.total_timeout, free)
            if not isinstance(answer, Answer):
                break
            if answer.status in outcomes.OK:
                return robots.read(answer.body, self._settings.user_agent)
            location = answer.headers.get("location")
            if answer.status not in outcomes.REDIRECTS or not location:
                break
            url = addresses.redirected(url, location)
            if addresses.fault(url):
                break
        return self._without_rules(addresses.host(origin), answer)

    def _without_rules(self, host: str, answer: Answer | Failed | Poison) -> robots.Rules | Failed:
        """What it means that a robots.txt was not to be had (RFC 9309, 2.3.1.3 and 2.3.1.4)."""
        if isinstance(answer, Answer):
            fault = outcomes.of_status(answer.status, self._retry_after(answer))
            if isinstance(fault, Poison):
                return robots.Rules(None, "*")
            return Failed(reason=f"robots.txt of {host}: {fault.reason}", retry_after=fault.retry_after)
        return Failed(reason=f"robots.txt of {host}: {answer.reason}")

    async def _ask(
        self, url: str, sent: dict[str, str], delay: float, seconds: float, wanted: asyncio.Event
    ) -> tuple[Answer | Failed | Poison, float]:
        """One exchange in its turn, and the seconds it took. A host that sets a limit is left alone from then on."""
        host, loop = addresses.host(url), asyncio.get_running_loop()
        async with self._turns.turn(host, delay, wanted):
            if pause := self._pause(host):
                return pause, 0.0
            started = loop.time()
            answer = await ask(self._client, url, headers=sent, seconds=seconds, settings=self._settings)
            if isinstance(answer, Answer) and answer.status in {429, 503}:
                self._rest(host, answer)
            return answer, loop.time() - started

    def _rest(self, host: str, answer: Answer) -> None:
        asked = self._retry_after(answer) or (PAUSE_WHEN_LIMITED if answer.status == 429 else timedelta(0))
        self._turns.rest(host, asked.total_seconds())

    def _retry_after(self, answer: Answer) -> timedelta | None:
        return outcomes.retry_after(answer.headers.get("retry-after"), self._now())

    def _outcome(self, request: Request, url: str, answer: Answer | Failed | Poison) -> Fetched:
        """What the last answer means to the one who asked."""
        if not isinstance(answer, Answer):
            return answer
        if answer.status in outcomes.OK:
            return Done(value=self._page(request, url, answer))
        if answer.status == outcomes.NOT_MODIFIED and len(headers(request)) > 1:
            return Done(value=Unchanged(url=request.url, fetched_at=self._now()))
        fault = outcomes.of_status(answer.status, self._retry_after(answer))
        return fault if url == request.url else _led_to(url, fault)

    def _page(self, request: Request, url: str, answer: Answer) -> Page:
        etag, modified = answer.headers.get("etag"), answer.headers.get("last-modified")
        return Page(
            url=request.url,
            final_url=url,
            status=200,
            content_type=answer.headers.get("content-type", ""),
            body=answer.body,
            fetched_at=self._now(),
            etag=etag if etag and is_fit(etag) else None,
            last_modified=modified if modified and is_fit(modified) else None,
        )


def _led_to(url: str, fault: Failed | Poison) -> Failed | Poison:
    """The fault with the address that a redirect led to, since it is not the one that was asked."""
    reason = f"{fault.reason} at {url}, after a redirect"
    return Poison(reason=reason) if isinstance(fault, Poison) else Failed(reason=reason, retry_after=fault.retry_after)
