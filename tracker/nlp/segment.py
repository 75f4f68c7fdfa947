"""Where sentences begin for certain: after a blank line, a bullet, a dateline.

Marks only certain boundaries, before the parser, which decides about all others. Hard-wrapped lines go on.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.tokens import Doc

Marks = npt.NDArray[np.int64]

NAME = "tracker_segment"
BULLETS = frozenset("•*·▪–—-→►")
DATELINE = re.compile(
    r"[A-Z][A-Z/ .,'ÃÉÍÓÜ]{2,40}(?:,? [A-Z][a-z]{2,8}\.? \d{1,2})?\s?(?:\([^)]{2,40}\)\s?)?(?:--|[-–—:])\s"
)
LONGEST = 200  # tokens of a sentence before a break is forced, so that cost stays linear in the text
SENTENCE_END = frozenset(".!?")
LINE_END = ".!?:;\"”'’)"


@Language.component(NAME)
def mark_boundaries(doc: Doc) -> Doc:
    """Set `is_sent_start` on the first token after each certain boundary; False on blank tokens."""
    marks = np.zeros(len(doc), dtype=np.int64)  # 1: begins a sentence, -1: does not, 0: the parser decides
    marks[:1] = 1
    for i in range(1, len(doc)):
        token, before = doc[i], doc[i - 1]
        if token.is_space:
            marks[i] = -1
        elif (before.is_space and "\n" in before.text and _breaks(doc, i)) or token.text == "•":
            marks[i] = 1
    _break_runs(doc, marks)
    if len(doc):
        _after_dateline(doc, marks)
    # All at once: each setting of Token.is_sent_start looks through the whole Doc for a parse that it might contradict.
    array: Any = marks.astype(np.uint64)  # spaCy's stubs ask for a type of their own
    return doc.from_array(["SENT_START"], array)


def _break_runs(doc: Doc, marks: Marks) -> None:
    """Force a boundary into a run of tokens that has no end of a sentence."""
    run = 0
    for i in range(1, len(doc)):
        run = 0 if marks[i] == 1 or doc[i - 1].text in SENTENCE_END else run + 1
        if run >= LONGEST:
            marks[i] = 1
            run = 0


def _breaks(doc: Doc, i: int) -> bool:
    blank, token = doc[i - 1].text, doc[i]
    if blank.count("\n") > 1 or token.text[0] in BULLETS or token.text[0].isdigit():
        return True
    previous = doc[i - 2] if i > 1 else None
    if previous is not None and previous.text[-1] in LINE_END:
        return True
    return token.text[0].isupper() and len(blank) > 0


def _after_dateline(doc: Doc, marks: Marks) -> None:
    starts = [0, *(i for i in range(1, len(doc)) if marks[i] == 1)]
    text = doc.text
    for i in starts[:4]:
        found = DATELINE.match(text, doc[i].idx)
        if found:
            span = doc.char_span(found.start(), found.end(), alignment_mode="expand")
            if span is not None and span.end < len(doc):
                marks[span.end] = 1
