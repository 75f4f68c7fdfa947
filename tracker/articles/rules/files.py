"""Rules from YAML files: the bundled ones beside this file, and a user's own; faults with line and remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from cssselect import SelectorError

from tracker import document
from tracker.articles.rules.rule import Rule, Rules, selector
from tracker.document import Document, Fault
from tracker.errors import ConfigError
from tracker.spelling import nearest

BUNDLED = Path(__file__).parent
GUIDE = "docs/articles.md"
LISTS = ("body", "drop", "title", "date", "author")
KEYS = ("hosts", "has", *LISTS)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}")


@cache
def load(folder: Path | None = None) -> Rules:
    """The rules of a folder (`*.yaml`, in the order of their names) before the bundled ones; read once.

    Raises ConfigError with all that is wrong in any of the files, or if there is no such folder.
    """
    return Rules((*(_folder(folder) if folder else ()), *_folder(BUNDLED)))


def _folder(folder: Path) -> tuple[Rule, ...]:
    if not folder.is_dir():
        raise ConfigError((f"{folder}: no such folder; name the folder with your site rules, or take the key away",))
    texts = [document.read(_bytes(path), name=str(path), guide=GUIDE) for path in sorted(folder.glob("*.yaml"))]
    faults = [text.tell(fault) for text in texts for fault in (*text.faults, *_faults(text))]
    if faults:
        raise ConfigError(tuple(faults))
    return tuple(_rule(Path(text.name).stem, text.value) for text in texts)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError((f"{path}: cannot be read ({error.strerror}); check its permissions",)) from None


def _rule(name: str, value: Any) -> Rule:
    return Rule(
        name=name,
        hosts=tuple(value.get("hosts") or ()),
        has=value.get("has"),
        **{key: tuple(_several(value.get(key))) for key in LISTS},
    )


def _several(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else value


def _faults(text: Document) -> Iterator[Fault]:
    """What a file of one rule may not hold."""
    value = text.value
    if not isinstance(value, dict):
        if not text.faults:
            yield Fault(where=(), what="no rule", remedy=f"write keys and selectors, as {GUIDE} shows")
        return
    for key in value:
        if key not in KEYS:
            near = nearest(key, KEYS)
            remedy = f"did you mean '{near}'?" if near else f"the keys are {', '.join(KEYS)}"
            yield Fault(where=(key,), what="unknown key", remedy=remedy)
    if not value.get("hosts") and not value.get("has"):
        yield Fault(where=(), what="for no page", remedy="name 'hosts', or an element that the page 'has'")
    if not any(value.get(key) for key in LISTS):
        yield Fault(where=(), what="finds nothing", remedy=f"write at least one of {', '.join(LISTS)}")
    yield from _host_faults(value.get("hosts"))
    for key in ("has", *LISTS):
        yield from _selector_faults(key, value.get(key))


def _host_faults(value: Any) -> Iterator[Fault]:
    if not isinstance(value, list | None):
        yield Fault(where=("hosts",), what="not a list", remedy="write hosts: [example.org]")
        return
    for n, one in enumerate(value or ()):
        if not isinstance(one, str) or not _HOST.fullmatch(one):
            remedy = "write it in lower case without scheme and path, such as example.org"
            yield Fault(where=("hosts", n), what=f"not a host: {one!r}", remedy=remedy)


def _selector_faults(key: str, value: Any) -> Iterator[Fault]:
    if key == "has" and not isinstance(value, str | None):
        yield Fault(where=(key,), what="not one selector", remedy="write one; a comma parts alternatives")
        return
    for n, one in enumerate(_several(value)):
        fault = _fault_of(one)
        if fault:
            where = (key, n) if isinstance(value, list) else (key,)
            yield Fault(where=where, what=fault, remedy="try it in the browser's inspector")


def _fault_of(one: Any) -> str | None:
    if not isinstance(one, str):
        return f"not a selector: {one!r}"
    try:
        selector(one)
    except SelectorError as error:
        return f"not a CSS selector: {one!r} ({str(error).splitlines()[0].rstrip('.').lower()})"
    return None
