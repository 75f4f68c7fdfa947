"""Alarms: what is wrong with a source although, or because, it answers as it does. Decisions are pure, over a table.

An alarm about the shape of what a source gives is raised by the change and cleared when the old shape is back, not by
getting used to the new one. It says what is wrong; what is done about it is for people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from tracker.fetch import Harvest
from tracker.journal import tell
from tracker.model import SourceState
from tracker.pipeline.run import Run

SILENT_GAPS = 6  # usual gaps without anything new
SILENT_LEAST = timedelta(days=3)  # and at least so long
SILENT_UNKNOWN = timedelta(days=30)  # where the rhythm is not known
FAILING_TIMES = 5  # failures in a row
FAILING_LEAST = timedelta(days=2)  # and nothing but failures for so long
USUAL_ITEMS = 3.0  # a source that usually lists so many and now none is empty
USUAL_DATED = 0.8  # a source of which so many items usually have dates, and now
UNDATED_OF = 3  # at least so many have none, gives no dates any more
LATE = 10  # its last articles, all copies or all unreadable
BEFORE = 20  # while of those before
BEFORE_GOOD = 0.5  # so many were neither
LYING = "says that it is unchanged when it is not, so it is always asked for the whole"
OF_ANSWERS = frozenset({"silent", "failing", "gone", "moved", "empty", "undated", "validators"})
OF_ARTICLES = frozenset({"unreadable", "copies"})
NOT_ITS_FAULT = "language:"  # how the reasons begin that say nothing about a source


def of_answers(
    before: SourceState,
    after: SourceState,
    harvest: Harvest,
    now: datetime,
    *,
    sounding: Mapping[str, str],
    reason: str | None = None,
    distrusted: bool = False,
) -> dict[str, str]:
    """The alarms that the answers of a refresh give: kind to detail.

    Args:
        before: the state before the refresh.
        after: the state after it.
        harvest: what it brought.
        now: the time of the refresh.
        sounding: those that sound already.
        reason: why it failed, where it did.
        distrusted: whether the validators of one of its addresses have been found to lie.
    """
    found = {
        "silent": _silent(after, now) if reason is None else sounding.get("silent"),
        "failing": _failing(after, now, reason),
        "gone": f"gone for good (HTTP 410) since {after.gone_at:%Y-%m-%d}" if after.gone_at else None,
        "moved": f"moved for good; write the new address into feeds.yaml: {after.moved_to}" if after.moved_to else None,
        "empty": _empty(before, harvest, sounding.get("empty")),
        "undated": _undated(before, harvest, sounding.get("undated")),
        "validators": LYING if distrusted else None,
    }
    return {kind: detail for kind, detail in found.items() if detail}


def _silent(state: SourceState, now: datetime) -> str | None:
    if state.last_new is None:
        return None
    longest = SILENT_UNKNOWN if state.rhythm is None else max(SILENT_LEAST, SILENT_GAPS * state.rhythm)
    if now - state.last_new < longest:
        return None
    usual = f"; something new usually comes every {in_words(state.rhythm)}" if state.rhythm is not None else ""
    return f"nothing new since {state.last_new:%Y-%m-%d}{usual}"


def _failing(state: SourceState, now: datetime, reason: str | None) -> str | None:
    if reason is None or state.failures < FAILING_TIMES:
        return None
    if state.last_success is not None and now - state.last_success < FAILING_LEAST:
        return None
    since = f"since {state.last_success:%Y-%m-%d}" if state.last_success else "from the first time on"
    return f"has failed {since}, {state.failures} times in a row: {reason}"


def _empty(before: SourceState, harvest: Harvest, sounding: str | None) -> str | None:
    if harvest.listed is None:
        return sounding
    if harvest.listed:
        return None
    usual = before.usual_items or 0.0
    return sounding or (f"lists nothing; it usually lists {usual:.0f} items" if usual >= USUAL_ITEMS else None)


def _undated(before: SourceState, harvest: Harvest, sounding: str | None) -> str | None:
    if not harvest.listed:
        return sounding
    if harvest.dated:
        return None
    changed = harvest.listed >= UNDATED_OF and (before.usual_dated or 0.0) >= USUAL_DATED
    return sounding or ("its items have no dates any more" if changed else None)


def of_articles(late: Sequence[tuple[str | None, bool]], sounding: Mapping[str, str]) -> dict[str, str]:
    """The alarms that the articles of a source give.

    Args:
        late: its last articles, newest first: why each is not read (None: it is), and whether it is a copy.
        sounding: those that sound already.
    """
    reasons = [None if why is None or why.startswith(NOT_ITS_FAULT) else why for why, _ in late]
    first = reasons[0] if reasons else None
    unreadable = f"none of its last {LATE} articles can be read: {first}"
    copies = f"its last {LATE} articles are all copies of others"
    return {
        **_turned("unreadable", [why is not None for why in reasons], unreadable, sounding),
        **_turned("copies", [copy for _, copy in late], copies, sounding),
    }


def _turned(kind: str, bad: Sequence[bool], detail: str, sounding: Mapping[str, str]) -> dict[str, str]:
    """The alarm, where all of the last are bad and most of those before were not."""
    last, before = bad[:LATE], bad[LATE : LATE + BEFORE]
    if len(last) < LATE or not all(last):
        return {}
    changed = len(before) >= LATE and before.count(False) >= BEFORE_GOOD * len(before)
    return {kind: sounding.get(kind, detail)} if kind in sounding or changed else {}


def in_words(span: timedelta) -> str:
    """A span of time as people say it: "20 minutes", "4 hours", "3 days"."""
    minutes = max(round(span.total_seconds() / 60), 1)
    number, unit = (minutes, "minute") if minutes < 90 else (round(minutes / 60), "hour")
    if unit == "hour" and number >= 48:
        number, unit = round(number / 24), "day"
    return f"{number} {unit}{'' if number == 1 else 's'}"


def settle(run: Run, source_id: str, found: Mapping[str, str], among: frozenset[str]) -> None:
    """Store which of these kinds of alarm sound for a source now, and tell the new ones."""
    new = run.store.alarms.settle(source_id, found, among=among, now=run.clock())
    run.tally.alarms += [f"{source_id}: {found[kind]}" for kind in new]
    for kind in new:
        tell("alarm", level="warning", source=source_id, kind=kind, detail=found[kind])


def watch_articles(run: Run) -> None:
    """Judge the articles of the sources that gave any in this refresh."""
    for source_id in sorted(run.tally.sources):
        late = run.store.alarms.of_late(source_id, LATE + BEFORE)
        found = of_articles(late, run.store.alarms.sounding(source_id))
        settle(run, source_id, found, OF_ARTICLES)
