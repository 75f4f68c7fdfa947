"""The 25 questions of the benchmark: as they are asked here, and as SQL tuned by hand on the bare tables.

Bare tables are those without facets, tallies and lines; their indexes and the index for full text may be used. Each
question comes with what is varied from run to run. In SQL a page is dressed as ours is: names, sources, first address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from tracker.query import Timeline

Draw = dict[str, Any]
NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
PAGE = 50
PLACES = (
    "SELECT day, number FROM event WHERE verdict IS NOT 'reject' AND {where} ORDER BY day DESC, number DESC LIMIT 50"
)
DRESSED = """
SELECT event.*,
  (SELECT json_group_array(name) FROM event_party WHERE event_id = event.id AND role = 'actor') AS actors,
  (SELECT json_group_array(name) FROM event_party WHERE event_id = event.id AND role = 'target') AS targets,
  (SELECT json_group_array(name) FROM event_item WHERE event_id = event.id) AS items,
  (SELECT count(DISTINCT source_id) FROM report JOIN article ON article.id = article_id WHERE event_id = event.id) AS n,
  (SELECT url FROM report JOIN article ON article.id = article_id WHERE event_id = event.id
    ORDER BY report.published LIMIT 1) AS url
FROM ({places}) AS page CROSS JOIN event ON event.number = page.number ORDER BY page.day DESC, page.number DESC
"""
BARE = "SELECT event.* FROM ({places}) AS page JOIN event ON event.number = page.number"  # what DuckDB is asked
PARTY = """EXISTS (SELECT 1 FROM event_party JOIN entity ON entity.id = entity_id
  WHERE event_id = event.id AND role = '{role}' AND {which})"""
STATE = PARTY.format(role="actor", which="country = :country AND kind IN ('government', 'court', 'place')")
SEAT = PARTY.format(role="actor", which="country = :country")
TARGET = PARTY.format(role="target", which="country = :other")
OF_PARTY = """id IN (SELECT event_id FROM event_party WHERE entity_id IN (
  SELECT id FROM entity WHERE id = :party OR parent = :party))"""
ITEM = "EXISTS (SELECT 1 FROM event_item WHERE event_id = event.id AND ' ' || folded || ' ' LIKE '% ' || :item || ' %')"
AMOUNT = """type = :type AND EXISTS (SELECT 1 FROM report JOIN report_amount ON report_id = report.id
  WHERE event_id = event.id AND report_amount.kind = 'money' AND unit = 'USD' AND value >= :value)"""
HOLDS = "number IN (SELECT rowid FROM event_fts WHERE event_fts MATCH :match)"
RANKED = """SELECT event.* FROM (SELECT rowid AS number, bm25(event_fts, 8.0, 4.0, 4.0, 1.0) AS score FROM event_fts
  WHERE event_fts MATCH :match ORDER BY rank LIMIT 20) AS page
  JOIN event ON event.number = page.number ORDER BY score"""
PAIRS = """SELECT a.country AS acts, b.country AS hit, count(DISTINCT event.number) AS events
FROM event JOIN event_party AS x ON x.event_id = event.id AND x.role = 'actor' JOIN entity AS a ON a.id = x.entity_id
JOIN event_party AS y ON y.event_id = event.id AND y.role = 'target' JOIN entity AS b ON b.id = y.entity_id
WHERE verdict IS DISTINCT FROM 'reject' GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 225"""
MONTHS = """SELECT type, substr(day, 1, 7) AS month, count(*) AS events FROM event
WHERE verdict IS DISTINCT FROM 'reject' GROUP BY 1, 2"""
ITEMS = """SELECT folded, count(DISTINCT event_id) AS events FROM event_item JOIN event ON event.id = event_id
WHERE event_item.kind = 'item' AND verdict IS DISTINCT FROM 'reject' GROUP BY 1 ORDER BY 2 DESC LIMIT 20"""
AHEAD = """effective_to >= :day AND status <> 'rejected' AND NOT EXISTS (SELECT 1 FROM measure_step AS stop
  WHERE stop.measure_id = event.measure_id AND stop.event_id <> event.id
    AND stop.status IN ('ended', 'rejected', 'suspended', 'delayed')
    AND stop.day >= event.day AND stop.day <= event.effective_to)"""
HELD = """EXISTS (SELECT 1 FROM measure_step AS step WHERE step.measure_id = event.measure_id
  AND step.event_id = event.id AND step.status = 'in_force' AND step.day <= :day AND NOT EXISTS (
    SELECT 1 FROM measure_step AS later WHERE later.measure_id = step.measure_id AND later.position > step.position
      AND later.day <= :day AND later.status IN ('ended', 'rejected')))
  AND (SELECT last.status FROM measure_step AS last WHERE last.measure_id = event.measure_id AND last.day <= :day
    AND last.status IN ('in_force', 'ended', 'rejected', 'suspended', 'delayed')
    ORDER BY last.position DESC LIMIT 1) = 'in_force'"""
LAG = """SELECT type, count(*) AS events, avg(official - media) AS days FROM (
  SELECT event.type AS type,
    min(CASE WHEN tier = 'official' THEN CAST(julianday(report.published) AS INTEGER) END) AS official,
    min(CASE WHEN tier <> 'official' THEN CAST(julianday(report.published) AS INTEGER) END) AS media
  FROM event JOIN report ON report.event_id = event.id JOIN article ON article.id = article_id
  JOIN source ON source.id = source_id WHERE verdict IS DISTINCT FROM 'reject' AND withdrawn = 0
  GROUP BY event.id, event.type
) AS told WHERE official IS NOT NULL AND media IS NOT NULL GROUP BY 1"""
REPORTS = """SELECT report.*, article.title, article.url, article.origin, source.name, source.tier FROM report
JOIN article ON article.id = article_id LEFT JOIN source ON source.id = source_id WHERE event_id = :event
ORDER BY report.published"""
STEPS = """SELECT measure_step.*, event.origins, report.quote, article.url FROM measure_step
JOIN event ON event.id = measure_step.event_id LEFT JOIN report ON report.id = event.lead_id
LEFT JOIN article ON article.id = article_id WHERE measure_step.measure_id = :measure ORDER BY position"""
# What an answer needs that is told from several tables: one statement for each.
DETAIL = (
    "SELECT * FROM event WHERE id = :event",
    "SELECT * FROM event_party JOIN entity ON entity.id = entity_id WHERE event_id = :event",
    "SELECT * FROM event_item WHERE event_id = :event",
    REPORTS,
    "SELECT report_amount.* FROM report JOIN report_amount ON report_id = report.id WHERE event_id = :event",
    "SELECT * FROM contradiction WHERE event_id = :event",
    STEPS,
    "SELECT title FROM measure WHERE id = :measure",
)
STORY = (
    "SELECT * FROM measure WHERE id = :measure",
    STEPS,
    "SELECT contradiction.* FROM event JOIN contradiction ON event_id = event.id WHERE measure_id = :measure",
)
IN_EVENTS = "SELECT count(*) FROM event_party WHERE entity_id = :state AND role = '{role}'"
DOSSIER = (
    "SELECT * FROM entity WHERE id = :state",
    "SELECT * FROM entity WHERE parent = :state",
    IN_EVENTS.format(role="actor"),
    IN_EVENTS.format(role="target"),
    DRESSED.format(
        places=PLACES.format(where="id IN (SELECT event_id FROM event_party WHERE entity_id = :state)").replace(
            "50", "10"
        )
    ),
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `sql` is that of an expert, its statements one after another.

    `goal` is the most milliseconds; 0: 1.5 times the expert's.
    """

    name: str
    ask: Callable[[Timeline, Draw], object]
    sql: str | tuple[str, ...] = ()
    goal: int = 50
    duck: bool = True  # whether DuckDB can be asked the same

    @property
    def statements(self) -> tuple[str, ...]:
        """What the expert asks."""
        return (self.sql,) if isinstance(self.sql, str) else self.sql


