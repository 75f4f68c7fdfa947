"""Which assertions do not hold of what came: of each source by its own past, then of all sources together.

New articles are judged together with the last ones before them where they are few, and only by what the new ones have
part in: one good article after many bad ones passes. What a source always was like is never held against it: a share is
too large only where chance would hardly ever bring it to what is usual. Before that is known, only one text under many
addresses is held back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from tracker.assertions import figures
from tracker.assertions.figures import FLAWS, ODD, SAMPLE, SHARED, Test
from tracker.model.assertions import Arrival, Assertion, Batch, Breach, Limits

__all__ = ["SAMPLE", "WIDEST", "judge"]

CHANCE = 1e-7  # a share that chance brings less often than that is not what is usual
MORE = 1.3  # articles do not come independently: shares are usual up to so many times what they were,
LEAST = 0.03  # and up to so much more
WIDTHS = (1, 2, 4)  # times `together`: the few first articles of a fault show it where it is rare, more where it is not
WIDEST = max(WIDTHS)
FLOOD_LEAST = 50  # so many new articles are no flood
ALL_LEAST = 50  # new articles of all sources that are judged together, at least
SOURCES_LEAST = 3  # of so many sources


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """What is judged together."""

    judged: tuple[Arrival, ...]
    new: tuple[Arrival, ...]  # of them
    batches: tuple[Batch, ...]  # where they are from: what is usual is the mean of these, each by its new articles
    limits: Limits
    overall: bool

    def usual(self, measure: Callable[[Batch], float]) -> float:
        """What a measure of the past usually is."""
        return sum(measure(one) * len(one.new) for one in self.batches) / sum(len(one.new) for one in self.batches)

    def breach(
        self, assertion: Assertion, test: Test, usual: Callable[[], float] | None, limit: float
    ) -> Breach | None:
        """What there is to say where too many are so, of the new ones too; `usual` is asked for only then."""
        found = figures.share(test, self.judged)
        if found <= limit or figures.share(test, self.new) <= limit:
            return None
        known = usual() if usual else None
        if known is not None:
            least = max(LEAST, *(1 / (len(one.past) + 2) for one in self.batches))
            if figures.chance(sum(map(test, self.judged)), len(self.judged), MORE * known + least) >= CHANCE:
                return None
        return Breach(
            assertion=assertion,
            overall=self.overall,
            articles=len(self.judged),
            found=round(found, 3),
            usual=None if known is None else round(known, 3),
            limit=limit,
            example=next(one.title for one in self.new if test(one)),
        )


def judge(batches: Mapping[str, Batch], limits: Mapping[str, Limits], overall: Limits) -> dict[str, tuple[Breach, ...]]:
    """The sources whose new articles should not be published, each with what does not hold.

    Args:
        batches: by source, what came and what came before.
        limits: those of each source; a source that is not among them has those of all.
        overall: the limits for all sources together.
    """
    found: dict[str, tuple[Breach, ...]] = {}
    for key, batch in batches.items():
        own = limits.get(key, overall)
        if own.enabled and batch.new and (broken := _of_source(batch, own)):
            found[key] = broken
    rest = {
        key: batch
        for key, batch in batches.items()
        if key not in found and batch.new and _is_known(batch, overall) and limits.get(key, overall).enabled
    }
    return found | dict.fromkeys(rest, broken) if (broken := tuple(_of_all(rest, overall))) else found


def _is_known(batch: Batch, limits: Limits) -> bool:
    """Whether it is known what is usual in a source: by its history, or since somebody has released what it gave."""
    return len(batch.past) >= (limits.together if batch.is_released else limits.history)


def _of_source(batch: Batch, limits: Limits) -> tuple[Breach, ...]:
    """What does not hold of a source; of the first number of articles that shows anything."""
    for width in WIDTHS:
        judged = (*batch.new, *batch.last[: max(0, width * limits.together - len(batch.new))])
        before = replace(batch, past=_before(judged, batch.past))
        is_known = _is_known(before, limits)
        case = _Case(judged=judged, new=batch.new, batches=(before,), limits=limits, overall=False)
        found: list[Breach] = []
        if len(judged) >= limits.together:
            if is_known:
                found += [*_flaws(case), *_shared(case, Assertion.SAME_TITLE, is_known=True)]
            if is_known or not batch.is_released:
                found += _shared(case, Assertion.SAME_TEXT, is_known=is_known)
        if is_known:
            found += _flood(case)
        if found or len(judged) < width * limits.together or len(batch.new) >= WIDEST * limits.together:
            break
    return tuple(found)


def _before(judged: Iterable[Arrival], past: Iterable[Arrival]) -> tuple[Arrival, ...]:
    """What was published before what is judged: the first articles of a fault do not tell what is usual."""
    ids = {one.id for one in judged}
    return tuple(one for one in past if one.id not in ids)


def _of_all(batches: Mapping[str, Batch], limits: Limits) -> Iterator[Breach]:
    new = tuple(one for batch in batches.values() for one in batch.new)
    if not limits.enabled or len(new) < ALL_LEAST or len(batches) < SOURCES_LEAST:
        return
    case = _Case(judged=new, new=new, batches=tuple(batches.values()), limits=limits, overall=True)
    yield from _flaws(case)
    yield from _shared(case, Assertion.SAME_TITLE, is_known=True)
    yield from _shared(case, Assertion.SAME_TEXT, is_known=True)
    yield from _flood(case)


def _flaws(case: _Case) -> Iterator[Breach]:
    """What is wrong with too many articles, one by one."""
    tests: dict[Assertion, Test] = dict(FLAWS)
    if case.overall:
        tests[Assertion.NO_EVENTS] = figures.is_silent
    for assertion, test in tests.items():
        limit = case.limits.limit(assertion)
        if limit is not None:
            usual = partial(case.usual, partial(_of_past, test))
            if breach := case.breach(assertion, test, usual, limit):
                yield breach
    for assertion, odd in ODD.items():
        limit = case.limits.limit(assertion)
        if limit is not None:
            ids = frozenset(
                one.id for batch in case.batches for one in filter(odd(batch.past), (*batch.new, *batch.last))
            )
            usual = partial(case.usual, partial(_odd_of_past, odd))
            if breach := case.breach(assertion, partial(_is_among, ids), usual, limit):
                yield breach


def _of_past(test: Test, batch: Batch) -> float:
    return figures.share(test, batch.past)


def _odd_of_past(odd: figures.Odd, batch: Batch) -> float:
    return figures.share(odd(batch.past), batch.past)


def _is_among(ids: frozenset[str], one: Arrival) -> bool:
    return one.id in ids


def _shared(case: _Case, assertion: Assertion, *, is_known: bool) -> Iterator[Breach]:
    """What too many articles share of those that have it, compared with what is usual where that is known."""
    limit, of = case.limits.limit(assertion), SHARED[assertion]
    case = replace(case, judged=tuple(filter(of, case.judged)), new=tuple(filter(of, case.new)))
    value = figures.commonest(of, case.judged)
    if limit is None or not case.new or len(case.judged) < (ALL_LEAST if case.overall else case.limits.together):
        return
    usual = partial(case.usual, partial(_largest, of, len(case.judged))) if is_known else None
    if breach := case.breach(assertion, lambda one: of(one) == value, usual, limit):
        yield breach


def _largest(of: Callable[[Arrival], str], together: int, batch: Batch) -> float:
    return figures.largest(of, together, batch.past)


def _flood(case: _Case) -> Iterator[Breach]:
    """Far more articles than usual; that there are far fewer is told by alarms, since nothing is there to hold back."""
    limit = case.limits.limit(Assertion.FLOOD)
    counted = [(len(one.new), usual) for one in case.batches if (usual := figures.expected(one)) is not None]
    found, usual = sum(new for new, _ in counted), sum(usual for _, usual in counted)
    if limit is not None and found > max(FLOOD_LEAST, limit * usual):
        yield Breach(
            assertion=Assertion.FLOOD,
            overall=case.overall,
            articles=len(case.judged),
            found=found,
            usual=round(usual, 3),
            limit=limit,
            example=case.new[0].title,
        )
