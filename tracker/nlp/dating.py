"""When a step was taken and when it takes effect: which of the article's dates belong to a clause.

Chooses among dates that `tracker.nlp.temporal` found; reads no words itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from tracker.model import Span, When
from tracker.nlp.clauses import Clause
from tracker.nlp.reading import Reading
from tracker.nlp.temporal import TimeMention, heading_over

LABELS = frozenset({"dateline", "heading"})


def announced_on(reading: Reading, clause: Clause, published: When | None) -> When | None:
    """The date of the step itself: in the clause, in its sentence, over it, or the article's own."""
    inside, around = _dates(reading, clause)
    for group in (inside, around):
        usable = [t for t in group if t.role not in ("effective", "deadline")]
        if usable:
            return _nearest(usable, reading, clause).when
    heading = heading_over(reading.times, _span(reading, clause))
    if heading is not None:
        return heading.when
    if published is None:
        return None
    return When(value=published.day, basis=published.basis)


def effective_on(reading: Reading, clause: Clause) -> When | None:
    """The date that the sentence says the step takes effect on, or None."""
    inside, around = _dates(reading, clause)
    for group in (inside, around):
        usable = [t for t in group if t.role == "effective"]
        if usable:
            return _nearest(usable, reading, clause).when
    return None


def _span(reading: Reading, clause: Clause) -> Span:
    first, last = reading.doc[min(clause.core)], reading.doc[max(clause.core)]
    return Span(start=first.idx, end=last.idx + len(last))


def _dates(reading: Reading, clause: Clause) -> tuple[list[TimeMention], list[TimeMention]]:
    """Dates among the clause's own words, and those of its sentence."""
    core = {reading.doc[i].idx for i in clause.core}
    around = [t for t in reading.times_by_sentence.get(reading.sentence_index[clause.head], []) if t.cue not in LABELS]
    return [t for t in around if t.span.start in core], around


def _nearest(times: Sequence[TimeMention], reading: Reading, clause: Clause) -> TimeMention:
    place = reading.doc[clause.head].idx
    return min(times, key=lambda t: abs(t.span.start - place))
