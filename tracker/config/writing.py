"""Edits of feeds.yaml that leave every other byte as it is: comments, order, quotes, indentation, line ends.

The parsed file says where things stand, ruamel.yaml how a new entry is spelt, and the edit is a splice of the text.
What comes out is read again, and is refused unless it says what the file said before plus the change. Does not judge
what an entry says: `tracker.config.load` does, before and after.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import yaml

from tracker import document
from tracker.config import entry_text
from tracker.config.entry_text import INDENT, Entry, spelt
from tracker.errors import ConfigError, NotFoundError
from tracker.spelling import nearest

__all__ = ["Entry", "add", "remove", "save", "spelt", "start", "switch"]

_BOM = "\ufeff"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A file's text with its value and its nodes."""

    name: str
    text: str
    value: Any
    groups: Any  # the node below `sources:`
    newline: str


def start(entries: Sequence[tuple[str, Entry]], *, name: str) -> bytes:
    """A new file with the entries, each under its group."""
    groups: dict[str, list[Entry]] = {}
    for group, entry in entries:
        groups.setdefault(group, []).append(entry)
    blocks = [
        entry_text.group(group, ones, column=INDENT, dash=2 * INDENT, newline="\n") for group, ones in groups.items()
    ]
    data = (entry_text.START + "\n".join(blocks)).encode("utf-8")
    _read(data, name)
    return data


def add(data: bytes, entries: Sequence[tuple[str, Entry]], *, name: str) -> bytes:
    """The file with the entries at the end of their groups; a group that is not there is begun at the end.

    Args:
        data: the file.
        entries: the group of each entry, and the entry.
        name: what messages call the file.

    Raises:
        ConfigError: the file cannot be read, or is written in a form that cannot be added to; nothing is changed then.
    """
    groups: dict[str, list[Entry]] = {}
    for group, entry in entries:
        groups.setdefault(group, []).append(entry)
    for group, ones in groups.items():
        before = _read(data, name)
        data = _added(before, group, ones)
        wanted = {**before.value["sources"]}
        wanted[group] = [*wanted.get(group, []), *(_plain(dict(one)) for one in ones)]
        _check(data, {**before.value, "sources": wanted}, name)
    return data


def remove(data: bytes, source_id: str, *, name: str) -> bytes:
    """The file without a source; its group goes with it where it was the only one there.

    Raises:
        ConfigError: it is the only source of the file, or stands in brackets.
        NotFoundError: the file has no such source.
    """
    found = _read(data, name)
    group, number = _place(found, source_id)
    wanted = {key: list(ones) for key, ones in found.value["sources"].items()}
    del wanted[group][number]
    if not wanted[group]:
        del wanted[group]
    if not wanted:
        raise ConfigError((f"{name}: '{source_id}' is its only source; delete the file, or add another source first",))
    data = _encoded(_cut(found, *_extent(found, group, number)))
    _check(data, {**found.value, "sources": wanted}, name)
    return data


def switch(data: bytes, source_id: str, *, enabled: bool, name: str) -> bytes:
    """The file with a source switched off (`enabled: false`) or on (without that key); raises as `remove`."""
    found = _read(data, name)
    group, number = _place(found, source_id)
    entry = _entries(found, group).value[number]
    wanted = {key: [dict(one) for one in ones] for key, ones in found.value["sources"].items()}
    wanted[group][number].pop("enabled", None)
    keys = [key.value for key, _ in entry.value]
    text = _without(found, entry, keys.index("enabled")) if "enabled" in keys else found.text
    if not enabled:
        wanted[group][number]["enabled"] = "false"
        again = _read(_encoded(text), name)
        text = _with_last(again, _entries(again, group).value[number], "enabled: false")
    data = _encoded(text)
    _check(data, {**found.value, "sources": wanted}, name)
    return data


def save(path: Path, data: bytes) -> None:
    """Put the bytes in the place of the file, whole or not at all; ConfigError says why it cannot be done."""
    path = path.resolve()
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as new:
            try:
                new.write(data)
                new.flush()
                os.fsync(new.fileno())
                Path(new.name).chmod(path.stat().st_mode & 0o7777 if path.exists() else 0o644)
                Path(new.name).replace(path)
            except BaseException:
                with suppress(OSError):
                    Path(new.name).unlink()
                raise
    except OSError as error:
        raise ConfigError((f"{path}: cannot be written ({error.strerror}); check the folder's permissions",)) from None


