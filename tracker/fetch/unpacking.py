"""Undoing Content-Encoding piece by piece, never making more than asked for: a bomb costs no memory.

gzip and deflate, which the standard library has.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable

ACCEPTED = "gzip, deflate"
_PLAIN = frozenset({"", "identity"})
_GZIP = frozenset({"gzip", "x-gzip"})
_GZIP_BITS, _ZLIB_BITS, _RAW_BITS = 31, 15, -15


class TooLargeError(Exception):
    """The body is larger than allowed."""


class BrokenError(Exception):
    """The body is not what Content-Encoding says, or ends early."""


class Unpacker:
    """Takes the pieces of a body as sent and keeps what they unpack to, `limit` bytes at most."""

    def __init__(self, encoding: str, *, limit: int) -> None:
        """Raises BrokenError for an encoding that nobody asked for."""
        self._limit = limit
        self._size = 0
        self._pieces: list[bytes] = []
        self._inflater = _inflater(encoding.strip().lower())
        self._encoding = encoding.strip().lower()
        self._may_be_raw = self._encoding == "deflate"

    def add(self, piece: bytes) -> None:
        """Unpack one more piece. Raises TooLargeError or BrokenError."""
        if self._inflater is None:
            self._keep(piece)
            return
        while piece:
            unpacked = self._inflate(piece)
            piece = self._inflater.unconsumed_tail
            self._keep(unpacked)
            if self._inflater.eof:
                piece = self._inflater.unused_data
                if not piece.startswith(b"\x1f\x8b"):
                    return  # whole; what follows a finished stream is padding
                self._inflater = zlib.decompressobj(_GZIP_BITS)  # the next member of a gzip file

    def whole(self) -> bytes:
        """The body. Raises BrokenError if the compressed stream has not come to its end."""
        if self._inflater is not None and self._size and not self._inflater.eof:
            raise BrokenError("the compressed body ends early")
        return b"".join(self._pieces)

    def _inflate(self, piece: bytes) -> bytes:
        """Unpack within what is left of the limit. "deflate" is sent with and without zlib's header."""
        assert self._inflater is not None
        room = self._limit - self._size + 1
        try:
            return self._inflater.decompress(piece, room)
        except zlib.error as error:
            if not (self._may_be_raw and self._size == 0):
                raise BrokenError(f"the body is not the {self._encoding} it says") from error
        self._may_be_raw = False
        self._inflater = zlib.decompressobj(_RAW_BITS)
        return self._inflate(piece)

    def _keep(self, unpacked: bytes) -> None:
        self._size += len(unpacked)
        if self._size > self._limit:
            self._pieces.clear()
            raise TooLargeError
        self._pieces.append(unpacked)


def _inflater(encoding: str) -> zlib._Decompress | None:
    """What undoes an encoding; None for none."""
    makers: dict[str, Callable[[], zlib._Decompress | None]] = {
        **dict.fromkeys(_PLAIN, lambda: None),
        **dict.fromkeys(_GZIP, lambda: zlib.decompressobj(_GZIP_BITS)),
        "deflate": lambda: zlib.decompressobj(_ZLIB_BITS),
    }
    if encoding not in makers:
        raise BrokenError(f"Content-Encoding {encoding[:40]!r} was not asked for")
    return makers[encoding]()
