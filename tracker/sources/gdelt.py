"""The GDELT Project's bulk files: every quarter of an hour, the addresses of the articles that it has seen.

`lastupdate.txt` (or `lastupdate-translation.txt`) names the newest files; the Global Knowledge Graph among them
(GKG 2.1: a zipped table of 27 columns parted by tabs) is followed, then the file of the quarter before, and so on.
Where the source's `wanted.types` say `export`, or nothing else is there, the table of events is read, which tells
addresses alone. What is listed is chosen by theme, domain and language. Themes, tones and persons are not kept.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from urllib.parse import urljoin

from tracker.gdelt import codes, tables, zipped
from tracker.gdelt.tables import EXPORT, FILE, GKG, LISTED, Sighting
from tracker.model import Done, Listing, Page, Poison, Request, Source
from tracker.sources.bodies import not_a
from tracker.sources.entries import Entry, listing

ACCEPT = "text/plain, application/zip, */*;q=0.1"
MAX_ROWS = 50_000  # of one file; a quarter of an hour brings some thousands


def request(source: Source) -> Request:
    """The list of the newest files."""
    return Request(url=source.url, accept=ACCEPT)


def parse(source: Source, page: Page) -> Done[Listing] | Poison:
    """The file that the list leads to, or the articles of a file and the file before it."""
    return _articles(source, page) if page.body.startswith(b"PK") else _newest(source, page)


def _newest(source: Source, page: Page) -> Done[Listing] | Poison:
    """The newest file of the table that is wanted, looked for beside the list: a mirror names the original's files."""
    lines = page.body[:10_000].decode("utf-8", "replace").splitlines()
    names = [found["url"].rpartition("/")[2] for line in lines if (found := LISTED.match(line.strip()))]
    told = {table: name for name in names if (table := tables.table(name))}
    wanted = [one for one in (*map(str.lower, source.wanted.types), GKG, EXPORT) if one in told]
    if not wanted:
        return Poison(reason=not_a("GDELT's list of its newest files", page.body, page.content_type))
    newest = Request(url=urljoin(page.final_url, told[wanted[0]]), accept=ACCEPT)
    return listing(source, (), base=page.final_url, follow=[newest])


def _articles(source: Source, page: Page) -> Done[Listing] | Poison:
    """The articles of one file that are wanted, each address once."""
    is_events = tables.table(page.url) == EXPORT
    found: dict[str, Entry] = {}
    rows = odd = 0
    try:
        for line in islice(zipped.lines(page.body), MAX_ROWS):
            rows += 1
            cells = tables.cells(line, is_events=is_events)
            if cells is None:
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
    named = FILE.search(url)
    try:
        moment = datetime.strptime(named["time"], "%Y%m%d%H%M%S").replace(tzinfo=UTC) if named else None
        before = codes.stamp(moment - codes.SLICE) if moment else ""
    except (ValueError, OverflowError):  # no time of any calendar
        return None
    return Request(url=f"{url[: named.start()]}{before}{named['rest']}", accept=ACCEPT) if named else None


def _seen(source: Source, cells: list[str]) -> Entry | None:
    """A row of the Global Knowledge Graph, if it is wanted."""
    wanted = source.wanted
    if wanted.domains and not codes.is_of(cells[tables.GKG_URL], wanted.domains):
        return None
    if wanted.languages and tables.language(cells) not in wanted.languages:
        return None
    if wanted.themes and not {one.upper() for one in wanted.themes}.intersection(tables.themes(cells)):
        return None
    return _entry(tables.seen(cells))


def _event(source: Source, cells: list[str]) -> Entry | None:
    """A row of the table of events, if it is wanted."""
    if source.wanted.domains and not codes.is_of(cells[tables.EXPORT_URL], source.wanted.domains):
        return None
    return _entry(tables.event(cells))


def _entry(seen: Sighting) -> Entry:
    return Entry(url=seen.url, title=seen.title, author=seen.author, published=seen.published, language=seen.language)
