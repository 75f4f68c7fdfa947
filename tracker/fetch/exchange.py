"""One request and its answer, within limits of time and size. No redirects, no politeness: those are `visits`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import httpx

from tracker.fetch import complaints, outcomes
from tracker.fetch.addresses import Address
from tracker.fetch.faults import RefusedError
from tracker.model import Failed, FetchSettings, Poison, Request
from tracker.unpacking import BrokenError, TooLargeError, Unpacker

DRAINED = 32_000  # bytes of a body read for the connection's sake, within
DRAIN_SECONDS = 1.0
COMPLAINT = 4_000  # bytes of a refusal's body that are kept, packed or not; what says more is no sentence
REFUSALS = 400  # statuses from here on
BODILESS = frozenset({204, 304})
IN_A_ROW = 32  # pieces of a body taken before others have their turn
LISTS = frozenset({"cache-control"})  # headers of which every repetition counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A status with its headers, and the body where the status brings one, or says in JSON why it brings none."""

    status: int
    headers: Mapping[str, str]  # names in lower case; of repeated ones the first, of LISTS all
    is_private: bool  # it comes from no address of the public internet, or from where the user has led the name
    body: bytes = b""


async def ask(
    transport: httpx.AsyncBaseTransport,
    address: Address,
    headers: Mapping[str, str],
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
            request = httpx.Request(
                "GET",
                address.url,
                headers={"Host": address.netloc, **headers},
                extensions={"address": address, "private": private},
            )
            response = await transport.handle_async_request(request)
            try:
                if response.status_code in outcomes.OK:
                    return await _read(response, settings.max_bytes if most is None else most, cut=most is not None)
                start = await _drain(response)
            finally:
                await response.aclose()
    except RefusedError:
        raise
    except outcomes.FOREIGN as error:
        return outcomes.of_error(error, address.name, settings)
    return _answer(response, _complaint(response, start))


async def _read(response: httpx.Response, limit: int, *, cut: bool) -> Answer | Failed | Poison:
    """The body, unpacked while it comes in, so that no more than the limit is ever held."""
    try:
        unpacker = Unpacker(response.headers.get("content-encoding", ""), limit=limit)
        body = await _body(response, unpacker)
    except TooLargeError:
        if not cut:
            return Poison(reason=f"larger than {limit} bytes", status=response.status_code)
        body = unpacker.start()
    except BrokenError as error:
        return Failed(reason=str(error), status=response.status_code)
    return _answer(response, body)


async def _body(response: httpx.Response, unpacker: Unpacker) -> bytes:
    count = 0
    async for piece in response.aiter_raw():
        unpacker.add(piece)
        count += 1
        if count % IN_A_ROW == 0:
            await asyncio.sleep(0)  # thousands of tiny pieces must not keep the time limit from being looked at
    return unpacker.whole()


async def _drain(response: httpx.Response) -> bytes:
    """Read a short body that nobody wants, so that the connection can serve the next request; its beginning."""
    start, room = b"", DRAINED
    length = "0" if response.status_code in BODILESS else response.headers.get("content-length", "0")
    if not length.isdigit() or int(length[:12]) > DRAINED:
        return start
    with suppress(TimeoutError, *outcomes.FOREIGN):
        async with asyncio.timeout(DRAIN_SECONDS):
            async for piece in response.aiter_raw():
                start += piece[: COMPLAINT - len(start)]
                room -= len(piece)
                if room <= 0:
                    break
    return start


def _complaint(response: httpx.Response, start: bytes) -> bytes:
    """The body of a refusal that may say why, unpacked; of a longer one the beginning, which is no JSON any more."""
    if response.status_code < REFUSALS or not complaints.is_json(response.headers.get("content-type", "")):
        return b""
    try:
        unpacker = Unpacker(response.headers.get("content-encoding", ""), limit=COMPLAINT)
        unpacker.add(start)
    except (TooLargeError, BrokenError):
        return b""
    return unpacker.start()


def _answer(response: httpx.Response, body: bytes = b"") -> Answer:
    found: dict[str, str] = {}
    for raw_name, raw_value in response.headers.raw:
        name, value = raw_name.decode("latin-1").lower(), _text(raw_value)
        if name not in found:
            found[name] = value
        elif name in LISTS:
            found[name] += f", {value}"
    return Answer(status=response.status_code, headers=found, is_private=response.extensions["is_private"], body=body)


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def headers(request: Request, *, token: str | None = None) -> dict[str, str]:
    """The headers of a request: what is acceptable, the validators (RFC 9110, 13.1) where wanted, the token if any."""
    sent = {"Accept": request.accept}
    if request.conditional and request.etag:
        sent["If-None-Match"] = request.etag
    if request.conditional and request.last_modified:
        sent["If-Modified-Since"] = request.last_modified
    if token is not None:
        sent["Authorization"] = f"Bearer {token}"
    return {name: value for name, value in sent.items() if is_fit(value)}


def is_fit(value: str) -> bool:
    """Whether a header's value can be sent back as it came."""
    return value.isascii() and value.isprintable()
