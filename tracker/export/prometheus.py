"""Figures in the text format of Prometheus (exposition format 0.0.4), for node_exporter's textfile collector.

Names and units follow Prometheus' conventions: base units in the name, a gauge for what can fall. Does not know what is
measured.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tracker.saving import replaced

_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """A family of figures: each set of labels with its value."""

    name: str
    help: str
    values: Mapping[tuple[tuple[str, str], ...], float] = field(default_factory=dict)


def gauge(name: str, words: str, value: float | None) -> Gauge:
    """One figure without labels; None: it is not known."""
    return Gauge(name=name, help=words, values={} if value is None else {(): value})


def by_label(name: str, words: str, label: str, values: Mapping[str, float]) -> Gauge:
    """One figure for each value of a label."""
    return Gauge(name=name, help=words, values={((label, one),): value for one, value in values.items()})


def text(gauges: Iterable[Gauge]) -> str:
    """All families that have a value, each with its HELP and TYPE."""
    lines: list[str] = []
    for one in gauges:
        assert _NAME.fullmatch(one.name), one.name
        if one.values:
            words = one.help.replace("\\", r"\\").replace("\n", r"\n")
            lines += [f"# HELP {one.name} {words}", f"# TYPE {one.name} gauge"]
            lines += [f"{one.name}{_labels(labels)} {_number(value)}" for labels, value in sorted(one.values.items())]
    return "".join(f"{line}\n" for line in lines)


def save(file: Path, gauges: Iterable[Gauge]) -> None:
    """Put the figures in a file's place at once, so that no collector meets half of them.

    Raises:
        InputError: the file cannot be written.
    """
    with replaced(file) as out:
        out.write(text(gauges).encode())


def _labels(labels: tuple[tuple[str, str], ...]) -> str:
    assert all(_LABEL.fullmatch(name) for name, _ in labels), labels
    pairs = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels)
    return f"{{{pairs}}}" if pairs else ""


def _escaped(value: str) -> str:
    clean = value.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate cannot be written
    return clean.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return repr(value) if isinstance(value, float) and not value.is_integer() else str(int(value))
