"""The straightforward pipeline, in a process of its own: warcio, trafilatura, and spaCy's whole pipeline on every text.

    python benchmarks/backfill_plain.py OUT FILE… [--only URLS]

OUT gets a line of JSON for each article: address, text, number of names. `--only` names a file of addresses: no other
page is extracted, as if a language filter that costs nothing had gone before. It finds no events.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

BATCH = 32


def pages(files: Sequence[Path], only: frozenset[str] | None) -> Iterator[tuple[str, bytes]]:
    """Addresses and bodies of what was answered with a page."""
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - a process loads what it measures

    for path in files:
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                if record.rec_type != "response" or record.http_headers.get_statuscode() != "200":
                    continue
                url = record.rec_headers.get_header("WARC-Target-URI")
                is_page = "html" in (record.http_headers.get_header("Content-Type") or "")
                if is_page and (only is None or url in only):
                    yield url, record.content_stream().read()


def texts(found: Iterator[tuple[str, bytes]], spent: dict[str, float]) -> Iterator[tuple[str, str]]:
    """Texts with their addresses; `spent` tells the CPU seconds of extraction."""
    import trafilatura  # noqa: PLC0415

    for url, body in found:
        began = time.process_time()
        text = trafilatura.extract(body, include_comments=False) or ""
        spent["extract"] += time.process_time() - began
        if text:
            yield text, url


def main() -> None:
    """Extract and parse, one page after another."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--only", type=Path)
    asked = parser.parse_args()
    import spacy  # noqa: PLC0415

    from tracker.nlp.reader import DEFAULT_MODEL  # noqa: PLC0415

    language = spacy.load(DEFAULT_MODEL)
    only = frozenset(asked.only.read_text().split()) if asked.only else None
    spent = {"extract": 0.0}
    with asked.out.open("w", encoding="utf-8") as out:
        found = texts(pages(asked.files, only), spent)
        for doc, url in language.pipe(found, as_tuples=True, batch_size=BATCH):
            told = {"url": url, "text": doc.text, "names": len(doc.ents), "sentences": sum(1 for _ in doc.sents)}
            out.write(json.dumps(told, ensure_ascii=False) + "\n")
    print(json.dumps(spent))


if __name__ == "__main__":
    main()
