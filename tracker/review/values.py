"""The value of an edit as people write it: lists by semicolons, parties by name or id, nothing for none.

What a field can be is for `tracker.resolve.edits` to say; here a text becomes the JSON that it checks.
"""

from __future__ import annotations

import json
import re
from typing import Any

from tracker.errors import InputError
from tracker.model import Cluster, PartyKind
from tracker.query import PartyRow, Timeline
from tracker.resolve.edits import DATES, PARTIES, PARTY_FIELDS, PHRASES, checked
from tracker.resolve.terms import name_words

SEPARATOR = ";"
LISTS = frozenset({*PARTIES, *PHRASES})
MAY_BE_NONE = frozenset({*DATES, "subtype"})
# A party that nobody knows yet, as it is shown elsewhere: "Acme (company, US)".
WITH_KIND = re.compile(rf"(.+?)\s*\(({'|'.join(PartyKind)})(?:,\s*([A-Z]{{2}}))?\)")
MOST_MEANT = 10  # parties that an ambiguous name lists


def read(timeline: Timeline, field: str, text: str, cluster: Cluster) -> str:
    """The JSON of an edit as it is kept.

    Args:
        timeline: where parties are looked up that no report names.
        field: which field of an event.
        text: as a person writes it; JSON will do.
        cluster: the event as its reports make it.

    Raises:
        InputError: there is no such field, or it cannot have this value; the message names those that it can.
    """
    text = text.strip()
    if field in LISTS and not text.startswith("["):
        names = [name.strip() for name in text.split(SEPARATOR) if name.strip()]
        given = [_party(timeline, name, cluster) for name in names] if field in PARTIES else names
        text = json.dumps(given, ensure_ascii=False)
    elif not text and field in MAY_BE_NONE:
        text = "null"
    return checked(field, text, cluster)


def _party(timeline: Timeline, name: str, cluster: Cluster) -> Any:
    """A party that no report names but the database knows, or that is told with its kind, written out.

    A name that is neither stays as it is.
    """
    told = {m.party for r in cluster.reports for m in (*r.event.actors, *r.event.targets)}
    if any(name == party.id or name_words(name) == name_words(party.name) for party in told):
        return name
    found = [one for one in timeline.parties(name, limit=1000) if _is_called(one, name)]
    if len(found) > 1:
        ids = ", ".join(one.id for one in found[:MOST_MEANT])
        raise InputError(f"{name!r} may be several parties: {ids}; give the id")
    if not found and (new := WITH_KIND.fullmatch(name)):
        return {key: value for key, value in zip(PARTY_FIELDS, new.groups(), strict=False) if value}
    return _written_out(found[0]) if found else name


def _is_called(one: PartyRow, name: str) -> bool:
    return name == one.id or any(name_words(name) == name_words(alias) for alias in (one.name, *one.aliases))


def _written_out(one: PartyRow) -> dict[str, str]:
    """As an edit holds it; the id of a party that only texts know is made of its name."""
    given = {name: getattr(one, name) for name in PARTY_FIELDS}
    if one.id.startswith("name:"):
        del given["id"]
    return {name: value for name, value in given.items() if value is not None}
