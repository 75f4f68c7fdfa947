"""Is what came in a refresh what it usually is? Pure decisions over tables of limits, and their reasons in words.

`judge` says which sources brought what should not be published as it is; `words` says why. What is known of articles is
handed in, and what becomes of them is up to the caller. It does not look at what an article says.
"""

from __future__ import annotations

from tracker.assertions.judging import SAMPLE, WIDEST, judge
from tracker.assertions.wording import told, words

__all__ = ["SAMPLE", "WIDEST", "judge", "told", "words"]
