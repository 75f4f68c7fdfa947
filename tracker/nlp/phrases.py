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
_LEFT = frozenset(
    [
        "compound",
        "amod",
        "nmod",
        "nummod",
        "poss",
        "npadvmod",
        "advmod",
        "punct",
        "quantmod",
        "conj",
        "cc",
        "det",
        "predet",
        "case",
    ]
)
_KEPT_LEFT = frozenset(["compound", "amod", "nmod", "npadvmod"])
_NOUNS = frozenset(["NOUN", "PROPN", "NUM"])
_LONGEST = 9  # words; a longer phrase is no name of a thing
_SHORT_COMPLEMENT = 6


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
    """The noun that a phrase is about: through "exports of", "24 kinds of", "the sale of"."""
    for _ in range(4):
        inner = _of_object(token)
        if inner is None or not _is_empty(token):
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


def _may_head(token: Token, exclude: Sequence[Span]) -> bool:
    if token.pos_ not in ("NOUN", "PROPN") or token.dep_ in ("compound", "nmod", "amod", "poss", "npadvmod"):
        return False
    if token.lemma_.lower() in table()["never_items"] or token.ent_type_ in ("DATE", "TIME", "PERSON"):
        return False
    return not any(span.start <= token.idx < span.end for span in exclude)


def _is_empty(token: Token) -> bool:
    lemma = token.lemma_.lower()
    return lemma in table()["empty_heads"] or lemma in table()["quantity_heads"]


def _of_object(token: Token) -> Token | None:
    for child in token.rights:
        if child.dep_ == "prep" and child.lower_ == "of":
            return next(
                (inner for inner in child.children if inner.dep_ in ("pobj", "pcomp") and inner.pos_ in _NOUNS), None
            )
    return None


def _leftmost(head: Token) -> Token:
    """The first modifier that belongs to the name; what stands further left is dropped."""
    first = head
    for child in sorted(head.lefts, key=lambda child: -child.i):
        if child.dep_ not in _KEPT_LEFT or child.lower_ in table()["dropped_modifiers"] or _is_date(child):
            if child.dep_ == "punct" and child.text in "-–/":
                continue
            break
        first = min(first, *_modifier_tokens(child), key=lambda token: token.i)
    return first


def _modifier_tokens(child: Token) -> Iterator[Token]:
    """The modifier with what belongs to it ("non-alloy and alloy steel"), owners and counts left out."""
    yield child
    for token in child.subtree:
        if token.i < child.i and token.dep_ not in ("det", "poss", "nummod", "case") and not token.is_quote:
            yield token


def _is_date(token: Token) -> bool:
    return token.ent_type_ in ("DATE", "TIME")


def _rightmost(head: Token) -> Token:
    """The last word: the head, or its short "of" (or "to") complement where the head needs one."""
    last = head
    for child in head.rights:
        if child.dep_ != "prep" or child.i != last.i + 1:
            break
        wanted = child.lower_ == "of" or (
            child.lower_ in ("to", "on", "for", "in") and head.lemma_.lower() in table()["keep_complement"]
        )
        target = next((inner for inner in child.children if inner.dep_ == "pobj"), None)
        if not wanted or target is None or _is_date(target):
            break
        end = _tail(target)
        if end.i - child.i > _SHORT_COMPLEMENT:
            break
        last = end
    return last


def _tail(target: Token) -> Token:
    """The last word of a complement, joined nouns included, clauses and further complements not."""
    joined = [target, *(other for other in target.conjuncts if other.i > target.i and other.pos_ in _NOUNS)]
    return max(joined, key=lambda token: token.i)


def _phrase(head: Token, first: Token, last: Token) -> Phrase:
    if last.i - first.i >= _LONGEST:
        last = head
    if last.i - first.i >= _LONGEST:
        first = head
    start, end = first.idx, last.idx + len(last)
    return Phrase(text=head.doc.text[start:end], span=Span(start=start, end=end))
