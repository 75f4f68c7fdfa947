"""What a name in a text means: shared names by the countries around them, roles by their country, offices by whose.

Pure functions over the gazetteer's raw matches; linear in their number (a window around each). Knows no grammar.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.model import Party, PartyKind
from tracker.nlp.gazetteer_tables import Alias, Entry, Needs

if TYPE_CHECKING:
    from tracker.nlp.gazetteer import Gazetteer, Match, Raw

WINDOW = 900  # characters around a name whose countries count
NEAR = 300  # the distance at which a country counts half
NEEDS_NEAR = 600  # characters around an ambiguous name in which `near` words are looked for
MOST_ANCHORS = 24  # countries looked at on each side

# How much a name tells about the country the text speaks of.
WEIGHTS = {"name": 1.0, "alias": 1.0, "demonym": 1.0, "people": 0.8, "metonym": 1.2, "capital": 1.0, "city": 0.8}
OTHER_WEIGHT = 0.5  # companies, bodies, leaders
OVERALL = 0.15  # what one mention anywhere in the text adds

_SEAM = re.compile(r"(?:'s|’s|'|’)?[ \n](?:([a-z][a-z-]*) )?(?:([a-z][a-z-]*) )?$")
_AFTER = re.compile(r" (?:of|for|in|at) (?:the )?$")
_PERSON = re.compile(r"(?: [A-Z][\w'’-]+(?: (?:al|bin|de|da|do|van|von|der|la|el))?| [A-Z]\.){1,4}")
_NOT_NAMES = frozenset(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August"
    " September October November December The On In At He She It They His Her A An And But This That".split()
)
STATE_HOWS = frozenset({"name", "alias", "demonym", "metonym", "capital", "people"})
CAPITALISED_ALONE = frozenset({"parliament", "cabinet", "congress", "senate"})  # one word, no "the": "Parliament passed"
ONE_WORD_ROLES_NEED = frozenset({"the", "its", "their", "his", "her"})


@dataclass(slots=True)
class Anchors:
    """Where a text names countries, and how often."""

    places: list[int]
    countries: list[str]
    weights: list[float]
    overall: Counter[str]

    def score(self, place: int) -> Counter[str]:
        """How much each country is spoken of around a place; countries before it count more than after."""
        scores: Counter[str] = Counter({country: OVERALL * n for country, n in self.overall.items()})
        middle = bisect_left(self.places, place)
        for i in range(max(0, middle - MOST_ANCHORS), min(len(self.places), middle + MOST_ANCHORS)):
            distance = abs(self.places[i] - place)
            if distance <= WINDOW:
                share = 1.0 if self.places[i] < place else 0.6
                scores[self.countries[i]] += share * self.weights[i] / (1 + distance / NEAR)
        return scores


def resolve(gazetteer: Gazetteer, text: str, found: Sequence[Raw]) -> list[Match]:
    """Matches with one meaning each, in order, without overlaps."""
    kept = [raw for raw in (_allowed(gazetteer, text, raw, found) for raw in found) if raw is not None]
    anchors = _anchors(gazetteer, kept)
    matches: list[Match] = []
    for i, raw in enumerate(kept):
        if matches and raw.start < matches[-1].end:
            continue  # the name that an office before it has taken in: "President Xi Jinping"
        match = _meaning(gazetteer, text, kept, i, anchors, matches)
        if match is None:
            continue
        if matches and match.start <= matches[-1].start:
            matches.pop()  # the country that is now a part of this match
        matches.append(match)
    return matches


def _allowed(gazetteer: Gazetteer, text: str, raw: Raw, found: Sequence[Raw]) -> Raw | None:
    """The name without the meanings that what stands around it rules out."""
    if raw.senses[0].key == "":
        return None
    rules = [(sense, gazetteer.needs.get(sense.text)) for sense in raw.senses]
    if all(rule is None for _, rule in rules):
        return raw
    senses = tuple(s for s, rule in rules if rule is None or _fits(rule, text, raw, s, found))
    return raw._replace(senses=senses) if senses else None


def _fits(rule: Needs, text: str, raw: Raw, sense: Alias, found: Sequence[Raw]) -> bool:
    before = re.findall(r"[\w&'’-]+|[^\w\s]", text[max(0, raw.start - 40) : raw.start].lower())
    after = re.findall(r"[\w&'’-]+|[^\w\s]", text[raw.end : raw.end + 40].lower())
    previous, following = (before[-1] if before else ""), (after[0] if after else "")
    if previous in rule.not_before or following in rule.not_after:
        return False
    if previous in rule.before or following in rule.after:
        return True
    if rule.full and any(
        other.end - other.start > raw.end - raw.start and sense.key in {s.key for s in other.senses} for other in found
    ):
        return True
    if rule.near:
        around = text[max(0, raw.start - NEEDS_NEAR) : raw.end + NEEDS_NEAR].lower()
        return any(re.search(rf"(?<!\w){re.escape(word)}", around) for word in rule.near)
    return not (rule.full or rule.before or rule.after)


def _anchors(gazetteer: Gazetteer, found: Sequence[Raw]) -> Anchors:
    anchors = Anchors([], [], [], Counter())
    for raw in found:
        countries = {_country(gazetteer, sense) for sense in raw.senses}
        country = countries.pop() if len(countries) == 1 else None
        if country:
            anchors.places.append(raw.start)
            anchors.countries.append(country)
            anchors.weights.append(_weight(raw.senses[0]))
            anchors.overall[country] += 1
    return anchors


def _country(gazetteer: Gazetteer, sense: Alias) -> str | None:
    entry = gazetteer.entries.get(sense.key)
    return entry.party.country if entry else None


def _weight(sense: Alias) -> float:
    return (
        WEIGHTS.get(sense.how, OTHER_WEIGHT)
        if sense.key.startswith("gov:") and sense.key.count(":") == 1
        else OTHER_WEIGHT
    )


def _meaning(
    gazetteer: Gazetteer, text: str, found: Sequence[Raw], i: int, anchors: Anchors, matches: Sequence[Match]
) -> Match | None:
    """The match that a raw name is, joined with a country that stands right before it."""
    raw = found[i]
    owner = _owner(gazetteer, text, raw, matches)
    named = [sense for sense in raw.senses if sense.key in gazetteer.entries]
    roles = [sense for sense in raw.senses if sense.key.startswith("role:")]
    if owner is not None:
        return _owned(gazetteer, text, raw, owner, named, roles)
    if not roles:
        return _match(gazetteer, raw, _likeliest(gazetteer, named, anchors, raw.start))
    return _unowned(gazetteer, text, found, i, anchors, named, roles[0])


def _match(gazetteer: Gazetteer, raw: Raw, sense: Alias, start: int | None = None) -> Match:
    from tracker.nlp.gazetteer import Match  # noqa: PLC0415

    first = raw.start if start is None else start
    return Match(
        start=first, end=raw.end, entry=gazetteer.entries[sense.key], alias=sense.text, how=sense.how, head=raw.start
    )


def _likeliest(gazetteer: Gazetteer, named: Sequence[Alias], anchors: Anchors, place: int) -> Alias:
    """Of several parties with one name, that of the country spoken of; the first in the tables where none is."""
    if len(named) == 1:
        return named[0]
    scores = anchors.score(place)
    return max(named, key=lambda sense: scores[_country(gazetteer, sense) or ""])


def _owner(gazetteer: Gazetteer, text: str, raw: Raw, matches: Sequence[Match]) -> Match | None:
    """The state, region or leaderless country right before a name: "China's", "US", "Texas"."""
    if not matches:
        return None
    last = matches[-1]
    is_state = last.entry.party.id is not None and last.entry.party.id.count(":") == 1 and last.how in STATE_HOWS
    if not is_state or not last.entry.party.id.startswith(("gov:", "place:europe")):
        return None
    if not 0 < raw.start - last.end < 40:
        return None
    seam = _SEAM.match(text[last.end : raw.start])
    if seam is None:
        return None
    words = {word for word in seam.groups() if word}
    return last if words <= gazetteer.lists.get("between", frozenset()) else None


def _owned(
    gazetteer: Gazetteer, text: str, raw: Raw, owner: Match, named: Sequence[Alias], roles: Sequence[Alias]
) -> Match | None:
    """A body or office of the country before it; a company or another country's body stays by itself."""
    country = owner.entry.party.country
    for sense in named:
        entry = gazetteer.entries[sense.key]
        if entry.party.country == country and (entry.acts_for or entry.party.id == owner.entry.party.id):
            is_body = entry.party.kind in {PartyKind.GOVERNMENT, PartyKind.COURT} and sense.how != "city"
            return _match(gazetteer, raw, sense, owner.start if is_body else raw.start)
    if roles:
        return _role_match(gazetteer, text, raw, roles[0], owner.entry, start=owner.start)
    return _match(gazetteer, raw, named[0]) if named else None


