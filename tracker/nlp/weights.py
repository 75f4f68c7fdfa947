"""The learned part on disk: one JSON file holding every softmax model, and the thresholds that go with them.

JSON, so that loading runs nothing; weights are rounded, so that the file stays small and diffs stay readable.
"""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tracker.errors import ModelError
from tracker.nlp.linear import Softmax

BUILT_IN = Path(__file__).parent / "learned" / "weights.json.gz"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Models:
    """Everything learned: what a clause tells, who acts, what is at stake, and the three closed fields."""

    types: Softmax
    roles: Softmax
    items: Softmax
    status: Softmax
    direction: Softmax
    certainty: Softmax
    dates: Softmax
    confidence: tuple[tuple[float, float], ...]  # raw score to share right, rising
    trained_on: str


NAMES = ("types", "roles", "items", "status", "direction", "certainty", "dates")


def load_models(path: Path = BUILT_IN) -> Models:
    """The models of a file; a ModelError says what is wrong with it."""
    try:
        raw = json.loads(gzip.decompress(path.read_bytes()))
    except (OSError, ValueError, EOFError, zlib.error) as error:
        raise ModelError(f"{path.name}: cannot be read: {error}; run `make train`") from error
    if raw.get("format") != FORMAT:
        raise ModelError(f"{path.name}: format {raw.get('format')!r}, wanted {FORMAT}; run `make train`")
    return Models(
        **{name: _softmax(raw[name]) for name in NAMES},
        confidence=tuple((float(x), float(y)) for x, y in raw["confidence"]),
        trained_on=str(raw["trained_on"]),
    )


def save_models(models: Models, path: Path = BUILT_IN) -> None:
    """Write the file; the same models give the same bytes."""
    raw: dict[str, Any] = {"format": FORMAT, "trained_on": models.trained_on, "confidence": models.confidence}
    raw |= {name: _plain(getattr(models, name)) for name in NAMES}
    text = json.dumps(raw, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def _plain(model: Softmax) -> dict[str, Any]:
    return {
        "labels": model.labels,
        "rows": {name: [round(float(w), 3) for w in row] for name, row in sorted(model.rows.items())},
        "shared_names": model.shared_names,
        "shared": None if model.shared is None else [round(float(w), 3) for w in model.shared],
    }


def _softmax(raw: dict[str, Any]) -> Softmax:
    return Softmax(
        labels=tuple(raw["labels"]),
        rows={name: np.array(row) for name, row in raw["rows"].items()},
        shared_names=tuple(raw["shared_names"]),
        shared=None if raw["shared"] is None else np.array(raw["shared"]),
    )
