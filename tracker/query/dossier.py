"""One party and all that is known of it: who belongs to it, what articles call it, which names it stands for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tracker.errors import NotFoundError
from tracker.query import events, judgements, parties
from tracker.query.answers import EventRow, JudgementRow, PartyRef, as_dict
from tracker.query.asks import Asks, Line
from tracker.query.filters import Condition, condition
from tracker.store.connection import Connection

MOST_CHOICES = 10  # parties that an ambiguous name lists
STOOD_FOR = "SELECT id FROM entity WHERE id = ?1 OR merged_into = ?1 ORDER BY id"
CALLED = """
SELECT words, how, count(DISTINCT article_id) AS articles, min(article_id) AS article_id
FROM entity_evidence WHERE entity_id IN (SELECT value FROM json_each(?)) AND how IN ('name', 'alias', 'acronym')
GROUP BY words, how ORDER BY articles DESC, words, how LIMIT ?
"""
URL = "SELECT url FROM article WHERE id = ?"
MERGED = "SELECT id, name, merged_because FROM entity WHERE merged_into = ? ORDER BY id"
CHILDREN = """
SELECT id, name, kind, country, wikidata FROM entity
WHERE parent IN (SELECT value FROM json_each(?)) AND merged_into IS NULL ORDER BY name, id
"""
# Of one party the index tells its events in order, so that none is counted twice at no cost.
COUNT = "SELECT count(*) FROM (SELECT DISTINCT event_id FROM event_party WHERE role = ? AND entity_id {which})"
ONE, ANY = "= json_extract(?, '$[0]')", "IN (SELECT value FROM json_each(?))"
# An event of the party itself; which events are of it or of what belongs to it is a facet.
OF_PARTY = """EXISTS (SELECT 1 FROM event_party
  WHERE event_id = event.id AND entity_id IN (SELECT value FROM json_each(?)))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasRow:
    """What articles call a party: the words, how (name, alias, acronym), in how many articles, and one of them."""

    words: str
    how: str
    articles: int
    article_id: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedRow:
    """A name that a party stands for, and why."""

    id: str
    name: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyDossier:
    """All that is known of one party. `asked` is the id that was asked for where it leads to this one."""

    id: str
    name: str
    kind: str
    country: str | None
    wikidata: str | None
    parent: PartyRef | None
    children: tuple[PartyRef, ...]
    aliases: tuple[AliasRow, ...]
    merged: tuple[MergedRow, ...]
    acts: int
    targeted: int
    latest: tuple[EventRow, ...]
    judgements: tuple[JudgementRow, ...]
    asked: str | None = None

    to_dict = as_dict


def dossier(db: Connection, text: str, *, aliases: int, latest: int) -> PartyDossier:
    """The party of an id (of whichever name it stands for) or a name; at most so many aliases and latest events.

    Raises:
        NotFoundError: nobody is called so, or several are; the message lists them with their ids.
    """
    key = meant(db, text.strip())
    row = db.row("SELECT * FROM entity WHERE id = ?", (key,))
    assert row is not None
    all_ids = [one["id"] for one in db.rows(STOOD_FOR, (key,))]
    ids = json.dumps(all_ids)
    count = COUNT.format(which=ONE if len(all_ids) == 1 else ANY)
    return PartyDossier(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        country=row["country"],
        wikidata=row["wikidata"],
        parent=parent(db, row["parent"]),
        children=children(db, all_ids),
        aliases=tuple(_alias(db, one) for one in db.rows(CALLED, (ids, aliases))),
        merged=tuple(
            MergedRow(id=one["id"], name=one["name"], because=one["merged_because"] or "")
            for one in db.rows(MERGED, (key,))
        ),
        acts=db.number(count, ("actor", ids)),
        targeted=db.number(count, ("target", ids)),
        latest=tuple(events.page(db, _events(db, ids), limit=latest, order="newest")),
        judgements=judgements.of_reports(db, json.loads(ids), "party"),
        asked=asked(db, text.strip(), key),
    )


def _events(db: Connection, ids: str) -> Condition:
    """The events of the parties themselves."""
    where = condition(db, {"party": json.loads(ids)})
    assert where.plan is not None
    return replace(where.plan, tests=(*where.plan.tests, (OF_PARTY, (ids,)))).condition()


def meant(db: Asks, text: str) -> str:
    """The id of the party that a text means; raises NotFoundError."""
    exact = parties.standing(db, [text]) or _state(db, text)
    found = exact or parties.standing(db, [row["id"] for row in parties.named(db, text)])
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotFoundError(f"no party {text!r}; `tracker timeline --json` gives the parties of events")
    raise NotFoundError(f"several parties are called {text!r}; give the id of one:\n{_choices(db, found)}")


def _state(db: Asks, text: str) -> list[str]:
    """The state that a text means: by its code or by its name, rather than whatever else bears that name."""
    code = parties.country(db, text)
    return parties.standing(db, [f"gov:{code.lower()}"]) if code else []


def _choices(db: Asks, ids: Sequence[str]) -> str:
    rows = parties.rows(db, ids, MOST_CHOICES)
    lines = [
        f"  {row.id}  {row.name} ({', '.join(filter(None, (row.kind, row.country)))}; {row.acts + row.targeted} events)"
        for row in rows
    ]
    return "\n".join([*lines, *(["  …"] if len(ids) > len(rows) else [])])


def asked(db: Asks, text: str, key: str) -> str | None:
    """The id that was asked for, where it is another one and leads to this party."""
    return text if text != key and parties.standing(db, [text]) == [key] else None


def children(db: Asks, ids: Sequence[str]) -> tuple[PartyRef, ...]:
    """The parties that belong to some."""
    return tuple(map(_ref, db.rows(CHILDREN, (json.dumps(ids),))))


def parent(db: Asks, key: str | None) -> PartyRef | None:
    """The party that one belongs to, or who stands for that."""
    found = parties.standing(db, [key]) if key else []
    row = db.row("SELECT id, name, kind, country, wikidata FROM entity WHERE id = ?", (found[0],)) if found else None
    return _ref(row) if row is not None else None


def _ref(row: Line) -> PartyRef:
    return PartyRef(id=row["id"], name=row["name"], kind=row["kind"], country=row["country"], wikidata=row["wikidata"])


def _alias(db: Asks, row: Line) -> AliasRow:
    article = db.row(URL, (row["article_id"],))
    return AliasRow(
        words=row["words"],
        how=row["how"],
        articles=row["articles"],
        article_id=row["article_id"],
        url=article["url"] if article else None,
    )
