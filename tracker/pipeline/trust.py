"""Which validators (ETag, Last-Modified) are sent: pure. A guard against servers whose validators lie.

A server may answer 304, or with the same ETag, although the feed has changed. So a source that has answered nothing
but 304 for longer than its rhythm is asked for the whole page once, and a URL whose validators have been found to lie
is asked without them from then on. That costs bandwidth and never an article.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from tracker.store import Validators

WHOLE_EVERY = timedelta(hours=24)  # the whole page at least so rarely, and
WHOLE_AFTER_GAPS = 4  # not before so many times the usual gap between new items
WHOLE_UNKNOWN = timedelta(days=7)  # where the rhythm is not known
MISSES = 2  # whole pages with news in a row, after nothing but 304, that mean that 304 lies


def is_sendable(kept: Validators, reading: str, rhythm: timedelta | None, now: datetime) -> bool:
    """Whether the next request for the URL may be conditional."""
    return kept.reading == reading and kept.distrusted_at is None and not is_old(kept, rhythm, now)


def is_old(kept: Validators, rhythm: timedelta | None, now: datetime) -> bool:
    """Whether the whole page was last had so long ago that something should have come since, or in a time to come."""
    longest = WHOLE_UNKNOWN if rhythm is None else max(WHOLE_EVERY, WHOLE_AFTER_GAPS * rhythm)
    return not timedelta(0) <= now - kept.stored_at < longest


def after_page(kept: Validators | None, page: Validators, *, new: int, conditional: bool) -> Validators:
    """What to keep after a whole page that listed so many new items.

    Args:
        kept: what was kept before.
        page: what the page says of itself.
        new: how many of its items were not known.
        conditional: whether the request had sent the validators kept before.
    """
    if kept is None or kept.reading != page.reading:
        return page
    same = (kept.etag, kept.last_modified) == (page.etag, page.last_modified)
    has_any = bool(page.etag or page.last_modified)
    misses = 0 if conditional else kept.misses + (new > 0 and has_any)
    lies = (same and has_any and new > 0) or misses >= MISSES
    return replace(page, misses=misses, distrusted_at=kept.distrusted_at or (page.stored_at if lies else None))
