"""A file as a channel: one JSON object per line where its name ends in .jsonl, else text.

Each message is one write at the end of the file, put on the disk before it counts as sent. Its id is looked for at the
end of the file, and in all of it where it was handed over before (others may have come after it), so that a file has
each message once.
"""

from __future__ import annotations

import json
import mmap
import os
from pathlib import Path

from tracker.model.alerts import Delivered, Message, Undelivered

LOOKED_AT = 1_000_000  # bytes at the end of the file in which a message is looked for


def deliver(path: Path, message: Message) -> Delivered | Undelivered:
    """Add a message to the end of the file, unless it stands there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab+") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(end - LOOKED_AT, 0))
            tail = file.read()
            if message.id.encode() in tail or (message.is_again and _holds(file.fileno(), message.id.encode())):
                return Delivered(note="stood in the file already")
            torn = b"\n" if tail and not tail.endswith(b"\n") else b""
            file.write(torn + _line(path, message))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return Undelivered(reason=f"the file cannot be written: {error.strerror}")
    return Delivered()


def _holds(descriptor: int, word: bytes) -> bool:
    if not os.fstat(descriptor).st_size:  # nothing can be mapped of an empty file
        return False
    with mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ) as whole:
        return whole.find(word) >= 0


def _line(path: Path, message: Message) -> bytes:
    if path.suffix == ".jsonl":
        return json.dumps(message.document, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    head = f"[{message.document['made_at']}] {message.title}  ({message.id})"
    return f"{head}\n{message.body.rstrip()}\n\n".encode("utf-8", "replace")
