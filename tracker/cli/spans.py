"""A span of time on the command line: 30s, 10m, 2h, 1d."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

import click

UNITS: Mapping[str, timedelta] = MappingProxyType(
    {
        "s": timedelta(seconds=1),
        "m": timedelta(minutes=1),
        "h": timedelta(hours=1),
        "d": timedelta(days=1),
    }
)
_SPAN = re.compile(r"(\d{1,6})([smhd])", re.ASCII)


class Span(click.ParamType[timedelta]):
    """A number with a unit, more than nothing."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The span that a text means."""
        if isinstance(value, timedelta):
            return value
        match = _SPAN.fullmatch(str(value).strip())
        if match is None or not int(match[1]):
            self.fail(f"{value!r} is no span of time; write 30s, 10m, 2h or 1d", param, ctx)
        return int(match[1]) * UNITS[match[2]]


SPAN = Span()
