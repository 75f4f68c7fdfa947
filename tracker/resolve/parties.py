"""Which names are one party: decided from what articles call them and from the judgements of people.

`one_party` is a function of the set of what it is given: the order does not matter, and what goes is undone. It joins
in tiers, the surest first, and never across what the table `APART` says. It does not look beyond what it is given: the
store finds all that hangs together (`Entities.around`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from tracker.model import Judgement, JudgementKind, Named, OneParty, PartyKind, Reason
from tracker.resolve.names import LEAD, NAME, OWN, UNIT, has_form

# What makes two names one party, the surest first, with how sure it is.
JUDGED, FORM, TOLD, SHORT = "judged", "form", "told", "short"
WEIGHTS: Mapping[str, float] = {
    JUDGED: 1.0,  # a person decided it
    FORM: 0.97,  # one name but for forms of incorporation, joints, capitals and spelling
    TOLD: 0.9,  # an article calls the one by the name of the other: an acronym in brackets, a short name
    SHORT: 0.6,  # the first word of the only company whose name begins so
}
CALLED = frozenset({"name", "alias", "acronym"})
TOLD_HOWS: Mapping[str, Collection[str]] = {TOLD: CALLED, SHORT: CALLED | {LEAD}}
# Of several that articles call so, one is meant where it is told so much more often than all others together.
MORE_OFTEN, AT_LEAST = 5, 5
# Kinds that the reader confuses, with the least words of a name that is the same under both. A pair that is not here
# is never one party: a city and a firm, a group and anything.
P = PartyKind
CONFUSED: Mapping[frozenset[PartyKind], int] = {
    frozenset({P.COMPANY}): 1,
    frozenset({P.ORGANISATION}): 1,
    frozenset({P.GOVERNMENT}): 1,
    frozenset({P.COURT}): 1,
    frozenset({P.PERSON}): 1,
    frozenset({P.PLACE}): 1,
    frozenset({P.COMPANY, P.ORGANISATION}): 1,
    frozenset({P.GOVERNMENT, P.ORGANISATION}): 2,
    frozenset({P.COMPANY, P.GOVERNMENT}): 2,
    frozenset({P.COMPANY, P.COURT}): 2,
    frozenset({P.COURT, P.GOVERNMENT}): 2,
    frozenset({P.COMPANY, P.PERSON}): 2,
    frozenset({P.ORGANISATION, P.PERSON}): 2,
}

Cluster = frozenset[str]  # ids


def one_party(parties: Iterable[Named], judgements: Iterable[Judgement] = ()) -> tuple[OneParty, ...]:
    """Who stands for each of the parties, in the order of their ids.

    Args:
        parties: all that hang together by what they are called, each once; those of the gazetteer as far as they are
            called like one of the others.
        judgements: the open ones of scope `party` about any of them.

    Returns:
        One for each party.
    """
    scene = _Scene({one.id: one for one in parties}, list(judgements))
    _judged(scene)
    _same_form(scene)
    for tier in TOLD_HOWS:
        while _called_like(scene, tier):
            pass
    return tuple(_decided(scene))


@dataclass(slots=True)
class _Scene:
    """The parties, what is decided of them so far, and why."""

    parties: Mapping[str, Named]
    judgements: Sequence[Judgement]
    home: dict[str, Cluster] = field(default_factory=dict)
    why: dict[str, tuple[Reason, ...]] = field(default_factory=dict)
    short: set[str] = field(default_factory=set)  # those that follow a fuller name
    apart: set[frozenset[str]] = field(default_factory=set)
    owners: dict[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.home = {key: frozenset({key}) for key in self.parties}
        self.apart = {
            frozenset({one, two})
            for judgement in self.judgements
            if judgement.kind is JudgementKind.DIFFERENT
            for one in judgement.left
            for two in judgement.right
        }
        self.owners = {key: party.parent or _owner(party) for key, party in self.parties.items()}

    def clusters(self) -> list[Cluster]:
        """Those that stand now, each once, in a fixed order."""
        return sorted(set(self.home.values()), key=min)

    def explain(self, key: str, tier: str, words: str) -> None:
        """Note one more reason why a party is not for itself."""
        self.why[key] = (*self.why.get(key, ()), Reason(what=tier, words=words, weight=WEIGHTS[tier]))

    def join(self, clusters: Iterable[Cluster]) -> None:
        """Make one of several."""
        whole = frozenset().union(*clusters)
        self.home.update(dict.fromkeys(whole, whole))


def _owner(party: Named) -> str | None:
    """Whom most articles say that it belongs to."""
    told = [(-one.articles, one.key) for one in party.called if one.how == UNIT and one.key != party.id]
    return min(told)[1] if told else None


def _judged(scene: _Scene) -> None:
    for judgement in sorted(scene.judgements, key=lambda one: one.id):
        if judgement.kind is JudgementKind.SAME:
            ids = sorted({*judgement.left, *judgement.right} & scene.parties.keys())
            scene.join([frozenset(), *(scene.home[key] for key in ids)])
            words = f"{judgement.who} decided it" + (f": {judgement.why}" if judgement.why else "")
            for key in ids:
                scene.explain(key, JUDGED, words)


def _same_form(scene: _Scene) -> None:
    """Join names that are the same but for forms of incorporation, joints, capitals and spelling."""
    bearers: defaultdict[str, list[str]] = defaultdict(list)
    for key, party in scene.parties.items():
        for own in _own(party):
            bearers[own].append(key)
    pairs = {(scene.home[one], scene.home[two]) for ids in bearers.values() for one, two in combinations(ids, 2)}
    for group in _in_peace(scene, {(one, two) for one, two in pairs if one != two}):
        scene.join(group)
        fullest = scene.parties[min(frozenset().union(*group), key=lambda key: _rank(scene, key))]
        for key in frozenset().union(*group) - {fullest.id}:
            scene.explain(key, FORM, f"one name but for form and spelling: {fullest.name}")


def _called_like(scene: _Scene, tier: str) -> bool:
    """Join each name to the one party that articles call so; whether anything was joined."""
    called: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for key, party in scene.parties.items():
        for one in party.called:
            if one.how in TOLD_HOWS[tier]:
                called[one.key][key] += one.articles
    wanted = {cluster: target for cluster in scene.clusters() if (target := _target(scene, tier, cluster, called))}
    groups = _in_peace(scene, set(wanted.items()))
    for group in groups:
        short = [(cluster, wanted[cluster]) for cluster in group if _follows(cluster, wanted)]
        for cluster, target in short:
            for key in cluster:
                scene.explain(key, tier, _words(scene, tier, cluster, target, called))
        scene.short |= frozenset().union(*(cluster for cluster, _ in short))
        scene.join(group)
    return bool(groups)


def _follows(cluster: Cluster, wanted: Mapping[Cluster, Cluster]) -> bool:
    """Whether it goes by the other's name; of two that each call the other so, the later by id does."""
    return cluster in wanted and not (wanted.get(wanted[cluster]) == cluster and min(cluster) < min(wanted[cluster]))


