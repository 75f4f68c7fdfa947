"""Questions to a tracker database; the answers are frozen values with a JSON form.

    with Timeline.open("db/tracker.db") as timeline:
        for event in timeline.timeline(type="export_control", target="CN", since="2024-10"):
            print(event.date, event.actors, event.summary)

It reads and never writes: the file is opened read-only. It escapes nothing for terminals, HTML or spreadsheets; that is
for whoever shows the answer.
"""

from __future__ import annotations

from tracker.query.answers import (
    AlarmRow,
    AmountRow,
    ArticleHit,
    Change,
    EventDetail,
    EventHit,
    EventRow,
    FetchRow,
    Hits,
    MeasureDetail,
    PartyRef,
    PartyRow,
    ReportRow,
    Snippet,
    SourceDetail,
    SourceRow,
    Stats,
)
from tracker.query.revisions import Revision
from tracker.query.timeline import Timeline

__all__ = [
    "AlarmRow",
    "AmountRow",
    "ArticleHit",
    "Change",
    "EventDetail",
    "EventHit",
    "EventRow",
    "FetchRow",
    "Hits",
    "MeasureDetail",
    "PartyRef",
    "PartyRow",
    "ReportRow",
    "Revision",
    "Snippet",
    "SourceDetail",
    "SourceRow",
    "Stats",
    "Timeline",
]
