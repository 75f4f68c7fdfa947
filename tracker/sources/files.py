"""What a folder on this machine answers: the list of its files, as `tracker.fetch.local` writes it.

Opens no file: the bytes of the files come in the answer, where they are asked for. Knows no kind of file.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_from_bytes, urlsplit

from tracker.model import Page, Poison, Request, Source
from tracker.sources.json_documents import record, records, text

NAMES = "application/vnd.tracker.files+json"  # as `tracker.fetch.local` answers
CONTENTS = "application/vnd.tracker.contents+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file: its path beneath the folder, what changes with it, and its bytes where they were asked for and fit."""

    path: str
    version: str | None = None
    content: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """One answer of a folder; `older` asks for the files that did not fit."""

    files: tuple[File, ...]
    older: Request | None = None


def request(source: Source, form: str) -> Request:
    """The request for the folder (or the file) of a source on this machine."""
    return Request(url=source.url, accept=f"{form}, */*;q=0.1", local=True)


def misplaced(source: Source) -> Poison | None:
    """Why a source does not lie on this machine, if so."""
    try:
        is_local = urlsplit(source.url).scheme == "file"
    except ValueError:
        is_local = False
    return None if is_local else Poison(reason=f"not on this machine: {source.url!r}; name it with 'path:'")


def is_folder(page: Page) -> bool:
    """Whether an answer is the list of a folder, not one file."""
    return page.content_type in (NAMES, CONTENTS)


def folder(source: Source, page: Page) -> Folder | None:
    """The files of an answer; None for what is no such list."""
    document = _document(page)
    if document is None or not isinstance(document.get("files"), list):
        return None
    files = tuple(
        File(path=path, version=_version(one), content=_content(one))
        for one in records(document["files"])
        if (path := _path(one))
    )
    following = document.get("next")
    asked = request(source, page.content_type)
    older = Request(url=f"{source.url}#from={following}", accept=asked.accept, conditional=False, local=True)
    return Folder(files=files, older=older if isinstance(following, int) and following > 0 else None)


def address(source: Source, path: str) -> str:
    """The `file://` address of a path beneath the source's folder."""
    return f"{source.url.rstrip('/')}/{quote_from_bytes(os.fsencode(path))}"


def _document(page: Page) -> Mapping[str, Any] | None:
    try:
        return record(json.loads(page.body))
    except (ValueError, RecursionError):
        return None


def _path(one: Mapping[str, Any]) -> str | None:
    """The path of a file, unless it leads out of the folder."""
    path = text(one, "path") or ""
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return None
    return path if not any(part in ("", ".", "..") for part in path.split("/")) else None


def _version(one: Mapping[str, Any]) -> str | None:
    """Size and time of a file."""
    parts = (one.get("size"), one.get("changed"))
    return " ".join(map(str, parts)) if all(isinstance(part, int) for part in parts) else None


def _content(one: Mapping[str, Any]) -> bytes | None:
    try:
        return base64.b64decode(text(one, "content") or "") or None
    except (binascii.Error, ValueError):
        return None
