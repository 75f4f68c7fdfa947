"""What people decided about the fields of an event: which values an edit may have, and how it is applied.

An edit sets one field to a JSON value; `accept` and `reject` are a verdict on the whole event. Of several about one
field, as events have that were put together, the one holds that was made on most of the event's reports, and of these
the latest. Which judgements are open, and about which event, is for others to know.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from tracker.errors import InputError
from tracker.model import (
    Basis,
    Certainty,
    Cluster,
    Direction,
    Event,
    EventMention,
    EventType,
    Judgement,
    JudgementKind,
    Party,
    PartyKind,
    Scope,
    Status,
    When,
)
from tracker.resolve.speaking import speakers
from tracker.resolve.terms import name_words, party_key, stems

ENUMS: Mapping[str, type[StrEnum]] = MappingProxyType(
    {"type": EventType, "status": Status, "direction": Direction, "certainty": Certainty}
)
PARTIES, PHRASES = ("actors", "targets"), ("items", "instruments")
DATES, TEXTS = ("announced_on", "effective_on"), ("subtype", "summary")
FIELDS = (*ENUMS, *PARTIES, *PHRASES, *DATES, *TEXTS)
VERDICTS = frozenset({JudgementKind.ACCEPT, JudgementKind.REJECT})
PARTY_FIELDS = ("name", "kind", "country", "wikidata", "id", "parent")


def edited(event: Event, cluster: Cluster, judgements: Iterable[Judgement]) -> Event:
    """The event as people set it; `edited` names the fields, `verdict` what they think of it."""
    open_ones = [j for j in judgements if j.closed is None and j.scope is Scope.EVENT]
    reports = {*(one.id for one in cluster.reports), *(one.report_id for one in cluster.more)}
    for judgement in sorted(open_ones, key=lambda j: (seen(j.left, reports), j.decided, j.id)):
        if judgement.kind in VERDICTS:
            event = replace(event, verdict=str(judgement.kind))
        elif judgement.kind is JudgementKind.EDIT:
            field, value = judgement.field or "", _value(judgement.field or "", judgement.value or "", cluster)
            changed = replace(event, edited=tuple(sorted({*event.edited, field})))
            event = replace(changed, **{field: value})
    return event


def seen(left: Iterable[str], reports: Collection[str]) -> int:
    """How many of an event's reports a decision was made on: what saw more of them comes before what saw less."""
    return sum(1 for key in set(left) if key in reports)


def checked(field: str, value: str, cluster: Cluster) -> str:
    """The JSON of an edit as it is to be kept: parties that the reports name are written out whole.

    Raises:
        InputError: there is no such field, or the value is none that it can have; the text names those it can.
    """
    return json.dumps(_plain(_value(field, value, cluster)), ensure_ascii=False)


def said(cluster: Cluster, field: str) -> tuple[str, ...]:
    """The values that the reports that stand give for a field, each once; more of the same leaves them as they are.

    Raises InputError where there is no such field.
    """
    _known(field)
    told, _ = speakers(cluster.reports)
    return tuple(sorted(_said(field, [s.report.event for s in told])))


def _said(field: str, told: Sequence[EventMention]) -> set[str]:
    """The values of a field that accounts give, each once, without the vaguer ones of a date."""
    if field in PARTIES:
        return {party_key(mention.party) for event in told for mention in getattr(event, field)}
    if field in PHRASES:
        return {" ".join(sorted(stems(p.text))) for event in told for p in getattr(event, field)}
    if field in DATES:
        days = {when.day for event in told if (when := getattr(event, field)) is not None}
        return {d for d in days if not any(other != d and other.startswith(d) for other in days)}
    if field == "summary":  # is made of all others
        return {value for name in TOLD for value in _said(name, told)}
    return {str(value) for event in told if (value := getattr(event, field)) is not None}


TOLD = tuple(field for field in FIELDS if field != "summary")


def _known(field: str) -> None:
    if field not in FIELDS:
        raise InputError(f"an event has no field {field!r} that can be edited: use one of {', '.join(FIELDS)}")


def _value(field: str, text: str, cluster: Cluster) -> Any:
    _known(field)
    try:
        given = json.loads(text)
    except ValueError:
        given = text  # `--set status=in_force` needs no quotes
    if field in ENUMS:
        return _word(field, given)
    if field in DATES:
        return _day(field, given)
    if field in TEXTS:
        return _text(field, given if given is None or isinstance(given, str) else text)
    make: Callable[[Any], Any] = (
        (lambda x: _party(field, x, cluster)) if field in PARTIES else (lambda x: _text(field, x))
    )
    if not isinstance(given, list) or not all(given):
        raise InputError(f"{field}: not a JSON list of {'parties' if field in PARTIES else 'words'}: {text}")
    return tuple(map(make, given))


def _word(field: str, given: Any) -> StrEnum:
    allowed = [str(word) for word in ENUMS[field]]
    if given not in allowed:
        raise InputError(f"{field}: {given!r} is none of {', '.join(allowed)}")
    return ENUMS[field](given)


def _day(field: str, given: Any) -> When | None:
    if given is None:
        return None
    text = str(given)
    whole = text + "2000-01-01"[len(text) :]
    try:
        date.fromisoformat(whole)
    except ValueError:
        whole = ""
    if len(text) not in {4, 7, 10} or len(whole) != 10:
        raise InputError(f"{field}: {given!r} is no date: write 2024-07-09, 2024-07, 2024 or null")
    return When(value=text, basis=Basis.STATED)


def _text(field: str, given: Any) -> str | None:
    if given is None and field == "subtype":
        return None
    if not isinstance(given, str) or not given.strip():
        raise InputError(f"{field}: {given!r} is no text")
    return given.strip()


def _party(field: str, given: Any, cluster: Cluster) -> Party:
    """A party written out, or the name of one that the reports tell."""
    if isinstance(given, str):
        named = [m.party for r in cluster.reports for m in (*r.event.actors, *r.event.targets)]
        words = name_words(given)
        found = sorted(
            (p for p in named if name_words(p.name) == words or p.id == given), key=lambda p: (p.id is None, p.name)
        )
        if not found:
            raise InputError(f'{field}: no report names {given!r}: write {{"name": "{given}", "kind": "company"}}')
        return found[0]
    kinds = [str(kind) for kind in PartyKind]
    if not isinstance(given, dict) or not isinstance(given.get("name"), str) or not given["name"].strip():
        raise InputError(f"{field}: {given!r} is neither the name of a party nor an object with `name` and `kind`")
    if given.get("kind") not in kinds:
        raise InputError(f"{field}: {given['name']}: kind {given.get('kind')!r} is none of {', '.join(kinds)}")
    if unknown := sorted(given.keys() - PARTY_FIELDS) or [k for k, v in given.items() if not isinstance(v, str | None)]:
        raise InputError(
            f"{field}: {given['name']}: {', '.join(unknown)}: a party has {', '.join(PARTY_FIELDS)}, as text"
        )
    return Party(**{**given, "kind": PartyKind(given["kind"])})


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Party):
        return {name: str(told) for name in PARTY_FIELDS if (told := getattr(value, name)) is not None}
    return value.value if isinstance(value, When) else value
