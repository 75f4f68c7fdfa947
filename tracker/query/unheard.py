"""What filters name that the database has never heard of: a misspelt source finds nothing, and is no error.

It judges names alone. Values of other kinds (types, dates, amounts) are refused where they are wrong, by `filters`.
"""

from __future__ import annotations

from collections.abc import Callable

from tracker.query import parties, search_parties
from tracker.query.asks import Asks
from tracker.query.filters import Filters, several
from tracker.query.ids import leads_to
from tracker.spelling import nearest

FACETS = "SELECT value FROM facet_key WHERE field = ? ORDER BY events DESC LIMIT 1000"


def unheard(db: Asks, filters: Filters) -> tuple[str, ...]:
    """A sentence for each value that names nothing, with what comes near it."""
    asked = ((told, name, text) for name, told in ASKED.items() for text in several(filters.get(name)))
    return tuple(line for told, name, text in asked if (line := told(db, name, text)))


def _party(db: Asks, _name: str, text: str) -> str:
    meant = parties.meant(db, text)
    if meant.country is not None or meant.ids:
        return ""
    return f"no party is called {text!r}" + _near(", ".join(search_parties.near(db, text)))


def _country(db: Asks, _name: str, text: str) -> str:
    return "" if parties.country(db, text) else f"no party that is known has its seat in {text!r}"


def _source(db: Asks, _name: str, text: str) -> str:
    ids = tuple(row["id"] for row in db.rows("SELECT id FROM source ORDER BY id"))
    return "" if text in ids else f"no source has the id {text!r}" + _near(nearest(text, ids))


def _facet(db: Asks, name: str, text: str) -> str:
    known = tuple(row["value"] for row in db.rows(FACETS, (name,)))
    held = text.lower() if name == "language" else text
    if db.row("SELECT 1 FROM facet_key WHERE field = ? AND value = ?", (name, held)):
        return ""
    return f"no event has the {name} {text!r}" + _near(nearest(text, known))


def _measure(db: Asks, _name: str, text: str) -> str:
    known = db.row("SELECT 1 FROM measure WHERE id = ?", (leads_to(db, text),))
    return "" if known else f"no measure has the id {text!r}"


def _near(found: str | None) -> str:
    return f"; did you mean {found}?" if found else ""


ASKED: dict[str, Callable[[Asks, str, str], str]] = {
    "actor": _party,
    "target": _party,
    "party": _party,
    "country": _country,
    "source": _source,
    "subtype": _facet,
    "tag": _facet,
    "language": _facet,
    "measure": _measure,
}