def _unowned(
    gazetteer: Gazetteer,
    text: str,
    found: Sequence[Raw],
    i: int,
    anchors: Anchors,
    named: Sequence[Alias],
    role: Alias,
) -> Match | None:
    """A role without a country before it: the country after it ("of China"), else that of the context."""
    raw = found[i]
    following = found[i + 1] if i + 1 < len(found) else None
    if following is not None and _AFTER.match(text[raw.end : following.start]):
        state = gazetteer.entries.get(following.senses[0].key)
        if state is not None and state.party.id in {f"gov:{(state.party.country or '').lower()}"}:
            return _role_match(gazetteer, text, raw, role, state)
    if not named and not _stands_alone(text, raw, role):
        return None
    territory = _context_country(gazetteer, raw, role, named, anchors)
    if territory is None:
        return _match(gazetteer, raw, named[0]) if named else None
    for sense in named:
        if _country(gazetteer, sense) == territory.party.country:
            return _match(gazetteer, raw, sense)
    return _role_match(gazetteer, text, raw, role, territory, is_bare=True)


def _stands_alone(text: str, raw: Raw, role: Alias) -> bool:
    """Whether a role may be meant without its country: several words, or one after "the"."""
    if text[raw.end : raw.end + 1] == "-":
        return False
    if " " in role.text or (role.how == "office" and _PERSON.match(text, raw.end)):
        return True
    if role.text in CAPITALISED_ALONE and text[raw.start].isupper():
        return True
    before = text[max(0, raw.start - 8) : raw.start].lower().split()
    return bool(before) and before[-1] in ONE_WORD_ROLES_NEED


