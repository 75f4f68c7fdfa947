"""Names outside the gazetteer, from spaCy's recogniser: their kind by their words, their country by what stands by.

Does not decide what a known name means (`tracker.nlp.gazetteer`) nor what refers back to it
(`tracker.nlp.coreference`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spacy.tokens import Doc
from spacy.tokens import Span as Entity

from tracker.model import Party, PartyKind
from tracker.nlp.found import Found

# Words that tell what a named body is; the last one in the name decides.
KIND_WORDS: dict[PartyKind, frozenset[str]] = {
    PartyKind.COURT: frozenset("court tribunal".split()),
    PartyKind.GOVERNMENT: frozenset(
        "ministry agency commission department authority bureau parliament police customs directorate secretariat senate"
        " committee administration regulator commissioner embassy inspectorate taskforce legislature presidency".split()
    ),
    PartyKind.ORGANISATION: frozenset(
        "university institute association union foundation federation chamber centre center party alliance society"
        " academy coalition college school council forum network organisation organization confederation initiative"
        " consortium league movement brigade church hospital fund".split()
    ),
    PartyKind.COMPANY: frozenset(
        "inc corp ltd co llc plc group holdings technologies bank airlines motors systems semiconductor electronics"
        " industries pharma energy company corporation limited gmbh ag sa partners capital ventures labs studios".split()
    ),
}
# Last words of names that are laws, lists, things or media rather than parties.
NOT_PARTIES = frozenset(
    "act acts list lists law laws rule rules bill order orders section article articles directive regulation regulations"
    " treaty agreement accord pact code programme program scheme tariff tariffs control controls sanctions licence"
    " license standard standards framework policy initiative plan fund-raising summit talks index gazette register"
    " chapter annex statute charter convention protocol deal guidelines strategy times post journal news herald daily"
    " tribune telegraph guardian wire press media magazine street avenue day week month year covid brexit chips chip"
    " emergency clause number duty duties quota".split()
)
NOT_NAMES = frozenset(
    "AI GPU GPUs API APIs VPN VPNs LNG EV EVs HBM DRAM NAND EUV DUV 5G 4G 6G CEO CFO COO CTO GDP IPO ETF USB URL PDF FAQ"
    " HS ECCN EAR SDN IT AML KYC LLM LLMs App Internet Web Covid COVID-19 SIM SMS IoT R&D IP PC PCs TV TVs UAV UAVs VAT"
    " GST DSA DMA GDPR DPA IEEPA NDAA UFLPA FDPR VEU GMO MFN FTA PNTR State Court Commission Ministry Article Section"
    " Entity List Tuesday Monday Wednesday Thursday Friday Saturday Sunday Reuters Bloomberg AFP AP Xinhua CapWire"
    " Nasdaq NYSE Dow MW GW AM PM ID IDs Co Ltd Inc".split()
)
_CAPITALISED = re.compile(r"[A-Z0-9]")
# Unknown places count only where the sentence uses them as such.
TERRITORY_AFTER = frozenset("in at near around outside inside across throughout within through to from into via".split())
LABELS = {"ORG", "PERSON", "GPE", "NORP"}


def find_names(
    doc: Doc, known: Sequence[Found], blocked: Sequence[tuple[int, int]]
) -> Iterator[Found]:
    """Parties that only the recogniser sees, outside the places that are already known or known to be none."""
    taken = sorted([(one.start, one.end) for one in known] + list(blocked))
    place = 0
    for entity in doc.ents:
        start, end = trimmed(doc.text, entity.start_char, entity.end_char)
        while place < len(taken) and taken[place][1] <= start:
            place += 1
        if place < len(taken) and taken[place][0] < end:
            continue
        if entity.label_ in LABELS and start < end:
            party = _party(doc, entity, doc.text[start:end], known)
            if party is not None:
                yield Found(start=start, end=end, party=party, how="name")


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A name without its article, possessive and stray marks."""
    name = text[start:end]
    lead = re.match(r"(?:[\s\"“'(\[]|[Tt]he\s|[Aa]n?\s)*", name)
    tail = re.search(r"(?:'s|’s|['’\"”,.;:)\]\s—–-])*$", name)
    first = lead.end() if lead else 0
    last = tail.start() if tail else len(name)
    if name[first:].endswith((".",)) and re.search(r"(?:\b[A-Z]\.)+$|\b(?:Inc|Corp|Co|Ltd|Bros)\.$", name):
        last = len(name)
    return start + first, start + max(first, last)


def _party(doc: Doc, entity: Entity, name: str, known: Sequence[Found]) -> Party | None:
    words = name.split()
    if not words or len(words) > 8 or not _CAPITALISED.match(name) or name in NOT_NAMES or "\n" in name:
        return None
    if words[-1].lower().strip(".") in NOT_PARTIES or (len(name) < 3 and entity.label_ != "ORG") or len(name) < 2:
        return None
    if doc.text[entity.end_char : entity.end_char + 1] == ":" and name.isupper():
        return None  # who speaks in a transcript
    kind = _kind(entity.label_, words)
    if len(words) == 1 and kind is PartyKind.PERSON:
        return None
    if kind is PartyKind.PLACE and doc.text[: entity.start_char].rstrip().rsplit(" ", 1)[-1].lower() not in TERRITORY_AFTER:
        return None
    country = _country(doc.text, entity.start_char, known) if kind is not PartyKind.PERSON else None
    return Party(name=name, kind=kind, country=country)


def _kind(label: str, words: Sequence[str]) -> PartyKind:
    for word in reversed([w.lower().strip(".,") for w in words]):
        for kind, telling in KIND_WORDS.items():
            if word in telling:
                return kind
    return {"ORG": PartyKind.COMPANY, "PERSON": PartyKind.PERSON, "GPE": PartyKind.PLACE}.get(label, PartyKind.GROUP)


def _country(text: str, start: int, known: Sequence[Found]) -> str | None:
    """The country of a demonym or state shortly before the name in the same phrase: "Chinese drone maker Autel"."""
    for one in reversed(known):
        if one.end > start:
            continue
        between = text[one.end : start]
        if len(between) > 45 or one.party.country is None:
            return None
        if one.how == "demonym" and re.fullmatch(r"[ a-z’'-]+", between):
            return one.party.country
        if one.how in {"name", "alias"} and re.fullmatch(r"(?:'s|’s|-based)[ a-z-]*\s", between):
            return one.party.country
        return None
    return None
