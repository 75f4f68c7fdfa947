"""One request from the question to the outcome: permission, turn, redirects, and what the last answer means."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import httpx

from tracker.fetch import addresses, complaints, freshness, local, outcomes, rests, robots
from tracker.fetch.addresses import Address
from tracker.fetch.connections import Wire
from tracker.fetch.exchange import Answer, ask, headers, is_fit
from tracker.fetch.faults import RefusedError
from tracker.fetch.permissions import Caller, Permissions
from tracker.fetch.rests import Rests
from tracker.fetch.turns import Gate, Turns
from tracker.model import (
    Done,
    Failed,
    Fetched,
    FetchSettings,
    Page,
    Poison,
    Request,
    RobotsMemory,
    Skipped,
    Unchanged,
)
from tracker.redaction import redacted
from tracker.unpacking import ACCEPTED

THIS_MACHINE = ""  # the place in `Turns` of what lies here; no site is called that
MUTE_AFTER = 3  # requests in a row without an answer, after which an origin is put off to the next run
PERMANENT = frozenset({301, 308})
REMEDY = "write 'private: true' for a source of that host if you mean it"
ONLY_DIRECTLY = "no redirect from a public address is followed there, name it itself if you mean it"


@dataclass(slots=True)
class Way:
    """How far one request has come: where it stands, what it may, what it has used."""

    url: str
    private: bool = False  # whether an address that is not public may be next
    seconds: float = 0.0  # that are left
    origin: str = ""  # where it set out
    seen: set[str] = field(default_factory=set)
    took: float = 0.0
    is_moved: bool = True  # every redirect so far was a permanent one


class Visitor:
    """Asks, on behalf of one fetcher, with one memory of sites and robots.txt."""

    def __init__(
        self,
        wire: Wire,
        transport: httpx.AsyncBaseTransport,
        settings: FetchSettings,
        now: Callable[[], datetime],
        *,
        rested: Rests,
        memory: RobotsMemory | None,
        call: Caller,
    ) -> None:
        self._wire, self._transport, self._settings, self._now = wire, transport, settings, now
        self._always_sent = {"User-Agent": settings.user_agent, "Accept-Encoding": ACCEPTED}
        self._turns = Turns(concurrency=settings.concurrency, per_host=settings.per_host)
        self._permissions = Permissions(settings, ask=self._ask_robots, now=now, memory=memory, call=call)
        self._throttling = frozenset(settings.throttling)
        self._always = Gate()  # robots.txt is wanted, whoever waits for what
        self._rests = rested
        self._unanswered: Counter[str] = Counter()  # by origin, in a row

    async def visit(self, request: Request, gate: Gate) -> Fetched:
        """The outcome of a request, redirects followed. Its time limit does not count the waiting for turns."""
        if request.local:
            async with self._turns.turn(THIS_MACHINE, gate):
                return await asyncio.to_thread(local.read, request, self._settings, self._now())
        way = Way(request.url, private=request.private, seconds=self._settings.total_timeout)
        try:
            return _discreet(await self._visit(request, way, gate), request.token)
        except RefusedError as error:
            return Poison(reason=f"{error}; {ONLY_DIRECTLY if request.private else REMEDY}")

    async def _visit(self, request: Request, way: Way, gate: Gate) -> Fetched:
        while True:
            address = addresses.read(way.url)
            if isinstance(address, Poison):
                return address
            way.origin = way.origin or address.origin
            if fault := self._token_fault(request, address, way):
                return fault
            answer = await self._hop(request, address, way, gate)
            location = answer.headers.get("location") if isinstance(answer, Answer) else None
            if not isinstance(answer, Answer) or answer.status not in outcomes.REDIRECTS or not location:
                return self._outcome(request, address, way, answer)
            if circle := self._follow(way, answer, location):
                return circle

    def open(self, gate: Gate) -> None:
        """Results are wanted again by whoever has shut his gate."""
        self._turns.open(gate)

    def close(self) -> tuple[asyncio.Task[Any], ...]:
        """Cancel what is still under way for origins as a whole; the tasks are for awaiting."""
        return self._permissions.close()

    async def _hop(
        self, request: Request, address: Address, way: Way, gate: Gate
    ) -> Answer | Skipped | Failed | Poison:
        """One address on the way, with its permission and in its turn."""
        if resting := self._rest(address):
            return resting
        rules = await self._rules(address, private=way.private)
        if not isinstance(rules, robots.Rules):
            return rules
        if forbidden := rules.refusal(address.url):
            return forbidden
        token = request.token if address.origin == way.origin else None
        sent = self._always_sent | headers(request, token=token)
        pause = max(rules.delay(self._settings.host_delay), request.pause.total_seconds() if request.pause else 0.0)
        return await self._ask(address, sent, way, gate, host_pause=pause)

    async def _rules(self, address: Address, *, private: bool) -> robots.Rules | Failed | Poison:
        if not self._settings.respect_robots:
            return robots.Rules(None, "*")
        return await self._permissions.rules(address, private=private)

    def _rest(self, address: Address) -> Failed | None:
        """Why a site is left alone, if it has asked for that."""
        left = self._rests.left(address.site)
        if left is None:
            return None
        return Failed(reason=f"{address.site} has asked for a pause", retry_after=left, postponed=True)

    def _mute(self, address: Address) -> Failed | None:
        """Why an origin is not waited for any more: what still waits for its turn there would cost its time each."""
        times = self._unanswered[address.origin]
        if times < MUTE_AFTER:
            return None
        reason = f"{address.name} has given no answer {times} times in a row; put off to the next run"
        return Failed(reason=reason, postponed=True)

    async def _ask_robots(self, address: Address, *, private: bool) -> Answer | Failed | Poison:
        way = Way(address.url, private=private, seconds=self._settings.total_timeout)
        return await self._ask(address, self._always_sent, way, self._always, most=robots.MAX_BYTES)

    async def _ask(
        self,
        address: Address,
        sent: Mapping[str, str],
        way: Way,
        gate: Gate,
        *,
        host_pause: float = 0.0,
        most: int | None = None,
    ) -> Answer | Failed | Poison:
        """One exchange in its turn. A site that sets a limit is left alone from then on."""
        loop, pause = asyncio.get_running_loop(), self._settings.host_delay
        async with self._turns.turn(address.site, gate, pause=pause, host=address.host, host_pause=host_pause):
            if left_alone := self._rest(address) or self._mute(address):
                return left_alone
            started = loop.time()
            answer = await ask(
                self._transport,
                address,
                sent,
                private=way.private,
                seconds=way.seconds,
                settings=self._settings,
                most=most,
            )
            way.took += loop.time() - started
        self._unanswered[address.origin] = self._unanswered[address.origin] + 1 if isinstance(answer, Failed) else 0
        if isinstance(answer, Answer):
            self._heed(address.site, answer)
        return answer

    def _heed(self, site: str, answer: Answer) -> None:
        """Leave a site alone for as long as it asks."""
        if answer.status == 429 or self._is_throttle(site, answer.status):
            self._rests.limit(site, self._asked_wait(answer))
            return
        wait = self._asked_wait(answer) if answer.status == 503 else rests.used_up(answer.headers, self._now())
        if wait:
            self._rests.ask(site, wait)

    def _is_throttle(self, site: str, status: int) -> bool:
        return status == 403 and site in self._throttling

    def _asked_wait(self, answer: Answer) -> timedelta | None:
        """What a site wants to be left alone for, by Retry-After or by its count of requests."""
        asked = outcomes.retry_after(answer.headers.get("retry-after"), self._now())
        return rests.used_up(answer.headers, self._now()) if asked is None else asked

    def _follow(self, way: Way, answer: Answer, location: str) -> Poison | None:
        """Take one redirect, or say why not. Behind a public address, no private one is asked."""
        way.seen.add(way.url)
        way.url = addresses.redirected(way.url, location)
        way.seconds = max(self._settings.total_timeout - way.took, 0.001)
        way.private = way.private and answer.is_private
        way.is_moved = way.is_moved and answer.status in PERMANENT
        if way.url in way.seen:
            return Poison(reason=f"redirects in a circle, back to {way.url}", status=answer.status)
        if len(way.seen) > self._settings.max_redirects:
            most = self._settings.max_redirects
            return Poison(reason=f"more than {most} redirects, the last to {way.url}", status=answer.status)
        return None

    def _token_fault(self, request: Request, address: Address, way: Way) -> Poison | None:
        """Why a token is not sent where it is meant to go: others could read it on the way, or it is no header."""
        if request.token is None or way.seen:
            return None
        if not is_fit(request.token):
            return Poison(reason=f"the token for {address.name} holds characters that cannot be sent")
        if address.scheme != "https" and not self._wire.is_local(address):
            return Poison(
                reason=f"the token for {address.name} is not sent over http, where all can read it; use https"
            )
        return None

    def _outcome(
        self, request: Request, address: Address, way: Way, answer: Answer | Skipped | Failed | Poison
    ) -> Fetched:
        """What the last answer means to the one who asked."""
        if not isinstance(answer, Answer):
            return answer
        if answer.status in outcomes.OK:
            return Done(value=self._page(request, way, answer))
        if answer.status == outcomes.NOT_MODIFIED and len(headers(request)) > 1:
            return Done(value=self._unchanged(request, way, answer))
        wait = self._asked_wait(answer)
        if self._is_throttle(address.site, answer.status):
            return outcomes.of_throttle(answer.status, wait)
        said = complaints.words(answer.body, secret=request.token)
        fault = outcomes.of_status(answer.status, wait, said=said)
        return replace(fault, reason=f"{fault.reason} at {way.url}, after a redirect") if way.seen else fault

    def _page(self, request: Request, way: Way, answer: Answer) -> Page:
        etag, modified = answer.headers.get("etag"), answer.headers.get("last-modified")
        now = self._now()
        return Page(
            url=request.url,
            final_url=way.url,
            status=200,
            content_type=answer.headers.get("content-type", ""),
            body=answer.body,
            fetched_at=now,
            etag=etag if etag and is_fit(etag) else None,
            last_modified=modified if modified and is_fit(modified) else None,
            fresh_for=freshness.fresh_for(answer.headers, now),
            moved_to=_moved_to(way),
            milliseconds=round(way.took * 1_000),
        )

    def _unchanged(self, request: Request, way: Way, answer: Answer) -> Unchanged:
        now = self._now()
        return Unchanged(
            url=request.url,
            fetched_at=now,
            fresh_for=freshness.fresh_for(answer.headers, now),
            moved_to=_moved_to(way),
            milliseconds=round(way.took * 1_000),
        )


def _discreet(outcome: Fetched, token: str | None) -> Fetched:
    """The outcome without the token in its reason: a server may have put it into an address that it leads to."""
    if token is None or isinstance(outcome, Done) or token not in outcome.reason:
        return outcome
    return replace(outcome, reason=redacted(outcome.reason, {token}))


def _moved_to(way: Way) -> str | None:
    return way.url if way.seen and way.is_moved else None
