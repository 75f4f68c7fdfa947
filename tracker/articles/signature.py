"""What is kept of a text to know its copies by: an exact hash, and a signature that tells what two texts share.

A signature holds five sets of hashes: of the runs of three words (shingles) in the text, of those in its beginning, of
its numbers, of its names, and of the longer runs that an index finds it by. Of a set that is too large the smallest
hashes are kept (bottom-k; Broder 1997, "On the resemblance and containment of documents"), so that the shares can be
estimated of the shorter text inside the longer one, and not only of both.

All depend on the normalised words alone, on no machine and no process. What a likeness means is decided elsewhere.
"""

from __future__ import annotations

import hashlib
import re
import struct
import unicodedata
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from tracker.model import Article, Likeness

SIGNATURE_SCHEME = "bottom-w3-1"  # any change to the bytes below is another scheme: they are never compared
MIN_WORDS = 12  # below, nothing is known of a text: "Read the full story here." is no copy of anything
MIN_SHINGLES = 30  # below, a chance likeness is too likely: only the same text is a copy

HEAD = 80  # words of the beginning, which a copy cut short keeps
KEY_HEAD = 150  # words that most of the keys come from: the foot that an outlet puts under all it prints is beyond
SHINGLE, KEY_RUN = 3, 5  # words
KEPT = {"shingles": 192, "head": 48, "numbers": 32, "names": 48}  # hashes of each set at most
FACTS_LEAST = 3  # fewer numbers or names tell nothing
KEYS_OF_HEAD, KEYS_OF_ALL = 16, 8

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")  # CJK has no blanks: a character is a word
_NUMBER = re.compile(r"\d[\d,.]*")
_NAME = re.compile(r"[A-Z](?<=[\w,;] [A-Z])\w+")  # within a sentence
# Odd numbers with well mixed bits: 2**64 over the golden ratio, and that of MurmurHash3.
_EVEN, _MIX, _HALF = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xFF51AFD7ED558CCD), np.uint64(32)
_SIZES = struct.Struct("<5H")
Hashes = tuple[tuple[int, ...], frozenset[int]]  # in order, and for what two share


def words(text: str) -> list[str]:
    """The words as they are compared: compatibility forms, case, punctuation and spacing make no difference."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def content_hash(text: str) -> str:
    """32 hex digits that exact copies share."""
    return hashlib.sha256(" ".join(words(text)).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def signature(text: str) -> bytes:
    """The signature of a text in `SIGNATURE_SCHEME`, or b"" for a text too short to have one."""
    tokens = words(text)
    if len(tokens) < MIN_WORDS:
        return b""
    hashed = _hashed(tokens)
    runs = _runs(hashed, SHINGLE)
    shingles = np.unique(runs)
    sets = (
        shingles[: KEPT["shingles"]],
        np.unique(runs[: HEAD - SHINGLE + 1])[: KEPT["head"]],
        np.unique(_mixed(_hashed(_numbers(text))))[: KEPT["numbers"]],
        np.unique(_mixed(_hashed(_NAME.findall(text))))[: KEPT["names"]],
        _keys(_runs(hashed, KEY_RUN)),
    )
    sizes = _SIZES.pack(min(len(shingles), 0xFFFF), *map(len, sets[:4]))
    return sizes + np.concatenate(sets).astype("<u4").tobytes()


def exact_key(article: Article) -> str:
    """What only copies to the letter share: of a short text, with its title; "" for one that says too little."""
    if not article.signature:
        return ""
    is_short = length(article.signature) < MIN_SHINGLES
    return content_hash(f"{article.title} {article.content_hash}") if is_short else article.content_hash


@lru_cache(maxsize=1024)
def keys(signature: bytes) -> tuple[str, ...]:
    """What an index finds a text by: near copies share at least one; none for a text without near copies."""
    if length(signature) < MIN_SHINGLES:
        return ()
    _, *sizes = _SIZES.unpack_from(signature)
    found = np.frombuffer(signature, dtype="<u4", offset=_SIZES.size)[sum(sizes) :]
    return tuple(f"{key:08x}" for key in found.tolist())


def length(signature: bytes) -> int:
    """How many different shingles the text has, at most 65,535."""
    return int(_SIZES.unpack_from(signature)[0]) if signature else 0


def likeness(one: bytes, other: bytes) -> Likeness:
    """What two texts share, estimated; the same whichever comes first."""
    if min(length(one), length(other)) < MIN_SHINGLES:
        return Likeness(inside=0.0, covered=0.0, head=0.0, numbers=None, names=None)
    short, long = sorted((one, other), key=lambda signed: (length(signed), signed))
    mine, theirs = _sets(short), _sets(long)
    inside, covered = _shares(mine[0], theirs[0], KEPT["shingles"])
    return Likeness(
        inside=inside,
        covered=covered,
        head=max(_shares(mine[1], theirs[1], KEPT["head"])),
        numbers=_share_of_facts(mine[2], theirs[2], KEPT["numbers"]),
        names=_share_of_facts(mine[3], theirs[3], KEPT["names"]),
    )


def _numbers(text: str) -> Iterator[str]:
    return (found.strip(",.").replace(",", "") for found in _NUMBER.findall(text))


def _hashed(tokens: Iterable[str]) -> np.ndarray:
    return np.array([zlib.crc32(token.encode("utf-8", "surrogatepass")) for token in tokens], dtype=np.uint64)


def _runs(hashed: np.ndarray, width: int) -> np.ndarray:
    """Hashes of 32 bits of the runs of so many words."""
    total = np.zeros(max(len(hashed) - width + 1, 0), dtype=np.uint64)
    for at in range(width):
        total = total * _EVEN + hashed[at : at + len(total)]
    return _mixed(total)


def _mixed(values: np.ndarray) -> np.ndarray:
    values = (values ^ (values >> _HALF)) * _MIX
    mixed: np.ndarray = (values ^ (values >> _HALF)) * _EVEN
    return mixed >> _HALF


def _keys(runs: np.ndarray) -> np.ndarray:
    return np.union1d(np.unique(runs[:KEY_HEAD])[:KEYS_OF_HEAD], np.unique(runs)[:KEYS_OF_ALL])


@lru_cache(maxsize=256)  # 28 KB each: for those that one text is compared with
def _sets(signature: bytes) -> tuple[Hashes, ...]:
    """The four sets of a signature that tell a likeness, each in order."""
    _, *sizes = _SIZES.unpack_from(signature)
    values: Sequence[int] = np.frombuffer(signature, dtype="<u4", offset=_SIZES.size).tolist()
    edges = [0, *np.cumsum(sizes).tolist()]
    return tuple((tuple(values[a:b]), frozenset(values[a:b])) for a, b in pairwise(edges))


def _shares(mine: Hashes, theirs: Hashes, most: int) -> tuple[float, float]:
    """Which share of each set is in the other, by the hashes that neither has cut off."""
    (one, ones), (other, others) = mine, theirs
    end = min((found[-1] for found in (one, other) if len(found) == most), default=1 << 32)
    both = len(ones & others)  # what both have neither has cut off
    return both / max(bisect_right(one, end), 1), both / max(bisect_right(other, end), 1)


def _share_of_facts(mine: Hashes, theirs: Hashes, most: int) -> float | None:
    """Which share of the smaller set is in the larger one; None where too few are there to tell."""
    if min(len(mine[0]), len(theirs[0])) < FACTS_LEAST:
        return None
    return max(_shares(mine, theirs, most))
