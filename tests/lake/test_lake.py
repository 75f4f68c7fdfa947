"""What is written into a lake comes back as it was; what is not whole is not there; what does not belong is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count
from pathlib import Path

import fsspec
import lake_samples as samples
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from stand_ins import BlockReader

from tracker.errors import LakeError
from tracker.lake import ARTICLES, REPORTS, SCHEMAS, Fault, Lake, Read, Refused
from tracker.lake.layout import month
from tracker.model import Article, Basis, Notice, Span, When

NUMBERS = count()


def read(article: Article) -> Read:
    return Read(article=article, analysis=next(BlockReader().read_many([article])), record="a#0")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a busy machine
@given(found=samples.reads())
def test_articles_and_analyses_come_back_as_they_were(
    found: list[Read], tmp_path_factory: pytest.TempPathFactory
) -> None:
    lake = samples.lake(tmp_path_factory.mktemp("lake"))
    samples.written(lake, found)
    by_month = sorted(found, key=lambda one: month(one.article.published))
    assert list(lake.articles()) == by_month


def test_every_field_of_an_article_is_kept(tmp_path: Path) -> None:
    full = replace(
        samples.article(1),
        notice=Notice.CORRECTION,
        note="paywall",
        wire="reuters",
        published=When(value="2024-07", basis=Basis.STATED, span=Span(start=1, end=3, field="title")),
    )
    lake = samples.lake(tmp_path)
    samples.written(lake, [replace(read(full), copy_of="a000")])
    assert [(one.article, one.copy_of) for one in lake.articles()] == [(full, "a000")]


def test_a_lone_surrogate_becomes_one_other_character(tmp_path: Path) -> None:
    lake = samples.lake(tmp_path)
    samples.written(lake, [read(samples.article(1, text="a \ud800 b"))])
    assert [one.article.text for one in lake.articles()] == ["a \ufffd b"]


MONTHS = [
    ("2024", "undated"),
    ("2024-07", "2024-07"),
    ("2024-07-09", "2024-07"),
    ("2024-12-31T23:30:00+00:00", "2024-12"),
    (None, "undated"),
]


@pytest.mark.parametrize(("published", "expected"), MONTHS)
def test_articles_lie_by_month(published: str | None, expected: str, tmp_path: Path) -> None:
    lake = samples.lake(tmp_path)
    samples.written(lake, [read(samples.article(1, published=published))])
    assert lake.months() == (expected,)
    assert (tmp_path / f"articles/month={expected}/{samples.CHUNK.id}.parquet").exists()
    assert (tmp_path / f"reports/month={expected}/{samples.CHUNK.id}.parquet").exists()


def test_months_and_columns_are_read_alone(tmp_path: Path) -> None:
    lake = samples.lake(tmp_path)
    samples.written(lake, [read(samples.article(n, published=f"2024-0{n}-01")) for n in (1, 2, 3)])
    batches = list(lake.read(REPORTS, months=["2024-02", "2024-03"], columns=["article_id", "type"]))
    assert [row for batch in batches for row in batch.to_pylist()] == [
        {"article_id": f"a00{n}", "type": "access_restriction"} for n in (2, 3)
    ]


def test_the_same_rows_are_the_same_bytes(tmp_path: Path) -> None:
    found = [read(samples.article(n)) for n in range(30)]
    once, again = (samples.written(samples.lake(tmp_path / name), found) for name in ("one", "two"))
    assert once == again
    assert [(file.table, file.rows) for file in once.files] == [(ARTICLES, 30), (REPORTS, 30)]


def test_files_are_compressed_with_zstandard_and_have_the_schema(tmp_path: Path) -> None:
    note = samples.written(samples.lake(tmp_path), [read(samples.article(1))])
    for file in note.files:
        found = pq.ParquetFile(tmp_path / file.path)
        assert found.metadata.row_group(0).column(0).compression == "ZSTD"
        assert [field.name for field in found.schema_arrow] == SCHEMAS[file.table].names


def test_what_a_worker_left_that_was_killed_is_not_read(tmp_path: Path) -> None:
    lake = samples.lake(tmp_path)
    samples.written(lake, [read(samples.article(1))])
    lake.place.remove(f"chunks/{samples.CHUNK.id}.json")
    assert (lake.done(), list(lake.articles())) == (frozenset(), [])
    samples.written(lake, [read(samples.article(2))])
    assert [one.article.id for one in lake.articles()] == ["a002"]


def test_a_chunk_that_was_refused_is_told_until_it_is_done(tmp_path: Path) -> None:
    lake = samples.lake(tmp_path)
    refused = Refused(chunk=samples.CHUNK, reason="its worker was killed", tries=3)
    lake.refuse(refused)
    assert (lake.refused(), lake.done()) == ((refused,), frozenset())
    samples.written(lake, [])
    assert not lake.refused()
    assert lake.done() == {samples.CHUNK.id}


def test_a_note_comes_back(tmp_path: Path) -> None:
    lake = samples.lake(tmp_path)
    note = samples.written(lake, [read(samples.article(1))])
    assert list(lake.notes()) == [note]


def test_a_lake_is_opened_again_and_another_ones_is_refused(tmp_path: Path) -> None:
    samples.lake(tmp_path)
    assert Lake.open(str(tmp_path)).about.identity == samples.IDENTITY
    assert samples.lake(tmp_path).about == Lake.open(str(tmp_path)).about
    other = replace(samples.IDENTITY, reader="block 2", since="2024-01-01")
    with pytest.raises(LakeError) as told:
        Lake.begun(str(tmp_path), other, now=samples.NOW)
    assert "read by the reader 'block 1'; this is 'block 2'" in str(told.value)
    assert "since any date; --since is 2024-01-01" in str(told.value)


def test_no_lake_a_later_format_and_damage_are_told(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="holds no lake"):
        Lake.open(str(tmp_path))
    samples.lake(tmp_path)
    about = tmp_path / "lake.json"
    about.write_text(json.dumps(json.loads(about.read_text()) | {"format": 99}))
    with pytest.raises(LakeError, match="is of format 99"):
        Lake.open(str(tmp_path))
    about.write_text('{"identity"')
    with pytest.raises(LakeError, match="damaged"):
        Lake.open(str(tmp_path))


def test_what_is_not_as_it_was_written_is_found(tmp_path: Path) -> None:
    lake = samples.lake(tmp_path)
    articles, reports = samples.written(lake, [read(samples.article(1))]).files
    assert list(lake.verify()) == []
    (tmp_path / articles.path).write_bytes(b"PAR1")
    (tmp_path / reports.path).unlink()
    name = f"chunks/{samples.CHUNK.id}.json"
    assert list(lake.verify()) == [
        Fault(key=name, reason=f"{articles.path} is not as it was written"),
        Fault(key=name, reason=f"{reports.path} is missing"),
    ]
    with pytest.raises(LakeError, match="cannot be read"):
        list(lake.articles())
    lake.forget(samples.CHUNK.id)
    assert (list(lake.verify()), lake.done()) == ([], frozenset())


def test_a_lake_may_lie_wherever_fsspec_reaches() -> None:
    where = f"memory://lake{next(NUMBERS)}"
    lake = Lake.begun(where, samples.IDENTITY, now=samples.NOW)
    samples.written(lake, [read(samples.article(1))])
    assert [one.article.id for one in Lake.open(where).articles()] == ["a001"]
    assert list(lake.verify()) == []
    lake.forget(samples.CHUNK.id)
    assert Lake.open(where).done() == frozenset()
    fsspec.filesystem("memory").rm(where, recursive=True)


def test_a_file_system_that_is_not_there_is_told() -> None:
    with pytest.raises(LakeError, match="cannot be reached"):
        Lake.open("nonsense://lake")
