"""Who acts in a clause and whom it hits: every party of the article so far, seen from the clause.

Lists the candidates and what speaks for each; the weights are learned. Does not find parties.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tracker.model import EventType
from tracker.nlp.clauses import Clause
from tracker.nlp.features import Context, reading_kinds
from tracker.nlp.reading import Placed, Reading

ACTOR, TARGET, NEITHER = "actor", "target", "none"
ROLES = (NEITHER, ACTOR, TARGET)
NEAR, FAR = 10, 400  # tokens: how far after and before the clause a party is looked for
AWAY = frozenset({"from", "to", "against", "on", "in", "for", "with", "of", "into", "over", "at", "toward", "towards"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """One party that may play a part, by its best mention for the clause, with what speaks for it."""

    best: Placed
    features: dict[str, float]
    distance: int


def candidates(context: Context, clause: Clause, kind: EventType) -> list[Candidate]:
    """Every party named up to the clause's sentence or right after, nearest mention first."""
    reading = context.reading
    end = reading.doc[clause.head].sent.end
    groups: dict[str, list[Placed]] = {}
    for placed in reading.parties_between(clause.head - FAR, end + NEAR):
        groups.setdefault(placed.key, []).append(placed)
    title = [] if context.title is None else list(context.title.parties)
    parts = parts_of(reading, clause)
    found = [_candidate(context, clause, kind, group, title, parts) for group in groups.values()]
    known = set(groups)
    if reading.field == "text":
        found += [_from_title(p, kind) for p in title if p.key not in known and p.head < FAR]
    return found


def parts_of(reading: Reading, clause: Clause) -> dict[int, str]:
    """Token to the part of the clause it stands in: "subject", "object modifier", "oblique from", "antecedent" …"""
    at: dict[int, str] = dict.fromkeys(clause.core, "core")
    if clause.antecedent is not None:
        for t in reading.doc[clause.antecedent].subtree:
            at.setdefault(t.i, "antecedent rest")
        _lay(at, reading, clause.antecedent, "antecedent")
    if clause.governor is not None:
        _lay_governor(at, reading.clauses[clause.governor])
    for prep, o in clause.obliques:
        _lay(at, reading, o, f"oblique {prep if prep in AWAY or prep == 'by' else 'other'}")
    for o in clause.objects:
        _lay(at, reading, o, "object")
    for s in clause.subjects:
        _lay(at, reading, s, "subject inherited" if clause.inherited else "subject")
    for a in clause.agents:
        _lay(at, reading, a, "agent")
    if clause.nominal:
        _lay(at, reading, clause.head, "noun")
    return at


def _lay_governor(at: dict[int, str], upper: Clause) -> None:
    for i in upper.core:
        at.setdefault(i, "governor core")
    for s in upper.subjects:
        at[s] = "governor subject" if at.get(s) in (None, "governor core") else at[s]
    for s in upper.agents:
        at[s] = "governor agent"


def _lay(at: dict[int, str], reading: Reading, head: int, name: str) -> None:
    """Mark a phrase: its head by the part, its possessive and modifiers by the part and their place in it."""
    token = reading.doc[head]
    at[head] = name
    for child in token.children:
        if child.dep_ == "poss":
            _mark(at, child.i, f"{name} owner")
        elif child.dep_ in ("compound", "amod", "nmod", "nummod", "npadvmod", "det"):
            _mark(at, child.i, f"{name} modifier")
        elif child.dep_ == "appos":
            _mark(at, child.i, f"{name} apposition")
        elif child.dep_ == "prep" and child.lower_ != "by":
            for grand in child.children:
                _mark(at, grand.i, f"{name} {child.lower_ if child.lower_ in AWAY else 'other'}")


def _mark(at: dict[int, str], i: int, name: str) -> None:
    if at.get(i) in (None, "core", "antecedent rest", "governor core"):
        at[i] = name


