"""What refers back to a party of the article: "the company", "the agency", "the bloc", "the minister", it, they, he.

Every reference goes to the most salient compatible party before it: the subject of a recent sentence before other
roles, the near before the far. Where none is compatible nothing is said; "it" counts only as one who acts. Uses the
parse where the document has one. Does not find names (`tracker.nlp.parties`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from tracker.model import PartyKind
from tracker.nlp.found import Found
from tracker.nlp.gazetteer import Gazetteer
from tracker.nlp.gazetteer_tables import BODY_NOUNS

# What makes a party salient; the highest sum wins.
PER_SENTENCE = -22.0  # for each sentence between
PER_ROLE = {"nsubj": 30.0, "nsubjpass": 26.0, "dobj": 10.0, "poss": 8.0, "pobj": 4.0, "agent": 10.0}
PER_MENTION = 2.0  # up to MOST_MENTIONS
MOST_MENTIONS = 6
IN_TITLE = 10.0
EXACT_NOUN = 15.0  # the noun is the party's own ("the chipmaker" for Nvidia), not one for all companies
# Sentences looked back.
FAR_NOUN, FAR_HE, FAR_IT = 30, 4, 1

ACTORS = frozenset({PartyKind.COMPANY, PartyKind.GOVERNMENT, PartyKind.COURT, PartyKind.ORGANISATION})
NAMED = frozenset({"name", "alias", "acronym", "metonym", "capital", "office", "role", "description"})
_MODIFIER = re.compile(r"[\w'’-]+")
HE = frozenset({"he", "she", "him", "his", "her", "himself", "herself"})
IT = frozenset({"it", "its", "itself"})
THEY = frozenset({"they", "their", "them", "themselves"})


@dataclass(slots=True)
class Scene:
    """What has been named so far, and where sentences begin."""

    doc: Doc
    gazetteer: Gazetteer
    starts: list[int]
    past: list[Found]
    counts: Counter[str]
    in_title: frozenset[str]

    def sentence(self, place: int) -> int:
        """The number of the sentence at a character."""
        return bisect_right(self.starts, place)


def follow(doc: Doc, gazetteer: Gazetteer, found: Sequence[Found], heading: Sequence[Found]) -> list[Found]:
    """What was found, with the references to it added and bare roles read as the body named before."""
    scene = Scene(doc, gazetteer, _starts(doc), [], Counter(), frozenset(one.party.name for one in heading))
    pending = sorted([*found, *_references(doc, gazetteer, found)], key=lambda item: item.start)
    kept: list[Found] = []
    for item in pending:
        one = item if isinstance(item, Found) else _resolve(scene, item, heading)
        if one is None:
            continue
        if isinstance(item, Found) and item.is_bare:
            one = _bare(scene, item)
        kept.append(one)
        if one.how not in {"demonym", "city", "class"}:
            scene.past.append(one)
            scene.counts[one.party.name] += 1
    return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Words that may refer back: their place, head word, and a country that their modifiers give."""

    start: int
    end: int
    word: str
    token: int
    country: str | None = None


def _starts(doc: Doc) -> list[int]:
    if doc.has_annotation("SENT_START"):
        return [sentence.start_char for sentence in doc.sents]
    return [0, *(match.end() for match in re.finditer(r"[.!?]\s+|\n+", doc.text))]


def _references(doc: Doc, gazetteer: Gazetteer, found: Sequence[Found]) -> Iterator[Reference]:
    """Nouns with a pointing determiner and pronouns, outside what was found (but for a demonym inside them)."""
    nouns = _nouns(gazetteer)
    covered = {i: one for one in found for i in range(one.start, one.end)}
    for token in doc:
        word = token.lower_
        inside = covered.get(token.idx)
        if inside is not None:
            continue
        if word in HE or word in IT or word in THEY:
            yield Reference(start=token.idx, end=token.idx + len(token), word=word, token=token.i)
        elif word in nouns and token.pos_ in {"NOUN", "PROPN", ""}:
            reference = _noun_phrase(doc, gazetteer, token, nouns, covered)
            if reference is not None:
                yield reference


