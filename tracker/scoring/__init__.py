"""How well events were found: predictions against a gold set in the shared format of the annotation guide, section 5.

    gold = read_gold(lines, name=path)
    found = read_predictions(lines, name=path)           or predictions(answers of tracker.extraction)
    compared = outcomes(gold, found)                     matched, missed and spurious events, one by one
    figures(gold, compared)                              precision, recall, F1, fields, parties, B-cubed, per type
    mistakes(compared)                                   what went wrong, with the words and what was expected

The figures are those of the scorer that the guide describes, to the last digit. Pure: reads no file, loads no model,
judges nothing that the guide does not score.
"""

from __future__ import annotations

from tracker.scoring.documents import Article, Event, Party, Span, predictions, read_gold, read_predictions
from tracker.scoring.figures import figures
from tracker.scoring.mistakes import Kind, Mistake, mistakes
from tracker.scoring.outcomes import Matched, Missed, Outcome, Spurious, of_type, outcomes

__all__ = [
    "Article",
    "Event",
    "Kind",
    "Matched",
    "Missed",
    "Mistake",
    "Outcome",
    "Party",
    "Span",
    "Spurious",
    "figures",
    "mistakes",
    "of_type",
    "outcomes",
    "predictions",
    "read_gold",
    "read_predictions",
]
