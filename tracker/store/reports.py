"""Reports: one article's account of an event, what is to be settled of them, and what the reports of an event tell.

Which reports tell one event is resolution's affair; `Standings` keeps where each stands among its like.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from heapq import nsmallest
from sqlite3 import Row
from typing import Any

from tracker.model import (
    Account,
    Amount,
    Article,
    Cluster,
    EventMention,
    Held,
    Mention,
    Notice,
    Report,
    Span,
    Standing,
    Tier,
)
from tracker.store.codec import digest, folded, loads
from tracker.store.connection import Connection, Value
from tracker.store.entities import entity_id
from tracker.store.judgements import UNSETTLE, among_reports, any_reports
from tracker.store.standings import Keys, Level, Standings, standing

MOST_READ = 200  # reports of one event that are read whole; of the others only counts are wanted
TIERS = tuple(Tier)

LEVEL = Level(name="report", judged=among_reports, is_judged=any_reports, group="group_id", done=", unsettled = 0")
COLUMNS = """
SELECT report.id, report.article_id, report.published, report.detail, report.quote, article.origin, article.source_id,
  article.notice, article.wire, source.tier
"""
OF_ARTICLE = """
CROSS JOIN article ON article.id = report.article_id LEFT JOIN source ON source.id = article.source_id
"""
UNSETTLED = f"""{COLUMNS}
FROM report_standing INDEXED BY report_standing_unsettled
CROSS JOIN report ON report.id = report_standing.id {OF_ARTICLE}
WHERE unsettled = 1 AND report_standing.group_id NOT IN (SELECT article_id FROM held)
ORDER BY report_standing.published, report_standing.id LIMIT ?
"""  # noqa: S608 - names are constants
# Without those of articles that are held back.
WAITING = """
SELECT (SELECT count(*) FROM report_standing WHERE unsettled = 1) + (SELECT count(*) FROM report_gone) - (
  SELECT count(*) FROM held CROSS JOIN report_standing ON group_id = article_id WHERE unsettled = 1)
"""
NAMED = f"{COLUMNS} FROM json_each(?) AS wanted CROSS JOIN report ON report.id = wanted.value {OF_ARTICLE}"
BRIEF = f"""
SELECT report.id, report.published, report.confidence, article.origin, article.source_id, article.notice, article.wire,
  source.tier
FROM json_each(?) AS wanted CROSS JOIN report ON report.id = wanted.value {OF_ARTICLE}
"""  # noqa: S608 - names are constants
OF_EVENT = "SELECT id FROM report WHERE event_id = ? ORDER BY published, id"
EVENTS_OF = "SELECT id, event_id FROM report WHERE id IN (SELECT value FROM json_each(?))"
HOMELESS = """
SELECT report.id FROM report INDEXED BY report_of_event CROSS JOIN report_standing ON report_standing.id = report.id
WHERE report.event_id IS NULL AND lead_id IS NOT NULL ORDER BY report.published, report.id LIMIT ?
"""
LEADS = """
SELECT lead_id FROM report_standing WHERE id IN (SELECT value FROM json_each(?)) AND unsettled = 0
UNION SELECT lead_id FROM report JOIN report_standing USING (id)
WHERE report.event_id IN (SELECT value FROM json_each(?)) AND unsettled = 0
"""
GO = """
INSERT OR REPLACE INTO report_gone (id, group_id, lead_id, leads, rank, profile, keys)
SELECT id, group_id, lead_id, leads, rank, profile, keys FROM report_standing
WHERE id IN (SELECT value FROM json_each(?)) AND lead_id IS NOT NULL
"""
BY_RULES = "UPDATE report_standing SET resolver = ?1 WHERE id IN (SELECT value FROM json_each(?2)) AND resolver <> ?1"
OTHERWISE = """
SELECT (SELECT count(*) FROM report_standing WHERE lead_id IS NOT NULL AND resolver < ?1)
  + (SELECT count(*) FROM report_standing WHERE lead_id IS NOT NULL AND resolver > ?1)
"""
BACK = "SELECT * FROM report_gone WHERE id IN (SELECT value FROM json_each(?))"
UNSETTLE_OF = """
UPDATE report_standing SET unsettled = 1 WHERE id IN (
  SELECT report.id FROM report JOIN article ON article.id = report.article_id
  WHERE (?1 IS NULL OR report.published >= ?1)
    AND (NOT ?3 OR article.source_id IN (SELECT value FROM json_each(?2))))
