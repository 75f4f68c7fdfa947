"""A folder of saved pages on this machine, each file one article.

The page's own canonical link names its address, its own words title and date, both read with the page. What a browser
saves beside a page (`Title_files/`) is passed over. Does not open the files, reads no mail (`mail`), no archives.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from tracker.model import Done, Listing, Page, Poison, Request, Source
from tracker.sources import files
from tracker.sources.bodies import not_a
from tracker.sources.entries import Entry, listing

PAGES = frozenset({".html", ".htm", ".xhtml", ".txt", ".pdf"})
BESIDE_A_PAGE = ("_files", "_file", "-Dateien", "_fichiers", "_archivos", ".files")  # what browsers call such folders
SHOWN = 5  # endings of files left out that a note names


def request(source: Source) -> Request:
    """The list of the folder's files."""
    return files.request(source, files.NAMES)


def parse(source: Source, page: Page) -> Done[Listing] | Poison:
    """The saved pages of the folder, the newest first."""
    if misplaced := files.misplaced(source):
        return misplaced
    folder = files.folder(source, page) if files.is_folder(page) else None
    if folder is None:
        return Poison(reason=not_a("a folder: name the folder that the pages lie in", page.body, page.content_type))
    found = [(path, one.version) for one in folder.files if not _is_beside(path := PurePosixPath(one.path))]
    pages = [(str(path), version) for path, version in found if path.suffix.lower() in PAGES]
    others = [path.suffix.lower() or path.name for path, _ in found if path.suffix.lower() not in PAGES]
    entries = (Entry(url=files.address(source, path), guid=path, version=version) for path, version in pages)
    root = files.address(source, "")
    return listing(source, entries, base=root, within=root, older=folder.older, notes=_notes(others))


def _is_beside(path: PurePosixPath) -> bool:
    """Whether a file belongs to a saved page: its pictures, styles and frames."""
    return any(part.endswith(BESIDE_A_PAGE) for part in path.parts[:-1])


def _notes(others: list[str]) -> list[str]:
    """What was left out, by the endings of the files."""
    if not others:
        return []
    endings = sorted(set(others))
    named = ", ".join(endings[:SHOWN]) + (" …" if len(endings) > SHOWN else "")
    return [f"{len(others)} files left out: no saved pages ({named})"]
