"""A size on the command line: 64MB, 1.5GB, 500000."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

import click

UNITS: Mapping[str, int] = MappingProxyType({"": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12})
_SIZE = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s*([KMGT]?B|)", re.ASCII)


class Size(click.ParamType[int]):
    """Bytes, more than nothing."""

    name = "size"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The bytes that a text means."""
        if isinstance(value, int):
            return value
        match = _SIZE.fullmatch(str(value).strip().upper())
        found = int(float(match[1]) * UNITS[match[2]]) if match else 0
        if not found:
            self.fail(f"{value!r} is no size; write 64MB or 1.5GB", param, ctx)
        return found


SIZE = Size()


def in_words(size: float) -> str:
    """For a person: 1.2 GB."""
    for unit, factor in reversed(tuple(UNITS.items())):
        if size >= factor and unit:
            return f"{size / factor:,.1f} {unit}"
    return f"{size:,.0f} bytes"
