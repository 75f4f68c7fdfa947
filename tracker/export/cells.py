"""Texts of articles made safe for what opens the files: spreadsheets, terminals, readers of XML.

It changes no more than a format asks for: JSON and Parquet hold any text and get it as it is, but for lone surrogates,
which no file in UTF-8 can hold.
"""

from __future__ import annotations

import re

# A spreadsheet takes a cell that begins so for a formula (OWASP, "CSV Injection"), the full-width forms too.
FORMULA = tuple("=+-@\t\r＝＋－＠")
RISKY = frozenset((*FORMULA, " "))
DEFUSED = "'"  # put before it: a spreadsheet then takes the cell for text
LINE_BREAKS = re.compile("[\t\n\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029]+")
# Controls, and what turns the direction of the text around it.
CONTROLS = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
SURROGATES = re.compile("[\ud800-\udfff]")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def line(text: str) -> str:
    """The text on one line, without controls: for tables that people read."""
    return text if text.isprintable() else CONTROLS.sub("", LINE_BREAKS.sub(" ", text))


def defused(text: str) -> str:
    """A text that no spreadsheet takes for a formula, on one line."""
    if text[:1] not in RISKY and text.isprintable():
        return text
    clean = line(text)
    return DEFUSED + clean if text.startswith(FORMULA) or clean.lstrip().startswith(FORMULA) else clean


def whole(text: str) -> str:
    """The text itself, lone surrogates replaced."""
    return text if text.isascii() else SURROGATES.sub("\ufffd", text)


def xml(text: str) -> str:
    """The text without what XML 1.0 cannot hold, nor what turns directions."""
    return CONTROLS.sub("", NOT_XML.sub("", text))