def _context_country(
    gazetteer: Gazetteer, raw: Raw, role: Alias, named: Sequence[Alias], anchors: Anchors
) -> Entry | None:
    """The state whose body is meant, by what the text speaks of around it."""
    scores = anchors.score(raw.start)
    words = set(role.text.lower().replace("-", " ").split())
    departments, none = gazetteer.lists["department_states"], gazetteer.lists["no_ministries"]
    if words & {"department", "secretary", "undersecretary"}:
        scores = Counter({c: s for c, s in scores.items() if c in departments})
        scores["US"] += 0.4
    elif words & {"ministry", "minister", "ministers"}:
        scores = Counter({c: s for c, s in scores.items() if c not in none})
    for sense in named:
        scores[_country(gazetteer, sense) or ""] += 0.4 + 0.5 * max(0, len(sense.text.split()) - 3)
    if words & {"chancellor"}:
        scores = Counter({c: s for c, s in scores.items() if c in {"DE", "AT", "GB"}})
    best = [country for country, score in scores.most_common(1) if score > 0]
    return gazetteer.state(best[0]) if best else None


def _role_match(
    gazetteer: Gazetteer,
    text: str,
    raw: Raw,
    sense: Alias,
    territory: Entry,
    *,
    start: int | None = None,
    is_bare: bool = False,
) -> Match:
    """The body that has a role in a country; one made up on the spot where the tables have none."""
    from tracker.nlp.gazetteer import Match  # noqa: PLC0415

    key = sense.key.removeprefix("role:")
    role = gazetteer.roles[key]
    own = (territory.party.id or "").removeprefix("gov:")
    entry = gazetteer.body(own, key)
    if entry is None or (role.is_state and key == "government"):
        entry = territory if role.is_state else _made_up(territory, sense, role.kind, key)
    end = raw.end
    if sense.how == "office":
        end = _with_name(text, end)
    return Match(
        start=raw.start if start is None else start,
        end=end,
        entry=entry,
        alias=sense.text,
        how="office" if sense.how == "office" else "role",
        bare=is_bare,
        head=raw.start,
    )


def _made_up(territory: Entry, sense: Alias, kind: PartyKind, key: str) -> Entry:
    """A body that the tables do not hold: "Vietnamese trade ministry"."""
    words = sense.text
    name = territory.adjective if kind is not PartyKind.COURT else territory.adjective
    party = Party(
        name=f"{name} {words}",
        kind=kind,
        country=territory.party.country,
        id=f"{'court' if kind is PartyKind.COURT else 'gov'}:{(territory.party.id or '').removeprefix('gov:')}:{key}",
        parent=territory.party.id,
    )
    return Entry(party=party, acts_for=territory.party.id, nouns=frozenset({words.split()[-1]}), roles=(key,))


def _with_name(text: str, end: int) -> int:
    """Past the person's name that follows an office: "President Xi Jinping"."""
    name = _PERSON.match(text, end)
    if name is None or name.group().split()[0] in _NOT_NAMES:
        return end
    return name.end()
