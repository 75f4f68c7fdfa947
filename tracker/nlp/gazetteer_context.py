"""What a name in a text means: shared names by the countries around them, roles by their country, offices by whose.

Pure functions over the gazetteer's raw matches; linear in their number (a window around each). Knows no grammar.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from tracker.model import Party, PartyKind
from tracker.nlp.gazetteer_anchors import Anchors, anchors_of, country_of
from tracker.nlp.gazetteer_entries import Alias, Entry, Needs, Tables
from tracker.nlp.gazetteer_trie import Raw

NEEDS_NEAR = 600  # characters around an ambiguous name in which `near` words are looked for
OWNER_BONUS = 1.0  # for the state named last before "its ministry"

# For a role that stands alone: what speaks for the first state that has it, or for a body with that very name.
DEFAULT_BONUS, LONG_NAME_BONUS = 0.4, 0.5
DEPARTMENT_WORDS = frozenset({"department", "secretary", "undersecretary"})
MINISTRY_WORDS = frozenset({"ministry", "minister", "ministers"})
CHANCELLORS = frozenset({"DE", "AT", "GB"})

_SEAM = re.compile(r"(?:'s|’s|'|’)?[ \n](?:([a-z][a-z-]*) )?(?:([a-z][a-z-]*) )?$")
_AFTER = re.compile(r" (?:of|for|in|at) (?:the )?$")
_PERSON = re.compile(r"(?: [A-Z][\w'’-]+(?: (?:al|bin|de|da|do|van|von|der|la|el))?| [A-Z]\.){1,4}")
_NOT_NAMES = frozenset(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August"
    " September October November December The On In At He She It They His Her A An And But This That".split()
)
SHORT = {"gov:us": "US", "gov:gb": "UK", "gov:eu": "EU", "gov:ae": "UAE"}  # in names that are made up
STATE_HOWS = frozenset({"name", "alias", "demonym", "metonym", "capital", "people"})
CAPITALISED_ALONE = frozenset(
    {"parliament", "cabinet", "congress", "senate", "treasury"}
)  # one word, no "the": "Parliament passed"
POSSESSIVES = frozenset({"its", "their", "his", "her"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A party named at `text[start:end]`.

    `alias` is the name in the table, `how` the kind of name: name, alias, former, demonym, people, metonym, capital,
    city, description, office, role. `bare` is true where a role stands without a country ("the commerce ministry") and
    its country is only that of the context.
    """

    start: int
    end: int
    entry: Entry
    alias: str
    how: str
    bare: bool = False
    role: str = ""  # the key of the role that stands here, where one does


def resolve(tables: Tables, text: str, found: Sequence[Raw]) -> list[Match]:
    """Matches with one meaning each, in order, without overlaps."""
    kept = [raw for raw in (_allowed(tables, text, raw, found) for raw in found) if raw is not None]
    anchors = anchors_of(tables, text, kept)
    matches: list[Match] = []
    for i, raw in enumerate(kept):
        if matches and raw.start < matches[-1].end:
            continue  # the name that an office before it has taken in: "President Xi Jinping"
        match = _meaning(tables, text, kept, i, anchors, matches)
        if match is None:
            continue
        if matches and match.start <= matches[-1].start:
            matches.pop()  # the country that is now a part of this match
        matches.append(match)
    return matches


def _allowed(tables: Tables, text: str, raw: Raw, found: Sequence[Raw]) -> Raw | None:
    """The name without the meanings that what stands around it rules out."""
    if raw.senses[0].key == "":
        return None
    rules = [(sense, tables.needs.get(sense.text)) for sense in raw.senses]
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
        around = text[max(0, raw.start - NEEDS_NEAR) : raw.end + NEEDS_NEAR]
        return _any_of(rule.near).search(around) is not None
    return not (rule.full or rule.before or rule.after)


