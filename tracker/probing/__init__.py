"""Sources asked live, to see what they are: candidates for a new source, what is wrong with a known one.

    candidates(url, fetcher, now=) -> Found      where a site lists its articles, the best first
    trials(sources, fetcher) -> tuple of Trial   each source asked and parsed once
    verdict(trial, now=) -> Verdict              what is wrong, in words, and what to do
    entry(candidate, found, ...) -> mapping      one entry of feeds.yaml

Opens the rooms `fetch` and `sources` as the conductor does, with the same politeness. Stores nothing: no state, no
items, no validators.
"""

from __future__ import annotations

from tracker.probing.entries import Wishes, entry
from tracker.probing.finding import Candidate, Found, candidates
from tracker.probing.trials import Trial, trials
from tracker.probing.verdicts import Verdict, verdict

__all__ = ["Candidate", "Found", "Trial", "Verdict", "Wishes", "candidates", "entry", "trials", "verdict"]
