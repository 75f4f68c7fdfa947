"""`Events`: the answer of `Timeline.timeline`, read when it is looked at, page by page, with the reports of each event.

It holds the question and no answers: every look asks the database anew, so it is small however many events there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol, Unpack, overload

from tracker.model import Cell
from tracker.query import frames, glimpse
from tracker.query.answers import EventPage, EventRow, ReportRow, as_dict
from tracker.query.events import Order
from tracker.query.filters import Filters

if TYPE_CHECKING:  # installed by those who want them
    import pandas as pd
    import polars as pl

FIRST = 50  # events read at first, so that the first one is there at once
PAGE = 500  # events read at once after that


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event of the timeline with its reports: the fields of `EventRow`, and `reports`.

    Dates are ISO prefixes as far as they are known (`2024`, `2024-07`, `2024-07-09`); `date` is a whole day, by which
    the event is listed. `confidence` is between 0 and 1. `reports` are in the order of their dates.
    """

    id: str
    date: str
    type: str
    subtype: str | None
    status: str
    direction: str
    certainty: str
    actors: tuple[str, ...]
    targets: tuple[str, ...]
    items: tuple[str, ...]
    instruments: tuple[str, ...]
    announced_on: str | None
    effective_on: str | None
    summary: str
    confidence: float
    report_count: int
    origins: int
    sources: int
    url: str | None
    measure_id: str
    reports: tuple[ReportRow, ...]

    to_dict = as_dict


ROW = tuple(field.name for field in fields(EventRow))


class Asked(Protocol):
    """What is asked: the part of a `Timeline` that this needs."""

    def page(
        self,
        *,
        limit: int = ...,
        offset: int = ...,
        after: str | None = ...,
        order: Order = ...,
        **filters: Unpack[Filters],
    ) -> EventPage:
        """A page of events, and where the next one begins."""
        ...

    def rows(
        self, *, order: Order = ..., after: str | None = ..., **filters: Unpack[Filters]
    ) -> Iterator[tuple[Cell, ...]]:
        """All events as tuples of `tracker.model.EVENT_COLUMNS`."""
        ...

    def count(self, *, most: int | None = ..., **filters: Unpack[Filters]) -> int:
        """How many there are."""
        ...

    def reports(self, found: Sequence[EventRow], *, as_of: str | None = ...) -> Mapping[str, tuple[ReportRow, ...]]:
        """The reports of some events by the id of the event."""
        ...


