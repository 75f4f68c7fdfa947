"""How directions go with statuses, per type: weights counted on annotated texts, which the fitted models lack.

The heads judge status and direction apart, from one clause. That a lifted ban eases and a refused licence restricts
is here put back, as the pointwise mutual information of the two within a type, damped.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from tracker.model import Direction, EventType, Status
from tracker.nlp.fields import told
from tracker.nlp.linear import Floats

SHARE = 0.6  # of the information that counts; chosen on dev
FLOOR, LIKE_ALL = 0.5, 30.0  # events added to every cell, and to a type in the proportions of all types together


def rows(docs: Iterable[dict[str, Any]]) -> dict[str, Floats]:
    """Feature to a row of weights over the directions."""
    types, statuses, directions = list(EventType), list(Status), list(Direction)
    count = np.full((len(types), len(statuses), len(directions)), FLOOR)
    for doc in docs:
        for e in doc["events"]:
            if not e.get("optional"):
                count[types.index(e["type"]), statuses.index(e["status"]), directions.index(e["direction"])] += 1
    count += LIKE_ALL * count.sum(axis=0) / count.sum()
    logs = np.log(count)
    apart = np.log(count.sum(axis=1, keepdims=True)) + np.log(count.sum(axis=2, keepdims=True))
    shared = SHARE * (logs - apart + np.log(count.sum(axis=(1, 2), keepdims=True)))
    return {told(kind, status): shared[i, j] for i, kind in enumerate(types) for j, status in enumerate(statuses)}
