"""The language an article is written in: what the page declares, and what its text shows.

Not here: which languages are read.
"""

from __future__ import annotations

import re
from functools import lru_cache

from py3langid.langid import LanguageIdentifier, _load_identifier

# The languages of the news that is followed; fewer classes, fewer mistakes on short texts.
KNOWN = (
    "ar bg bn cs da de el en es et fa fi fr he hi hr hu id it ja kk ko lt lv ms nl no pl pt ro ru sk sl sr sv th tr uk "
    "ur vi zh"
).split()
SAMPLE = 1_500  # characters looked at
LONG_ENOUGH = 120  # bytes of letters from which the text decides against the declaration
SURE = 0.9  # probability that the text needs to decide against the declaration

_CODE = re.compile(r"\s*([a-zA-Z]{2})(?:[-_]|\s*$)")


def code(declared: str | None) -> str | None:
    """ISO 639-1 of a declaration (`en-GB`, `zh_Hans`), or None where it is none."""
    found = _CODE.match(declared or "")
    return found[1].lower() if found else None


def language(text: str, *declared: str | None) -> str | None:
    """The language of a text; the first usable declaration stands unless a long enough text shows another."""
    stated = next((found for found in map(code, declared) if found), None)
    letters = " ".join(re.findall(r"[^\W\d_]+", text[:SAMPLE]))
    if not letters:
        return stated
    shown, sureness = _identifier().classify(letters)  # type: ignore[no-untyped-call]
    if stated is None:
        return str(shown)
    decides = len(letters.encode()) >= LONG_ENOUGH and sureness >= SURE
    return str(shown) if decides and stated in KNOWN else stated


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    """Our own instance: py3langid's functions share one that other callers restrict for themselves."""
    identifier: LanguageIdentifier = _load_identifier(norm_probs=True, langs=KNOWN)  # type: ignore[no-untyped-call]
    return identifier
