"""How far the reader reads into a text, by what the text alone says: so that one article costs so much and no more.

Here, and not with the reader, since who shows an article says it too. Reads nothing, and knows no language.
"""

from __future__ import annotations

import re

MOST_TEXT = 100_000  # characters read of one article
MOST_WORK = 12_000  # what reading it may cost: some 50,000 characters of prose
LETTERS = 6  # of a word: so many more cost as much as another word
MOST_LETTERS = 144  # of a word that are read
MARK = re.compile(r"[A-Za-z0-9_]+|\n+|\S")


def reach(text: str) -> int:
    """Characters from the beginning of a text that are read; its length where that is all of it.

    What reading costs grows with the words, signs and line breaks, and with the pieces into which long words are cut:
    so many are read as cost MOST_WORK. What is not Latin counts letter by letter.
    """
    if len(text) <= MOST_WORK:
        return len(text)
    left = MOST_WORK
    for mark in MARK.finditer(text, 0, MOST_TEXT):
        left -= 1 + min(mark.end() - mark.start(), MOST_LETTERS) // LETTERS
        if left < 0:
            return mark.start()
    return min(len(text), MOST_TEXT)


def beyond(text: str) -> str | None:
    """What to tell of a text that is not read to its end; None where it is."""
    end = reach(text)
    return None if end == len(text) else f"too long: read for events to character {end:,} of {len(text):,}"
