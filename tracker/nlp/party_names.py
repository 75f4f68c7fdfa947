"""Names outside the gazetteer, from spaCy's recogniser: their kind by their words, their country by what stands by.

Does not decide what a known name means (`tracker.nlp.gazetteer`) nor what refers back to it
(`tracker.nlp.coreference`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from spacy.tokens import Doc
from spacy.tokens import Span as Entity

from tracker.model import Party, PartyKind
from tracker.nlp.found import Found
from tracker.nlp.gazetteer import Gazetteer

# Kinds by the words of a name, told by lists of that name in names.yaml.
KIND_LISTS = {
    "court_words": PartyKind.COURT,
    "government_words": PartyKind.GOVERNMENT,
    "organisation_words": PartyKind.ORGANISATION,
    "company_words": PartyKind.COMPANY,
}
_CAPITALISED = re.compile(r"[A-Z0-9]")
# Unknown places count only where the sentence uses them as such.
TERRITORY_AFTER = frozenset(
    "in at near around outside inside across throughout within through to from into via".split()
)
LOCATIVE = frozenset({"in", "at", "near"})
MOST_WORDS = 8
LABELS = {"ORG", "PERSON", "GPE", "NORP"}


def find_names(
    doc: Doc, gazetteer: Gazetteer, known: Sequence[Found], blocked: Sequence[tuple[int, int]]
) -> Iterator[Found]:
    """Parties that only the recogniser sees, outside the places that are already known or known to be none."""
    taken = sorted([(one.start, one.end) for one in known if not is_territory(one)] + list(blocked))
    territories = [(one.start, one.end) for one in known if is_territory(one)]
    place, text = 0, doc.text
    for entity in doc.ents:
        if entity.label_ not in LABELS:
            continue
        start, end = trimmed(text, entity.start_char, entity.end_char)
        while place < len(taken) and taken[place][1] <= start:
            place += 1
        if place < len(taken) and taken[place][0] < end:
            continue
        if text[max(0, start - 1) : start] in {"#", "@"} or "@" in text[start:end]:
            continue
        if not _is_more_than(text, start, end, territories, entity.label_):
            continue
        if start < end:
            party = _party(text, gazetteer, entity, text[start:end], known)
            if party is not None:
                yield Found(start=start, end=end, party=party, how="name")


def is_territory(one: Found) -> bool:
    """Whether this is a state or place, which may be a part of another name ("Korea Zinc")."""
    return (
        one.how in {"name", "alias", "demonym", "capital", "city"}
        and one.party.kind
        in {
            PartyKind.GOVERNMENT,
            PartyKind.PLACE,
        }
        and (one.party.id or ":").count(":") == 1
    )


def _is_more_than(text: str, start: int, end: int, territories: Sequence[tuple[int, int]], label: str) -> bool:
    """Whether a name is more than the territory in it: at its edge, with other capitalised words, and no possessive."""
    here = bisect_left(territories, (start, start))
    inside = [(a, b) for a, b in territories[max(0, here - 1) : here + 4] if a < end and b > start]
    if not inside:
        return True
    if label != "ORG" or len(inside) > 1 or inside[0][0] < start or inside[0][1] > end:
        return False
    first, last = inside[0]
    rest = (text[start:first] + " " + text[last:end]).split()
    words = [word for word in rest if word.isalpha()]
    return len(words) == len(rest) > 0 and all(word[0].isupper() or word in {"of", "and", "for"} for word in words)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A name without its article, possessive and stray marks."""
    name = text[start:end]
    lead = re.match(r"(?:[\s\"“'(\[]|[Tt]he\s|[Aa]n?\s)*", name)
    tail = re.search(r"(?: of| for| and|'s|’s|['’\"”,.;:)\]\s—–-])*$", name)
    first = lead.end() if lead else 0
    last = tail.start() if tail else len(name)
    if name[first:].endswith((".",)) and re.search(r"(?:\b[A-Z]\.)+$|\b(?:Inc|Corp|Co|Ltd|Bros)\.$", name):
        last = len(name)
    return start + first, start + max(first, last)


def _party(text: str, gazetteer: Gazetteer, entity: Entity, name: str, known: Sequence[Found]) -> Party | None:
    words = name.split()
    if not _is_name(gazetteer, name, words, entity.label_):
        return None
    before, after = (
        text[max(0, entity.start_char - 12) : entity.start_char],
        text[entity.end_char : entity.end_char + 1],
    )
    if after == ":" and name.isupper():
        return None  # who speaks in a transcript
    kind = _kind(gazetteer, entity.label_, words)
    if len(words) == 1 and kind is PartyKind.PERSON:
        return None
    if kind is PartyKind.PLACE and before.rstrip().rsplit(" ", 1)[-1].lower() not in TERRITORY_AFTER:
        return None
    if kind is PartyKind.COMPANY and len(words) == 1 and before.rstrip().rsplit(" ", 1)[-1].lower() in LOCATIVE:
        kind = PartyKind.PLACE  # "carmakers in Wolfsburg"
    country = _country(text, entity.start_char, known) if kind is not PartyKind.PERSON else None
    return Party(name=name, kind=kind, country=country)


def _is_name(gazetteer: Gazetteer, name: str, words: Sequence[str], label: str) -> bool:
    """Whether the recogniser's find may be a party at all: no law, no thing, no piece of a table."""
    lists = gazetteer.lists
    if not 0 < len(words) <= MOST_WORDS or "\n" in name or not _CAPITALISED.match(name) or name in lists["not_names"]:
        return False
    if words[-1].lower().strip(".") in lists["not_last_words"] or words[0].lower() in lists["not_first_words"]:
        return False
    if len(words) == 1 and (
        any(name.lower() in lists[kind] for kind in KIND_LISTS) or (len(name) > 4 and name.isupper())
    ):
        return False
    if label == "PERSON" and any(c.isdigit() for c in name):
        return False
    return len(name) > 2 or (len(name) == 2 and label == "ORG")


def _kind(gazetteer: Gazetteer, label: str, words: Sequence[str]) -> PartyKind:
    for word in reversed([w.lower().strip(".,") for w in words]):
        for name, kind in KIND_LISTS.items():
            if word in gazetteer.lists[name]:
                return kind
    return {"ORG": PartyKind.COMPANY, "PERSON": PartyKind.PERSON, "GPE": PartyKind.PLACE}.get(label, PartyKind.GROUP)


def _country(text: str, start: int, known: Sequence[Found]) -> str | None:
    """The country of a demonym or state shortly before the name in the same phrase: "Chinese drone maker Autel"."""
    here = bisect_left(known, start, key=lambda one: one.start)
    for one in reversed(known[max(0, here - 2) : here]):
        between = text[one.end : start]
        if len(between) > 45 or one.party.country is None:
            return None
        if one.how == "demonym" and re.fullmatch(r"[ a-z’'-]+", between):
            return one.party.country
        if one.how in {"name", "alias"} and re.fullmatch(r"(?:'s|’s|-based)[ a-z-]*\s", between):
            return one.party.country
        return None
    return None
