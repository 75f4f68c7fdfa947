"""Ways in which a server can go wrong, as values; the newsroom is told to misbehave by one of them.

`altered` changes the answer, `deliver` changes how it is sent. Which request meets which fault is decided in `server`.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import brotli
import zstandard

from tracker.newsroom.answers import Answer, Ask, Headers

Write = Callable[[bytes], object]
Wait = Callable[[float], object]
FROZEN = '"frozen"'
UNTRUE = ("content-length", "content-encoding", "etag", "last-modified")  # headers of the true body alone
STEP = 1 << 20  # bytes packed at a time


@dataclass(frozen=True, slots=True)
class Slow:
    """Say nothing for some seconds, then answer in full."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Status:
    """Answer with this status and no content."""

    code: int
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """Promise the whole body and hang up after so many bytes of it."""

    bytes: int


@dataclass(frozen=True, slots=True)
class Huge:
    """Go on after the true body until so many bytes have been sent; no length is promised."""

    bytes: int


@dataclass(frozen=True, slots=True)
class Drip:
    """Send a few bytes at a time with a pause before each."""

    bytes: int = 16
    seconds: float = 0.2


@dataclass(frozen=True, slots=True)
class RateLimit:
    """Answer so many requests, then 429 with Retry-After (seconds, or a date as given); a new allowance after it."""

    allowed: int
    retry_after: int | str = 30


@dataclass(frozen=True, slots=True)
class Garbage:
    """Send noise under the true Content-Type."""

    bytes: int = 20_000


@dataclass(frozen=True, slots=True)
class Bomb:
    """Send a small packed body that unpacks to so many bytes."""

    bytes: int = 200_000_000
    coding: Literal["gzip", "br", "zstd"] = "gzip"


@dataclass(frozen=True, slots=True)
class ChangingEtag:
    """Give a new validator every time, so that nothing is ever unchanged."""


@dataclass(frozen=True, slots=True)
class FrozenEtag:
    """Give one validator for ever and answer 304 to it although the content changes."""


@dataclass(frozen=True, slots=True)
class StuckEtag:
    """Give one validator for ever, yet never answer 304."""


@dataclass(frozen=True, slots=True)
class Loop:
    """Redirect to the same address for ever, with a growing counter."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """Answer 200 with another body, under the true Content-Type or another."""

    body: bytes
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class Torn:
    """Send a part of the body as if it were all of it, so that markup ends in its midst."""

    share: float = 0.6


@dataclass(frozen=True, slots=True)
class Recoded:
    """Send text in another encoding than the headers and the body declare."""

    encoding: str = "windows-1252"


Fault = (
    Slow | Status | Cut | Huge | Drip | RateLimit | Garbage | Bomb | ChangingEtag | FrozenEtag | StuckEtag | Loop
    | Replaced | Torn | Recoded
)  # fmt: skip
# Those that start from the whole, unpacked page.
WHOLE = (Huge, ChangingEtag, FrozenEtag, StuckEtag, Garbage, Bomb, Replaced, Torn, Recoded)


def altered(fault: Fault, true: Answer, ask: Ask, *, count: int) -> Answer:  # noqa: C901 - a table, case by case
    """The answer under a fault; `count` is how many requests met it before this one."""
    result = true
    match fault:
        case Status(code, headers):
            result = _empty(code, headers)
        case RateLimit(allowed, retry_after) if count >= allowed:
            result = _empty(429, (("Retry-After", str(retry_after)),))
        case Garbage(size):
            result = _with_body(true, _noise(size))
        case Bomb(size, coding):
            result = _with_body(true, _packed_zeros(size, coding), (("Content-Encoding", coding),))
        case ChangingEtag():
            result = _tagged(true, f'"{count:08d}"')
        case FrozenEtag():
            known = ask.headers.get("if-none-match") == FROZEN
            result = Answer(status=304, headers=(("ETag", FROZEN),), body=b"") if known else _tagged(true, FROZEN)
        case StuckEtag():
            result = _tagged(true, FROZEN)
        case Replaced(body, kind):
            result = _with_body(true, body, kind=kind)
        case Torn(share):
            result = _with_body(true, true.body[: int(len(true.body) * share)])
        case Recoded(encoding):
            result = _with_body(true, true.body.decode().encode(encoding, "replace"))
        case Loop():
            result = _empty(302, (("Location", f"{ask.path}?turn={count + 1}"),))
    return result


def deliver(fault: Fault | None, answer: Answer, head: bytes, write: Write, wait: Wait) -> bool:
    """Send head and body; True if the connection can serve another request."""
    match fault:
        case Slow(seconds):
            wait(seconds)
        case Cut(size):
            write(head + answer.body[:size])
            return False
        case Huge(size):
            _send_huge(head, answer.body, size, write)
            return False
        case Drip(size, seconds):
            write(head)
            for start in range(0, len(answer.body), size):
                wait(seconds)
                write(answer.body[start : start + size])
            return True
    write(head + answer.body)
    return True


def without(headers: Headers, *names: str) -> Headers:
    """The headers but those of these names (given in lower case)."""
    return tuple((key, value) for key, value in headers if key.lower() not in names)


def _empty(status: int, headers: Headers) -> Answer:
    length = () if status in (204, 304) else (("Content-Length", "0"),)
    return Answer(status=status, headers=(*headers, *length), body=b"")


def _with_body(true: Answer, body: bytes, extra: Headers = (), *, kind: str | None = None) -> Answer:
    kept = without(true.headers, *UNTRUE, *(("content-type",) if kind else ()))
    told = (("Content-Type", kind),) if kind else ()
    return Answer(status=200, headers=(*kept, *told, *extra, ("Content-Length", str(len(body)))), body=body)


def _tagged(true: Answer, tag: str) -> Answer:
    return replace(true, headers=(*without(true.headers, "etag", "last-modified"), ("ETag", tag)))


def _noise(size: int) -> bytes:
    blocks = (hashlib.sha256(number.to_bytes(4, "big")).digest() for number in range(size // 32 + 1))
    return b"".join(blocks)[:size]


@lru_cache(maxsize=8)
def _packed_zeros(size: int, coding: str) -> bytes:
    pack, end = _packer(coding)
    return b"".join(pack(bytes(min(STEP, size - start))) for start in range(0, size, STEP)) + end()


def _packer(coding: str) -> tuple[Callable[[bytes], bytes], Callable[[], bytes]]:
    """How to pack a piece, and how to end."""
    if coding == "br":
        brotli_packer = brotli.Compressor(quality=5)
        return brotli_packer.process, brotli_packer.finish
    if coding == "zstd":
        zstd_packer = zstandard.ZstdCompressor(level=3).compressobj()
        return zstd_packer.compress, zstd_packer.flush
    gzip_packer = zlib.compressobj(9, zlib.DEFLATED, 31)  # 31: with gzip's head and tail
    return gzip_packer.compress, gzip_packer.flush


def _send_huge(head: bytes, body: bytes, size: int, write: Write) -> None:
    write(head + body[:size])
    for piece in _filler(size - len(body)):
        write(piece)


def _filler(size: int) -> Iterator[bytes]:
    line = b"<p>And so it goes on and on, with nothing new to say.</p>\n" * 1_000
    while size > 0:
        yield line[:size]
        size -= len(line)
