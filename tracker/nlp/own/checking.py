"""A user's ontology file, strictly checked: every fault at once, with file, line, key path and remedy.

Checks the form alone. What only the built-in tables know (aliases of other parties, parents) is told by their loader
and by `tracker.nlp.own.warnings`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tracker import document
from tracker.document import Document, Fault
from tracker.errors import ConfigError
from tracker.model import EventType
from tracker.nlp.ontology import CROSSWALKS, Subtype, load_ontology
from tracker.nlp.own.examples_form import examples
from tracker.nlp.own.form import Form, Where
from tracker.nlp.own.values import ActWords, Own, Words

GUIDE = "docs/ontology.md"
SECTIONS = ("types", "acts", "parties", "examples")
OF_TYPE = ("strong", "topics")
OF_SUBTYPE = ("of", "about", "strong", "topics", "crosswalk")
OF_ACT = ("verbs", "nouns", "phrases")
OF_PARTY = ("name", "kind", "country", "wikidata", "aliases", "parent", "products")
LISTS_OF_PARTY = frozenset({"aliases", "products"})


def load(path: Path) -> Own:
    """Read and check a user's file; ConfigError holds every fault found."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError((f"{path}: cannot be read ({error.strerror}); check the path",)) from None
    return parse(data, path)


def parse(data: bytes, path: Path) -> Own:
    """The same from the file's bytes; `path` is what messages call it."""
    text = document.read(data, name=str(path), guide=GUIDE)
    form = Form()
    own = Own(path=path)
    if text.value is not None:
        own = _own(form, text.value, path, text)
    elif not text.faults:
        form.fault((), "the file is empty", f"add one of {', '.join(SECTIONS)}; {GUIDE} shows the form")
    found = [*text.faults, *(fault for fault in form.faults if not _told(text, fault))]
    if found:
        ordered = sorted(found, key=lambda fault: (fault.line or text.line(fault.where), fault.column))
        raise ConfigError(tuple(map(text.tell, ordered)))
    return own


def _told(text: Document, fault: Fault) -> bool:
    """Whether the form of this very place is a fault already."""
    return any(fault.where[: len(known.where)] == known.where for known in text.faults if known.where)


def _own(form: Form, value: Any, path: Path, text: Document) -> Own:
    top = form.mapping((), value, SECTIONS)
    types, subtypes = _types(form, form.mapping(("types",), top.get("types")))
    return Own(
        path=path,
        types=types,
        subtypes=subtypes,
        acts=_acts(form, form.mapping(("acts",), top.get("acts"), tuple(load_ontology().acts))),
        parties=_parties(form, form.mapping(("parties",), top.get("parties"))),
        examples=examples(form, top.get("examples"), subtypes, text),
    )


def _types(form: Form, entries: dict[str, Any]) -> tuple[dict[EventType, Words], dict[str, Subtype]]:
    types: dict[EventType, Words] = {}
    subtypes: dict[str, Subtype] = {}
    for name, value in entries.items():
        where: Where = ("types", name)
        if name in set(EventType):
            entry = form.mapping(where, value, OF_TYPE, needed=True)
            types[EventType(name)] = Words(**{key: form.words((*where, key), entry.get(key)) for key in OF_TYPE})
        elif isinstance(value, dict) and "of" not in value:
            near = form.near(name, tuple(EventType))
            remedy = "a subtype needs 'of:' with one of them"
            meant = f"did you mean '{near}'? If not, " if near else ""
            form.fault(where, f"not one of the 15 types: {name!r}", meant + remedy)
        else:
            subtype = _subtype(form, where, name, form.mapping(where, value, OF_SUBTYPE, needed=True))
            if subtype is not None:
                subtypes[name] = subtype
    return types, subtypes


def _subtype(form: Form, where: Where, name: str, entry: dict[str, Any]) -> Subtype | None:
    form.slug(where, name)
    if not entry:
        return None
    of = form.member((*where, "of"), entry.get("of"), EventType)
    strong = form.words((*where, "strong"), entry.get("strong"))
    if not strong and not form.is_faulty((*where, "strong")):
        form.fault((*where, "strong"), "empty", "add at least one phrase that names the subtype: strong: [visa ban]")
    codes = form.mapping((*where, "crosswalk"), entry.get("crosswalk"), tuple(CROSSWALKS))
    if of is None:
        return None
    return Subtype(
        name=name,
        of=of,
        about=form.text((*where, "about"), entry.get("about")) or "",
        strong=strong,
        topics=form.words((*where, "topics"), entry.get("topics")),
        crosswalk={key: form.texts((*where, "crosswalk", key), value) for key, value in codes.items()},
    )


def _acts(form: Form, entries: dict[str, Any]) -> dict[str, ActWords]:
    found: dict[str, ActWords] = {}
    for name, value in entries.items():
        entry = form.mapping(("acts", name), value, OF_ACT, needed=True)
        found[name] = ActWords(**{key: form.words(("acts", name, key), entry.get(key)) for key in OF_ACT})
    return found


def _parties(form: Form, entries: dict[str, Any]) -> dict[str, dict[str, str | list[str]]]:
    """The rows in the form of the gazetteer's section, empty cells left out."""
    found: dict[str, dict[str, str | list[str]]] = {}
    for key, value in entries.items():
        where: Where = ("parties", key)
        entry = form.mapping(where, value, OF_PARTY, needed=True)
        row: dict[str, str | list[str]] = {}
        for column in OF_PARTY:
            here = (*where, column)
            if column in LISTS_OF_PARTY:
                row[column] = list(form.texts(here, entry.get(column)))
            elif (text := form.text(here, entry.get(column))) is not None:
                row[column] = text
        found[key] = {column: cell for column, cell in row.items() if cell}
    return found
