"""GDELT's bulk files: the lines of its lists, and the rows of its two tables that tell addresses of articles.

The Global Knowledge Graph (GKG 2.1) is a table of 27 columns parted by tabs, the table of events one of 61; both come
zipped, a file for every quarter of an hour. Tones, persons and places are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker import dates
from tracker.gdelt import codes
from tracker.model import Basis, When

GKG, EXPORT = "gkg", "export"
FILE = re.compile(
    r"(?P<time>\d{14})(?P<rest>\.(?:translation\.)?(?P<table>gkg\.csv|export\.csv)\.zip)\Z", re.IGNORECASE
)
LISTED = re.compile(r"(?P<bytes>\d{1,12}) (?P<md5>[0-9a-fA-F]{32}) (?P<url>\S{1,500})\s*\Z")

# Columns of the GKG 2.1 codebook and of the event table's, counted from 0.
GKG_COLUMNS, GKG_URL, GKG_DATE, GKG_THEMES, GKG_LANGUAGE, GKG_EXTRAS = 27, 4, 1, (7, 8), 25, 26
EXPORT_COLUMNS, EXPORT_URL, EXPORT_DATE = 61, 60, 59

_SOURCE_LANGUAGE = re.compile(r"srclc:([a-z]{3})", re.IGNORECASE)
_EXTRA = {
    name: re.compile(rf"<{name}>(.{{0,2000}}?)</{name}>")
    for name in ("PAGE_TITLE", "PAGE_AUTHORS", "PAGE_PRECISEPUBTIMESTAMP")
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An article that GDELT has seen; only the Knowledge Graph tells more than address and day."""

    url: str
    title: str = ""
    author: str | None = None
    published: When | None = None
    language: str | None = None


def table(name: str) -> str | None:
    """Which of the two tables a file of this name or address holds: GKG or EXPORT; None for any other file."""
    found = FILE.search(name)
    return found["table"].lower().partition(".")[0] if found else None


def cells(line: bytes, *, is_events: bool) -> list[str] | None:
    """The cells of a row; None where there are fewer than the table has."""
    found = line.decode("utf-8", "replace").split("\t", EXPORT_COLUMNS)
    return found if len(found) >= (EXPORT_COLUMNS if is_events else GKG_COLUMNS) else None


def seen(row: list[str]) -> Sighting:
    """A row of the Global Knowledge Graph."""
    title, authors, told = (_extra(row[GKG_EXTRAS], name) for name in _EXTRA)
    return Sighting(
        url=row[GKG_URL],
        title=title,
        author=authors.replace(";", ", "),
        published=day(told) or day(row[GKG_DATE]),
        language=language(row),
    )


def event(row: list[str]) -> Sighting:
    """A row of the table of events."""
    return Sighting(url=row[EXPORT_URL], published=day(row[EXPORT_DATE]))


def language(row: list[str]) -> str | None:
    """ISO 639-1 of the language that a row's article was written in; what is not translated is English."""
    original = _SOURCE_LANGUAGE.search(row[GKG_LANGUAGE])
    return codes.language(original[1]) if original else "en"


def themes(row: list[str]) -> Iterator[str]:
    """Both columns of themes; the second says after a comma where in the text each stands."""
    for column in GKG_THEMES:
        yield from (theme.partition(",")[0].strip().upper() for theme in row[column].split(";"))


def day(stamp: str) -> When | None:
    """The day of a time stamp. The hour is that of GDELT's look, or of a page whose zone is not told."""
    return dates.parse(stamp[:8], basis=Basis.FEED) if len(stamp) == 14 and stamp.isdigit() else None


def _extra(extras: str, name: str) -> str:
    found = _EXTRA[name].search(extras)
    return found[1] if found else ""
