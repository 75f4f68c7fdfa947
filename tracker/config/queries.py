"""Saved queries: `queries.yaml` beside feeds.yaml, read, checked for its form, and edited with its comments kept.

    china-chips:
      title: Chip controls on China
      filters: {type: [export_control, licence_decision], target: CN, since: 2024-10}
      order: oldest

What filters there are and which values they take is told by whoever loads the file (`check`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from tracker import document
from tracker.config import places, writing
from tracker.document import Document, Fault
from tracker.errors import ConfigError, InputError, NotFoundError
from tracker.model import Given, SavedQuery
from tracker.spelling import nearest

FILE_NAME = "queries.yaml"
GUIDE = "docs/timeline.md"
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST = 64
KEYS = ("title", "filters", "order")
ORDERS = ("newest", "oldest")

Check = Callable[[Mapping[str, Given]], object]  # raises InputError for a filter or value that is not


def locate(config: Path | None = None, *, environ: Mapping[str, str] = os.environ) -> Path:
    """Where queries.yaml lies: beside the feeds.yaml that is meant."""
    return places.beside(places.locate(config, environ=environ), FILE_NAME)


def load(path: Path, check: Check) -> dict[str, SavedQuery]:
    """The queries of a file by name, in its order; none where there is no file.

    Raises:
        ConfigError: all that is wrong with the file, each fault with its line and remedy.
    """
    return _queries(_content(path), str(path), check) if path.exists() else {}


def find(path: Path, name: str, check: Check) -> SavedQuery:
    """One query by its name; NotFoundError names the nearest."""
    known = load(path, check)
    if name in known:
        return known[name]
    near = nearest(name, tuple(known))
    remedy = f"did you mean '{near}'?" if near else "`tracker queries` lists them, `tracker queries add` makes one"
    raise NotFoundError(f"{path}: no query '{name}'; {remedy}")


def add(path: Path, query: SavedQuery, check: Check, *, replace: bool = False) -> None:
    """Write a query at the end of the file, or in the place of the one of its name.

    Raises:
        ConfigError: the file has faults, the query has, or there is one of its name and it is not to be replaced.
    """
    if query.name in load(path, check) and not replace:
        raise ConfigError((f"{path}: there is a query '{query.name}' already; --replace puts this one in its place",))
    yaml, whole = _editable(path)
    whole[query.name] = _entry(query)
    _save(path, yaml, whole, check)


def remove(path: Path, name: str, check: Check) -> SavedQuery:
    """Take a query out of the file; which it was. Raises as `find`."""
    gone = find(path, name, check)
    yaml, whole = _editable(path)
    del whole[name]
    _save(path, yaml, whole, check)
    return gone


def given(value: Any) -> Given | None:
    """A text or a list of texts as the file has it; None for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return tuple(value)
    return None


def filters(value: Any, where: document.Where, check: Check, faults: list[Fault]) -> dict[str, Given]:
    """A mapping of filters; what is wrong with it is added to the faults."""
    found: dict[str, Given] = {}
    if not isinstance(value, dict):
        faults.append(
            Fault(where=where, what="no filters", remedy="write such as 'filters: {type: tariff, target: CN}'")
        )
        return found
    for name, raw in value.items():
        texts = given(raw)
        if texts is None:
            faults.append(Fault(where=(*where, name), what="neither a text nor a list of texts", remedy="write [a, b]"))
            continue
        found[name] = texts
        try:
            check({name: texts})
        except InputError as error:
            faults.append(Fault(where=(*where, name), what=str(error), remedy=f"see {GUIDE}"))
    return found


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError((f"{path}: cannot be read ({error.strerror}); check the path and its permissions",)) from None


def _queries(data: bytes, name: str, check: Check) -> dict[str, SavedQuery]:
    text = document.read(data, name=name, guide=GUIDE)
    faults = list(text.faults)
    entries = text.value if isinstance(text.value, dict) else {}
    if text.value is not None and not isinstance(text.value, dict):
        faults.append(Fault(where=(), what="no queries by name", remedy=f"compare with {GUIDE}"))
    found = {key: _query(key, entry, check, faults) for key, entry in entries.items()}
    if faults:
        raise ConfigError(tuple(map(text.tell, sorted(faults, key=lambda one: _place(text, one)))))
    return found


def _place(text: Document, fault: Fault) -> tuple[int, int]:
    return fault.line or text.line(fault.where), fault.column


def _query(name: str, entry: Any, check: Check, faults: list[Fault]) -> SavedQuery:
    where: document.Where = (name,)
    if not NAME.fullmatch(name) or len(name) > LONGEST:
        remedy = f"use lower-case letters, digits and single hyphens, at most {LONGEST}"
        faults.append(Fault(where=where, what=f"no name for a query: '{name[:LONGEST]}'", remedy=remedy))
    if not isinstance(entry, dict):
        faults.append(Fault(where=where, what="no mapping", remedy="write 'filters: {...}' below it"))
        return SavedQuery(name=name, title=name, filters={})
    for key in entry.keys() - set(KEYS):
        near = nearest(key, KEYS)
        remedy = f"did you mean '{near}'?" if near else f"use {', '.join(KEYS)}; a filter stands below 'filters:'"
        faults.append(Fault(where=(*where, key), what="unknown key", remedy=remedy))
    title, order = entry.get("title"), entry.get("order")
    if title is not None and not isinstance(title, str):
        faults.append(Fault(where=(*where, "title"), what="not a text", remedy="write a line of text"))
    if order is not None and order not in ORDERS:
        faults.append(Fault(where=(*where, "order"), what="no order", remedy=f"write {' or '.join(ORDERS)}"))
    return SavedQuery(
        name=name,
        title=title if isinstance(title, str) else name,
        filters=filters(entry.get("filters"), (*where, "filters"), check, faults),
        oldest=order == "oldest",
    )


def _editable(path: Path) -> tuple[YAML, Any]:
    """The file as ruamel.yaml keeps it, comments and order with it."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 120
    try:
        whole = yaml.load(_content(path)) if path.exists() else None
    except YAMLError as error:  # what `load` lets pass and this parser does not
        raise ConfigError((f"{path}: cannot be edited here ({error}); make the change by hand",)) from None
    return yaml, {} if whole is None else whole


def _entry(query: SavedQuery) -> dict[str, Any]:
    plain = {key: value if isinstance(value, str) else list(value) for key, value in query.filters.items()}
    order = {"order": "oldest"} if query.oldest else {}
    return {"title": query.title, "filters": plain} | order


def _save(path: Path, yaml: YAML, whole: Any, check: Check) -> None:
    """Write the file, if what is written reads back."""
    out = BytesIO()
    yaml.dump(whole, out)
    data = out.getvalue() if whole else b""
    if whole:
        _queries(data, str(path), check)
    writing.save(path, data)
