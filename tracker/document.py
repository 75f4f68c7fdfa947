"""A YAML file as plain values that remember their lines.

Reads mappings, lists, texts and nulls, nothing else: every other scalar stays the text it is, so that `country: NO`
is Norway and `language: no` Norwegian, and numbers and booleans are left to the schema. Tags are refused, so no file
can name code to run; aliases are refused, so no file can grow when it is read. Knows nothing of what the keys mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml

Where = tuple[str | int, ...]  # ("sources", "official", 3, "url")
Plain = dict[str, Any] | list[Any] | str | None

MAX_BYTES = 4_000_000  # some ten thousand sources
MAX_DEPTH = 12
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the compiled parser where PyYAML has it
_TAB = re.compile(r"^ *\t", re.MULTILINE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")

# What the parser says -> what to do; the first that occurs in its words counts.
SYNTAX_REMEDIES = (
    ("mapping values are not allowed", "put a text that holds ': ' between quotes"),
    ("cannot start any token", "put a text that starts with @, ` or % between quotes"),
    ("did not find expected key", "make the keys of one entry start in the same column"),
    ("expected <block end>", "make the keys of one entry start in the same column"),
    ("simple key", "put ': ' after the key, or the text between quotes"),
    ("']'", "close the list with ]"),
    ("'}'", "close the braces with }"),
    ("unexpected end of stream", "close the quotes"),
    ("'-' indicator", "make the entries of one list start in the same column"),
    ("block sequence entries", "start the list on a line of its own"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong: where, what, and what to do about it."""

    where: Where
    what: str
    remedy: str
    line: int = 0  # 0: the line of `where`
    column: int = 0  # 0: not told


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file's value, the line of each of its parts, and what was wrong with its form; unreadable: value None."""

    name: str
    value: Plain
    lines: Mapping[Where, int]
    faults: tuple[Fault, ...] = ()

    def line(self, where: Where) -> int:
        """The line of a part, or of the nearest part around it."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)

    def tell(self, fault: Fault) -> str:
        """A fault as one line of text: `feeds.yaml:12: sources.official[3].url: what; remedy`."""
        place = [self.name, str(fault.line or self.line(fault.where))]
        if fault.column:
            place.append(str(fault.column))
        head = ":".join(place)
        path = f" {dotted(fault.where)}:" if fault.where else ""
        return f"{head}:{path} {fault.what}; {fault.remedy}"


def dotted(where: Where) -> str:
    """A place as people write it: `sources.official[3].url`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where)
    return text.removeprefix(".")


def read(data: bytes, *, name: str, guide: str = "docs/config.md") -> Document:
    """The file's bytes as values with lines; every fault of its form is in `faults`.

    Args:
        data: the file.
        name: what messages call it.
        guide: the document that shows its form, for messages that have no better remedy.
    """
    text = _decoded(data)
    if isinstance(text, Fault):
        return Document(name=name, value=None, lines={}, faults=(text,))
    if faults := tuple(_forbidden(text)):
        return Document(name=name, value=None, lines={}, faults=faults)
    return _composed(text, name, guide)


def _decoded(data: bytes) -> str | Fault:
    """UTF-8 with or without a byte order mark, within the size cap."""
    if len(data) > MAX_BYTES:
        what = f"larger than {MAX_BYTES:,} bytes"
        return Fault(where=(), line=1, what=what, remedy="name the right file")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"not UTF-8: byte 0x{data[error.start]:02x}"
        return Fault(where=(), line=line, what=what, remedy="save the file as UTF-8")