def _target(scene: _Scene, tier: str, cluster: Cluster, called: Mapping[str, Mapping[str, int]]) -> Cluster | None:
    """The cluster that articles call by the name of this one: the only one, or the one told by far most often."""
    if any(scene.parties[key].is_known for key in cluster):
        return None
    votes: Counter[Cluster] = Counter()
    for own in _full(scene, cluster):
        for key, articles in called.get(own, {}).items():
            there = scene.home[key]
            if there != cluster and _is_fuller(scene, key, own) and not _are_apart(scene, cluster, there):
                votes[there] += articles
    if tier == SHORT and _is_place(scene, cluster):
        return None
    ranked = sorted(votes, key=lambda one: (-votes[one], min(one)))
    if len(ranked) < 2:
        return ranked[0] if ranked else None
    best, rest = votes[ranked[0]], votes.total() - votes[ranked[0]]
    return ranked[0] if best >= AT_LEAST and best >= MORE_OFTEN * rest else None


def _is_fuller(scene: _Scene, key: str, own: str) -> bool:
    """Whether a party that is called so has a name of its own besides, or is one that the gazetteer holds."""
    return scene.parties[key].is_known or own not in _own(scene.parties[key])


def _is_place(scene: _Scene, cluster: Cluster) -> bool:
    """Whether a place or another that is no firm has this name: then it is no short name of a company."""
    names = {own for key in cluster for own in _own(scene.parties[key])}
    return any(
        party.kind is not P.COMPANY and any(one.key in names and one.how != LEAD for one in party.called)
        for party in scene.parties.values()
    ) or any(scene.parties[key].kind is not P.COMPANY for key in cluster)


def _in_peace(scene: _Scene, pairs: set[tuple[Cluster, Cluster]]) -> list[list[Cluster]]:
    """The groups that the pairs make, without those that cannot be in one group with each other.

    Where a group holds two that are apart, both leave it, but for the gazetteer's; two of these leave nothing of it.
    """
    while True:
        leaving: set[Cluster] = set()
        groups = _components(pairs)
        for group in groups:
            hostile = [(one, two) for one, two in combinations(group, 2) if _are_apart(scene, one, two)]
            known = [one for one in group if any(scene.parties[key].is_known for key in one)]
            if hostile:
                leaving |= {one for pair in hostile for one in pair} - set(known) or set(group)
        if not leaving:
            return groups
        pairs = {(one, two) for one, two in pairs if one not in leaving and two not in leaving}


