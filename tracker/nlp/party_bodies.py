"""Courts, ministries and agencies that no table holds, known by their capitals: "Debt Management Office".

Their country is that of a territory in the name or of the nearest one around it. Does not use the recogniser.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from tracker.model import Party, PartyKind
from tracker.nlp.found import Found

_WORD = r"[A-Z][\w’'&-]*"
_LINK = r"(?:of|and|for|on|the|de|du|la|des|della|&)"
_LINKS = frozenset({"of", "and", "for", "on", "the"})
_NAME = re.compile(rf"{_WORD}(?: (?:{_LINK} ){{0,2}}{_WORD})*")
_HEADS = {
    PartyKind.COURT: frozenset({"Court", "Tribunal"}),
    PartyKind.GOVERNMENT: frozenset(
        "Ministry Agency Commission Department Authority Bureau Directorate Council Office Board Committee Secretariat"
        " Inspectorate Administration Parliament Assembly Police Customs".split()
    ),
    PartyKind.ORGANISATION: frozenset("University Institute Association Federation Foundation".split()),
}
_KINDS = {head: kind for kind, heads in _HEADS.items() for head in heads}
_OWNER = re.compile(r"(?<!Magistrates)(?<!People)(?<!King)(?<!Queen)(?<=\w)['’]s? ")
_WORLDLY = frozenset({"World", "International", "Global", "European", "African", "Asian", "Inter-American"})
_AROUND = 400  # characters in which a country is looked for


def find_bodies(text: str, lists: Mapping[str, frozenset[str]], known: Sequence[Found]) -> Iterator[Found]:
    """Names with the head of a public body, where nothing but territories and roles is known."""
    starts = [one.start for one in known]
    for match in _NAME.finditer(text):
        start, end = _bounds(match, lists["not_first"])
        words = text[start:end].split()
        kind = _kind(words, lists["not_last_words"])
        if kind is None or len(words) < 2 or len(words) > 10 or text[start:end].isupper():
            continue
        inside = [
            one for one in known[max(0, bisect_left(starts, start) - 1) : bisect_left(starts, end)] if one.end > start
        ]
        if all(_may_be_part(one, kind) for one in inside):
            country = None if words[0] in _WORLDLY else _country(known, starts, start, inside)
            name = text[start:end]
            yield Found(start=start, end=end, party=Party(name=name, kind=kind, country=country), how="name")


def _bounds(match: re.Match[str], not_first: frozenset[str]) -> tuple[int, int]:
    """The name after the last possessive, without words that only begin or end a sentence."""
    start, end = match.start(), match.end()
    possessive = re.search(r"['’]s?$", match.group())
    end -= len(possessive.group()) if possessive else 0
    owners = list(_OWNER.finditer(match.group()[: end - start]))
    start += owners[-1].end() if owners else 0
    words = match.string[start:end].split(" ")
    while len(words) > 1 and (words[0] in not_first or words[0] in _LINKS):
        start += len(words.pop(0)) + 1
    while len(words) > 1 and (words[-1] in not_first or words[-1] in _LINKS):
        end -= len(words.pop()) + 1
    return start, end


def _kind(words: Sequence[str], not_last: frozenset[str]) -> PartyKind | None:
    """What a name's head makes it: its last word, or one before "of", "for", "on"; laws are none."""
    if words[-1].lower() in not_last:
        return None
    heads = [words[-1], *(word for word, link in pairwise(words) if link in _LINKS)]
    kind = next((_KINDS[word] for word in heads if word in _KINDS), None)
    return PartyKind.ORGANISATION if kind is PartyKind.GOVERNMENT and words[0] in _WORLDLY else kind


def _may_be_part(one: Found, kind: PartyKind) -> bool:
    """Whether a longer name may swallow what is known: territories, and roles whose body no table holds."""
    if kind is PartyKind.COURT and one.how == "alias" and one.party.kind is PartyKind.GOVERNMENT:
        return True  # "Westminster Magistrates' Court"
    if one.how == "role":
        return one.is_bare or "'s " in one.party.name
    return (
        one.how in {"name", "alias", "demonym", "capital", "city"}
        and (one.party.id or ":").count(":") == 1
        and (one.party.kind in {PartyKind.GOVERNMENT, PartyKind.PLACE})
    )


def _country(known: Sequence[Found], starts: Sequence[int], place: int, inside: Sequence[Found]) -> str | None:
    for one in inside:
        if one.party.country:
            return one.party.country
    here = bisect_left(starts, place)
    around = [
        one for one in known[max(0, here - 6) : here + 4] if one.party.country and abs(one.start - place) <= _AROUND
    ]
    acting = [one for one in around if one.entry is not None and one.entry.acts_for]
    around = acting or around
    before = [one for one in around if one.start < place]
    nearest = before[-1] if before else (around[0] if around else None)
    return nearest.party.country if nearest else None
