"""Parquet files with an article a row, whoever wrote them: columns are known by the names that are in use.

A chunk is a run of row groups. Rows come in batches of BATCH, so that a group of a million rows costs no more memory
than a small one. A row needs a text or a page (`html`); where it has both, the text is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, BinaryIO

from tracker import dates, jsonlines
from tracker.archives import places
from tracker.archives.cutting import Part, runs
from tracker.archives.payloads import MOST_BODY
from tracker.archives.texts import identified, sound
from tracker.errors import ArchiveError, InputError
from tracker.extras import needed
from tracker.model import WHOLE, Article, Basis, Chunk, Item, Page, Record, TextFrom, When
from tracker.urls import is_http

SOURCE = "archive"
BATCH = 64  # rows read at once
ALIASES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "id": ("id", "article_id"),
        "url": ("url", "uri", "link", "source_url", "requested_url", "canonical_url"),
        "title": ("title", "headline"),
        "text": ("text", "plain_text", "maintext", "article_text", "body", "content"),
        "html": ("html", "raw_html", "page"),
        "published": (
            "published", "published_at", "published_date", "publish_date", "date_publish", "publishing_date",
            "publication_date", "date",
        ),
        "language": ("language", "lang"),
        "author": ("author", "authors", "byline"),
        "fetched": ("fetched_at", "fetch_date", "date_download", "crawled_at", "crawl_date"),
    }
)  # fmt: skip
DATED = frozenset({"published", "fetched"})
REMEDY = "give each article a row with the columns url, title, text and published (docs/archives.md)"


def cut(name: str, chunk_bytes: int) -> Iterator[Part]:
    """The chunks of a file. Raises InputError where it has no columns that are articles."""
    with places.opened(name) as file:
        parquet = _open(name, file)
        _columns(name, parquet)
        told = parquet.metadata
        sizes = [told.row_group(number).total_byte_size for number in range(told.num_row_groups)]
    yield from runs(sizes, chunk_bytes)


def records(chunk: Chunk, seen: places.Seen) -> Iterator[Record]:
    """The rows of a chunk."""
    with places.opened(chunk.input) as file:
        parquet = _open(chunk.input, file)
        columns = _columns(chunk.input, parquet)
        groups = range(parquet.metadata.num_row_groups)
        part = groups if chunk.part == WHOLE else groups[slice(*chunk.part)]
        first = sum(parquet.metadata.row_group(number).num_rows for number in range(part.start))
        rows = _rows(chunk.input, parquet, part, columns)
        for number, row in enumerate(rows, start=first + 1):
            yield _record(f"{chunk.input}:{number}", row, seen.changed)


def _open(name: str, file: BinaryIO) -> Any:
    module = needed("pyarrow.parquet", "Parquet", extra="lake")
    try:
        return module.ParquetFile(file, pre_buffer=False, buffer_size=1 << 20)
    except _faults() as error:
        raise ArchiveError(f"{name}: is no Parquet file that can be read ({_said(error)})") from None


def _columns(name: str, parquet: Any) -> dict[str, str]:
    """Which column of the file holds which field."""
    schema = parquet.schema_arrow
    spelled = {one.lower(): one for one in reversed(schema.names)}
    found = {
        field: spelled[alias]
        for field, aliases in ALIASES.items()
        if (alias := next((one for one in aliases if one in spelled), None)) is not None
    }
    if "text" not in found and "html" not in found:
        raise InputError(f"{name}: has no column of texts, only {', '.join(schema.names)[:200]}; {REMEDY}")
    for field, column in found.items():
        if not _fits(kind := schema.field(column).type, is_date=field in DATED, is_page=field == "html"):
            raise InputError(
                f"{name}: column {column!r} is {kind}, not {'dates' if field in DATED else 'text'}; {REMEDY}"
            )
    return found


def _fits(kind: Any, *, is_date: bool, is_page: bool) -> bool:
    types = needed("pyarrow", "Parquet", extra="lake").types
    if types.is_dictionary(kind):
        kind = kind.value_type
    if types.is_list(kind) or types.is_large_list(kind):
        kind = kind.value_type  # of authors
    is_text = types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind) or types.is_null(kind)
    is_bytes = is_page and (types.is_binary(kind) or types.is_large_binary(kind))
    return is_text or is_bytes or (is_date and (types.is_date(kind) or types.is_timestamp(kind)))


def _rows(name: str, parquet: Any, groups: Sequence[int], columns: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    if not groups:
        return
    faults = _faults()
    batches = parquet.iter_batches(
        batch_size=BATCH, row_groups=list(groups), columns=list(columns.values()), use_threads=False
    )
    while True:
        try:
            batch = next(batches, None)
            rows = [] if batch is None else batch.to_pylist()
        except faults as error:
            raise ArchiveError(f"{name}: the Parquet file is damaged ({_said(error)})") from None
        if batch is None:
            return
        yield from ({field: row[column] for field, column in columns.items()} for row in rows)


def _record(key: str, row: Mapping[str, Any], changed: datetime | None) -> Record:
    try:
        return _told(key, row, changed)
    except InputError as error:
        return Record(key=key, fault=str(error))


def _told(key: str, row: Mapping[str, Any], changed: datetime | None) -> Record:
    text, html, url = _text(row.get("text")), row.get("html"), _text(row.get("url"))
    published = _when(row.get("published"))
    if text.strip():
        article = Article(
            id=_text(row.get("id")),
            url=url or None,
            title=" ".join(_text(row.get("title")).split()),
            text=text,
            published=published,
            language=_text(row.get("language")) or None,
            text_from=TextFrom.INPUT,
            author=_authors(row.get("author")),
        )
        return Record(key=key, article=identified(article))
    if not html:
        return Record(key=key, skipped="no text")
    if not is_http(url):
        return Record(key=key, fault=f"a page without an address: {url[:80]!r}")
    body = html if isinstance(html, bytes) else sound(str(html)).encode()
    if len(body) > MOST_BODY:
        return Record(key=key, skipped="too large")
    item = Item(
        source_id=SOURCE,
        url=url,
        title=_text(row.get("title")),
        author=_authors(row.get("author")),
        published=published,
        language=_text(row.get("language")) or None,
    )
    return Record(key=key, item=item, page=_page(url, body, isinstance(html, bytes), _moment(row, changed)))


def _page(url: str, body: bytes, is_raw: bool, fetched_at: datetime) -> Page:  # noqa: FBT001  # named where it is given
    content_type = "text/html" if is_raw else "text/html; charset=utf-8"
    return Page(url=url, final_url=url, status=200, content_type=content_type, body=body, fetched_at=fetched_at)


def _moment(row: Mapping[str, Any], changed: datetime | None) -> datetime:
    """When a page was fetched, as far as it is told: a column of it, else the file's own time."""
    told = _when(row.get("fetched"))
    return dates.earliest(told) if told else changed or datetime.fromtimestamp(0, tz=UTC)


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return sound(value) if isinstance(value, str) else ""


def _authors(value: object) -> str | None:
    names = [_text(one) for one in value] if isinstance(value, list) else [_text(value)]
    return ", ".join(one for one in names if one.strip()) or None


def _when(value: object) -> When | None:
    """A date in a cell; a time without a zone is taken for UTC. Raises InputError for what is none."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return When(value=dates.prefix(moment), basis=Basis.METADATA)
    if isinstance(value, date):
        return When(value=value.isoformat(), basis=Basis.METADATA)
    text = _text(value).strip()
    try:
        return jsonlines.published(text, "the date")
    except InputError:
        found = dates.parse(text, basis=Basis.METADATA)
        if found is None:
            raise
        return found


def _faults() -> tuple[type[Exception], ...]:
    """What pyarrow raises about a file; beyond its own errors, what an unlucky cell makes of Python's types."""
    arrow = needed("pyarrow", "Parquet", extra="lake")
    return (arrow.ArrowException, OSError, ValueError, OverflowError)


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:150]
