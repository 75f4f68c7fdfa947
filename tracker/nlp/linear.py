"""A softmax model over sparse features, and its arithmetic.

`score` is used when reading, `fit` when training; numpy only, full-batch, no randomness, so that the same data give the
same weights. Weights are kept as JSON by `tracker.nlp.weights`, never as pickle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Sparse = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Softmax:
    """Feature to a row of weights, one per label; `shared` weighs features that each label has its own value of."""

    labels: tuple[str, ...]
    rows: dict[str, Floats]
    shared_names: tuple[str, ...] = ()
    shared: Floats | None = None

    def score(self, features: Sparse, own: Floats | None = None, offset: Floats | None = None) -> Floats:
        """Probabilities, in the order of `labels`; `own` is labels by shared features, `offset` a logit per label."""
        total = np.zeros(len(self.labels)) if offset is None else offset.copy()
        for name, value in features.items():
            row = self.rows.get(name)
            if row is not None:
                total += value * row
        if own is not None and self.shared is not None:
            total += own @ self.shared
        total -= total.max()
        total = np.exp(total)
        result: Floats = total / total.sum()
        return result

    def reasons(self, features: Sparse, label: str, most: int = 3) -> list[tuple[str, float]]:
        """The features that speak most for a label against the mean of the labels, strongest first."""
        i = self.labels.index(label)
        known = ((f, v, self.rows[f]) for f, v in features.items() if f in self.rows)
        weighed = [(f, v * float(row[i] - row.sum() / len(row))) for f, v, row in known]
        return sorted((x for x in weighed if x[1] > 0), key=lambda x: (-x[1], x[0]))[:most]


@dataclass(frozen=True, slots=True)
class Table:
    """Training data as arrays: a sparse matrix in both orders."""

    names: tuple[str, ...]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: Floats
    height: int

    def times(self, weights: Floats) -> Floats:
        """Matrix times weights."""
        out = np.zeros((self.height, weights.shape[1]))
        for k in range(weights.shape[1]):
            out[:, k] = np.bincount(self.rows, self.values * weights[self.columns, k], minlength=self.height)
        return out

    def transposed_times(self, errors: Floats) -> Floats:
        """Transposed matrix times errors."""
        out = np.zeros((len(self.names), errors.shape[1]))
        for k in range(errors.shape[1]):
            out[:, k] = np.bincount(self.columns, self.values * errors[self.rows, k], minlength=len(self.names))
        return out


def table(examples: Sequence[Sparse], at_least: int = 2) -> Table:
    """Examples as arrays; features seen fewer than `at_least` times are left out."""
    seen = Counter(name for example in examples for name in example)
    names = tuple(sorted(name for name, n in seen.items() if n >= at_least))
    number = {name: i for i, name in enumerate(names)}
    cells = [(r, number[f], v) for r, example in enumerate(examples) for f, v in example.items() if f in number]
    rows, columns, values = (np.array(x) for x in zip(*cells, strict=True)) if cells else (np.zeros(0),) * 3
    return Table(names, rows.astype(np.int64), columns.astype(np.int64), values.astype(np.float64), len(examples))


def fit(
    examples: Sequence[Sparse],
    targets: Sequence[str],
    labels: Sequence[str],
    *,
    own: Floats | None = None,
    shared_names: Sequence[str] = (),
    l2: float = 1.0,
    steps: int = 150,
    at_least: int = 2,
) -> Softmax:
    """Softmax regression with L2, by Adam on the full batch; `own` is examples by labels by shared features."""
    data = table(examples, at_least)
    n, k = len(examples), len(labels)
    truth = np.zeros((n, k))
    truth[np.arange(n), [list(labels).index(t) for t in targets]] = 1.0
    main, shared = np.zeros((len(data.names), k)), np.zeros(len(shared_names))
    adam_main, adam_shared = _Adam.like(main), _Adam.like(shared)
    for step in range(1, steps + 1):
        scores = data.times(main)
        if own is not None:
            scores += own @ shared
        errors = _softmax(scores) - truth
        rate = 0.1 * (1.0 - 0.9 * step / steps)
        if own is not None:
            shared = shared - rate * adam_shared.step(np.einsum("nk,nkf->f", errors, own) + 0.3 * l2 * shared, step)
        main = main - rate * adam_main.step(data.transposed_times(errors) + l2 * main, step)
    rows = {name: main[i] for i, name in enumerate(data.names) if np.abs(main[i]).max() > 0.005}
    return Softmax(tuple(labels), rows, tuple(shared_names), shared if own is not None else None)


def _softmax(scores: Floats) -> Floats:
    scores = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(scores)
    result: Floats = p / p.sum(axis=1, keepdims=True)
    return result


@dataclass(slots=True)
class _Adam:
    first: Floats
    second: Floats

    @classmethod
    def like(cls, weights: Floats) -> _Adam:
        return cls(np.zeros_like(weights), np.zeros_like(weights))

    def step(self, gradient: Floats, t: int) -> Floats:
        self.first = 0.9 * self.first + 0.1 * gradient
        self.second = 0.999 * self.second + 0.001 * gradient**2
        result: Floats = (self.first / (1 - 0.9**t)) / (np.sqrt(self.second / (1 - 0.999**t)) + 1e-8)
        return result
