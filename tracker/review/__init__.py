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

from tracker.review.deciding import Decision, accept, close, different, edit, reject, same, split
from tracker.review.explaining import Comparison, Member, ReasonRow, Why, WhyOne, why, why_one
from tracker.review.tasks import Task, queue

__all__ = [
    "Comparison",
    "Decision",
    "Member",
    "ReasonRow",
    "Task",
    "Why",
    "WhyOne",
    "accept",
    "close",
    "different",
    "edit",
    "queue",
    "reject",
    "same",
    "split",
    "why",
    "why_one",
]
