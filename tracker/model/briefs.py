"""A brief: what became known in a stretch of time, for those who write it down as a page."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefLine:
    """One event with the words that show it. `change` says what is told of it in its section; may be empty."""

    event_id: str
    date: str
    type: str
    status: str
    direction: str
    certainty: str
    summary: str
    change: str
    quote: str
    outlet: str | None
    url: str | None
    published: str | None
    origins: int  # independent accounts
    reports: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefGroup:
    """The events of one measure."""

    measure_id: str
    title: str
    status: str | None
    lines: tuple[BriefLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefSection:
    """One kind of news. `events` is how many there are, of which some may not be listed."""

    name: str  # new, changed, soon, contradicted or withdrawn
    title: str
    groups: tuple[BriefGroup, ...]
    events: int

    @property
    def left_out(self) -> int:
        """How many are not listed."""
        return self.events - sum(len(group.lines) for group in self.groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What the tracker learned from a day to a day (ISO 8601, both included), as it was known at `made_at`."""

    first: str
    last: str
    made_at: str
    sections: tuple[BriefSection, ...]
    title: str = "Policy events"
    about: str = "all events"  # the filters in words

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)
