"""One event per article however often it is told: which drafts of one article are the same event.

Two drafts are one unless type, actor, object, step or date say otherwise. Pure; compares nothing across articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from tracker.model import Mention, Phrase, Span, Status, When
from tracker.nlp.drafts import Draft

NEAR = 1  # sentences between two tellings that lean on each other
DONE = frozenset({Status.IN_FORCE, Status.ANNOUNCED})
MOST_EVIDENCE = 4
MOST_ITEMS = 6
MOST_PARTIES = 8


def groups(found: Sequence[Draft]) -> list[list[Draft]]:
    """The drafts, those of one event together, best first, in the order of the text."""
    made: list[list[Draft]] = []
    for draft in sorted(without_doubles(found), key=lambda d: -d.score):
        home = next((g for g in made if same(draft, g[0])), None)
        if home is None:
            made.append([draft])
        else:
            home.append(draft)
    return sorted(made, key=lambda g: min(d.head for d in g))


def without_doubles(found: Sequence[Draft]) -> list[Draft]:
    """Of drafts that tell one act of one sentence under two types, the likelier."""
    kept: list[Draft] = []
    for draft in sorted(found, key=lambda d: -d.score):
        if not any(_double(draft, other) for other in kept):
            kept.append(draft)
    return sorted(kept, key=lambda d: d.head)


def _double(one: Draft, two: Draft) -> bool:
    if one.sentence != two.sentence or one.evidence.field != two.evidence.field or one.type == two.type:
        return False
    if not _parties_meet(one.actors, two.actors) or not _dates_meet(one.dated.announced, two.dated.announced):
        return False
    return _parties_share(one.targets, two.targets) or bool(_words(one.items) & _words(two.items))


def same(one: Draft, two: Draft) -> bool:
    """Whether two drafts may tell the same event."""
    if (
        one.type != two.type
        or one.direction != two.direction
        or not _dates_meet(one.dated.announced, two.dated.announced)
    ):
        return False
    if not _parties_meet(one.actors, two.actors) and not _nested(one.evidence, two.evidence):
        return False
    return (_steps_meet(one, two) or _one_breath(one, two)) and _objects_meet(one, two)


def _one_breath(one: Draft, two: Draft) -> bool:
    """Whether one sentence tells both, so that a second step would need a date of its own."""
    return one.sentence == two.sentence and one.evidence.field == two.evidence.field


def _nested(one: Span, two: Span) -> bool:
    """Whether one span lies within the other: two readings of the same words."""
    if one.field != two.field:
        return False
    return (one.start <= two.start and two.end <= one.end) or (two.start <= one.start and one.end <= two.end)


def _steps_meet(one: Draft, two: Draft) -> bool:
    return one.status == two.status or {one.status, two.status} <= DONE


def _dates_meet(one: When | None, two: When | None) -> bool:
    if one is None or two is None:
        return True
    a, b = one.day, two.day
    return a.startswith(b) or b.startswith(a)


def _parties_meet(one: Sequence[Mention], two: Sequence[Mention]) -> bool:
    if not one or not two:
        return True
    return bool(_keys(one) & _keys(two)) or bool(_states(one) & _states(two))


def _keys(mentions: Sequence[Mention]) -> set[str]:
    return {m.party.id or m.party.name.casefold() for m in mentions} | {
        m.party.parent for m in mentions if m.party.parent
    }


def _states(mentions: Sequence[Mention]) -> set[str]:
    return {m.party.country for m in mentions if m.party.country and m.party.kind.value in ("government", "place")}


def _objects_meet(one: Draft, two: Draft) -> bool:
    if _parties_share(one.targets, two.targets) or _words(one.items) & _words(two.items):
        return True
    if abs(one.sentence - two.sentence) <= NEAR and not (one.targets and two.targets):
        return True
    return not (one.targets or one.items) or not (two.targets or two.items)


def _parties_share(one: Sequence[Mention], two: Sequence[Mention]) -> bool:
    return bool(one) and bool(two) and _parties_meet(one, two)


def _words(items: Sequence[Phrase]) -> set[str]:
    return {w.rstrip("s") for item in items for w in item.text.casefold().split() if len(w) > 3}


def evidence(group: Sequence[Draft]) -> tuple[Span, ...]:
    """The spans of a group, text before title, best first, none inside another."""
    ordered = sorted(group, key=lambda d: (d.evidence.field == "title", -d.score))
    kept: list[Span] = []
    for draft in ordered:
        span = draft.evidence
        if not any(k.field == span.field and k.start < span.end and span.start < k.end for k in kept):
            kept.append(span)
    texts = [k for k in kept if k.field == "text"]
    return tuple((texts or kept)[:MOST_EVIDENCE])


def union_items(group: Sequence[Draft]) -> tuple[Phrase, ...]:
    """The items of the best telling, and those of others as far as there is room."""
    seen: dict[str, Phrase] = {}
    for phrase in chain.from_iterable(d.items for d in group):
        seen.setdefault(phrase.text.casefold(), phrase)
    return tuple(seen.values())[:MOST_ITEMS]


def union_parties(lists: Sequence[tuple[Mention, ...]]) -> tuple[Mention, ...]:
    """The parties of the first list that names any."""
    return next((mentions for mentions in lists if mentions), ())[:MOST_PARTIES]
