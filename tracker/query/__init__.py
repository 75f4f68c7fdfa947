"""Questions to a tracker database; the answers are frozen values with a JSON form.

    with Timeline.open("db/tracker.db") as timeline:
        for event in timeline.timeline(type="export_control", target="CN", since="2024-10"):
            print(event.announced_on, event.actors, event.summary, event.reports[0].quote)

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
from tracker.query.article_answers import AccountRow, ArticleDetail, ArticleRef, OriginalRow, PlaceRow, SightingRow
from tracker.query.changes import Change, Changes
from tracker.query.counting import CountRow, Counts, Series, Trend
from tracker.query.counts import Matrix, Side
from tracker.query.dossier import AliasRow, MergedRow, PartyDossier
from tracker.query.filters import Filters
from tracker.query.given import given
from tracker.query.lags import LaggedEvent, LagRow, Lags, Spread
from tracker.query.revisions import Revision
from tracker.query.sequence import Event, Events
from tracker.query.source_answers import AlarmRow, FetchRow, SourceDetail, SourceRow
from tracker.query.subjects import Subject
from tracker.query.timeline import Timeline

__all__ = [
    "AccountRow",
    "AlarmRow",
    "AliasRow",
    "AmountRow",
    "ArticleDetail",
    "ArticleHit",
    "ArticleRef",
    "Change",
    "Changes",
    "ContradictionRow",
    "CountRow",
    "Counts",
    "Event",
    "EventDetail",
    "EventHit",
    "EventPage",
    "EventRow",
    "Events",
    "FetchRow",
    "Filters",
    "Hits",
    "JudgementRow",
    "LagRow",
    "LaggedEvent",
    "Lags",
    "LinkRow",
    "Matrix",
    "MeasureDetail",
    "MergedRow",
    "OriginalRow",
    "PartyDossier",
    "PartyRef",
    "PartyRow",
    "PlaceRow",
    "ReportRow",
    "Revision",
    "Series",
    "Side",
    "SightingRow",
    "Snippet",
    "SourceDetail",
    "SourceRow",
    "Spread",
    "Stats",
    "StepRow",
    "Subject",
    "Timeline",
    "ToldRow",
    "Trend",
    "given",
    "to_json",
]
