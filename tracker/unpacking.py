"""Undoing Content-Encoding piece by piece, never making more than asked for: a bomb costs no memory.

gzip and deflate by the standard library, brotli and zstd by their authors' libraries.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import brotli
import zstandard

ACCEPTED = "gzip, deflate, br, zstd"
STEP = 256_000  # bytes unpacked at once, more or less, before the limit is looked at
ZSTD_STEP = 512  # bytes of zstd unpacked at once, since it gives all they hold: 16 MB at the very most
ZSTD_WINDOW = 1 << 23  # bytes that a zstd stream may refer back to (RFC 9659)

_GZIP_BITS, _ZLIB_BITS, _RAW_BITS = 31, 15, -15
_GZIP_START = b"\x1f\x8b"
_ZSTD_START = b"\x28\xb5\x2f\xfd"


class TooLargeError(Exception):
    """The body is larger than allowed."""


class BrokenError(Exception):
    """The body is not what Content-Encoding says, or ends early."""


class Decoder(Protocol):
    """What undoes one encoding."""

    def unpack(self, piece: bytes) -> Iterator[bytes]:
        """What a piece unpacks to, bit by bit. Raises a library's error for what is not of the encoding."""

    def is_whole(self) -> bool:
        """Whether the stream has come to its end."""


class Plain:
    """No encoding."""

    def unpack(self, piece: bytes) -> Iterator[bytes]:
        """The piece itself."""
        yield piece

    def is_whole(self) -> bool:
        """Always: the length is HTTP's affair."""
        return True


class Gzip:
    """gzip, of one member or several; what follows the last one is padding."""

    def __init__(self) -> None:
        self._inflater = zlib.decompressobj(_GZIP_BITS)

    def unpack(self, piece: bytes) -> Iterator[bytes]:
        """What a piece unpacks to."""
        while piece:
            yield self._inflater.decompress(piece, STEP)
            piece = self._inflater.unconsumed_tail
            if self._inflater.eof:
                piece = self._inflater.unused_data
                if not piece.startswith(_GZIP_START):
                    return
                self._inflater = zlib.decompressobj(_GZIP_BITS)

    def is_whole(self) -> bool:
        """Whether the member is."""
        return self._inflater.eof


class Deflate:
    """deflate, which is sent with and without zlib's header."""

    def __init__(self) -> None:
        self._inflater = zlib.decompressobj(_ZLIB_BITS)
        self._may_be_raw = True

    def unpack(self, piece: bytes) -> Iterator[bytes]:
        """What a piece unpacks to."""
        while piece and not self._inflater.eof:
            yield self._step(piece)
            piece = self._inflater.unconsumed_tail

    def _step(self, piece: bytes) -> bytes:
        try:
            return self._inflater.decompress(piece, STEP)
        except zlib.error:
            if not self._may_be_raw:
                raise
            self._inflater = zlib.decompressobj(_RAW_BITS)
            return self._inflater.decompress(piece, STEP)
        finally:
            self._may_be_raw = False

    def is_whole(self) -> bool:
        """Whether the stream is."""
        return self._inflater.eof


class Brotli:
    """brotli (RFC 7932)."""

    def __init__(self) -> None:
        self._decompressor = brotli.Decompressor()

    def unpack(self, piece: bytes) -> Iterator[bytes]:
        """What a piece unpacks to; what is held back for the limit comes when nothing more is put in."""
        while not self._decompressor.is_finished():
            unpacked = self._decompressor.process(piece, output_buffer_limit=STEP)
            yield unpacked
            if not unpacked and self._decompressor.can_accept_more_data():
                return
            piece = b""

    def is_whole(self) -> bool:
        """Whether the stream is."""
        return bool(self._decompressor.is_finished())


class Zstd:
    """zstd (RFC 8878), of one frame or several; what follows the last one is padding."""

    def __init__(self) -> None:
        self._frame = self._fresh()

    def _fresh(self) -> zstandard.ZstdDecompressionObj:
        return zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).decompressobj()

    def unpack(self, piece: bytes) -> Iterator[bytes]:
        """What a piece unpacks to."""
        while piece and not self._frame.eof:
            yield self._frame.decompress(piece[:ZSTD_STEP])
            piece = (self._frame.unused_data if self._frame.eof else b"") + piece[ZSTD_STEP:]
            if self._frame.eof and piece.startswith(_ZSTD_START):
                self._frame = self._fresh()

    def is_whole(self) -> bool:
        """Whether the frame is."""
        return self._frame.eof


DECODERS: dict[str, Callable[[], Decoder]] = {
    "": Plain,
    "identity": Plain,
    "gzip": Gzip,
    "x-gzip": Gzip,
    "deflate": Deflate,
    "br": Brotli,
    "zstd": Zstd,
}
_BROKEN = (zlib.error, brotli.error, zstandard.ZstdError)


class Unpacker:
    """Takes the pieces of a body as sent and keeps what they unpack to, `limit` bytes at most."""

    def __init__(self, encoding: str, *, limit: int) -> None:
        """Raises BrokenError for an encoding that nobody asked for."""
        self._encoding = encoding.strip().lower()
        if self._encoding not in DECODERS:
            raise BrokenError(f"Content-Encoding {self._encoding[:40]!r} was not asked for")
        self._decoder = DECODERS[self._encoding]()
        self._limit = limit
        self._size = 0
        self._has_any = False
        self._pieces: list[bytes] = []

    def add(self, piece: bytes) -> None:
        """Unpack one more piece. Raises TooLargeError or BrokenError."""
        self._has_any = self._has_any or bool(piece)
        try:
            for unpacked in self._decoder.unpack(piece):
                self._pieces.append(unpacked)
                self._size += len(unpacked)
                if self._size > self._limit:
                    raise TooLargeError
        except _BROKEN as error:
            raise BrokenError(f"the body is not the {self._encoding} it says") from error

    def whole(self) -> bytes:
        """The body. Raises BrokenError if the compressed stream has not come to its end."""
        if self._has_any and not self._decoder.is_whole():
            raise BrokenError("the compressed body ends early")
        return self.start()

    def start(self) -> bytes:
        """As much of the body as has come, within the limit."""
        return b"".join(self._pieces)[: self._limit]
