"""Copies and near copies of a text: an exact hash, a MinHash signature and the keys to find candidates by.

All three depend on the normalised words alone, on no machine and no process. What a likeness means is decided
elsewhere: `COPY_AT` only says above which one text is held to be a copy of the other.
"""

from __future__ import annotations

import hashlib
import re
import struct
import unicodedata

from rensa import RMinHash  # type: ignore[attr-defined]  # its stub file leaves out the classes

SIGNATURE_SCHEME = "minhash-rensa-r128-w3"  # R-MinHash, 128 numbers of 32 bits, shingles of three words
COPY_AT = 0.55  # of the shingles shared; two stories of one event share under 0.2, a copy cut by a third 0.65
MIN_SHINGLES = 30  # below, a chance likeness is too likely

_NUMBERS, _SEED, _WIDTH = 128, 42, 3
_BANDS, _ROWS = 32, 4  # finds 95 of 100 pairs at COPY_AT, 5 of 100 at 0.2
_PACKING = struct.Struct(f"<{_NUMBERS}I")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")  # CJK has no blanks: a character is a word


def words(text: str) -> list[str]:
    """The words as they are compared: compatibility forms, case, punctuation and spacing make no difference."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def content_hash(text: str) -> str:
    """32 hex digits that exact copies share."""
    return hashlib.sha256(" ".join(words(text)).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def signature(text: str) -> bytes:
    """The signature of a text in `SIGNATURE_SCHEME`, or b"" for a text too short to have one."""
    tokens = words(text)
    shingles = sorted({" ".join(tokens[at : at + _WIDTH]) for at in range(len(tokens) - _WIDTH + 1)})
    if len(shingles) < MIN_SHINGLES:
        return b""
    sketch = RMinHash(_NUMBERS, _SEED)
    sketch.update(shingles)
    return _PACKING.pack(*sketch.digest())


def bands(signature: bytes) -> tuple[str, ...]:
    """Keys of a signature for an index: near copies share at least one of them."""
    if not signature:
        return ()
    size = len(signature) // _BANDS
    pieces = (signature[at : at + size] for at in range(0, len(signature), size))
    return tuple(f"{n:02x}{hashlib.sha256(piece).hexdigest()[:12]}" for n, piece in enumerate(pieces))


def similar(a: bytes, b: bytes) -> float:
    """The share of shingles that two texts have in common, estimated (standard error 0.04); 0 without signatures."""
    if not a or not b:
        return 0.0
    pairs = zip(_PACKING.unpack(a), _PACKING.unpack(b), strict=True)
    return sum(bool(one == other) for one, other in pairs) / _NUMBERS
