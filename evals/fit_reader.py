"""Fit the reader's weights on gold articles, and score the reader on gold.

Weights come from softmax regressions with an L2 penalty, by full-batch steps and without randomness: the same gold and
rules give the same file. Which clause of its evidence tells a gold event is not annotated, so it is chosen by the model
of the round before (hard expectation-maximisation, three rounds).

Usage: python evals/fit_reader.py [--fit {dev,all} ...] [--folds N] [--heldout] [--errors N]
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from practice import practice
from score import align, same_item, same_party, score
from split import components, split

from tracker.model import Basis, Certainty, Direction, EventMention, EventType, Mention, Span, Status, When
from tracker.nlp import linear
from tracker.nlp.clauses import Clause
from tracker.nlp.confidence import fit_table
from tracker.nlp.dating import ANNOUNCED, BOTH, DATE_LABELS, EFFECTIVE, UNRELATED, date_candidates
from tracker.nlp.drafts import drafts, eligible
from tracker.nlp.features import LABELS, NONE, SHARED, Context, clause_features, shared_features
from tracker.nlp.fields import SHARED_DIRECTION, SHARED_STATUS, field_features, own_direction, own_status
from tracker.nlp.items import ITEM, ITEM_LABELS, NO_ITEM, item_candidates
from tracker.nlp.merging import groups
from tracker.nlp.ontology import load_ontology
from tracker.nlp.reader import Reader, clip, event, open_language
from tracker.nlp.roles import ACTOR, NEITHER, ROLES, TARGET, candidates
from tracker.nlp.weights import BUILT_IN, Models, save_models

Doc = dict[str, Any]
PARTS = ("dev", "all")
DEV_WEIGHTS = Path(__file__).parent / "weights-dev.json.gz"
ROUNDS = 3
PRACTICE_WEIGHT = 0.25  # of a clause of a practice text, beside one of the gold
DRILL = {"practice": 1.0}  # takes up that nearly every practice sentence tells an event; never set when reading
FIELDS = ("status", "direction", "certainty")
OUTCOMES: dict[str, tuple[str, ...]] = {
    "roles": ROLES,
    "items": ITEM_LABELS,
    "status": tuple(Status),
    "direction": tuple(Direction),
    "certainty": tuple(Certainty),
    "dates": DATE_LABELS,
}
SHARED_FIELDS = {"status": SHARED_STATUS, "direction": SHARED_DIRECTION}
PENALTY = {"types": 2.0, "roles": 4.0, "items": 4.0, "status": 2.0, "direction": 2.0, "certainty": 2.0, "dates": 1.0}


@dataclass(frozen=True, slots=True)
class Row:
    """One example for a model."""

    features: dict[str, float]
    label: str
    own: linear.Floats | None = None
    weight: float = 1.0


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
        made.append(Prepared(doc, context, published(doc), [_seen(context, c, doc) for c in _eligible(context)]))
    return made


def _eligible(context: Context) -> list[Clause]:
    return [c for c in context.reading.clauses.values() if eligible(context.reading, c)]


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
    """Whether an article is one of our own, written to be trained on."""
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


def fit_types(articles: Sequence[Prepared]) -> linear.Softmax:
    """Whether a clause tells an event, and of which type."""
    model: linear.Softmax | None = None
    for _ in range(ROUNDS):
        rows: list[tuple[Seen, str, bool]] = []
        for article in articles:
            told = tellers(article, model)
            drill = is_practice(article)
            types = {id(seen): article.doc["events"][number]["type"] for number, seen in told.items()}
            for seen in article.seen:
                if id(seen) in types:
                    rows.append((seen, types[id(seen)], drill))
                elif not seen.gold and not seen.is_optional:
                    rows.append((seen, NONE, drill))
        model = linear.fit(
            [{**seen.features, **DRILL} if drill else seen.features for seen, _, drill in rows],
            [label for _, label, _ in rows],
            LABELS,
            own=np.array([seen.own for seen, _, _ in rows]),
            shared_names=SHARED,
            weights=[PRACTICE_WEIGHT if drill else 1.0 for _, _, drill in rows],
            l2=PENALTY["types"],
            steps=120,
        )
    assert model is not None
    return model


def fit_models(articles: Sequence[Prepared], name: str) -> Models:
    """All models on the same articles."""
    types = fit_types(articles)
    data: dict[str, list[Row]] = defaultdict(list)
    for article in articles:
        for number, seen in tellers(article, types).items():
            _examples(article, seen, article.doc["events"][number], data)
    made = {
        what: linear.fit(
            [row.features for row in rows],
            [row.label for row in rows],
            labels,
            own=None if rows[0].own is None else np.array([row.own for row in rows]),
            shared_names=SHARED_FIELDS.get(what, ()),
            weights=[row.weight for row in rows],
            l2=PENALTY[what],
            steps=120,
        )
        for what, labels in OUTCOMES.items()
        if (rows := data[what])
    }
    return Models(types=types, **made, confidence=(), trained_on=name)


def _examples(article: Prepared, seen: Seen, gold: Doc, data: dict[str, list[Row]]) -> None:
    context, kind = article.context, EventType(gold["type"])
    for candidate in candidates(context, seen.clause, kind):
        party = plain_party(candidate.best.mention)
        role = NEITHER
        for name, parties in ((TARGET, gold["targets"]), (ACTOR, gold["actors"])):
            if any(_is(g, party, candidate.best.mention.span) for g in parties):
                role = name
        data["roles"].append(Row(candidate.features, role))
    taken = [p.mention.span for p in context.reading.parties] + [t.span for t in context.reading.times]
    wanted = [*gold["items"], *(t["name"] for t in gold["targets"])]
    for item in item_candidates(context, seen.clause, kind, taken):
        is_item = any(same_item(w, item.phrase.text) for w in wanted)
        data["items"].append(Row(item.features, ITEM if is_item else NO_ITEM))
    data["dates"] += _date_examples(article, seen, gold)
    values = field_features(context, seen.clause, kind, article.published.value if article.published else None)
    acts, reading = load_ontology().acts, context.reading
    own = {
        "status": own_status(reading, seen.clause, OUTCOMES["status"], acts),
        "direction": own_direction(reading, seen.clause, OUTCOMES["direction"], acts),
    }
    for name in FIELDS:
        data[name].append(Row(values, gold[name], own.get(name)))


def _date_examples(article: Prepared, seen: Seen, gold: Doc) -> list[Row]:
    """The dates about a clause, each with what it is to the gold event; practice sentences have none."""
    if "announced_on" not in gold:
        return []
    found = date_candidates(article.context.reading, seen.clause, Status(gold["status"]), article.published)
    return [Row(one.features, _date_label(one.when.day, gold)) for one in found]


def _date_label(day: str, gold: Doc) -> str:
    announced, effective = day == gold["announced_on"], day == gold["effective_on"]
    return BOTH if announced and effective else ANNOUNCED if announced else EFFECTIVE if effective else UNRELATED


def _is(gold: Doc, party: Doc, span: Span) -> bool:
    """Whether a party is the gold one: by its marked place where it has one, else as the scorer compares them."""
    if "span" in gold:
        start, end = gold["span"]
        return span.field == "text" and span.start < end and start < span.end
    return bool(same_party(gold, party))


def plain_party(mention: Mention) -> dict[str, Any]:
    """A party in the shape of the contract."""
    return {"name": mention.party.name, "kind": mention.party.kind.value, "country": mention.party.country}


def plain_event(e: EventMention) -> dict[str, Any]:
    """An event in the shape of the contract."""
    return {
        "type": e.type.value, "status": e.status.value, "direction": e.direction.value, "certainty": e.certainty.value,
        "actors": [plain_party(m) for m in e.actors], "targets": [plain_party(m) for m in e.targets],
        "items": [p.text for p in e.items], "instruments": [p.text for p in e.instruments],
        "announced_on": e.announced_on.day if e.announced_on else None,
        "effective_on": e.effective_on.day if e.effective_on else None,
        "evidence": [_plain_span(s) for s in e.evidence], "confidence": e.confidence,
    }  # fmt: skip


def _plain_span(span: Span) -> dict[str, Any]:
    plain: dict[str, Any] = {"start": span.start, "end": span.end}
    return plain if span.field == "text" else {"field": "title", **plain}


def predict(articles: Sequence[Prepared], models: Models) -> dict[str, Doc]:
    """The reader's events with these models, by article."""
    made = {}
    for article in articles:
        found = drafts(article.context, models, article.published)
        if article.context.title is not None and not found:
            found = drafts(Context(article.context.title, None), models, article.published)
        events = [event(group, models) for group in groups(found)]
        made[article.doc["id"]] = {"id": article.doc["id"], "events": [plain_event(e) for e in events]}
    return made


