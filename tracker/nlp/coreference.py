"""What refers back to a party of the article: "the company", "the agency", "the bloc", "the minister", it, they, he.

Every reference goes to the most salient compatible party before it: the subject of a recent sentence before other
roles, the near before the far. Where none is compatible nothing is said; "it" counts only as one who acts. Uses the
parse where the document has one. Does not find names (`tracker.nlp.parties`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from spacy.tokens import Doc, Token

from tracker.model import PartyKind
from tracker.nlp.found import Found
from tracker.nlp.gazetteer import Gazetteer
from tracker.nlp.gazetteer_entries import BODY_NOUNS

# What makes a party salient; the highest sum wins.
PER_SENTENCE = -22.0  # for each sentence between
PER_ROLE = {
    "nsubj": 30.0,
    "subject of a clause": 22.0,
    "nsubjpass": 26.0,
    "dobj": 10.0,
    "poss": 8.0,
    "compound": -15.0,
    "amod": -15.0,
    "nmod": -15.0,
    "pobj": 4.0,
    "agent": 10.0,
}
EMBEDDED = {"nsubj": "subject of a clause", "nsubjpass": "subject of a clause"}  # less telling than the main subject
PER_MENTION = 2.0  # up to MOST_MENTIONS
MOST_MENTIONS = 6
IN_TITLE = 10.0
KNOWN = 8.0  # the tables hold it
EXACT_NOUN = 15.0  # the noun is the party's own ("the chipmaker" for Nvidia), not one for all companies
# Sentences, and parties named, looked back.
MOST_PAST = 120
FAR_NOUN, FAR_OFFICER, FAR_HE, FAR_IT = 30, 6, 4, 1

ACTORS = frozenset({PartyKind.COMPANY, PartyKind.GOVERNMENT, PartyKind.COURT, PartyKind.ORGANISATION})
NAMED = frozenset({"name", "alias", "acronym", "metonym", "capital", "office", "role", "description"})
# Who speaks for a party: the party is what the sentence is about.
SPEAKERS = frozenset(
    "spokesman spokeswoman spokesperson official officials executive head minister lawyer chief".split()
)
GENERIC_ROLES = frozenset({"court", "regulator"})
NOT_INSIDE = frozenset({"VERB", "AUX", "ADP", "PRON", "CCONJ", "SCONJ"})  # no part of a short noun phrase
HE = frozenset({"he", "she", "him", "his", "her", "himself", "herself"})
IT = frozenset({"it", "its", "itself"})
THEY = frozenset({"they", "their", "them", "themselves"})


class Past(NamedTuple):
    """A party named before, with the number of its sentence and its grammatical role."""

    found: Found
    sentence: int
    role: str


@dataclass(slots=True)
class Scene:
    """What has been named so far, and where sentences begin."""

    doc: Doc
    text: str
    is_parsed: bool
    gazetteer: Gazetteer
    starts: list[int]
    past: list[Past]
    counts: Counter[str]
    in_title: frozenset[str]

    def sentence(self, place: int) -> int:
        """The number of the sentence at a character."""
        return bisect_right(self.starts, place)


def follow(doc: Doc, gazetteer: Gazetteer, found: Sequence[Found], heading: Sequence[Found]) -> list[Found]:
    """What was found, with the references to it added and bare roles read as the body named before."""
    text = doc.text
    scene = Scene(
        doc,
        text,
        doc.has_annotation("DEP"),
        gazetteer,
        _starts(doc, text),
        [],
        Counter(),
        frozenset(one.party.name for one in heading),
    )
    referring = _references(doc, text, gazetteer, found)
    pending: list[Found | Reference] = sorted([*found, *referring], key=lambda item: item.start)
    kept: list[Found] = []
    for item in pending:
        one = item if isinstance(item, Found) else _resolve(scene, item, heading)
        if one is None:
            continue
        if isinstance(item, Found) and item.is_bare:
            one = _bare(scene, item)
        elif isinstance(item, Found) and item.how == "description" and item.party.name not in scene.counts:
            one = _described(scene, item)
        kept.append(one)
        if one.how not in {"demonym", "city"}:
            scene.past.append(Past(one, scene.sentence(one.start), _role(scene, one)))
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


def _starts(doc: Doc, text: str) -> list[int]:
    if doc.has_annotation("SENT_START"):
        return [sentence.start_char for sentence in doc.sents]
    return [0, *(match.end() for match in re.finditer(r"[.!?]\s+|\n+", text))]


def _references(doc: Doc, text: str, gazetteer: Gazetteer, found: Sequence[Found]) -> Iterator[Reference]:
    """Nouns with a pointing determiner and pronouns, outside what was found (but for a demonym inside them)."""
    nouns = _nouns(gazetteer)
    covered = {i: one for one in found for i in range(one.start, one.end)}
    named = {one.start for one in found if one.how in {"name", "alias", "acronym"}}
    for token in doc:
        word = token.lower_
        inside = covered.get(token.idx)
        if inside is not None:
            continue
        if word in HE or word in IT or word in THEY:
            yield Reference(start=token.idx, end=token.idx + len(token), word=word, token=token.i)
        elif word in nouns and token.pos_ in {"NOUN", "PROPN", ""}:
            following = doc[token.i + 1].idx if token.i + 1 < len(doc) else -1
            if following in named:
                continue  # "the search company Yandex" means the one it names
            reference = _noun_phrase(doc, text, gazetteer, token, nouns, covered)
            if reference is not None:
                yield reference


def _nouns(gazetteer: Gazetteer) -> frozenset[str]:
    """Last words of all that may refer back."""
    lists = gazetteer.lists
    phrases = lists["any_company"] | lists["officer_nouns"] | lists["state_nouns"] | lists["bloc_nouns"] | BODY_NOUNS
    phrases |= lists["court_nouns"] | gazetteer.nouns
    return frozenset(phrase.split()[-1] for phrase in phrases)


def _noun_phrase(
    doc: Doc, text: str, gazetteer: Gazetteer, head: Token, nouns: frozenset[str], covered: dict[int, Found]
) -> Reference | None:
    """A singular definite noun phrase around its head: "the Dutch chip equipment maker"."""
    if head.i + 1 < len(doc) and doc[head.i + 1].lower_ in nouns and doc[head.i + 1].pos_ == "NOUN":
        return None
    country, first = None, head.i
    for before in reversed(doc[max(0, head.i - 6) : head.i]):
        if before.lower_ in gazetteer.lists["pointing"] and before.pos_ in {"DET", "ADJ", "VERB", "PRON", ""}:
            words = text[doc[first].idx : head.idx + len(head)].lower()
            return Reference(start=before.idx, end=head.idx + len(head), word=words, token=head.i, country=country)
        inside = covered.get(before.idx)
        if inside is not None and inside.how not in {"demonym", "name", "alias", "city", "capital", "metonym"}:
            return None
        if inside is not None and inside.party.kind not in {PartyKind.GOVERNMENT, PartyKind.PLACE}:
            return None
        if inside is not None:
            country = country or inside.party.country
        elif before.pos_ in NOT_INSIDE or before.lower_ in {"no", "any"} or (before.is_punct and before.text != "-"):
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
    recent = _recent(scene, reference.start, FAR_HE)
    people = [past for past in recent if past.found.how == "office" or past.found.party.kind is PartyKind.PERSON]
    return _best(scene, reference, people)


def _it(scene: Scene, reference: Reference) -> Found | None:
    token = scene.doc[reference.token]
    if reference.word != "its" and not _acts(scene, token):
        return None
    parties = [past for past in _recent(scene, reference.start, FAR_IT) if _may_be_it(past.found)]
    return _best(scene, reference, parties)


def _may_be_it(one: Found) -> bool:
    return one.party.kind in ACTORS and not one.is_plural and one.how != "demonym"


def _they(scene: Scene, reference: Reference) -> Found | None:
    token = scene.doc[reference.token]
    if reference.word == "they" and not _acts(scene, token):
        return None
    recent = _recent(scene, reference.start, FAR_IT)
    many = [past for past in recent if past.found.is_plural or past.found.party.kind is PartyKind.GROUP]
    return _best(scene, reference, many)


def _acts(scene: Scene, token: Token) -> bool:
    """Whether a pronoun is the subject of a verb for one who acts; without a parse, whether such a verb follows."""
    if not scene.is_parsed:
        return any(t.lower_ in {"said", "added", "announced", "says"} for t in scene.doc[token.i + 1 : token.i + 2])
    verb = token.head
    if token.dep_ != "nsubj" or verb.pos_ not in {"VERB", "AUX"}:
        return False
    lemma = verb.lemma_.lower()
    return lemma in scene.gazetteer.lists["acting_verbs"] and lemma not in scene.gazetteer.lists["empty_verbs"]


def _recent(scene: Scene, place: int, far: int) -> list[Past]:
    """What was named in the last `far` sentences, at most MOST_PAST of it, oldest first."""
    least = scene.sentence(place) - far
    return [past for past in scene.past[-MOST_PAST:] if past.sentence >= least]


def _noun(scene: Scene, reference: Reference, heading: Sequence[Found]) -> Found | None:
    """The party that a definite noun means."""
    past = _recent(scene, reference.start, FAR_NOUN) or [Past(replace(one, start=0, end=0), 0, "") for one in heading]
    if reference.country:
        past = [one for one in past if one.found.party.country == reference.country]
    return _best(scene, reference, _compatible(scene, reference, past))


def _compatible(scene: Scene, reference: Reference, past: Sequence[Past]) -> list[Past]:
    """Those that a noun may mean: holders of offices, blocs, states, those whose own noun it is, then any company."""
    lists, word = scene.gazetteer.lists, reference.word
    last = word.split()[-1]
    if word in lists["officer_nouns"] or last in lists["officer_nouns"]:
        least = scene.sentence(reference.start) - FAR_OFFICER
        return [one for one in past if one.found.how == "office" and one.sentence >= least]
    if word in lists["bloc_nouns"]:
        return [one for one in past if one.found.entry and "bloc" in one.found.entry.nouns]
    if last in lists["state_nouns"]:
        return [one for one in past if _is_state(one.found) and _noun_fits_state(lists, last, one.found)]
    own = [
        one
        for one in past
        if _names_itself(one.found, last) or (_is_own_noun(one.found, word, last) and _has_such(lists, last, one.found))
    ]
    if own or last not in lists["any_company"] | scene.gazetteer.company_nouns:
        return own
    companies = [one for one in past if one.found.party.kind is PartyKind.COMPANY]
    return companies if last in lists["any_company"] else [one for one in companies if one.found.entry is None]


def _has_such(lists: Mapping[str, frozenset[str]], noun: str, one: Found) -> bool:
    """Whether a party's country calls its bodies so: no ministry is American, and few states have departments."""
    if noun == "ministry":
        return one.party.country not in lists["no_ministries"]
    return noun != "department" or one.party.country in lists["department_states"] | {None}


