"""All decisions, the newest first, with who, when and why; each can be undone, none is ever deleted."""

from __future__ import annotations

from tracker.model import JudgementKind
from tracker.web import decisions
from tracker.web.asking import Answer, Ask
from tracker.web.rendering import page

SIZE = 50
STATES = {"": (True, True), "open": (False, True), "closed": (True, False)}  # with those closed, with those that hold
LOOKED_AT = 1000  # newest decisions whose people can be chosen


def show(ask: Ask) -> Answer:
    """Decisions, by person, kind and whether they hold."""
    closed, holding = STATES[ask.choice("state", STATES, "")]
    kinds = tuple(str(kind) for kind in JudgementKind)
    kind, who = ask.choice("kind", ("", *kinds), ""), ask.one("who")
    first = ask.number("from", 0, least=0, most=1_000_000)
    found = ask.timeline.judgements(
        closed=closed, holding=holding, kind=kind or None, who=who or None, limit=SIZE + 1, offset=first
    )
    return page(
        ask,
        "review_log.html",
        shown=decisions.shown(ask.timeline, ask.links, found[:SIZE]),
        people=sorted({one.who for one in ask.timeline.judgements(limit=LOOKED_AT)}),
        kinds=[(name, decisions.DONE[name]) for name in kinds],
        chosen={"who": who, "kind": kind, "state": ask.one("state")},
        earlier=first + SIZE if len(found) > SIZE else None,
        later=max(0, first - SIZE) if first else None,
        told=decisions.told(ask),
    )