def page(where: str) -> str:
    """A page of events, dressed."""
    return DRESSED.format(places=PLACES.format(where=where))


def _page(**names: str) -> Callable[[Timeline, Draw], object]:
    """A page by filters, each with the drawn value of a name."""
    return lambda t, d: t.page(limit=PAGE, **{name: d[value] for name, value in names.items()})


def _search(match: str, **names: str) -> Callable[[Timeline, Draw], object]:
    return lambda t, d: t.search(
        d[match], among=["events"], limit=20, **{name: d[value] for name, value in names.items()}
    )


QUESTIONS = (
    Question("newest page", _page(), page("1 = 1")),
    Question("page: a country acts", _page(actor="country"), page(STATE)),
    Question("page: a rare party", _page(party="party"), page(OF_PARTY)),
    Question(
        "page: type, status, country acts, since",
        _page(type="type", status="status", actor="country", since="day"),
        page(f"type = :type AND status = :status AND day >= :day AND {STATE}"),
    ),
    Question(
        "page: country against country, type",
        _page(pair="pair", type="type"),
        page(f"type = :type AND {SEAT} AND {TARGET}"),
    ),
    Question("page: word of an item, country acts", _page(item="item", actor="country"), page(f"{ITEM} AND {STATE}")),
    Question("page: amount, type", _page(amount="amount", type="type"), page(AMOUNT)),
    Question("deep page", lambda t, d: t.page(limit=PAGE, after=d["after"]), page("(day, number) < (:deep, :number)")),
    Question(
        "count: type, country acts, since",
        lambda t, d: t.count(type=d["type"], actor=d["country"], since=d["day"]),
        f"SELECT count(*) FROM event WHERE verdict IS NOT 'reject' AND type = :type AND day >= :day AND {STATE}",
        0,
    ),
    Question("search: rare word", _search("rare"), RANKED.replace(":match", ":rare"), duck=False),
    Question("search: common word", _search("common"), page(HOLDS.replace(":match", ":common")), duck=False),
    Question("search: phrase", _search("phrase"), RANKED.replace(":match", ":quoted"), duck=False),
    Question(
        "search: common word, type, country acts",
        _search("common", type="type", actor="country"),
        page(f"{HOLDS.replace(':match', ':common')} AND type = :type AND {STATE}"),
        duck=False,
    ),
    Question(
        "search: articles, common word, source",
        lambda t, d: t.search(d["common"], among=["articles"], source=d["source"], limit=20),
        "SELECT article.number, title, published FROM article WHERE source_id = :source AND number IN ("
        "SELECT rowid FROM article_fts WHERE article_fts MATCH :common) ORDER BY published DESC, number DESC LIMIT 20",
        duck=False,
    ),
    Question("event in full", lambda t, d: t.event(d["event"]), DETAIL, 0),
    Question("measure", lambda t, d: t.measure(d["measure"]), STORY, 0),
    Question("party", lambda t, d: t.party(d["state"]), DOSSIER, 0),
    Question("matrix: country x country, everything", lambda t, _: t.matrix(), PAIRS, 300),
    Question(
        "counts: by type and month, everything", lambda t, _: t.counts("type", per="month", top=None), MONTHS, 300
    ),
    Question("top items, everything", lambda t, _: t.counts("item"), ITEMS, 300),
    Question("lag by type, everything", lambda t, _: t.lag(by="type"), LAG, 300),
    Question(
        "upcoming",
        lambda t, d: t.page(limit=PAGE, upcoming=True, type=d["type"]),
        page(f"type = :type AND {AHEAD.replace(':day', ':today')}"),
    ),
    Question(
        "in force on a day",
        lambda t, d: t.page(limit=PAGE, in_force_on=d["day"], type=d["type"]),
        page(f"type = :type AND {HELD}"),
    ),
    Question(
        "changed since",
        lambda t, d: t.page(limit=PAGE, changed_since=d["cursor"]),
        page("id IN (SELECT id FROM change WHERE cursor > :cursor AND what = 'event')"),
    ),
    Question("page as of a moment, type", _page(as_of="moment", type="type"), goal=0, duck=False),
)
VARIED = 24


