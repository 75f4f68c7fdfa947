"""How reports become events and events measures: where their like stand, how sure a pair must be, and why.

Both levels are a `Rules`; `tracker.resolve.cluster` works by them and knows nothing else of what it puts together.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import repeat
from typing import Literal

from tracker.model import Ask, Reason, Score
from tracker.resolve.blocking import EVENT_KEYS, MEASURE_KEYS, Blocking
from tracker.resolve.compare import features
from tracker.resolve.profile import NAMES, Profile, unpack
from tracker.resolve.weights import EVENT_AT, EVENT_WEIGHTS, MEASURE_AT, MEASURE_WEIGHTS
from tracker.resolve.words import in_words

VERSION = 5  # changes with whatever changes which reports are put together, but for the tables that TABLES names
TABLES = (NAMES, EVENT_AT, sorted(EVENT_WEIGHTS.items()), MEASURE_AT, sorted(MEASURE_WEIGHTS.items()))
RESOLVER = f"resolve {VERSION} {hashlib.sha256(repr(TABLES).encode()).hexdigest()[:8]}"

Level = Literal["event", "measure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one level of clustering goes by. Things are given packed (`tracker.resolve.profile`)."""

    at: float  # from this score on two things are linked
    weights: Mapping[str, float]
    told_once: bool  # an article tells a thing once: two that one article tells are never the same
    blocking: Blocking

    def keys(self, packed: str) -> tuple[tuple[str, str], ...]:
        """Under which keys a thing stands, each with its ISO day."""
        return self.blocking.keys(packed)

    def asks(self, packed: str) -> tuple[Ask, ...]:
        """Where its like stand. Of two things either both find the other or neither does."""
        return self.blocking.asks(packed)

    def score(self, one: str, two: str) -> float:
        """How surely two things are one, 0 to 1."""
        a, b = unpack(one), unpack(two)
        if self.told_once and not a.articles.isdisjoint(b.articles):
            return 0.0
        weights = self.weights
        total = sum(map(weights.get, features(a, b), repeat(0.0)))
        return 1 / (1 + math.exp(-total))


EVENTS = Rules(at=EVENT_AT, weights=EVENT_WEIGHTS, told_once=True, blocking=EVENT_KEYS)
MEASURES = Rules(at=MEASURE_AT, weights=MEASURE_WEIGHTS, told_once=False, blocking=MEASURE_KEYS)
LEVELS: Mapping[Level, Rules] = {"event": EVENTS, "measure": MEASURES}


def explain(one: Profile, two: Profile, level: Level) -> Score:
    """The score of a pair with its reasons in words, the weightiest first; `weight` is in log odds."""
    rules = LEVELS[level]
    if rules.told_once and not one.articles.isdisjoint(two.articles):
        words = "the reader has put together what one article tells twice"
        return Score(value=0.0, reasons=(Reason(what="article: same", words=words),))
    weights = rules.weights
    found = features(one, two)
    total = sum(weights.get(name, 0.0) for name in found)
    reasons = [
        Reason(what=name, words=in_words(name, one, two), weight=weights[name]) for name in found if weights.get(name)
    ]
    reasons.sort(key=lambda reason: -abs(reason.weight))
    return Score(value=1 / (1 + math.exp(-total)), reasons=tuple(reasons))
