"""Parties across articles: one row per party, every name it was called by, and which of them are one.

The id of a party is its key in the gazetteer, or made of its kind and name. What two articles say of a party that only
the text knows is joined so that their order does not matter. Which parties are one is decided elsewhere; here stands
what it rests on, article by article, and what was decided.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import chain
from sqlite3 import Row

from tracker.model import (
    Article,
    Called,
    EventMention,
    Judgement,
    JudgementKind,
    Mention,
    Named,
    Naming,
    OneParty,
    Party,
    PartyKind,
    Scope,
    Span,
)
from tracker.store.articles import Articles
from tracker.store.codec import folded, loads, slug, stamp
from tracker.store.connection import Connection, Value, storable

# A gazetteer entry is as the gazetteer last said; of a name found in text the least of what was said is kept.
UPSERT = """
INSERT INTO entity (id, name, kind, country, wikidata, parent, first_seen_at) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET {}
"""
# A state is one entity, whether a text means its government or its market: then it is kept as a government.
REPLACE = UPSERT.format(
    "name = excluded.name, kind = CASE WHEN kind = 'government' AND excluded.kind = 'place' THEN kind"
    " ELSE excluded.kind END, country = excluded.country,"
    " wikidata = excluded.wikidata, parent = excluded.parent"
)
JOIN = UPSERT.format(
    "name = min(name, excluded.name), country = coalesce(min(country, excluded.country), country, excluded.country),"
    " wikidata = coalesce(min(wikidata, excluded.wikidata), wikidata, excluded.wikidata),"
    " parent = coalesce(min(parent, excluded.parent), parent, excluded.parent)"
)
CANONICAL = "canonical"  # an alias that is the party's own name, whatever texts call it
IN_TEXT = "name:"  # how the ids begin of parties that only texts know
# Bodies that many states have under one name: their id holds the country that the text gives.
STATE_BODIES = frozenset({PartyKind.GOVERNMENT, PartyKind.COURT})
MOST_BEARERS = 50  # parties of one key: a word that more are called by tells nothing
NO_LINK = ("surname", "unit")  # ways to be called that make nothing one

# What is held back says nothing about who is who.
UNNAMED = """
SELECT id FROM article WHERE unnamed = 1 AND id NOT IN (SELECT article_id FROM held) ORDER BY id LIMIT ?
"""
MENTIONS = """
SELECT article_id, mention.field, mention.start, mention."end" AS stop, mention.how, entity.*
FROM json_each(?) AS wanted CROSS JOIN mention ON article_id = wanted.value JOIN entity ON entity.id = mention.entity_id
ORDER BY article_id, mention.field, mention.start, entity.id
"""
# Of those that only texts know, and not all where the key is crowded; of the gazetteer's, all.
BEARERS = """
SELECT DISTINCT entity_id FROM entity_key
WHERE key = ? AND entity_id >= 'name:' AND entity_id < 'name;' LIMIT ?
"""
KNOWN_BEARERS = """
SELECT DISTINCT entity_id FROM entity_key WHERE key = ?1 AND entity_id < 'name:'
UNION SELECT entity_id FROM entity_key WHERE key = ?1 AND entity_id >= 'name;'
"""
COUNT = """
INSERT INTO entity_key (key, entity_id, how, articles) VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET articles = articles + excluded.articles RETURNING articles
"""
JUDGED = """
SELECT DISTINCT judgement.* FROM judgement JOIN judgement_report ON judgement_id = judgement.id
WHERE scope = 'party' AND closed_at IS NULL AND report_id IN (SELECT value FROM json_each(?)) ORDER BY judgement.id
"""
MERGE = "UPDATE entity SET merged_into = ?, merged_because = ? WHERE id = ? AND merged_into IS NOT ?"
STANDING = """
SELECT entity.id AS old, into_.* FROM entity JOIN entity AS into_ ON into_.id = entity.merged_into
WHERE entity.id IN (SELECT value FROM json_each(?))
"""
ROWS = """
SELECT id, name, kind, country, wikidata, parent, merged_into, merged_because, unsettled FROM entity ORDER BY id
"""
EVIDENCE = """
SELECT entity_id, key, how, article_id FROM entity_evidence WHERE article_id IN (SELECT value FROM json_each(?))
"""
NAMING = """
SELECT DISTINCT report.id, report.detail FROM mention JOIN report ON report.article_id = mention.article_id
WHERE mention.entity_id IN (SELECT value FROM json_each(?)) ORDER BY report.id
"""


def entity_id(party: Party) -> str:
    """The public id of a party: "gov:us:commerce" from the gazetteer, "name:company:acme-chips" from a text.

    A ministry, agency or court that only texts know goes by its country too, since many states have one of its name.
    """
    if party.id:
        return party.id
    seat = f"{party.country.lower()}:" if party.country and party.kind in STATE_BODIES else ""
    return f"{IN_TEXT}{party.kind}:{seat}{slug(party.name)}"


def keep_parties(connection: Connection, parties: Iterable[Party], now: str, *, known: Iterable[Party] = ()) -> None:
    """Store the parties, each under its id and to be found by its name.

    `known` are parties as the gazetteer has them: so they are stored, whatever former name a text calls them by.
    """
    by_id = {party.id: party for party in known}
    every = {by_id.get(party.id, party) for party in parties} | set(by_id.values())
    for party in sorted(every, key=lambda party: (entity_id(party), party.name, party.kind)):
        connection.run(
            REPLACE if party.id else JOIN,
            (entity_id(party), party.name, party.kind, party.country, party.wikidata, party.parent, now),
        )
    keep_aliases(connection, ((party, party.name, CANONICAL) for party in every))


def keep_aliases(connection: Connection, names: Iterable[tuple[Party, str, str]]) -> None:
    """Store how texts called the parties: (party, the words, name or acronym or description…)."""
    connection.many(
        "INSERT OR IGNORE INTO alias (entity_id, name, folded, how) VALUES (?, ?, ?, ?)",
        sorted({(entity_id(party), name, folded(name), how) for party, name, how in names}),
    )


def keep_mentions(connection: Connection, article_id: str, mentions: Iterable[Mention]) -> None:
    """Replace where one article names parties; what it calls them is to be noted anew."""
    connection.run("DELETE FROM mention WHERE article_id = ?", (article_id,))
    connection.many(
        'INSERT OR IGNORE INTO mention (article_id, field, start, "end", entity_id, how) VALUES (?, ?, ?, ?, ?, ?)',
        sorted(
            (
                article_id,
                mention.span.field,
                mention.span.start,
                mention.span.end,
                entity_id(mention.party),
                mention.how,
            )
            for mention in mentions
        ),
    )
    connection.run("UPDATE article SET unnamed = 1 WHERE id = ?", (article_id,))


def unsettle_parties(connection: Connection, ids: Iterable[str]) -> None:
    """Have it decided anew who stands for these parties, as when a person judged them."""
    connection.many("UPDATE entity SET unsettled = 1 WHERE id = ?", ((key,) for key in sorted(set(ids))))


class Entities:
    """Which parties are one; fills `entity_evidence` and `entity_key` and the columns of `entity` for it."""

    def __init__(self, connection: Connection) -> None:
        """Work on one connection."""
        self._db = connection
        self._articles = Articles(connection)

    def keep(self, parties: Iterable[Party], now: datetime) -> None:
        """Store parties that are not told by an article of this database."""
        keep_parties(self._db, parties, stamp(now))

    def all(self) -> dict[str, Party]:
        """Every party by its id."""
        return {row["id"]: _party(row) for row in self._db.rows("SELECT * FROM entity ORDER BY id")}

    def rows(self) -> list[tuple[Value, ...]]:
        """The rows of `entity` but for their time, as `bulk` writes them."""
        return [tuple(row) for row in self._db.rows(ROWS)]

    def aliases(self) -> list[tuple[Value, ...]]:
        """The rows of `alias`, as `bulk` writes them."""
        return [tuple(row) for row in self._db.rows("SELECT entity_id, name, folded, how FROM alias")]

    def count(self, called: Mapping[tuple[str, str, str], int]) -> None:
        """Store in how many articles parties are called so (key, party, how); all of them are to be decided."""
        self._db.many(
            "INSERT INTO entity_key (key, entity_id, how, articles) VALUES (?, ?, ?, ?)",
            ((*row, count) for row, count in called.items()),
        )
        unsettle_parties(self._db, (entity for _, entity, _ in called if entity.startswith(IN_TEXT)))

    def unnamed(self, limit: int) -> list[tuple[Article, tuple[Mention, ...]]]:
        """Articles of which is to be noted what they call their parties, with the places where they name them."""
        ids = [row["id"] for row in self._db.rows(UNNAMED, (limit,))]
        found: dict[str, list[Mention]] = {}
        for row in self._db.rows(MENTIONS, (_json(ids),)):
            found.setdefault(row["article_id"], []).append(_mention(row))
        articles = filter(None, map(self._articles.get, ids))
        return [(article, tuple(found.get(article.id, ()))) for article in articles]

    def note(self, called: Mapping[str, Iterable[Naming]]) -> None:
        """Replace what articles, by their ids, call their parties; whatever this touches is to be decided anew."""
        fresh = {
            (entity_id(n.party), _key(n), n.how, article): n.words for article, told in called.items() for n in told
        }
        ids = _json(called)
        old = {tuple(row) for row in self._db.rows(EVIDENCE, (ids,))}
        steps: defaultdict[tuple[str, str, str], int] = defaultdict(int)
        for row in old ^ fresh.keys():
            steps[row[:3]] += 1 if row in fresh else -1
        with self._db.part():
            self._db.run("DELETE FROM entity_evidence WHERE article_id IN (SELECT value FROM json_each(?))", (ids,))
            self._db.many(
                "INSERT INTO entity_evidence (entity_id, key, how, article_id, words) VALUES (?, ?, ?, ?, ?)",
                ((*row, words) for row, words in sorted(fresh.items())),
            )
            # one after another: who bears a key is looked for when one bearer more makes it crowded
            touched = [self._count(row, step) for row, step in sorted(steps.items()) if step]
            unsettle_parties(self._db, chain.from_iterable(touched))
            self._db.run("UPDATE article SET unnamed = 0 WHERE id IN (SELECT value FROM json_each(?))", (ids,))

    def unsettled(self, limit: int) -> list[str]:
        """Parties of which is to be decided who stands for them."""
        rows = self._db.rows("SELECT id FROM entity WHERE unsettled = 1 ORDER BY id LIMIT ?", (limit,))
        return [row["id"] for row in rows]

    def around(self, ids: Iterable[str]) -> list[Named]:
        """These parties and all that hang together with them by what they are called or by judgements."""
        seen: set[str] = set()
        keys: dict[str, frozenset[str]] = {}  # key to its bearers; none where it is crowded
        ahead = set(ids)
        while ahead:
            seen |= ahead
            near = self._judged_with(ahead)
            for key in self._keys(key for key in ahead if key.startswith(IN_TEXT)) - keys.keys():
                keys[key] = self._bearers(key)
                near |= keys[key]
            ahead = near - seen
        telling = {key for key, bearers in keys.items() if bearers}
        return [self._named(key, telling) for key in sorted(seen)]

    def judgements(self, ids: Iterable[str]) -> list[Judgement]:
        """The open judgements about any of these parties."""
        return [self._judgement(row) for row in self._db.rows(JUDGED, (_json(ids),))]

    def merge(self, decided: Iterable[OneParty]) -> set[str]:
        """Write who stands for whom; the ids of the parties for whom another stands now than before."""
        changed = set()
        with self._db.part():
            for one in decided:
                into = one.into if one.into != one.id else None
                because = "; ".join(reason.words for reason in one.because) or None
                if self._db.run(MERGE, (into, because, one.id, into)):
                    changed.add(one.id)
                elif into is not None:
                    self._db.run("UPDATE entity SET merged_because = ? WHERE id = ?", (because, one.id))
                if one.id.startswith(IN_TEXT):
                    self._db.run(
                        "UPDATE entity SET parent = ?, unsettled = 0 WHERE id = ? AND kind <> 'place'",
                        (one.parent, one.id),
                    )
        return changed

    def settled(self, ids: Iterable[str]) -> None:
        """Note that it is decided who stands for these parties."""
        self._db.many("UPDATE entity SET unsettled = 0 WHERE id = ?", ((key,) for key in ids))

    def reports_naming(self, ids: Collection[str]) -> list[str]:
        """Reports in which one of these parties acts or is hit."""
        wanted = set(ids)
        return [row["id"] for row in self._db.stream(NAMING, (_json(wanted),)) if _parties(row["detail"]) & wanted]

    def standing(self, parties: Iterable[Party]) -> dict[Party, Party]:
        """Who stands for each of the parties for whom another one stands."""
        by_id = {party: entity_id(party) for party in parties}
        rows = self._db.rows(STANDING, (_json(by_id.values()),))
        found = {row["old"]: _party(row) for row in rows}
        return {party: found[key] for party, key in by_id.items() if key in found}

    def _count(self, row: tuple[str, str, str], step: int) -> set[str]:
        """So many articles more or fewer in which a party is called so; who may be touched by it."""
        entity, key, how = row
        count = self._db.number(COUNT, storable((key, entity, how, step)))
        touched = {entity} if entity.startswith(IN_TEXT) else set()
        if how not in NO_LINK and count == max(step, 0):
            bearers = self._db.rows(BEARERS, (key, MOST_BEARERS + 2))
            touched |= {bearer["entity_id"] for bearer in bearers if len(bearers) < MOST_BEARERS + 2}
        if not count:
            self._db.run("DELETE FROM entity_key WHERE key = ? AND entity_id = ? AND how = ?", (key, entity, how))
        return touched

    def _keys(self, ids: Iterable[str]) -> set[str]:
        """The keys of what these parties are called, as far as they may make something one."""
        rows = self._db.rows(
            "SELECT DISTINCT key, how FROM entity_key WHERE entity_id IN (SELECT value FROM json_each(?))",
            (_json(ids),),
        )
        return {row["key"] for row in rows if row["how"] not in NO_LINK}

    def _bearers(self, key: str) -> frozenset[str]:
        rows = self._db.rows(BEARERS, (key, MOST_BEARERS + 1))
        if len(rows) > MOST_BEARERS:
            return frozenset()
        return frozenset(row["entity_id"] for row in (*rows, *self._db.rows(KNOWN_BEARERS, (key,))))

    def _judged_with(self, ids: Iterable[str]) -> set[str]:
        return {key for one in self.judgements(ids) for key in (*one.left, *one.right)}

    def _named(self, key: str, telling: Collection[str]) -> Named:
        row = self._db.row("SELECT * FROM entity WHERE id = ?", (key,))
        called = self._db.rows(
            "SELECT key, how, articles FROM entity_key WHERE entity_id = ? ORDER BY key, how", (key,)
        )
        is_known = not key.startswith(IN_TEXT)
        return Named(
            id=key,
            name=row["name"] if row else key,
            kind=PartyKind(row["kind"]) if row else PartyKind.ORGANISATION,
            country=row["country"] if row else None,
            parent=row["parent"] if row and is_known else None,
            is_known=is_known,
            called=tuple(Called(**one) for one in called if one["key"] in telling or one["how"] == "unit"),
        )

    def _judgement(self, row: Row) -> Judgement:
        tied = self._db.rows(
            "SELECT side, report_id FROM judgement_report WHERE judgement_id = ? ORDER BY report_id", (row["id"],)
        )
        return Judgement(
            id=row["id"],
            kind=JudgementKind(row["kind"]),
            scope=Scope.PARTY,
            subject=row["subject"],
            object=row["object"],
            left=tuple(one["report_id"] for one in tied if one["side"] == "left"),
            right=tuple(one["report_id"] for one in tied if one["side"] == "right"),
            who=row["who"],
            why=row["why"],
            decided=datetime.fromisoformat(row["decided_at"]),
        )


def _key(naming: Naming) -> str:
    return entity_id(naming.owner) if naming.owner is not None else naming.key


def _json(values: Iterable[str]) -> str:
    return json.dumps(sorted(set(values)))


def _party(row: Row) -> Party:
    return Party(
        name=row["name"],
        kind=PartyKind(row["kind"]),
        country=row["country"],
        wikidata=row["wikidata"],
        id=None if row["id"].startswith(IN_TEXT) else row["id"],
        parent=row["parent"],
    )


def _mention(row: Row) -> Mention:
    span = Span(start=row["start"], end=row["stop"], field=row["field"])
    return Mention(party=_party(row), span=span, how=row["how"])


def _parties(detail: str) -> set[str]:
    event = loads(EventMention, detail)
    return {entity_id(mention.party) for mention in (*event.actors, *event.targets)}
