"""Cuts noun phrases of a parsed text down to what an analyst writes: "advanced AI chips", not the clause.

Works on spaCy's dependency labels (ClearNLP scheme of the English models). It does not decide which noun matters;
`tracker.nlp.goods` finds goods without a parse.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import yaml
from spacy.tokens import Token

from tracker.model import Phrase, Span
from tracker.nlp.goods import find_goods

__all__ = ["conjuncts", "content_head", "find_goods", "item_phrases", "noun_phrase"]

TABLE = Path(__file__).parent / "terms" / "phrases.yaml"
_KEPT_LEFT = frozenset(["compound", "amod", "nmod", "npadvmod"])
_INSIDE = _KEPT_LEFT | {"poss"}
_NOUNS = frozenset(["NOUN", "PROPN", "NUM"])
_LONGEST = 9  # words; a longer phrase is no name of a thing
_SHORT_COMPLEMENT = 6
_DEEPEST = 4  # empty heads one inside the other


@lru_cache(maxsize=1)
def table() -> Mapping[str, frozenset[str]]:
    """The YAML table of heads and modifiers."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    rows = yaml.load(TABLE.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506  (a safe loader)
    return {name: frozenset(words) for name, words in rows.items()}


def noun_phrase(token: Token) -> Phrase:
    """The phrase that a noun heads, without determiner, owner, count or clause.

    An empty head gives way to its complement: "exports of gallium" is "gallium".
    """
    head = content_head(token)
    first, last = _leftmost(head), _rightmost(head)
    return _phrase(head, first, last)


def content_head(token: Token) -> Token:
    """The noun that a phrase is about: through "exports of", "24 kinds of", "a duty on"."""
    for _ in range(_DEEPEST):
        inner = _complement(token)
        if inner is None:
            return token
        token = inner
    return token


def conjuncts(token: Token) -> tuple[Token, ...]:
    """The nouns joined to this one, itself first, in the order of the text."""
    joined = [token, *(other for other in token.conjuncts if other.i > token.i and other.pos_ in _NOUNS)]
    return tuple(sorted(joined, key=lambda other: other.i))


def item_phrases(tokens: Iterable[Token], exclude: Sequence[Span] = ()) -> tuple[Phrase, ...]:
    """The things that a stretch of text names, in its order: one phrase per noun, joined nouns apart.

    `exclude` holds spans of parties, dates and instruments; a phrase headed inside one is left out.
    """
    members = list(tokens)
    inside = {token.i for token in members}
    exclude = _reaching(exclude, members)
    found: dict[Span, Phrase] = {}
    taken: set[int] = set()
    for token in members:
        if token.i in taken or not _may_head(token, exclude):
            continue
        head = content_head(token)
        if head.i not in inside or not _may_head(head, exclude):
            head = token
        phrase = noun_phrase(head)
        taken.update(range(_leftmost(head).i, head.i + 1))
        taken.update({token.i})
        found.setdefault(phrase.span, phrase)
    return tuple(_outermost(found.values()))


def _outermost(phrases: Iterable[Phrase]) -> Iterator[Phrase]:
    end = -1
    for phrase in sorted(phrases, key=lambda phrase: (phrase.span.start, -phrase.span.end)):
        if phrase.span.end > end:
            yield phrase
            end = phrase.span.end


def _reaching(spans: Sequence[Span], members: Sequence[Token]) -> list[Span]:
    """Those of the spans that any of the tokens may lie in: an article has many, a sentence few."""
    first = min((token.idx for token in members), default=0)
    last = max((token.idx for token in members), default=-1)
    return [span for span in spans if span.start <= last and span.end > first]


def _may_head(token: Token, exclude: Sequence[Span]) -> bool:
    if token.pos_ not in ("NOUN", "PROPN") or not any(char.isalpha() for char in token.text):
        return False
    if token.dep_ in _INSIDE and not _is_empty_name(token.head):
        return False
    if _is_empty_name(token) or token.ent_type_ in ("DATE", "TIME") or _is_full_name(token):
        return False
    return not any(span.start <= token.idx < span.end for span in exclude)


def _is_empty_name(token: Token) -> bool:
    """A noun that no measure is about; what qualifies it may be ("the diesel part")."""
    return token.lemma_.lower() in table()["never_items"]