def _is_own_noun(one: Found, word: str, last: str) -> bool:
    return one.entry is not None and (word in one.entry.nouns or last in one.entry.nouns)


def _is_state(one: Found) -> bool:
    key = one.party.id or (one.entry.party.id if one.entry else "") or ""
    return key.startswith("gov:") and key.count(":") == 1 and key != "gov:eu" and one.how not in {"office", "people"}


def _noun_fits_state(lists: Mapping[str, frozenset[str]], noun: str, one: Found) -> bool:
    rules = dict(rule.split("=") for rule in lists["only_states"])
    return noun not in rules or one.party.country in rules[noun].split(",")


def _names_itself(one: Found, noun: str) -> bool:
    """A name that the tables do not hold and that ends in or holds the noun: "the Debt Office", "the office"."""
    words = one.party.name.lower().split()
    return one.entry is None and one.party.kind is not PartyKind.GROUP and noun in words and noun in BODY_NOUNS


def _bare(scene: Scene, item: Found) -> Found:
    """A role without a country ("the court", "the watchdog") as the body that the article named before, if any."""
    noun = scene.text[item.start : item.end].lower().split()[-1]
    if noun in scene.gazetteer.lists["state_roles"]:
        return _same_words(scene, item, noun)
    if item.how == "office" and (item.party.id or "").count(":") == 2:
        return item
    fits = [
        past
        for past in _recent(scene, item.start, FAR_NOUN)
        if past.found.party.kind is item.party.kind
        and past.found.how != "pronoun"
        and not past.found.is_bare
        and _fits_noun(past.found, noun, item)
    ]
    best = _best(scene, Reference(start=item.start, end=item.end, word=noun, token=0), fits)
    return replace(item, party=best.party, entry=best.entry) if best else item