# ------------------------------------------------------------------------------------------------------ reading


def _read(data: bytes, name: str) -> _Text:
    """The file with its nodes; what is no file of sources is told as `config.load` tells it."""
    read = document.read(data, name=name)
    if read.faults or not isinstance(read.value, dict) or not isinstance(read.value.get("sources"), dict):
        lines = tuple(map(read.tell, read.faults))
        raise ConfigError(lines or (f"{name}: has no 'sources:' with groups; docs/config.md shows the form",))
    text = data.decode("utf-8")
    body = text.removeprefix(_BOM)
    root: Any = yaml.compose(body, Loader=_LOADER)
    groups = next(node for key, node in root.value if key.value == "sources")
    return _Text(
        name=name, text=text, value=read.value, groups=_shifted(groups, len(text) - len(body)), newline=_newline(text)
    )


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _shifted(node: Any, by: int) -> Any:
    """The node with `start` and `end`: offsets into the whole text, the end being that of its last word."""
    node.start, node.end = node.start_mark.index + by, node.end_mark.index + by
    if isinstance(node, yaml.SequenceNode):
        children = [_shifted(one, by) for one in node.value]
    elif isinstance(node, yaml.MappingNode):
        children = [_shifted(one, by) for pair in node.value for one in pair]
    else:
        return node
    if not node.flow_style and children:
        node.end = children[-1].end
    return node


def _place(found: _Text, source_id: str) -> tuple[str, int]:
    """The group of a source and its number there."""
    known = []
    for group, ones in found.value["sources"].items():
        for number, one in enumerate(ones or ()):
            if one.get("id") == source_id:
                return group, number
            known.append(str(one.get("id")))
    near = nearest(source_id, tuple(known))
    raise NotFoundError(f"{found.name}: no source '{source_id}'" + (f"; did you mean '{near}'?" if near else ""))


def _entries(found: _Text, group: str) -> Any:
    """The node of a group's entries."""
    return next(node for key, node in found.groups.value if key.value == group)


def _check(data: bytes, wanted: object, name: str) -> None:
    """Refuse what does not read back as it was meant."""
    read = document.read(data, name=name)
    if read.faults or read.value != wanted:
        told = tuple(map(read.tell, read.faults))
        raise ConfigError(
            told or (f"{name}: is written in a form that cannot be edited here; make the change by hand",)
        )