@cache
def _any_of(words: frozenset[str]) -> re.Pattern[str]:
    """Any of some words, from their beginning on."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(word) for word in sorted(words))})", re.IGNORECASE)


def _meaning(
    tables: Tables, text: str, found: Sequence[Raw], i: int, anchors: Anchors, matches: Sequence[Match]
) -> Match | None:
    """The match that a raw name is, joined with a country that stands right before it."""
    raw = found[i]
    owner = _owner(tables, text, raw, matches)
    leader = _titled(tables, text, found, i)
    if leader is not None:
        return replace(leader, start=owner.start if owner else raw.start)
    named = [sense for sense in raw.senses if sense.key in tables.entries]
    roles = [sense for sense in raw.senses if sense.key.startswith("role:")]
    if roles and owner is None and matches and _is_employer(text, raw, matches[-1]):
        return _match(tables, raw, named[0]) if named else None
    if owner is not None:
        return _owned(tables, text, raw, owner, named, roles)
    if not roles:
        return _match(tables, raw, _likeliest(tables, named, anchors, raw.start))
    return _unowned(tables, text, found, i, anchors, named, roles[0])


def _titled(tables: Tables, text: str, found: Sequence[Raw], i: int) -> Match | None:
    """The leader whose title this is: "President" before "Trump" is no president of the country spoken of."""
    if i + 1 == len(found) or not any(sense.how == "office" for sense in found[i].senses):
        return None
    following = found[i + 1]
    sense = following.senses[0]
    if not sense.key.startswith("person:") or text[found[i].end : following.start] not in {" ", ", "}:
        return None
    return _match(tables, following, sense)


def _match(tables: Tables, raw: Raw, sense: Alias, start: int | None = None) -> Match:
    first = raw.start if start is None else start
    return Match(start=first, end=raw.end, entry=tables.entries[sense.key], alias=sense.text, how=sense.how)


def _likeliest(tables: Tables, named: Sequence[Alias], anchors: Anchors, place: int) -> Alias:
    """Of several parties with one name, that of the country spoken of; the first in the tables where none is."""
    if len(named) == 1:
        return named[0]
    scores = anchors.score(place)
    return max(named, key=lambda sense: scores.get(country_of(tables, sense) or "", 0.0))


def _owner(tables: Tables, text: str, raw: Raw, matches: Sequence[Match]) -> Match | None:
    """The state, region or leaderless country right before a name: "China's", "US", "Texas"."""
    if not matches:
        return None
    last = matches[-1]
    is_state = last.entry.party.id is not None and last.entry.party.id.count(":") == 1 and last.how in STATE_HOWS
    if not is_state or not (last.entry.party.id or "").startswith(("gov:", "place:europe")):
        return None
    if not 0 < raw.start - last.end < 40:
        return None
    seam = _SEAM.match(text[last.end : raw.start])
    if seam is None:
        return None
    words = {word for word in seam.groups() if word}
    return last if words <= tables.lists.get("between", frozenset()) else None


def _is_employer(text: str, raw: Raw, last: Match) -> bool:
    """Whether a company's name right before makes an office the company's own: "Microsoft President Brad Smith"."""
    return last.entry.party.kind is PartyKind.COMPANY and _SEAM.match(text[last.end : raw.start]) is not None


def _owned(
    tables: Tables, text: str, raw: Raw, owner: Match, named: Sequence[Alias], roles: Sequence[Alias]
) -> Match | None:
    """A body or office of the country before it; a company or another country's body stays by itself."""
    country = owner.entry.party.country
    for sense in named:
        entry = tables.entries[sense.key]
        if entry.party.country == country and (entry.acts_for or entry.party.id == owner.entry.party.id):
            is_body = entry.party.kind in {PartyKind.GOVERNMENT, PartyKind.COURT} and sense.how != "city"
            return _match(tables, raw, sense, owner.start if is_body else raw.start)
    if roles:
        return _role_match(tables, text, raw, roles[0], owner.entry, start=owner.start)
    return _match(tables, raw, named[0]) if named else None


