"""Articles that name parties, written shortly, and what resolution makes of them without a database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tracker.model import Article, Called, Judgement, Mention, Named, Naming, Party, PartyKind, Span, TextFrom
from tracker.resolve.names import namings
from tracker.resolve.parties import one_party


@dataclass(frozen=True)
class Told:
    """A party as an article names it, and what else the article calls it: (words, how)."""

    name: str
    kind: str = "company"
    country: str | None = None
    id: str | None = None
    also: tuple[tuple[str, str], ...] = ()
    parent: str | None = None

    @property
    def party(self) -> Party:
        return Party(name=self.name, kind=PartyKind(self.kind), country=self.country, id=self.id, parent=self.parent)


def telling(*told: Told | str) -> tuple[Naming, ...]:
    """What an article calls the parties, each named once and then as it is called besides; strings stand between."""
    text, mentions = "", []
    for one in told:
        if isinstance(one, str):
            text = text.removesuffix(". ") + one
            continue
        for called, how in ((one.name, "name"), *one.also):
            span = Span(start=len(text), end=len(text) + len(called))
            mentions.append(Mention(party=one.party, span=span, how=how))
            text += f"{called}. "
    article = Article(id=text, url=None, title="", text=text, published=None, language="en", text_from=TextFrom.INPUT)
    return namings(article, mentions)


def named(articles: Iterable[Sequence[Naming]]) -> list[Named]:
    """The parties of some articles with what these call them."""
    parties: dict[str, Named] = {}
    counts: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    for article in articles:
        for key, how, one in {(key_of(n), n.how, n.party) for n in article}:
            counts[id_of(one), key, how] += 1
        for one in (n.party for n in article):
            there = parties.get(id_of(one))
            parties[id_of(one)] = Named(
                id=id_of(one),
                name=min(one.name, there.name) if there else one.name,
                kind=one.kind,
                country=one.country or (there.country if there else None),
                parent=one.parent if one.id else None,
                is_known=one.id is not None,
            )
    return [
        replace(
            party,
            called=tuple(
                Called(key=k, how=h, articles=n) for (key, k, h), n in sorted(counts.items()) if key == party.id
            ),
        )
        for party in parties.values()
    ]


def key_of(naming: Naming) -> str:
    return id_of(naming.owner) if naming.owner else naming.key


def id_of(party: Party) -> str:
    return party.id or ":".join(filter(None, ("name", party.kind, party.country, party.name)))


def standing(articles: Iterable[Sequence[Naming]], judgements: Iterable[Judgement] = ()) -> dict[str, str]:
    """Id of each party to that of the one that stands for it."""
    return {one.id: one.into for one in one_party(named(articles), judgements)}