def _plain(value: Any) -> Any:
    """A value as the file's reader gives it: every scalar a text."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)


# ------------------------------------------------------------------------------------------------------ splicing


def _added(found: _Text, group: str, entries: Sequence[Entry]) -> bytes:
    """The text with entries at the end of a group, or of the groups where there is none of that name."""
    _refuse_flow(found, found.groups, "sources")
    columns = [_column(found.text, key.start) for key, _ in found.groups.value]
    lists = [node for _, node in found.groups.value if node.value and not node.flow_style]
    dashes = [_column(found.text, _dash(found, node.value[0])) for node in lists]
    known = [key.value for key, _ in found.groups.value]
    if group in known:
        node = _entries(found, group)
        _refuse_flow(found, node, f"sources.{group}")
        dash = _column(found.text, _dash(found, node.value[0]))
        inner = _column(found.text, node.value[0].start)
        gap = found.newline if _is_parted(found, node) else ""
        ones = [entry_text.item(one, dash=dash, inner=inner, newline=found.newline) for one in entries]
        return _encoded(_inserted(found, _line_end(found.text, node.value[-1].end), gap + gap.join(ones)))
    block = entry_text.group(
        group, entries, column=columns[0], dash=(dashes or [columns[0] + INDENT])[0], newline=found.newline
    )
    at = _group_end(found.text, found.groups.value[-1][1].end, columns[0])
    return _encoded(_inserted(found, at, (found.newline if _groups_are_parted(found) else "") + block))


def _refuse_flow(found: _Text, node: Any, where: str) -> None:
    if node.flow_style or not node.value:
        what = f"{found.name}: {where}: stands in brackets or is empty"
        raise ConfigError((f"{what}; write its entries on lines of their own, then try again",))


def _inserted(found: _Text, at: int, block: str) -> str:
    """The text with a block of lines put at the start of a line; a file without a last line end stays so."""
    text = found.text
    if at and text[at - 1] != "\n":
        return text[:at] + found.newline + block.removesuffix(found.newline) + text[at:]
    return text[:at] + block + text[at:]


def _extent(found: _Text, group: str, number: int) -> tuple[int, int]:
    """From where to where a source stands, with the blank lines that part it from its neighbours."""
    node = _entries(found, group)
    _refuse_flow(found, found.groups, "sources")
    _refuse_flow(found, node, f"sources.{group}")
    text, entry = found.text, node.value[number]
    begin, end = _line_start(text, _dash(found, entry)), _line_end(text, entry.end)
    if len(node.value) == 1:
        begin, before = _group_extent(found, group, begin)
    elif number:
        before = _line_end(text, node.value[number - 1].end)
    else:
        before, follows = begin, _line_start(text, _dash(found, node.value[1]))
        end = end if text[end:follows].strip() else follows
    return (before if before < begin and not text[before:begin].strip() else begin), end


def _group_extent(found: _Text, group: str, first: int) -> tuple[int, int]:
    """Where the line of a group begins whose one source begins at `first`, and where what stands before it ends."""
    text, nodes = found.text, found.groups.value
    at = next(at for at, (key, _) in enumerate(nodes) if key.value == group)
    key = nodes[at][0]
    if text[_line_end(text, key.end) : first].strip():
        what = f"{found.name}: sources.{group}: loses its only source, and comments stand above that"
        raise ConfigError((f"{what}; delete the group and what is of no use any more by hand",))
    begin = _line_start(text, key.start)
    return begin, _group_end(text, nodes[at - 1][1].end, _column(text, key.start)) if at else begin


def _cut(found: _Text, begin: int, end: int) -> str:
    """The text without a range of whole lines; a file without a last line end stays so."""
    text = found.text[:begin] + found.text[end:]
    if end >= len(found.text) and not found.text.endswith("\n"):
        return text.removesuffix(found.newline)
    return text


def _with_last(found: _Text, entry: Any, line: str) -> str:
    """The text with one more key at the end of an entry."""
    if entry.flow_style:
        at = entry.value[-1][1].end
        return f"{found.text[:at]}, {line}{found.text[at:]}"
    column = _column(found.text, entry.start)
    return _inserted(found, _line_end(found.text, entry.end), f"{' ' * column}{line}{found.newline}")


def _without(found: _Text, entry: Any, number: int) -> str:
    """The text without one key of an entry, which is not its first."""
    if number == 0:
        raise ConfigError((f"{found.name}: begins a source with 'enabled'; begin it with 'id', then try again",))
    (key, value), (_, previous) = entry.value[number], entry.value[number - 1]
    if entry.flow_style:
        return found.text[: previous.end] + found.text[value.end :]
    return _cut(found, _line_start(found.text, key.start), _line_end(found.text, value.end))


def _dash(found: _Text, entry: Any) -> int:
    """Where the dash of an entry stands."""
    at = found.text.rfind("-", 0, entry.start)
    if at < 0 or found.text[at + 1 : entry.start].strip(" "):
        raise ConfigError((f"{found.name}: an entry does not begin on the line of its '-'; mend that, then try again",))
    return at


def _is_parted(found: _Text, node: Any) -> bool:
    """Whether blank lines part the entries of a list."""
    if len(node.value) == 1:
        return False
    end, begin = _line_end(found.text, node.value[-2].end), _line_start(found.text, _dash(found, node.value[-1]))
    return found.text[end:begin].startswith(found.newline)


def _groups_are_parted(found: _Text) -> bool:
    keys = found.groups.value
    if len(keys) == 1:
        return True
    return found.text[_line_end(found.text, keys[-2][1].end) : keys[-1][0].start].startswith(found.newline)


def _group_end(text: str, end: int, column: int) -> int:
    """Where a group ends: after its last source and the comments below it that are indented further than its name."""
    at = _line_end(text, end)
    while match := re.compile(rf"[ ]{{{column + 1},}}#[^\n]*(?:\n|\Z)").match(text, at):
        at = match.end()
    return at


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    """The offset after the line in which the text before `at` ends."""
    at = len(text[:at].rstrip())
    found = text.find("\n", at)
    return found + 1 if found >= 0 else len(text)


def _column(text: str, at: int) -> int:
    return at - _line_start(text, at) - (1 if text.startswith(_BOM) and "\n" not in text[:at] else 0)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8")