def _unowned(
    tables: Tables,
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
        state = tables.entries.get(following.senses[0].key)
        if state is not None and state.party.kind in {PartyKind.ORGANISATION, PartyKind.COMPANY}:
            return None  # "the leaders of the Group of Seven"
        if state is not None and state.party.id == f"gov:{(state.party.country or '').lower()}":
            return _role_match(tables, text, raw, role, state)
    leader = _by_surname(tables, text, raw, role)
    if leader is not None or not (named or _stands_alone(text, raw, role)):
        return leader
    territory = _context_country(tables, text, raw, role, named, anchors)
    if territory is None:
        return _match(tables, raw, named[0]) if named else None
    for sense in named:
        if country_of(tables, sense) == territory.party.country:
            return _match(tables, raw, sense)
    return _role_match(tables, text, raw, role, territory, is_bare=True)


def _by_surname(tables: Tables, text: str, raw: Raw, role: Alias) -> Match | None:
    """The leader whom an office and a surname name together: "Prime Minister Abe"."""
    name = _PERSON.match(text, raw.end) if role.how == "office" else None
    if name is None:
        return None
    words = name.group().split()
    key = tables.surnames.get((role.text.lower(), re.sub(r"['’]s?$", "", words[0])))
    if not key or (len(words) > 1 and words[1] not in _NOT_NAMES):
        return None  # "President Hassan Sheikh Mohamud": a first name
    end = raw.end + len(words[0]) + 1
    return Match(start=raw.start, end=end, entry=tables.entries[key], alias=text[raw.start : end], how="office")


def _stands_alone(text: str, raw: Raw, role: Alias) -> bool:
    """Whether a role may be meant without its country: several words, or one after "the"."""
    previous = _word_before(text, raw)
    if text[raw.end : raw.end + 1] == "-" or (role.how == "office" and previous in POSSESSIVES):
        return False  # "its president" may well be a company's
    if " " in role.text or (role.how == "office" and _PERSON.match(text, raw.end)):
        return True
    if role.text in CAPITALISED_ALONE and text[raw.start].isupper():
        return True
    return previous == "the" or previous in POSSESSIVES


def _word_before(text: str, raw: Raw) -> str:
    before = text[max(0, raw.start - 8) : raw.start].lower().split()
    return before[-1] if before else ""


def _context_country(
    tables: Tables, text: str, raw: Raw, role: Alias, named: Sequence[Alias], anchors: Anchors
) -> Entry | None:
    """The state whose body is meant, by what the text speaks of around it."""
    words = set(role.text.lower().replace("-", " ").split())
    around = anchors.score(raw.start)
    if _word_before(text, raw) in {"its", "their"} and (owner := anchors.last(raw.start)):
        around[owner] = around.get(owner, 0.0) + OWNER_BONUS
    said = text[raw.start : raw.end]
    scores = {country: score for country, score in around.items() if _may_have(tables, country, said, words)}
    if words & DEPARTMENT_WORDS and _may_have(tables, "US", said, words):
        scores["US"] = scores.get("US", 0.0) + DEFAULT_BONUS
    for sense in named:
        country = country_of(tables, sense) or ""
        bonus = DEFAULT_BONUS + LONG_NAME_BONUS * max(0, len(sense.text.split()) - 3)
        scores[country] = scores.get(country, 0.0) + bonus
    return tables.state(max(scores, key=lambda country: scores[country])) if scores else None


def _may_have(tables: Tables, country: str, said: str, words: set[str]) -> bool:
    """Whether a country has a body of that name: departments and secretaries, ministries, chancellors, courts."""
    if any(country in tables.lists.get(f"without {name}", ()) for name in (said, said.lower())):
        return False
    only = tables.lists.get(f"only {said.lower()}")
    if only is not None:
        return country in only
    if words & DEPARTMENT_WORDS:
        topics = words - DEPARTMENT_WORDS - {"of", "the", "and", "deputy"}
        if country == "US" and topics and not topics & tables.lists["us_departments"]:
            return False
        return country in tables.lists["department_states"]
    if words & MINISTRY_WORDS:
        return country not in tables.lists["no_ministries"]
    return "chancellor" not in words or country in CHANCELLORS


def _role_match(
    tables: Tables,
    text: str,
    raw: Raw,
    sense: Alias,
    territory: Entry,
    *,
    start: int | None = None,
    is_bare: bool = False,
) -> Match:
    """The body that has a role in a country; one made up on the spot where the tables have none."""
    key = sense.key.removeprefix("role:")
    role = tables.roles[key]
    if not (territory.party.id or "").startswith("gov:"):
        territory = tables.state(territory.party.country) or territory  # "European regulators" are the Union's
    own = (territory.party.id or "").removeprefix("gov:")
    entry = tables.body(own, key) or (tables.body(own, role.otherwise) if role.otherwise else None)
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
        role=key,
    )


def _made_up(territory: Entry, sense: Alias, kind: PartyKind, key: str) -> Entry:
    """A body that the tables do not hold: "Vietnam's trade ministry"."""
    words = sense.text.title() if kind is PartyKind.COURT else sense.text
    owner = SHORT.get(territory.party.id or "", territory.party.name)
    party = Party(
        name=f"{owner}'s {words}",
        kind=kind,
        country=territory.party.country,
        id=f"{'court' if kind is PartyKind.COURT else 'gov'}:{(territory.party.id or '').removeprefix('gov:')}:{key}",
        parent=territory.party.id,
    )
    return Entry(party=party, acts_for=territory.party.id, nouns=frozenset({words.lower().split()[-1]}), roles=(key,))


def _with_name(text: str, end: int) -> int:
    """Past the person's name that follows an office: "President Xi Jinping"."""
    name = _PERSON.match(text, end)
    if name is None or name.group().split()[0] in _NOT_NAMES:
        return end
    return name.end()
