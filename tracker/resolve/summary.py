"""One readable line per event and a title per measure, built from their fields; nothing is added that these lack."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tracker.model import Direction, Event, EventType, Status

# Per type: what the actor does when it restricts, when it eases or when neither, and the measure as a noun.
# These act on things, which follow the words: "curb exports of nickel ore".
ON_THINGS: Mapping[EventType, tuple[str, str, str, str]] = MappingProxyType(
    {
        EventType.ACCESS_RESTRICTION: ("block access to", "restore access to", "change access to", "block on"),
        EventType.EXPORT_CONTROL: ("curb exports of", "ease curbs on", "change export rules on", "curbs on"),
        EventType.IMPORT_RESTRICTION: (
            "curb imports of",
            "allow imports of",
            "change import rules on",
            "import curbs on",
        ),
        EventType.TARIFF: ("impose duties on", "cut duties on", "change duties on", "duties on"),
        EventType.PRODUCT_BAN: ("ban", "allow", "change the rules on", "ban on"),
    }
)
# These act on parties, which stand before: things follow in brackets. `@` is "it" or "them", and goes with the word
# before it where no target is known; the noun ends in what joins it to the targets.
ON_PARTIES: Mapping[EventType, tuple[str, str, str, str]] = MappingProxyType(
    {
        EventType.ENTITY_LISTING: ("put @ on a list", "take @ off a list", "change a listing", "listing of"),
        EventType.SANCTION: ("impose sanctions", "lift sanctions", "change sanctions", "sanctions on"),
        EventType.LICENCE_DECISION: ("limit licences", "grant licences", "decide on licences", "licences for"),
        EventType.INVESTMENT_RESTRICTION: ("curb deals", "allow deals", "review deals", "curbs on deals of"),
        EventType.REGULATION: ("set rules", "relax rules", "set rules", "rules for"),
        EventType.ENFORCEMENT: ("take action", "drop its case", "settle", "action against"),
        EventType.COURT_RULING: ("rule against @", "rule for @", "rule", "ruling on"),
        EventType.SUBSIDY: ("withhold funds", "grant funds", "grant funds", "funds for"),
        EventType.TRADE_AGREEMENT: ("suspend a deal", "agree on a deal", "agree on a deal", "deal with"),
        EventType.COMPANY_RESPONSE: ("respond", "respond", "respond", "response to"),
    }
)
DIRECTIONS = (Direction.RESTRICT, Direction.EASE, Direction.NEUTRAL)
# Status: what stands before the verb, or None where the noun is used with the words given.
TENSES: Mapping[Status, tuple[str | None, str]] = MappingProxyType(
    {
        Status.CONSIDERED: ("may", ""),
        Status.PROPOSED: ("propose to", ""),
        Status.ANNOUNCED: ("will", ""),
        Status.IN_FORCE: ("", ""),
        Status.DELAYED: (None, "delay"),
        Status.SUSPENDED: (None, "suspend"),
        Status.ENDED: (None, "end"),
        Status.REJECTED: (None, "do not go ahead with"),
    }
)
# Where a status has a word of its own.
OWN_WORDS: Mapping[tuple[EventType, Status], str] = MappingProxyType(
    {
        (EventType.LICENCE_DECISION, Status.ENDED): "revoke",
        (EventType.LICENCE_DECISION, Status.REJECTED): "refuse",
    }
)
THIRD = MappingProxyType({"do": "does", "will": "will", "may": "may"})
SAID = frozenset(
    "ban block curb duty dutie tariff sanction rule measure restriction control fine use import export sale".split()
)
ACCESS_TO = re.compile(r"^access to (?:(?:its|their|the) )?")
EMPTY = re.compile(r"^(?:the same|it|them|own|this|that|these|those)\b", re.IGNORECASE)
MONTHS = "January February March April May June July August September October November December".split()


def summary(event: Event) -> str:
    """`OpenAI → developers in China: will block access to its API, from July 2024`."""
    who = _names([p.name for p in event.actors]) or "Unnamed actor"
    whom = _names([p.name for p in event.targets])
    head = f"{who} → {whom}" if whom else who
    things = _names(_things(event))
    if event.type in ON_THINGS:
        what = f"{_act(event)} {things or _pronoun(event)}"
    else:
        what = f"{_act(event)} ({things})" if things else _act(event)
    start = f", from {readable(event.effective_on.day)}" if event.effective_on else ""
    return f"{'' if event.origins else 'Withdrawn: '}{head}: {what}{start}"


def title(event: Event) -> str:
    """`OpenAI: block on API access (developers in China)`: the measure that an event is a step of."""
    who = _names([p.name for p in event.actors]) or "Unnamed actor"
    whom = _names([p.name for p in event.targets])
    things, noun = _names(_things(event)), _words(event)[-1]
    if event.type in ON_THINGS:
        return f"{who}: {noun} {things or _pronoun(event)}" + (f" ({whom})" if whom else "")
    return f"{who}: {f'{noun} {whom}' if whom else _bare(noun)}" + (f" ({things})" if things else "")


def readable(day: str) -> str:
    """`2024-07` as `July 2024`, `2024-07-09` as `9 July 2024`."""
    year, *rest = day.split("-")
    words = [MONTHS[int(rest[0]) - 1], year] if rest else [year]
    return " ".join([str(int(rest[1])), *words] if len(rest) > 1 else words)


def _words(event: Event) -> tuple[str, str, str, str]:
    return ON_THINGS.get(event.type) or ON_PARTIES[event.type]


def _act(event: Event) -> str:
    *verbs, noun = _words(event)
    tense, instead = TENSES[event.status]
    if tense is None:
        verb = OWN_WORDS.get((event.type, event.status), instead)
        return _agreed(f"{verb} {noun if event.type in ON_THINGS else _bare(noun)}", event)
    verb = verbs[DIRECTIONS.index(event.direction)]
    verb = verb.replace("@", _pronoun(event)) if event.targets else re.sub(r" \w+ @$| @", "", verb)
    return _agreed(f"{tense} {verb}".strip(), event)


def _agreed(words: str, event: Event) -> str:
    """The words with their first, a verb, in the number of those who act."""
    if len(event.actors) > 1:
        return words
    first, _, others = words.partition(" ")
    return f"{THIRD.get(first) or _third_person(first)} {others}".strip()


def _third_person(verb: str) -> str:
    return f"{verb}es" if verb.endswith(("s", "sh", "ch", "x")) else f"{verb}s"


def _bare(noun: str) -> str:
    """A noun without what joins it to its targets: `sanctions on`."""
    return noun.rpartition(" ")[0]


def _things(event: Event) -> list[str]:
    """What is at stake, without what the verb says already (`block access to access to its API`, `ban a ban`)."""
    said = {word for words in _words(event) for word in words.split()} | SAID
    bare = [ACCESS_TO.sub("", item) if event.type is EventType.ACCESS_RESTRICTION else item for item in event.items]
    named = [item for item in bare if not EMPTY.match(item) and not {word.strip("s") for word in item.split()} <= said]
    if event.type is EventType.ENTITY_LISTING:
        return [*event.instruments[:1], *named]
    return named or list(event.instruments)


def _pronoun(event: Event) -> str:
    return "them" if len(event.targets) > 1 else "it" if event.targets else "unnamed goods"


def _names(names: Sequence[str], most: int = 3) -> str:
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
