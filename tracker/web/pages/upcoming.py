"""What takes effect from today on, as a list by date, as months, and as a calendar that others subscribe to.

Filters are those of the timeline. What was to take effect of late, and was not heard of since, stands below.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import cast

from tracker.export.formats import FORMATS
from tracker.model import EventType, Given
from tracker.query import EventRow, Filters
from tracker.query.overdue import LOOKED_BACK, overdue
from tracker.web import almanac, exported, narrowing
from tracker.web.asking import Answer, Ask, in_json
from tracker.web.rendering import page

OWN = ("size",)  # parameters that are no filters
SHOWN, MOST = 100, 500  # events of a page
ENTRIES = 200  # of a calendar: each takes two milliseconds to write
AHEAD = ("upcoming", "within")  # filters that say nothing of what is past
UNHEARD = 20  # plans whose day has passed
WEB = re.compile("^https?:")  # for what programs for calendars subscribe to
FIELDS = ("within", "type", "actor", "target", "item")  # filters that the form has fields for


def show(ask: Ask) -> Answer:
    """The page."""
    size = ask.number("size", SHOWN, most=MOST)
    found = _ahead(ask, size + 1)
    today = ask.now.date()
    stated = _stated(ask)
    calendar = ask.links.page("upcoming.ics", stated)
    past = cast("Filters", {name: value for name, value in ask.filters(*OWN).items() if name not in AHEAD})
    late = ask.timeline.ask(lambda db, filters: overdue(db, filters, today, limit=UNHEARD), **past)
    return page(
        ask,
        "upcoming.html",
        stretches=almanac.stretches(found[:size], today),
        grids=almanac.grids(found[:size], today),
        shown=min(size, len(found)),
        more=len(found) > size,
        most=MOST,
        late=late,
        past=lambda when: almanac.past(when, today),
        looked_back=LOOKED_BACK.days,
        today=today.isoformat(),
        stated=stated,
        chips=tuple(narrowing.chips(ask, stated, lambda left: ask.links.page("upcoming", left))),
        hidden=narrowing.hidden(stated, [name for name in FIELDS if not isinstance(stated.get(name), tuple)]),
        types=tuple(EventType),
        within={"": "however far", **narrowing.WITHIN},
        calendar=calendar,
        whole=ask.links.whole(calendar),
        webcal=WEB.sub("webcal:", ask.links.whole(calendar)),
    )


def listed(ask: Ask) -> Answer:
    """The same events as JSON."""
    found = _ahead(ask, ask.number("size", MOST, most=MOST))
    return in_json([event.to_dict() for event in found])


def ics(ask: Ask) -> Answer:
    """The same events as iCalendar, each with reminders; of very many the next ones."""
    form = FORMATS["ics"]
    filters = ask.filters(*OWN)
    with ask.timeline.still() as cursor:
        found = _ahead(ask, ENTRIES + 1)
        if len(found) > ENTRIES:
            begins = f"{found[ENTRIES].effective_on}-01-01"[: almanac.DAY]  # of a year or month its first day
            filters["within"] = max(begins, ask.now.date().isoformat())
        about = exported.about(ask, f"{ask.settings.title}: upcoming", _stated(ask), cursor, at="upcoming.ics")
        out = BytesIO()
        ahead = cast("Filters", {**filters, "upcoming": True})
        form.write(ask.timeline.whole(order="oldest", **ahead), out, about)
    headers = {"content-disposition": 'inline; filename="upcoming.ics"', "cache-control": "max-age=900"}
    return Answer(body=out.getvalue(), type=exported.CALENDAR, headers=headers)


def _ahead(ask: Ask, limit: int) -> Sequence[EventRow]:
    filters = {name: value for name, value in ask.filters(*OWN).items() if name != "upcoming"}
    return ask.timeline.upcoming(limit=limit, **cast("Filters", filters))


def _stated(ask: Ask) -> dict[str, Given]:
    return {name: given for name, given in ask.stated(*OWN).items() if name != "upcoming"}
