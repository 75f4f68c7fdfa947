"""When a step was taken and when it takes effect: which of the article's dates belong to a clause.

Gathers the dates that may belong to it, says what speaks for each, and lets the learned weights choose. The article's
own date is one of the candidates. Reads no words itself: what a date means is `tracker.nlp.temporal`'s affair.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tracker.model import Span, Status, When
from tracker.nlp.clauses import Clause
from tracker.nlp.linear import Floats, Softmax
from tracker.nlp.reading import Reading
from tracker.nlp.temporal import TimeMention, heading_over

LABELS = frozenset({"dateline", "heading", "name"})
UNRELATED, ANNOUNCED, EFFECTIVE, BOTH = DATE_LABELS = ("unrelated", "announced", "effective", "both")
EFFECTIVE_AT = 0.25  # a date is when the step takes effect from this probability on
# And where it is the day of the step itself: most steps without a worded start have that day and no other.
EFFECTIVE_THAT_DAY_AT = 0.45
BESIDE = {-1: "before", 0: "sentence", 1: "after"}  # which sentences' dates may belong to a clause


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """A date that may belong to a clause, and what speaks for it."""

    when: When
    features: dict[str, float]
    is_immediate: bool = False  # "with immediate effect": on the day of the step, whichever that is


def date_candidates(reading: Reading, clause: Clause, status: Status, published: When | None) -> list[DateCandidate]:
    """The dates in and about the clause's sentence, a heading's date, and the article's own."""
    day = published.day if published else None
    around = list(_around(reading, clause))
    found = [
        DateCandidate(
            time.when,
            dict.fromkeys(_features(reading, clause, status, time, place, around, day), 1.0),
            is_immediate=time.cue == "immediate",
        )
        for time, place in around
    ]
    heading = heading_over(reading.times, _span(reading, clause))
    if heading is not None:
        found.append(DateCandidate(heading.when, dict.fromkeys(_plain(clause, status, "heading", around), 1.0)))
    if published is not None:
        own = When(value=published.day, basis=published.basis)
        names = [*_plain(clause, status, "published", around), *_tense(reading, clause, "published")]
        found.append(DateCandidate(own, dict.fromkeys(names, 1.0)))
    return found


@dataclass(frozen=True, slots=True)
class Dated:
    """When a step was taken and when it takes effect, each with its probability."""

    announced: When | None
    announced_score: float
    effective: When | None
    effective_score: float


def choose(found: Sequence[tuple[DateCandidate, Floats | None]], model: Softmax, published: When | None) -> Dated:
    """The likeliest dates; none after the article's own is when a step was taken."""
    scored = [(dict(zip(model.labels, model.score(c.features, None, offset), strict=True)), c) for c, offset in found]
    taken = [(p[ANNOUNCED] + p[BOTH], c.when) for p, c in scored if not is_to_come(c.when, published)]
    effect = [(p[EFFECTIVE] + p[BOTH], c) for p, c in scored if c.when.span is not None]
    best = max(taken, key=lambda x: x[0], default=(0.0, None))
    sure = [(p, c) for p, c in effect if p >= _least_effective(c.when, best[1])]
    start = max(sure, key=lambda x: x[0], default=(max((p for p, _ in effect), default=0.0), None))
    if start[1] is None:
        return Dated(best[1], float(best[0]), None, float(start[0]))
    begins = start[1].when
    if start[1].is_immediate and best[1] is not None and len(best[1].day) == len(begins.day):
        begins = replace(begins, value=best[1].day)
    return Dated(best[1], float(best[0]), begins, float(start[0]))


def _least_effective(when: When, taken: When | None) -> float:
    return EFFECTIVE_THAT_DAY_AT if taken is not None and when.day == taken.day else EFFECTIVE_AT


def is_to_come(when: When | None, published: When | None) -> bool:
    """Whether a date lies after the article's day, as far as both are known."""
    if when is None or published is None:
        return False
    n = min(len(when.day), len(published.day))
    return when.day[:n] > published.day[:n]


def _around(reading: Reading, clause: Clause) -> Iterator[tuple[TimeMention, str]]:
    number = reading.sentence_index[clause.head]
    core = {reading.doc[i].idx for i in clause.core}
    for step, place in BESIDE.items():
        for time in reading.times_by_sentence.get(number + step, []):
            if time.cue not in LABELS:
                yield time, "core" if step == 0 and time.span.start in core else place


def _features(
    reading: Reading,
    clause: Clause,
    status: Status,
    time: TimeMention,
    place: str,
    around: Sequence[tuple[TimeMention, str]],
    day: str | None,
) -> Iterator[str]:
    way = _way(time.value, day)
    role = time.role or "none"
    head = reading.doc[clause.head]
    alone = sum(where == place for _, where in around) == 1
    side = "after" if time.span.start > head.idx else "before"
    distance = min(abs(time.span.start - head.idx) // 25, 6)
    yield from ("bias", f"place {place}", f"way {way}", f"role {role}", f"cue {time.cue}", f"basis {time.when.basis}")
    yield from (f"length {len(time.value)}", f"deictic {time.deictic}", f"status {status}", f"side {side} {place}")
    yield from (f"place {place} way {way}", f"role {role} way {way}", f"role {role} place {place}")
    yield from (f"place {place} {'alone' if alone else 'among'}", f"status {status} way {way}")
    yield from (
        f"status {status} role {role}",
        f"place {place} distance {distance}",
        f"place {place} role {role} {way}",
    )
    if time is _nearest(head.idx, around):
        yield from ("nearest", f"nearest {place}", f"nearest role {role}")
    yield from _tense(reading, clause, f"{place} {way}")


def _plain(clause: Clause, status: Status, what: str, around: Sequence[tuple[TimeMention, str]]) -> Iterator[str]:
    """What speaks for a date that does not stand in the sentence: mostly that no other does."""
    yield from (what, f"{what} status {status}", f"{what} nominal {clause.nominal}")
    for place in ("core", "sentence", "before"):
        roles = {time.role or "none" for time, where in around if where == place}
        yield from (f"{what} {place} {role}" for role in sorted(roles))
        if not roles:
            yield f"{what} {place} undated"
    yield f"{what} link {clause.link}"


def _tense(reading: Reading, clause: Clause, what: str) -> Iterator[str]:
    head = reading.doc[clause.head]
    yield f"{what} tag {head.tag_}"
    yield from (f"{what} aux {word}" for word in clause.auxiliaries)
    for act in sorted(reading.cues.acts.get(clause.head, ())):
        yield f"{what} act {act}"


def _nearest(place: int, around: Sequence[tuple[TimeMention, str]]) -> TimeMention | None:
    return min((time for time, _ in around), key=lambda t: abs(t.span.start - place), default=None)


def _way(value: str, day: str | None) -> str:
    """How a date lies to the article's own, as far as both are known."""
    if day is None:
        return "unknown"
    n = min(len(value), len(day))
    if value[:n] == day[:n]:
        return "same day" if n == len(day) else "same month" if n > 4 else "same year"
    near = value[:4] == day[:4]
    return f"{'future' if value[:n] > day[:n] else 'past'} {'near' if near else 'far'}"


def _span(reading: Reading, clause: Clause) -> Span:
    first, last = reading.doc[min(clause.core)], reading.doc[max(clause.core)]
    return Span(start=first.idx, end=last.idx + len(last))
