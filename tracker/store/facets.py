"""Facets of events: what each can be asked for, in the order of the timeline, and how many events have each.

A facet is a field with a value. It is worked out anew for every event of which something was written, before the commit
that writes it, and only what differs is written. Which filter asks for which facets is said in `tracker.query`.

| field | values |
|---|---|
| all | one, of every event |
| type, subtype, status, direction, certainty | as in `event` |
| cell | the five together, as a JSON list: what any of them are counted by together |
| confidence, origins | the lower end of a band: `confidence_band`, `origins_band` |
| reviewed, contradicted | one, of those that a person accepted or edited, that reports disagree on |
| actor, target | ids of the party, of what it belongs to, and of what stands for these |
| both | as these, of parties that are in both roles |
| actor_seat, target_seat, pair | countries: "US", "CN", "US>CN" |
| actor_state | countries whose government, courts or the like act |
| actor_target | ids of the parties themselves: "gov:us>gov:cn" |
| party_kind | of the parties in either role |
| item, instrument | folded names |
| source, tier, tag, language | of the reports' sources and articles |
| amount | kind, unit and band of an amount that a report tells: `amount_value` |
| lag | type, and days from the first report in the media to the first of an official source: "tariff|3" |
| notice | type, and days from the first report of an official source until it takes effect |
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from sqlite3 import Row
from typing import Any

from tracker.store import lines
from tracker.store.connection import Connection

Facet = tuple[str, str]  # field, value
Place = tuple[int, int, int]  # number of a facet, day, number of an event

REJECTED = "~"  # before the fields of events that a person rejected
STATE_KINDS = ("government", "court", "place")  # a country as one that acts
ORIGINS = (0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 100, 200, 500, 1000)  # lower ends of the bands
CONFIDENCES = 20  # bands of equal width
AMOUNTS_FROM = (-math.inf, *(lead * 10.0**power for power in range(-9, 31) for lead in (1, 2, 5)))  # of the bands
OFFICIAL = "official"  # the tier of sources that speak for who acts
# A date as a number of days, where it tells its day.
DAYS = "CASE WHEN length({date}) >= 10 THEN CAST(julianday(substr({date}, 1, 10)) AS INTEGER) END"
AT_ONCE = 2000  # events whose facets are written together

FIELDS = ("type", "subtype", "status", "direction", "certainty")
AMONG = "IN (SELECT value FROM json_each(?))"
EVENTS = f"""
SELECT number, at, {", ".join(FIELDS)}, confidence, origins, verdict, edited,
  {DAYS.format(date="effective_on")} AS effect,
  EXISTS (SELECT 1 FROM contradiction WHERE event_id = event.id) AS contradicted
FROM event WHERE number {AMONG}
"""  # noqa: S608 - names are constants
PARTIES = f"""
SELECT event.number, role, entity_id, entity.kind, entity.country
FROM event JOIN event_party ON event_id = event.id JOIN entity ON entity.id = entity_id
WHERE event.number {AMONG}
"""  # noqa: S608 - as above
THINGS = f"""
SELECT event.number, kind, folded FROM event JOIN event_item ON event_id = event.id WHERE event.number {AMONG}
"""  # noqa: S608 - as above
REPORTERS = f"""
SELECT event.number, article.source_id, article.language, source.tier, source.tags,
  min(CASE WHEN report.withdrawn = 0 THEN {DAYS.format(date="report.published")} END) AS told
