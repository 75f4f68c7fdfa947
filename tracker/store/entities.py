"""Parties across articles: one row per party, and every name it was called by.

The id of a party is its key in the gazetteer, or made of its kind and name. What two articles say of a party that only
the text knows is joined so that their order does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable

from tracker.model import Mention, Party
from tracker.store.codec import folded, slug
from tracker.store.connection import Connection

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


def entity_id(party: Party) -> str:
    """The public id of a party: "gov:us:commerce" from the gazetteer, "name:company:acme-chips" from a text."""
    return party.id or f"name:{party.kind}:{slug(party.name)}"


def keep_parties(connection: Connection, parties: Iterable[Party], now: str) -> None:
    """Store the parties, each under its id and to be found by its name."""
    parties = set(parties)
    for party in sorted(parties, key=lambda party: (entity_id(party), party.name, party.kind)):
        connection.run(
            REPLACE if party.id else JOIN,
            (entity_id(party), party.name, party.kind, party.country, party.wikidata, party.parent, now),
        )
    keep_aliases(connection, ((party, party.name, CANONICAL) for party in parties))


def keep_aliases(connection: Connection, names: Iterable[tuple[Party, str, str]]) -> None:
    """Store how texts called the parties: (party, the words, name or acronym or description…)."""
    connection.many(
        "INSERT OR IGNORE INTO alias (entity_id, name, folded, how) VALUES (?, ?, ?, ?)",
        sorted({(entity_id(party), name, folded(name), how) for party, name, how in names}),
    )


def keep_mentions(connection: Connection, article_id: str, mentions: Iterable[Mention]) -> None:
    """Replace where one article names parties."""
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
