"""What lies on this machine, answered as the network answers: a saved page, a folder's list, the end of a long file.

Reads only what a request marked `local` names, and in a folder only regular files that are neither hidden nor reached
through a link. Writes nothing, opens no device, knows no feed and no mail.

A folder is a JSON document, `{"files": [{"path": …, "size": …, "changed": …}, …], "next": 200}`, newest file first;
`changed` is the time of the last change in nanoseconds, `next` the number of the first file that did not fit, which
`#from=200` asks for. Where the request accepts `CONTENTS`, each file comes with its bytes (`"content"`, base64; null
where they alone are larger than the cap), and a file that is longer than the cap is answered by its end:
`#before=BYTE` in the request, `#bytes=START-END` in the page's final address.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, unquote_to_bytes, urlsplit

from tracker.model import Done, Failed, Fetched, FetchSettings, Page, Poison, Request, Unchanged

NAMES = "application/vnd.tracker.files+json"  # as `tracker.sources.files` asks and reads
CONTENTS = "application/vnd.tracker.contents+json"
MAX_LISTED = 10_000  # files in one answer
MAX_FILES = 500_000  # of a folder
TYPES = {
    ".htm": "text/html",
    ".html": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".xml": "text/xml",
    ".txt": "text/plain",
    ".pdf": "application/pdf",
    ".eml": "message/rfc822",
}


@dataclass(frozen=True, slots=True, order=True)
class File:
    """One file of a folder; in order, the newest comes first."""

    age: int  # minus the time of its last change, in nanoseconds
    path: str  # beneath the folder, parted by "/"
    size: int


def read(request: Request, settings: FetchSettings, now: datetime) -> Fetched:
    """The file or folder that a `file://` URL names. Blocking: for a thread of its own."""
    parts = urlsplit(request.url)
    path = Path(os.fsdecode(unquote_to_bytes(parts.path)))
    if parts.scheme != "file" or parts.netloc not in ("", "localhost") or not path.is_absolute():
        return Poison(reason=f"not the address of a file on this machine: {request.url[:200]!r}")
    try:
        if path.is_dir():
            return _folder(path, request, settings, now)
        return _file(path, request, settings, now)
    except FileNotFoundError:
        gone = f"{path}: no such file or folder"
        return (
            Failed(reason=f"{gone}; correct the path, or mount what it lies on")
            if _lists(request)
            else Poison(reason=gone)
        )
    except ValueError:  # a zero byte in the name
        return Poison(reason=f"no name of a file: {str(path)[:200]!r}")
    except OSError as error:
        return Failed(reason=f"{path}: cannot be read ({error.strerror})")


def _lists(request: Request) -> bool:
    return request.accept.startswith((NAMES, CONTENTS))


def _number(url: str, name: str) -> int | None:
    """A number in the fragment of a URL: 200 of `#from=200`."""
    stated = parse_qs(urlsplit(url).fragment).get(name, [""])[0]
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 19 else None


def _file(path: Path, request: Request, settings: FetchSettings, now: datetime) -> Fetched:
    """One file: the whole, or its end where the request can read on from there."""
    if not stat.S_ISREG(path.stat().st_mode):  # asked before it is opened: to open a pipe is to wait for its writer
        return Poison(reason=f"{path}: neither a file nor a folder")
    with path.open("rb") as file:
        about = os.fstat(file.fileno())
        before = _number(request.url, "before")
        tag = f'"{about.st_mtime_ns:x}-{about.st_size:x}"'
        if request.etag == tag:
            return Done(value=Unchanged(url=request.url, fetched_at=now))
        end = about.st_size if before is None else min(before, about.st_size)
        start = max(0, end - settings.max_bytes)
        if start and not request.accept.startswith(CONTENTS):
            return Poison(reason=f"{path}: larger than the cap of {settings.max_bytes} bytes")
        file.seek(start)
        body = file.read(end - start)
    kind = TYPES.get(path.suffix.lower(), "application/octet-stream")
    whole = request.url.partition("#")[0]
    final = f"{whole}#bytes={start}-{end}" if request.accept.startswith(CONTENTS) else whole
    return Done(value=_page(request, final, kind, body, tag, now))


def _folder(root: Path, request: Request, settings: FetchSettings, now: datetime) -> Fetched:
    """The list of a folder's files, from the number that the request names on."""
    files: list[File] = []
    for one in _walk(root):
        files.append(one)
        if len(files) > MAX_FILES:
            return Poison(reason=f"{root}: more than {MAX_FILES} files; name a smaller folder")
    files.sort()
    tag = _fingerprint(files)
    if request.etag == tag:
        return Done(value=Unchanged(url=request.url, fetched_at=now))
    first = _number(request.url, "from") or 0
    has_contents = request.accept.startswith(CONTENTS)
    chosen = _fitting(files[first : first + MAX_LISTED], settings.max_bytes if has_contents else None)
    listed = [_told(root, one, settings.max_bytes if has_contents else None) for one in chosen]
    end = first + len(chosen)
    document = {"files": listed, "next": end if end < len(files) else None}
    kind = CONTENTS if has_contents else NAMES
    body = json.dumps(document, separators=(",", ":")).encode("ascii")
    return Done(value=_page(request, request.url.partition("#")[0], kind, body, tag, now))


def _walk(root: Path) -> Iterator[File]:
    """The regular files beneath a folder; hidden ones, links and what cannot be looked at are passed over."""
    waiting = [(root, "")]
    while waiting:
        folder, prefix = waiting.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError:
            if not prefix:
                raise
            continue
        for one in entries:
            if one.name.startswith(".") or one.is_symlink():
                continue
            if one.is_dir():
                waiting.append((Path(one.path), f"{prefix}{one.name}/"))
            elif one.is_file():
                about = one.stat()
                yield File(-about.st_mtime_ns, prefix + one.name, about.st_size)


def _fingerprint(files: Sequence[File]) -> str:
    """An ETag of the names, sizes and times of all files."""
    state = "\n".join(f"{one.path}\0{one.size}\0{one.age}" for one in files)
    return f'"{hashlib.sha256(state.encode("utf-8", "surrogateescape")).hexdigest()[:32]}"'


def _fitting(files: Sequence[File], limit: int | None) -> Sequence[File]:
    """As many files from the first on as fit into the limit together; one that alone does not takes no room."""
    if limit is None:
        return files
    total = 0
    for number, one in enumerate(files):
        total += one.size if one.size <= limit else 0
        if total > limit:
            return files[:number]
    return files


def _told(root: Path, one: File, limit: int | None) -> dict[str, str | int | None]:
    """One file of the list; one that has vanished since counts as without content."""
    told: dict[str, str | int | None] = {"path": one.path, "size": one.size, "changed": -one.age}
    if limit is not None:
        told["content"] = _content(root / one.path, limit)
    return told


def _content(path: Path, limit: int) -> str | None:
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError:
        return None
    return base64.b64encode(content).decode("ascii") if len(content) <= limit else None


def _page(request: Request, final: str, kind: str, body: bytes, tag: str, now: datetime) -> Page:
    return Page(url=request.url, final_url=final, status=200, content_type=kind, body=body, fetched_at=now, etag=tag)
