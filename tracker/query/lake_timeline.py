"""`LakeTimeline`: the questions of a `Timeline`, asked of a lake of Parquet files instead of a database.

Filters, order, places of pages, answers and messages are those of `Timeline`. What a lake does not hold (the log of
changes, the past, texts and pages of articles, the health of sources) is refused, and the message says what to ask.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NoReturn, Self, Unpack, cast

from tracker.errors import InputError
from tracker.model import Cell, Exported
from tracker.query import dates, lake_counts, lake_events, lake_ground, measures, unheard, words
from tracker.query.answers import EventDetail, EventPage, EventRow, Hits, MeasureDetail, ReportRow
from tracker.query.counting import Counts, Per
from tracker.query.counts import Matrix
from tracker.query.dossier import PartyDossier
from tracker.query.events import Order
from tracker.query.filters import Filters
from tracker.query.ids import former
from tracker.query.lake import Lake, open_lake
from tracker.query.lake_dossier import dossier
from tracker.query.search import By, place, told
from tracker.query.sequence import Events
from tracker.query.timeline import Clock

ASK = "ask a database"


class LakeTimeline:
    """One lake, read-only; a context manager that closes it.

    It has the methods of a `Timeline`, with the same keywords, and takes its place wherever one is asked.
    """

    def __init__(self, lake: Lake, *, clock: Clock | None = None) -> None:
        """Take over an open lake; use `LakeTimeline.open`."""
        self._lake = lake
        self._clock = clock
        self.path = lake.path

    @classmethod
    def open(
        cls, path: Path | str, *, clock: Clock | None = None, threads: int | None = None, memory: str | None = None
    ) -> Self:
        """Open the lake in a folder.

        Args:
            path: the folder that `tracker lake` wrote, or a backfill.
            clock: tells the time, in UTC, for dates that count from today ("30d"); without one they are refused.
            threads: at most so many threads of DuckDB; None: one for each processor.
            memory: at most so much of it for DuckDB ("2GB"); None: 80 % of the machine's.

        Raises:
            InputError: DuckDB is not installed, or a limit is none.
            LakeError: there is no lake, or it cannot be read.
        """
        return cls(open_lake(Path(path), threads=threads, memory=memory), clock=clock)

    def timeline(
        self, *, limit: int | None = None, after: str | None = None, order: Order = "newest", **filters: Unpack[Filters]
    ) -> Events:
        """Events that pass every filter, in the order of their dates, each with its reports: as of a `Timeline`."""
        self.page(limit=1, after=after, order=order, **filters)  # what is wrong is told here, not where it is looked at
        return Events(self, filters, order=order, limit=limit, after=after)

    def reports(self, found: Sequence[EventRow], *, as_of: str | None = None) -> dict[str, tuple[ReportRow, ...]]:
        """The reports of some events by the id of the event (those that have any)."""
        _present(as_of)
        return lake_events.reports(self._lake, found)

    def stream(
        self, *, order: Order = "newest", after: str | None = None, **filters: Unpack[Filters]
    ) -> Iterator[EventRow]:
        """As `timeline`, one by one and without their reports."""
        return lake_events.stream(self._lake, self._test(filters), order=order, after=after)

    def rows(
        self, *, order: Order = "newest", after: str | None = None, **filters: Unpack[Filters]
    ) -> Iterator[tuple[Cell, ...]]:
        """As `stream`, as tuples of `tracker.model.EVENT_COLUMNS`."""
        return lake_events.rows(self._lake, self._test(filters), order=order, after=after)

    def lines(self, *, order: Order = "newest", **filters: Unpack[Filters]) -> Iterator[str]:
        """As `rows`, each as a line of CSV."""
        return lake_events.lines(self._lake, self._test(filters), order=order)

    def whole(
        self, *, order: Order | None = None, limit: int | None = None, **filters: Unpack[Filters]
    ) -> Iterator[Exported]:
        """As `stream`, with what feeds, calendars and graphs need; without an order those that changed last first."""
        return lake_events.whole(self._lake, self._test(filters), order=order, limit=limit)

    @contextmanager
    def still(self) -> Iterator[int]:
        """A lake never changes; the cursor of the last change that it knows."""
        yield int(self._lake.written.about.get("cursor", 0))

    def page(
        self,
        *,
        limit: int = 100,
        offset: int = 0,
        after: str | None = None,
        order: Order = "newest",
        **filters: Unpack[Filters],
    ) -> EventPage:
        """Some events without their reports, and what to ask for the next page `after`."""
        where = self._test(filters)
        return lake_events.pages(self._lake, where, limit=limit, offset=offset, after=after, order=order)

    def count(self, *, most: int | None = None, **filters: Unpack[Filters]) -> int:
        """How many events pass every filter; with `most` no further is counted, and so many may mean more."""
        return lake_events.count(self._lake, self._test(filters), most=most)

    def counts(
        self,
        *by: str,
        per: Per | None = None,
        top: int | None = 20,
        first: bool = False,
        newest: bool = False,
        **filters: Unpack[Filters],
    ) -> Counts:
        """Counts of the events that pass every filter, by none, one or two fields. Raises InputError."""
        where = self._test(filters)
        return lake_counts.counted(self._lake, where, by, filters=filters, per=per, top=top, first=first, newest=newest)

    def matrix(
        self,
        rows: str = "actor_country",
        columns: str = "target_country",
        *,
        top: int = 12,
        **filters: Unpack[Filters],
    ) -> Matrix:
        """How many events have a value of one field and one of another: who restricts whom. Raises InputError."""
        return lake_counts.matrix(self._lake, self._test(filters), rows, columns, top=top)

    def among(self, event_ids: Collection[str], **filters: Unpack[Filters]) -> set[str]:
        """Those of some events, by their ids, that pass every filter."""
        return lake_events.among(self._lake, self._test(filters), sorted(event_ids))

    def upcoming(
        self, day: str | date | None = None, *, limit: int | None = 100, **filters: Unpack[Filters]
    ) -> list[EventRow]:
        """Events that take effect on a day or later (None: today), the next first."""
        ahead = cast("Filters", {**filters, "upcoming": True if day is None else str(day)})
        return lake_events.ahead(self._lake, self._test(ahead), limit)

    def event(self, event_id: str, *, as_of: str | None = None) -> EventDetail:
        """One event with its reports, quotes and the history of its measure. Raises NotFoundError."""
        _present(as_of)
        return lake_events.detail(self._lake, event_id)

    def measure(self, measure_id: str, *, day: str | None = None) -> MeasureDetail:
        """The story of one measure. Raises NotFoundError where there is no such measure and no such event."""
        lake, asked = self._lake, day or (str(self._today()) if self._clock else None)
        key = measures.measure_id(lake, measure_id)
        row = lake.row("SELECT title, status, since FROM measure WHERE id = ?", (key,))
        assert row is not None
        steps = lake_events.steps(lake, key)
        status, since = (row["status"], row["since"]) if asked is None else measures.status_on(steps, asked)
        event_ids = tuple(str(one["id"]) for one in lake.rows(measures.EVENTS, (key,)))
        report_ids = [str(one["id"]) for one in lake.rows(measures.REPORTS, (key,))]
        return MeasureDetail(
            id=key,
            title=row["title"],
            status=status,
            since=since,
            as_of=asked,
            steps=steps,
            links=measures.links(lake, key),
            contradictions=lake_events.contradictions(lake, event_ids),
            judgements=lake_events.judged(lake, report_ids, "measure"),
            event_ids=event_ids,
            former_ids=former(lake, key),
        )

    def search(
        self,
        text: str,
        /,
        *,
        among: Collection[str] | None = None,
        by: By | None = None,
        limit: int = 10,
        after: str | None = None,
        **filters: Unpack[Filters],
    ) -> Hits:
        """Events that hold all words and pass the filters, the newest first; a lake knows no other order.

        Raises InputError; also for articles and parties, whose texts a lake does not hold.
        """
        if by == "rank":
            raise InputError(f"a lake does not rank what it finds; leave out by='rank', or {ASK}")
        if among is not None and set(among) != {"events"}:
            raise InputError(f"of a lake only events are searched (among='events'); for articles and parties {ASK}")
        start = None
        if after is not None:
            kind, order, start = place(after)
            if (kind, order) != ("events", "date"):
                raise InputError(f"not a place in a lake: {after!r}; use the `next` of a search")
        query = words.match(text)
        test = self._test(filters)
        expression = query.whole()
        if expression is None:
            return Hits(events=(), articles=(), parties=(), near=(), orders={}, next={})
        ground = lake_ground.LakeGround(self._lake)
        parts = [test, ground.words(query), *([ground.words(query, but=True)] if query.excluded else [])]
        where = lake_ground.joined(" AND ", parts)
        found = lake_events.search(self._lake, where, expression, limit=limit, after=start)
        return Hits(
            events=found.hits,
            articles=(),
            parties=(),
            near=(),
            orders={"events": found.order},
            next={} if found.next is None else {"events": told("events", found.order, found.next)},
        )

    def party(self, text: str, *, aliases: int = 20, latest: int = 10) -> PartyDossier:
        """One party by its id, that of a name it stands for, or a name. Raises NotFoundError."""
        return dossier(self._lake, text, aliases=aliases, latest=latest)

    def unheard(self, **filters: Unpack[Filters]) -> tuple[str, ...]:
        """What the filters name that the lake has never heard of, a sentence each."""
        return unheard.unheard(self._lake, filters)

    def close(self) -> None:
        """Close the lake; twice does no harm."""
        self._lake.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.close()

    def _today(self) -> date | None:
        return self._clock().date() if self._clock else None

    def _test(self, filters: Filters) -> lake_ground.Test:
        """The filters as a test of events, what counts from today told in days."""
        if filters.get("as_of"):
            raise InputError(f"a lake does not tell what was known before (as_of); {ASK}")
        return lake_ground.where(self._lake, cast("Filters", dates.absolute(filters, self._today())))


def _present(as_of: str | None) -> None:
    if as_of:
        raise InputError(f"a lake does not tell what was known before (as_of); {ASK}")


# What a lake does not tell, with what it would need.
REFUSED = {
    "statement": "SQL for a database",
    "lag": "how long the official word takes",
    "brief": "what was learned in a time",
    "article": "texts of articles",
    "original": "pages",
    "revisions": "edits of articles",
    "pages": "pages",
    "judgements": "the log of decisions",
    "judgement": "the log of decisions",
    "judged": "the log of decisions",
    "subject": "what decisions are about",
    "places": "what decisions are about",
    "standing": "what decisions are about",
    "contested": "what is worth a decision",
    "unsure": "what is worth a decision",
    "recent": "what changed last",
    "parties": "lists of parties",
    "sources": "the health of sources",
    "source": "the health of sources",
    "stats": "how a database is doing",
    "changes": "what changed",
    "ask": "what only a database is asked",
}


def _refusing(what: str) -> Callable[..., NoReturn]:
    def refuse(_self: LakeTimeline, *_args: Any, **_asked: Any) -> NoReturn:
        raise InputError(f"a lake does not tell {what}; {ASK}")

    refuse.__doc__ = f"Raises InputError: a lake does not tell {what}."
    return refuse


for _name, _what in REFUSED.items():
    setattr(LakeTimeline, _name, _refusing(_what))
