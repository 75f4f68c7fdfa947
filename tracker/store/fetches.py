"""Every request that was made, and the validators (ETag, Last-Modified) that make the next one cheap.

Validators are written together with what the answer held, never before: a killed refresh asks again and gets it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from tracker.model import Done, Fetched, Page, Request
from tracker.store.codec import stamp
from tracker.store.connection import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An answer in short: page, unchanged, skipped, failed or poison, with what a log wants to know."""

    outcome: str
    status: int | None = None
    reason: str | None = None
    size: int | None = None


def describe(outcome: Fetched) -> Note:
    """The short form of an answer."""
    if isinstance(outcome, Done):
        if isinstance(outcome.value, Page):
            return Note(outcome="page", status=outcome.value.status, size=len(outcome.value.body))
        return Note(outcome="unchanged", status=304)
    return Note(outcome=type(outcome).__name__.casefold(), reason=outcome.reason)


class Fetches:
    """The nouns `fetch` and `validator`."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection

    def validators(self, urls: Iterable[str]) -> dict[str, tuple[str | None, str | None]]:
        """URL to (ETag, Last-Modified), for those that have any."""
        found = {}
        for url in urls:
            row = self._db.row("SELECT etag, last_modified FROM validator WHERE url = ?", (url,))
            if row is not None:
                found[url] = (row["etag"], row["last_modified"])
        return found

    def fill(self, request: Request) -> Request:
        """The request with the validators of the last answer; untouched where it is to be unconditional."""
        known = self.validators((request.url,)) if request.conditional else {}
        if request.url not in known:
            return request
        etag, last_modified = known[request.url]
        return replace(request, etag=etag, last_modified=last_modified)

    def log(self, source_id: str | None, url: str, note: Note, at: datetime, milliseconds: int | None = None) -> None:
        """Note one request."""
        self._db.run(
            "INSERT INTO fetch (source_id, url, fetched_at, outcome, status, reason, bytes, milliseconds)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (source_id, url, stamp(at), note.outcome, note.status, note.reason, note.size, milliseconds),
        )

    def keep_validators(self, url: str, page: Page) -> None:
        """Remember what the next conditional request for this URL sends; forget it where the answer had none."""
        if page.etag is None and page.last_modified is None:
            self._db.run("DELETE FROM validator WHERE url = ?", (url,))
            return
        self._db.run(
            "INSERT OR REPLACE INTO validator (url, etag, last_modified, stored_at) VALUES (?, ?, ?, ?)",
            (url, page.etag, page.last_modified, stamp(page.fetched_at)),
        )
