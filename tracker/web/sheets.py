"""Datasette's own CSV made safe for spreadsheets, as that of our pages is: no text of an article starts a formula.

The rest of a cell stays as it is, and so do numbers. Knows nothing of tables: it reads the lines that are sent.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder

from tracker.export.cells import DEFUSED, FORMULA
from tracker.web.guarding import App, Message, Receive, Scope, Send

NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?", re.ASCII)
_CELL = re.compile(r'("(?:[^"]++|"")*+"|[^",\r\n]*)(,|\r?\n)')  # with what ends it (RFC 4180)


class Defuser:
    """Takes the bytes of a CSV file as they come and gives them on with formulas defused."""

    def __init__(self) -> None:
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._rest = ""  # the beginning of a cell

    def feed(self, piece: bytes, *, more: bool) -> bytes:
        """What can be given on now; without `more`, all."""
        text = self._rest + self._decoder.decode(piece, final=not more)
        told, place = [], 0
        while (cell := _CELL.match(text, place)) is not None:
            told.append(_defused(cell[1]) + cell[2])
            place = cell.end()
        self._rest = text[place:] if more else ""
        return "".join([*told, "" if more else _defused(text[place:])]).encode()


def _defused(cell: str) -> str:
    quote, bare = ('"', cell[1:]) if cell.startswith('"') else ("", cell)
    if bare.lstrip().startswith(FORMULA) or bare.startswith(FORMULA):
        return cell if NUMBER.fullmatch(bare) else f"{quote}{DEFUSED}{bare}"
    return cell


def wrapper(app: App) -> App:
    """An application whose CSV is defused."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        defuser: Defuser | None = None

        async def sending(message: Message) -> None:
            nonlocal defuser
            if message["type"] == "http.response.start" and _is_csv(scope, dict(message.get("headers", ()))):
                defuser = Defuser()
                kept = [one for one in message["headers"] if one[0].lower() != b"content-length"]
                message = {**message, "headers": kept}
            elif message["type"] == "http.response.body" and defuser is not None:
                told = defuser.feed(message.get("body", b""), more=message.get("more_body", False))
                message = {**message, "body": told}
            await send(message)

        await app(scope, receive, sending)

    return guarded


def _is_csv(scope: Scope, headers: dict[bytes, bytes]) -> bool:
    """Whether an answer is CSV: where it is only to be looked at, Datasette calls it plain text."""
    kind = next((value for name, value in headers.items() if name.lower() == b"content-type"), b"")
    return kind.startswith(b"text/csv") or (kind.startswith(b"text/plain") and scope.get("path", "").endswith(".csv"))