class Events(Sequence[Event]):
    """The events that pass some filters, in the order of their dates; a sequence that is read when it is looked at.

        events = t.timeline(type="export_control", target="CN")
        len(events), events[0], events[10:20], list(events)
        for event in events: ...
        events.to_pandas()

    Going through it reads pages and keeps none, and may be done again. Each look asks the database anew: what a refresh
    writes meanwhile is seen by the next one, and by one that is under way where it has not yet been. It is of use
    while its timeline is open.
    """

    __slots__ = ("_after", "_asked", "_filters", "_limit", "_offset", "_order")

    def __init__(
        self,
        asked: Asked,
        filters: Filters,
        *,
        order: Order,
        limit: int | None = None,
        offset: int = 0,
        after: str | None = None,
    ) -> None:
        """Of a timeline; use `Timeline.timeline`, which looks at the filters first."""
        self._asked = asked
        self._filters = filters
        self._order: Order = order
        self._limit = limit
        self._offset = offset
        self._after = after

    def __iter__(self) -> Iterator[Event]:
        for found in self._pages(FIRST):
            yield from self._told(found)

    def __len__(self) -> int:
        """How many there are; counted up to the limit."""
        if self._after is not None:
            return sum(1 for _ in self._cells())
        most = None if self._limit is None else self._offset + self._limit
        return max(0, self._asked.count(most=most, **self._filters) - self._offset)

    def __bool__(self) -> bool:
        return next(self._pages(1), ()) != ()

    @overload
    def __getitem__(self, place: int) -> Event: ...
    @overload
    def __getitem__(self, place: slice) -> Events: ...
    def __getitem__(self, place: int | slice) -> Event | Events:
        """One event, or a stretch that is read when it is looked at; places before the end are counted first.

        Raises:
            IndexError: there are not so many.
            ValueError: the slice has a step; take one of a list.
        """
        if isinstance(place, slice):
            return self._slice(place)
        number = place if place >= 0 else len(self) + place
        for found in self._part(number, 1) if number >= 0 else ():
            return found
        raise IndexError(f"there is no event at {place}")

    def __reversed__(self) -> Iterator[Event]:
        if self._limit is not None or self._offset or self._after is not None:
            return reversed(list(self))
        return iter(Events(self._asked, self._filters, order="oldest" if self._order == "newest" else "newest"))

    def rows(self) -> Iterator[EventRow]:
        """The same without their reports, which is quicker."""
        for found in self._pages(FIRST):
            yield from found

    def to_dicts(self, *, reports: bool = True) -> list[dict[str, Any]]:
        """JSON-ready objects, as `tracker schema Event` describes them; without `reports` as `EventRow`."""
        return [event.to_dict() for event in (self if reports else self.rows())]

    def to_pandas(self) -> pd.DataFrame:
        """A pandas DataFrame, one event a row, without their reports.

        Columns are those of `EventRow`. Words with few values are categorical, with all values that there may be; lists
        are lists; `date` is datetime64[s]; counts are int64, `confidence` is float64 between 0 and 1. Dates that
        may be partial stay text (`announced_on`: "2024-07"), and beside each stand its `_precision` (ordered: year,
        month, day) and the first and last day that it may mean (`announced_from`, `announced_to`: datetime64[s]).

        Raises:
            InputError: pandas is not installed.
        """
        frame: pd.DataFrame = frames.to_pandas(self._cells())
        return frame

    def to_polars(self) -> pl.DataFrame:
        """A polars DataFrame with the columns of `to_pandas`: Enum, List(String), Date, Int64 and Float64.

        Raises:
            InputError: polars is not installed.
        """
        frame: pl.DataFrame = frames.to_polars(self._cells())
        return frame

    def __repr__(self) -> str:
        told = [f"{name}={value!r}" for name, value in self._filters.items() if value not in (None, "", (), [])]
        part = [f"limit={self._limit}"] if self._limit is not None else []
        part += [f"offset={self._offset}"] if self._offset else []
        part += [f"after={self._after!r}"] if self._after is not None else []
        return f"<Events {', '.join([*told, *part, self._order])}>"

    def _repr_html_(self) -> str:
        """The first events as a table, for notebooks; text from articles is escaped."""
        most = glimpse.SHOWN if self._limit is None else min(glimpse.SHOWN, self._limit)
        shown = [*self._part(0, most).rows()]
        known = self._part(0, glimpse.COUNTED)
        return glimpse.table(shown, len(known))

    def _pages(self, size: int) -> Iterator[Sequence[EventRow]]:
        """All pages that have events: a small one, then large ones."""
        left, offset, after = self._limit, self._offset, self._after
        while left is None or left > 0:
            page = self._asked.page(
                limit=size if left is None else min(size, left),
                offset=offset,
                after=after,
                order=self._order,
                **self._filters,
            )
            if page.events:
                yield page.events
            if page.next is None:
                return
            left, offset, after, size = None if left is None else left - len(page.events), 0, page.next, PAGE

    def _told(self, found: Sequence[EventRow]) -> Iterator[Event]:
        """Events with their reports, which are asked for together."""
        reports = self._asked.reports(found, as_of=self._filters.get("as_of"))
        for one in found:
            yield Event(**{name: getattr(one, name) for name in ROW}, reports=reports.get(one.id, ()))

    def _cells(self) -> Iterator[tuple[Cell, ...]]:
        found = self._asked.rows(order=self._order, after=self._after, **self._filters)
        return islice(found, self._offset, None if self._limit is None else self._offset + self._limit)

    def _slice(self, place: slice) -> Events:
        if place.step not in (None, 1):
            raise ValueError(f"events are not taken by steps of {place.step}; take them of a list of them")
        start, stop = place.start or 0, place.stop
        if start < 0 or (stop is not None and stop < 0):
            start, stop, _ = place.indices(len(self))
        return self._part(start, None if stop is None else max(0, stop - start))

    def _part(self, start: int, size: int | None) -> Events:
        """The events from a place on, at most so many."""
        left = None if self._limit is None else max(0, self._limit - start)
        sizes = [one for one in (left, size) if one is not None]
        return Events(
            self._asked,
            self._filters,
            order=self._order,
            limit=min(sizes) if sizes else None,
            offset=self._offset + start,
            after=self._after,
        )
