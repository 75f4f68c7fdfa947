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
# The commonest words: a text that is full of those of its declared language needs no model.
COMMON = {
    "en": "the of and to in that for on is was with by as it at from said has be are",
    "de": "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als",
    "fr": "de la le et les des en un du une que est pour qui dans par plus pas sur au",
    "es": "de la que el en y los del se las por un para con una su al lo como más",
}
ENOUGH_COMMON = 0.25  # of the words
LEAST_COMMON = 40  # words of a text that this can tell
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
    if not letters or (stated in COMMON and _is_full_of(letters, COMMON[stated])):
        return stated
    shown, sureness = _identifier().classify(letters)  # type: ignore[no-untyped-call]
    if stated is None:
        return str(shown)
    decides = len(letters.encode()) >= LONG_ENOUGH and sureness >= SURE
    return str(shown) if decides and stated in KNOWN else stated


def _is_full_of(letters: str, common: str) -> bool:
    words = letters.lower().split()
    wanted = frozenset(common.split())
    return len(words) >= LEAST_COMMON and sum(word in wanted for word in words) >= ENOUGH_COMMON * len(words)


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    """Our own instance: py3langid's functions share one that other callers restrict for themselves."""
    identifier: LanguageIdentifier = _load_identifier(norm_probs=True, langs=KNOWN)  # type: ignore[no-untyped-call]
    return identifier
