"""The one regular expression of an amount, built from the words of `terms/amounts.yaml`, and the values of its words.

Says what an amount may look like. Which kind a match is, and whether it is one at all, is for `tracker.nlp.amounts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

TABLE = Path(__file__).parent / "terms" / "amounts.yaml"
B = r"[ \u00a0\u202f]"
END = r"(?![A-Za-z])"
LETTERS = 3  # of a magnitude that is an abbreviation, whose case matters
_DIGITS = (
    r"(?:\d{1,3}(?:[,\u202f\u00a0 ]\d{3}){1,5}(?![\d,])"  # 1,000,000 and 1 000 000
    r"|\d{1,3}(?:,\d{2}){1,4},\d{3}(?!\d)"  # 17,00,000
    r"|\d{1,12}(?!\d|,\d))(?:\.\d{1,6})?(?!\d)"
)
_POWER = r"10(?:\^\(?\d{1,2}\)?|[⁰¹²³⁴-⁹]{1,2})"
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


@lru_cache(maxsize=1)
def table() -> Mapping[str, Any]:
    """The YAML table of currencies, magnitudes, units, bounds and the words around them."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(TABLE.read_text(encoding="utf-8"), Loader=loader))  # noqa: S506  (a safe loader)


@lru_cache(maxsize=1)
def pattern() -> re.Pattern[str]:
    """One amount with its bounds, range, unit and what it is for one of."""
    words = table()
    bound = rf"(?:(?P<bound>{any_case(words['bounds'])}){B}?(?:(?:an?|the){B}(?=[\d$€£¥]))?)?"
    front = rf"(?:(?P<front>{exactly(_signs(words['currencies']))}){B}?)?"
    middle = rf"(?:(?P<mid>{exactly(_signs(words['currencies']))}){B}?)?"
    between = rf"(?P<between>(?i:between){B})?"
    joint = rf"(?(between){B}(?:and|to){B}|(?:{B}?[-–—]{B}?|{B}to{B}))"
    low_unit = (
        rf"(?:{B}?(?P<low_rate>{any_case(words['rates'])})|{B}(?P<low_back>{any_case(_words('currencies'))}){END})?"
    )
    high = rf"(?:{low_unit}{joint}{middle}(?P<high>{_DIGITS}){_scaled('high_scale')})?"
    amount = rf"{front}(?P<low>{_POWER}|{_DIGITS}|{_spelt()}){_scaled('low_scale')}(?P<plus>\+)?{high}"
    return re.compile(
        rf"(?<![\w.,/+-]){between}{bound}"
        rf"(?:(?P<fraction>{any_case(words['fractions'])}){END}|{amount}(?(front)|(?:{_ending()})?){_per()})"
        rf"(?:{B}(?P<after>{any_case(words['bounds_after'])}){END})?"
    )


def number(words: str) -> Decimal:
    """The value of digits, a power of ten, or a number in words."""
    if re.fullmatch(_POWER, words):
        return Decimal(10) ** int(words.translate(_RAISED)[2:].strip("^()"))
    if words[0].isdigit():
        return Decimal(re.sub(r"[^\d.]", "", words))
    if words.lower() in table()["articles"]:
        return Decimal(str(table()["articles"][words.lower()]))
    total = 0
    for word in re.split(r"[\s-]+", words.lower()):
        total = (total or 1) * 100 if word == "hundred" else total + _small().get(word, 0)
    return Decimal(total)


def exactly(words: Iterable[str]) -> str:
    """Any of the words as they are written, the longest first."""
    return "|".join(re.escape(word).replace(r"\ ", B) for word in sorted(words, key=lambda word: (-len(word), word)))


def any_case(words: Iterable[str]) -> str:
    """Any of the words in small letters, capitals or both."""
    return rf"(?i:{exactly(words)})"


@lru_cache(maxsize=1)
def _small() -> Mapping[str, int]:
    return {"a": 1, "an": 1, **table()["units_of_ten"], **table()["tens"]}


