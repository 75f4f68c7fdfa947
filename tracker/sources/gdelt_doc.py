"""The GDELT Project's DOC 2.0 API: articles of the last day that a search finds.

The service gives 250 articles at most, the newest first. What is older than a full answer is asked for in two halves
of the time left, and those again, down to a quarter of an hour. Each refresh looks back over twice the source's
interval; the rest of the last 24 hours is `older`, asked for only where all is new (the first time, after a pause).
Faults come as a sentence with status 200. Modes other than the list of articles, and images, are not asked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from tracker.encoding import decode
from tracker.gdelt import codes
from tracker.model import Done, Listing, Page, Poison, Request, Source, When
from tracker.sources import times
from tracker.sources.bodies import not_a
from tracker.sources.entries import Entry, listing
from tracker.sources.json_documents import MAX_BYTES, record, records, text
from tracker.sources.plain import plain
from tracker.sources.queries import parameter

ACCEPT = "application/json, */*;q=0.1"
MOST = 250  # articles in one answer
DAY, LEAST = timedelta(hours=24), timedelta(hours=1)  # looked back over, at most and at least
PAUSE = timedelta(seconds=5)  # "limit requests to one every 5 seconds"
TOO_MANY_REQUESTS = 429  # what the service's sentence means that comes with status 200
_LIMITED = re.compile(r"limit requests to one every", re.IGNORECASE)
_ONE_WORD = re.compile(r"\w+\Z")
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')


def request(source: Source) -> Request:
    """The newest articles; `parse` asks for the others."""
    hours = _recent(source) // timedelta(hours=1)
    return _request(_asked(source, timespan=f"{hours}h"))


def parse(source: Source, page: Page) -> Done[Listing] | Poison:
    """The articles of one answer, and the windows of time to ask for besides."""
    document = _document(page)
    if document is None:
        return _refused(page)
    rows = records(document.get("articles"))
    kept = (one for one in rows if _is_wanted(source, one))
    start, end = _window(source, page)
    follow, notes = _rest(source, rows, start, end) if len(rows) >= MOST else ([], [])
    older = _slice(source, page.fetched_at - DAY, start) if _is_first(page) and start > page.fetched_at - DAY else None
    return listing(source, map(_entry, kept), base=page.final_url, follow=follow, older=older, notes=notes)


def query(source: Source) -> str:
    """The search: that of the source's URL, or the wanted terms, domains, themes and languages, any one of each."""
    wanted = source.wanted
    groups = (
        [one if _ONE_WORD.match(one) else '"{}"'.format(one.replace('"', " ")) for one in wanted.terms],
        [f"domain:{one}" for one in wanted.domains],
        [f"theme:{one.upper()}" for one in wanted.themes],
        [f"sourcelang:{codes.LETTERS.get(one, one)}" for one in wanted.languages],
    )
    own = [given] if (given := parameter(source.url, "query")) else []
    return " ".join([*own, *(_any(group) for group in groups if group)])


def _any(group: list[str]) -> str:
    """The group in brackets, which the service allows only around an OR."""
    return group[0] if len(group) == 1 else f"({' OR '.join(group)})"


def _recent(source: Source) -> timedelta:
    """How far each refresh looks back, in whole hours."""
    hours = -(-2 * source.interval // LEAST) * LEAST
    return min(max(hours, LEAST), DAY)


def _asked(source: Source, **window: str) -> str:
    """The URL of a request for one window of time: `timespan`, or `startdatetime` and `enddatetime`."""
    said = {"query": query(source), "mode": "artlist", "format": "json", "maxrecords": str(MOST), "sort": "datedesc"}
    return f"{source.url.partition('?')[0]}?{urlencode(said | window)}"


def _slice(source: Source, start: datetime, end: datetime) -> Request:
    window = {"startdatetime": codes.stamp(start), "enddatetime": codes.stamp(end)}
    return _request(_asked(source, **window))


def _request(url: str) -> Request:
    return Request(url=url, accept=ACCEPT, conditional=False, pause=PAUSE)


def _is_first(page: Page) -> bool:
    return bool(parameter(page.url, "timespan"))


def _window(source: Source, page: Page) -> tuple[datetime, datetime]:
    """The time that an answer covers."""
    stated = [_moment(parameter(page.url, name)) for name in ("startdatetime", "enddatetime")]
    start, end = stated
    if start and end:
        return start, end
    return page.fetched_at - _recent(source), page.fetched_at


def _rest(
    source: Source, rows: list[Mapping[str, Any]], start: datetime, end: datetime
) -> tuple[list[Request], list[str]]:
    """What a full answer leaves out: two halves of the time before its oldest article, or a note that there is more."""
    seen = [moment for one in rows if (moment := _moment(text(one, "seendate") or "")) and start <= moment <= end]
    is_sorted = len(seen) == len(rows) and all(one >= two for one, two in pairwise(seen))
    last = seen[-1] if is_sorted else end
    notes = []
    if end - last < codes.SLICE and end - start > codes.SLICE and is_sorted:
        last -= codes.SLICE  # all of it is of one quarter of an hour, which cannot be parted
        notes = [_full(last, end)]
    if last - start < codes.SLICE:
        return [], notes or [_full(start, end)]
    middle = start + (last - start) / 2
    return [_slice(source, middle, last), _slice(source, start, middle)], notes


def _full(start: datetime, end: datetime) -> str:
    span = f"from {start:%Y-%m-%d %H:%M} to {end:%H:%M} UTC"
    return f"more than {MOST} articles {span}, the rest left out: narrow the search"


def _moment(stamp: str) -> datetime | None:
    """A moment as the service writes it: 20240709121500 or 20240709T121500Z."""
    digits = stamp.replace("T", "").removesuffix("Z")
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC) if len(digits) == 14 else None
    except ValueError:
        return None


def _document(page: Page) -> Mapping[str, Any] | None:
    """The answer. The service sends titles with backslashes and control characters that JSON does not allow."""
    words = decode(page.body, page.content_type).strip() if len(page.body) <= MAX_BYTES else ""
    if not words.startswith("{"):
        return None
    for attempt in (words, _BAD_ESCAPE.sub(r"\\\\", words)):
        try:
            return record(json.loads(attempt, strict=False))
        except (ValueError, RecursionError):
            continue
    return None


def _refused(page: Page) -> Poison:
    """What the service says instead of an answer. Too many requests are no fault of the source: the status says so."""
    words = plain(decode(page.body[:2_000], page.content_type))
    if _LIMITED.search(words):
        reason = "GDELT limits requests to one every 5 seconds, and has had too many"
        return Poison(reason=reason, status=TOO_MANY_REQUESTS)
    if words and not words.startswith(("<", "{", "[")):
        return Poison(reason=f"GDELT refuses the search: {words[:200]}")
    return Poison(reason=not_a("an answer of GDELT's DOC API", page.body, page.content_type))


def _is_wanted(source: Source, one: Mapping[str, Any]) -> bool:
    """The service takes `domain:un.org` for the end of a name, `sun.org` too."""
    return not source.wanted.domains or codes.is_of(text(one, "url") or "", source.wanted.domains)


def _entry(one: Mapping[str, Any]) -> Entry:
    return Entry(
        url=text(one, "url"),
        title=text(one, "title") or "",
        published=_day(text(one, "seendate") or ""),
        language=codes.language(text(one, "language")),
    )


def _day(stamp: str) -> When | None:
    """The day on which GDELT saw the article; the hour is not that of publication."""
    return times.from_text(stamp[:8])
