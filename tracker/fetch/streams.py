"""The bytes of one connection: an asyncio protocol with a read that waits, has a limit of time and keeps little.

Has the methods that httpcore asks of a network stream, so that its HTTP/2 and its proxies run over the same thing.
Opens nothing (`dialling`) and knows no HTTP.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from tracker.fetch.faults import BrokenOffError, LateError, SilentError, UnreachableError, UntrustedError

MOST_WAITING = 256_000  # bytes that may wait to be read before the other side is held up


class Stream(asyncio.Protocol):
    """One connection. Reading and writing are each done by one task at a time."""

    def __init__(self, *, is_private: bool) -> None:
        self.is_private = is_private  # it leads to no address of the public internet
        self.is_over = False  # nothing more will come
        self._transport: asyncio.Transport | None = None
        self._pieces: list[bytes] = []
        self._size = 0
        self._waiter: asyncio.Future[None] | None = None
        self._error: Exception | None = None
        self._is_held = False

    # asyncio calls these

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport; after start_tls another one."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Keep what came."""
        self._pieces.append(data)
        self._size += len(data)
        if self._size > MOST_WAITING and self._transport and not self._is_held:
            self._is_held = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """Nothing more will come."""
        self.is_over = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more will come, for a reason or for none."""
        self.is_over = True
        self._error = exc
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # we and httpcore call these

    @property
    def has_unasked(self) -> bool:
        """Whether something lies here to be read, or nothing ever will: no connection to ask over again."""
        return bool(self._pieces) or self.is_over

    async def read(self, max_bytes: int = MOST_WAITING, timeout: float | None = None) -> bytes:  # noqa: ASYNC109  httpcore's
        """What has come; b"" at the end. Raises SilentError and BrokenOffError."""
        if not self._pieces and not self.is_over:
            await self._wait(timeout)
        if self._pieces:
            return self._taken(max_bytes)
        if self._error is not None:
            raise BrokenOffError(str(self._error) or type(self._error).__name__) from self._error
        return b""

    async def _wait(self, seconds: float | None) -> None:
        loop = asyncio.get_running_loop()
        self._waiter = loop.create_future()
        late = None if seconds is None else loop.call_later(seconds, _expire, self._waiter)
        try:
            await self._waiter
        finally:
            self._waiter = None
            if late is not None:
                late.cancel()

    def _taken(self, most: int) -> bytes:
        whole = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        taken, rest = (whole, b"") if len(whole) <= most else (whole[:most], whole[most:])
        self._pieces = [rest] if rest else []
        self._size = len(rest)
        if self._is_held and self._transport and not self.is_over:
            self._is_held = False
            self._transport.resume_reading()
        return taken

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109  httpcore's
        """Send. Requests are small: what the socket does not take at once, the transport keeps."""
        if self._transport is None or self._transport.is_closing():
            raise BrokenOffError("the connection is closed")
        self._transport.write(buffer)

    async def aclose(self) -> None:
        """Close at once."""
        self.close()

    def close(self) -> None:
        """Close at once: a request that waits for nothing more has nothing to flush."""
        if self._transport is not None:
            self._transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's
    ) -> Stream:
        """The same connection, encrypted from now on: through a proxy's tunnel."""
        assert self._transport is not None
        loop = asyncio.get_running_loop()
        with translated():
            async with asyncio.timeout(timeout):
                made = await loop.start_tls(self._transport, self, ssl_context, server_hostname=server_hostname)
        self._transport = made
        return self

    def get_extra_info(self, info: str) -> Any:
        """What httpcore wants to know: the TLS object, and whether an idle connection has been closed."""
        if info == "is_readable":
            return self.has_unasked
        return self._transport.get_extra_info(info) if self._transport is not None else None


@contextmanager
def translated() -> Iterator[None]:
    """Around the making of a connection: the errors of the standard library as ours."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise UntrustedError(error.verify_message or str(error)) from error
    except ssl.SSLError as error:
        raise UnreachableError(f"no encryption agreed on ({error.reason or error})") from error
    except TimeoutError as error:
        raise LateError from error
    except OSError as error:
        raise UnreachableError(error.strerror or str(error) or type(error).__name__) from error


def _expire(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_exception(SilentError())
