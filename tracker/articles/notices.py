"""Corrections and retractions as outlets publish them about their own articles.

The patterns (`patterns.yaml`) are tried on the title and on the first and last paragraphs, where such notes stand; they
ask for words that speak of an article, so that a market's correction, a ministry's corrected list or a withdrawn
licence is no notice. Which article is meant is not decided here.
"""

from __future__ import annotations

from collections.abc import Sequence

from tracker.articles.patterns import pattern
from tracker.model import Notice

FIRST, LAST = 2, 3  # paragraphs of a text in which a note may stand
LONGEST = 800  # characters of a paragraph that is a note


def notice(title: str, text: str) -> Notice | None:
    """What an article is about an earlier one of its outlet, or about its own earlier text; None: neither.

    Paragraphs of the text are parted by empty lines. What was corrected and is now withdrawn is a retraction.
    """
    paragraphs = [" ".join(p.split()) for p in text.split("\n\n")]
    ends = [p for p in (*paragraphs[:FIRST], *paragraphs[FIRST:][-LAST:]) if len(p) <= LONGEST]
    if _is_one("retraction_titles", [title]) or _is_one("retractions", ends):
        return Notice.RETRACTION
    if _is_one("correction_titles", [title]) or _is_one("corrections", ends):
        return Notice.CORRECTION
    return None


def _is_one(table: str, lines: Sequence[str]) -> bool:
    return any(pattern(table).search(line) for line in lines)
