"""HTTP/1.1 over one connection, one request after another: h11 says what the bytes mean.

Does not open connections and does not keep them; it says whether this one can be asked again.
"""

from __future__ import annotations

from collections.abc import Sequence

import h11

from tracker.fetch.faults import BrokenOffError, FloodError, UnaskableError
from tracker.fetch.streams import Stream

MAX_HEADERS = 64_000  # bytes of a status line with its headers (or of one chunk's, or the trailers')
READ = 65_536  # bytes handed on at once
_FLOOD = "Receive buffer too long"  # h11's words for more than that

Headers = Sequence[tuple[bytes, bytes]]


class Http1:
    """A connection that speaks HTTP/1.1."""

    def __init__(self, stream: Stream, *, seconds: float) -> None:
        self.stream = stream
        self._seconds = seconds  # between two pieces
        self._state = self._fresh()

    def _fresh(self) -> h11.Connection:
        return h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEADERS)

    async def ask(self, origin: str, target: str, headers: Headers) -> tuple[int, Headers]:  # noqa: ARG002  HTTP/2 wants it
        """Send a GET and read status and headers."""
        try:
            request = h11.Request(method="GET", target=target, headers=list(headers))
            sent = (self._state.send(request) or b"") + (self._state.send(h11.EndOfMessage()) or b"")
        except h11.LocalProtocolError as error:
            raise UnaskableError(str(error)) from error
        await self.stream.write(sent)
        while True:
            event = await self._next()
            if isinstance(event, h11.Response):
                return event.status_code, list(event.headers)
            if not isinstance(event, h11.InformationalResponse) or event.status_code == 101:
                raise BrokenOffError("an answer to another question")

    async def piece(self) -> bytes | None:
        """The next piece of the body, None at its end."""
        while True:
            event = await self._next()
            if isinstance(event, h11.Data):
                return bytes(event.data)
            if isinstance(event, h11.EndOfMessage):
                return None

    async def _next(self) -> object:
        try:
            while (event := self._state.next_event()) is h11.NEED_DATA:
                self._state.receive_data(await self.stream.read(READ, timeout=self._seconds))
        except h11.RemoteProtocolError as error:
            if str(error).startswith(_FLOOD):
                raise FloodError from error
            raise BrokenOffError(str(error)) from error
        if event is h11.PAUSED or isinstance(event, h11.ConnectionClosed):
            raise BrokenOffError("the connection ended before the answer")
        return event

    @property
    def is_free(self) -> bool:
        """Whether the last answer is whole, so that the next request can be sent."""
        return self._state.our_state is h11.DONE and self._state.their_state is h11.DONE and not self.stream.has_unasked

    def renew(self) -> None:
        """Make ready for the next request."""
        self._state.start_next_cycle()

    async def close(self) -> None:
        """Close the connection."""
        self.stream.close()
