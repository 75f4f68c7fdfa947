"""The ontology and what came of checking a user's file, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tracker.cli.render import clean
from tracker.errors import NotFoundError
from tracker.model import EventType
from tracker.nlp.ontology import CROSSWALKS, Act, Kind, Subtype, load_ontology
from tracker.nlp.own import Own, Words
from tracker.nlp.own.proving import Outcome
from tracker.nlp.own.report import Report
from tracker.spelling import nearest

JSON = dict[str, Any]
NO_CODE = "none"


def report(found: Report) -> Iterator[str]:
    """What came of checking a file, line by line: faults, or warnings and each example with its outcome."""
    yield from (click.style(clean(fault), fg="red") for fault in found.faults)
    if found.own is None:
        yield _count(len(found.faults), "fault")
        return
    yield from (click.style("warning: ", fg="yellow") + clean(warning) for warning in found.warnings)
    yield from map(_outcome, found.outcomes)
    yield _sums(found.own, found)


def _outcome(outcome: Outcome) -> str:
    place = f"examples[{outcome.number}] (line {outcome.example.line})"
    text = clean(outcome.example.text)
    if outcome.is_ok:
        return click.style("ok", fg="green") + f"      {place}: {outcome.wanted}: {text}"
    found = "; ".join(outcome.found) or "no event"
    return (
        click.style("FAILED", fg="red", bold=True) + f"  {place}: wanted {outcome.wanted}, found {clean(found)}: {text}"
    )


def _sums(own: Own, found: Report) -> str:
    ok = sum(outcome.is_ok for outcome in found.outcomes)
    counts = (
        _count(len(own.types), "type"),
        _count(len(own.subtypes), "subtype"),
        _count(len(own.acts), "act"),
        _count(len(own.parties), "party", "parties"),
    )
    proof = f"{ok} of {_count(len(found.outcomes), 'example')} hold" if found.outcomes else "no examples to prove it"
    return f"{found.path}: {', '.join(counts)}; {proof}; {_count(len(found.warnings), 'warning')}"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def told(name: str | None, own: Own | None, *, acts: bool = False) -> Iterator[RenderableType]:
    """The acts; or a type or subtype with all that is known of it; or every type with its definition."""
    if acts:
        yield _acts()
    elif name is None:
        yield _types(own)
    elif own and name in own.subtypes:
        yield from _subtype(own.subtypes[name])
    else:
        yield from _type(_known(name, own), own)


def plain(name: str | None, own: Own | None, *, acts: bool = False) -> JSON | list[JSON]:
    """The same, JSON-ready."""
    if acts:
        return [_plain_act(act) for act in load_ontology().acts.values()]
    if name is None:
        return [_plain_type(kind, own) for kind in load_ontology().kinds.values()]
    if own and name in own.subtypes:
        return _plain_subtype(own.subtypes[name])
    return _plain_type(_known(name, own), own)


def _known(name: str, own: Own | None) -> Kind:
    if name in set(EventType):
        return load_ontology().kinds[EventType(name)]
    names = (*EventType, *(own.subtypes if own else ()))
    near = nearest(name, tuple(map(str, names)))
    raise NotFoundError(
        f"no type {name!r}; " + (f"did you mean '{near}'?" if near else f"there are {', '.join(names)}")
    )


def _types(own: Own | None) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("type", no_wrap=True)
    table.add_column("what it is")
    for kind in load_ontology().kinds.values():
        table.add_row(Text(kind.type), Text(kind.about))
        for subtype in _subtypes(kind.type, own):
            table.add_row(Text(f"  {subtype.name}"), Text(clean(subtype.about)))
    return table


def _type(kind: Kind, own: Own | None) -> Iterator[RenderableType]:
    yield Text(kind.type, style="bold")
    yield Padding(Text(kind.about), (0, 0, 0, 2), expand=False)
    added = own.types.get(kind.type, Words()) if own else Words()
    rows = {
        "actors": ", ".join(sorted(kind.actors)),
        "strong": ", ".join(kind.strong),
        "topics": ", ".join(kind.topics),
        "strong, yours": ", ".join(added.strong),
        "topics, yours": ", ".join(added.topics),
        **_codes(kind.crosswalk),
        "note": kind.crosswalk_note,
        "subtypes": ", ".join(subtype.name for subtype in _subtypes(kind.type, own)),
    }
    yield Padding(_fields(rows), (0, 0, 0, 2), expand=False)


def _subtype(subtype: Subtype) -> Iterator[RenderableType]:
    yield Text(f"{subtype.name}, of {subtype.of}", style="bold")
    if subtype.about:
        yield Padding(Text(clean(subtype.about)), (0, 0, 0, 2), expand=False)
    codes = subtype.crosswalk or load_ontology().kinds[subtype.of].crosswalk
    rows = {"strong": ", ".join(subtype.strong), "topics": ", ".join(subtype.topics), **_codes(codes)}
    yield Padding(_fields(rows), (0, 0, 0, 2), expand=False)


def _codes(codes: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {title: "; ".join(codes.get(key, ())) or NO_CODE for key, title in CROSSWALKS.items()}


def _fields(rows: Mapping[str, str]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column()
    for name, value in rows.items():
        if value:
            table.add_row(Text(name, style="dim"), Text(clean(value)))
    return table


def _acts() -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("act", "status", "direction", "verbs, nouns and phrases"):
        table.add_column(name, no_wrap=name != "verbs, nouns and phrases")
    for act in load_ontology().acts.values():
        words = ", ".join((*act.verbs, *act.nouns, *act.phrases))
        table.add_row(Text(act.name), Text(act.status), Text(act.direction or "open"), Text(words))
    return table


def _subtypes(kind: EventType, own: Own | None) -> list[Subtype]:
    return [subtype for subtype in own.subtypes.values() if subtype.of is kind] if own else []


def _plain_type(kind: Kind, own: Own | None) -> JSON:
    added = own.types.get(kind.type, Words()) if own else Words()
    return {
        "type": kind.type,
        "about": kind.about,
        "actors": sorted(kind.actors),
        "strong": [*kind.strong, *added.strong],
        "topics": [*kind.topics, *added.topics],
        "crosswalk": {key: list(kind.crosswalk[key]) for key in CROSSWALKS},
        "note": kind.crosswalk_note,
        "subtypes": [_plain_subtype(subtype) for subtype in _subtypes(kind.type, own)],
    }


def _plain_subtype(subtype: Subtype) -> JSON:
    codes = subtype.crosswalk or load_ontology().kinds[subtype.of].crosswalk
    return {
        "subtype": subtype.name,
        "type": subtype.of,
        "about": subtype.about,
        "strong": list(subtype.strong),
        "topics": list(subtype.topics),
        "crosswalk": {key: list(codes.get(key, ())) for key in CROSSWALKS},
    }


def _plain_act(act: Act) -> JSON:
    return {
        "act": act.name,
        "status": act.status,
        "direction": act.direction,
        "verbs": list(act.verbs),
        "nouns": list(act.nouns),
        "phrases": list(act.phrases),
    }
