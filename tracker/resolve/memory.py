"""Things that are put together, kept in memory: alone, or over whoever keeps the rest.

It answers what `Held` asks. What is put here hides what is below; nothing below is changed. What was found below is
kept (`lift`), so that a batch asks there once for all of its things; nothing is decided here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Protocol

from tracker.model import Ask, Held, Judgement, Place, Standing

Keys = tuple[tuple[str, str], ...]
Days = tuple[tuple[str, str], ...]


class Rulebook(Protocol):
    """What one level of clustering goes by; things are given packed."""

    @property
    def at(self) -> float:
        """From this score on two things are linked."""
        ...

    def keys(self, packed: str, /) -> Keys:
        """Under which keys a thing stands, each with its ISO day."""
        ...

    def asks(self, packed: str, /) -> tuple[Ask, ...]:
        """Where its like stand. Of two things either both find the other or neither does."""
        ...

    def score(self, one: str, two: str, /) -> float:
        """How surely two things are one, 0 to 1."""
        ...


class Memory:
    """A `Held` over a dictionary, and over another one where that is given."""

    def __init__(self, rules: Rulebook, below: Held | None = None) -> None:
        """Start empty, or on top of what is held already."""
        self._rules = rules
        self._below = below
        self._put: dict[str, Standing] = {}
        self._seen: dict[str, Standing] = {}  # of those below
        self._dropped: set[str] = set()
        self._all = _Index()  # of what was put, and of what was lifted under the keys that were asked for
        self._leading = _Index()  # of these, what leads
        self._asked = _Asked()  # below, for what leads
        self._asked_whole = _Asked()  # below, for all
        self._groups: defaultdict[str, set[str]] = defaultdict(set)
        self._judgements: dict[str, Judgement] = {}

    def put(self, standings: Iterable[Standing]) -> None:
        """Keep things as they now are."""
        for one in standings:
            if self._replace(one):
                continue
            self._forget(one.id)
            self._dropped.discard(one.id)
            self._put[one.id] = one
            keys = self._rules.keys(one.profile)
            self._all.add(one.id, keys)
            if one.leads:
                self._leading.add(one.id, keys)
            self._groups[one.group].add(one.id)

    def drop(self, ids: Iterable[str]) -> None:
        """Things that are no more."""
        for id_ in ids:
            self._forget(id_)
            if self._below is not None:
                self._dropped.add(id_)

    def judge(self, judgements: Iterable[Judgement]) -> None:
        """Keep judgements as they now are; one that is closed holds no more."""
        for one in judgements:
            self._judgements.pop(one.id, None)
            if one.closed is None:
                self._judgements[one.id] = one

    def standings(self) -> tuple[Standing, ...]:
        """All that was put here, by id."""
        return tuple(self._put[id_] for id_ in sorted(self._put))

    def lift(self, questions: Iterable[tuple[Ask, ...]], *, whole: bool = False) -> set[str]:
        """Ask below for what leads where any of these ask, or for all; at once. The ids of what was not known here."""
        if self._below is None:
            return set()
        new = list((self._asked_whole if whole else self._asked).new(questions))
        if not new:
            return set()
        found, places = self._below.places(new, whole=whole)
        leads = {one.id: one.leads for one in self._uncovered(found)}
        self._all.lift(place for place in places if place[2] in leads)
        self._leading.lift(place for place in places if leads.get(place[2]))
        return set(leads)

    def leading(self, asks: Iterable[Ask]) -> Iterator[Standing]:
        """Those that lead and stand where one of the questions asks; each once."""
        asks = tuple(asks)
        self.lift((asks,))
        return self._known(self._leading.find(asks))

    def sharing(self, asks: Iterable[Ask]) -> Iterator[Standing]:
        """All that stand where one of the questions asks; each once."""
        asks = tuple(asks)
        self.lift((asks,), whole=True)
        return self._known(self._all.find(asks))

    def places(self, asks: Iterable[Ask], *, whole: bool) -> tuple[list[Standing], list[Place]]:
        """What `sharing` (or else `leading`) finds, and under which of the keys that were asked for, on which day."""
        asks = tuple(asks)
        found = list(self.sharing(asks) if whole else self.leading(asks))
        return found, list((self._all if whole else self._leading).places(asks))

    def of_groups(self, groups: Iterable[str]) -> Iterator[Standing]:
        """All of these groups."""
        groups = set(groups)
        for group in groups & self._groups.keys():
            yield from (self._put[id_] for id_ in self._groups[group])
        if self._below is not None and groups:
            yield from self._uncovered(self._below.of_groups(groups))

    def get(self, ids: Iterable[str]) -> Iterator[Standing]:
        """Those of these ids that there are."""
        rest = []
        for id_ in set(ids):
            one = self._put.get(id_) or self._seen.get(id_)
            if one is not None:
                yield one
            elif id_ not in self._dropped:
                rest.append(id_)
        if self._below is not None and rest:
            yield from self._uncovered(self._below.get(rest))

    def judged(self, ids: Iterable[str]) -> Iterator[Judgement]:
        """The open judgements `same`, `different` and `split` that any of these takes part in."""
        wanted = set(ids)
        found = {j.id: j for j in self._below.judged(wanted)} if self._below is not None else {}
        found |= {j.id: j for j in self._judgements.values() if not wanted.isdisjoint((*j.left, *j.right))}
        yield from found.values()

    def bonds(self, leads: Iterable[str]) -> Iterator[Judgement]:
        """As `judged`, of all that follow one of these."""
        wanted = set(leads)
        found = {j.id: j for j in self._below.bonds(wanted)} if self._below is not None else {}
        for judgement in self._judgements.values():
            if any(one.lead in wanted for one in self.get((*judgement.left, *judgement.right))):
                found[judgement.id] = judgement
        yield from found.values()

    def _known(self, ids: Iterable[str]) -> Iterator[Standing]:
        """Those of these that there are: what went may be left in an index under a key of no valid text."""
        for id_ in ids:
            one = self._put.get(id_) or self._seen.get(id_)
            if one is not None:
                yield one

    def _uncovered(self, found: Iterable[Standing]) -> Iterator[Standing]:
        """What nothing here hides."""
        for one in found:
            if one.id not in self._put and one.id not in self._dropped:
                self._seen[one.id] = one
                yield one

    def _replace(self, one: Standing) -> bool:
        """Keep a thing that was put here before and is still found in the same places; whether it is such a one."""
        old = self._put.get(one.id)
        if old is None or (old.profile, old.group) != (one.profile, one.group):
            return False
        self._put[one.id] = one
        if one.leads and not old.leads:
            self._leading.add(one.id, self._rules.keys(one.profile))
        elif old.leads and not one.leads:
            self._leading.remove(one.id, self._rules.keys(one.profile))
        return True

    def _forget(self, id_: str) -> None:
        """Take a thing out of what is kept here."""
        old = self._put.pop(id_, None) or self._seen.pop(id_, None)
        if old is None:
            return
        keys = self._rules.keys(old.profile)
        self._all.remove(id_, keys)
        self._leading.remove(id_, keys)
        self._groups[old.group].discard(id_)


class _Asked:
    """What was asked already. Questions and their days go by identity: hashing them costs as much as a search."""

    def __init__(self) -> None:
        self._questions: dict[int, tuple[Ask, ...]] = {}
        self._days: defaultdict[str, set[int]] = defaultdict(set)  # of each key

    def new(self, questions: Iterable[tuple[Ask, ...]]) -> Iterator[Ask]:
        """Of these what has not been asked yet, each stretch of days once."""
        new: defaultdict[str, dict[int, Days]] = defaultdict(dict)
        made: dict[frozenset[int], Days] = {}  # many keys are asked for by the same things
        for asks in questions:
            if id(asks) not in self._questions:
                self._questions[id(asks)] = asks
                for ask in asks:
                    new[ask.key][id(ask.days)] = ask.days
        for key, days in new.items():
            if fresh := frozenset(days.keys() - self._days[key]):
                self._days[key] |= fresh
                if fresh not in made:
                    made[fresh] = tuple(united(stretch for one in fresh for stretch in days[one]))
                yield Ask(key=key, days=made[fresh])


class _Index:
    """Ids under keys, in the order of days."""

    def __init__(self) -> None:
        self._rows: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)

    def add(self, id_: str, keys: Keys) -> None:
        for key, day in keys:
            insort(self._rows[key], (day, id_))

    def remove(self, id_: str, keys: Keys) -> None:
        for key, day in keys:
            rows = self._rows.get(key, [])
            place = bisect_left(rows, (day, id_))
            if rows[place : place + 1] == [(day, id_)]:
                del rows[place]

    def lift(self, places: Iterable[Place]) -> None:
        """Add many, of which some may be there already."""
        new: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for key, day, id_ in places:
            new[key].append((day, id_))
        for key, rows in new.items():
            self._rows[key] = sorted({*rows, *self._rows[key]})

    def find(self, asks: Iterable[Ask]) -> dict[str, None]:
        found: dict[str, None] = {}
        for _, rows in self._slices(asks):
            for _, id_ in rows:
                found[id_] = None
        return found

    def places(self, asks: Iterable[Ask]) -> Iterator[Place]:
        for key, rows in self._slices(asks):
            for day, id_ in rows:
                yield key, day, id_

    def _slices(self, asks: Iterable[Ask]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """What stands under each key within each stretch of days."""
        for ask in asks:
            if rows := self._rows.get(ask.key):
                least, most = rows[0][0], rows[-1][0]
                for first, last in ask.days:
                    if first <= most and least <= last:
                        start = bisect_left(rows, (first,)) if least < first else 0
                        end = bisect_right(rows, (last, "\U0010ffff")) if last < most else len(rows)
                        yield ask.key, rows[start:end]


def united(stretches: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The same stretches of days, those that overlap as one. (Of two that are told apart by a letter none does.)"""
    spans = sorted(span for span in stretches if span[0] <= span[1])
    if not spans:
        return
    first, last = spans[0]
    for start, end in spans[1:]:
        if start > last:
            yield first, last
            first, last = start, end
        last = max(last, end)
    yield first, last
