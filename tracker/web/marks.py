"""The mark of each type of event: a shape of its own in one of eight colours, so that nothing is told by colour alone.

Shapes are paths in a square of 16; colours are names of classes, which the style sheet sets for light and dark.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from markupsafe import Markup

from tracker.model import EventType


@dataclass(frozen=True, slots=True)
class Mark:
    """A path and the class of its colour."""

    path: str
    colour: str


MARKS: Mapping[str, Mark] = MappingProxyType(
    {
        # Restrictions on what leaves, and on who may have it.
        EventType.ACCESS_RESTRICTION: Mark("M8 1a7 7 0 100 14A7 7 0 008 1zM4 6.5h8v3H4z", "c1"),
        EventType.EXPORT_CONTROL: Mark("M8 1l7 13H1z", "c1"),
        EventType.ENTITY_LISTING: Mark("M2 2h12v3H2zM2 6.5h12v3H2zM2 11h12v3H2z", "c1"),
        EventType.LICENCE_DECISION: Mark("M8 1l7 7-7 7-7-7z", "c1"),
        # Sanctions, bans and what is enforced.
        EventType.SANCTION: Mark("M5 1h6l4 4v6l-4 4H5l-4-4V5z", "c2"),
        EventType.PRODUCT_BAN: Mark("M3 1l5 5 5-5 2 2-5 5 5 5-2 2-5-5-5 5-2-2 5-5-5-5z", "c2"),
        EventType.ENFORCEMENT: Mark("M1 2h14L8 15z", "c2"),
        # What comes in, and what it costs.
        EventType.TARIFF: Mark("M2 2h12v12H2z", "c3"),
        EventType.IMPORT_RESTRICTION: Mark("M15 1v14L1 8z", "c3"),
        # Money.
        EventType.INVESTMENT_RESTRICTION: Mark("M8 1a7 7 0 100 14A7 7 0 008 1zm0 4a3 3 0 110 6 3 3 0 010-6z", "c4"),
        EventType.SUBSIDY: Mark("M6 1h4v5h5v4h-5v5H6v-5H1V6h5z", "c4"),
        # Law and courts.
        EventType.REGULATION: Mark("M8 1l6.7 4.9-2.6 8H3.9l-2.6-8z", "c5"),
        EventType.COURT_RULING: Mark("M1 11a7 7 0 0114 0zM1 12.5h14V15H1z", "c5"),
        # Agreements and answers.
        EventType.TRADE_AGREEMENT: Mark("M8 1a7 7 0 100 14A7 7 0 008 1z", "c6"),
        EventType.COMPANY_RESPONSE: Mark("M1 1v14l14-7z", "c7"),
    }
)
SIDE = 16  # of the square
COMMAND = re.compile(r"([MmLlHhVvAaZz])([^MmLlHhVvAaZz]*)")
NUMBER = re.compile(r"-?\d*\.?\d+")
# The two flags of an arc may stand without anything between them and what follows.
ARC = re.compile(r"(\S+?)[ ,]+(\S+?)[ ,]+(\S+?)[ ,]+([01])[ ,]*([01])[ ,]*(-?[\d.]+)[ ,]*(-?[\d.]+)")
PLAIN = Mark("M2 6h12v4H2z", "c8")  # of a type that has none


def drawn(kind: str) -> Markup:
    """The mark of a type as SVG; the words beside it say what it means."""
    mark = MARKS.get(kind, PLAIN)
    return Markup('<svg class="mark {}" viewBox="0 0 16 16" aria-hidden="true"><path d="{}"/></svg>').format(
        mark.colour, mark.path
    )


def symbol(kind: str) -> str:
    """The mark of a type as charts take shapes: a path in a square from -1 to 1."""
    half = SIDE / 2
    told = []
    for command, rest in COMMAND.findall(MARKS.get(kind, PLAIN).path):
        back = half if command.isupper() else 0.0

        def moved(number: str, back: float = back) -> str:
            return f"{(float(number) - back) / half:.4g}"

        if command in "Aa":
            arcs = [one.groups() for one in ARC.finditer(rest)]
            parts = [
                f"{float(wide) / half:.4g} {float(high) / half:.4g} {turn} {large} {sweep} {moved(x)} {moved(y)}"
                for wide, high, turn, large, sweep, x, y in arcs
            ]
        else:
            parts = [moved(number) for number in NUMBER.findall(rest)]
        told.append(command + " ".join(parts))
    return "".join(told)