def _signs(currencies: Mapping[str, str]) -> list[str]:
    """What may stand before a sum: signs and codes, not names ("the party won 50 seats")."""
    return [word for word in currencies if not word.islower() and " " not in word.replace("U.S. $", "")]


def _words(which: str) -> list[str]:
    """The names among the keys of a table, without signs and codes."""
    return [word for word in table()[which] if word.replace(" ", "").isalpha() and not word.isupper()]


def _spelt() -> str:
    """Numbers in words: "nine", "twenty-four", "a hundred and forty", "half a" (before a magnitude)."""
    words = table()
    units = any_case(words["units_of_ten"])
    small = rf"(?:{any_case(words['tens'])}(?:[ -]{units})?|{units})"
    hundreds = rf"(?:{small}|(?i:an?)){B}(?i:hundred)(?:{B}(?:and{B})?{small})?"
    return rf"(?:{hundreds}|{small}|{any_case(words['articles'])}){END}"


def _scaled(name: str) -> str:
    long = [word for word in table()["magnitudes"] if len(word) > LETTERS]
    return rf"(?:[ \u00a0\u202f-]?(?P<{name}>{any_case(long)}|{exactly(table()['magnitudes'])}){END})?"


def _ending() -> str:
    """What follows the number: a rate, a currency, a time, a measure, or a noun that is counted."""
    words = table()
    currency = rf"{exactly(words['currencies'])}|{any_case(_words('currencies'))}"
    function = rf"{any_case(words['not_between'])}(?![\w.])"
    stop = rf"(?!{function})"
    plain = (
        r"(?:[A-Z]\.){2,4}(?:-[a-z]+)?|(?![a-z-]{3,}[^suia]s[ \u00a0])[A-Za-z][\w&'’/-]{0,24}"  # no plural of its own
    )
    noun = rf"(?:{stop}(?:{plain}){B}){{0,4}}?"
    thing = rf"(?:{stop}[a-z-]{{2,20}}(?<!s)(?<!ed){B}){{0,2}}?{stop}[a-z-]{{2,20}}(?![\w-])"
    thing = rf"{thing}(?:(?<=s)|(?!{B}(?!{function})[a-z]))"
    return "|".join(
        [
            rf"[ \u00a0\u202f-]?(?P<rate>{any_case(words['rates'])}){END}",
            rf"[ \u00a0\u202f-]?(?P<back>{currency})(?![A-Za-z\d])",
            rf"[ \u00a0-](?P<hundredth>{any_case(words['hundredths'])}){END}",
            rf"(?P<tie>[ \u00a0-])(?P<time>{any_case(words['durations'])}){END}",
            rf"[ \u00a0\u202f-]?(?P<measure>{exactly(words['measures'])}){END}",
            rf"{B}{noun}(?P<sorts>{any_case(words['sorts'])}){B}of{B}(?P<sort>{thing})",
            rf"{B}(?:of{B}(?:the|its|their|these|those|all){B})?{noun}(?P<noun>{any_case(words['counted'])})(?![\w-])",
        ]
    )


def _per() -> str:
    """What the amount is for one of: "per tonne", "a day", "/kg", "-a-barrel", "annually"."""
    words = table()
    ones = [word for word in words["measures"] if not word.endswith("s") and len(word) > 1]
    units = exactly({*ones, *(word for word in words["durations"] if not word.endswith("s")), *words["per"]})
    short = rf"/(?P<short>{exactly(words['short_per'])}){END}"
    tie = rf"(?:{B}(?:per|an?|each|every){B}|/|-an?-|-per-|{B}for{B}(?:each|every){B})"
    now = rf"(?!{B}(?:ago|earlier|later|before|after))"  # "$5 billion a year earlier" is no pace
    size = rf"(?:(?:net|dry|short|long|single){B})?"
    return rf"(?:{tie}{size}(?P<per>{units}){END}{now}|{short}|{B}(?P<often>{any_case(words['often'])}){END}{now})?"
