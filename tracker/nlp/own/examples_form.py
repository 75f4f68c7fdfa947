"""The examples of a user's file: their form, and whether what they ask for is of the file. Reads no sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracker.document import Document
from tracker.model import EventType, Status
from tracker.nlp.ontology import Subtype
from tracker.nlp.own.form import Form, Where, shown
from tracker.nlp.own.values import Example

KEYS = ("text", "type", "subtype", "actor", "status", "none")
TRUTH = {"true": True, "yes": True, "false": False, "no": False}


def examples(form: Form, value: Any, subtypes: Mapping[str, Subtype], text: Document) -> tuple[Example, ...]:
    """The list of examples; those with faults are left out."""
    if value is None:
        return ()
    if not isinstance(value, list):
        form.fault(("examples",), f"not a list: {shown(value)}", "start each example with '- text: …'")
        return ()
    found = [_example(form, ("examples", i), one, subtypes, text) for i, one in enumerate(value)]
    return tuple(one for one in found if one is not None)


def _example(form: Form, where: Where, value: Any, subtypes: Mapping[str, Subtype], text: Document) -> Example | None:
    entry = form.mapping(where, value, KEYS, needed=True)
    if not entry:
        return None
    sentence = form.text((*where, "text"), entry.get("text"))
    if sentence is None and not form.is_faulty((*where, "text")):
        form.fault((*where, "text"), "missing", "add 'text:' with a sentence")
    kind = form.member((*where, "type"), entry["type"], EventType) if entry.get("type") else None
    subtype = _subtype(form, where, entry.get("subtype"), kind, subtypes)
    none = _truth(form, (*where, "none"), entry.get("none"))
    example = Example(
        text=sentence or "",
        type=subtype.of if subtype else kind,
        subtype=subtype.name if subtype else None,
        actor=form.text((*where, "actor"), entry.get("actor")),
        status=form.member((*where, "status"), entry["status"], Status) if entry.get("status") else None,
        none=none,
        line=text.line(where),
    )
    _asks(form, where, entry, example)
    return None if form.is_faulty(where) else example


def _asks(form: Form, where: Where, entry: Mapping[str, Any], example: Example) -> None:
    """An example wants an event or none, and not both."""
    if form.is_faulty(where):
        return
    if example.none and (example.actor or example.status):
        key = "actor" if example.actor else "status"
        form.fault((*where, key), "of no use beside 'none: true'", "take it away, or take 'none' away")
    elif not example.none and example.type is None:
        what = "says neither what must be found nor 'none: true'"
        form.fault(where, what, "add 'type:' or 'subtype:', or 'none: true'")
    elif not example.none and "none" in entry and entry["none"] is None:
        form.fault((*where, "none"), "empty", "write 'none: true', or take the key away")


def _subtype(
    form: Form, where: Where, value: Any, kind: EventType | None, subtypes: Mapping[str, Subtype]
) -> Subtype | None:
    name = form.text((*where, "subtype"), value)
    if name is None:
        return None
    found = subtypes.get(name)
    if found is None:
        near = form.near(name, tuple(subtypes)) if subtypes else None
        remedy = f"did you mean '{near}'?" if near else f"add it under 'types:', as '{name}: {{of: …, strong: […]}}'"
        form.fault((*where, "subtype"), f"no subtype of this file: {name!r}", remedy)
    elif kind is not None and kind is not found.of:
        form.fault((*where, "type"), f"{name} is of {found.of}, not of {kind}", "take 'type:' away")
    return found


def _truth(form: Form, where: Where, value: Any) -> bool:
    if value is None:
        return False
    if isinstance(value, str) and value.lower() in TRUTH:
        return TRUTH[value.lower()]
    form.fault(where, f"neither true nor false: {shown(value)}", "write 'none: true', or take the key away")
    return False
