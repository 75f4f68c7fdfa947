"""Names, noun phrases, instruments and amounts in the form in which they are compared; no comparison is made here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from tracker.model import Amount, AmountKind, Party, PartyKind

# Forms of incorporation and joints of names, which two accounts of one company rarely share.
LEGAL_FORMS = frozenset(
    """ag ab and as bv co company corp corporation gmbh group holding holdings inc incorporated limited llc ltd nv of
    oyj plc s sa se spa the""".split()
)
# Words of noun phrases that say nothing about which goods are meant.
EMPTY_WORDS = frozenset(
    """a additional advanced all an and any certain for from in into its more most new of on or other our own some such
    that the their these this those to various with product good technology item service use sale access""".split()
)
GOVERNMENTAL = frozenset({PartyKind.GOVERNMENT, PartyKind.PLACE})


def fold(text: str) -> str:
    """Lower case without accents; dots inside abbreviations go (`U.S.` and `US` are one)."""
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c)).casefold()
    return re.sub(r"\b(\w)\.(?=\w\b)", r"\1", text)


@lru_cache(maxsize=16_384)
def name_words(name: str) -> tuple[str, ...]:
    """The words of a name that tell it from others; all of them if that leaves none."""
    tokens = re.findall(r"\w+", fold(name))
    return tuple(t for t in tokens if t not in LEGAL_FORMS) or tuple(tokens)


@lru_cache(maxsize=16_384)
def stems(phrase: str) -> frozenset[str]:
    """Crude stems of the content words of a noun phrase: `AI chips` and `AI chip` agree."""
    tokens = (t for t in re.findall(r"\w+", fold(phrase)) if len(t) > 1)
    cut = (re.sub(r"(ies|y)$", "i", t) for t in tokens)
    out = frozenset(re.sub(r"(es|s|e|ing|ed)$", "", t)[:9] for t in cut)
    return out - EMPTY_STEMS or out


EMPTY_STEMS = frozenset(re.sub(r"(es|s|e|ing|ed)$", "", re.sub(r"(ies|y)$", "i", t))[:9] for t in EMPTY_WORDS)


def party_key(party: Party) -> str:
    """One key per party as far as its own record tells: the gazetteer's id, else kind and name."""
    return party.id or f"{party.kind}:{' '.join(name_words(party.name))}"


TABLE = Path(__file__).parent / "terms.yaml"
# Words that end or begin names of instruments in one account and not in another.
LOOSE = frozenset("a an the of on for and s us u uk eu new its act law bill list rules rule regulation order".split())
_NUMBERED = re.compile(
    r"\b(?P<what>section|article|bill|hb|sb|hr|eo|executive order|general licen[cs]e|gl|no|notification no|list|part)"
    r"\W*(?P<number>(?:[a-z]-?)?\d+[a-z]?(?:/\d+)*)\b"
)
_PACKAGE = re.compile(r"\b(?P<number>\d+)(?:st|nd|rd|th)\b")
_SHORT = {"executive order": "eo", "general license": "gl", "general licence": "gl", "notification no": "no"}
_MONEY = re.compile(
    r"[$€£¥]\s?(?P<value>\d+(?:[.,]\d+)*)\s?(?P<scale>bn|billion|m|mn|million|tn|trillion|k|thousand)?\b", re.IGNORECASE
)
_RATE = re.compile(r"(?P<value>\d+(?:\.\d+)?)\s?(?:%|per ?cent\b)", re.IGNORECASE)
_SCALES = {
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "million": 1e6,
    "bn": 1e9,
    "billion": 1e9,
    "tn": 1e12,
    "trillion": 1e12,
}
COUNTED = frozenset({AmountKind.MONEY, AmountKind.RATE, AmountKind.COUNT})


def party_names(party: Party) -> Iterator[str]:
    """All that a party may be found by: its key, and its name, of a company also by the first word."""
    if party.id:
        yield party.id
    words = name_words(party.name)
    yield f"{party.kind}:{' '.join(words)}"
    if party.kind is PartyKind.COMPANY and words and len(words[0]) > 2:
        yield f"company:{words[0]}"


def wider_names(party: Party) -> Iterator[str]:
    """A party's own key with those of what it is part of: the state that a ministry acts for, the group of a firm."""
    if party.id:
        yield party.id
    if party.parent:
        yield party.parent
    if party.country and party.kind in GOVERNMENTAL and not _is_region(party):
        yield f"gov:{party.country.lower()}"


def seat(party: Party) -> str:
    """The country of a party in lower case, or nothing."""
    return (party.country or "").lower()


def _is_region(party: Party) -> bool:
    return bool(party.id and re.match(r"gov:\w\w-", party.id))


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:
    return dict(yaml.safe_load(TABLE.read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def _kinds() -> Mapping[str, str]:
    return {stem: kind for kind, words in _table()["things"].items() for word in words for stem in stems(str(word))}


@lru_cache(maxsize=1)
def common_stems() -> frozenset[str]:
    """Stems that many measures share, and that tell little."""
    return frozenset(stem for word in _table()["common"] for stem in stems(str(word)))


@lru_cache(maxsize=16_384)
def things(phrase: str) -> frozenset[str]:
    """The kinds of thing that a noun phrase names (terms.yaml)."""
    kinds = _kinds()
    return frozenset(kinds[stem] for stem in stems(phrase) if stem in kinds)


@lru_cache(maxsize=16_384)
def instrument_names(text: str) -> frozenset[str]:
    """A named law, list or rule in the forms it is cited by: its number, its words, its initials."""
    folded = fold(text)
    found = {f"{_SHORT.get(m['what'], m['what'])} {m['number']}" for m in _NUMBERED.finditer(folded)}
    found |= {f"{m['number']}th" for m in _PACKAGE.finditer(folded)}
    words = [w for w in re.findall(r"\w+", folded) if w not in LOOSE]
    if words and not found:
        found.add(" ".join(words))
    capitals = re.findall(r"\b[A-Z]", text)
    if len(capitals) > 2:
        found.add("".join(capitals).lower())
    return frozenset(found)


def amounts(read: Iterable[Amount], phrases: Iterable[str]) -> Iterator[str]:
    """Money, rates and counts, of those that were read and of those in the names of goods (`$200bn of goods`)."""
    for amount in read:
        if amount.kind in COUNTED:
            unit = amount.unit if amount.kind is AmountKind.MONEY else "%" if amount.kind is AmountKind.RATE else "n"
            yield _amount(float(amount.value), unit)
    for phrase in phrases:
        for m in _MONEY.finditer(phrase):
            yield _amount(float(m["value"].replace(",", "")) * _SCALES.get((m["scale"] or "").lower(), 1), "USD")
        for m in _RATE.finditer(phrase):
            yield _amount(float(m["value"]), "%")


def _amount(value: float, unit: str) -> str:
    return f"{value:.3g} {unit}"
