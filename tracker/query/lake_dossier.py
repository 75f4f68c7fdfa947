"""One party of a lake and all that is known of it, as `tracker.query.dossier` tells it of a database."""

from __future__ import annotations

from tracker.query import dossier as of_database
from tracker.query import lake_events, lake_ground
from tracker.query.dossier import AliasRow, MergedRow, PartyDossier
from tracker.query.lake import Lake

ENTITY = "SELECT * FROM entity WHERE id = ?"
CALLED = """
SELECT words, how, articles, article_id, url FROM called WHERE entity_id = ? ORDER BY articles DESC, words, how LIMIT ?
"""
COUNT = """
SELECT count(*) FROM event WHERE list_has_any(list_transform({column}, lambda x: x.id), ?)
"""
OWN = "list_has_any(list_transform(list_concat(event.acting, event.targeted), lambda x: x.id), ?)"


def dossier(lake: Lake, text: str, *, aliases: int, latest: int) -> PartyDossier:
    """As of a database; raises NotFoundError where nobody is called so, or several are."""
    key = of_database.meant(lake, text.strip())
    row = lake.row(ENTITY, (key,))
    assert row is not None
    ids = [one["id"] for one in lake.rows(of_database.STOOD_FOR, (key,))]
    where = lake_ground.joined(" AND ", [lake_ground.where(lake, {"party": ids}), (OWN, (ids,))])
    acts, targeted = (lake.number(COUNT.format(column=column), (ids,)) for column in ("acting", "targeted"))
    return PartyDossier(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        country=row["country"],
        wikidata=row["wikidata"],
        parent=of_database.parent(lake, row["parent"]),
        children=of_database.children(lake, ids),
        aliases=tuple(
            AliasRow(**{name: one[name] for name in AliasRow.__slots__}) for one in lake.rows(CALLED, (key, aliases))
        ),
        merged=tuple(
            MergedRow(id=one["id"], name=one["name"], because=one["merged_because"] or "")
            for one in lake.rows(of_database.MERGED, (key,))
        ),
        acts=acts,
        targeted=targeted,
        latest=tuple(lake_events.page(lake, where, limit=latest, order="newest")),
        judgements=lake_events.judged(lake, ids, "party"),
        asked=of_database.asked(lake, text.strip(), key),
    )
