"""Which agency's text an article is, as its credit says: in the dateline, the byline, or the last lines.

A credit says that the words are the agency's. A sentence that says "Reuters reported" does not: whatever rests on
another outlet is found where events are weighed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tracker.urls import registrable_domain

# Agencies: what an article's `wire` says, the names in credits, and the agency's own addresses.
AGENCIES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "aap": (r"AAP|Australian Associated Press", "aapnews.com.au"),
        "afp": (r"AFP|Agence France[- ]Presse", "afp.com"),
        "anadolu": (r"AA|Anadolu(?: Agency)?", "aa.com.tr"),
        "ani": (r"ANI|Asian News International", "aninews.in"),
        "ansa": (r"ANSA", "ansa.it"),
        "ap": (r"AP|(?:The )?Associated Press", "apnews.com ap.org"),
        "belga": (r"Belga(?: News Agency)?", "belganewsagency.eu"),
        "bernama": (r"Bernama", "bernama.com"),
        "bloomberg": (r"Bloomberg(?: News)?", "bloomberg.com"),
        "business-wire": (r"BUSINESS WIRE|Business Wire", "businesswire.com"),
        "canadian-press": (r"(?:The )?Canadian Press", "thecanadianpress.com"),
        "cns": (r"CNS|China News Service", "chinanews.com"),
        "cna-taiwan": (r"CNA|Central News Agency", "focustaiwan.tw"),
        "dow-jones": (r"Dow Jones(?: Newswires)?", "dowjones.com"),
        "dpa": (r"dpa(?:[-/]\w+)?|DPA|Deutsche Presse-Agentur", "dpa.com"),
        "efe": (r"EFE", "efe.com"),
        "globenewswire": (r"GLOBE NEWSWIRE|GlobeNewswire", "globenewswire.com"),
        "ians": (r"IANS", "ians.in"),
        "interfax": (r"Interfax(?:-\w+)?", "interfax.com interfax.ru"),
        "jiji": (r"Jiji(?: Press)?", "jiji.com"),
        "kyodo": (r"Kyodo(?: News)?|KYODO", "kyodonews.net"),
        "pa": (r"PA(?: Media)?|Press Association", "pa.media"),
        "pr-newswire": (r"PRNewswire|PR Newswire|PRNEWSWIRE", "prnewswire.com"),
        "pti": (r"PTI|Press Trust of India", "ptinews.com"),
        "reuters": (r"(?:Thomson )?Reuters|REUTERS", "reuters.com"),
        "tass": (r"TASS", "tass.com tass.ru"),
        "upi": (r"UPI|United Press International", "upi.com"),
        "xinhua": (r"Xinhua(?: News Agency)?", "news.cn xinhuanet.com"),
        "yonhap": (r"Yonhap(?: News Agency)?", "yna.co.kr"),
    }
)
LAST = 3  # paragraphs that may end with a credit
DATELINE_END = 90  # characters within which a dateline ends

_KEYS = tuple(AGENCIES)
_ANY = "|".join(f"(?P<_{n}>{names})" for n, (names, _) in enumerate(AGENCIES.values()))
_DASH = r"\s?(?:[-\u2010-\u2015]{1,2}|/)\s?"
# "LONDON (Reuters) -", "BEIJING, June 25 (AP) —", "(dpa) -", "NEW YORK, June 25, 2024 /PRNewswire/ --"
_DATELINE = re.compile(
    rf"(?P<place>[^()/\n]{{0,60}})(?:\((?P<name>[^()\d\n]{{2,40}})\)|/(?P<slashed>[^/\d\n]{{2,40}})/){_DASH}"
)
_PLACE = re.compile(r"(?:[A-Z\u00c0-\u00de][A-Z\u00c0-\u00de .'\u2019/-]{2,}(?:, [A-Z][\w. ]+)?(?:, [\w ,.]+)?)?\s*")
_NAMED = re.compile(rf"(?:{_ANY})")
# "By Jane Roe, Associated Press", "Reuters", "AFP staff", "Agencies: Reuters, AP" is two and so none
_BYLINE = re.compile(
    rf"(?:by )?(?:[^,|/;]{{2,60}}(?:,| \||/| -| of| for) ?)?(?:{_ANY})(?: staff| in [^,]+)?", re.IGNORECASE
)
_FOOT = re.compile(
    rf"(?:\W*|.*[.\u201d\")] [-\u2013\u2014]+ ?|(?:source|agency|credit|via):? )(?:{_ANY})\W*"
    rf"|(?:copyright|\u00a9|\(c\))\D{{0,3}}(?:\d{{4}})? ?(?:{_ANY.replace('?P<_', '?P<c')})\b.*",
    re.IGNORECASE | re.DOTALL,
)
_REUTERS_FOOT = re.compile(
    r"\(?(?:additional )?reporting by [^.;]+; ?(?:additional |writing|editing)[^.]+\)?\.?", re.IGNORECASE
)


def credit(blocks: Sequence[str], *, author: str | None = None, url: str | None = None) -> str | None:
    """The agency whose text this is: a key of `AGENCIES`, or the name in the dateline of one that is not there.

    `blocks` are those of the page, before credits were taken out of them.
    """
    own = _of_address(url)
    return own or _of_dateline(blocks) or (_of_byline(author) if author else None) or _of_foot(blocks)


def is_own(wire: str | None, url: str | None) -> bool:
    """Whether an article stands at the agency's own address."""
    return wire is not None and _of_address(url) == wire


def _of_address(url: str | None) -> str | None:
    domain = registrable_domain(url) if url else ""
    return next((key for key, (_, domains) in AGENCIES.items() if domain in domains.split()), None)


def _of_dateline(blocks: Sequence[str]) -> str | None:
    for block in blocks[:LAST]:
        found = _DATELINE.match(block, 0, DATELINE_END)
        if found is not None and _PLACE.fullmatch(found["place"]):
            name = " ".join((found["name"] or found["slashed"]).split())
            known = _key(_NAMED.fullmatch(name))
            if known or (found["place"] and name[:1].isupper()):
                return known or re.sub(r"\W+", "-", name.casefold()).strip("-")
    return None


def _of_byline(author: str) -> str | None:
    return _key(_BYLINE.fullmatch(author.strip()))


def _of_foot(blocks: Sequence[str]) -> str | None:
    for block in reversed(blocks[-LAST:]):
        line = block.rstrip()[-200:]
        if found := _key(_FOOT.fullmatch(line)):
            return found
        if _REUTERS_FOOT.fullmatch(line.strip()):
            return "reuters"
    return None


def _key(found: re.Match[str] | None) -> str | None:
    if found is None:
        return None
    return next((_KEYS[int(name[1:])] for name, text in found.groupdict().items() if text is not None), None)
