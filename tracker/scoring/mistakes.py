"""What went wrong, one by one: the article, the words, what was expected and what was found.

Four kinds: an event missed, a spurious one, one found only in part (its type, but not its actor, or neither target nor
item), and one with a wrong field. An event that is found in part and has a wrong field makes two. Says nothing of why;
`tracker extract --explain` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from tracker.scoring.documents import Event
from tracker.scoring.figures import FIELDS, ROLES
from tracker.scoring.outcomes import Matched, Missed, Outcome

Told = Mapping[str, Any]  # field to value; None: no event at all


class Kind(StrEnum):
    """What kind of mistake it is."""

    MISSED = "missed"
    SPURIOUS = "spurious"
    PARTIAL = "partial"
    FIELD = "wrong field"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One mistake; `evidence` quotes gold's evidence, for a spurious event the prediction's own."""

    kind: Kind
    article: str
    type: str
    evidence: str
    expected: Told | None
    found: Told | None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)


def mistakes(compared: Iterable[Outcome]) -> Iterator[Mistake]:
    """The mistakes among the outcomes, in their order."""
    for outcome in compared:
        if isinstance(outcome, Matched):
            yield from _of_match(outcome)
        elif isinstance(outcome, Missed):
            yield _mistake(Kind.MISSED, outcome, outcome.expected, expected=_whole(outcome.expected))
        else:
            yield _mistake(Kind.SPURIOUS, outcome, outcome.found, found=_whole(outcome.found))


def _of_match(match: Matched) -> Iterator[Mistake]:
    expected, found = match.expected, match.found
    if not match.is_strict:
        yield _mistake(Kind.PARTIAL, match, expected, expected=_objects(expected), found=_objects(found))
    wrong = [f for f in FIELDS if (getattr(expected, f) or None) != (getattr(found, f) or None)]
    if wrong:
        right, given = ({f: getattr(one, f) for f in wrong} for one in (expected, found))
        yield _mistake(Kind.FIELD, match, expected, expected=right, found=given)


def _mistake(
    kind: Kind, outcome: Outcome, shown: Event, *, expected: Told | None = None, found: Told | None = None
) -> Mistake:
    return Mistake(
        kind=kind,
        article=outcome.article.id,
        type=outcome.type,
        evidence=outcome.article.quote(shown),
        expected=expected,
        found=found,
    )


def _whole(event: Event) -> Told:
    return {**{field: getattr(event, field) for field in FIELDS}, **_objects(event)}


def _objects(event: Event) -> Told:
    """Who acts, on whom and what: what a strict match asks for beside the type."""
    parties = {role: [party.name for party in getattr(event, role)] for role in ROLES}
    return {**parties, "items": list(event.items)}
