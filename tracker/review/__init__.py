"""People decide, and people see why: judgements about events, measures and parties, and the reasons of resolution.

    with Store.open("db/tracker.db") as store:
        same(store, "e3f2a91", "e77b012", who="ann", why="one order, two dates", now=datetime.now(UTC))
        for task in queue(store):
            print(task.words)

A decision is kept for good and settled at once; closing it undoes it. This room asks `tracker.query`, writes by
`tracker.store` and has `tracker.pipeline` put together anew what a decision touches. It judges nothing by itself and
has no SQL.
"""

from __future__ import annotations

from tracker.review.carrying import Carried, carried
from tracker.review.deciding import Decision, accept, again, close, different, edit, edits, reject, same, split
from tracker.review.explaining import Comparison, Member, ReasonRow, Why, WhyOne, is_by_present_rules, why, why_one
from tracker.review.tasks import Near, Task, asked_again, near, queue

__all__ = [
    "Carried",
    "Comparison",
    "Decision",
    "Member",
    "Near",
    "ReasonRow",
    "Task",
    "Why",
    "WhyOne",
    "accept",
    "again",
    "asked_again",
    "carried",
    "close",
    "different",
    "edit",
    "edits",
    "is_by_present_rules",
    "near",
    "queue",
    "reject",
    "same",
    "split",
    "why",
    "why_one",
]
