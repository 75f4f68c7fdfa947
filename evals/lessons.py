"""Annotated articles as examples for the models: read without any learned part, and laid beside their annotation.

Which clause of its evidence tells a gold event is not annotated. It is chosen by a linear model of types that is
fitted on the gold alone, in rounds that choose again by the model of the round before (hard expectation-maximisation).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import joint
import numpy as np
from score import same_item, same_party

from tracker.model import Basis, Certainty, Direction, EventType, Mention, Span, Status, When
from tracker.nlp import linear
from tracker.nlp.clauses import Clause
from tracker.nlp.dating import ANNOUNCED, BOTH, DATE_LABELS, EFFECTIVE, UNRELATED, date_candidates
from tracker.nlp.features import LABELS, NONE, SHARED, Context, clause_features, shared_features
from tracker.nlp.fields import SHARED_DIRECTION, SHARED_STATUS, field_features, own_direction, own_status
from tracker.nlp.insight import CLAUSE_TASKS, PAIR_TASKS, TYPE_NUMBER, token_span
from tracker.nlp.items import ITEM, ITEM_LABELS, NO_ITEM, item_candidates
from tracker.nlp.ontology import load_ontology
from tracker.nlp.reader import Reader, clip
from tracker.nlp.roles import ACTOR, NEITHER, ROLES, TARGET, candidates
from tracker.nlp.windows import windows
from tracker.nlp.wordpiece import WordPiece

Doc = dict[str, Any]
ROUNDS = 3
PRACTICE_WEIGHT = 0.3  # of a practice sentence, beside an annotated article
DRILL = {"practice": 1.0}  # takes up that nearly every practice sentence tells an event; never set when reading
FIELDS = ("status", "direction", "certainty")
TASK_LABELS: dict[str, tuple[str, ...]] = {
    "types": LABELS,
    "roles": ROLES,
    "items": ITEM_LABELS,
    "status": tuple(Status),
    "direction": tuple(Direction),
    "certainty": tuple(Certainty),
    "dates": DATE_LABELS,
}
TASK_SHARED = {"types": SHARED, "status": SHARED_STATUS, "direction": SHARED_DIRECTION}


@dataclass(frozen=True, slots=True)
class Row:
    """One example for a model: of a clause, and of the phrase beside it where the model judges phrases."""

    clause: Clause
    kind: EventType | None
    features: dict[str, float]
    label: str
    own: linear.Floats | None = None
    span: Span | None = None


@dataclass
class Seen:
    """One clause with its features and the gold events whose evidence holds its head."""

    clause: Clause
    features: dict[str, float]
    own: linear.Floats
    gold: list[int] = field(default_factory=list)
    is_optional: bool = False


@dataclass
class Prepared:
    """A gold article, read."""

    doc: Doc
    context: Context
    published: When | None
    seen: list[Seen]


def published(doc: Doc) -> When | None:
    """The article's date as the contract gives it."""
    return When(value=doc["published_at"], basis=Basis.METADATA) if doc.get("published_at") else None


def prepare(docs: Sequence[Doc], reader: Reader) -> list[Prepared]:
    """Parse every article once."""
    texts = list(reader.language.pipe([clip(d["text"]) for d in docs]))
    titles = list(reader.language.pipe([d.get("title") or "" for d in docs]))
    made = []
    for doc, text, title in zip(docs, texts, titles, strict=True):
        context = reader.context(text, title, published(doc))
        seen = [_seen(context, clause, doc) for clause in context.reading.clauses.values()]
        made.append(Prepared(doc, context, published(doc), seen))
    return made


def _seen(context: Context, clause: Clause, doc: Doc) -> Seen:
    place = context.reading.doc[clause.head].idx
    seen = Seen(clause, clause_features(context, clause), shared_features(context, clause))
    for number, gold in enumerate(doc["events"]):
        spans = [s for s in gold["evidence"] if s.get("field", "text") == "text"]
        if any(s["start"] <= place < s["end"] for s in spans):
            if gold.get("optional"):
                seen.is_optional = True
            else:
                seen.gold.append(number)
    return seen


def is_practice(article: Prepared) -> bool:
    """Whether an article is a single practice sentence."""
    return str(article.doc["id"]).startswith("practice-")


def types_of(gold: Doc) -> list[str]:
    """The type and those that fit as well."""
    return [gold["type"], *(gold.get("also_types") or [])]


def tellers(article: Prepared, model: linear.Softmax | None) -> dict[int, Seen]:
    """Gold event to the clause that tells it best, by the model so far or by the words alone."""
    chosen: dict[int, tuple[float, Seen]] = {}
    for seen in article.seen:
        if not seen.gold:
            continue
        p = seen.own.sum(axis=1) if model is None else model.score(seen.features, seen.own)
        for number in seen.gold:
            ranks = [
                p[LABELS.index(t)] * (1.0 if n == 0 else 0.7)
                for n, t in enumerate(types_of(article.doc["events"][number]))
            ]
            if number not in chosen or max(ranks) > chosen[number][0]:
                chosen[number] = (max(ranks), seen)
    return {number: seen for number, (_, seen) in chosen.items()}


def fit_chooser(articles: Sequence[Prepared]) -> linear.Softmax:
    """The linear model of types that chooses which clause tells a gold event."""
    model: linear.Softmax | None = None
    for _ in range(ROUNDS):
        rows = [row for article in articles for row in _type_rows(article, tellers(article, model))]
        model = linear.fit(
            [row.features for row in rows],
            [row.label for row in rows],
            LABELS,
            own=np.array([row.own for row in rows]),
            shared_names=SHARED,
            l2=2.0,
            steps=120,
        )
    assert model is not None
    return model


