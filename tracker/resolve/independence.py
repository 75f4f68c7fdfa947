"""Which reports are independent accounts: neither of one outlet nor of one text, nor resting on the same other outlet.

An outlet that tells an event twice is one source, and so is a wire story in ten papers. A paper that prints the wire
and also sends its own reporter gives two accounts with the wire. So the number of independent accounts among some
reports is the most of them that can be picked so that no two share an outlet or a text: a maximum matching between
outlets and texts. An article that says in the words of its report that it rests on another outlet ("Reuters reported",
"according to Bloomberg"), or whose credit says that its text is an agency's, counts as a copy of what that outlet
tells. Who is right is not judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from tracker.model import Account, Report

Voice = tuple[str, str]  # outlet and text of a report

# Outlets that others quote: the part of a source's id that shows it, and the names under which they are quoted.
OUTLETS: Mapping[str, str] = MappingProxyType(
    {
        "afp": r"AFP|Agence France-Presse",
        "ap": r"AP|(?:the )?Associated Press",
        "axios": r"Axios",
        "bbc": r"(?:the )?BBC",
        "bloomberg": r"Bloomberg(?: News)?",
        "caixin": r"Caixin",
        "calcalist": r"Calcalist",
        "cbc": r"CBC(?: News)?",
        "cnbc": r"CNBC",
        "cnn": r"CNN",
        "digitimes": r"DigiTimes",
        "economic-times": r"(?:the )?Economic Times",
        "ft|financial-times": r"(?:the )?Financial Times|(?:the )?FT",
        "global-times": r"(?:the )?Global Times",
        "globe-and-mail": r"(?:the )?Globe and Mail",
        "guardian": r"(?:the )?Guardian",
        "handelsblatt": r"Handelsblatt",
        "interfax": r"Interfax",
        "kommersant": r"Kommersant",
        "kyodo": r"Kyodo(?: News)?",
        "le-monde": r"Le Monde",
        "mint": r"Mint",
        "nhk": r"NHK",
        "nikkei": r"(?:the )?Nikkei(?: Asia)?",
        "nyt": r"(?:the )?New York Times",
        "politico": r"Politico",
        "reuters": r"Reuters",
        "scmp": r"(?:the )?South China Morning Post|(?:the )?SCMP",
        "semafor": r"Semafor",
        "tass": r"TASS",
        "the-information": r"The Information",
        "washington-post": r"(?:the )?Washington Post",
        "wsj": r"(?:the )?Wall Street Journal|(?:the )?WSJ",
        "xinhua": r"Xinhua(?: News Agency)?",
        "yonhap": r"Yonhap(?: News Agency)?",
    }
)
_NAMES = "|".join(f"(?P<_{n}>{names})" for n, names in enumerate(OUTLETS.values()))
_KEYS = tuple(key.partition("|")[0] for key in OUTLETS)
# How a text says that it rests on another: the outlet stands for `@`.
SAYINGS = (
    r"@,? (?:has |had |have )?(?:first |earlier |previously |also |exclusively )?(?:reported|reports|revealed)\b",
    r"\b(?:report(?:ed|s)?|story|article|interview) (?:in|by|from|with) @",
    r"\b(?:according to|citing|told) @(?![\w-]| [A-Z])",
    r"\ban? @ (?:report|story|article|investigation)\b",
)


@lru_cache(maxsize=1)
def _rests() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(saying.replace("@", rf"\b(?:{_NAMES})\b")) for saying in SAYINGS)


_IDS = re.compile("|".join(f"(?P<_{n}>(?:^|-)(?:{key})(?:-|$))" for n, key in enumerate(OUTLETS)))


@lru_cache(maxsize=4096)
def outlet_of(source_id: str) -> str:
    """The outlet that a source belongs to: `bloomberg-politics` and `social-bloomberg` are one, others stand alone."""
    found = _IDS.search(source_id)
    return source_id if found is None else _KEYS[int(str(found.lastgroup)[1:])]


@lru_cache(maxsize=4096)
def rests_on(quote: str) -> str | None:
    """The outlet that the words of a report say they rest on."""
    if "report" not in quote and not any(word in quote for word in ("according", "citing", "told", "revealed")):
        return None
    for pattern in _rests():
        if found := pattern.search(quote):
            return next(_KEYS[int(name[1:])] for name, text in found.groupdict().items() if text)
    return None


def voices(reports: Iterable[Report], more: Iterable[Account] = ()) -> dict[str, Voice]:
    """Outlet and text of each report, by its id; texts that rest on one outlet are one text."""
    told = [(r.id, r.source_id, r.article_id, r.origin, r.wire, r.quote) for r in reports]
    told += [(a.report_id, a.source_id, a.origin, a.origin, a.wire, "") for a in more]
    known, joined = [], dict[str, str]()
    for name, source_id, article_id, origin, wire, quote in told:
        outlet = outlet_of(source_id) if source_id else article_id
        known.append((name, outlet, origin))
        own = outlet if outlet in _KEYS else None
        for base in filter(None, (own, wire, rests_on(quote) if quote else None)):
            _join(joined, origin, f"outlet {base}")
    return {name: (outlet, _root(joined, text)) for name, outlet, text in known}


def are_independent(one: Voice, two: Voice) -> bool:
    """Whether two reports share neither outlet nor text."""
    return one[0] != two[0] and one[1] != two[1]


def independent(told: Iterable[Voice]) -> int:
    """How many independent accounts there are among some reports: the most of which no two share outlet or text."""
    pairs = told if isinstance(told, set) else set(told)
    if len(pairs) < 2:
        return len(pairs)
    most = min(len({outlet for outlet, _ in pairs}), len({text for _, text in pairs}))
    return most if most in {1, len(pairs)} else _matching(pairs)


def _matching(pairs: Iterable[Voice]) -> int:
    """The size of a maximum matching, by augmenting paths (Kuhn), outlets with fewest texts first."""
    texts: dict[str, list[str]] = {}
    for outlet, text in pairs:
        texts.setdefault(outlet, []).append(text)
    holder, held = dict[str, str](), dict[str, str]()  # text to outlet, outlet to text
    return sum(_augment(outlet, texts, holder, held) for outlet in sorted(texts, key=lambda o: len(texts[o])))


def _augment(outlet: str, texts: Mapping[str, Sequence[str]], holder: dict[str, str], held: dict[str, str]) -> bool:
    """Give the outlet a text, where others can move on to one that is free; breadth first, no recursion."""
    came: dict[str, str] = {}  # text: the outlet that asks for it
    asking = [outlet]
    for one in asking:
        for text in texts[one]:
            if text in came:
                continue
            came[text] = one
            if text in holder:
                asking.append(holder[text])
                continue
            while True:
                asks = came[text]
                left = held.get(asks)
                holder[text], held[asks] = asks, text
                if left is None:
                    return True
                text = left  # noqa: PLW2901 - the way back
    return False


def _join(joined: dict[str, str], one: str, two: str) -> None:
    a, b = sorted((_root(joined, one), _root(joined, two)))
    if a != b:
        joined[b] = a


def _root(joined: Mapping[str, str], text: str) -> str:
    while (above := joined.get(text, text)) != text:
        text = above
    return text
