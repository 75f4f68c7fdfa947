"""Which amounts an event tells: those in its evidence whose nearest clause is its own.

"The EU raised duties to 25 per cent and fined Apple €500 million" gives each event one amount; what another clause of
the sentence says ("shares fell 3 % after …") is none of the event's. Finds no amounts itself (`tracker.nlp.amounts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from spacy.tokens import Token

from tracker.model import Amount, Span
from tracker.nlp.amount_patterns import table
from tracker.nlp.amounts import find_amounts
from tracker.nlp.drafts import Draft
from tracker.nlp.merging import evidence
from tracker.nlp.reading import Reading

BEFORE = 40  # characters before the evidence that the words of an amount may need
MOST = 12  # amounts of one event
FARTHEST = 6  # tokens from a number to what it counts

Events = Sequence[Sequence[Draft]]


def amounts_told(reading: Reading, events: Events) -> list[tuple[Amount, ...]]:
    """The amounts of each event, in the order of the text; `events` are the drafts of each, all of this reading."""
    owners = {draft.head: number for number, drafts in enumerate(events) for draft in drafts}
    found: list[tuple[Amount, ...]] = []
    text = reading.doc.text if events else ""
    for number, drafts in enumerate(events):
        pieces = sorted(evidence(drafts))
        inside = [one for piece in pieces for one in _in_piece(reading, text, piece)]
        own = [one for one in inside if _belongs(reading, one, number, owners, drafts)]
        found.append(tuple(_distinct(own))[:MOST])
    return found


def _in_piece(reading: Reading, text: str, piece: Span) -> list[Amount]:
    """The amounts in a piece of evidence, with places in the whole text."""
    first = max(0, piece.start - BEFORE)

    def counted(start: int, end: int) -> tuple[int, str] | None:
        return _counted(reading, start + first, end + first, first)

    moved = [
        replace(one, span=Span(start=one.span.start + first, end=one.span.end + first, field=reading.field))
        for one in find_amounts(text[first : piece.end], counted)
    ]
    return [one for one in moved if one.span.start >= piece.start]


def _counted(reading: Reading, start: int, end: int, shift: int) -> tuple[int, str] | None:
    """The plural noun that a number modifies by the parse; its end is counted from `shift`."""
    span = reading.doc.char_span(start, end, alignment_mode="expand")
    if span is None or not len(span):
        return None
    token = span[-1]
    head = token.head
    near = 0 < head.i - token.i <= FARTHEST
    if token.dep_ != "nummod" or head.tag_ not in ("NNS", "NNPS") or not near or token.ent_type_ in ("DATE", "TIME"):
        return None
    if head.lower_ in table()["never_counted"]:
        return None
    return head.idx + len(head) - shift, head.text if head.text.isupper() else head.lower_


def _belongs(reading: Reading, amount: Amount, number: int, owners: dict[int, int], drafts: Sequence[Draft]) -> bool:
    """Whether the clause nearest to the amount tells this event, or no clause tells any."""
    span = reading.doc.char_span(amount.span.start, amount.span.end, alignment_mode="expand")
    if span is None or not len(span):
        return False
    clause: int | None = None
    for token in _upwards(span.root):
        if token.i in owners:
            return owners[token.i] == number
        known = reading.clauses.get(token.i)
        if clause is None and known is not None and not known.nominal:
            clause = token.i
    return clause is None or any(_hangs_on(reading, draft, clause) for draft in drafts)


def _hangs_on(reading: Reading, draft: Draft, clause: int) -> bool:
    """Whether the event is told by a noun of that clause: "the fine was $5 million"."""
    told = reading.clauses.get(draft.head)
    return told is not None and told.nominal and told.governor == clause


def _upwards(token: Token) -> Iterable[Token]:
    """The token and what it depends on, up to the root."""
    while True:
        yield token
        if token.head == token:
            return
        token = token.head


def _distinct(amounts: Iterable[Amount]) -> Iterable[Amount]:
    """Each value once, where it is told first."""
    seen: set[tuple[object, ...]] = set()
    for one in amounts:
        key = (one.kind, one.value, one.unit, one.upper, one.comparison, one.per)
        if key not in seen:
            seen.add(key)
            yield one
