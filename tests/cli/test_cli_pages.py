"""`tracker pages`: what is kept of the newsroom's pages, as a web archive."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from process import tracker
from warcio.archiveiterator import ArchiveIterator

from tracker.config import Config


@pytest.fixture
def database(stocked: Config) -> Path:
    return stocked.settings.database


def addresses(file: Path) -> list[str]:
    with file.open("rb") as raw:
        records = [record for record in ArchiveIterator(raw, check_digests="raise") if record.rec_type == "resource"]
        return [record.rec_headers.get_header("WARC-Target-URI") for record in records]


def test_all_kept_pages_or_those_of_a_source(database: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(database)) as db:
        kept = "SELECT final_url FROM page JOIN article ON article.id = page.article_id WHERE encoding = 'zlib'"
        every = sorted(url for (url,) in db.execute(kept))
        source, count = db.execute(
            "SELECT source_id, count(*) FROM article JOIN page ON article_id = article.id GROUP BY 1 ORDER BY 2 DESC"
        ).fetchone()
    result = tracker("--db", database, "pages", tmp_path / "all.warc.gz")
    assert (result.returncode, result.stdout) == (0, f"{len(every)} pages written to {tmp_path / 'all.warc.gz'}\n")
    assert sorted(addresses(tmp_path / "all.warc.gz")) == every
    tracker("--db", database, "pages", "--source", source, tmp_path / "one.warc")
    assert 0 < len(addresses(tmp_path / "one.warc")) == count < len(every)
    late = tracker("--db", database, "pages", "--since", "2999-01-01", tmp_path / "none.warc")
    assert late.stdout.startswith("0 pages written")


def test_what_cannot_be_is_told(database: Path, tmp_path: Path) -> None:
    nowhere = tracker("--db", database, "pages", tmp_path / "absent" / "a.warc")
    assert nowhere.returncode != 0
    assert "cannot be written (No such file or directory)" in nowhere.stderr
    unknown = tracker("--db", database, "pages", "--source", "nobody", tmp_path / "a.warc")
    assert unknown.returncode != 0
    assert "no source 'nobody'" in unknown.stderr
    assert list(tmp_path.iterdir()) == []