def fold_of(component: str, folds: int) -> int:
    """A component's fold, by a hash of its name."""
    return int(hashlib.sha256(f"fold {component}".encode()).hexdigest()[:8], 16) % folds


def cross_validate(articles: Sequence[Prepared], extra: Sequence[Prepared], folds: int) -> dict[str, Doc]:
    """Each article read with models fitted without its component."""
    names = components([a.doc for a in articles])
    made: dict[str, Doc] = {}
    for fold in range(folds):
        inside = [a for a in articles if fold_of(names[a.doc["id"]], folds) == fold]
        outside = [a for a in articles if fold_of(names[a.doc["id"]], folds) != fold]
        made |= predict(inside, fit_models([*outside, *extra], f"fold {fold}"))
    return made


def confidence_table(docs: Sequence[Doc], found: dict[str, Doc]) -> tuple[tuple[float, float], ...]:
    """Raw scores against whether the event was right, from predictions of models that had not seen the article."""
    scores, right = [], []
    for doc in docs:
        predicted = found[doc["id"]]["events"]
        aligned = {j: (i, c) for i, j, c in align(doc["events"], predicted)}
        for j, e in enumerate(predicted):
            if j in aligned and doc["events"][aligned[j][0]].get("optional"):
                continue
            scores.append(e["confidence"])
            right.append(bool(j in aligned and aligned[j][1]["strict"]))
    return fit_table(scores, right)


