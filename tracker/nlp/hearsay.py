"""What the wording of a sentence says of how sure its news is: it rests on unnamed sources, or somebody denies it.

Patterns beside the learned weights, which seldom saw such sentences: one event in twenty rests on hearsay, one in a
hundred is denied. Knows neither who speaks nor of which of a sentence's events.
"""

from __future__ import annotations

import re

from tracker.model import Certainty

# Whom the news rests on. A body that speaks for itself ("the ministry said") is none of these.
_UNNAMED = (
    r"sources?(?: [a-z]+){0,4} (?:said|says?|told|tell)",
    r"(?:said|told|according to) (?:\w+ ){0,3}(?:sources?|people (?:familiar|briefed|with knowledge))",
    r"people (?:familiar|briefed|with knowledge)|persons? (?:familiar|with knowledge)|familiar with the",
    r"source close to|insiders?|anonym(?:ity|ous|ously)|not to be named",
    r"reportedly|rumou?rs?|unconfirmed|(?:is|are) said to|understood to|there['’]s talk|we hear|hears that",
    r"seen by|leak(?:ed)?",
)
# Papers and agencies by the last word of their names, as what they found out, not as where somebody spoke.
_PAPERS = r"Reuters|Bloomberg|Journal|Times|Nikkei|Post|FT|Caixin|Politico|newspaper|daily|paper|magazine|outlet"
_DENIED = (
    r"den(?:y|ies|ied|ying|ials?)|refut(?:es?|ed)|rebut(?:s|ted)|contradict(?:s|ed)",
    r"(?:claim|report|allegation|accusation)s? (?:\w+ ){0,4}(?:false|untrue|baseless|unfounded|invented|fabricated)",
    r"call(?:s|ed) (?:\w+ ){0,6}(?:false|untrue|baseless|unfounded|invented|fabricated|fake)",
    r"not true|not the case|no such",
    r"insist(?:s|ed)?(?: that)? (?:\w+ ){0,3}(?:not|no|never)",
)


def _words(alternatives: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b", re.IGNORECASE)


_HEARSAY = _words((*_UNNAMED, rf"(?:{_PAPERS}) (?:has |have )?(?:reported|reports|hears)"))
_DENIAL = _words(_DENIED)


def wordings(sentence: str) -> tuple[Certainty, ...]:
    """What a sentence words, `reported`, `denied`, both or neither.

    It words `reported` where it names leaks, rumours, other media or people without names as where its news is from,
    and `denied` where somebody denies something in it or calls it false.
    """
    found = ((Certainty.REPORTED, _HEARSAY), (Certainty.DENIED, _DENIAL))
    return tuple(certainty for certainty, pattern in found if pattern.search(sentence))
