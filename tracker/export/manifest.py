"""The manifest beside an exported file: what it holds and where that came from; and whether the file still agrees.

    timeline.csv  timeline.csv.manifest.json

A manifest is written after its file, so that a run that is killed between the two leaves a file that does not verify.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import tracker
from tracker.errors import InputError
from tracker.extras import needed
from tracker.model import About
from tracker.saving import replaced

SUFFIX = ".manifest.json"
KEYS = ("format", "rows", "sha256", "bytes")
PIECE = 1 << 20
AGAIN = "export it again"


def beside(file: Path) -> Path:
    """Where the manifest of a file lies."""
    return file.with_name(file.name + SUFFIX)


def write(
    file: Path, *, form: str, rows: int, size: int, sha256: str, columns: Mapping[str, str], about: About
) -> None:
    """Write the manifest of a file."""
    told = {
        "file": file.name,
        "format": form,
        "rows": rows,
        "columns": [{"name": name, "type": kind} for name, kind in columns.items()],
        "bytes": size,
        "sha256": sha256,
        "title": about.title,
        "query": about.query,
        "filters": dict(about.filters),
        "as_of": about.as_of,
        "cursor": about.cursor,
        "tracker": tracker.__version__,
        "schema": about.schema,
    }
    with replaced(beside(file)) as out:
        out.write(json.dumps(told, ensure_ascii=True, indent=1).encode() + b"\n")


def verify(file: Path) -> int:
    """See that a file is what its manifest says; the number of its rows.

    Raises:
        InputError: it is not, or one of the two is not there; the message says what is wrong.
    """
    told = _read(beside(file))
    size, digest = _sums(file)
    if size < told["bytes"]:
        raise InputError(f"{file}: is cut short: {size:,} of {told['bytes']:,} bytes; {AGAIN}")
    if (size, digest) != (told["bytes"], told["sha256"]):
        raise InputError(f"{file}: was altered: its SHA-256 is not that of the manifest; {AGAIN}")
    count = COUNTS.get(told["format"])
    rows = told["rows"] if count is None else count(file)
    if rows != told["rows"]:
        raise InputError(f"{file}: holds {rows:,} rows and not {told['rows']:,} as its manifest says; {AGAIN}")
    return rows


def _read(file: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(file.read_bytes())
    except OSError as error:
        raise InputError(f"{file}: the manifest cannot be read ({error.strerror}); {AGAIN}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{file}: is no manifest: no JSON; {AGAIN}") from error
    if not isinstance(found, dict) or any(key not in found for key in KEYS):
        raise InputError(f"{file}: is no manifest: {', '.join(KEYS)} are needed; {AGAIN}")
    if not all(type(found[key]) is int for key in ("rows", "bytes")):
        raise InputError(f"{file}: is no manifest: rows and bytes have to be numbers; {AGAIN}")
    return found


def _sums(file: Path) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    try:
        with file.open("rb") as opened:
            while piece := opened.read(PIECE):
                digest.update(piece)
                size += len(piece)
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}); {AGAIN}") from error
    return size, digest.hexdigest()


def _lines(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        yield from opened


def _after_head(head: int) -> Callable[[Path], int]:
    """Rows of a format with one row a line, after so many lines of head."""
    return lambda file: sum(1 for _ in _lines(file)) - head


def _of_array(file: Path) -> int:
    """One object a line between brackets; an empty array is one line."""
    return max(0, sum(1 for _ in _lines(file)) - 2)


def _of_parquet(file: Path) -> int:
    rows: int = needed("pyarrow.parquet", "Parquet").read_metadata(file).num_rows
    return rows


# How rows are counted in a file; of the other formats the hash has to do.
COUNTS: Mapping[str, Callable[[Path], int]] = {
    "csv": _after_head(1),
    "tsv": _after_head(1),
    "markdown": _after_head(2),
    "jsonl": _after_head(0),
    "json": _of_array,
    "parquet": _of_parquet,
}
