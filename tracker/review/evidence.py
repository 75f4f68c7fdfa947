"""What a judgement rested on, and what of it has changed since: pure.

Evidence is a few facets, each a set of short texts that people can read. A facet that was not looked at then, or is not
there now, is no change; so what one person sets does not put another's judgement in question.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from tracker.model import Cluster, Mention, Report
from tracker.query import EventRow
from tracker.resolve.edits import said

Facets = Mapping[str, tuple[str, ...]]

# Fields of an event that its acceptance or rejection rests on.
FIELDS = ("type", "status", "direction", "certainty", "actors", "targets", "announced_on", "effective_on")
GONE = "nothing"  # what a facet tells that has nothing left


def of_sides(left: Iterable[Report], right: Iterable[Report]) -> Facets:
    """What two sets of reports tell, each account in one line, however many tell it so."""
    return {side: _sorted(map(gist, reports)) for side, reports in (("left", left), ("right", right))}


def of_field(cluster: Cluster, field: str) -> Facets:
    """What the reports of an event tell of one field, each value once."""
    return {field: said(cluster, field)}


def of_event(event: EventRow, edited: Iterable[str]) -> Facets:
    """What an event says and how many tell it; fields that a person set are no evidence."""
    told = {name: _sorted(_words(getattr(event, name))) for name in FIELDS if name not in set(edited)}
    return told | {"told by": ("one source" if event.origins < 2 else "several sources",)}


def gist(report: Report) -> str:
    """One account in one line: what is compared of it."""
    event = report.event
    names = [", ".join(sorted(_name(m) for m in mentions)) for mentions in (event.actors, event.targets)]
    dates = [when.day if when else "" for when in (event.announced_on, event.effective_on)]
    return " | ".join([event.type, event.status, *names, *dates])


def packed(facets: Facets) -> str:
    """As it is kept with a judgement."""
    return json.dumps({name: facets[name] for name in sorted(facets)}, ensure_ascii=False)


def changes(kept: str, facets: Facets) -> tuple[str, ...]:
    """What has changed since, in words; empty where nothing has."""
    before = json.loads(kept or "{}")
    return tuple(
        _change(name, tuple(before[name]), facets[name])
        for name in facets
        if name in before and tuple(before[name]) != facets[name]
    )


def _change(name: str, before: tuple[str, ...], after: tuple[str, ...]) -> str:
    gone = "; ".join(text for text in before if text not in after)
    come = "; ".join(text for text in after if text not in before)
    return f"{name}: {gone or GONE} before, {come or GONE} now"


def _name(mention: Mention) -> str:
    return mention.party.id or mention.party.name


def _words(value: object) -> Iterable[str]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (str(value),)


def _sorted(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(words)))
