"""What a reader with given models finds in prepared articles, and how it scores: tables, confidence, reliability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import joint
import numpy as np
from lessons import TASK_LABELS, TASK_SHARED, Doc, Prepared, plain_party
from score import align, score

from tracker.model import EventMention, Span
from tracker.nlp.confidence import fit_table
from tracker.nlp.encoder import Encoder
from tracker.nlp.features import Context
from tracker.nlp.linear import Softmax
from tracker.nlp.reader import read_events
from tracker.nlp.weights import Models

LEAST = 0.01  # a feature whose weights are all smaller is left out of the file
BINS = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def with_insight(articles: Sequence[Prepared], encoder: Encoder) -> list[Prepared]:
    """The articles under the encoder's eyes."""
    return [replace(a, context=_with_insight(a.context, encoder)) for a in articles]


def _with_insight(context: Context, encoder: Encoder) -> Context:
    title = None if context.title is None else context.title.doc
    return replace(context, insight=encoder.insight(context.reading.doc, title))


def plain_models(model: joint.Joint, name: str) -> Models:
    """The linear models out of the joint one."""
    made = {}
    for task in model.tasks:
        part = model.sparse_of(task)
        table = part.table.weight.detach().numpy().astype(np.float64)
        shared = part.shared.detach().numpy().astype(np.float64)
        rows = {feature: table[i] for feature, i in part.number.items() if np.abs(table[i]).max() > LEAST}
        made[task] = Softmax(TASK_LABELS[task], rows, TASK_SHARED.get(task, ()), shared if len(shared) else None)
    return Models(**made, confidence=(), trained_on=name)


def predict(articles: Sequence[Prepared], models: Models) -> dict[str, Doc]:
    """The reader's events with these models, by article."""
    return {
        a.doc["id"]: {
            "id": a.doc["id"],
            "events": [plain_event(e) for e in read_events(a.context, models, a.published)],
        }
        for a in articles
    }


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


def outcomes(docs: Sequence[Doc], found: dict[str, Doc]) -> list[tuple[float, bool]]:
    """Per predicted event that counts: its confidence, and whether it is strictly right."""
    made = []
    for doc in docs:
        predicted = found[doc["id"]]["events"]
        aligned = {j: (i, c) for i, j, c in align(doc["events"], predicted)}
        for j, e in enumerate(predicted):
            if j in aligned and doc["events"][aligned[j][0]].get("optional"):
                continue
            made.append((e["confidence"], bool(j in aligned and aligned[j][1]["strict"])))
    return made


def confidence_table(docs: Sequence[Doc], found: dict[str, Doc]) -> tuple[tuple[float, float], ...]:
    """Raw scores against whether the event was right, for predictions of models that had not seen the articles."""
    pairs = outcomes(docs, found)
    return fit_table([c for c, _ in pairs], [right for _, right in pairs])


def reliability(docs: Sequence[Doc], found: dict[str, Doc]) -> str:
    """A Markdown table: per band of confidence how many events, their mean confidence and the share that is right."""
    pairs = outcomes(docs, found)
    lines = ["| confidence | events | mean | right |", "|---|---|---|---|"]
    gap = 0.0
    for low, high in pairwise(BINS):
        inside = [(c, r) for c, r in pairs if low <= c < high or c == high == BINS[-1]]
        if inside:
            mean, right = sum(c for c, _ in inside) / len(inside), sum(r for _, r in inside) / len(inside)
            gap += abs(mean - right) * len(inside) / len(pairs)
            lines.append(f"| {low:.1f} to {high:.1f} | {len(inside)} | {mean:.2f} | {right:.2f} |")
    return "\n".join([*lines, "", f"Expected calibration error {gap:.3f} over {len(pairs)} events."])


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
