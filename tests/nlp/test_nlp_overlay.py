"""What a user's phrases decide, on clauses made by hand: which are named, how they bend, what is told."""

from __future__ import annotations

import numpy as np
import pytest
import spacy

from tracker.model import EventType
from tracker.nlp import overlay
from tracker.nlp.clauses import Clause
from tracker.nlp.cues import Cues, Hit
from tracker.nlp.features import TYPES
from tracker.nlp.linear import Floats
from tracker.nlp.reading import Reading

BLANK = spacy.blank("en")
AT = 0.4
VISA_BAN = Hit(3, 5, frozenset({("own", "sanction/visa_ban"), ("strong", "sanction")}))
BUILT_IN = Hit(3, 5, frozenset({("strong", "sanction")}))
TWO = Hit(3, 5, frozenset({("own", "sanction/visa_ban"), ("own", "tariff/")}))
TEXT = "Berlin imposed a visa clampdown on Monday"  # tokens 0 to 6; the phrase is 3 and 4


def clause(head: int = 1, core: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6), **more: object) -> Clause:
    plain: dict[str, object] = {
        "head": head, "core": core, "subjects": (0,), "objects": (4,), "agents": (), "obliques": (), "governor": None,
        "link": "ROOT", "antecedent": None, "passive": False, "negated": False, "auxiliaries": (), "marks": (),
        "nominal": False, "inherited": False,
    }  # fmt: skip
    return Clause(**(plain | more))  # type: ignore[arg-type]


def reading(
    *hits: Hit, acts: tuple[int, ...] = (1,), stance: dict[int, str] | None = None, text: str = TEXT
) -> Reading:
    cues = Cues(
        acts={i: frozenset({"impose"}) for i in acts},
        strong={},
        topics={},
        hits=hits,
        hearsay=frozenset(),
        stance={i: frozenset({name}) for i, name in (stance or {}).items()},
    )
    return Reading(BLANK(text), "text", cues, {}, (), ())


def chances(none: float, **types: float) -> Floats:
    rest = (1 - none - sum(types.values())) / (len(TYPES) - len(types))
    return np.array([none, *(types.get(kind.value, rest) for kind in TYPES)])


# what stands | the clause | is it named
NAMED = [
    ("a phrase beside an act", reading(VISA_BAN), clause(), True),
    ("a built-in phrase beside an act", reading(BUILT_IN), clause(), False),
    ("a phrase beside no act", reading(VISA_BAN, acts=()), clause(), False),
    ("the act is a noun of the clause", reading(VISA_BAN, acts=(4,)), clause(), True),
    ("the phrase stands in another clause", reading(VISA_BAN), clause(core=(0, 1, 5, 6)), False),
    ("half of the phrase stands in another clause", reading(VISA_BAN), clause(core=(0, 1, 2, 3)), False),
    ("the clause tells more of a noun that is the phrase", reading(VISA_BAN), clause(core=(1,), antecedent=4), True),
    ("somebody urges it", reading(VISA_BAN, stance={1: "call"}), clause(), False),
    ("somebody else urges it", reading(VISA_BAN, stance={6: "call"}), clause(governor=6), False),
    ("somebody denies it", reading(VISA_BAN, stance={1: "deny"}), clause(), False),
    ("it is asked", reading(VISA_BAN, text=TEXT + "?"), clause(), False),
    ("something else is asked", reading(VISA_BAN, text=TEXT + ". Why?"), clause(), True),
]


@pytest.mark.parametrize(("what", "seen", "one", "is_named"), NAMED, ids=[row[0] for row in NAMED])
def test_a_clause_is_named_by_a_phrase_beside_an_act(what: str, seen: Reading, one: Clause, is_named: bool) -> None:  # noqa: ARG001, FBT001
    if one.antecedent is not None:  # blank text has no tree: the noun is its own phrase
        seen = reading(Hit(4, 5, VISA_BAN.tags))
    assert overlay.named_types(seen, one) == (frozenset({EventType.SANCTION}) if is_named else frozenset())