"""
RESET = "UPDATE report_standing SET unsettled = 1, lead_id = NULL, leads = 0, rank = NULL, profile = NULL, keys = '[]'"
AMOUNT = """
INSERT INTO report_amount (report_id, position, kind, value, upper, comparison, unit, per, text)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


class Reports:
    """The nouns `report`, `report_standing`, `report_key` and `report_gone`."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection
        self._standings = Standings(connection, LEVEL)

    def unsettled(self, limit: int) -> list[Report]:
        """Reports that are new or say something else than when they were settled, oldest first (published, then id).

        Those of articles that are held back, or still to be judged, are not among them.
        """
        return [_report(row) for row in self._db.rows(UNSETTLED, (limit,))]

    def gone(self, limit: int) -> list[Standing]:
        """Reports that are no more, as they stood; ordered by id. `forget` them once their neighbours are settled."""
        return [standing(row) for row in self._db.rows("SELECT * FROM report_gone ORDER BY id LIMIT ?", (limit,))]

    def waiting(self) -> int:
        """How many reports are to be settled, or are no more and have still to be taken out of their events."""
        return self._db.number(WAITING)

    def held(self) -> Held:
        """The settled reports, as clustering asks for them."""
        return self._standings

    def stand(self, standings: Iterable[Standing], keys: Keys, *, resolver: str = "") -> None:
        """Keep where these reports stand.

        Those that `keys` names are settled, by the version of the rules that `resolver` says; the others keep the keys
        they had.
        """
        with self._db.part():
            self._standings.stand(standings, keys)
            self._db.run(BY_RULES, (resolver, json.dumps(list(keys))))

    def settled_otherwise(self, resolver: str) -> int:
        """How many reports another version of the rules has settled."""
        return self._db.number(OTHERWISE, (resolver,))

    def forget(self, report_ids: Iterable[str]) -> None:
        """Reports that are no more have been taken out of their events."""
        self._db.many("DELETE FROM report_gone WHERE id = ?", ((key,) for key in report_ids))

    def unsettle(self, report_ids: Iterable[str]) -> None:
        """Let these be settled again."""
        self._db.run(UNSETTLE, (json.dumps(list(report_ids)),))

    def unsettle_of(self, *, since: str | None = None, sources: Collection[str] = ()) -> None:
        """Let the reports of articles published since an ISO day, or of these sources, be settled again."""
        self._db.run(UNSETTLE_OF, (since, json.dumps(list(sources)), bool(sources)))

    def reset(self) -> None:
        """Let everything be settled from nothing: no report or event stands any more. Events keep their reports."""
        with self._db.part():
            self._db.run(RESET)
            for table in ("report_key", "report_gone", "event_standing", "event_key", "event_gone"):
                self._db.run(f"DELETE FROM {table}")  # noqa: S608 - constants

    def remove(self, report_ids: Iterable[str]) -> None:
        """Take reports away; those that stood somewhere are `gone` until their neighbours are settled."""
        ids = json.dumps(list(report_ids))
        self._db.run(GO, (ids,))
        self._standings.remove(json.loads(ids))
        self._db.run("DELETE FROM report WHERE id IN (SELECT value FROM json_each(?))", (ids,))

    def restore(self, report_ids: Iterable[str]) -> None:
        """Let those of these that were gone, and are back before anybody settled that, stand where they stood."""
        rows = self._db.rows(BACK, (json.dumps(list(report_ids)),))
        self._standings.stand(map(standing, rows), {row["id"]: json.loads(row["keys"]) for row in rows})
        back = [row["id"] for row in rows]
        self.unsettle(back)
        self.forget(back)

    def of_leads(self, lead_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Lead id to the ids of the reports that follow it, itself among them; nothing for one without any."""
        return self._standings.of_leads(lead_ids)

    def event_ids(self, report_ids: Iterable[str]) -> dict[str, str | None]:
        """Report id to the id of the event it is in, None where it is in none yet."""
        return {row["id"]: row["event_id"] for row in self._db.rows(EVENTS_OF, (json.dumps(list(report_ids)),))}

    def homeless(self, limit: int) -> list[str]:
        """Ids of settled reports that are in no event yet, or no more, the oldest first."""
        return [row["id"] for row in self._db.rows(HOMELESS, (limit,))]

    def leads(self, report_ids: Iterable[str] = (), *, of_events: Iterable[str] = ()) -> set[str]:
        """Whom these settled reports, and those of these events, follow."""
        found = self._db.rows(LEADS, (json.dumps(list(report_ids)), json.dumps(list(of_events))))
        return {row["lead_id"] for row in found}

    def of_event(self, event_id: str) -> tuple[str, ...]:
        """Ids of the reports of an event, the oldest first."""
        return tuple(row["id"] for row in self._db.rows(OF_EVENT, (event_id,)))

    def reports(self, report_ids: Iterable[str]) -> list[Report]:
        """The reports of these ids, in their order; without those that are no more."""
        ids = list(dict.fromkeys(report_ids))
        found = {row["id"]: row for row in self._db.rows(NAMED, (json.dumps(ids),))}
        return [_report(found[key]) for key in ids if key in found]

    def cluster(self, event_id: str) -> Cluster | None:
        """One event as its reports make it; None where there is no such event."""
        row = self._db.row("SELECT measure_id, lead_id FROM event WHERE id = ?", (event_id,))
        if row is None:
            return None
        ids = self.of_event(event_id)
        (cluster,) = self.gathered({row["lead_id"] or "": (event_id, ids)})
        return replace(cluster, measure_id=row["measure_id"])

    def gathered(self, clusters: Mapping[str, tuple[str, Sequence[str]]]) -> list[Cluster]:
        """Events as their reports make them, given by their leads, each with its id and its reports; in that order.

        Of more than 200 reports of one the leading one, corrections and retractions, and the best are read (by the tier
        of the source, confidence, date and id); the others are in `more`.
        """
        read = {lead: self._read_whole(lead, ids) for lead, (_, ids) in clusters.items()}
        reports = {one.id: one for one in self.reports(key for kept, _ in read.values() for key in kept)}
        return [
            Cluster(
                event_id=event_id,
                measure_id="",
                reports=tuple(reports[key] for key in dict.fromkeys(read[lead][0]) if key in reports),
                lead_id=lead,
                more=read[lead][1],
            )
            for lead, (event_id, _) in clusters.items()
        ]

    def _read_whole(self, lead_id: str, report_ids: Sequence[str]) -> tuple[Sequence[str], tuple[Account, ...]]:
        """Which reports of an event are read whole, and who gave the others."""
        if len(report_ids) <= MOST_READ:
            return report_ids, ()
        rows = [dict(row) for row in self._db.rows(BRIEF, (json.dumps(list(report_ids)),))]
        best = read_whole(rows, lead_id)
        more = [_account(row) for row in rows if row["id"] not in best]
        return [key for key in report_ids if key in best], tuple(sorted(more, key=lambda one: one.report_id))

    def keep_amounts(self, report: Report) -> None:
        """Replace the amounts of a report."""
        self._db.run("DELETE FROM report_amount WHERE report_id = ?", (report.id,))
        self._db.many(AMOUNT, ((report.id, n, *amount_columns(one)) for n, one in enumerate(report.event.amounts)))


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


