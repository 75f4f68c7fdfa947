"""httpx over connections of our own: a transport that reaches public addresses only.

The extension point is httpx's own (`httpx.AsyncBaseTransport`). A request says in its extensions which `Address` it
goes to and whether that may be `private`; a response says whether it `is_private`. It is asked without httpx's client,
which would keep cookies, follow redirects, ask the environment and spend half as much again: all that is decided
elsewhere in this room.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx

from tracker.fetch.connections import Answering, Wire


class Transport(httpx.AsyncBaseTransport):
    """What httpx sends by."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a GET and read status and headers. Raises `NetworkError`s."""
        extensions = request.extensions
        answering = await self._wire.ask(extensions["address"], request.headers.raw, private=extensions["private"])
        return httpx.Response(
            answering.status,
            headers=answering.headers,
            stream=Body(answering),
            extensions={"is_private": answering.is_private},
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._wire.close()


class Body(httpx.AsyncByteStream):
    """The pieces of an answer's body, as they were sent."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (piece := await self._answering.speaking.piece()) is not None:
            yield piece

    async def aclose(self) -> None:
        """Keep the connection where the answer is whole, else close it."""
        await self._answering.close()