def _candidate(
    context: Context, clause: Clause, kind: EventType, group: list[Placed], title: list[Placed], parts: dict[int, str]
) -> Candidate:
    reading = context.reading
    best = min(group, key=lambda p: _order(reading, clause, p, parts))
    names = list(_relation(reading, clause, best, parts))
    party = best.mention.party
    who = f"{party.kind.value}"
    fits = "fits" if party.kind in reading_kinds(kind) else "unfit"
    names += [
        f"kind {who}",
        f"kind {who} type {kind.value}",
        f"how {best.mention.how}",
        f"{fits}",
        f"mentions {min(len(group), 4)}",
        f"country {'known' if party.country else 'unknown'}",
    ]
    if any(p.key == best.key for p in title):
        names += ["in title", f"title {who} {fits}"]
        if title[0].key == best.key:
            names.append("title first")
    if group[0].head == reading.parties[0].head:
        names.append("first party")
    if any(s in reading.party_at and reading.party_at[s].key != best.key for s in clause.subjects):
        names.append("another subject")
    if any(s in reading.party_at and reading.party_at[s].key != best.key for s in clause.agents):
        names.append("another agent")
    return Candidate(best, dict.fromkeys(_joined(names, clause, reading, fits), 1.0), abs(best.head - clause.head))


def _order(reading: Reading, clause: Clause, placed: Placed, parts: dict[int, str]) -> tuple[int, int]:
    part = _part(placed, parts)
    same = reading.sentence_index[placed.head] == reading.sentence_index[clause.head]
    rank = 0 if part not in (None, "core", "antecedent rest", "governor core") else 1 if part else 2 if same else 3
    leads = part in ("subject", "agent")  # "Brussels lifted its suspension": the subject tells more than "its"
    return rank, 0 if leads else abs(placed.head - clause.head)


def _part(placed: Placed, parts: dict[int, str]) -> str | None:
    if placed.head in parts:
        return parts[placed.head]
    return next((parts[i] for i in range(placed.start, placed.end) if i in parts), None)


def _relation(reading: Reading, clause: Clause, placed: Placed, parts: dict[int, str]) -> Iterator[str]:
    part = _part(placed, parts)
    side = "before" if placed.head < clause.head else "after"
    if part is not None:
        yield f"part {part}"
        yield f"part {part} {side}"
        return
    gap = reading.sentence_index[clause.head] - reading.sentence_index[placed.head]
    if gap == 0:
        yield f"same sentence {side}"
        return
    dep = reading.doc[placed.head].dep_
    where = "subject" if dep in ("nsubj", "nsubjpass") else "owner" if dep == "poss" else "other"
    near = "previous" if gap == 1 else "near" if 1 < gap <= 3 else "next" if gap < 0 else "far"
    yield f"{near} sentence"
    yield f"{near} sentence {where}"


def _joined(names: list[str], clause: Clause, reading: Reading, fits: str) -> Iterator[str]:
    """The names, and the parts joined with voice, acts and fit, which decide together."""
    yield "bias"
    yield from names
    parts = [n for n in names if n.startswith(("part", "same", "previous", "near", "next", "far"))]
    voice = "nominal" if clause.nominal else "passive" if clause.passive else "active"
    alone = "alone" if "another subject" not in names and "another agent" not in names else "beside"
    for part in parts:
        yield f"{part} {voice}"
        yield f"{part} {fits}"
        yield f"{part} {voice} {fits}"
        yield f"{part} {fits} {alone}"
        yield f"{part} {next(n for n in names if n.startswith('kind ') and ' type ' in n)}"
        for act in reading.cues.acts.get(clause.head, ()):
            yield f"{part} act {act}"


def _from_title(placed: Placed, kind: EventType) -> Candidate:
    party = placed.mention.party
    fits = "fits" if party.kind in reading_kinds(kind) else "unfit"
    names = [
        "bias",
        "title only",
        f"title only {fits}",
        f"kind {party.kind.value}",
        f"kind {party.kind.value} type {kind.value}",
    ]
    return Candidate(placed, dict.fromkeys(names, 1.0), FAR)
