"""The parties of an article: who is named where, and as what.

`find_parties` lays the gazetteer's matches, the recogniser's names and descriptive groups over one text, decides
capitals by their place in the sentence, and follows short names, acronyms and "the company" back to whom they mean
(`tracker.nlp.coreference`). It does not say who does what to whom: that is the work of the events.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from spacy.tokens import Doc

from tracker.model import Mention, Party, PartyKind
from tracker.nlp.article_names import holders, settle, unseen
from tracker.nlp.coreference import follow
from tracker.nlp.found import Found, without_overlaps
from tracker.nlp.gazetteer import Gazetteer, Match
from tracker.nlp.gazetteer_trie import scan
from tracker.nlp.party_bodies import find_bodies
from tracker.nlp.party_groups import find_groups
from tracker.nlp.party_names import find_names

# A capital after these words is a place, not its government.
LOCATIVE = frozenset({"in", "at", "near", "around", "outside", "inside", "across", "throughout", "within", "through"})
# A state after these words is a market or a place rather than one that acts.
TERRITORY_AFTER = LOCATIVE | {"to", "from", "into", "via"}
_DATELINE = re.compile(
    r"(?:^|\n)[ \t]*[A-ZÀ-Þ][A-ZÀ-Þ.'/ -]{2,40}(?:,[^\n—–-]{0,40})?(?: ?\([^)\n]{1,40}\))? ?(?:[—–-]|--) "
    r"|(?:^|\n)[ \t]*[A-ZÀ-Þ]{3,20}(?: [A-ZÀ-Þ]{2,20}){0,2}: "
    r"|(?:^|\n)[ \t]*[A-Z][\w.' -]{2,30}(?:, [A-Z][\w. ]{1,20})?(?: ?\([^)\n]{1,40}\)) ?(?:[—–-]|--) "
)
# A capitalised word right after a city, which makes both a name of something else: "Amman Mineral".
_PART_OF_NAME = re.compile(
    r" (?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[A-Z]+\b|(?:The|On|In|It|He|She|And|But)\b)[A-Z][a-z]+(?!['’]s)"
)

# The person at the end of an office's words: two or three capitalised words after the last lower-case one or title.
_NAME_AT_END = re.compile(
    r"(?:[Mm]inister|[Pp]resident|[Ss]ecretary|[Pp]remier|[Gg]overnor|[Gg]eneral) ((?:[A-Z][\w'’.-]+ ?){2,3})$"
)


def find_parties(
    doc: Doc, gazetteer: Gazetteer, *, title: Doc | None = None, on: str | None = None
) -> tuple[Mention, ...]:
    """Every mention of a party, in order, without overlaps; those of the title first, with spans of field "title".

    `on` is the article's date (an ISO prefix): a leader named outside their time in office is a person, not their
    office.
    """
    heading = _named(title, gazetteer, on) if title is not None else []
    found = without_overlaps(follow(doc, gazetteer, _named(doc, gazetteer, on), heading))
    return (*(one.mention(in_title=True) for one in heading), *(one.mention() for one in found))


def person_behind(words: str, gazetteer: Gazetteer) -> Party | None:
    """The person whom the words of an office mention name, for measures that hit them and not their office.

    "President Alexander Lukashenko" is Belarus where he acts and himself where he is put under sanctions; None where
    the words name nobody ("the trade minister").
    """
    for match in scan(gazetteer.trie, words):
        for sense in match.senses:
            entry = gazetteer.entries.get(sense.key)
            if entry is not None and entry.party.kind is PartyKind.PERSON:
                return entry.party
    name = _NAME_AT_END.search(words)
    return Party(name=name[1], kind=PartyKind.PERSON) if name else None


def _named(doc: Doc, gazetteer: Gazetteer, on: str | None) -> list[Found]:
    """What a text names or describes by itself, before anything refers back to it."""
    text = doc.text
    named = gazetteer.find(text)
    datelines = [match.span() for match in _DATELINE.finditer(text) if _is_dateline(match, named)]
    matches = [match for match in named if not _inside(match, datelines)]
    known = [one for one in (_read(text, gazetteer, match, on) for match in matches) if one is not None]
    bodies = list(find_bodies(text, gazetteer.lists, known))
    names = list(find_names(doc, gazetteer, [*known, *bodies], datelines))
    groups = list(find_groups(doc, gazetteer, known))
    common = gazetteer.lists["common_words"]
    every = [one for one in (*known, *bodies, *names, *groups) if not _inside(one, datelines)]
    found = settle(text, common, without_overlaps(every))
    found = without_overlaps([*found, *unseen(text, common, found)])
    offices = holders(text, found)
    return [
        replace(one, party=offices[one.party.name], how="office") if one.party.name in offices else one for one in found
    ]


def _is_dateline(match: re.Match[str], named: Iterable[Match]) -> bool:
    """Whether a line's head is its place: before a colon only where a city is named ("MUMBAI: ", not "TSMC: ")."""
    place = match.span()
    return not match.group().endswith(": ") or any(
        one.how in {"city", "capital"} and place[0] <= one.start < place[1] for one in named
    )


def _inside(match: Match | Found, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= match.start < end for start, end in spans)


def _read(text: str, gazetteer: Gazetteer, match: Match, on: str | None) -> Found | None:
    """A match as the party it stands for at its place in the sentence; None for a part of a longer name."""
    entry, how, party = match.entry, match.how, match.entry.party
    if how in {"capital", "city"} and _PART_OF_NAME.match(text, match.end):
        return None
    before = text[max(0, match.start - 24) : match.start].lower().split()
    previous = before[-1] if before else ""
    if party.kind is PartyKind.PERSON:
        party = _office(gazetteer, match, on)
    elif how == "city" or (how == "capital" and previous in LOCATIVE):
        party, how = Party(name=match.alias, kind=PartyKind.PLACE, country=party.country, parent=party.id), "city"
    elif how == "people":
        party = Party(name=match.alias, kind=PartyKind.GROUP, country=party.country, parent=party.id)
    elif how in {"name", "alias"} and previous in TERRITORY_AFTER and (party.id or "").count(":") == 1:
        if party.kind is PartyKind.GOVERNMENT and party.id != "gov:eu":
            party = replace(party, kind=PartyKind.PLACE)
    elif how == "capital":
        how = "metonym"
    elif how == "former":
        party, how = replace(party, name=match.alias), "alias"
    return Found(
        start=match.start, end=match.end, party=party, how=how, entry=entry, role=match.role, is_bare=match.bare
    )


def _office(gazetteer: Gazetteer, match: Match, on: str | None) -> Party:
    """Whom a leader acts for on the article's date; the person where they held no office then."""
    entry = match.entry
    held = not entry.terms or on is None or any(_within(on, start, end) for start, end in entry.terms)
    body = gazetteer.entries.get(entry.acts_for or "") if held else None
    return body.party if body else entry.party


def _within(day: str, start: str, end: str) -> bool:
    """Whether an ISO prefix lies between two others, to the precision that they share."""
    return (not start or day[: len(start)] >= start[: len(day)]) and (not end or day[: len(end)] <= end[: len(day)])
