"""English inflection, forwards: every form in which a cue's lemma may be printed.

Regular rules and one table of irregular verbs. Generates forms; does not guess the lemma of a word it was not given.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

IRREGULAR = {
    "be": "am is are was were been being",
    "become": "became",
    "begin": "began begun beginning",
    "bite": "bit bitten biting",
    "break": "broke broken",
    "bring": "brought",
    "buy": "bought",
    "come": "came",
    "cut": "cut cutting",
    "do": "did done does",
    "draw": "drew drawn",
    "fall": "fell fallen",
    "find": "found",
    "forbid": "forbade forbidden forbidding",
    "freeze": "froze frozen",
    "get": "got gotten getting",
    "give": "gave given",
    "go": "went gone goes",
    "grow": "grew grown",
    "hang": "hung",
    "have": "has had",
    "hear": "heard",
    "hit": "hit hitting",
    "hold": "held",
    "keep": "kept",
    "kick": "kicked",
    "lay": "laid",
    "leave": "left",
    "lend": "lent",
    "let": "let letting",
    "make": "made",
    "pay": "paid",
    "plead": "pleaded pled",
    "put": "put putting",
    "quit": "quit quitting",
    "rise": "rose risen",
    "run": "ran running",
    "say": "said",
    "see": "saw seen",
    "seek": "sought",
    "sell": "sold",
    "send": "sent",
    "set": "set setting",
    "shake": "shook shaken",
    "shoot": "shot",
    "shrink": "shrank shrunk",
    "shut": "shut shutting",
    "sink": "sank sunk",
    "slip": "slipped",
    "spend": "spent",
    "spin": "spun spinning",
    "stand": "stood",
    "strike": "struck stricken",
    "take": "took taken",
    "tear": "tore torn",
    "tell": "told",
    "think": "thought",
    "throw": "threw thrown",
    "tie": "tied tying",
    "undertake": "undertook undertaken",
    "undo": "undid undone",
    "unwind": "unwound",
    "win": "won winning",
    "wind": "wound",
    "withdraw": "withdrew withdrawn",
    "withhold": "withheld",
    "write": "wrote written",
}
# verbs that double their last letter: stressed on it, or spelt so in British English
DOUBLING = frozenset(
    "ban bar cap cut hit let permit pet plan put quit run scrap set ship shut slap slip stop trim up drop commit admit"
    " submit defer rebut prefer refer regret strip spin sit tag net pin plug unplug snap step cancel label travel"
    " signal channel expel compel rebel fulfil nod chip shred bin tap top".split()
)
VOWELS = "aeiou"


@cache
def forms(lemma: str) -> frozenset[str]:
    """All printed forms of a one-word lemma, verb and noun endings alike, in lower case."""
    word = lemma.lower()
    found = {word, *IRREGULAR.get(word, "").split(), *_endings(word)}
    return frozenset(found)


def _endings(word: str) -> Iterator[str]:
    if len(word) < 2 or not word.isalpha():
        yield word + "s"
        return
    if word.endswith("y") and word[-2] not in VOWELS:
        yield from (word[:-1] + "ies", word[:-1] + "ied", word + "ing")
    elif word.endswith("ie"):
        yield from (word + "s", word + "d", word[:-2] + "ying")
    elif word.endswith("e"):
        yield from (word + "s", word + "d", word[:-1] + "ing")
        if word.endswith("ee"):
            yield word + "ing"
    else:
        plural = "es" if word.endswith(("s", "x", "z", "ch", "sh", "o")) else "s"
        yield from (word + plural, word + "ed", word + "ing")
        if word in DOUBLING:
            yield from (word + word[-1] + "ed", word + word[-1] + "ing")


def doubled(lemma: str) -> tuple[str, ...]:
    """The two forms of a word with its last letter doubled ("kneecapped"), for words that may be stressed there."""
    word = lemma.lower()
    if len(word) < 3 or not word.isalpha() or word in IRREGULAR:
        return ()
    before, vowel, last = word[-3], word[-2], word[-1]
    fits = before not in VOWELS and vowel in VOWELS and last not in VOWELS and last not in "wxy"
    return (word + last + "ed", word + last + "ing") if fits else ()
