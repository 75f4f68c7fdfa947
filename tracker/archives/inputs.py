"""From what a user names to archives: folders looked through, patterns and lists of paths followed, forms told.

A form is told by how a name ends (SUFFIXES), unless it is given. A folder's archives are archives, its pages together
one. Lists of paths are followed once; a path in them cannot lead out of the place that the list is for.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from tracker.archives import gdelt_lists, places, saved
from tracker.errors import ArchiveError, InputError
from tracker.gdelt import tables
from tracker.model import ArchiveForm

LINES = (".jsonl", ".ndjson", ".json")
SUFFIXES: tuple[tuple[ArchiveForm, tuple[str, ...]], ...] = (
    (ArchiveForm.WARC, (".warc", ".warc.gz")),
    (ArchiveForm.JSON_LINES, tuple(f"{name}{packed}" for name in LINES for packed in ("", ".gz", ".zst"))),
    (ArchiveForm.PARQUET, (".parquet", ".pq")),
    (ArchiveForm.PAGES, tuple(saved.TYPES)),
)
LISTS_OF_PATHS = (".paths", ".paths.gz")
GDELT_LISTS = ("masterfilelist", "lastupdate")  # beginnings of their names
MOST_LIST = 200_000_000  # bytes of a list of paths, unpacked


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Archive:
    """One file, or the pages of one folder."""

    name: str  # as `places.named` names it
    form: ArchiveForm


def archives(names: Iterable[str], *, form: ArchiveForm | None = None, base: str | None = None) -> tuple[Archive, ...]:
    """The archives that names stand for, each once, in the order of their names.

    Args:
        names: paths, patterns and URLs.
        form: of all files among them; None: as they are called. A folder then gives only its archives of that form.
        base: what the paths in lists of paths are relative to; None: found by the place of the list.

    Raises:
        InputError: a name stands for nothing, or for nothing that is an archive.
    """
    found: set[Archive] = set()
    for name in names:
        here = {one for hit in places.found(name) for one in _of(hit, form, base)}
        if not here:
            raise InputError(f"{name}: holds no archive; WARC, JSON lines, Parquet, pages and GDELT's lists are read")
        found |= here
    folders = {f"{one.name.rstrip('/')}/" for one in found if one.form is ArchiveForm.PAGES}
    return tuple(sorted(one for one in found if not (one.form is ArchiveForm.PAGES and _is_beneath(one.name, folders))))


def told_by_name(name: str) -> ArchiveForm | None:
    """The form that a name's ending tells, or None."""
    lower = PurePosixPath(urlsplit(name).path if places.is_remote(name) else name).name.lower()
    if tables.table(lower) or (lower.startswith(GDELT_LISTS) and lower.endswith(".txt")):
        return ArchiveForm.GDELT
    return next((form for form, endings in SUFFIXES if lower.endswith(endings)), None)


def _of(name: str, form: ArchiveForm | None, base: str | None) -> Iterator[Archive]:
    """The archives of one file or folder."""
    inside = places.within(name)
    if inside is not None:
        yield from _inside(name, [one for one, _ in inside], form)
    elif form is not None:
        yield Archive(name=name, form=form)
    elif name.lower().endswith(LISTS_OF_PATHS):
        yield from _listed(name, base)
    else:
        told = told_by_name(name)
        if told is ArchiveForm.PAGES and name.lower().endswith(".txt"):
            told = _looked_at(name)
        if told is None:
            raise InputError(f"{name}: its ending tells no form; say which with --form")
        yield Archive(name=name, form=told)


def _inside(folder: str, files: list[str], form: ArchiveForm | None) -> Iterator[Archive]:
    """The archives in a folder. A .json file in it is taken for notes beside the pages, unless lines are asked for."""
    for name in files:
        told = told_by_name(name)
        is_note = form is None and name.lower().removesuffix(".gz").removesuffix(".zst").endswith(".json")
        if told is None or told is ArchiveForm.PAGES or is_note or form not in (None, told):
            continue
        yield Archive(name=name, form=told)
    if form in (None, ArchiveForm.PAGES) and any(told_by_name(one) is ArchiveForm.PAGES for one in files):
        yield Archive(name=folder, form=ArchiveForm.PAGES)


def _looked_at(name: str) -> ArchiveForm:
    """Whether a .txt file is a list of GDELT's or a text."""
    with places.opened(name) as file:
        start = file.read(1_000).decode("ascii", "replace")
    return ArchiveForm.GDELT if gdelt_lists.is_list(start) else ArchiveForm.PAGES


def _listed(name: str, base: str | None) -> Iterator[Archive]:
    """The archives that a list of paths names, a line each."""
    for number, line in enumerate(_text(name).splitlines(), start=1):
        path = line.strip()
        if not path or path.startswith("#"):
            continue
        told = told_by_name(path)
        if told is None or ".." in path.split("/") or (places.is_remote(name) and path.startswith("/")):
            raise InputError(f"{name}:{number}: names no archive within its place: {path[:100]!r}")
        yield Archive(name=_place(name, path, base), form=told)


def _place(name: str, path: str, base: str | None) -> str:
    """Where a line of a list leads: a relative one to the base, or to where the list's own path begins as it does."""
    if places.is_remote(path) or path.startswith("/"):
        return places.named(path)
    folder = name.rpartition("/")[0]
    if base is None:
        before, found, _ = f"{folder}/".partition(f"/{path.partition('/')[0]}/")
        base = before if found and "/" in path else folder
    joined = f"{base.rstrip('/')}/{path}"
    return places.named(joined)


def _text(name: str) -> str:
    with places.opened(name) as file:
        try:
            source = gzip.GzipFile(fileobj=file) if name.lower().endswith(".gz") else file
            data = source.read(MOST_LIST + 1)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise ArchiveError(f"{name}: is no list that can be unpacked ({error})") from None
    if len(data) > MOST_LIST:
        raise InputError(f"{name}: has more than {MOST_LIST:,} bytes; cut it into several lists")
    return data.decode("utf-8", "replace")


def _is_beneath(name: str, folders: set[str]) -> bool:
    at = name.find("/")
    while at >= 0:
        if name[: at + 1] in folders and name.rstrip("/") != name[:at]:
            return True
        at = name.find("/", at + 1)
    return False
