"""How well names are held to be one party across the articles of a gold set: pairs of namings, right and wrong.

A naming is a party that the reader finds in an article under a name that the gold gives to exactly one party there.
Two namings of two articles of one set are one party where the gold calls both parties by one name, or the one by a
name of the other that has a word or the initials in common with it (elsewhere `aka` holds owners, states and whatever
else is right for an event too). Told beside: the same where every name stands for itself (the gazetteer alone), and
over the pairs of which one at least is a name that only texts know.

Usage: python evals/parties.py {dev,heldout,all} [--mistakes]
"""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

from split import Doc, split

from tracker import nlp
from tracker.model import Analysis, Article, Basis, PartyKind, TextFrom, When
from tracker.pipeline import parties
from tracker.resolve.names import GENERIC, TOLD, name_key, name_words
from tracker.store import Store, entity_id

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NAMED = frozenset({PartyKind.COMPANY, PartyKind.ORGANISATION, PartyKind.GOVERNMENT, PartyKind.COURT, PartyKind.PERSON})
LINKS = frozenset({"of", "and", "for", "the", "on"})


@dataclass(frozen=True, slots=True)
class Naming:
    """A party of an article as the reader names it, with the gold party that it is."""

    scope: str
    article: str
    entity: str
    gold: str


def main(which: str, *, with_mistakes: bool) -> None:
    """Read a part of the gold, put its parties together and print the figures."""
    docs = split(which)
    articles = [_article(doc) for doc in docs]
    analyses = list(nlp.load().read_many(articles))
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "t.db") as store:
        for article, analysis in zip(articles, analyses, strict=True):
            store.articles.save(None, article, now=NOW)
            store.analyses.save(analysis, now=NOW)
        parties.put_together(store)
        every = {mention.party for analysis in analyses for mention in analysis.mentions}
        into = {entity_id(old): entity_id(new) for old, new in store.entities.standing(every).items()}
    identity = _identities(docs)
    found = [one for doc, read in zip(docs, analyses, strict=True) for one in _namings(doc, read, identity)]
    print(f"{which}: {len(docs)} articles, {len(found)} namings, {len(into)} names held to be another party's")
    for what, only in (("all pairs", _any), ("pairs with a name that only texts know", _of_text)):
        _tell(f"{what}, every name for itself", found, lambda key: key, only)
        _tell(f"{what}, put together", found, lambda key: into.get(key, key), only)
    if with_mistakes:
        for one, two in _mistakes(found, into):
            print(f"  {'missed' if one.gold == two.gold else 'wrong'}: {one.entity} | {two.entity}  ({one.gold})")


def _article(doc: Doc) -> Article:
    day = doc.get("published_at")
    return Article(
        id=doc["id"],
        url=None,
        title=doc.get("title") or "",
        text=doc["text"],
        published=When(value=day, basis=Basis.METADATA) if day else None,
        language="en",
        text_from=TextFrom.INPUT,
        content_hash=doc["id"],
    )


def _parties(doc: Doc) -> list[dict[str, Any]]:
    every = [party for event in doc["events"] for party in (*event["actors"], *event["targets"])]
    return [party for party in every if PartyKind(party["kind"]) in NAMED]


def _keys(party: dict[str, Any]) -> set[str]:
    """The keys of a gold party's name and of those other names that are forms of it."""
    kind = PartyKind(party["kind"])
    own = name_words(party["name"], kind)
    names = [party["name"], *(name for name in party.get("aka") or () if _is_form(own, name_words(name, kind)))]
    return {key for name in names if (key := name_key(name, kind))}


def _is_form(one: tuple[str, ...], two: tuple[str, ...]) -> bool:
    """Whether two names share a telling word, or one has the initials of the other."""
    initials = {"".join(word[0] for word in words if word not in LINKS) for words in (one, two) if len(words) > 1}
    return bool((set(one) & set(two)) - GENERIC or initials & {"".join(one), "".join(two)})


def _own(doc: Doc, party: dict[str, Any]) -> str:
    """A gold party within its set, as one article has it."""
    kind = PartyKind(party["kind"])
    key = name_key(party["name"], kind) or party["name"].casefold()
    return f"{doc['id'].split('-')[0]}/{kind}/{party['country']}/{key}"


def _identities(docs: Iterable[Doc]) -> dict[str, str]:
    """Each gold party to the least of those that it is one with by a name of either."""
    parent: dict[str, str] = {}
    aka: defaultdict[str, set[str]] = defaultdict(set)
    for doc in docs:
        for party in _parties(doc):
            own = _own(doc, party)
            parent[own] = own
            aka[own] |= {f"{own.rpartition('/')[0]}/{key}" for key in _keys(party)}

    def root(key: str) -> str:
        while parent[key] != key:
            key = parent[key]
        return key

    for own in sorted(aka):
        for other in sorted(aka[own] & parent.keys()):
            one, two = sorted((root(own), root(other)))
            parent[two] = one
    return {key: root(key) for key in parent}


def _namings(doc: Doc, analysis: Analysis, identity: dict[str, str]) -> Iterator[Naming]:
    """The parties of an article whose name the gold gives to one party there."""
    by_key: defaultdict[str, set[str]] = defaultdict(set)
    for gold in _parties(doc):
        for key in _keys(gold):
            by_key[key].add(identity[_own(doc, gold)])
    seen = set()
    for mention in analysis.mentions:
        party = mention.party
        if mention.how not in TOLD or party.kind not in NAMED or entity_id(party) in seen:
            continue
        field = doc.get("title") or "" if mention.span.field == "title" else doc["text"]
        words = field[mention.span.start : mention.span.end]
        meant = {one for name in (words, party.name) for one in by_key.get(name_key(name, party.kind), ())}
        if len(meant) == 1:
            seen.add(entity_id(party))
            yield Naming(doc["id"].split("-")[0], doc["id"], entity_id(party), meant.pop())


def _any(one: Naming, two: Naming) -> bool:
    del one, two
    return True


def _of_text(one: Naming, two: Naming) -> bool:
    return one.entity.startswith("name:") or two.entity.startswith("name:")


def _pairs(found: Iterable[Naming]) -> Iterator[tuple[Naming, Naming]]:
    scopes: defaultdict[str, list[Naming]] = defaultdict(list)
    for one in found:
        scopes[one.scope].append(one)
    for names in scopes.values():
        yield from ((one, two) for one, two in combinations(names, 2) if one.article != two.article)


def _tell(
    what: str, found: Iterable[Naming], into: Callable[[str], str], only: Callable[[Naming, Naming], bool]
) -> None:
    right = wrong = missed = 0
    for one, two in _pairs(found):
        if only(one, two):
            is_held, is_one = into(one.entity) == into(two.entity), one.gold == two.gold
            right, wrong, missed = right + (is_held and is_one), wrong + (is_held > is_one), missed + (is_held < is_one)
    precision, recall = right / ((right + wrong) or 1), right / ((right + missed) or 1)
    print(f"  {what}: precision {precision:.4f} recall {recall:.4f} ({right} right, {wrong} wrong, {missed} missed)")


def _mistakes(found: Iterable[Naming], into: dict[str, str]) -> Iterator[tuple[Naming, Naming]]:
    told = set()
    for one, two in _pairs(found):
        held = into.get(one.entity, one.entity) == into.get(two.entity, two.entity)
        names = (*sorted((one.entity, two.entity)), held)
        if held != (one.gold == two.gold) and names not in told:
            told.add(names)
            yield one, two


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in ("dev", "heldout", "all"):
        sys.exit(__doc__)
    main(sys.argv[1], with_mistakes="--mistakes" in sys.argv)
