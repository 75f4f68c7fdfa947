"""A lake cut into parts for resolution: months together, each article once, with the outlet that it is from.

An article that several chunks hold is taken once: a readable text before one that cannot be read, the longest, then
the first by month, chunk and place in the archive. An article that names no source is from the outlet of its address:
a source of the database where one alone has that domain, else a source of its own with the domain as its id.

It resolves nothing and writes nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import pyarrow.compute as pc

from tracker.backfill.stages import Pair
from tracker.lake import ARTICLES, Lake
from tracker.urls import registrable_domain

Key = tuple[str, str]  # id of an article, its place in the archive
LEAST = 20_000  # articles of a part: fewer cost more than they spread
CHOSEN_BY = ("id", "record", "url", "source_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """A part: the articles of some months. It travels to workers, who open the lake themselves."""

    lake: str
    months: tuple[str, ...]
    left_out: frozenset[Key]  # of these months: other texts of articles that are taken
    outlets: Mapping[str, str]  # domain to source

    def __call__(self) -> Iterator[Pair]:
        """Each article with what was read in it."""
        for read in Lake.open(self.lake).articles(months=self.months):
            article = read.article
            if (article.id, read.record) in self.left_out:
                continue
            if article.source_id is None and article.url is not None:
                article = replace(article, source_id=self.outlets.get(registrable_domain(article.url)))
            yield article, read.analysis


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What of a lake is taken."""

    parts: tuple[Months, ...]
    articles: frozenset[str]  # ids
    repeated: int  # further texts of them
    new_outlets: tuple[tuple[str, str], ...]  # sources that the database has not: id and domain


def chosen(where: str, sources: Mapping[str, str], *, width: int) -> Chosen:
    """Look through a lake for what is to be taken of it.

    Args:
        where: the lake.
        sources: id of each source that is known to its address.
        width: how many workers there are.

    Raises:
        LakeError: there is none, or it cannot be read.
    """
    lake = Lake.open(where)
    seen: set[str] = set()
    again: set[str] = set()
    domains: set[str] = set()
    told: dict[str, str] = {}  # source that an article names, to the domain of the first one
    counts: Counter[str] = Counter()
    for month in lake.months():
        for batch in lake.read(ARTICLES, months=(month,), columns=CHOSEN_BY):
            ids, _, urls, named = (batch.column(name).to_pylist() for name in CHOSEN_BY)
            again.update(seen.intersection(ids), (key for key, count in Counter(ids).items() if count > 1))
            seen.update(ids)
            for url, source in zip(urls, named, strict=True):
                domain = registrable_domain(url or "")
                if source is None:
                    domains.add(domain)
                else:
                    told.setdefault(source, domain)
            counts[month] += len(ids)
    known = _outlets(sources)
    outlets = {domain: known.get(domain, domain) for domain in sorted(domains) if domain}
    new = {key: domain for domain, key in outlets.items()} | told
    left = _left_out(lake, again)
    parts = tuple(
        Months(
            lake=where,
            months=months,
            left_out=frozenset(key for month in months for key in left.get(month, ())),
            outlets=outlets,
        )
        for months in _cut(counts, width)
    )
    return Chosen(
        parts=parts,
        articles=frozenset(seen),
        repeated=counts.total() - len(seen),
        new_outlets=tuple(sorted((key, domain) for key, domain in new.items() if key not in sources)),
    )


def _outlets(sources: Mapping[str, str]) -> dict[str, str]:
    """Domain to the one source that has it."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for key, url in sources.items():
        found[registrable_domain(url)].append(key)
    return {domain: keys[0] for domain, keys in found.items() if domain and len(keys) == 1}


def _left_out(lake: Lake, again: set[str]) -> dict[str, list[Key]]:
    """Of articles with several texts those that are not taken, by month."""
    if not again:
        return {}
    best: dict[str, tuple[bool, int]] = {}
    every: dict[str, list[tuple[str, str, bool, int]]] = defaultdict(list)
    columns = ("id", "record", "unread", "text")
    for month in lake.months():
        for batch in lake.read(ARTICLES, months=(month,), columns=columns):
            ids, records, unread = (batch.column(name).to_pylist() for name in columns[:3])
            lengths = pc.utf8_length(batch.column("text")).to_pylist()
            for key, record, reason, length in zip(ids, records, unread, lengths, strict=True):
                if key in again:
                    every[key].append((month, record, reason is None, length))
    left: defaultdict[str, list[Key]] = defaultdict(list)
    for key, texts in every.items():
        best[key] = max((readable, length) for *_, readable, length in texts)
        taken = next(place for place, text in enumerate(texts) if text[2:] == best[key])
        for place, (month, record, *_) in enumerate(texts):
            if place != taken:
                left[month].append((key, record))
    return left


def _cut(counts: Mapping[str, int], width: int) -> Iterable[tuple[str, ...]]:
    """Months that follow one another, in parts of about one size: twice as many parts as workers at the most."""
    size = max(LEAST, sum(counts.values()) // (2 * width) + 1)
    months: list[str] = []
    held = 0
    for month in sorted(counts):
        months.append(month)
        held += counts[month]
        if held >= size:
            yield tuple(months)
            months, held = [], 0
    if months:
        yield tuple(months)
