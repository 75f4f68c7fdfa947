"""Random small worlds written straight into the tables, and a plain reading of each filter over all of their events."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path
from typing import Any

from tracker.model import Certainty, Direction, EventType, Status
from tracker.store import Store
from tracker.store.connection import Connection

AT = "2024-01-01T00:00:00+00:00"
# id, kind, country, parent, merged into: a child of a child, one that is one with a child, one without a seat
ENTITIES = (
    ("gov:us", "government", "US", None, None),
    ("gov:us:commerce", "government", "US", "gov:us", None),
    ("gov:us:commerce:bis", "government", "US", "gov:us:commerce", None),
    ("court:us", "court", "US", None, None),
    ("gov:cn", "government", "CN", None, None),
    ("co:a", "company", "CN", None, None),
    ("co:a:cloud", "company", "SG", "co:a", None),
    ("co:b", "company", "US", None, None),
    ("name:company:b-inc", "company", "US", "co:a", "co:b"),
    ("name:group:users", "group", None, None, None),
)
SOURCES = (("gazette", "official", '["law"]'), ("herald", "major", '["trade","law"]'), ("blog", "social", "[]"))
ITEMS = ("AI chips", "gallium", "chip tools", "rare earths")
RULES = ("Entity List", "AI Act")
AMOUNTS = (
    ("money", 1e9, None, None, "USD"),
    ("money", 1e9, None, "less_than", "USD"),
    ("money", 2e6, 3e9, None, "EUR"),
    ("rate", 25.0, None, "more_than", "%"),
    ("count", 140.0, None, None, "entities"),
)

DETAIL = '{"actors": [], "targets": [], "items": [], "instruments": []}'  # of a report: nothing that differs


def write(path: Path, seed: int, size: int) -> None:
    """A database of so many events, all by chance."""
    Store.open(path).close()
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA foreign_keys = off")
    chance = random.Random(seed)
    raw.executemany(
        "INSERT INTO entity (id, name, kind, country, parent, merged_into, first_seen_at)"
        " VALUES (?, ?1, ?, ?, ?, ?, ?)",
        [(*one, AT) for one in ENTITIES],
    )
    raw.executemany(
        "INSERT INTO source (id, name, kind, url, tier, language, tags, interval_seconds, enabled, active,"
        " first_seen_at)"
        " VALUES (?1, ?1, 'feed', ?1, ?2, 'en', ?3, 60, 1, 1, ?4)",
        [(*one, AT) for one in SOURCES],
    )
    for number in range(1, size + 1):
        _event(raw, chance, number)
    raw.commit()
    raw.close()
    Store.open(path).close()  # as after a migration: what is stale is settled


def _event(raw: sqlite3.Connection, chance: random.Random, number: int) -> None:
    key = f"e{number}"
    day = chance.choice(("2023-05-01", "2024-02-29", "2024-06-25", "2024-06-26", ""))
    row: dict[str, Any] = {
        "number": number,
        "id": key,
        "type": chance.choice(tuple(EventType)[:3]),
        "subtype": chance.choice((None, None, "visa_ban")),
        "status": chance.choice(tuple(Status)[:3]),
        "direction": chance.choice(tuple(Direction)),
        "certainty": chance.choice(tuple(Certainty)),
        "confidence": chance.choice((0.0, 0.3, 0.35, 0.9, 0.95, 1.0)),
        "origins": chance.choice((0, 1, 2, 7, 12, 5000)),
        "summary": "s",
        "reports": 0,
        "measure_id": chance.choice(("m1", "m2")),
        "day": day,
        "announced_from": day or None,
        "announced_to": day or None,
        "verdict": chance.choice((None, None, "accept", "reject")),
        "edited": chance.choice(("[]", "[]", '["status"]')),
        "first_seen_at": AT,
        "changed_at": AT,
    }
    raw.execute(f"INSERT INTO event ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
    for role in ("actor", "target"):
        for position, one in enumerate(chance.sample(ENTITIES, chance.randrange(3))):
            raw.execute("INSERT INTO event_party VALUES (?, ?, ?, ?, 'n')", (key, role, position, one[0]))
    for kind, names in (("item", ITEMS), ("instrument", RULES)):
        for position, name in enumerate(chance.sample(names, chance.randrange(3))):
            raw.execute("INSERT INTO event_item VALUES (?, ?, ?, ?, ?)", (key, kind, position, name, name.lower()))
    if chance.random() < 0.3:
        raw.execute("INSERT INTO contradiction VALUES (?, 'status', 0, 'x', 1, '[]', '')", (key,))
    for index in range(chance.randrange(3)):
        _report(raw, chance, key, f"{key}-{index}")


def _report(raw: sqlite3.Connection, chance: random.Random, event_id: str, key: str) -> None:
    raw.execute(
        "INSERT INTO article (id, source_id, title, language, text_from, content_hash, origin, stored_at, changed_at,"
        " text) VALUES (?1, ?2, 't', ?3, 'page', ?1, ?1, ?4, ?4, '')",
        (key, chance.choice((None, "gazette", "herald", "blog")), chance.choice((None, "en", "de")), AT),
    )
    raw.execute(
        "INSERT INTO report (id, article_id, position, event_id, type, status, direction, certainty, confidence,"
        " reader, quote, detail, withdrawn) VALUES (?1, ?1, 0, ?2, 't', 's', 'd', 'c', 1, 'r', '', ?4, ?3)",
        (key, event_id, int(chance.random() < 0.2), DETAIL),
    )
    for position, (kind, value, upper, comparison, unit) in enumerate(chance.sample(AMOUNTS, chance.randrange(3))):
        raw.execute(
            "INSERT INTO report_amount VALUES (?, ?, ?, ?, ?, ?, ?, NULL, '')",
            (key, position, kind, value, upper, comparison, unit),
        )


def seen(db: Connection) -> list[dict[str, Any]]:
    """Every event with all that a filter may ask for, newest first."""
    parents = {row["id"]: row["parent"] for row in db.rows("SELECT id, parent FROM entity")}
    merged = {row["id"]: row["merged_into"] for row in db.rows("SELECT id, merged_into FROM entity")}
    above = {party: _above(party, parents, merged) for party in parents}
    events = [dict(row) for row in db.rows("SELECT * FROM event ORDER BY day DESC, number DESC")]
    for event in events:
        key = (event["id"],)
        for role in ("actor", "target"):
            sql = "SELECT entity.* FROM event_party JOIN entity ON id = entity_id WHERE event_id = ? AND role = ?"
            event[role] = [dict(row) for row in db.rows(sql, (*key, role))]
        for kind in ("item", "instrument"):
            event[kind] = [
                r[0] for r in db.rows("SELECT folded FROM event_item WHERE event_id = ? AND kind = ?", (*key, kind))
            ]
        event["disputed"] = bool(db.rows("SELECT 1 FROM contradiction WHERE event_id = ?", key))
        event["told"] = [
            dict(row)
            for row in db.rows(
                "SELECT article.source_id, article.language, tier, coalesce(tags, '[]') AS tags FROM report"
                " JOIN article ON article.id = article_id LEFT JOIN source ON source.id = source_id WHERE event_id = ?",
                key,
            )
        ]
        event["amounts"] = [
            dict(row)
            for row in db.rows(
                "SELECT report_amount.* FROM report JOIN report_amount ON report_id = report.id"
                " WHERE event_id = ? AND withdrawn = 0",
                key,
            )
        ]
        for party in (*event["actor"], *event["target"]):
            party["above"] = above[party["id"]]
    return events


def _above(party: str, parents: dict[str, str | None], merged: dict[str, str | None]) -> set[str]:
    """All whose family a party is in: found by walking the rule of `tracker.query.parties.FAMILY` from each."""
    found = set()
    for root in parents:
        family, ahead = {root}, [root]
        while ahead:
            one = ahead.pop()
            near = {key for key in parents if merged[key] == one or parents[key] == one} | {merged[one]} - {None}
            ahead += [key for key in near - family if key is not None]
            family |= {key for key in near if key is not None}
        if party in family:
            found.add(root)
    return found