def show(docs: Sequence[Doc], found: dict[str, Doc], *, errors: int = 0) -> None:
    """The scorer's table."""
    result, lines = score({d["id"]: d for d in docs}, found)
    print(f"{result['articles']} articles, {result['gold_events']} gold events, {result['predicted_events']} predicted")
    for name in ("strict", "loose"):
        print(f"{name:7} P {result[name]['p']:.3f}  R {result[name]['r']:.3f}  F1 {result[name]['f1']:.3f}")
    print(f"main recall {result['main_recall']:.3f}   quiet {result['quiet_on_irrelevant']}")
    print("accuracy  " + "  ".join(f"{f} {v:.3f}" for f, v in result["fields"].items() if v is not None))
    print("macro F1  " + "  ".join(f"{f} {v:.3f}" for f, v in result["fields_macro_f1"].items() if v is not None))
    print("parties   " + "  ".join(f"{r} P {v['p']:.3f} R {v['r']:.3f}" for r, v in result["arguments"].items()))
    for t, v in result["by_type"].items():
        print(
            f"  {t:22} P {v['p']:.2f}  R {v['r']:.2f}  F1 {v['f1']:.2f}   gold {v['gold']}, predicted {v['predicted']}"
        )
    print("\n".join(lines[:errors]))


def main() -> int:
    """Cross-validate on dev, fit, and judge on heldout as asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--fit",
        choices=PARTS,
        nargs="+",
        default=[],
        help="write weights: of all gold to the package, of dev to evals/",
    )
    parser.add_argument("--folds", type=int, default=0, help="cross-validate on dev in so many folds")
    parser.add_argument("--heldout", action="store_true", help="score models fitted on dev on the held-out part")
    parser.add_argument("--errors", type=int, default=0, help="list so many errors of the cross-validation")
    args = parser.parse_args()
    reader = Reader.untrained(open_language())
    dev, extra = prepare(split("dev"), reader), prepare(practice(), reader)
    table: tuple[tuple[float, float], ...] = ()
    if args.folds:
        found = cross_validate(dev, extra, args.folds)
        print(f"dev, {args.folds} folds by component")
        show([a.doc for a in dev], found, errors=args.errors)
        table = confidence_table([a.doc for a in dev], found)
    heldout = prepare(split("heldout"), reader) if args.heldout or "all" in args.fit else []
    of_dev = fit_models([*dev, *extra], "gold dev") if args.heldout or "dev" in args.fit else None
    if args.heldout and of_dev is not None:
        print("heldout, fitted on dev")
        show([a.doc for a in heldout], predict(heldout, of_dev))
    if "dev" in args.fit and of_dev is not None:
        save_models(replace(of_dev, confidence=table), DEV_WEIGHTS)
    if "all" in args.fit:
        of_all = fit_models([*dev, *heldout, *extra], "gold all")
        save_models(replace(of_all, confidence=table), BUILT_IN)
    return 0


if __name__ == "__main__":
    sys.exit(main())
