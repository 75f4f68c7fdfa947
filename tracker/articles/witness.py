"""The text as the page tells it to machines (JSON-LD `articleBody`), a witness for the one that was found.

Where the witness ends, the article ends; where the page shows hardly any of it, it is the text itself. It has no
headings and often no paragraphs, and many pages cut it short or tell a summary, so it never overrules what it does
not clearly fit. Not here: the two opinions on what the page shows (`body`).
"""

from __future__ import annotations

from collections.abc import Sequence

from tracker.articles.blocks import fragment

LEAST_WORDS = 60  # of a witness that is heard
END = 40  # letters at its end by which the last block is found
MOST_CUT = 0.5  # of the letters up to there that may follow and be cut: else it is the witness that was cut short
PIECE = 80  # letters of the pieces by which it is looked for
SHOWN = 0.5  # of its pieces: where a page shows fewer, the witness stands in


def confirmed(blocks: Sequence[str], told: str) -> tuple[str, ...]:
    """The blocks without what follows the end of the text that is `told`; that text where they hardly hold it."""
    paragraphs = fragment(told) if told else ()
    witness = _letters("".join(paragraphs))
    if sum(len(one.split()) for one in paragraphs) < LEAST_WORDS:
        return tuple(blocks)
    letters = [_letters(block) for block in blocks]
    if _share(witness, "".join(letters)) < SHOWN:
        return paragraphs if len(witness) > sum(map(len, letters)) else tuple(blocks)
    last = next((n for n, one in enumerate(letters) if one.endswith(witness[-END:])), None)
    if last is None or sum(map(len, letters[last + 1 :])) > MOST_CUT * sum(map(len, letters[: last + 1])):
        return tuple(blocks)
    return tuple(blocks[: last + 1])


def _share(witness: str, text: str) -> float:
    """The share of a witness's pieces that a text holds."""
    pieces = [witness[at : at + PIECE] for at in range(0, len(witness), PIECE)]
    return sum(piece in text for piece in pieces) / len(pieces)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
