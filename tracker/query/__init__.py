"""Questions to a tracker database; the answers are frozen values with a JSON form.

    with Timeline.open("db/tracker.db") as timeline:
        for event in timeline.timeline(type="export_control", target="CN", since="2024-10"):
            print(event.date, event.actors, event.summary)

It reads and never writes: the file is opened read-only. It escapes nothing for terminals, HTML or spreadsheets; that is
for whoever shows the answer.
"""

from __future__ import annotations

from tracker.query.answers import (
    AmountRow,
    ArticleHit,
    ContradictionRow,
    EventDetail,
    EventHit,
    EventPage,
    EventRow,
    Hits,
    JudgementRow,
    LinkRow,
    MeasureDetail,
    PartyRef,
    PartyRow,
    ReportRow,
    Snippet,
    Stats,
    StepRow,
    ToldRow,
    to_json,
)
from tracker.query.changes import Change, Changes
from tracker.query.dossier import AliasRow, MergedRow, PartyDossier
from tracker.query.filters import Filters
from tracker.query.given import given
from tracker.query.revisions import Revision
from tracker.query.source_answers import AlarmRow, FetchRow, SourceDetail, SourceRow
from tracker.query.subjects import Subject
from tracker.query.timeline import Timeline

__all__ = [
    "AlarmRow",
    "AliasRow",
    "AmountRow",
    "ArticleHit",
    "Change",
    "Changes",
    "ContradictionRow",
    "EventDetail",
    "EventHit",
    "EventPage",
    "EventRow",
    "FetchRow",
    "Filters",
    "Hits",
    "JudgementRow",
    "LinkRow",
    "MeasureDetail",
    "MergedRow",
    "PartyDossier",
    "PartyRef",
    "PartyRow",
    "ReportRow",
    "Revision",
    "Snippet",
    "SourceDetail",
    "SourceRow",
    "Stats",
    "StepRow",
    "Subject",
    "Timeline",
    "ToldRow",
    "given",
    "to_json",
]
