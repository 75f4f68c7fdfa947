"""Names that an article makes for itself: acronyms in brackets, surnames, short names, countries in appositions.

"The Debt Management Office (DMO)" makes DMO a name, "Mines Minister Polite Kambamura" makes Kambamura one.

Looks only at one text and what was found in it. Does not resolve nouns or pronouns (`tracker.nlp.coreference`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from tracker.model import Party, PartyKind
from tracker.nlp.found import Found

_BRACKET = re.compile(r"(?:'s|’s)? \((?:the |\"|“)?([A-Z][A-Za-z&.-]{1,11})[\"”]?\)")
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_APPOSITION = re.compile(r", (?:a|an|the|one of)? ?(?:[a-z-]+ )?$")
_OFFICE_AFTER = re.compile(r",? (?:the |who is |a )?$")
# Last words of offices and bodies, which are no surnames.
_OFFICE_WORDS = frozenset(
    "minister ministers secretary president administration representative commissioner premier chancellor general"
    " ministry department house governor treasury officials regime government spokesperson spokesman".split()
)
_ORGANISED = frozenset({PartyKind.COMPANY, PartyKind.ORGANISATION, PartyKind.GOVERNMENT, PartyKind.COURT})


def settle(text: str, common: frozenset[str], found: Sequence[Found]) -> list[Found]:
    """What was found, with the article's own acronyms and short names read as what they stand for."""
    placed = _with_countries(text, found)
    names = {**_short_names(text, common, placed), **_acronyms(text, placed)}
    return [_renamed(text, one, names) for one in placed]


def unseen(text: str, common: frozenset[str], found: Sequence[Found]) -> Iterator[Found]:
    """Further places where a short name or acronym of the article stands and nothing was found."""
    names = {**_short_names(text, common, found), **_acronyms(text, found)}
    if not names:
        return
    pattern = re.compile(
        r"(?<![\w@.-])(?:" + "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True)) + r")(?!\w)"
    )
    taken, place = sorted((one.start, one.end) for one in found), 0
    for match in pattern.finditer(text):
        while place < len(taken) and taken[place][1] <= match.start():
            place += 1
        if place == len(taken) or taken[place][0] >= match.end():
            source = names[match.group()]
            yield replace(source, start=match.start(), end=match.end(), how=_how(source, match.group()))


def _how(source: Found, name: str) -> str:
    if source.how == "office":
        return "office"
    return "acronym" if name.isupper() else "alias"


def _renamed(text: str, one: Found, names: Mapping[str, Found]) -> Found:
    """A name that only the recogniser saw, or an acronym the article gave a meaning, as what it stands for."""
    source = names.get(text[one.start : one.end])
    if source is None or source.start == one.start:
        return one
    if one.entry is not None and (source.entry is None or not text[one.start : one.end].isupper()):
        return one
    return replace(one, party=source.party, entry=source.entry, how=_how(source, text[one.start : one.end]))


def _short_names(text: str, common: frozenset[str], found: Sequence[Found]) -> dict[str, Found]:
    """Surnames of people and of holders of an office, first words of companies known by the text alone."""
    names: dict[str, Found] = {}
    for one in found:
        words = text[one.start : one.end].split()
        if len(words) < 2 or one.how in {"group", "class", "description"}:
            continue
        if one.party.kind is PartyKind.PERSON or (one.how == "office" and _ends_with_name(words)):
            names.setdefault(words[-1], one)
        elif one.entry is None and one.party.kind is PartyKind.COMPANY and _is_telling(words[0], common):
            names.setdefault(words[0], one)
    return names


def _ends_with_name(words: Sequence[str]) -> bool:
    """Whether an office's words end with a person: "Minister Polite Kambamura", not "Trade Minister"."""
    return words[-1][:1].isupper() and words[-1].lower() not in _OFFICE_WORDS


def _is_telling(word: str, common: frozenset[str]) -> bool:
    return len(word) > 3 and word[0].isupper() and word.lower().strip(".,") not in common


def _acronyms(text: str, found: Sequence[Found]) -> dict[str, Found]:
    """What the article itself puts in brackets after a party's name."""
    names: dict[str, Found] = {}
    for one in found:
        bracket = _BRACKET.match(text, one.end)
        if bracket and one.party.kind in _ORGANISED and _abbreviates(bracket[1], one, text):
            names.setdefault(bracket[1], one)
    return names


def _abbreviates(short: str, one: Found, text: str) -> bool:
    """Whether a bracket may abbreviate the name before it: it starts with the same letter or shares its capitals."""
    name = text[one.start : one.end].removeprefix("the ").removeprefix("The ")
    initials = "".join(word[0] for word in _WORD.findall(f"{name} {one.party.name}")).upper()
    letters = [c for c in short.upper() if c.isalpha()]
    return bool(letters) and all(c in initials for c in letters[:2])


def _with_countries(text: str, found: Sequence[Found]) -> list[Found]:
    """Companies and bodies without a country get that of an apposition: "Foo, a Dutch chipmaker"."""
    countries: dict[str, str] = {}
    for one, following in pairwise(found):
        lacks = one.party.country is None and one.party.kind in _ORGANISED and one.entry is None
        if lacks and following.party.country and following.start - one.end < 40:
            between = text[one.end : following.start]
            if following.how in {"demonym", "name", "alias", "group"} and _APPOSITION.fullmatch(between):
                countries.setdefault(one.party.name, following.party.country)
    return [
        replace(one, party=replace(one.party, country=countries[one.party.name]))
        if one.party.country is None and one.party.name in countries
        else one
        for one in found
    ]


def holders(text: str, found: Sequence[Found]) -> dict[str, Party]:
    """People in apposition to an office ("Polite Kambamura, the mines minister") with whom they act for."""
    parties: dict[str, Party] = {}
    for one, following in pairwise(found):
        between = text[one.end : following.start]
        if one.party.kind is PartyKind.PERSON and following.how == "office" and _OFFICE_AFTER.fullmatch(between):
            parties[one.party.name] = following.party
        elif following.party.kind is PartyKind.PERSON and one.how == "office" and between in {", ", " "}:
            parties[following.party.name] = one.party
    return parties
