"""Archives of articles, cut into chunks that can be worked on anywhere, and what they hold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tracker.model.reading import Article
from tracker.model.sources import Item, Page

WHOLE = (0, -1)  # the part of a chunk that is all of its input


class ArchiveForm(StrEnum):
    """How an archive keeps its articles."""

    WARC = "warc"  # fetched pages (ISO 28500), as of CC-NEWS
    JSON_LINES = "json_lines"  # an article a line, in the contract of `tracker extract`
    PARQUET = "parquet"  # an article a row
    PAGES = "pages"  # a folder of saved pages
    GDELT = "gdelt"  # GDELT's lists of files and their tables: addresses of articles, which are yet to be fetched


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A piece of an archive that one worker reads from beginning to end.

    Cut from names and sizes alone, never by time or worker, so that the same inputs give the same chunks in any
    process. `part` is half open: bytes for WARC and plain JSON lines (the chunk has the records that begin there), row
    groups for Parquet, files in the order of their names for a folder, lines for a list of GDELT's; WHOLE where a file
    cannot be entered in its middle.
    """

    id: str  # 16 hexadecimal digits: a hash of all below
    input: str  # an absolute path or an fsspec URL
    form: ArchiveForm
    part: tuple[int, int]
    size: int  # bytes, for progress; 0 where it is not known
    version: str = ""  # what the input was like when it was cut; records are refused where it has changed since


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One thing of an archive. Exactly one of the following holds; all is told by which fields are set.

    - `article`: the archive has the text; `tracker.articles.given` adds what extraction would (language, signature …).
    - `page`, perhaps with `item`: a page as it was fetched, to be handed to extraction. `item` is what the archive says
      of it beside (title, date); None where that is nothing.
    - `item` alone: the address of an article that is not in the archive (GDELT): to be fetched by `tracker.fetch`.
    - `skipped`: passed over on purpose, in few words that can be counted ("status 404", "type image/jpeg").
    - `fault`: it is broken, in words that name what is wrong; the records after it go on.
    """

    key: str  # its place in the archive: "INPUT#OFFSET", "INPUT:LINE", "INPUT:ROW" or a file's path
    page: Page | None = None
    item: Item | None = None
    article: Article | None = None
    skipped: str | None = None
    fault: str | None = None