def _forbidden(text: str) -> Iterator[Fault]:
    """Tabs in the indentation, and control characters."""
    tabs = sorted({_line(text, match.start()) for match in _TAB.finditer(text)})
    if tabs:
        also = f" (also line {', '.join(map(str, tabs[1:6]))}{'…' if len(tabs) > 6 else ''})" if tabs[1:] else ""
        yield Fault(where=(), line=tabs[0], what=f"a tab in the indentation{also}", remedy="indent with spaces")
    if match := _CONTROL.search(text):
        what = f"a control character, U+{ord(match[0]):04X}"
        yield Fault(where=(), line=_line(text, match.start()), what=what, remedy="delete it")


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _composed(text: str, name: str, guide: str) -> Document:
    composer = _Composer(yaml.parse(text, Loader=_LOADER), guide)
    try:
        value = composer.document()
    except yaml.YAMLError as error:
        return Document(name=name, value=None, lines={}, faults=(*composer.faults, _syntax(error, guide)))
    except _TooDeepError:
        return Document(name=name, value=None, lines={}, faults=tuple(composer.faults))
    return Document(name=name, value=value, lines=composer.lines, faults=tuple(composer.faults))


def _syntax(error: yaml.YAMLError, guide: str) -> Fault:
    problem = str(getattr(error, "problem", None) or error).splitlines()[0]
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 0)
    remedy = next((words for sign, words in SYNTAX_REMEDIES if sign in problem), f"compare with {guide}")
    begun = getattr(error, "context_mark", None)
    since = f" (begun on line {begun.line + 1})" if begun and begun.line + 1 < line else ""
    return Fault(where=(), line=line, column=column, what=f"not YAML: {problem}{since}", remedy=remedy)


class _TooDeepError(Exception):
    """Ends the reading of a file that is nested beyond all use."""


class _Composer:
    """Builds values from the parser's events, so that the depth is known before anything recurses on it."""

    def __init__(self, events: Iterator[Any], guide: str) -> None:
        self._events = events
        self._guide = guide
        self.lines: dict[Where, int] = {}
        self.faults: list[Fault] = []

    def document(self) -> Plain:
        """The first document's value; a second document is a fault."""
        value: Plain = None
        count = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                count += 1
                if count > 1:
                    self._fault((), event, "a second document ('---')", "keep one document per file")
                    break
            elif isinstance(event, yaml.NodeEvent):
                value = self._node(event, ())
        return value

    def _node(self, event: Any, where: Where) -> Plain:
        self.lines.setdefault(where, event.start_mark.line + 1)
        if isinstance(event, yaml.AliasEvent):
            self._fault(where, event, f"an alias, *{event.anchor}", "write the value out")
            return None
        if event.tag:
            self._fault(where, event, f"a tag, {event.tag!r}", "take it away; tags are not read")
        if isinstance(event, yaml.ScalarEvent):
            return None if event.implicit[0] and event.value in NULLS else str(event.value)
        if len(where) >= MAX_DEPTH:
            self._too_deep(where, event)
        return self._mapping(where) if isinstance(event, yaml.MappingStartEvent) else self._sequence(where)

    def _sequence(self, where: Where) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            values.append(self._node(event, (*where, len(values))))
        return values

    def _mapping(self, where: Where) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event, where)
            place = (*where, key)
            if key in values:
                self._fault(place, event, f"given twice, first on line {self.lines[place]}", "keep one of the two")
                self._node(next(self._events), (*place, "again"))
            else:
                self.lines[place] = event.start_mark.line + 1
                values[key] = self._node(next(self._events), place)
        return values

    def _key(self, event: Any, where: Where) -> str:
        if isinstance(event, yaml.ScalarEvent):
            return str(event.value)
        self._fault(where, event, "a key that is no text", "put a text that starts with [ or { between quotes")
        self._node(event, (*where, "?"))
        return "?"

    def _fault(self, where: Where, event: Any, what: str, remedy: str) -> None:
        self.faults.append(Fault(where=where, line=event.start_mark.line + 1, what=what, remedy=remedy))

    def _too_deep(self, where: Where, event: Any) -> NoReturn:
        self._fault(where[:1], event, f"nested more than {MAX_DEPTH} deep", f"compare with {self._guide}")
        raise _TooDeepError