FROM event CROSS JOIN report ON report.event_id = event.id CROSS JOIN article ON article.id = report.article_id
LEFT JOIN source ON source.id = article.source_id WHERE event.number {AMONG}
GROUP BY event.number, article.source_id, article.language
"""  # noqa: S608 - as above
AMOUNTS = f"""
SELECT event.number, report_amount.kind, report_amount.unit, report_amount.value, report_amount.upper, comparison
FROM event CROSS JOIN report ON report.event_id = event.id
CROSS JOIN report_amount ON report_amount.report_id = report.id
WHERE report.withdrawn = 0 AND event.number {AMONG}
"""  # noqa: S608 - as above
# What a party belongs to or is one with; and what those belong to that are one with it.
OVER = f"""
SELECT id, parent AS over FROM entity WHERE id {AMONG} AND parent IS NOT NULL
UNION ALL SELECT id, merged_into FROM entity WHERE id {AMONG} AND merged_into IS NOT NULL
UNION ALL SELECT merged_into, parent FROM entity WHERE merged_into {AMONG} AND parent IS NOT NULL
"""  # noqa: S608 - as above
# Whoever belongs to the parties that changed, or is one with them.
SPREAD = """
INSERT OR IGNORE INTO facet_stale
WITH RECURSIVE family (id) AS (
  SELECT entity_id FROM facet_stale_party
  UNION SELECT entity.merged_into FROM entity JOIN family ON entity.id = family.id WHERE merged_into IS NOT NULL
  UNION SELECT entity.id FROM entity JOIN family ON entity.merged_into = family.id
  UNION SELECT entity.id FROM entity JOIN family ON entity.parent = family.id
)
SELECT number FROM family JOIN event_party ON entity_id = family.id JOIN event ON event.id = event_id
"""
KEYS = """
SELECT number, field, facet_key.value FROM json_each(?) AS wanted
CROSS JOIN facet_key ON field = wanted.value ->> 0 AND facet_key.value = wanted.value ->> 1
"""
KEY = "SELECT number FROM facet_key WHERE field = ? AND value = ?"
BEGIN = "INSERT INTO facet_key (field, value, events) VALUES (?, ?, 0)"
BEGIN_COUNTED = "INSERT INTO facet_key (number, field, value, events)"
KEEP = "INSERT OR REPLACE INTO event_keys (number, day, keys) VALUES (?, ?, ?)"
COUNT = "UPDATE facet_key SET events = events + ? WHERE number = ?"
COUNT_MONTH = """
INSERT INTO facet_month (key, month, events) VALUES (?, ?, ?)
ON CONFLICT DO UPDATE SET events = events + excluded.events
"""
NEXT = "SELECT number FROM event WHERE number > ? ORDER BY number LIMIT ?"
# Where no event had facets: all that follows from the keys of each.
SPELT_OUT = """
INSERT INTO event_facet
SELECT one.value, day, event_keys.number FROM event_keys CROSS JOIN json_each(keys) AS one ORDER BY 1, 2, 3
"""
MONTHS = "INSERT INTO facet_month SELECT key, day / 100, count(*) FROM event_facet GROUP BY 1, 2"


def settle(db: Connection) -> None:
    """Write the facets of every event of which something was written since."""
    if db.row("SELECT 1 FROM facet_stale_party") is not None:
        db.run(SPREAD)
        db.run("DELETE FROM facet_stale_party")
    while stale := [row[0] for row in db.rows("SELECT number FROM facet_stale ORDER BY number LIMIT ?", (AT_ONCE,))]:
        _write(db, stale)
        lines.write(db, stale)
        db.run("DELETE FROM facet_stale WHERE number <= ?", (stale[-1],))


def fill(db: Connection) -> None:
    """Write the facets of all events, none of which has any: as `settle` does, with nothing to be compared."""
    counts: Counter[Facet] = Counter()
    keys: dict[Facet, int] = {}
    last = -1
    while some := [row[0] for row in db.rows(NEXT, (last, AT_ONCE))]:
        told = facets(db, some)
        for _, found in told.values():
            counts.update(found)
        for facet in sorted({facet for _, found in told.values() for facet in found} - keys.keys()):
            keys[facet] = len(keys) + 1
        kept = ((number, day, _listed([keys[one] for one in found])) for number, (day, found) in told.items())
        db.insert("INSERT INTO event_keys (number, day, keys)", "(?, ?, ?)", kept)
        lines.write(db, some)
        last = some[-1]
    db.insert(BEGIN_COUNTED, "(?, ?, ?, ?)", ((number, *facet, counts[facet]) for facet, number in keys.items()))
    db.run(SPELT_OUT)
    db.run(MONTHS)


def unsettled(db: Connection) -> bool:
    """Whether facets are still to be written, as after a migration."""
    return db.row("SELECT 1 FROM facet_stale UNION ALL SELECT 1 FROM facet_stale_party") is not None


def facets(db: Connection, numbers: Iterable[int]) -> dict[int, tuple[int, frozenset[Facet]]]:
    """Number of an event to its day and facets, from what the tables say; without those that are no more."""
    wanted = json.dumps(list(numbers))
    events = db.rows(EVENTS, (wanted,))
    found: dict[int, set[Facet]] = {row["number"]: set(_own(row)) for row in events}
    _of_parties(db, wanted, found)
    for row in db.rows(THINGS, (wanted,)):
        found[row["number"]].add((row["kind"], row["folded"]))
    told: defaultdict[int, list[Row]] = defaultdict(list)
    for row in db.rows(REPORTERS, (wanted,)):
        found[row["number"]].update(_of_reporter(row))
        told[row["number"]].append(row)
    for row in events:
        found[row["number"]].update(_of_times(row, told[row["number"]]))
    for row in db.rows(AMOUNTS, (wanted,)):
        found[row["number"]].update(_of_amount(row))
    return {row["number"]: (row["at"], _shown(found[row["number"]], row["verdict"])) for row in events}


def confidence_band(confidence: float) -> int:
    """The band that a confidence lies in, counted from 0."""
    return min(CONFIDENCES, int(confidence * CONFIDENCES))


def origins_band(origins: int) -> int:
    """The lower end of the band that a number of accounts lies in."""
    return ORIGINS[bisect_right(ORIGINS, origins) - 1]


BANDS: Mapping[str, Callable[[Any], int]] = {"confidence": confidence_band, "origins": origins_band}


def amount_band(value: float) -> int:
    """The band that an amount lies in: three to a power of ten, 0 from 1, 1 from 2, 2 from 5; negative below 1."""
    return bisect_right(AMOUNTS_FROM, value) - 1 - AMOUNTS_FROM.index(1)


def amount_value(kind: str, unit: str, band: int) -> str:
    """The value of a facet `amount`."""
    return f"{kind}|{unit}|{band}"


def _own(row: Row) -> Iterator[Facet]:
    yield "all", ""
    for field in FIELDS:
        if row[field] is not None:
            yield field, row[field]
    yield "cell", json.dumps([row[field] for field in FIELDS], separators=(",", ":"))
    yield "confidence", str(confidence_band(row["confidence"]))
    yield "origins", str(origins_band(row["origins"]))
    if row["verdict"] == "accept" or row["edited"] != "[]":
        yield "reviewed", ""
    if row["contradicted"]:
        yield "contradicted", ""


def _of_parties(db: Connection, wanted: str, found: Mapping[int, set[Facet]]) -> None:
    rows = db.rows(PARTIES, (wanted,))
    over = _over(db, {row["entity_id"] for row in rows})
    roles: defaultdict[int, dict[str, list[Row]]] = defaultdict(lambda: {"actor": [], "target": []})
    for row in rows:
        roles[row["number"]][row["role"]].append(row)
        found[row["number"]].update((row["role"], key) for key in over[row["entity_id"]])
    for number, by_role in roles.items():
        acting, targeted = ({key for row in by_role[role] for key in over[row["entity_id"]]} for role in by_role)
        found[number].update(("both", key) for key in acting & targeted)
        found[number].update(_of_roles(by_role["actor"], by_role["target"]))


def _of_roles(actors: list[Row], targets: list[Row]) -> Iterator[Facet]:
    """What follows from where parties have their seat, what they are, and who meets whom."""
    for row in (*actors, *targets):
        yield "party_kind", row["kind"]
        if row["country"] is not None:
            yield f"{row['role']}_seat", row["country"]
            if row["role"] == "actor" and row["kind"] in STATE_KINDS:
                yield "actor_state", row["country"]
    for actor in actors:
        for target in targets:
            yield "actor_target", f"{actor['entity_id']}>{target['entity_id']}"
            if actor["country"] is not None and target["country"] is not None:
                yield "pair", f"{actor['country']}>{target['country']}"


def _over(db: Connection, ids: Iterable[str]) -> dict[str, set[str]]:
    """Each party to the ids of itself, of all that it belongs to, and of what stands for these."""
    ahead, near = set(ids), dict[str, set[str]]()
    wanted = sorted(ahead)
    while ahead:
        near |= {key: set() for key in ahead}
        told = json.dumps(sorted(ahead))
        for row in db.rows(OVER, (told, told, told)):
            near[row["id"]].add(row["over"])
        ahead = {key for over in near.values() for key in over} - near.keys()
    return {key: _reached(key, near) for key in wanted}


def _reached(key: str, near: Mapping[str, set[str]]) -> set[str]:
    seen, ahead = {key}, [key]
    while ahead:
        fresh = near[ahead.pop()] - seen
        seen |= fresh
        ahead += fresh
    return seen


def _of_reporter(row: Row) -> Iterator[Facet]:
    if row["language"] is not None:
        yield "language", row["language"]
    if row["tier"] is not None:
        yield "source", row["source_id"]
        yield "tier", row["tier"]
        for tag in json.loads(row["tags"]):
            yield "tag", tag


def _of_times(event: Row, told: list[Row]) -> Iterator[Facet]:
    """How long the official word came after the media's, and how long before the day on which it takes effect."""
    dated = [row for row in told if row["tier"] is not None and row["told"] is not None]
    official = min((row["told"] for row in dated if row["tier"] == OFFICIAL), default=None)
    media = min((row["told"] for row in dated if row["tier"] != OFFICIAL), default=None)
    if official is not None and media is not None:
        yield "lag", f"{event['type']}|{official - media}"
    if official is not None and event["effect"] is not None:
        yield "notice", f"{event['type']}|{event['effect'] - official}"


