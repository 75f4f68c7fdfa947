"""Where sentences end, by punctuation alone: enough to tell which dates stand together. No parser."""

from __future__ import annotations

import re

_END = re.compile(r"[.!?…][\"”’')\]]{0,2}\s+(?=[\"“‘'(\[•*]{0,2}[A-Z0-9])|\n\s*\n|\n(?=\s*[-*•\d#])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|No|Nos|Art|Sec|Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Prof|St|Inc|Ltd|"
    r"Co|Corp|vs|approx|a\.m|p\.m|e\.g|i\.e|w\.e\.f|U\.S|U\.K|U\.N|E\.U|D\.C)|\b[A-Z])\.$"
)


def starts(text: str) -> tuple[int, ...]:
    """Offsets at which sentences and paragraphs begin, ascending, 0 first."""
    found = [0]
    for boundary in _END.finditer(text):
        stop = boundary.start() + 1
        if text[boundary.start()] == "." and _ABBREVIATED.search(text, max(0, stop - 8), stop):
            continue
        found.append(boundary.end())
    return tuple(found)
