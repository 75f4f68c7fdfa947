"""iCalendar (RFC 5545) of effective dates: an event of the timeline is a day, with a reminder before it.

A date that is known to the month or the year is no day: such an entry spans all of it, says so in its title, takes no
time (TRANSP) and reminds of its beginning only. Events without an effective date are left out. An entry leads to the
page of its event where there is one, and names the first report in its words; else it leads to the report.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, BinaryIO

import tracker
from tracker import urls
from tracker.export import cells, feeds
from tracker.extras import needed
from tracker.model import About, Exported

DAY = timedelta(days=1)
ALARMS = (timedelta(days=-7), timedelta(days=-1))  # before the day begins
ROUGH = {4: "some time in", 7: "some time in"}  # by the length of the date
STATUSES = {"in_force": "CONFIRMED", "announced": "CONFIRMED", "rejected": "CANCELLED", "ended": "CANCELLED"}
DOMAIN = "tracker.invalid"
WIDTH = len("2024-07-09")


def write(events: Iterable[Exported], out: BinaryIO, about: About) -> None:
    """Write a calendar, entry by entry."""
    library = needed("icalendar", "iCalendar")
    whole = library.Calendar()
    whole.add("prodid", f"-//tracker//{tracker.__version__}//EN")
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("method", "PUBLISH")
    whole.add("x-wr-calname", cells.line(about.title))
    head, _, tail = whole.to_ical().rpartition(b"END:VCALENDAR")
    out.write(head)
    out.writelines(_entry(library, event, about).to_ical() for event in events if has_place(event))
    out.write(b"END:VCALENDAR" + tail)


def has_place(event: Exported) -> bool:
    """Whether an event has an effective date."""
    return bool(event.effective_on and event.effective_from and event.effective_to)


def _entry(library: Any, event: Exported, about: About) -> Any:
    entry = library.Event()
    known = str(event.effective_on)[:WIDTH]
    rough = ROUGH.get(len(known))
    summary = cells.line(event.summary)
    begins, ends = (date.fromisoformat(str(day)) for day in (event.effective_from, event.effective_to))
    values: dict[str, Any] = {
        "uid": f"{cells.line(event.id)}@{DOMAIN}",
        "dtstamp": _moment(event.changed_at),
        "created": _moment(event.first_seen_at),
        "last-modified": _moment(event.changed_at),
        "sequence": event.changes,
        "dtstart": begins,
        "dtend": min(ends, date.max - DAY) + DAY,
        "summary": f"{rough} {known}: {summary}" if rough else summary,
        "description": "\n".join(cells.line(one) for one in feeds.words(event).split("\n")),
        "categories": [cells.line(event.type), event.direction],
        "status": STATUSES.get(event.status, "TENTATIVE"),
        "transp": "TRANSPARENT",
    }
    report = cells.line(event.url).replace(" ", "%20") if event.url and urls.is_http(event.url) else None
    page = feeds.page(event, about)
    if link := page or report:
        values["url"] = link
    if page and report:
        values["description"] += f"\nReported at {report}"
    if ends == date.max:  # there is no day after it; without an end it is a day
        del values["dtend"]
    for name, value in values.items():
        entry.add(name, value)
    for before in ALARMS[:1] if rough else ALARMS:
        entry.add_component(_alarm(library, before, summary))
    return entry


def _alarm(library: Any, before: timedelta, words: str) -> Any:
    alarm = library.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", before)
    return alarm


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
