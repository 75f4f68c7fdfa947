"""What the reader found in an article: parties and reports, in place of what an earlier reading found.

A report that is found again keeps its place in its event. One that is new or changed is to be settled; where one
changed or vanished, its event is marked stale, so that its consensus is made again; an event that lost all its reports
goes. Judgements are tied anew where the report they were tied to is found no more.
"""

from __future__ import annotations

import json
from datetime import datetime

from tracker.errors import NotFoundError
from tracker.model import Analysis, Article, Report
from tracker.store.articles import Articles
from tracker.store.codec import dumps, stamp
from tracker.store.connection import Connection, Value
from tracker.store.entities import keep_aliases, keep_mentions, keep_parties
from tracker.store.events import Events
from tracker.store.judgements import UNSETTLE
from tracker.store.measures import drop_empty
from tracker.store.reports import Reports, named, report_ids, trust, words
from tracker.store.ties import hand_over, tie_anew

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

# A changed report keeps what it stood for until it is settled.
BEGIN = "INSERT OR IGNORE INTO report_standing (id, group_id, published) VALUES (?, ?, ?)"
PUBLISHED = "UPDATE report_standing SET published = ?1 WHERE group_id = ?2 AND published <> ?1"


class Analyses:
    """What readers found; fills `entity`, `alias`, `mention`, `report` and `report_amount`."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection
        self._articles = Articles(connection)
        self._reports = Reports(connection)
        self._events = Events(connection)

    def save(self, analysis: Analysis, *, now: datetime) -> list[Report]:
        """Store an analysis in place of the article's former one, all or nothing.

        Args:
            analysis: of a stored article.
            now: the time of the run.

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
                self._reports.keep_amounts(report)
            self._db.run("UPDATE article SET reader = ? WHERE id = ?", (analysis.reader, article.id))
        return reports

    def _keep_parties(self, article: Article, analysis: Analysis, now: str) -> None:
        told = [mention for event in analysis.events for mention in (*event.actors, *event.targets)]
        every = {*analysis.mentions, *told}
        keep_parties(self._db, {mention.party for mention in every}, now, known=analysis.known)
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
                tier=trust(row["tier"]),
                event=event,
                source_id=article.source_id,
                quote=words(article, event.evidence),
                notice=article.notice,
                wire=article.wire,
            )
            for key, event in zip(report_ids(article, analysis.events), analysis.events, strict=True)
        ]

    def _replace(self, article: Article, reader: str, reports: list[Report], now: str) -> None:
        """Write the reports, drop those that are gone and mark the reports and events that this touches."""
        day = article.published.value if article.published else None
        rows = self._db.rows("SELECT id, event_id, detail, published FROM report WHERE article_id = ?", (article.id,))
        old = {row["id"]: row for row in rows}
        details = {report.id: dumps(report.event) for report in reports}
        changed = [key for key, row in old.items() if details.get(key) != row["detail"] or row["published"] != day]
        self._db.many(
            UPSERT,
            (
                (report.id, article.id, *columns(reader, position, report), details[report.id])
                for position, report in enumerate(reports)
            ),
        )
        self._db.many(BEGIN, ((report.id, article.id, day or "") for report in reports))
        self._reports.restore(details)
        self._db.run(PUBLISHED, (day or "", article.id))
        self._db.run(UNSETTLE, (json.dumps(changed),))
        gone = [key for key in changed if key not in details]
        hand_over(self._db, article.id, gone)
        self._reports.remove(gone)
        tie_anew(self._db, article.id)
        self._events.touch({old[key]["event_id"] for key in changed} - {None}, now)
        drop_empty(self._db, now)


def columns(reader: str, position: int, report: Report) -> tuple[Value, ...]:
    """The values of COLUMNS but the last, in their order."""
    event = report.event
    return (
        position,
        event.type,
        event.status,
        event.direction,
        event.certainty,
        event.announced_on.value if event.announced_on else None,
        event.effective_on.value if event.effective_on else None,
        event.confidence,
        report.published,
        reader,
        report.quote,
    )