def _of_amount(row: Row) -> Iterator[Facet]:
    first = row["value"] if row["comparison"] != "less_than" else math.nextafter(row["value"], -math.inf)
    last = first if row["upper"] is None else row["upper"]
    for band in range(amount_band(first), amount_band(max(first, last)) + 1):
        yield "amount", amount_value(row["kind"], row["unit"], band)


def _shown(found: set[Facet], verdict: str | None) -> frozenset[Facet]:
    if verdict != "reject":
        return frozenset(found)
    return frozenset((f"{REJECTED}{field}", value) for field, value in found)


def _write(db: Connection, numbers: list[int]) -> None:
    """Bring what is kept of some events to what the tables say."""
    told = facets(db, numbers)
    keys = _keys(db, {facet for _, some in told.values() for facet in some})
    old = {
        row["number"]: (row["day"], row["keys"])
        for row in db.rows(f"SELECT * FROM event_keys WHERE number {AMONG}", (json.dumps(numbers),))  # noqa: S608 - a constant
    }
    gone: list[Place] = []
    new: list[Place] = []
    kept: list[tuple[int, int, str]] = []
    for number, (day, some) in told.items():
        after = sorted(keys[facet] for facet in some)
        text = _listed(after)
        before = old.pop(number, None)
        if before != (day, text):
            kept.append((number, day, text))
            was = set() if before is None else {(key, before[0], number) for key in json.loads(before[1])}
            now = [(key, day, number) for key in after]
            new += [place for place in now if place not in was] if was else now
            gone += was.difference(now)
    for number, (day, text) in old.items():  # of events that are no more
        gone += [(key, day, number) for key in json.loads(text)]
    db.numbers("DELETE FROM event_facet WHERE key = ? AND day = ? AND number = ?", sorted(gone))
    db.numbers("INSERT INTO event_facet VALUES (?, ?, ?)", sorted(new))
    db.many(KEEP, kept)
    db.numbers("DELETE FROM event_keys WHERE number = ?", [(number,) for number in old])
    _count(db, gone, new)