def _components(pairs: Iterable[tuple[Cluster, Cluster]]) -> list[list[Cluster]]:
    near: defaultdict[Cluster, set[Cluster]] = defaultdict(set)
    for one, two in pairs:
        near[one].add(two)
        near[two].add(one)
    seen: set[Cluster] = set()
    found = []
    for start in sorted(near, key=min):
        if start not in seen:
            group, ahead = {start}, [start]
            while ahead:
                fresh = near[ahead.pop()] - group
                group |= fresh
                ahead += fresh
            seen |= group
            found.append(sorted(group, key=min))
    return found


def _are_apart(scene: _Scene, one: Cluster, two: Cluster) -> bool:
    first, second = [scene.parties[key] for key in sorted(one)], [scene.parties[key] for key in sorted(two)]
    return any(rule(scene, first, second) for rule in APART.values())


def _judged_apart(scene: _Scene, first: Sequence[Named], second: Sequence[Named]) -> bool:
    return any(frozenset({one.id, two.id}) in scene.apart for one in first for two in second)


def _both_known(_: _Scene, first: Sequence[Named], second: Sequence[Named]) -> bool:
    return any(one.is_known for one in first) and any(two.is_known for two in second)


def _of_two_countries(_: _Scene, first: Sequence[Named], second: Sequence[Named]) -> bool:
    return len({one.country for one in (*first, *second)} - {None}) > 1


def _of_unlike_kinds(_: _Scene, first: Sequence[Named], second: Sequence[Named]) -> bool:
    words = max(len(one.name.split()) for one in (*first, *second))
    return any(words < CONFUSED.get(frozenset({one.kind, two.kind}), words + 1) for one in first for two in second)


def _of_one_house(scene: _Scene, first: Sequence[Named], second: Sequence[Named]) -> bool:
    ids, others = {one.id for one in first}, {two.id for two in second}
    return any(scene.owners[key] in others for key in ids) or any(scene.owners[key] in ids for key in others)


Apart = Callable[[_Scene, Sequence[Named], Sequence[Named]], bool]
# What keeps two names apart, whatever articles call them.
APART: Mapping[str, Apart] = {
    "a person decided that they are not one": _judged_apart,
    "the gazetteer holds both": _both_known,
    "their countries differ": _of_two_countries,
    "their kinds are not confused by the reader": _of_unlike_kinds,
    "one belongs to the other": _of_one_house,
}


def _own(party: Named) -> list[str]:
    """The keys of a party's own name: as the gazetteer has it, else as texts do."""
    how = OWN if party.is_known else NAME
    return sorted({one.key for one in party.called if one.how == how and one.key})


def _full(scene: _Scene, cluster: Cluster) -> list[str]:
    """The keys of a cluster's full names: what was joined as short for one of them is no name to be joined by."""
    return sorted({own for key in cluster - scene.short for own in _own(scene.parties[key])})


def _told(party: Named) -> int:
    """How many articles tell of it by its own name; of the gazetteer's it does not matter."""
    return 0 if party.is_known else max((one.articles for one in party.called if one.how == NAME), default=0)


def _rank(scene: _Scene, key: str) -> tuple[bool, bool, bool, bool, int, int, str]:
    """Who stands for a cluster: the gazetteer's, a full name, one with its country, the most told, the shortest.

    No person does where a name in the cluster has a form of incorporation: the recogniser misread a firm.
    """
    party = scene.parties[key]
    is_misread = party.kind is P.PERSON and any(has_form(scene.parties[one].name) for one in scene.home[key])
    is_short, lacks_seat = key in scene.short, party.country is None
    return not party.is_known, is_misread, is_short, lacks_seat, -_told(party), len(party.name), key


def _words(scene: _Scene, tier: str, cluster: Cluster, target: Cluster, called: Mapping[str, Mapping[str, int]]) -> str:
    """Why a cluster follows another."""
    name = scene.parties[min(target, key=lambda key: _rank(scene, key))].name
    if tier == SHORT:
        return f"first word of the only company whose name begins so: {name}"
    articles = sum(called[own][key] for own in _full(scene, cluster) for key in called.get(own, {}) if key in target)
    return f"{articles} {'article calls' if articles == 1 else 'articles call'} {name} so"


def _decided(scene: _Scene) -> Iterator[OneParty]:
    for key in sorted(scene.parties):
        into = min(scene.home[key], key=lambda one: _rank(scene, one))
        because = scene.why.get(key, ()) if into != key else ()
        yield OneParty(id=key, into=into, because=because, parent=_owner(scene.parties[key]))
