"""Reports: one article's account of an event, with its amounts and the keys under which its like are found.

The store keeps blocking keys and answers who shares them; which keys a report has is resolution's affair.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from sqlite3 import Row

from tracker.model import Amount, Article, Cluster, EventMention, Mention, Placement, Report, Span, Tier
from tracker.store.codec import digest, folded, loads
from tracker.store.connection import Connection, Value
from tracker.store.entities import entity_id

SELECT = """
SELECT report.id, report.article_id, report.event_id, report.published, report.detail, article.origin, source.tier
FROM report INDEXED BY {} JOIN article ON article.id = report.article_id
LEFT JOIN source ON source.id = article.source_id
"""
# Left to itself SQLite takes the other index for the first question and sorts all that is unplaced.
UNPLACED = (
    SELECT.format("report_unplaced") + "WHERE report.event_id IS NULL ORDER BY report.published, report.id LIMIT ?"
)
OF_EVENT = SELECT.format("report_of_event") + "WHERE report.event_id = ? ORDER BY report.published, report.id"
SHARING = """
SELECT DISTINCT report.event_id FROM report_key JOIN report ON report.id = report_key.report_id
WHERE report_key.key = ? AND report.event_id IS NOT NULL
"""
AMOUNT = """
INSERT INTO report_amount (report_id, position, kind, value, upper, comparison, unit, per, text)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


class Reports:
    """The noun `report`; it is the `Candidates` that resolution asks."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection

    def unplaced(self, limit: int) -> list[Report]:
        """Reports that belong to no event yet, oldest first (by published date, then id)."""
        return [_report(row) for row in self._db.rows(UNPLACED, (limit,))]

    def waiting(self) -> int:
        """How many reports belong to no event yet."""
        return self._db.number("SELECT count(*) FROM report WHERE event_id IS NULL")

    def cluster(self, event_id: str) -> Cluster | None:
        """One event as its reports make it, oldest first; None where there is no such event."""
        row = self._db.row("SELECT measure_id FROM event WHERE id = ?", (event_id,))
        if row is None:
            return None
        reports = tuple(_report(row) for row in self._db.rows(OF_EVENT, (event_id,)))
        return Cluster(event_id=event_id, measure_id=row["measure_id"], reports=reports)

    def sharing(self, keys: Iterable[str]) -> tuple[Cluster, ...]:
        """Every event, whole, that has a report with one of the blocking keys; ordered by id."""
        events = sorted({row[0] for key in set(keys) for row in self._db.rows(SHARING, (key,))})
        return tuple(cluster for cluster in map(self.cluster, events) if cluster is not None)

    def placement(self, report_id: str) -> Placement | None:
        """Where resolution put a report and why; None where it has not yet."""
        row = self._db.row("SELECT placement FROM report WHERE id = ?", (report_id,))
        return loads(Placement, row[0]) if row is not None and row[0] is not None else None

    def keep_keys(self, report_id: str, keys: Iterable[str]) -> None:
        """Replace the blocking keys of a report."""
        self._db.run("DELETE FROM report_key WHERE report_id = ?", (report_id,))
        self._db.many(
            "INSERT INTO report_key (key, report_id) VALUES (?, ?)", ((key, report_id) for key in sorted(set(keys)))
        )

    def keep_amounts(self, report: Report) -> None:
        """Replace the amounts of a report."""
        self._db.run("DELETE FROM report_amount WHERE report_id = ?", (report.id,))
        self._db.many(AMOUNT, ((report.id, n, *_amount(one)) for n, one in enumerate(report.event.amounts)))


def report_ids(article: Article, events: Sequence[EventMention]) -> list[str]:
    """An id for each event of an article, the same when the same text is read again, even by other rules.

    It rests on what the article says (its evidence) and on type and actors; not on status or dates, which better rules
    may correct, nor on offsets, which a change elsewhere in the text moves.
    """
    seen: Counter[str] = Counter()
    ids = []
    for event in events:
        actors = sorted({entity_id(mention.party) for mention in event.actors})
        key = digest(article.id, event.type, folded(words(article, event.evidence[:1])), *actors)
        ids.append(key if not seen[key] else digest(key, str(seen[key])))
        seen[key] += 1
    return ids


def words(article: Article, spans: Iterable[Span]) -> str:
    """What stands at the spans, in their order."""
    return " … ".join(
        (article.title if span.field == "title" else article.text)[span.start : span.end] for span in spans
    )


def named(article: Article, mention: Mention) -> str:
    """What the text calls a party at one place."""
    return " ".join(words(article, (mention.span,)).split())


def _amount(amount: Amount) -> tuple[Value, ...]:
    """The columns of an amount from `kind` on."""
    upper = None if amount.upper is None else float(amount.upper)
    kind, comparison = amount.kind.value, amount.comparison.value if amount.comparison else None
    return (kind, float(amount.value), upper, comparison, amount.unit, amount.per, amount.text)


def _report(row: Row) -> Report:
    return Report(
        id=row["id"],
        article_id=row["article_id"],
        origin=row["origin"],
        published=row["published"],
        tier=Tier(row["tier"]) if row["tier"] else Tier.SOCIAL,  # of no known source: trusted least
        event=loads(EventMention, row["detail"]),
    )
