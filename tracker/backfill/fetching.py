"""Pages of archives that hold addresses alone (GDELT's lists), asked for as politely as a refresh asks.

No page is kept. What cannot be had is told as a fault of its record. One such chunk is worked on at a time, on all
machines together (`running`), so that no site is asked by many at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

from tracker.errors import InputError
from tracker.fetch import Fetcher
from tracker.model import Done, Fetched, FetchSettings, Page, Request
from tracker.model.archives import Record

AHEAD = 500  # records that are looked at together, so that slow sites wait for each other


def with_pages(
    records: Iterator[Record], settings: FetchSettings | None, fault: Callable[[str, str], None]
) -> Iterator[Record]:
    """The same records, those that are addresses alone with their pages; `fault` is told of those that have none.

    Raises:
        InputError: nothing may be asked of the network.
    """
    if settings is None:
        raise InputError("the archive holds addresses alone, and nothing may be asked of the network")
    with Fetcher(settings, now=_now) as fetcher:
        while block := list(islice(records, AHEAD)):
            asked = {one.item.url: one for one in block if one.item is not None and one.page is None}
            requests = [Request(url=url, conditional=False) for url in asked]
            pages = {request.url: outcome for request, outcome in fetcher.fetch(requests)}
            for one in block:
                if one.item is None or one.page is not None:
                    yield one
                elif (page := _page(pages.get(one.item.url))) is not None:
                    yield replace(one, page=page)
                else:
                    outcome = pages.get(one.item.url)
                    fault(one.key, f"{one.item.url}: {getattr(outcome, 'reason', 'no page')}")


def _page(outcome: Fetched | None) -> Page | None:
    return outcome.value if isinstance(outcome, Done) and isinstance(outcome.value, Page) else None


def _now() -> datetime:
    return datetime.now(UTC)