def trust(tier: str | None) -> Tier:
    """The tier of an article's source; of no known source: trusted least."""
    return Tier(tier) if tier else Tier.SOCIAL


def amount_columns(amount: Amount) -> tuple[Value, ...]:
    """The columns of an amount from `kind` on."""
    upper = None if amount.upper is None else float(amount.upper)
    kind, comparison = amount.kind.value, amount.comparison.value if amount.comparison else None
    return (kind, float(amount.value), upper, comparison, amount.unit, amount.per, amount.text)


def read_whole(reports: Iterable[Mapping[str, Any]], lead_id: str) -> set[str]:
    """Ids of those that are read whole, of reports with `id`, `notice`, `tier`, `confidence` and `published` each."""
    best = nsmallest(MOST_READ, reports, key=lambda row: (row["id"] != lead_id, _rank(row)))
    return {row["id"] for row in best}


def _rank(row: Mapping[str, Any]) -> tuple[bool, int, float, str, str]:
    return (
        row["notice"] is None,
        TIERS.index(trust(row["tier"])),
        -row["confidence"],
        row["published"] or "9999",
        row["id"],
    )


def _account(row: Mapping[str, Any]) -> Account:
    return Account(report_id=row["id"], origin=row["origin"], source_id=row["source_id"], wire=row["wire"])


@lru_cache(maxsize=4096)
def _told(detail: str) -> EventMention:
    """Events grow report by report, so that the same ones are read many times in a row."""
    return loads(EventMention, detail)


def _report(row: Row) -> Report:
    return Report(
        id=row["id"],
        article_id=row["article_id"],
        origin=row["origin"],
        wire=row["wire"],
        published=row["published"],
        tier=trust(row["tier"]),
        event=_told(row["detail"]),
        source_id=row["source_id"],
        quote=row["quote"],
        notice=Notice(row["notice"]) if row["notice"] else None,
    )
