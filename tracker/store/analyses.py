"""What the reader found in an article: parties and reports, in place of what an earlier reading found.

A report that is found again keeps its place in its event. Where one changed or vanished, its event is marked stale, so
that its consensus is made again; an event that lost all its reports goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from tracker.errors import NotFoundError
from tracker.model import Analysis, Article, EventMention, Report, Tier
from tracker.store.articles import Articles
from tracker.store.codec import dumps, stamp
from tracker.store.connection import Connection, Value
from tracker.store.entities import keep_aliases, keep_mentions, keep_parties
from tracker.store.events import Events
from tracker.store.reports import Reports, named, report_ids, words

COLUMNS = (
    "position",
    "type",
    "status",
    "direction",
    "certainty",
    "announced_on",
    "effective_on",
    "confidence",
    "published",
    "reader",
    "quote",
    "detail",
)
UPSERT = f"""
INSERT INTO report (id, article_id, {", ".join(COLUMNS)}) VALUES ({", ".join("?" * (len(COLUMNS) + 2))})
ON CONFLICT (id) DO UPDATE SET {", ".join(f"{column} = excluded.{column}" for column in COLUMNS)}
"""  # noqa: S608 - names are constants

Keys = Callable[[Report], Iterable[str]]


def no_keys(report: Report) -> tuple[str, ...]:
    """Blocking keys of nothing: such a report is found by nobody."""
    del report
    return ()


class Analyses:
    """What readers found; fills `entity`, `alias`, `mention`, `report`, `report_amount` and `report_key`."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection
        self._articles = Articles(connection)
        self._reports = Reports(connection)
        self._events = Events(connection)

    def save(self, analysis: Analysis, *, now: datetime, keys: Keys = no_keys) -> list[Report]:
        """Store an analysis in place of the article's former one, all or nothing.

        Args:
            analysis: of a stored article.
            now: the time of the run.
            keys: the blocking keys of a report, as resolution makes them.

        Returns:
            The article's reports, in the order of the analysis.

        Raises:
            NotFoundError: the article is not stored.
        """
        with self._db.batch():
            article = self._articles.get(analysis.article_id)
            if article is None:
                raise NotFoundError(f"{self._db.path}: no article {analysis.article_id}")
            self._keep_parties(article, analysis, stamp(now))
            reports = self._made(article, analysis)
            self._replace(article, analysis.reader, reports, stamp(now))
            for report in reports:
                self._reports.keep_keys(report.id, keys(report))
                self._reports.keep_amounts(report)
            self._db.run("UPDATE article SET reader = ? WHERE id = ?", (analysis.reader, article.id))
        return reports

    def _keep_parties(self, article: Article, analysis: Analysis, now: str) -> None:
        told = [mention for event in analysis.events for mention in (*event.actors, *event.targets)]
        every = {*analysis.mentions, *told}
        keep_parties(self._db, {mention.party for mention in every}, now)
        keep_aliases(self._db, ((mention.party, named(article, mention), mention.how) for mention in every))
        keep_mentions(self._db, article.id, every)

    def _made(self, article: Article, analysis: Analysis) -> list[Report]:
        row = self._db.row(
            "SELECT origin, tier FROM article LEFT JOIN source ON source.id = source_id WHERE article.id = ?",
            (article.id,),
        )
        assert row is not None
        return [
            Report(
                id=key,
                article_id=article.id,
                origin=row["origin"],
                published=article.published.value if article.published else None,
                tier=Tier(row["tier"]) if row["tier"] else Tier.SOCIAL,
                event=event,
            )
            for key, event in zip(report_ids(article, analysis.events), analysis.events, strict=True)
        ]

    def _replace(self, article: Article, reader: str, reports: list[Report], now: str) -> None:
        """Write the reports, drop those that are gone and mark the events that this touches."""
        day = article.published.value if article.published else None
        rows = self._db.rows("SELECT id, event_id, detail, published FROM report WHERE article_id = ?", (article.id,))
        old = {row["id"]: row for row in rows}
        details = {report.id: dumps(report.event) for report in reports}
        gone = [key for key in old if key not in details]
        touched = {
            row["event_id"] for key, row in old.items() if details.get(key) != row["detail"] or row["published"] != day
        } - {None}
        self._db.many(
            UPSERT,
            (
                (report.id, article.id, *_columns(article, reader, position, report.event), details[report.id])
                for position, report in enumerate(reports)
            ),
        )
        self._db.many("DELETE FROM report WHERE id = ?", ((key,) for key in gone))
        self._events.touch(touched, now)


def _columns(article: Article, reader: str, position: int, event: EventMention) -> tuple[Value, ...]:
    """The values of COLUMNS but the last, in their order."""
    return (
        position,
        event.type,
        event.status,
        event.direction,
        event.certainty,
        event.announced_on.value if event.announced_on else None,
        event.effective_on.value if event.effective_on else None,
        event.confidence,
        article.published.value if article.published else None,
        reader,
        words(article, event.evidence),
    )
