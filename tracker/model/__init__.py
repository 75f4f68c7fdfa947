"""Every type that crosses a room's wall.

Values only: frozen, slotted, keyword-only dataclasses, enums and Protocols. Nothing here reads a file, a clock or
the network, and nothing knows which room makes or takes a value. Terms are those of the annotation guide for policy
events, RSS/Atom, HTTP and ISO 3166-1. Datetimes are aware and in UTC; spans are Python string offsets.

The stage of a record is in its name: `Source` and `SourceState` say what to ask for, `Request`, `Page` and
`Unchanged` what the network said, `Item` is one sighting of an article in a source, `Article` its text, `Analysis`
what the reader found in it, `Report` one article's account of an event once stored, `Event` and `Measure` what
resolution made of the reports.
"""

from __future__ import annotations

from tracker.model.amounts import Amount, AmountKind, Comparison
from tracker.model.reading import (
    Analysis,
    Article,
    EventMention,
    Mention,
    Party,
    Reads,
    Reason,
    TextFrom,
)
from tracker.model.resolving import (
    Candidates,
    Cluster,
    Event,
    Measure,
    Placement,
    Report,
    RunReport,
    Score,
)
from tracker.model.sources import (
    Fetched,
    FetchSettings,
    Item,
    Listing,
    Pace,
    Page,
    Records,
    Request,
    RobotsMemory,
    RobotsText,
    Selectors,
    Source,
    SourceState,
    Unchanged,
    Wanted,
)
from tracker.model.text import (
    Basis,
    Done,
    Failed,
    Phrase,
    Poison,
    Precision,
    Skipped,
    Span,
    When,
)
from tracker.model.vocabulary import (
    Certainty,
    Direction,
    EventType,
    PartyKind,
    SourceKind,
    Status,
    Tier,
)

__all__ = [
    "Amount",
    "AmountKind",
    "Analysis",
    "Article",
    "Basis",
    "Candidates",
    "Certainty",
    "Cluster",
    "Comparison",
    "Direction",
    "Done",
    "Event",
    "EventMention",
    "EventType",
    "Failed",
    "FetchSettings",
    "Fetched",
    "Item",
    "Listing",
    "Measure",
    "Mention",
    "Pace",
    "Page",
    "Party",
    "PartyKind",
    "Phrase",
    "Placement",
    "Poison",
    "Precision",
    "Reads",
    "Reason",
    "Records",
    "Report",
    "Request",
    "RobotsMemory",
    "RobotsText",
    "RunReport",
    "Score",
    "Selectors",
    "Skipped",
    "Source",
    "SourceKind",
    "SourceState",
    "Span",
    "Status",
    "TextFrom",
    "Tier",
    "Unchanged",
    "Wanted",
    "When",
]