# of no event, named types -> of no event afterwards
BENT = [
    (0.75, {"sanction"}, 0.4286),  # odds 1:3 become 4:3
    (0.50, {"sanction"}, 0.2),
    (0.98, {"sanction"}, 0.9245),  # surely none stays none
    (0.00, {"sanction"}, 0.0),
]


@pytest.mark.parametrize(("none", "kinds", "afterwards"), BENT)
def test_the_odds_of_an_event_rise_and_the_named_type_takes_all(
    none: float, kinds: set[str], afterwards: float
) -> None:
    p = overlay.bent(chances(none), frozenset(map(EventType, kinds)))
    assert p[0] == pytest.approx(afterwards, abs=0.001)
    assert p.sum() == pytest.approx(1)
    assert p[1 + TYPES.index(EventType.SANCTION)] == pytest.approx(1 - p[0])


def test_two_named_types_keep_their_shares() -> None:
    p = overlay.bent(chances(0.5, sanction=0.3, tariff=0.1), frozenset({EventType.SANCTION, EventType.TARIFF}))
    sanction, tariff = (p[1 + TYPES.index(kind)] for kind in (EventType.SANCTION, EventType.TARIFF))
    assert sanction / tariff == pytest.approx(3, rel=0.001)


def accept(found: overlay.Scored) -> overlay.Scored:
    return [(one, p) for one, p in found if p[0] < 1 - AT]


def reject(found: overlay.Scored) -> overlay.Scored:
    return found[:0]


def test_without_a_phrase_of_the_users_everything_stays() -> None:
    found = [(clause(), chances(0.3)), (clause(head=5), chances(0.9))]
    kept = overlay.decided(reading(BUILT_IN), found, accept, AT)
    assert kept == accept(found)
    assert kept[0][1] is found[0][1]


def test_a_named_clause_is_told_whatever_the_rest_of_the_article_says() -> None:
    other = clause(head=5, core=(5,))
    found = [(clause(), chances(0.7)), (other, chances(0.5))]
    assert [one.head for one, _ in overlay.decided(reading(VISA_BAN), found, reject, AT)] == [1]
    assert [one.head for one, _ in overlay.decided(reading(VISA_BAN), found, accept, AT)] == [1, 5]


@pytest.mark.parametrize(("negated", "told"), [(False, [1]), (True, [])])
def test_a_negated_clause_is_not_raised(negated: bool, told: list[int]) -> None:  # noqa: FBT001
    found = [(clause(negated=negated), chances(0.7))]
    assert [one.head for one, _ in overlay.decided(reading(VISA_BAN), found, accept, AT)] == told


@pytest.mark.parametrize(
    ("hit", "kind", "name"),
    [
        (VISA_BAN, EventType.SANCTION, "visa_ban"),
        (VISA_BAN, EventType.TARIFF, None),
        (TWO, EventType.TARIFF, None),
        (TWO, EventType.SANCTION, "visa_ban"),
        (BUILT_IN, EventType.SANCTION, None),
    ],
)
def test_the_subtype_is_that_of_the_events_own_type(hit: Hit, kind: EventType, name: str | None) -> None:
    assert overlay.subtype(reading(hit), clause(), kind) == name


def test_the_longest_phrase_gives_the_subtype() -> None:
    short, long = Hit(3, 4, frozenset({("own", "sanction/visa")})), Hit(3, 5, frozenset({("own", "sanction/visa_ban")}))
    assert overlay.subtype(reading(short, long), clause(), EventType.SANCTION) == "visa_ban"


def test_the_reason_quotes_the_phrase() -> None:
    (reason,) = overlay.reasons(reading(VISA_BAN), clause(), EventType.SANCTION)
    assert (reason.what, reason.words) == (
        "subtype",
        "'visa clampdown' names visa_ban of sanction, by the user's ontology",
    )
    assert reason.span is not None
    assert TEXT[reason.span.start : reason.span.end] == "visa clampdown"
