"""From a host name to a connection: resolve once, judge every address, connect to one that was judged.

The address that is judged is the address that is connected to, so nothing can change between the two (DNS
rebinding). The name stays for TLS. Where a name has several addresses, a second is tried while the first one keeps
silent (as RFC 8305 has it), so that a broken IPv6 costs little. Speaks no HTTP.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from itertools import chain, zip_longest

from tracker.fetch import guard
from tracker.fetch.faults import RefusedError, UnreachableError
from tracker.fetch.streams import Stream, translated

STAGGER = 0.25  # seconds after which the next address is tried as well (RFC 8305, 5)
REMEMBERED = 60.0  # seconds that a resolver's answer is good for
MOST_REMEMBERED = 10_000  # names
LOOPBACK = ("127.0.0.1", "::1")
MOST_TRIED = 6  # addresses of one name

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """The addresses of a name as the system knows them; in a thread of the loop."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


class Dialler:
    """Opens connections."""

    def __init__(self, *, resolve: Resolve, context: Callable[[], ssl.SSLContext], seconds: float) -> None:
        self._resolve, self._context, self._seconds = resolve, context, seconds
        self._known: dict[tuple[str, int], tuple[float, tuple[str, ...]]] = {}

    async def dial(self, host: str, port: int, *, tls_name: str | None, private: bool, exempt: bool = False) -> Stream:
        """A connection to one of the host's addresses.

        Args:
            host: a name or an address, as in a URL.
            port: the port.
            tls_name: whose certificate is wanted; None for no TLS.
            private: whether addresses that are not public may be connected to.
            exempt: whether the host was named by the user himself, so that nothing about it is judged.

        Raises:
            RefusedError: an address is not public and that is not allowed.
            LateError, UnreachableError, UntrustedError: there is no connection.
        """
        with translated():
            async with asyncio.timeout(self._seconds):
                addresses = await self._addresses(host, port)
                words = {} if exempt else {one: word for one in addresses if (word := guard.fault(one))}
                if words and not private:
                    raise RefusedError(guard.told(host, *next(iter(words.items()))))
                return await self._first(addresses, port, tls_name, is_private=exempt or bool(words))

    async def _addresses(self, host: str, port: int) -> tuple[str, ...]:
        if literal := guard.literal(host):
            return (literal,)
        if guard.is_local(host):
            return LOOPBACK  # whatever a resolver says of it (RFC 6761, 6.3): tokens may go there without encryption
        until, addresses = self._known.get((host, port), (0.0, ()))
        if time.monotonic() < until:
            return addresses
        try:
            addresses = tuple(await self._resolve(host, port))
        except UnicodeError as error:
            raise UnreachableError(f"no host name ({error})") from error
        if not addresses:
            raise UnreachableError("the name has no address")
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[host, port] = time.monotonic() + REMEMBERED, addresses
        return addresses

    async def _first(self, addresses: Sequence[str], port: int, tls_name: str | None, *, is_private: bool) -> Stream:
        """The connection that stands first."""
        if len(addresses) == 1:
            return await self._connect(addresses[0], port, tls_name, is_private=is_private)
        waiting = _mixed(addresses)[:MOST_TRIED]
        trying: set[asyncio.Task[Stream]] = set()
        try:
            while True:
                if waiting:
                    one, *waiting = waiting
                    trying.add(asyncio.create_task(self._connect(one, port, tls_name, is_private=is_private)))
                tried, trying = await asyncio.wait(
                    trying, timeout=STAGGER if waiting else None, return_when=asyncio.FIRST_COMPLETED
                )
                stands = [task.result() for task in tried if not task.exception()]
                for spare in stands[1:]:
                    spare.close()
                if stands:
                    return stands[0]
                if tried and not trying and not waiting:
                    return tried.pop().result()  # which raises what it met
        finally:
            for task in trying:
                task.add_done_callback(_close)
                task.cancel()

    async def _connect(self, address: str, port: int, tls_name: str | None, *, is_private: bool) -> Stream:
        loop = asyncio.get_running_loop()
        _, stream = await loop.create_connection(
            lambda: Stream(is_private=is_private),
            address,
            port,
            ssl=self._context() if tls_name is not None else None,
            server_hostname=tls_name,
        )
        return stream


def _mixed(addresses: Sequence[str]) -> list[str]:
    """IPv6 and IPv4 by turns, beginning with the kind that the resolver put first."""
    first = [one for one in addresses if (":" in one) == (":" in addresses[0])]
    second = [one for one in addresses if one not in first]
    return [one for one in chain.from_iterable(zip_longest(first, second)) if one]


def _close(task: asyncio.Task[Stream]) -> None:
    """Close what came to stand although nobody wanted it any more."""
    if not task.cancelled() and not task.exception():
        task.result().close()
