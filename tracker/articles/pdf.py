"""A PDF notice as blocks of text, with what its metadata say.

Lines become paragraphs again, words that are parted at a line's end whole, and what stands at the top or the bottom of
most pages goes. Not here: tables as tables (a row stays a line), pictures, text recognition.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.articles.guard import MAX_TEXT
from tracker.dates import parse
from tracker.model import Basis, When

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

PDF_TYPES = frozenset({"application/pdf", "application/x-pdf"})
START = b"%PDF-"
MAX_PAGES = 200
MAX_OBJECTS = 500  # that are tried where a file does not say which is its root; each costs a look through it
MAX_CONTENT = 5_000_000  # bytes of drawing orders on a page; a page of text has some thousands
EDGE = 3  # lines at the top and the bottom of a page that may be the same on every page
FEWEST_PAGES = 3  # on which a line must stand to be known as such
SHORT = 0.7  # of the usual length of a line; a shorter one ends its paragraph
LEAST_LETTERS = 20  # a page on average; fewer on a scanned document
ENDS = (".", "!", "?", ":", ";", "”", '"', "。", "！", "？", "：")

_NUMBERS = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"(?:page|seite|p\.)?\s*[-–]?\s*\d{1,4}\s*[-–]?(?:\s*(?:of|/|von)\s*\d{1,4})?", re.IGNORECASE)
_ITEM = re.compile(r"(?:[•●▪◦–-]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)])\s+\S", re.IGNORECASE)
_BULLET = re.compile(r"^[•●▪◦]\s*")
_BROKEN = re.compile(r"[^\W\d_]{2}[-\u00ad\u2010]$")
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)")
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel)|powerpoint presentation|slide \d|untitled|document\d*$|layout \d|print)|"
    r".*\.(?:docx?|pdf|indd|pptx?|xlsx?|qxd|odt|rtf|fm|wpd)$|\S*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a PDF holds; `fault` says why it is not read, or not to its end."""

    blocks: tuple[str, ...] = ()
    title: str = ""
    author: str = ""
    created: When | None = None
    fault: str | None = None


def is_pdf(media_type: str, body: bytes) -> bool:
    """Whether an answer is a PDF: by its beginning, or by its type if it has none of a page."""
    return START in body[:1024] or (media_type in PDF_TYPES and not body.lstrip().startswith(b"<"))


def read(body: bytes) -> Notice:
    """The notice in a PDF; never fails, whatever the file is made of."""
    from pypdf import PdfReader  # noqa: PLC0415 - a quarter of what a process needs to begin, and few meet a PDF
    from pypdf.errors import DependencyError  # noqa: PLC0415 - as above

    try:
        reader = PdfReader(io.BytesIO(body), strict=False, root_object_recovery_limit=MAX_OBJECTS)
        if reader.is_encrypted and not reader.decrypt(""):
            return Notice(fault="format: the PDF is encrypted")
        count = len(reader.pages)
        pages = list(_pages(reader))
        notice = _described(reader)
    except DependencyError:
        return Notice(fault="format: the PDF is encrypted in a way that is not read")
    except MemoryError:
        raise  # the process that reads it has a bound, and ends
    except Exception as error:  # noqa: BLE001 - what pypdf comes upon in a broken file it raises: assertions, overflows
        return Notice(fault=f"format: the PDF cannot be read ({type(error).__name__})")
    letters = sum(len(line) for page in pages for line in page)
    if letters < LEAST_LETTERS * max(1, len(pages)):
        return Notice(title=notice.title, fault="format: the PDF has no text, its pages are pictures")
    fault = f"long: {len(pages)} of the PDF's {count} pages are read" if len(pages) < count else None
    return Notice(
        blocks=tuple(paragraphs(without_edges(pages))),
        title=notice.title,
        author=notice.author,
        created=notice.created,
        fault=fault,
    )


def without_edges(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """The lines of each page without page numbers and what stands at the edge of most pages, numbers aside."""
    seen = Counter(shape for page in pages for shape in {_shape(page[n]) for n in _edges(page)})
    often = {shape for shape, count in seen.items() if count >= max(FEWEST_PAGES, len(pages) / 2)}
    kept = []
    for page in pages:
        out = {n for n in _edges(page) if _shape(page[n]) in often or _PAGE_NUMBER.fullmatch(page[n])}
        kept.append([line for n, line in enumerate(page) if n not in out])
    return kept


def paragraphs(pages: Sequence[Sequence[str]]) -> Iterator[str]:
    """Paragraphs of lines; one that a page breaks goes on where the next begins in lower case."""
    lengths = sorted(len(line) for page in pages for line in page)
    usual = lengths[int(len(lengths) * 0.8)] if lengths else 0
    here = ""
    for page in pages:
        for n, line in enumerate(page):
            if here and _goes_on(here, line, usual, is_new_page=n == 0, last=page[n - 1] if n else here):
                here = _joined(here, line)
            else:
                if here:
                    yield _BULLET.sub("- ", here)
                here = line
    if here:
        yield _BULLET.sub("- ", here)


def _pages(reader: PdfReader) -> Iterator[list[str]]:
    """The lines of each page, until there are too many."""
    left = MAX_TEXT
    for n, page in enumerate(reader.pages[:MAX_PAGES]):
        text = _text(page)
        left -= len(text)
        if left < 0 and n > 0:
            return
        yield [line for raw in text.splitlines() if (line := " ".join(raw.replace("\x00", "").split()))]


def _text(page: PageObject) -> str:
    contents = page.get_contents()
    return page.extract_text() if contents is not None and len(contents.get_data()) <= MAX_CONTENT else ""


def _described(reader: PdfReader) -> Notice:
    """Title, author and date of the metadata, as far as they can be."""
    about: Mapping[str, object] = reader.metadata or {}
    title, author = (" ".join(str(about.get(key) or "").split()) for key in ("/Title", "/Author"))
    created = _DATE.match(str(about.get("/CreationDate") or ""))
    return Notice(
        title="" if _NO_TITLE.match(title) or len(title) > 300 else title,
        author=author,
        created=parse("-".join(created.groups()), basis=Basis.METADATA) if created else None,
    )


def _edges(page: Sequence[str]) -> set[int]:
    return {n for n in range(len(page)) if n < EDGE or n >= len(page) - EDGE}


def _shape(line: str) -> str:
    return _NUMBERS.sub("#", line.casefold())


def _goes_on(here: str, line: str, usual: int, *, is_new_page: bool, last: str) -> bool:
    """Whether a line belongs to the paragraph so far, the last line of which is `last`."""
    if _ITEM.match(line):
        return False
    if line[:1].islower() or _BROKEN.search(here):
        return True
    return not is_new_page and not (here.endswith(ENDS) and len(last) < usual) and len(last) >= SHORT * usual


def _joined(here: str, line: str) -> str:
    """Two lines as one; a hyphen at the break goes before a small letter, and stays before any other."""
    if not _BROKEN.search(here):
        return f"{here} {line}"
    return here[:-1] + line if line[:1].islower() else here + line
