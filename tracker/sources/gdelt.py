"""The GDELT Project's bulk files: every quarter of an hour, the addresses of the articles that it has seen.

`lastupdate.txt` (or `lastupdate-translation.txt`) names the newest files; the Global Knowledge Graph among them
(GKG 2.1: a zipped table of 27 columns parted by tabs) is followed, then the file of the quarter before, and so on.
Where the source's `wanted.types` say `export`, or nothing else is there, the table of events is read, which tells
addresses alone. What is listed is chosen by theme, domain and language. Themes, tones and persons are not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from urllib.parse import urljoin

from tracker.model import Done, Listing, Page, Poison, Request, Source, When
from tracker.sources import gdelt_codes, times, zipped
from tracker.sources.bodies import not_a
from tracker.sources.entries import Entry, listing

ACCEPT = "text/plain, application/zip, */*;q=0.1"
GKG, EXPORT = "gkg", "export"
MAX_ROWS = 50_000  # of one file; a quarter of an hour brings some thousands
_FILE = re.compile(
    r"(?P<time>\d{14})(?P<rest>\.(?:translation\.)?(?P<table>gkg\.csv|export\.csv)\.zip)\Z", re.IGNORECASE
)
_LISTED = re.compile(r"\d{1,12} [0-9a-fA-F]{32} (?P<url>\S{1,500})\s*\Z")  # bytes, MD5, address

# Columns of the GKG 2.1 codebook and of the event table's, counted from 0.
GKG_COLUMNS, GKG_URL, GKG_DATE, GKG_THEMES, GKG_LANGUAGE, GKG_EXTRAS = 27, 4, 1, (7, 8), 25, 26
EXPORT_COLUMNS, EXPORT_URL, EXPORT_DATE = 61, 60, 59

_SOURCE_LANGUAGE = re.compile(r"srclc:([a-z]{3})", re.IGNORECASE)
_EXTRA = {
    name: re.compile(rf"<{name}>(.{{0,2000}}?)</{name}>")
    for name in ("PAGE_TITLE", "PAGE_AUTHORS", "PAGE_PRECISEPUBTIMESTAMP")
}


def request(source: Source) -> Request:
    """The list of the newest files."""
    return Request(url=source.url, accept=ACCEPT)


def parse(source: Source, page: Page) -> Done[Listing] | Poison:
    """The file that the list leads to, or the articles of a file and the file before it."""
    return _articles(source, page) if page.body.startswith(b"PK") else _newest(source, page)


def _newest(source: Source, page: Page) -> Done[Listing] | Poison:
    """The newest file of the table that is wanted, looked for beside the list: a mirror names the original's files."""
    lines = page.body[:10_000].decode("utf-8", "replace").splitlines()
    names = [found["url"].rpartition("/")[2] for line in lines if (found := _LISTED.match(line.strip()))]
    tables = {found["table"].lower().partition(".")[0]: name for name in names if (found := _FILE.search(name))}
    wanted = [one for one in (*map(str.lower, source.wanted.types), GKG, EXPORT) if one in tables]
    if not wanted:
        return Poison(reason=not_a("GDELT's list of its newest files", page.body, page.content_type))
    newest = Request(url=urljoin(page.final_url, tables[wanted[0]]), accept=ACCEPT)
    return listing(source, (), base=page.final_url, follow=[newest])


def _articles(source: Source, page: Page) -> Done[Listing] | Poison:
    """The articles of one file that are wanted, each address once."""
    named = _FILE.search(page.url)
    is_events = bool(named) and named["table"].lower().startswith(EXPORT)  # type: ignore[index]  # bool says so
    found: dict[str, Entry] = {}
    rows = odd = 0
    try:
        for line in islice(zipped.lines(page.body), MAX_ROWS):
            rows += 1
            cells = line.decode("utf-8", "replace").split("\t", EXPORT_COLUMNS)
            if len(cells) < (EXPORT_COLUMNS if is_events else GKG_COLUMNS):
                odd += 1
            elif (entry := _event(source, cells) if is_events else _seen(source, cells)) is not None:
                found.setdefault(entry.url or "", entry)
    except zipped.ZippedError as fault:
        return Poison(reason=str(fault))
    if rows and odd == rows:
        return Poison(reason="a ZIP archive, but no table of GDELT's in it")
    notes = [f"{odd} of {rows} rows left out: too few columns"] if odd else []
    if rows == MAX_ROWS:
        notes.append(f"only the first {MAX_ROWS} rows read")
    if is_events and (source.wanted.themes or source.wanted.languages):
        notes.append("themes and languages are not told in GDELT's table of events: all of them are listed")
    return listing(source, found.values(), base=page.final_url, older=_before(page.url), notes=notes)


def _before(url: str) -> Request | None:
    """The file of the quarter of an hour before; its name is its time."""
    named = _FILE.search(url)
    try:
        moment = datetime.strptime(named["time"], "%Y%m%d%H%M%S").replace(tzinfo=UTC) if named else None
        before = gdelt_codes.stamp(moment - gdelt_codes.SLICE) if moment else ""
    except (ValueError, OverflowError):  # no time of any calendar
        return None
    return Request(url=f"{url[: named.start()]}{before}{named['rest']}", accept=ACCEPT) if named else None


def _seen(source: Source, cells: list[str]) -> Entry | None:
    """A row of the Global Knowledge Graph, if it is wanted."""
    wanted, url = source.wanted, cells[GKG_URL]
    original = _SOURCE_LANGUAGE.search(cells[GKG_LANGUAGE])
    spoken = gdelt_codes.language(original[1]) if original else "en"
    if wanted.domains and not gdelt_codes.is_of(url, wanted.domains):
        return None
    if wanted.languages and spoken not in wanted.languages:
        return None
    if wanted.themes and not {one.upper() for one in wanted.themes}.intersection(_themes(cells)):
        return None
    title, authors, told = (_extra(cells[GKG_EXTRAS], name) for name in _EXTRA)
    return Entry(
        url=url,
        title=title,
        author=authors.replace(";", ", "),
        published=_day(told) or _day(cells[GKG_DATE]),
        language=spoken,
    )


def _themes(cells: list[str]) -> Iterator[str]:
    """Both columns of themes; the second says after a comma where in the text each stands."""
    for column in GKG_THEMES:
        yield from (theme.partition(",")[0].strip().upper() for theme in cells[column].split(";"))


def _extra(extras: str, name: str) -> str:
    found = _EXTRA[name].search(extras)
    return found[1] if found else ""


def _day(stamp: str) -> When | None:
    """The day of a time stamp. The hour is that of GDELT's look, or of a page whose zone is not told."""
    return times.from_text(stamp[:8]) if len(stamp) == 14 and stamp.isdigit() else None


def _event(source: Source, cells: list[str]) -> Entry | None:
    """A row of the table of events, if it is wanted."""
    url = cells[EXPORT_URL]
    if source.wanted.domains and not gdelt_codes.is_of(url, source.wanted.domains):
        return None
    return Entry(url=url, published=_day(cells[EXPORT_DATE]))
