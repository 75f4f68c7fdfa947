"""Where the points of a path lie: enough of SVG for the marks of events."""

from __future__ import annotations

import re

# What each command is given, once or several times.
GIVEN = {
    "M": ("x", "y"),
    "L": ("x", "y"),
    "H": ("x",),
    "V": ("y",),
    "A": ("rx", "ry", "turn", "large", "sweep", "x", "y"),
}


def points(path: str) -> list[tuple[float, float]]:
    """Where each stroke ends, those of arcs too."""
    x, y, start, found = 0.0, 0.0, (0.0, 0.0), []
    for command, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        if command in "Zz":
            x, y = start
            continue
        names, numbers = GIVEN[command.upper()], [float(one) for one in rest.split()]
        assert numbers
        assert len(numbers) % len(names) == 0
        for at in range(0, len(numbers), len(names)):
            told = dict(zip(names, numbers[at : at + len(names)], strict=True))
            from_x, from_y = (x, y) if command.islower() else (0.0, 0.0)
            x = from_x + told["x"] if "x" in told else x
            y = from_y + told["y"] if "y" in told else y
            if command in "Mm" and at == 0:
                start = (x, y)
            found.append((x, y))
    return found
