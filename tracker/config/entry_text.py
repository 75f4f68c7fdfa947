"""Entries of feeds.yaml as lines of YAML, spelt by ruamel.yaml. Knows no file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from io import StringIO
from typing import Any

Entry = Mapping[str, Any]  # texts, numbers, booleans, None, lists and mappings of them, in the order to be written

START = """\
# What the tracker asks for, in groups. docs/config.md explains every key.

settings:
  # Who runs this tracker, sent with every request so that a publisher can write to you: an address or a URL.
  contact: null

sources:
"""
INDENT = 2  # columns, where the file shows no habit of its own
_WORD = re.compile(r"[A-Za-z][\w.-]*(?: [\w.-]+)*", re.ASCII)  # what needs no quotes inside brackets
_WHOLE_LINE = 1_000_000  # a width at which nothing is folded


def group(name: str, entries: Sequence[Entry], *, column: int, dash: int, newline: str) -> str:
    """The lines of a new group."""
    ones = (item(one, dash=dash, inner=dash + INDENT, newline=newline) for one in entries)
    return f"{' ' * column}{name}:{newline}{''.join(ones)}"


def item(entry: Entry, *, dash: int, inner: int, newline: str) -> str:
    """The lines of one entry, its dash and its keys in the columns given."""
    first = " " * dash + "-" + " " * (inner - dash - 1)
    lines = spelt(entry).splitlines()
    return "".join(f"{' ' * inner if at else first}{line}{newline}" for at, line in enumerate(lines))


def spelt(entry: Entry) -> str:
    """An entry as YAML, lists of words in brackets."""
    from ruamel.yaml import YAML  # noqa: PLC0415 - only a change needs it
    from ruamel.yaml.representer import RoundTripRepresenter  # noqa: PLC0415 - as above

    class Representer(RoundTripRepresenter):
        """As the library has it, with null told."""

    Representer.add_representer(type(None), lambda self, _: self.represent_scalar("tag:yaml.org,2002:null", "null"))
    writer, out = YAML(), StringIO()
    writer.Representer = Representer
    writer.width = _WHOLE_LINE
    writer.dump({key: _dressed(key, value) for key, value in entry.items()}, out)
    return out.getvalue()


def _dressed(key: str, value: Any) -> Any:
    """A value as ruamel.yaml writes it the way this file does: dates without quotes, lists in brackets."""
    from ruamel.yaml.comments import CommentedSeq  # noqa: PLC0415 - as above
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString  # noqa: PLC0415 - as above

    if key == "verified_on" and value:
        return date.fromisoformat(value)
    if isinstance(value, Mapping):
        return {inner: _dressed(inner, one) for inner, one in value.items()}
    if isinstance(value, list | tuple):
        listed = CommentedSeq(one if _WORD.fullmatch(one) else DoubleQuotedScalarString(one) for one in value)
        listed.fa.set_flow_style()
        return listed
    return DoubleQuotedScalarString(value) if isinstance(value, str) and not value[:1].isalnum() else value