def _nouns(gazetteer: Gazetteer) -> frozenset[str]:
    """Last words of all that may refer back."""
    lists = gazetteer.lists
    phrases = lists["any_company"] | lists["officer_nouns"] | lists["state_nouns"] | lists["bloc_nouns"] | BODY_NOUNS
    phrases |= lists["court_nouns"] | gazetteer.nouns
    return frozenset(phrase.split()[-1] for phrase in phrases)


def _noun_phrase(
    doc: Doc, gazetteer: Gazetteer, head: Token, nouns: frozenset[str], covered: dict[int, Found]
) -> Reference | None:
    """A singular definite noun phrase around its head: "the Dutch chip equipment maker"."""
    if head.i + 1 < len(doc) and doc[head.i + 1].lower_ in nouns and doc[head.i + 1].pos_ == "NOUN":
        return None
    country, first = None, head.i
    for before in reversed(doc[max(0, head.i - 6) : head.i]):
        if before.lower_ in gazetteer.lists["pointing"]:
            words = doc.text[doc[first].idx : head.idx + len(head)].lower()
            return Reference(
                start=before.idx, end=head.idx + len(head), word=words, token=head.i, country=country
            )
        inside = covered.get(before.idx)
        if inside is not None and inside.how not in {"demonym", "name", "alias", "city", "capital", "metonym"}:
            return None
        if inside is not None and inside.party.kind not in {PartyKind.GOVERNMENT, PartyKind.PLACE}:
            return None
        if inside is not None:
            country = country or inside.party.country
        elif before.pos_ in {"VERB", "AUX", "ADP", "PRON", "CCONJ"} or before.is_punct and before.text != "-":
            return None
        else:
            first = before.i
    return None


def _resolve(scene: Scene, reference: Reference, heading: Sequence[Found]) -> Found | None:
    """The party that a reference means, or None."""
    word = reference.word
    if word in HE:
        source = _person(scene, reference)
    elif word in IT:
        source = _it(scene, reference)
    elif word in THEY:
        source = _they(scene, reference)
    else:
        source = _noun(scene, reference, heading)
    if source is None:
        return None
    how = "pronoun" if word in HE | IT | THEY else "description"
    return replace(source, start=reference.start, end=reference.end, how=how, is_bare=False)


def _person(scene: Scene, reference: Reference) -> Found | None:
    people = [one for one in _recent(scene, reference.start, FAR_HE) if one.how == "office" or one.party.kind is PartyKind.PERSON]
    return _best(scene, reference, people)


def _it(scene: Scene, reference: Reference) -> Found | None:
    token = scene.doc[reference.token]
    if reference.word != "its" and not _acts(scene, token):
        return None
    parties = [one for one in _recent(scene, reference.start, FAR_IT) if _may_be_it(one)]
    return _best(scene, reference, parties)


def _may_be_it(one: Found) -> bool:
    return (one.party.kind in ACTORS or one.party.kind is PartyKind.PLACE) and not one.is_plural and one.how != "demonym"


def _they(scene: Scene, reference: Reference) -> Found | None:
    token = scene.doc[reference.token]
    if reference.word == "they" and not _acts(scene, token):
        return None
    recent = _recent(scene, reference.start, FAR_IT)
    return _best(scene, reference, [one for one in recent if one.is_plural or one.party.kind is PartyKind.GROUP])


def _acts(scene: Scene, token: Token) -> bool:
    """Whether a pronoun is the subject of a verb for one who acts; without a parse, whether such a verb follows."""
    if not scene.doc.has_annotation("DEP"):
        return any(t.lower_ in {"said", "added", "announced", "says"} for t in scene.doc[token.i + 1 : token.i + 2])
    verb = token.head
    if token.dep_ != "nsubj" or verb.pos_ not in {"VERB", "AUX"}:
        return False
    lemma = verb.lemma_.lower()
    return lemma in scene.gazetteer.lists["acting_verbs"] and lemma not in scene.gazetteer.lists["empty_verbs"]


def _recent(scene: Scene, place: int, far: int) -> list[Found]:
    now = scene.sentence(place)
    return [one for one in scene.past if now - scene.sentence(one.start) <= far]


