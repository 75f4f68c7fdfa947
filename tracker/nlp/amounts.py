"""Reads amounts: rates, money, counts, quantities and lengths of time, as typed values with their place.

"145 %", "$300 million", "140 entities", "1.6 million tonnes", "up to $50,000 a day", "at least 25 per cent", "10²⁶
operations". A length of time is read only where it is granted or imposed ("a 90-day pause", "within 30 days"). It does
not say what an amount is the amount of, and leaves years, section numbers, ages and dates alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tracker.model import Amount, AmountKind, Comparison, Span
from tracker.nlp.amount_patterns import number, pattern, table

YEARS = range(1900, 2100)
SURE = 100  # from here on letters that are seldom a currency are one
NEAR = 40  # characters looked at beside an amount
LOW_END = ("low", "low_scale", "plus", "low_rate", "low_back")  # groups of a range before its upper end
FAR = 120  # characters between a sum and another without its currency
BARE = re.compile(r"\s*(?:[.,;:)!?]|$)|\s+(?:on|in|from|to|and|as|by|for|at|after|before|this|last|over|a|but)\b")
CLOSE = 4  # words after "90-day" among which its noun stands

AFTER_START = frozenset({"after", "following"})
UNITS = frozenset("fraction rate low_rate front mid back low_back hundredth time measure noun sorts".split())

Parts = Mapping[str, str]
ALIKE = str.maketrans("\u017f\u0131\u0130\u212a", "siIK")  # letters that expressions take for s, i and k in any case
Counted = Callable[[int, int], tuple[int, str] | None]


@dataclass(frozen=True, slots=True)
class _Unit:
    """What a number measures, and by how much its unit multiplies it."""

    kind: AmountKind
    name: str
    per: str | None = None
    times: Decimal = Decimal(1)


def find_amounts(text: str, counted: Counted | None = None) -> tuple[Amount, ...]:
    """Amounts in the order of the text, none overlapping. Time is linear in the text.

    Args:
        text: where to look.
        counted: asked with start and end of a number that none of the known words follow; gives the end of the noun
            that it counts and the noun, where a parse tells, or None.
    """
    return tuple(_read(text, counted))


def _read(text: str, counted: Counted | None) -> Iterator[Amount]:
    place, money = 0, None
    while (found := pattern().search(text, place)) is not None:
        if found["high"] and _is_change(text, found):
            end = max(map(found.end, LOW_END))
            found = pattern().search(text, found.start(), end) or found
        amount = _amount(text, found, counted) or _elliptic(text, found, money)
        if amount is not None:
            money = amount if amount.kind is AmountKind.MONEY else money
            yield amount
        place = max(found.end() if amount is None else amount.span.end, place + 1)


def _is_change(text: str, found: re.Match[str]) -> bool:
    """Whether "from 10% to 25%" tells two values, not the ends of a range."""
    before = text[max(0, found.start() - NEAR) : found.start()].lower()
    return before.endswith("from ") and not re.search(r"\brang\w* from $", before)


def _amount(text: str, found: re.Match[str], counted: Counted | None) -> Amount | None:
    parts = _parts(found)
    start, end, unit = found.start(), found.end(), _unit(text, found, parts)
    if unit is None and counted is not None and UNITS.isdisjoint(parts) and not _is_name(text, start, parts):
        told = counted(start, end)
        end, unit = (told[0], _Unit(AmountKind.COUNT, told[1])) if told else (end, None)
    if unit is None:
        return None
    low, high = _values(parts)
    return Amount(
        kind=unit.kind,
        value=_plain(low * unit.times),
        unit=unit.name,
        text=text[start:end],
        span=Span(start=start, end=end),
        upper=None if high is None else _plain(high * unit.times),
        comparison=_comparison(parts),
        per=_per(parts) or unit.per,
    )


def _elliptic(text: str, found: re.Match[str], money: Amount | None) -> Amount | None:
    """A sum whose currency was said shortly before: "500 million euros and Meta 200 million"."""
    if money is None or not (found["low_scale"] or found["high_scale"]) or found["noun"] or found["time"]:
        return None
    between = text[money.span.end : found.start()]
    if len(between) > FAR or re.search(r"[.!?\n]\s", between) or not BARE.match(text, found.end()):
        return None
    parts = _parts(found)
    low, high = _values(parts)
    span = Span(start=found.start(), end=found.end())
    return Amount(
        kind=AmountKind.MONEY,
        value=_plain(low),
        unit=money.unit,
        text=text[span.start : span.end],
        span=span,
        upper=None if high is None else _plain(high),
        comparison=_comparison(parts),
        per=_per(parts),
    )


def _parts(found: re.Match[str]) -> Parts:
    """What was found by its names, as the tables have it: with plain blanks and letters ("up to" with hard blanks)."""
    return {name: " ".join(value.translate(ALIKE).split()) for name, value in found.groupdict().items() if value}


def _values(parts: Parts) -> tuple[Decimal, Decimal | None]:
    """The value and the upper end; in "5 to 7 million" both are millions."""
    if "fraction" in parts:
        return Decimal(str(table()["fractions"][parts["fraction"].lower()])), None
    low, first, last = number(parts["low"]), parts.get("low_scale"), parts.get("high_scale")
    if "high" not in parts:
        return low * _scale(first), None
    high = number(parts["high"])
    is_shared = first is None and low <= high  # "5 to 7 million", not "$400,000 to $2 million"
    return low * _scale(last if is_shared else first), high * _scale(last or first)


def _comparison(parts: Parts) -> Comparison | None:
    words = table()
    if "plus" in parts:
        return Comparison.AT_LEAST
    if "after" in parts:
        return Comparison(words["bounds_after"][parts["after"].lower()])
    return Comparison(words["bounds"][parts["bound"].lower()]) if "bound" in parts else None


def _per(parts: Parts) -> str | None:
    words = table()
    if "often" in parts:
        return str(words["often"][parts["often"].lower()])
    if "short" in parts:
        return str(words["short_per"][parts["short"]])
    one = parts.get("per")
    if one is None:
        return None
    return "year" if one == "annum" else str(words["durations"].get(one) or words["measures"].get(one) or one)


def _unit(text: str, found: re.Match[str], parts: Parts) -> _Unit | None:
    """What the words around a number make of it; None where they make nothing."""
    words = table()
    if "fraction" in parts:
        return _Unit(AmountKind.RATE, "%")
    if parts["low"].lower() in words["articles"] and not {"low_scale", "rate"} & parts.keys():
        return None  # "a day", "a ton"
    if "rate" in parts:
        return _Unit(AmountKind.RATE, words["rates"][parts["rate"].lower()])
    return _money(text, found, parts) or _timed(text, found, parts) or _measured(parts) or _counted(text, found, parts)


def _money(text: str, found: re.Match[str], parts: Parts) -> _Unit | None:
    words = table()
    if "hundredth" in parts:
        return _Unit(
            AmountKind.MONEY, words["hundredths"][_key(parts["hundredth"], "hundredths")], None, Decimal("0.01")
        )
    sign = parts.get("front") or parts.get("mid") or parts.get("back") or parts.get("low_back")
    if sign is None:
        return None
    sign = _key(sign, "currencies")
    is_sure = "low_scale" in parts or "high_scale" in parts or number(parts["low"]) >= SURE
    if sign in words["shy_currencies"] and not is_sure:
        return None
    if sign in {"pound", "pounds"} and text[found.end() : found.end() + 4] == " of ":
        return _Unit(AmountKind.QUANTITY, "pound")
    return _Unit(AmountKind.MONEY, words["currencies"][sign])


def _measured(parts: Parts) -> _Unit | None:
    if "measure" not in parts:
        return None
    name, _, per = str(table()["measures"][parts["measure"]]).partition("/")
    return _Unit(AmountKind.QUANTITY, name, per or None)


def _counted(text: str, found: re.Match[str], parts: Parts) -> _Unit | None:
    """The noun that is counted, with what it is a kind of; None where the number is a year or part of a name."""
    noun = parts.get("noun") or parts.get("sorts")
    if noun is None:
        return None
    if _is_name(text, found.start(), parts):
        return None
    noun = noun.lower() if noun[1:].islower() else noun
    return _Unit(AmountKind.COUNT, f"{noun} of {parts['sort']}" if "sort" in parts else noun)


def _is_name(text: str, start: int, parts: Parts) -> bool:
    """Whether a number is a year, a part of a name ("Section 301 products"), or no number at all ("a", "one")."""
    low = parts["low"].lower()
    if low in table()["articles"] or low == "one":
        return "low_scale" not in parts
    before = text[max(0, start - NEAR) : start].lower().split()
    is_year = low.isdigit() and int(low) in YEARS and not {"bound", "low_scale"} & parts.keys()
    return is_year or bool(before and before[-1].strip("(.") in table()["naming"])


def _timed(text: str, found: re.Match[str], parts: Parts) -> _Unit | None:
    """A length of time that is granted or imposed; None for "two years ago", "a 51-year-old", "a two-year low"."""
    if "time" not in parts:
        return None
    before = text[max(0, found.start() - NEAR) : found.start()].lower().split()
    after = text[found.end() : found.end() + NEAR].lower()
    if not _is_quota(parts, before[-1].strip("(,") if before else "", after):
        return None
    return _Unit(AmountKind.DURATION, table()["durations"][parts["time"].lower()])


def _is_quota(parts: Parts, before: str, after: str) -> bool:
    words = table()
    following = re.findall(r"[a-z'’-]+", after)
    first = following[0].strip("-") if following else ""
    if first in words["never_quota_after"]:
        return before == "within" and first in AFTER_START  # "within 30 days after publication"
    if parts["tie"] == "-":
        return not {word.strip("-") for word in following[:CLOSE]}.isdisjoint(words["quota_nouns"])
    bound = _comparison(parts)
    if bound in {Comparison.AT_LEAST, Comparison.AT_MOST} or _per(parts):
        return True
    if any(after.lstrip().startswith(phrase) for phrase in words["quota_after"]):
        return True
    return before not in words["never_quota_before"] and before in words["quota_before"]


def _key(word: str, which: str) -> str:
    """The key of a table for a word that was found in any case."""
    rows = table()[which]
    return word if word in rows else next(key for key in rows if key.lower() == word.lower())


def _scale(word: str | None) -> Decimal:
    return Decimal(table()["magnitudes"][_key(word, "magnitudes")]) if word else Decimal(1)


def _plain(value: Decimal) -> Decimal:
    """The value without zeros that say nothing: 7.50 and 7.5 are one."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() and value < 10**27 else value.normalize()