def _listed(keys: Iterable[int]) -> str:
    """The column `keys` of an event."""
    return f"[{','.join(map(str, sorted(keys)))}]"


def _keys(db: Connection, wanted: set[Facet]) -> dict[Facet, int]:
    """The numbers of facets, of new ones too."""
    found = _numbers(db, wanted)
    if new := wanted - found.keys():
        db.many(BEGIN, sorted(new))
        found |= _numbers(db, new)
    return found


def _numbers(db: Connection, wanted: Iterable[Facet]) -> dict[Facet, int]:
    """Those that are known; SQLite reads a text in JSON up to a NUL only, so that one with a NUL is asked by itself."""
    told = sorted(wanted)
    odd = [(facet, db.row(KEY, facet)) for facet in told if "\0" in facet[1]]
    plain = json.dumps([facet for facet in told if "\0" not in facet[1]])
    found = {(row["field"], row["value"]): row["number"] for row in db.rows(KEYS, (plain,))}
    return found | {facet: row["number"] for facet, row in odd if row is not None}


def _count(db: Connection, gone: list[Place], new: list[Place]) -> None:
    """Keep the tallies; what no event has any more is forgotten."""
    months = Counter([(key, day // 100) for key, day, _ in new])
    months.subtract([(key, day // 100) for key, day, _ in gone])
    events = Counter([place[0] for place in new])
    events.subtract([place[0] for place in gone])
    db.numbers(COUNT_MONTH, [(*month, step) for month, step in sorted(months.items()) if step])
    db.numbers(
        "UPDATE facet_key SET events = events + ? WHERE number = ?", [(n, key) for key, n in events.items() if n]
    )
    less = [month for month, step in months.items() if step < 0]
    db.numbers("DELETE FROM facet_month WHERE key = ? AND month = ? AND events = 0", less)
    fewer = [(key,) for key, step in events.items() if step < 0]
    db.numbers("DELETE FROM facet_key WHERE number = ? AND events = 0", fewer)
