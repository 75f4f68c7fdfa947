"""Names and noun phrases in the form in which they are compared; no comparison is made here."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from tracker.model import Party, PartyKind

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


@lru_cache(maxsize=65_536)
def name_words(name: str) -> tuple[str, ...]:
    """The words of a name that tell it from others; all of them if that leaves none."""
    tokens = re.findall(r"\w+", fold(name))
    return tuple(t for t in tokens if t not in LEGAL_FORMS) or tuple(tokens)


@lru_cache(maxsize=65_536)
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


def actor_key(party: Party) -> str:
    """As `party_key`, but a state and all that act for it share one key: accounts differ in whom they name."""
    if party.kind in GOVERNMENTAL and party.country:
        return f"gov:{party.country.lower()}"
    if party.kind is PartyKind.COURT and party.country:
        return f"court:{party.country.lower()}"
    words = name_words(party.name)
    return f"{party.kind}:{words[0] if words else ''}" if party.kind is PartyKind.COMPANY else party_key(party)
