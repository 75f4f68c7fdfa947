"""Newsletters in a mailbox on this machine: a Maildir, a folder of .eml files, or an mbox file (RFC 4155).

Each message is one whole article (`messages`). Messages that were deleted or have not wholly arrived (`tmp/`) are
passed over. Fetches no mail, marks nothing as read, and opens no file: their bytes come in the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from tracker.model import Done, Listing, Page, Poison, Request, Source
from tracker.sources import files, messages
from tracker.sources.bodies import not_a
from tracker.sources.entries import MAX_ENTRIES, listing

MAILBOX = "a mailbox: name a Maildir, a folder of .eml files or an mbox file"
DELETED = re.compile(r":2,[A-Z]*T[A-Z]*\Z")  # a Maildir's flags, with the one for the trash
_FROM = re.compile(rb"^From \S+ .*\d\d?:\d\d.*\r?\n", re.MULTILINE)  # the line that begins a message of an mbox
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_BYTES = re.compile(r"#bytes=(\d{1,18})-\d{1,18}\Z")


def request(source: Source) -> Request:
    """The mailbox with its messages."""
    return files.request(source, files.CONTENTS)


def parse(source: Source, page: Page) -> Done[Listing] | Poison:
    """The messages of a folder or of an mbox file."""
    if misplaced := files.misplaced(source):
        return misplaced
    return _folder(source, page) if files.is_folder(page) else _file(source, page)


def _folder(source: Source, page: Page) -> Done[Listing] | Poison:
    """A Maildir, or any folder with .eml files."""
    folder = files.folder(source, page)
    if folder is None:
        return Poison(reason=not_a(MAILBOX, page.body, page.content_type))
    chosen = [one for one in folder.files if _is_message(PurePosixPath(one.path))]
    raw = [one.content for one in chosen if one.content is not None]
    notes = []
    if len(raw) < len(chosen):
        notes.append(f"{len(chosen) - len(raw)} messages left out: empty or larger than max_bytes")
    if folder.files and not chosen:
        notes.append(f"{len(folder.files)} files, and no message among them")
    return _messages(source, raw, older=folder.older, notes=notes)


def _is_message(path: PurePosixPath) -> bool:
    """Whether a file is a message by its place or its name."""
    return (path.parent.name in ("cur", "new") and not DELETED.search(path.name)) or path.suffix.lower() == ".eml"


def _file(source: Source, page: Page) -> Done[Listing] | Poison:
    """An mbox file, or its end: then what stands before its first whole message is asked for as older."""
    offset = _offset(page)
    starts = list(_starts(page.body, is_whole=not offset))
    if not starts and not offset and page.body.strip():
        return Poison(reason=not_a(MAILBOX, page.body, page.content_type))
    ends = [start for start, _ in starts[1:]] + [len(page.body)]
    bounds = [(first, end) for (_, first), end in zip(starts, ends, strict=False)][-MAX_ENTRIES:]
    raw = [_QUOTED_FROM.sub(rb"\1", page.body[first:end]) for first, end in reversed(bounds)]
    cut = len(starts) - len(bounds)
    before = offset + starts[cut][0] if starts else offset
    accept = request(source).accept
    older = Request(url=f"{source.url}#before={before}", accept=accept, conditional=False, local=True)
    notes = [] if starts or not offset else ["a message left out: larger than max_bytes"]
    return _messages(source, raw, older=older if offset or cut else None, notes=notes)


def _starts(body: bytes, *, is_whole: bool) -> Iterator[tuple[int, int]]:
    """Where each message begins: its `From ` line, which follows a blank line or nothing, and what comes after that."""
    for found in _FROM.finditer(body):
        start = found.start()
        if body[max(0, start - 3) : start].endswith((b"\n\n", b"\n\r\n")) or (is_whole and not start):
            yield start, found.end()


def _offset(page: Page) -> int:
    """How many bytes of the file stand before this answer."""
    stated = _BYTES.search(page.final_url)
    return int(stated[1]) if stated else 0


def _messages(
    source: Source, raw: Iterable[bytes], *, older: Request | None, notes: Iterable[str] = ()
) -> Done[Listing]:
    mailbox = source.url.partition("#")[0]
    read = [messages.entry(one, mailbox) for one in raw]
    entries = [one for one in read if one is not None]
    remarks = list(notes)
    if len(entries) < len(read):
        remarks.append(f"{len(read) - len(entries)} of {len(read)} messages left out: no id, no text, or too large")
    return listing(source, entries, base=mailbox, within=f"{mailbox}#", older=older, notes=remarks)
