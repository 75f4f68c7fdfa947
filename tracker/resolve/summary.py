"""One readable line per event, built from its fields; it adds nothing that the fields do not hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tracker.model import Direction, Event, EventType, Status

# Per type: what the actor does when it restricts, when it eases or when neither, and the measure as a noun.
VERBS: Mapping[EventType, tuple[str, str, str, str]] = MappingProxyType(
    {
        EventType.ACCESS_RESTRICTION: ("block access to", "restore access to", "change access to", "block on"),
        EventType.EXPORT_CONTROL: ("curb exports of", "ease curbs on", "change export rules on", "curbs on"),
        EventType.ENTITY_LISTING: ("list", "take off the list", "change the listing of", "listing of"),
        EventType.SANCTION: ("sanction", "lift sanctions on", "change sanctions on", "sanctions on"),
        EventType.LICENCE_DECISION: ("refuse licences for", "license", "decide licences for", "licences for"),
        EventType.IMPORT_RESTRICTION: (
            "curb imports of",
            "allow imports of",
            "change import rules on",
            "import curbs on",
        ),
        EventType.TARIFF: ("impose duties on", "cut duties on", "change duties on", "duties on"),
        EventType.INVESTMENT_RESTRICTION: (
            "curb deals over",
            "allow deals over",
            "review deals over",
            "curbs on deals over",
        ),
        EventType.PRODUCT_BAN: ("ban", "allow", "change the rules on", "ban on"),
        EventType.REGULATION: ("regulate", "relax rules on", "set rules on", "rules on"),
        EventType.ENFORCEMENT: ("act against", "drop its case against", "settle with", "case against"),
        EventType.COURT_RULING: ("rule against", "rule for", "rule on", "ruling on"),
        EventType.SUBSIDY: ("withhold funds from", "fund", "fund", "funding of"),
        EventType.TRADE_AGREEMENT: ("suspend a deal on", "agree on", "agree on", "deal on"),
        EventType.COMPANY_RESPONSE: ("respond on", "respond on", "respond on", "response on"),
    }
)
DIRECTIONS = (Direction.RESTRICT, Direction.EASE, Direction.NEUTRAL)
# Status: what stands before the verb, or None where the noun is used with the words given.
TENSES: Mapping[Status, tuple[str | None, str]] = MappingProxyType(
    {
        Status.CONSIDERED: ("may", ""),
        Status.PROPOSED: ("proposes to", ""),
        Status.ANNOUNCED: ("will", ""),
        Status.IN_FORCE: ("", ""),
        Status.DELAYED: (None, "delays"),
        Status.SUSPENDED: (None, "suspends"),
        Status.ENDED: (None, "ends"),
        Status.REJECTED: (None, "rejects or loses"),
    }
)
SAID = frozenset(
    "ban block curb duty dutie tariff sanction rule measure restriction control fine use import export".split()
)
ACCESS_TO = re.compile(r"^access to (?:(?:its|their|the) )?")
MONTHS = "January February March April May June July August September October November December".split()


def summary(event: Event) -> str:
    """`OpenAI → developers in China: will block access to its API, from July 2024`."""
    who = _names([p.name for p in event.actors]) or "Unnamed actor"
    whom = _names([p.name for p in event.targets])
    things = _names(_things(event))
    head = f"{who} → {whom}" if whom else who
    start = f", from {readable(event.effective_on.day)}" if event.effective_on else ""
    return f"{head}: {_act(event)} {things or _pronoun(event)}{start}"


def title(event: Event) -> str:
    """`OpenAI: block on API access (developers in China)`: the measure that an event is a step of."""
    who = _names([p.name for p in event.actors]) or "Unnamed actor"
    whom = _names([p.name for p in event.targets])
    things = _names(_things(event)) or _pronoun(event)
    return f"{who}: {VERBS[event.type][-1]} {things}" + (f" ({whom})" if whom else "")


def readable(day: str) -> str:
    """`2024-07` as `July 2024`, `2024-07-09` as `9 July 2024`."""
    year, *rest = day.split("-")
    words = [MONTHS[int(rest[0]) - 1], year] if rest else [year]
    return " ".join([str(int(rest[1])), *words] if len(rest) > 1 else words)


def _act(event: Event) -> str:
    *verbs, noun = VERBS[event.type]
    verb = verbs[DIRECTIONS.index(event.direction)]
    tense, instead = TENSES[event.status]
    if tense is None:
        return f"{instead} {noun}"
    if tense:
        return f"{tense} {verb}"
    first, _, others = verb.partition(" ")
    return f"{_third_person(first)} {others}".strip()


def _third_person(verb: str) -> str:
    return f"{verb}es" if verb.endswith(("s", "sh", "ch", "x")) else f"{verb}s"


def _things(event: Event) -> list[str]:
    """What is at stake, without what the verb says already (`block access to access to its API`, `ban a ban`)."""
    said = {word for words in VERBS[event.type] for word in words.split()} | SAID
    bare = [ACCESS_TO.sub("", item) if event.type is EventType.ACCESS_RESTRICTION else item for item in event.items]
    return [item for item in bare if not {word.strip("s") for word in item.split()} <= said] or list(event.instruments)


def _pronoun(event: Event) -> str:
    return "them" if len(event.targets) > 1 else "it" if event.targets else "unnamed goods"


def _names(names: Sequence[str], most: int = 3) -> str:
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
