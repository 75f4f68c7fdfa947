"""The weights of the features of a pair, and from which score on it is one: tables that `evals/fit_resolve.py` prints.

A weight is in log odds: 2 makes "the same" e² times as likely.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

EVENT_AT = 0.4  # a report follows another from this score on
MEASURE_AT = 0.4  # an event follows another from this score on

EVENT_WEIGHTS: Mapping[str, float] = MappingProxyType({})
MEASURE_WEIGHTS: Mapping[str, float] = MappingProxyType({})