def _noun(scene: Scene, reference: Reference, heading: Sequence[Found]) -> Found | None:
    """The party that a definite noun means: the one whose own noun it is before any company."""
    lists, word = scene.gazetteer.lists, reference.word
    last = word.split()[-1]
    past = _recent(scene, reference.start, FAR_NOUN)
    if not past:
        past = [replace(one, start=0, end=0) for one in heading]
    if reference.country:
        past = [one for one in past if one.party.country == reference.country]
    if word in lists["officer_nouns"] or last in lists["officer_nouns"]:
        near = [one for one in past if one.how == "office" and scene.sentence(reference.start) - scene.sentence(one.start) <= 6]
        return _best(scene, reference, near)
    if word in lists["bloc_nouns"]:
        return _best(scene, reference, [one for one in past if one.entry and "bloc" in one.entry.nouns])
    if last in lists["state_nouns"]:
        return _best(scene, reference, [one for one in past if _is_state(one) and _noun_fits_state(lists, last, one)])
    own = [one for one in past if one.entry and (word in one.entry.nouns or last in one.entry.nouns)]
    named = [one for one in past if _names_itself(one, last)]
    if own or named:
        return _best(scene, reference, [*own, *named])
    if last in lists["any_company"] or last in scene.gazetteer.nouns:
        companies = [one for one in past if one.party.kind is PartyKind.COMPANY]
        if last not in lists["any_company"]:
            companies = [one for one in companies if one.entry is None]
        return _best(scene, reference, companies)
    return None


def _is_state(one: Found) -> bool:
    key = one.party.id or (one.entry.party.id if one.entry else "") or ""
    return key.startswith("gov:") and key.count(":") == 1 and key != "gov:eu" and one.how != "office"


def _noun_fits_state(lists: dict[str, frozenset[str]], noun: str, one: Found) -> bool:
    rules = dict(rule.split("=") for rule in lists["only_states"])
    return noun not in rules or one.party.country in rules[noun].split(",")


def _names_itself(one: Found, noun: str) -> bool:
    """A name that the tables do not hold and that ends in or holds the noun: "the Debt Office", "the office"."""
    words = one.party.name.lower().split()
    return one.entry is None and one.party.kind is not PartyKind.GROUP and noun in words and noun in BODY_NOUNS


def _bare(scene: Scene, item: Found) -> Found:
    """A role without a country ("the court", "the watchdog") as the body that the article named before, if any."""
    noun = scene.doc.text[item.start : item.end].lower().split()[-1]
    if item.party.id and item.party.id.count(":") == 1:
        return item
    past = [
        one
        for one in _recent(scene, item.start, FAR_NOUN)
        if one.entry and not one.is_bare and one.party.kind is item.party.kind and one.how not in {"pronoun"}
    ]
    if item.entry and item.entry.acts_for and (item.party.id or "").count(":") == 2 and item.how == "office":
        return item
    fits = [one for one in past if one.entry and _fits_noun(one, noun, item)]
    best = _best(scene, Reference(start=item.start, end=item.end, word=noun, token=0), fits)
    return replace(item, party=best.party, entry=best.entry) if best else item


def _fits_noun(one: Found, noun: str, item: Found) -> bool:
    assert one.entry is not None
    roles = set(one.entry.roles) & set(item.entry.roles if item.entry else ())
    return noun in one.entry.nouns or bool(roles)


def _best(scene: Scene, reference: Reference, candidates: Sequence[Found]) -> Found | None:
    """The most salient candidate; the later of two equally salient."""
    if not candidates:
        return None
    return max(candidates, key=lambda one: (_salience(scene, reference, one), one.start))


def _salience(scene: Scene, reference: Reference, one: Found) -> float:
    distance = scene.sentence(reference.start) - scene.sentence(one.start)
    score = PER_SENTENCE * min(distance, 4) - min(distance, 30)
    score += PER_ROLE.get(_role(scene.doc, one), 0.0)
    score += PER_MENTION * min(scene.counts[one.party.name], MOST_MENTIONS)
    if one.party.name in scene.in_title:
        score += IN_TITLE
    if one.entry and reference.word in one.entry.nouns:
        score += EXACT_NOUN
    return score


def _role(doc: Doc, one: Found) -> str:
    """The grammatical role of a party's phrase."""
    if not doc.has_annotation("DEP") or one.end <= one.start:
        return ""
    span = doc.char_span(one.start, one.end, alignment_mode="expand")
    return span.root.dep_ if span is not None else ""
