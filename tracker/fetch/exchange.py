"""One request and its answer, within limits of time and size. No redirects, no politeness: those are `visits`."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

import httpx

from tracker.fetch import addresses, outcomes
from tracker.fetch.unpacking import BrokenError, TooLargeError, Unpacker
from tracker.model import Failed, FetchSettings, Poison, Request

DRAINED = 32_000  # bytes of a body read for the connection's sake, within
DRAIN_SECONDS = 1.0
BODILESS = frozenset({204, 304})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A status with its headers, and the body where the status brings one."""

    status: int
    headers: httpx.Headers
    body: bytes = b""


async def ask(
    client: httpx.AsyncClient, url: str, *, headers: dict[str, str], seconds: float, settings: FetchSettings
) -> Answer | Failed | Poison:
    """Send one GET and read its answer within `seconds`."""
    try:
        async with asyncio.timeout(seconds), client.stream("GET", url, headers=headers) as response:
            if response.status_code in outcomes.OK:
                return await _read(response, settings.max_bytes)
            await _drain(response)
            return Answer(status=response.status_code, headers=response.headers)
    except outcomes.FOREIGN as error:
        return outcomes.of_error(error, addresses.host(url), settings)


async def _read(response: httpx.Response, limit: int) -> Answer | Failed | Poison:
    """The body, unpacked while it comes in, so that no more than the limit is ever held."""
    try:
        unpacker = Unpacker(response.headers.get("content-encoding", ""), limit=limit)
        async for piece in response.aiter_raw():
            unpacker.add(piece)
        body = unpacker.whole()
    except TooLargeError:
        return Poison(reason=f"larger than {limit} bytes")
    except BrokenError as error:
        return Failed(reason=str(error))
    return Answer(status=response.status_code, headers=response.headers, body=body)


async def _drain(response: httpx.Response) -> None:
    """Read a short body that nobody wants, so that the connection can serve the next request."""
    length = response.headers.get("content-length", "0" if response.status_code in BODILESS else "")
    if not length.isdigit() or int(length) > DRAINED:
        return
    with suppress(TimeoutError, *outcomes.FOREIGN):
        async with asyncio.timeout(DRAIN_SECONDS):
            async for _ in response.aiter_raw():
                pass


def headers(request: Request) -> dict[str, str]:
    """The headers of a request: what is acceptable, and the validators (RFC 9110, 13.1) where they are wanted."""
    sent = {"Accept": request.accept}
    if request.conditional and request.etag:
        sent["If-None-Match"] = request.etag
    if request.conditional and request.last_modified:
        sent["If-Modified-Since"] = request.last_modified
    return {name: value for name, value in sent.items() if is_fit(value)}


def is_fit(value: str) -> bool:
    """Whether a header's value can be sent back as it came."""
    return value.isascii() and value.isprintable()
