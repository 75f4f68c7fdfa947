"""The nearest known word, for messages that say what was meant; decides nothing."""

from __future__ import annotations

NEAR_ENOUGH = 60.0  # of 100, by RapidFuzz's ratio: below it, a suggestion would be a guess


def nearest(word: str, known: tuple[str, ...]) -> str | None:
    """The known word that is spelt most like this one, if any is near enough."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - only needed once something is wrong

    found = process.extractOne(word.lower().replace("-", "_"), known, scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH)
    return str(found[0]) if found else None