def _described(scene: Scene, item: Found) -> Found:
    """A description of the tables ("the Chinese drone maker") as the company of that sort named before, if any."""
    words = scene.text[item.start : item.end].lower().split()
    fits = [
        past
        for past in _recent(scene, item.start, FAR_NOUN)
        if past.found.entry
        and past.found.party.kind is PartyKind.COMPANY
        and past.found.party.country == item.party.country
        and item.party.name not in scene.in_title
        and {" ".join(words[i:]) for i in range(len(words))}
        & (past.found.entry.nouns | scene.gazetteer.lists["any_company"])
    ]
    best = _best(scene, Reference(start=item.start, end=item.end, word=words[-1], token=0), fits)
    return replace(item, party=best.party, entry=best.entry) if best else item


def _same_words(scene: Scene, item: Found, noun: str) -> Found:
    """A government named with its country before is the one meant later, else that of the context."""
    for past in reversed(_recent(scene, item.start, FAR_NOUN)):
        one = past.found
        if (
            not one.is_bare
            and one.how in {"role", "metonym"}
            and scene.text[one.start : one.end].lower().endswith(f" {noun}")
        ):
            return replace(item, party=one.party, entry=one.entry)
    return item


def _fits_noun(one: Found, noun: str, item: Found) -> bool:
    """Whether a body may be what a bare role means: of the same role, or any where the role is but a noun."""
    if one.entry is None:
        return False
    if item.role in GENERIC_ROLES:
        return noun in one.entry.nouns
    return item.role in one.entry.roles and one.party.country == item.party.country


