"""One request and its answer, within limits of time and size. No redirects, no politeness: those are `visits`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.fetch import outcomes
from tracker.fetch.addresses import Address
from tracker.fetch.connections import Answering, Wire
from tracker.fetch.faults import RefusedError
from tracker.fetch.unpacking import BrokenError, TooLargeError, Unpacker
from tracker.model import Failed, FetchSettings, Poison, Request

DRAINED = 32_000  # bytes of a body read for the connection's sake, within
DRAIN_SECONDS = 1.0
BODILESS = frozenset({204, 304})
IN_A_ROW = 32  # pieces of a body taken before others have their turn

Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A status with its headers, and the body where the status brings one."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    is_private: bool  # it comes from no address of the public internet, or from where the user has led the name
    body: bytes = b""


async def ask(
    wire: Wire,
    address: Address,
    headers: Headers,
    *,
    private: bool,
    seconds: float,
    settings: FetchSettings,
    most: int | None = None,
) -> Answer | Failed | Poison:
    """Send one GET and read its answer within `seconds`; of a body longer than `most`, where given, only the start.

    Raises:
        RefusedError: the address is not public, and `private` is not set.
    """
    try:
        async with asyncio.timeout(seconds):
            answering = await wire.ask(address, headers, private=private)
            try:
                if answering.status in outcomes.OK:
                    return await _read(answering, settings.max_bytes if most is None else most, cut=most is not None)
                await _drain(answering)
            finally:
                await answering.close()
    except RefusedError:
        raise
    except outcomes.FOREIGN as error:
        return outcomes.of_error(error, address.name, settings)
    return Answer(status=answering.status, headers=answering.headers, is_private=answering.is_private)


async def _read(answering: Answering, limit: int, *, cut: bool) -> Answer | Failed | Poison:
    """The body, unpacked while it comes in, so that no more than the limit is ever held."""
    try:
        unpacker = Unpacker(answering.headers.get("content-encoding", ""), limit=limit)
        body = await _body(answering, unpacker)
    except TooLargeError:
        if not cut:
            return Poison(reason=f"larger than {limit} bytes", status=answering.status)
        body = unpacker.start()
    except BrokenError as error:
        return Failed(reason=str(error), status=answering.status)
    return Answer(status=answering.status, headers=answering.headers, is_private=answering.is_private, body=body)


async def _body(answering: Answering, unpacker: Unpacker) -> bytes:
    count = 0
    while (piece := await answering.speaking.piece()) is not None:
        unpacker.add(piece)
        count += 1
        if count % IN_A_ROW == 0:
            await asyncio.sleep(0)  # thousands of tiny pieces must not keep the time limit from being looked at
    return unpacker.whole()


async def _drain(answering: Answering) -> None:
    """Read a short body that nobody wants, so that the connection can serve the next request."""
    if answering.status in BODILESS:
        await answering.speaking.piece()
        return
    length = answering.headers.get("content-length", "0")
    if not length.isdigit() or int(length[:12]) > DRAINED:
        return
    room = DRAINED
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            while room > 0 and (piece := await answering.speaking.piece()) is not None:
                room -= len(piece)
    except (TimeoutError, *outcomes.FOREIGN):
        return


def headers(request: Request, *, token: str | None = None) -> Headers:
    """The headers of a request: what is acceptable, the validators (RFC 9110, 13.1) where wanted, the token if any."""
    sent = {"Accept": request.accept}
    if request.conditional and request.etag:
        sent["If-None-Match"] = request.etag
    if request.conditional and request.last_modified:
        sent["If-Modified-Since"] = request.last_modified
    if token is not None:
        sent["Authorization"] = f"Bearer {token}"
    return [(name.encode("ascii"), value.encode("ascii")) for name, value in sent.items() if is_fit(value)]


def is_fit(value: str) -> bool:
    """Whether a header's value can be sent back as it came."""
    return value.isascii() and value.isprintable()