def _is_full_name(token: Token) -> bool:
    """A person with more than one name; single names are too often apps or firms taken for people."""
    if token.ent_type_ != "PERSON":
        return False
    before = token.i > 0 and token.nbor(-1).ent_type_ == "PERSON"
    return before or (token.i + 1 < len(token.doc) and token.nbor(1).ent_type_ == "PERSON")


def _complement(token: Token) -> Token | None:
    """The noun to which an empty head gives way, or None when the head stands for itself."""
    lemma, words = token.lemma_.lower(), table()
    if lemma in words["empty_heads"] or lemma in words["quantity_heads"]:
        return _object_of(token, ("of",))
    return _object_of(token, ("of", "on", "against")) if lemma in words["act_heads"] else None


def _object_of(token: Token, prepositions: tuple[str, ...]) -> Token | None:
    for child in token.rights:
        if child.dep_ == "prep" and child.lower_ in prepositions:
            return next((inner for inner in child.children if _is_object(inner)), None)
    return None


def _is_object(token: Token) -> bool:
    return token.dep_ in ("pobj", "pcomp") and token.pos_ in _NOUNS and not _is_date(token)


def _leftmost(head: Token) -> Token:
    """The first modifier that belongs to the name; what stands further left is dropped."""
    first = head
    for child in sorted(head.lefts, key=lambda child: -child.i):
        if (
            child.dep_ not in _KEPT_LEFT
            or child.lower_ in table()["dropped_modifiers"]
            or _is_date(child)
            or not child.is_alpha | ("-" in child.text) | child.like_num | child.is_quote
        ):
            if child.dep_ == "punct" and child.text in "-–/":
                continue
            break
        first = min(first, *_modifier_tokens(child), key=lambda token: token.i)
    return first


def _modifier_tokens(child: Token) -> Iterator[Token]:
    """The modifier with what belongs to it ("non-alloy and alloy steel"), owners and counts left out."""
    yield child
    for token in child.subtree:
        dropped = token.dep_ in ("det", "poss", "nummod", "case") or token.lower_ in table()["dropped_modifiers"]
        if token.i < child.i and not dropped and not token.is_quote:
            yield token


def _is_date(token: Token) -> bool:
    return token.ent_type_ in ("DATE", "TIME")


def _rightmost(head: Token) -> Token:
    """The last word: the head with its number ("iPhone 16"), or a short complement where the head needs one."""
    last = _with_number(head)
    for child in head.rights:
        if child.dep_ != "prep" or child.i != last.i + 1:
            continue
        target = next((inner for inner in child.children if inner.dep_ == "pobj"), None)
        if target is None or _is_date(target) or not _belongs(head, child, target):
            break
        end = _tail(target)
        if end.i - child.i > _SHORT_COMPLEMENT:
            break
        last = end
    return last


def _with_number(head: Token) -> Token:
    following = head.nbor(1) if head.i + 1 < len(head.doc) else None
    if following is None or head.pos_ != "PROPN" or not following.is_digit or _is_date(following):
        return head
    return following if following.head in (head, head.head) else head


def _belongs(head: Token, preposition: Token, target: Token) -> bool:
    """Whether a complement is part of the name: "goods of foreign origin", "access to its tools"."""
    if head.lemma_.lower() in table()["keep_complement"] and preposition.lower_ in ("to", "on", "for", "in"):
        return True
    counted = any(child.dep_ == "nummod" for child in target.children)
    return preposition.lower_ == "of" and target.pos_ == "NOUN" and not counted


def _tail(target: Token) -> Token:
    """The last word of a complement, joined nouns included, clauses and further complements not."""
    joined = [target, *(other for other in target.conjuncts if other.i > target.i and other.pos_ in _NOUNS)]
    return max(joined, key=lambda token: token.i)


def _phrase(head: Token, first: Token, last: Token) -> Phrase:
    if last.i - first.i >= _LONGEST:
        last = head
    if last.i - first.i >= _LONGEST:
        first = head
    first = _whole_word(first)
    start, end = first.idx, last.idx + len(last)
    text = "".join(token.text_with_ws for token in head.doc[first.i : last.i + 1])  # Doc.text joins the whole article
    return Phrase(text=text[: end - start], span=Span(start=start, end=end))


def _whole_word(first: Token) -> Token:
    """A word split at its hyphens is taken whole: "non-alloy"."""
    while first.i > 0 and not first.nbor(-1).whitespace_ and "-" in (first.nbor(-1).text, first.text):
        first = first.nbor(-1)
    return first
