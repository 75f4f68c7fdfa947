"""Which assertions do not hold of what came: of each source by its own past, then of all sources together.

New articles are judged together with the last ones before them where they are few, and only by what the new ones have
part in: one good article after many bad ones passes. What a source always was like is never held against it; before it
is known what is usual, only one text under many addresses is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from tracker.assertions import figures
from tracker.assertions.figures import FLAWS, SAMPLE, SHARED, Test
from tracker.model.assertions import Arrival, Assertion, Batch, Breach, Limits

__all__ = ["SAMPLE", "judge"]

RISE = 0.3  # by so much a share must be above what is usual
FLOOD_LEAST = 50  # so many new articles are no flood
EVENTS_LEAST = 20  # so many events, found or usual, before their number means anything
RATE_LEAST = 0.2  # events in an article: what is fewer counts as so many where there are more now
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

    def usual(self, measure: Callable[[Sequence[Arrival]], float]) -> float:
        """What a measure usually is."""
        return sum(measure(one.past) * len(one.new) for one in self.batches) / len(self.new)

    def breach(
        self, assertion: Assertion, *, found: float, usual: float | None, limit: float, shown: Sequence[Arrival]
    ) -> Breach:
        """An assertion of these that does not hold; the first of the articles that show it is the example."""
        return Breach(
            assertion=assertion,
            overall=self.overall,
            articles=len(self.judged),
            found=round(found, 3),
            usual=None if usual is None else round(usual, 3),
            limit=limit,
            example=shown[0].title if shown else "",
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
        if own.enabled and batch.new and (broken := tuple(_of_source(batch, own))):
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


def _of_source(batch: Batch, limits: Limits) -> Iterator[Breach]:
    judged = (*batch.new, *batch.last[: max(0, limits.together - len(batch.new))])
    case = _Case(judged=judged, new=batch.new, batches=(batch,), limits=limits, overall=False)
    is_known = _is_known(batch, limits)
    if len(judged) >= limits.together:
        if is_known:
            yield from _flaws(case)
            yield from _shared(case, Assertion.SAME_TITLE, is_known=True)
            yield from _events(case)
        yield from _shared(case, Assertion.SAME_TEXT, is_known=is_known)
    if is_known:
        yield from _flood(case)


def _of_all(batches: Mapping[str, Batch], limits: Limits) -> Iterator[Breach]:
    new = tuple(one for batch in batches.values() for one in batch.new)
    if not limits.enabled or len(new) < ALL_LEAST or len(batches) < SOURCES_LEAST:
        return
    case = _Case(judged=new, new=new, batches=tuple(batches.values()), limits=limits, overall=True)
    yield from _flaws(case)
    yield from _shared(case, Assertion.SAME_TITLE, is_known=False)
    yield from _shared(case, Assertion.SAME_TEXT, is_known=False)
    yield from _events(case)
    yield from _flood(case)


def _flaws(case: _Case) -> Iterator[Breach]:
    """What is wrong with too many articles, one by one."""
    strange = frozenset[str]().union(*map(figures.strange, case.batches))
    tests: dict[Assertion, Test] = {**FLAWS, Assertion.OTHER_LANGUAGE: lambda one: one.id in strange}
    for assertion, test in tests.items():
        limit = case.limits.limit(assertion)
        found = figures.share(test, case.judged)
        if limit is None or found <= limit or figures.share(test, case.new) <= limit:
            continue
        usual = case.usual(partial(figures.share, test))
        if found - usual >= RISE:
            yield case.breach(assertion, found=found, usual=usual, limit=limit, shown=[*filter(test, case.new)])


def _shared(case: _Case, assertion: Assertion, *, is_known: bool) -> Iterator[Breach]:
    """What too many articles share, compared with what is usual where that is known."""
    limit, of = case.limits.limit(assertion), SHARED[assertion]
    value = figures.commonest(of, case.judged)
    if limit is None or not value:
        return

    def test(one: Arrival) -> bool:
        return of(one) == value

    found = figures.share(test, case.judged)
    if found <= limit or figures.share(test, case.new) <= limit:
        return
    usual = case.usual(partial(figures.largest, of, len(case.judged))) if is_known else None
    if found - (usual or 0.0) >= RISE:
        yield case.breach(assertion, found=found, usual=usual, limit=limit, shown=[*filter(test, case.new)])


def _events(case: _Case) -> Iterator[Breach]:
    """Far more events in an article than usual, or far fewer."""
    limit = case.limits.limit(Assertion.EVENTS)
    if limit is None:
        return
    found, usual = figures.told(case.judged), case.usual(figures.told)
    most = limit * max(usual, RATE_LEAST)
    is_many = found > most and figures.told(case.new) > most and found * len(case.judged) >= EVENTS_LEAST
    is_few = found * limit < usual and usual * len(case.judged) >= EVENTS_LEAST
    if is_many or is_few:
        shown = sorted(case.new, key=lambda one: (-one.reports, one.id))
        yield case.breach(Assertion.EVENTS, found=found, usual=usual, limit=limit, shown=shown)


def _flood(case: _Case) -> Iterator[Breach]:
    """Far more articles than usual; that there are far fewer is told by alarms, since nothing is there to hold back."""
    limit = case.limits.limit(Assertion.FLOOD)
    counted = [(len(one.new), usual) for one in case.batches if (usual := figures.expected(one)) is not None]
    found, usual = sum(new for new, _ in counted), sum(usual for _, usual in counted)
    if limit is not None and found > max(FLOOD_LEAST, limit * usual):
        yield case.breach(Assertion.FLOOD, found=found, usual=usual, limit=limit, shown=case.new)
