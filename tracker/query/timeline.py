"""`Timeline`: a database opened for questions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Self, TypeVar, Unpack, cast

from tracker.model import Cell, Exported, Page
from tracker.model.briefs import Brief
from tracker.query import (
    articles,
    briefs,
    changes,
    counts,
    dates,
    dossier,
    events,
    exports,
    judgements,
    lags,
    measures,
    pages,
    parties,
    past,
    queue,
    revisions,
    search,
    statements,
    stats,
    subjects,
    unheard,
)
from tracker.query.answers import (
    EventDetail,
    EventPage,
    EventRow,
    Hits,
    JudgementRow,
    MeasureDetail,
    PartyRow,
    ReportRow,
    Stats,
)
from tracker.query.article_answers import ArticleDetail
from tracker.query.changes import Changes
from tracker.query.counting import Counts, Per
from tracker.query.counts import Matrix
from tracker.query.dossier import PartyDossier
from tracker.query.events import Order
from tracker.query.filters import Condition, Filters, condition
from tracker.query.lags import Lags
from tracker.query.revisions import Revision
from tracker.query.search import By
from tracker.query.sequence import Events
from tracker.query.source_answers import SourceDetail, SourceRow
from tracker.store.connection import Connection, open_database
from tracker.store.migrations import require_current

Clock = Callable[[], datetime]
T = TypeVar("T")


class Timeline:
    """One database, read-only; a context manager that closes it.

    The keywords that choose events are those of `tracker.query.filters.Filters`; rejected ones are told on request.
    """

    def __init__(self, connection: Connection, *, clock: Clock | None = None) -> None:
        """Take over a connection to a database of the present schema; use `Timeline.open`."""
        self._db = connection
        self._clock = clock
        self._moments = past.Moments(connection)
        self.path = connection.path

    @classmethod
    def open(cls, path: Path | str, *, clock: Clock | None = None) -> Self:
        """Open the database at a path.

        Args:
            path: the file.
            clock: tells the time, in UTC, for dates that count from today ("30d"); without one they are refused.

        Raises:
            ForeignDatabaseError: the file is no tracker database.
            NewerDatabaseError: a later tracker wrote it.
            StoreError: there is none, or it cannot be read.
        """
        connection = open_database(Path(path), read_only=True)
        try:
            require_current(connection)
        except BaseException:
            connection.close()
            raise
        return cls(connection, clock=clock)

    def timeline(
        self, *, limit: int | None = None, after: str | None = None, order: Order = "newest", **filters: Unpack[Filters]
    ) -> Events:
        """Events that pass every filter, in the order of their dates, each with its reports.

        The answer is a sequence that is read when it is looked at, page by page: it may be gone through again, cut
        (`[:10]`), counted (`len`) and turned into data frames (`to_pandas()`, `to_polars()`), and needs little memory.

        Args:
            limit: at most so many; None for all.
            after: id of the last event already seen, or the `next` of a page.
            order: "newest" or "oldest" first.
            filters: see the class.

        Raises:
            InputError: a filter has a value that it cannot have.
            NotFoundError: no event has the id `after`.
        """
        self.page(limit=1, after=after, order=order, **filters)  # what is wrong is told here, not where it is looked at
        return Events(self, filters, order=order, limit=limit, after=after)

    def reports(self, found: Sequence[EventRow], *, as_of: str | None = None) -> dict[str, tuple[ReportRow, ...]]:
        """The reports of some events by the id of the event (those that have any), asked for together."""
        then = self._at(as_of)
        return then.reports(found) if then else events.reports(self._db, found)

    def stream(
        self, *, order: Order = "newest", after: str | None = None, **filters: Unpack[Filters]
    ) -> Iterator[EventRow]:
        """As `timeline`, one by one and without their reports: of one state of the database."""
        if then := self._at(filters.get("as_of")):
            return then.stream(self._ask(filters), order=order, after=after)
        return events.stream(self._db, self._where(filters), order=order, after=after)

    def rows(
        self, *, order: Order = "newest", after: str | None = None, **filters: Unpack[Filters]
    ) -> Iterator[tuple[Cell, ...]]:
        """As `stream`, as tuples of `tracker.model.EVENT_COLUMNS`: the quickest way to all of them."""
        if filters.get("as_of"):
            return map(exports.row, self.stream(order=order, after=after, **filters))
        return exports.rows(self._db, self._where(filters), order=order, after=after)

    def lines(self, *, order: Order = "newest", **filters: Unpack[Filters]) -> Iterator[str]:
        """As `rows`, each as a line of CSV; for `tracker.export`, which looks at them before anybody opens them."""
        return exports.lines(self._db, self._where(filters), order=order)

    def whole(
        self, *, order: Order | None = None, limit: int | None = None, **filters: Unpack[Filters]
    ) -> Iterator[Exported]:
        """As `stream`, with what feeds, calendars and graphs need; without an order those that changed last first."""
        return exports.whole(self._db, self._where(filters), order=order, limit=limit)

    @contextmanager
    def still(self) -> Iterator[int]:
        """Within, all questions see one state of the database; the cursor of its last change."""
        with self._db.reading():
            yield self._db.number("SELECT coalesce(max(cursor), 0) FROM change")

    def page(
        self,
        *,
        limit: int = 100,
        offset: int = 0,
        after: str | None = None,
        order: Order = "newest",
        **filters: Unpack[Filters],
    ) -> EventPage:
        """Some events without their reports, and what to ask for the next page `after`: found at once, however deep."""
        if then := self._at(filters.get("as_of")):
            return then.pages(self._ask(filters), limit=limit, offset=offset, after=after, order=order)
        return events.pages(self._db, self._where(filters), limit=limit, offset=offset, after=after, order=order)

    def statement(self, *, order: Order = "newest", limit: int = 100, **filters: Unpack[Filters]) -> str:
        """What `page` asks, as one SELECT that any SQLite program can run (but `as_of`); raises InputError."""
        return statements.statement(self._db, self._where(filters), order=order, limit=limit)

    def count(self, *, most: int | None = None, **filters: Unpack[Filters]) -> int:
        """How many events pass every filter; with `most` no further is counted, and so many may mean more."""
        if then := self._at(filters.get("as_of")):
            return then.count(self._ask(filters), most=most)
        return events.count(self._db, self._where(filters), most=most)

    def counts(
        self,
        *by: str,
        per: Per | None = None,
        top: int | None = 20,
        first: bool = False,
        newest: bool = False,
        **filters: Unpack[Filters],
    ) -> Counts:
        """Counts of the events that pass every filter, by none, one or two fields (`tracker.query.counting.FIELDS`).

        What an event has several of counts once for each. `per` "day", "week", "month", "quarter" or "year": how many
        in each, of `on`. `top`: so many values at most, with `newest` those that came up last; `first` adds first days.
        Raises InputError for a field, a period or a filter that is none.
        """
        where = self._where(filters)
        return counts.counts(self._db, where, by, filters=filters, per=per, top=top, first=first, newest=newest)

    def matrix(
        self,
        rows: str = "actor_country",
        columns: str = "target_country",
        *,
        top: int = 12,
        **filters: Unpack[Filters],
    ) -> Matrix:
        """How many events have a value of one field and one of another: who restricts whom. Raises InputError."""
        return counts.matrix(self._db, self._where(filters), rows, columns, filters=filters, top=top)

    def lag(self, *, by: str | None = None, limit: int = 10, **filters: Unpack[Filters]) -> Lags:
        """How late the official word comes, all in all and by "type" or "source"; `limit` of the events. InputError."""
        return lags.lags(self._db, self._where(filters), filters=filters, by=by, limit=limit)

    def brief(self, time: str = "7d", *, limit: int = 100, **filters: Unpack[Filters]) -> Brief:
        """What was learned in a time that ends today, or a period (A..B): at most `limit` events of each kind.

        Needs a clock. Raises InputError.
        """
        return briefs.brief(self._db, self._where, filters, time=time, clock=self._clock, limit=limit)

    def among(self, event_ids: Collection[str], **filters: Unpack[Filters]) -> set[str]:
        """Those of some events, by their ids, that pass every filter."""
        return events.among(self._db, self._where(filters), sorted(event_ids))

    def upcoming(
        self, day: str | date | None = None, *, limit: int | None = 100, **filters: Unpack[Filters]
    ) -> list[EventRow]:
        """Events that take effect on a day or later (None: today), the next first.

        Left out are those that were rejected, and plans that a later step of their measure stopped before their day.
        With `within` ("30d", or a date) those that are no further ahead.
        """
        ahead = cast("Filters", {**filters, "upcoming": True if day is None else str(day)})
        return events.ahead(self._db, self._where(ahead), limit)

    def event(self, event_id: str, *, as_of: str | None = None) -> EventDetail:
        """One event with its reports, quotes and the history of its measure.

        Args:
            event_id: its id, a former id, or the beginning of it that no other event shares.
            as_of: as it was known then; decisions are those that hold now.

        Raises:
            NotFoundError: there is no such event; the message names those that come near.
        """
        if then := self._at(as_of):
            return then.detail(event_id)
        return events.detail(self._db, event_id)

    def article(self, article: str) -> ArticleDetail:
        """One article with the places of what it tells; by its address, id or the beginning of it. NotFoundError."""
        return articles.detail(self._db, article)

    def original(self, article: str) -> Page | None:
        """The page that an article was taken from, as it came; None where it is not kept. Raises NotFoundError."""
        return pages.original(self._db, article)

    def revisions(self, article: str) -> list[Revision]:
        """The texts that an article has had, each with what it changed; by its address or id. Raises NotFoundError."""
        return revisions.revisions(self._db, article)

    def pages(self, *, source: str | None = None, since: str | None = None) -> Iterator[Page]:
        """The original pages that are still kept, the oldest first: of one source, fetched since a day (ISO 8601).

        Raises:
            NotFoundError: there is no such source.
        """
        return pages.kept(self._db, source, since)

    def measure(self, measure_id: str, *, day: str | None = None) -> MeasureDetail:
        """The story of one measure. Raises NotFoundError where there is no such measure and no such event.

        Args:
            measure_id: its id, a former one, the beginning of one that no other shares, or an event of it.
            day: where it stands on this day (ISO 8601); None: today, without a clock after the last step told.
        """
        return measures.detail(self._db, measure_id, day or (str(self._today()) if self._clock else None))

    def judgements(self, *, limit: int = 100, **asked: Unpack[judgements.Asked]) -> list[JudgementRow]:
        """The decisions of people, the newest first; without `closed` only those that hold."""
        return judgements.log(self._db, limit, asked)

    def judgement(self, judgement_id: str) -> JudgementRow:
        """One decision, by its id or a beginning of it; raises NotFoundError."""
        return judgements.one(self._db, judgement_id)

    def judged(self, report_ids: Collection[str], *, scope: str = "event") -> tuple[JudgementRow, ...]:
        """The decisions that hold and that any of these reports (of scope "party": entities) takes part in."""
        return judgements.of_reports(self._db, sorted(report_ids), scope)

    def subject(self, text: str, *, among: Collection[str] = subjects.TABLES) -> subjects.Subject:
        """The event, measure, report or entity that an id or a beginning of one means; raises NotFoundError."""
        return subjects.subject(self._db, text, among=among)

    def places(self, report_ids: Collection[str]) -> list[tuple[str, str]]:
        """The events that some reports are in, each with its measure, in the order of the timeline."""
        return subjects.places(self._db, report_ids)

    def standing(self, entity_ids: Collection[str]) -> list[str]:
        """The ids of the parties that stand for some parties."""
        return subjects.standing(self._db, entity_ids)

    def contested(self, *, limit: int = 20) -> list[queue.Contested]:
        """The fields that most independent accounts contest and no person has settled."""
        return queue.contested(self._db, limit)

    def unsure(self, *, below: float, limit: int = 20) -> list[EventRow]:
        """Events that three or more accounts tell and that are all the same less sure than this, the least first."""
        return queue.unsure(self._db, below, limit)

    def recent(self, *, limit: int = 100) -> list[str]:
        """Ids of the events that changed last."""
        return queue.recent(self._db, limit)

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
        """Events, articles and parties that hold all words and pass the filters: `tracker.query.search` says how.

        By "rank" the best come first, by "date" the newest; by None it is rank for what few texts hold. `among`: any of
        "events", "articles" and "parties", at most `limit` of each; `after` one of `next` of a page. Raises InputError.
        """
        kept = cast("Filters", dates.absolute(filters, self._today()))
        return search.search(self._db, text, kept, among=among, by=by, limit=limit, after=after)

    def parties(self, text: str = "", *, limit: int = 50) -> list[PartyRow]:
        """The parties that a text names (see `tracker.query.parties`), the most active first; all for no text."""
        return parties.listed(self._db, text, limit)

    def party(self, text: str, *, aliases: int = 20, latest: int = 10) -> PartyDossier:
        """One party by its id, that of a name it stands for, or a name; at most so many aliases and latest events.

        Raises:
            NotFoundError: nobody is called so, or several are; the message lists them with their ids.
        """
        return dossier.dossier(self._db, text, aliases=aliases, latest=latest)

    def unheard(self, **filters: Unpack[Filters]) -> tuple[str, ...]:
        """What the filters name that the database has never heard of, a sentence each."""
        return unheard.unheard(self._db, filters)

    def sources(self) -> list[SourceRow]:
        """Every source with its health."""
        return stats.sources(self._db)

    def source(self, source_id: str, *, limit: int = 20) -> SourceDetail:
        """One source with its health, its alarms and the last requests for its listings.

        Raises:
            NotFoundError: there is no such source; the message names one that comes near.
        """
        return stats.source(self._db, source_id, limit)

    def stats(self) -> Stats:
        """The database in numbers."""
        return stats.stats(self._db)

    def changes(self, *, since: int = 0, what: Collection[str] = changes.KINDS, limit: int | None = 1000) -> Changes:
        """What changed after a cursor, in order, with the cursor to ask from next time; raises InputError."""
        return changes.after(self._db, since, what=what, limit=limit)

    def _today(self) -> date | None:
        return self._clock().date() if self._clock else None

    def ask(self, question: Callable[[Connection, Filters], T], **filters: Unpack[Filters]) -> T:
        """The answer to any question of `tracker.query`: told are the database, and the filters with dates as days."""
        return question(self._db, cast("Filters", dates.absolute(filters, self._today())))

    def _where(self, filters: Filters) -> Condition:
        """The filters as a condition, what counts from today told in days."""
        return self.ask(condition, **filters)

    def _ask(self, filters: Filters) -> past.Ask:
        """The filters without the moment that they are asked of, for the database as it was and as it is."""
        kept = cast("Filters", dates.absolute({**filters, "as_of": None}, self._today()))
        return past.Ask(kept)

    def _at(self, as_of: str | None) -> past.Past | None:
        return self._moments.at(dates.moment(as_of, self._today())) if as_of else None

    def close(self) -> None:
        """Close the database; twice does no harm."""
        self._moments.close()
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.close()
