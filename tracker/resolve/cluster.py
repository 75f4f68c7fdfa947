"""Which things are one: a partition that depends on the things alone, kept up to date as they come, go and change.

It is pivot clustering (Ailon, Charikar, Newman 2008, "Aggregating inconsistent information") in the order of `rank`:
two things are *linked* where they stand near each other, score high enough and no person holds them apart; a thing
*leads* where no linked thing of lower rank does; who does not lead follows the linked leader with the best score. So
nothing is chained: whoever follows is linked to whom it follows. Those that lead are the lexicographically first
maximal independent set, through which a change is propagated in order of rank (Censor-Hillel, Haramaty, Karnin 2016,
"Optimal dynamic distributed MIS"): whatever the order of arrival and however it is cut into batches, the outcome is
that of the final set. What people decide comes first: things that a judgement holds apart may lead before all others.

Things are compared as their `Rulebook` says; nothing here knows what they are, and nothing is stored.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from tracker.model import Ask, Held, Judgement, JudgementKind, Standing
from tracker.resolve.bonds import holds_apart
from tracker.resolve.memory import Memory, Rulebook

Order = tuple[bool, str]  # whether no judgement holds it apart from another thing; its rank
Pair = tuple[float, Order, Order, str, str]  # score (negative), orders and ids of the leader and of the follower


def settle(arrived: Iterable[Standing], gone: Iterable[Standing], held: Held, rules: Rulebook) -> tuple[Standing, ...]:
    """Put things that come, go or change where they belong, and move those whom that concerns.

    Args:
        arrived: new things, and things that changed with what is now compared of them. All that take part in a
            judgement that was made or closed have changed as well.
        gone: things that are no more, as they last stood.
        held: all that was settled before; it is not changed.
        rules: what the level goes by.

    Returns:
        All that arrived, and all others that now follow another thing or lead no longer, or do; in order of id.
    """
    return _Settling(Memory(rules, held), rules).run({s.id: s for s in arrived}, {s.id: s for s in gone})


def join(parts: Iterable[Iterable[Standing]], rules: Rulebook) -> tuple[Standing, ...]:
    """Put together what was settled in parts, each as if there were nothing else: as if all had been settled at once.

    A part by itself is right but for what another part does to it, and that begins with the leaders of the one near
    things of the other: only these pairs are compared, and what follows from them is propagated as in `settle`. So it
    does not matter how things were cut; a cut that parts few that are near costs least.

    Args:
        parts: settled things (`settle` with nothing held), each in one part; no judgement is about any of them.
        rules: what the level goes by.

    Returns:
        All of them, in order of id.
    """
    desk, home = Memory(rules), dict[str, int]()
    for number, part in enumerate(parts):
        settled = tuple(part)
        home |= dict.fromkeys((one.id for one in settled), number)
        desk.put(settled)
    return _Settling(desk, rules).join(home)


class _Settling:
    """One run: what is near is asked of `_desk`, what changes is put there."""

    def __init__(self, desk: Memory, rules: Rulebook) -> None:
        self._desk = desk
        self._rules = rules
        self._scores: dict[tuple[str, str], float] = {}
        self._asked: dict[str, tuple[Ask, ...]] = {}  # by each profile
        self._queue: list[tuple[Order, str]] = []  # whether they lead is to be decided
        self._barred: dict[str, str] = {}  # what comes, by a leader that was held
        self._loose: set[str] = set()  # whom they follow is to be decided
        self._before: dict[str, Standing] = {}  # of those that changed
        self._judgements: dict[str, tuple[Judgement, ...]] = {}  # of each thing

    def run(self, arrived: dict[str, Standing], gone: dict[str, Standing]) -> tuple[Standing, ...]:
        left = [one for id_, one in gone.items() if id_ not in arrived]
        old = {one.id: one for one in self._desk.get(arrived)}
        left += old.values()
        left += [one for id_, one in gone.items() if id_ in arrived and id_ not in old]
        self._desk.drop(one.id for one in left)
        fresh = [replace(one, lead=None, leads=False) for one in arrived.values()]
        self._desk.put(fresh)
        self._prepare(fresh, left)
        for one in left:
            if one.leads:
                self._leave(one)
        self._loose |= {mate.id for mate in self._desk.of_groups({one.group for one in left} - {""})}
        self._loose |= {id_ for one in left for j in self._apart(one.id) for id_ in (*j.left, *j.right)}
        self._loose |= arrived.keys()
        for one in fresh:
            self._ask_again(one)
        self._elect()
        self._follow()
        changed = {one.id: one for one in self._desk.standings()}
        return tuple(one for id_, one in changed.items() if id_ in arrived or one != self._before.get(id_))

    def _prepare(self, fresh: Collection[Standing], left: Iterable[Standing]) -> None:
        """Ask at once for all leaders near, all that is near those that led and who may lead, and all judgements."""
        led = {one.id: one for one in left if one.leads}
        again = (one for one in fresh if one.id in led)
        self._desk.lift(map(self._asks, (*led.values(), *again)), whole=True)
        self._learn(self._desk.lift(map(self._asks, fresh)) | {one.id for one in fresh})
        for one in fresh:
            barring = self._barring(one)
            if barring is not None:
                self._barred[one.id] = barring.id
        self._desk.lift((self._asks(one) for one in fresh if one.id not in self._barred), whole=True)

    def join(self, home: Mapping[str, int]) -> tuple[Standing, ...]:
        """Settle parts with one another, given the part that each thing is in."""
        self._judgements = dict.fromkeys(home, ())
        for leader in [one for one in self._desk.standings() if one.leads]:
            near = self._desk.sharing(self._asks(leader))
            self._come(leader, [one for one in near if home[one.id] != home[leader.id]])
        self._elect()
        self._follow()
        return self._desk.standings()

    # ------------------------------------------------------------------------------------------------ who leads

    def _elect(self) -> None:
        """Decide who leads, the foremost first: whoever is decided on has only such before it as are settled."""
        while self._queue:
            _, id_ = heapq.heappop(self._queue)
            one = self._one(id_)
            if one is None:
                continue
            leads = self._barring(one) is None
            if leads and not one.leads:
                self._change(one, lead=id_, leads=True)
                self._come(one, [near for near in self._desk.sharing(self._asks(one)) if near.id != id_])
            elif one.leads and not leads:
                self._change(one, lead=None, leads=False)
                self._loose.add(id_)
                self._leave(one)

    def _barring(self, one: Standing) -> Standing | None:
        """A leader that keeps a thing from leading: one before it that it is linked to."""
        known = self._one(self._barred[one.id]) if one.id in self._barred else None
        if known is not None and known.leads and self._bars(known, one):
            return known
        return next((other for other in self._desk.leading(self._asks(one)) if self._bars(other, one)), None)

    def _bars(self, leader: Standing, one: Standing) -> bool:
        return leader.id != one.id and self._order(leader) < self._order(one) and self._linked(one, leader)

    def _come(self, leader: Standing, near: Collection[Standing]) -> None:
        """A thing leads now: of those near it some may no longer, and who follows another may like it better."""
        followed = self._followed(near)
        self._learn(one.id for one in near)
        for one in near:
            if one.leads:
                if self._order(leader) < self._order(one) and self._linked(leader, one):
                    self._ask_again(one)
            elif one.id not in self._loose and self._linked(leader, one):
                now = followed.get(one.lead or "")
                if now is None or now.id == one.id or self._pair(one, leader) < self._pair(one, now):
                    self._loose.add(one.id)

    def _leave(self, leader: Standing) -> None:
        """A thing that led leads no longer, or is no more: those that followed it or are before whom they follow."""
        near = [one for one in self._desk.sharing(self._asks(leader)) if one.id != leader.id and not one.leads]
        followed = self._followed(near)
        self._learn(one.id for one in near)
        for one in near:
            now = followed.get(one.lead or "")
            if one.lead == leader.id:
                self._loose.add(one.id)
            elif now is not None and now.leads and self._order(now) < self._order(one):
                continue  # another one keeps it from leading
            elif self._score(leader, one) < self._rules.at:
                continue
            self._ask_again(one)

    def _followed(self, ones: Iterable[Standing]) -> dict[str, Standing]:
        """Whom these follow, by id."""
        return {one.id: one for one in self._desk.get({one.lead for one in ones if one.lead is not None})}

    def _ask_again(self, one: Standing) -> None:
        heapq.heappush(self._queue, (self._order(one), one.id))

    # ---------------------------------------------------------------------------------------- whom the others follow

    def _follow(self) -> None:
        """Give each that does not lead the leader that it likes best, one after another by score.

        Of things that must not be together, one that comes later does without; whoever is left over stands alone.
        """
        ones = self._entangled()
        pairs = sorted(self._wanted(ones.values()))
        taken: defaultdict[str, _Taken] = defaultdict(_Taken)
        lead_of: dict[str, str] = {}
        for *_, leader, follower in pairs:
            if follower not in lead_of:
                one = ones[follower]
                if not self._is_barred(one, taken[leader]):
                    lead_of[follower] = leader
                    taken[leader].add(one, self._apart(follower))
        for id_, one in ones.items():
            lead = lead_of.get(id_, id_)
            if not one.leads and one.lead != lead:
                self._change(one, lead=lead, leads=False)

    def _entangled(self) -> dict[str, Standing]:
        """The things to be given a leader, with all that must not be with one of them: groups and judgements, whole."""
        ones: dict[str, Standing] = {}
        new = {one.id: one for one in self._desk.get(self._loose)}
        groups: set[str] = set()
        while new:
            ones |= new
            asked = {one.group for one in new.values()} - groups - {""}
            groups |= asked
            mates = {one.id: one for one in self._desk.of_groups(asked)}
            self._learn(new.keys() | mates.keys())
            judged = {id_ for one in new for j in self._apart(one) for id_ in (*j.left, *j.right)}
            mates |= {one.id: one for one in self._desk.get(judged - ones.keys() - mates.keys())}
            new = {id_: one for id_, one in mates.items() if id_ not in ones}
        return ones

    def _wanted(self, ones: Iterable[Standing]) -> Iterator[Pair]:
        """Each that does not lead with every leader that it is linked to."""
        followers = [one for one in ones if not one.leads]
        self._learn(self._desk.lift(map(self._asks, followers)))
        for one in followers:
            for leader in self._desk.leading(self._asks(one)):
                if self._linked(one, leader):
                    yield self._pair(one, leader)

    def _is_barred(self, one: Standing, taken: _Taken) -> bool:
        """Whether one that a leader has already must not be with this one."""
        mates = taken.groups.get(one.group, ()) if one.group else ()
        if any(not (self._is_near(one, mate) and self._linked(one, mate)) for mate in mates):
            return True
        return any(
            self._are_apart(one.id, other)
            for judgement in self._apart(one.id)
            for other in taken.sides.get((judgement.id, one.id in judgement.left), ())
        )

    # ------------------------------------------------------------------------------------------------------- pairs

    def _pair(self, follower: Standing, leader: Standing) -> Pair:
        """What pairs are ordered by: the best score first, then the foremost leader, then the foremost follower."""
        return -self._score(follower, leader), self._order(leader), self._order(follower), leader.id, follower.id

    def _linked(self, one: Standing, two: Standing) -> bool:
        """Whether two that stand near each other may be one."""
        return self._score(one, two) >= self._rules.at and not self._are_apart(one.id, two.id)

    def _is_near(self, one: Standing, two: Standing) -> bool:
        stood = self._rules.keys(two.profile)
        return any(ask.finds(key, day) for ask in self._asks(one) for key, day in stood)

    def _score(self, one: Standing, two: Standing) -> float:
        """The score of two profiles, in one order, so that it is the same whoever asks."""
        pair = (one.profile, two.profile) if one.profile <= two.profile else (two.profile, one.profile)
        found = self._scores.get(pair)
        if found is None:
            found = self._scores[pair] = self._rules.score(*pair)
        return found

    def _asks(self, one: Standing) -> tuple[Ask, ...]:
        found = self._asked.get(one.profile)
        if found is None:
            found = self._asked[one.profile] = self._rules.asks(one.profile)
        return found

    def _order(self, one: Standing) -> Order:
        return not self._apart(one.id), one.rank

    # ----------------------------------------------------------------------------------------- judgements, changes

    def _apart(self, id_: str) -> list[Judgement]:
        """The judgements that hold a thing apart from others."""
        return [one for one in self._judged(id_) if one.kind is not JudgementKind.SAME]

    def _are_apart(self, one: str, two: str) -> bool:
        judgements = self._judged(one)
        return bool(judgements) and holds_apart(one, two, judgements)

    def _judged(self, id_: str) -> tuple[Judgement, ...]:
        if id_ not in self._judgements:
            self._learn((id_,))
        return self._judgements[id_]

    def _learn(self, ids: Iterable[str]) -> None:
        """Ask for the judgements of things, of many at once."""
        new = {id_ for id_ in ids if id_ not in self._judgements}  # taking away the keys would look at each of them
        if new:
            self._judgements |= dict.fromkeys(new, ())
            for judgement in self._desk.judged(new):
                for id_ in new.intersection((*judgement.left, *judgement.right)):
                    self._judgements[id_] += (judgement,)

    def _one(self, id_: str) -> Standing | None:
        return next(iter(self._desk.get((id_,))), None)

    def _change(self, one: Standing, *, lead: str | None, leads: bool) -> None:
        """Let a thing stand otherwise, and keep how it stood."""
        self._before.setdefault(one.id, one)
        self._desk.put((replace(one, lead=lead, leads=leads),))


class _Taken:
    """Who follows a leader, as far as it is decided: by group, and by the judgements and sides that bar others."""

    def __init__(self) -> None:
        self.groups: defaultdict[str, list[Standing]] = defaultdict(list)
        self.sides: defaultdict[tuple[str, bool], list[str]] = defaultdict(list)

    def add(self, one: Standing, apart: Iterable[Judgement]) -> None:
        self.groups[one.group].append(one)
        for judgement in apart:
            if one.id in judgement.left:
                self.sides[judgement.id, False].append(one.id)
            if one.id in judgement.right:
                self.sides[judgement.id, True].append(one.id)