def _best(scene: Scene, reference: Reference, candidates: Sequence[Past]) -> Found | None:
    """The most salient candidate; the later of two equally salient."""
    if not candidates:
        return None
    return max(candidates, key=lambda past: (_salience(scene, reference, past), past.found.start)).found


def _salience(scene: Scene, reference: Reference, past: Past) -> float:
    one, distance = past.found, scene.sentence(reference.start) - past.sentence
    score = PER_SENTENCE * min(distance, 4) - min(distance, 30)
    score += PER_ROLE.get(past.role, 0.0)
    score += PER_MENTION * min(scene.counts[one.party.name], MOST_MENTIONS)
    if one.party.name in scene.in_title:
        score += IN_TITLE
    if one.entry:
        score += KNOWN + EXACT_NOUN * (reference.word in one.entry.nouns)
    return score


def _role(scene: Scene, one: Found) -> str:
    """The grammatical role of a party's phrase."""
    if not scene.is_parsed or one.end <= one.start:
        return ""
    span = scene.doc.char_span(one.start, one.end, alignment_mode="expand")
    if span is None:
        return ""
    root = span.root
    if root.dep_ in {"pobj", "poss"} and root.head.dep_ == "prep":
        root = root.head  # "a spokesperson for the bureau said"
    if root.dep_ in {"prep", "poss", "compound"} and root.head.lower_ in SPEAKERS:
        return root.head.dep_
    if span.root.dep_ in EMBEDDED and span.root.head.dep_ not in {"ROOT", "conj"}:
        return EMBEDDED[span.root.dep_]
    return str(span.root.dep_)
