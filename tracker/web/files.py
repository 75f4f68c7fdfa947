"""The files of `static/`: read once, named by what is in them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file's bytes with their type."""

    body: bytes
    type: str


@lru_cache(maxsize=100)  # more than there are; names that are asked for are anybody's
def read(name: str) -> File | None:
    """A file by its path below `static/`; None where there is none that may be had."""
    parts = name.split("/")
    if any(not part or part.startswith(".") or "\\" in part for part in parts):
        return None
    found = files("tracker.web").joinpath("static", *parts)
    kind = TYPES.get(name.rpartition(".")[2])
    return File(found.read_bytes(), kind) if kind and found.is_file() else None


@cache
def mark(name: str) -> str:
    """What a file's address holds of its content; raises KeyError for one that there is not."""
    found = read(name)
    if found is None:
        raise KeyError(name)
    return hashlib.sha256(found.body).hexdigest()[:12]
