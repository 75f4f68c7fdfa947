"""Connections: which way an address is reached, and the idle connections kept for the next request.

As with curl's --connect-to, a host name led elsewhere keeps its Host header and, for https, its server name and
certificate; only the address of the connection changes. A proxy is the config's, else the environment's, and is never
used for loopback or for names led elsewhere. How many connections there are is the business of `turns`. Keeps no
cookies, follows no redirects.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from resource import RLIMIT_NOFILE, getrlimit
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from tracker.fetch import guard
from tracker.fetch.addresses import Address
from tracker.fetch.dialling import Dialler, Resolve
from tracker.fetch.faults import BrokenOffError, RefusedError
from tracker.fetch.http1 import Http1
from tracker.model import FetchSettings

if TYPE_CHECKING:  # loaded for the first server that speaks HTTP/2, or the first proxy
    import httpcore

IDLE_CONNECTIONS = 512  # of all hosts together, kept for the next request; at most half of what a process may open
IDLE_SECONDS = 15.0  # that an idle connection may be asked again

Headers = Sequence[tuple[bytes, bytes]]
Key = tuple[str, str, int, str, bool]  # scheme, host and port connected to, the name for TLS, whether it may be private


class Speaking(Protocol):
    """A connection that can be asked."""

    async def ask(self, origin: str, target: str, headers: Headers) -> tuple[int, Headers]:
        """Send a GET and read status and headers."""

    async def piece(self) -> bytes | None:
        """The next piece of the body, None at its end."""

    @property
    def is_free(self) -> bool:
        """Whether it can be asked again."""

    def renew(self) -> None:
        """Make ready for the next request."""

    async def close(self) -> None:
        """Close it."""


@dataclass(slots=True)
class Idle:
    """A connection that waits for its next request."""

    speaking: Speaking
    is_private: bool
    since: float  # loop time


@dataclass(slots=True, kw_only=True)
class Answering:
    """An answer of which status and headers have come. Close it."""

    status: int
    headers: Headers
    is_private: bool  # it comes from no address of the public internet, or from where the user has led the name
    speaking: Speaking
    key: Key | None
    wire: Wire

    async def close(self) -> None:
        """Keep the connection where the answer is whole, else close it."""
        await self.wire.give_back(self)


class Wire:
    """All connections of one fetcher."""

    def __init__(self, settings: FetchSettings, resolve: Resolve) -> None:
        self._settings = settings
        self._dialler = Dialler(resolve=resolve, context=lambda: self._context, seconds=settings.connect_timeout)
        self._led = dict(settings.connect_to)
        self._environment = {} if settings.proxy else {k: v for k, v in getproxies().items() if k != "no" and v}
        self._proxies: dict[str, httpcore.AsyncConnectionPool] = {}
        self._idle: dict[Key, list[Idle]] = {}
        self._idle_count = 0
        most_files = getrlimit(RLIMIT_NOFILE)[0]  # -1 for no limit
        self._most_idle = min(IDLE_CONNECTIONS, most_files // 2) if most_files > 0 else IDLE_CONNECTIONS

    @cached_property
    def _context(self) -> ssl.SSLContext:
        """What every certificate is held against: made once there is one, since it takes long to read."""
        context = httpx.create_ssl_context()
        context.set_alpn_protocols(["h2", "http/1.1"])
        return context

    async def ask(self, address: Address, headers: Headers, *, private: bool) -> Answering:
        """Send a GET. Raises `NetworkError`s."""
        if led := self._led_to(address.host):
            return await self._direct(address, headers, private=True, led=led)
        if proxy := self._proxy(address):
            return await self._proxied(address, headers, proxy, private=private)
        return await self._direct(address, headers, private=private)

    async def _direct(self, address: Address, headers: Headers, *, private: bool, led: str = "") -> Answering:
        parts = urlsplit(f"//{led}") if led else None
        host = parts.hostname or "" if parts else address.host
        port = parts.port or address.port if parts else address.port
        key = (address.scheme, host, port, "" if led and address.scheme == "http" else address.host, private)
        while idle := await self._take(key):
            try:
                return await self._sent(address, headers, idle.speaking, key=key, is_private=idle.is_private)
            except BrokenOffError:
                continue  # the other side had given it up in the meantime
        tls_name = address.host if address.scheme == "https" else None
        stream = await self._dialler.dial(host, port, tls_name=tls_name, private=private, exempt=bool(led))
        speaking: Speaking = Http1(stream, seconds=self._settings.read_timeout)
        if tls_name is not None and stream.get_extra_info("ssl_object").selected_alpn_protocol() == "h2":
            from tracker.fetch import httpcored  # noqa: PLC0415 - see above

            speaking = httpcored.http2(address, stream, self._settings.read_timeout)
        return await self._sent(address, headers, speaking, key=key, is_private=stream.is_private)

    async def _proxied(self, address: Address, headers: Headers, proxy: str, *, private: bool) -> Answering:
        """Through a proxy, which resolves the name: only addresses that are spelt out can be judged here."""
        from tracker.fetch import httpcored  # noqa: PLC0415 - see above

        literal = guard.literal(address.host)
        word = guard.fault(literal) if literal else None
        if literal and word and not private:
            raise RefusedError(guard.told(address.host, literal, word))
        if proxy not in self._proxies:
            made = httpcored.through(proxy, dialler=self._dialler, context=self._context, idle=IDLE_CONNECTIONS)
            self._proxies[proxy] = made
        speaking = httpcored.Core(self._proxies[proxy], self._settings.read_timeout)
        return await self._sent(address, headers, speaking, key=None, is_private=word is not None)

    async def _sent(
        self, address: Address, headers: Headers, speaking: Speaking, *, key: Key | None, is_private: bool
    ) -> Answering:
        try:
            status, had = await speaking.ask(address.origin, address.target, headers)
        except BaseException:
            await speaking.close()
            raise
        return Answering(status=status, headers=had, is_private=is_private, speaking=speaking, key=key, wire=self)

    async def _take(self, key: Key) -> Idle | None:
        """An idle connection that still stands, the youngest first."""
        waiting = self._idle.get(key)
        fresh = asyncio.get_running_loop().time() - IDLE_SECONDS
        while waiting:
            idle = waiting.pop()
            self._idle_count -= 1
            if not waiting:
                del self._idle[key]
            if idle.speaking.is_free and idle.since >= fresh:
                idle.speaking.renew()
                return idle
            await idle.speaking.close()
        return None

    async def give_back(self, answering: Answering) -> None:
        """Keep the connection of an answer for the next request, or close it."""
        speaking, key = answering.speaking, answering.key
        if key is None or not speaking.is_free:
            await speaking.close()
            return
        now = asyncio.get_running_loop().time()
        self._idle.setdefault(key, []).append(Idle(speaking, answering.is_private, now))
        self._idle_count += 1
        while (spare := self._spare(now)) is not None:
            await spare.speaking.close()

    def _spare(self, now: float) -> Idle | None:
        """The oldest idle connection, taken out, if it has waited too long or there are too many."""
        key, waiting = next(iter(self._idle.items()))
        if self._idle_count <= self._most_idle and waiting[0].since >= now - IDLE_SECONDS:
            return None
        spare = waiting.pop(0)
        self._idle_count -= 1
        if not waiting:
            del self._idle[key]
        return spare

    def is_local(self, address: Address) -> bool:
        """Whether nothing that is sent to an address leaves this machine."""
        led = self._led_to(address.host)
        return guard.is_local(urlsplit(f"//{led}").hostname or "" if led else address.host)

    async def close(self) -> None:
        """Close every connection."""
        for idle in [one for waiting in self._idle.values() for one in waiting]:
            await idle.speaking.close()
        self._idle.clear()
        for pool in self._proxies.values():
            await pool.aclose()

    def _led_to(self, host: str) -> str:
        """Where connections to a host are led, by its name or by the nearest `*.suffix`; "" for nowhere."""
        if not self._led or host in self._led:
            return self._led.get(host, "")
        labels = host.split(".")
        suffixes = (f"*.{'.'.join(labels[at:])}" for at in range(1, len(labels)))
        return next((self._led[suffix] for suffix in suffixes if suffix in self._led), "")

    def _proxy(self, address: Address) -> str:
        """The proxy by which an address is reached; "" for none."""
        if not (self._settings.proxy or self._environment) or guard.is_local(address.host):
            return ""
        if self._settings.proxy:
            return self._settings.proxy
        proxy = self._environment.get(address.scheme) or self._environment.get("all") or ""
        return "" if not proxy or proxy_bypass(address.host) else proxy
