"""Groups that a text names by what they are: "users in France", "140 Chinese entities", "under-16s".

Works on words, with part-of-speech tags where the document has them. Does not know parties by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Token

from tracker.model import Party, PartyKind
from tracker.nlp.found import Found
from tracker.nlp.gazetteer import Gazetteer

MOST_WORDS = 8
MOST_BEFORE = 5
# Words that may stand before the head inside the group's name.
MODIFIERS = frozenset({"ADJ", "NOUN", "PROPN", "NUM"})
# Adjectives and determiners that say nothing of who the group is.
EMPTY = frozenset(
    "the a an its their our his her these those such other many most some all any several various certain more fewer"
    " few both same new own latest last next first former other another dozens hundreds thousands scores"
    " today tomorrow yesterday tonight january february march april may june july august september october november"
    " december monday tuesday wednesday thursday friday saturday sunday".split()
)
TERRITORIAL = frozenset({"name", "alias", "demonym", "metonym", "capital", "city", "people"})
STATES = frozenset({PartyKind.GOVERNMENT, PartyKind.PLACE})
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = re.compile(
    r"\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens|hundreds|twenty|thirty|forty|fifty"
)


def find_groups(doc: Doc, gazetteer: Gazetteer, known: Sequence[Found]) -> Iterator[Found]:
    """Groups, with the country that their words give; territories inside them become a part of them."""
    heads = {
        word: kind for kind in ("things", "counted", "firms", "people") for word in gazetteer.lists[f"group {kind}"]
    }
    text = doc.text
    by_end = {one.end: one for one in known}
    by_start = {one.start: one for one in known}
    for token in doc:
        kind = heads.get(token.lower_) or _suffix_kind(token.lower_)
        if kind is None or token.pos_ in {"VERB", "AUX"}:
            continue
        group = _group(doc, text, gazetteer, token, kind, by_start, by_end)
        if group is not None:
            yield group


def _suffix_kind(word: str) -> str | None:
    """Compounds that no list ends: "winemakers", "coalminers"."""
    return (
        "firms"
        if word.endswith(("makers", "producers", "growers", "exporters", "importers")) and len(word) > 7
        else None
    )


def _group(
    doc: Doc,
    text: str,
    gazetteer: Gazetteer,
    head: Token,
    kind: str,
    by_start: dict[int, Found],
    by_end: dict[int, Found],
) -> Found | None:
    left, country, has_words, is_counted = _left(doc, gazetteer.lists["participles"], head, by_end)
    if left < 0:
        return None
    end, after = _right(doc, gazetteer, head, by_start)
    country = country or after
    if kind == "counted" and not (country or is_counted):
        return None
    if kind == "things" and not (country or is_counted or has_words):
        return None
    start = doc[left].idx
    name = text[start:end]
    if len(name.split()) > MOST_WORDS:
        return None
    is_plain = not (has_words or country or is_counted)
    party = Party(name=name, kind=PartyKind.GROUP, country=country)
    return Found(start=start, end=end, party=party, how="group" if not is_plain else "class", is_plural=True)


def _left(
    doc: Doc, participles: frozenset[str], head: Token, by_end: dict[int, Found]
) -> tuple[int, str | None, bool, bool]:
    """The group's first word, its country, whether it has telling words or a number; -1 where a name owns it."""
    first, country, has_words, is_counted = head.i, None, False, False
    while first > 0 and head.i - first < MOST_BEFORE:
        before = doc[first - 1]
        inside = by_end.get(before.idx + len(before))
        if inside is not None:
            if not _is_territory(inside):
                return -1, None, False, False
            if head.i - first == 0 and inside.how in {"capital", "metonym"}:
                return -1, None, False, False
            country, has_words = country or inside.party.country, True
            while first > 0 and doc[first - 1].idx >= inside.start:
                first -= 1
            continue
        word = before.lower_
        is_full = not before.pos_ and (is_counted or country is not None or has_words)
        if (
            word in EMPTY
            or is_full
            or (is_counted and word in participles)
            or _YEAR.fullmatch(word)
            or not _may_modify(before, participles)
        ):
            break  # without tags a verb looks like a modifier, so one word has to do
        is_counted = is_counted or _NUMBER.fullmatch(word) is not None
        has_words = True
        first -= 1
    while first < head.i and (doc[first].is_punct or doc[first].lower_ in {"and", "or"}):
        first += 1
    return first, country, has_words, is_counted


def _is_territory(one: Found) -> bool:
    """Whether this is a state, region or place; a ministry is none."""
    return one.party.kind in STATES and one.how in TERRITORIAL and (one.party.id or ":").count(":") == 1


def _may_modify(token: Token, participles: frozenset[str]) -> bool:
    if token.text == "-":
        return token.i > 0 and not token.nbor(-1).whitespace_
    if token.text == "&":
        return True
    if not (token.is_alpha or token.like_num or "-" in token.text) or token.is_stop:
        return False
    if not token.pos_:
        return token.is_lower or token.like_num
    return token.pos_ in MODIFIERS or (token.lower_ in participles)


def _right(doc: Doc, gazetteer: Gazetteer, head: Token, by_start: dict[int, Found]) -> tuple[int, str | None]:
    """Where the group's name ends: after a country tied to it ("in France"), else at its head."""
    end = head.idx + len(head)
    ties = gazetteer.lists["ties"]
    words: list[str] = []
    for token in doc[head.i + 1 : head.i + 6]:
        territory = by_start.get(token.idx)
        if territory is not None:
            is_tied = " ".join(w for w in words if w != "the") in ties
            if is_tied and _is_territory(territory) and territory.how != "demonym":
                return territory.end, territory.party.country
            return end, None
        words.append(token.lower_)
    return end, None