def draws(timeline: Timeline) -> Iterator[Draw]:
    """What is varied, the same for every run on one database."""
    db, chance = timeline._db, Random(9)  # noqa: SLF001 - there is no question for this
    most = db.number("SELECT max(number) FROM event")
    last = db.number("SELECT max(cursor) FROM change")
    words = _words(timeline)
    types = "sanction tariff export_control enforcement regulation entity_listing subsidy court_ruling".split()
    for nth in range(VARIED):
        row = db.row("SELECT * FROM event WHERE number >= ?", (chance.randrange(1, most),))
        assert row is not None
        country, other = chance.sample(["US", "CN", "EU", "RU", "GB", "JP", "DE", "KR"], 2)
        value = chance.choice((1e9, 5e9, 2e10, 3e11))
        phrase = chance.choice(words["phrases"])
        yield {
            "country": country,
            "other": other,
            "pair": f"{country}>{other}",
            "party": f"co:c{chance.randrange(500, 9000)}",
            "type": types[nth % len(types)],
            "status": chance.choice(["in_force", "announced", "proposed"]),
            "day": (date(2015, 1, 1) + timedelta(days=chance.randrange(3600))).isoformat(),
            "today": "2026-01-02",
            "item": chance.choice(["gallium", "drone", "chip", "steel", "urea", "vaccine"]),
            "value": value,
            "amount": f">={value:.0f} USD",
            "deep": row["day"],
            "number": row["number"],
            "after": row["id"],
            "rare": words["rare"][nth % len(words["rare"])],
            "common": words["common"][nth % len(words["common"])],
            "phrase": f'"{phrase}"',
            "quoted": f'"{phrase}"',
            "source": f"s{chance.randrange(60)}",
            "event": row["id"],
            "measure": row["measure_id"],
            "state": f"gov:{country.lower()}",
            "cursor": last - chance.randrange(200, 5000),
            "moment": "2026-01-01",
        }


def _words(timeline: Timeline) -> dict[str, list[str]]:
    """Words that few events hold, that very many hold, and phrases of two words that some hold."""
    db = timeline._db  # noqa: SLF001 - as above
    quotes = [row[0] for row in db.rows("SELECT quotes FROM event_fts WHERE rowid % 997 = 3 LIMIT 400")]
    told = [word.strip(".,;:()“”\"'’").lower() for text in quotes for word in text.split()]
    words = sorted({word for word in told if word.isascii() and word.isalpha() and len(word) > 3})
    Random(8).shuffle(words)
    holding = {
        word: db.number("SELECT count(*) FROM event_fts WHERE event_fts MATCH ?", (f'"{word}"',))
        for word in words[:600]
    }
    most = db.number("SELECT count(*) FROM event")
    pairs = [" ".join(text.split()[2:4]).strip(".,") for text in quotes if text.isascii()]
    phrases = [pair for pair in dict.fromkeys(pairs) if pair.replace(" ", "").isalpha() and len(pair) > 7]
    return {
        "rare": [word for word, count in holding.items() if 3 <= count <= most // 500][:12],
        "common": [word for word, count in holding.items() if count > most // 50][:12],
        "phrases": phrases[:12],
    }
