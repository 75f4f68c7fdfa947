"""Words for what the database spells in codes, and dates as far as they are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

MONTHS = "January February March April May June July August September October November December".split()
TIERS: Mapping[str, str] = MappingProxyType(
    {"official": "official", "major": "major outlet", "specialist": "specialist", "social": "social"}
)
BASES: Mapping[str, str] = MappingProxyType(
    {
        "stated": "stated in the text",
        "relative": "counted from a word such as “Tuesday”",
        "metadata": "from the data of the page",
        "page": "from the page",
        "feed": "from the feed",
        "fetched": "when it was fetched",
    }
)
DIRECTIONS: Mapping[str, str] = MappingProxyType(
    {"restrict": "restricts", "ease": "eases", "neutral": "neither restricts nor eases"}
)
# The fields of an event, as all pages call them.
LABELS: Mapping[str, str] = MappingProxyType(
    {
        "type": "Type",
        "subtype": "Subtype",
        "status": "Status",
        "direction": "Effect",
        "certainty": "Certainty",
        **dict.fromkeys(("actor", "actors"), "Who acts"),
        **dict.fromkeys(("target", "targets"), "Who is hit or helped"),
        **dict.fromkeys(("item", "items"), "What it is about"),
        **dict.fromkeys(("instrument", "instruments"), "Law or list"),
        **dict.fromkeys(("amount", "amounts"), "Amount"),
        "announced_on": "Announced",
        "effective_on": "Takes effect",
        "confidence": "Confidence",
        "summary": "Sentence",
    }
)
# ISO 639-1, as far as readers of news meet them.
LANGUAGES: Mapping[str, str] = MappingProxyType(
    dict(
        pair.split("=")
        for pair in (
            "ar=Arabic bg=Bulgarian cs=Czech da=Danish de=German el=Greek en=English es=Spanish et=Estonian fa=Persian "
            "fi=Finnish fr=French he=Hebrew hi=Hindi hr=Croatian hu=Hungarian id=Indonesian it=Italian ja=Japanese "
            "ko=Korean lt=Lithuanian lv=Latvian ms=Malay nl=Dutch no=Norwegian pl=Polish pt=Portuguese ro=Romanian "
            "ru=Russian sk=Slovak sl=Slovenian sr=Serbian sv=Swedish th=Thai tr=Turkish uk=Ukrainian vi=Vietnamese "
            "zh=Chinese"
        ).split()
    )
)


def spelt(code: str | None) -> str:
    """A code as words: "in force"."""
    return (code or "").replace("_", " ")


def date(prefix: str | None) -> str:
    """A date as far as it is known: "July 2024", "25 June 2024"; an empty text for none."""
    if not prefix:
        return ""
    return _date(prefix[:10]) or prefix


@lru_cache(maxsize=4096)  # a page tells hundreds, most of them months that all pages tell
def _date(prefix: str) -> str:
    """A date in words; an empty text for what is none."""
    parts = prefix.split("-")
    if len(parts) == 1 or not all(part.isdigit() for part in parts) or not 1 <= int(parts[1]) <= len(MONTHS):
        return ""
    month = f"{MONTHS[int(parts[1]) - 1]} {parts[0]}"
    return f"{int(parts[2])} {month}" if len(parts) > 2 else month


def precision(prefix: str | None) -> str:
    """How far a date is known."""
    return {4: "year", 7: "month"}.get(len(prefix or ""), "day")


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 report", "1,204 reports"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: Sequence[str], most: int = 3) -> str:
    """Names in a row, what is beyond `most` counted: "A, B, C and 4 others"."""
    told = list(names[:most])
    if (left := len(names) - len(told)) > 0:
        return f"{', '.join(told)} and {counted(left, 'other')}"
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)