def _type_rows(article: Prepared, told: dict[int, Seen]) -> list[Row]:
    """Every clause that surely tells an event or surely tells none; those in evidence and not chosen are left out."""
    types = {id(seen): article.doc["events"][number]["type"] for number, seen in told.items()}
    drill = DRILL if is_practice(article) else {}
    return [
        Row(seen.clause, None, {**seen.features, **drill}, types.get(id(seen), NONE), seen.own)
        for seen in article.seen
        if id(seen) in types or (not seen.gold and not seen.is_optional)
    ]


def lesson(article: Prepared, chooser: linear.Softmax, pieces: WordPiece) -> joint.Lesson:
    """All examples of one article, with its windows."""
    told = tellers(article, chooser)
    data: dict[str, list[Row]] = defaultdict(list, types=_type_rows(article, told))
    for number, seen in told.items():
        _examples(article, seen, article.doc["events"][number], data)
    context = article.context
    title = None if context.title is None else context.title.doc
    return joint.Lesson(
        windows=windows(context.reading.doc, title, pieces),
        tokens=len(context.reading.doc),
        title_tokens=0 if title is None else len(title),
        rows={task: _rows(context, task, data[task]) for task in (*CLAUSE_TASKS, *PAIR_TASKS)},
        weight=PRACTICE_WEIGHT if is_practice(article) else 1.0,
    )


def _rows(context: Context, task: str, rows: Sequence[Row]) -> joint.Rows:
    labels = TASK_LABELS[task]
    return joint.Rows(
        heads=[row.clause.head for row in rows],
        cores=[row.clause.core for row in rows],
        kinds=[joint.KINDS if row.kind is None else TYPE_NUMBER[row.kind] for row in rows],
        spans=[_place(context, row.span) for row in rows],
        features=[row.features for row in rows],
        own=[row.own for row in rows],
        labels=[labels.index(row.label) for row in rows],
    )


def _place(context: Context, span: Span | None) -> tuple[int, int, int]:
    """Field and tokens of a phrase, as `joint` counts them."""
    if span is None or (span.field == "title" and context.title is None):
        return (joint.NOWHERE, 0, 0)
    if span.field == "text":
        return (joint.IN_TEXT, *token_span(context.reading.doc, span))
    assert context.title is not None
    return (joint.IN_TITLE, *token_span(context.title.doc, span))


def _examples(article: Prepared, seen: Seen, gold: Doc, data: dict[str, list[Row]]) -> None:
    context, clause, kind = article.context, seen.clause, EventType(gold["type"])
    for candidate in candidates(context, clause, kind):
        mention = candidate.best.mention
        data["roles"].append(Row(clause, kind, candidate.features, _role(gold, mention), span=mention.span))
    taken = [p.mention.span for p in context.reading.parties] + [t.span for t in context.reading.times]
    wanted = [*gold["items"], *(t["name"] for t in gold["targets"])]
    for item in item_candidates(context, clause, kind, taken):
        label = ITEM if any(same_item(w, item.phrase.text) for w in wanted) else NO_ITEM
        data["items"].append(Row(clause, kind, item.features, label, span=item.phrase.span))
    if "announced_on" in gold or "dates" in gold:  # practice sentences have no dates
        for one in date_candidates(context.reading, clause, Status(gold["status"]), article.published):
            label = _date_label(one.when, gold)
            if label is not None:
                data["dates"].append(Row(clause, kind, one.features, label, span=one.when.span))
    values = field_features(context, clause, kind, article.published.value if article.published else None)
    acts, reading = load_ontology().acts, context.reading
    own = {
        "status": own_status(reading, clause, TASK_LABELS["status"], acts),
        "direction": own_direction(reading, clause, TASK_LABELS["direction"], acts),
    }
    for name in FIELDS:
        data[name].append(Row(clause, kind, values, gold[name], own.get(name)))


def _role(gold: Doc, mention: Mention) -> str:
    party = plain_party(mention)
    for name, parties in ((ACTOR, gold["actors"]), (TARGET, gold["targets"])):
        if any(_is(g, party, mention.span) for g in parties):
            return name
    return NEITHER


def _date_label(when: When, gold: Doc) -> str | None:
    """By the day, or in a snippet by the marked place; None for the article's own date there, which has none."""
    if "dates" not in gold:
        announced, effective = when.day == gold["announced_on"], when.day == gold["effective_on"]
    elif (span := when.span) is None:
        return None
    else:
        announced, effective = (
            any(span.start < end and start < span.end for start, end in gold["dates"][which])
            for which in ("announced", "effective")
        )
    return BOTH if announced and effective else ANNOUNCED if announced else EFFECTIVE if effective else UNRELATED


def _is(gold: Doc, party: Doc, span: Span) -> bool:
    """Whether a party is the gold one: as the scorer compares them, or by its marked place where it has one."""
    if "span" in gold:
        start, end = gold["span"]
        if span.field == "text" and span.start < end and start < span.end:
            return True
    return bool(same_party(gold, party))


def plain_party(mention: Mention) -> dict[str, Any]:
    """A party in the shape of the contract."""
    return {"name": mention.party.name, "kind": mention.party.kind.value, "country": mention.party.country}
