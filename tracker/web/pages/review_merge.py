"""What an event may be one with: events that come near to it, or those that a text finds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress

from tracker import review
from tracker.errors import NotFoundError
from tracker.query import EventRow
from tracker.review import Near
from tracker.store import Store
from tracker.web import decisions
from tracker.web.asking import Answer, Ask
from tracker.web.rendering import page

MOST = 12
ID = re.compile("e[0-9a-f]{5,}")  # of an event, or a beginning of one


def show(ask: Ask) -> Answer:
    """An event beside others, each of which can be said to be the same."""
    detail = ask.timeline.event(ask.one("one"))
    text = ask.one("text").strip()
    with Store.open(ask.timeline.path, read_only=True) as store:
        settled = review.is_by_present_rules(store)
        scores = {one.event_id: one for one in review.near(store, detail.id, limit=MOST)} if settled else {}
    found = _found(ask, text) if text else [ask.timeline.event(key).event for key in scores]
    others: list[tuple[EventRow, Near | None]] = [
        (event, scores.get(event.id)) for event in found if event.id != detail.id
    ]
    return page(
        ask,
        "review_merge.html",
        detail=detail,
        text=text,
        others=[(event, near, decisions.carried(ask, detail.id, event.id)) for event, near in others],
        unsettled=None if settled else decisions.UNSETTLED,
    )


def _found(ask: Ask, text: str) -> Iterable[EventRow]:
    """The event of an id, or those that hold the words."""
    if ID.fullmatch(text):
        with suppress(NotFoundError):
            return [ask.timeline.event(text).event]
    return [hit.event for hit in ask.timeline.search(text, among=("events",), limit=MOST).events]
