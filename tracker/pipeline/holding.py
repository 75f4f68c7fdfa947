"""The stage between reading and settling: what came together is judged, and what is not as usual is held back.

All that is to be judged is judged in one transaction: a refresh that is killed before it judges the same when it goes
on, and one that is killed after it has judged. What somebody decides later is settled at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from tracker import assertions
from tracker.journal import tell
from tracker.model.assertions import Breach, HeldBack, Ruling
from tracker.pipeline import settling
from tracker.pipeline.run import Run
from tracker.store import Store

ALARM = "held"
WHAT_TO_DO = "`tracker sources held` shows it, `tracker sources release` publishes it"


def judge(run: Run) -> None:
    """Hold back what should not be published as it is, and let the rest pass."""
    store = run.store
    if not store.holds.waiting():
        return
    limits = {source.id: source.assertions for source in run.sources.values()}
    overall = run.config.settings.assertions
    last = {key: assertions.WIDEST * one.together for key, one in limits.items()}
    with store.batch():
        otherwise = assertions.WIDEST * overall.together
        batches = store.holds.batches(last=last, usual=assertions.SAMPLE, otherwise=otherwise)
        broken = assertions.judge(batches, limits, overall)
        for held in store.holds.keep(batches, broken, now=run.clock()):
            _tell(run, held, broken[held.source_id], len(batches[held.source_id].new))


def _tell(run: Run, held: HeldBack, reasons: tuple[Breach, ...], new: int) -> None:
    """Sound the alarm of a source of which something was held back, and put it into the report of the refresh."""
    why = assertions.told(reasons)
    detail = f"{held.articles} articles with {held.reports} reports of events are held back: {why}"
    run.store.alarms.settle(held.source_id, {ALARM: detail}, among={ALARM}, now=run.clock())
    run.tally.counts["held articles"] += new
    run.tally.held.append(f"{held.source_id}: {detail}; {WHAT_TO_DO}")
    tell("articles held back", level="warning", source=held.source_id, articles=new, reason=why)


def decide(
    store: Store, ruling: Ruling, source_ids: Collection[str] | None, *, clock: Callable[[], datetime]
) -> tuple[list[HeldBack], int]:
    """Decide about what is held back of some sources or all, and settle what follows.

    Returns:
        What was decided about, and how many events are new.

    Raises:
        BusyError: a refresh is under way on this database.
    """
    with store.writing():
        with store.batch():
            decided = store.holds.decide(ruling, source_ids, now=clock())
            for one in decided:
                store.alarms.settle(one.source_id, {}, among={ALARM}, now=clock())
        return decided, settling.settle(store, clock) if decided and ruling is Ruling.RELEASED else 0
