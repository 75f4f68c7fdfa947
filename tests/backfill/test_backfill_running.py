"""A backfill in this process: what is done stays done, what fails is told, what is stopped goes on."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from pathlib import Path

import backfill_samples as samples
import pytest
from stand_ins import BlockReader

from tracker import backfill
from tracker.backfill import Standing, Wanted, running
from tracker.backfill.engines import InlineExecutor, Local
from tracker.errors import EngineError, InputError, LakeError
from tracker.lake import Fault, Lake
from tracker.model import Basis
from tracker.model.archives import ArchiveForm

GERMAN = """Das Ministerium teilte am Dienstag mit, dass die neuen Regeln für die Ausfuhr von Maschinen und Geräten
im Herbst in Kraft treten werden, wenn der Bundestag ihnen zustimmt. Die Verbände sind nicht einverstanden. """


def test_articles_are_read_into_the_lake(tmp_path: Path) -> None:
    chunks = samples.archive(tmp_path, [samples.article(n) for n in range(40)], [samples.article(n) for n in (50, 51)])
    lake, ran = samples.run(chunks, tmp_path / "lake")
    assert len(samples.ids(lake)) == 42
    assert (ran.done, ran.before, ran.refused) == (2, 0, ())
    assert {name: ran.counts[name] for name in ("records", "articles", "read", "reports")} == {
        "records": 42,
        "articles": 42,
        "read": 42,
        "reports": 27,
    }
    assert sum(len(one.analysis.events) for one in lake.articles() if one.analysis) == 27


def test_a_repeated_one_changes_nothing(tmp_path: Path) -> None:
    chunks = samples.archive(tmp_path, [samples.article(1)], [samples.article(2)])
    samples.run(chunks, tmp_path / "lake")
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in (tmp_path / "lake").rglob("*.*")}
    _, ran = samples.run(chunks, tmp_path / "lake")
    assert (ran.done, ran.before) == (0, 2)
    assert before == {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in (tmp_path / "lake").rglob("*.*")}


def test_a_stopped_one_goes_on_and_comes_to_the_same(tmp_path: Path) -> None:
    marker = str(tmp_path / "stopped")
    lines = [[samples.article(1)], [samples.article(2), {"stop": marker}, samples.article(3)], [samples.article(4)]]
    chunks = samples.archive(tmp_path, *lines)
    with pytest.raises(KeyboardInterrupt):
        samples.run(chunks, tmp_path / "lake")
    assert samples.ids(Lake.open(str(tmp_path / "lake"))) == ["1"]
    lake, ran = samples.run(chunks, tmp_path / "lake")
    assert (ran.done, ran.before, samples.ids(lake)) == (2, 1, ["1", "2", "3", "4"])
    samples.run(chunks, tmp_path / "other")
    assert samples.files(tmp_path / "lake") == samples.files(tmp_path / "other")


def test_a_chunk_that_fails_is_set_aside_with_its_reason_and_the_others_go_on(tmp_path: Path) -> None:
    chunks = samples.archive(tmp_path, [samples.article(1), {"fail": "bad sector"}], [samples.article(2)])
    lake, ran = samples.run(chunks, tmp_path / "lake", tries=3)
    assert samples.ids(lake) == ["2"]
    assert [(one.chunk, one.reason, one.tries) for one in ran.refused] == [(chunks[0], "OSError: bad sector", 3)]
    _, again = samples.run(chunks, tmp_path / "lake")
    assert (again.done, again.refused) == (0, ran.refused)
    samples.archive(tmp_path, [samples.article(1), samples.article(5)], [samples.article(2)])
    lake, mended = samples.run(chunks, tmp_path / "lake", retry_refused=True)
    assert (mended.refused, samples.ids(lake)) == ((), ["1", "2", "5"])


def test_a_broken_record_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    chunks = samples.archive(tmp_path, [samples.article(1), {"fault": "cut off"}, samples.article(2)])
    lake, ran = samples.run(chunks, tmp_path / "lake")
    assert [note.faults for note in lake.notes()] == [(Fault(key="archive.jsonl:2", reason="cut off"),)]
    assert (ran.counts["faults"], samples.ids(lake)) == (1, ["1", "2"])


class Stumbling:
    """Reads as `BlockReader` does, but stumbles over one article."""

    version = "block 1"

    def __init__(self) -> None:
        self._reader = BlockReader()
        self._reader.stumbles_over = "day 7"
        self.read_many = self._reader.read_many


def test_an_article_that_the_reader_fails_on_is_left_unread(tmp_path: Path) -> None:
    chunks = samples.archive(tmp_path, [samples.article(n) for n in range(1, 12)])
    lake, ran = samples.run(chunks, tmp_path / "lake")
    with backfill.opened(Wanted(name="inline")) as engine:
        plan = backfill.Plan(chunks=chunks, chunk_bytes=100)
        told = replace(samples.terms(tmp_path / "other"), load=Stumbling)
        lake, ran = backfill.run(plan, told, engine, now=samples.NOW)
    assert (ran.counts["read"], ran.counts["unread: fault of the reader"]) == (10, 1)
    assert [one.article.id for one in lake.articles() if one.analysis is None] == ["7"]


def test_what_is_not_to_be_read_is_kept_unread(tmp_path: Path) -> None:
    chunks = samples.archive(tmp_path, [samples.article(1, text=GERMAN), samples.article(2)])
    lake, ran = samples.run(chunks, tmp_path / "lake")
    assert [(one.article.id, one.analysis is None) for one in lake.articles()] == [("1", True), ("2", False)]
    assert ran.counts["unread: language"] == 1


def test_of_an_article_that_is_there_twice_the_better_text_is_kept(tmp_path: Path) -> None:
    long = samples.article(1, text=f"OpenAI ended API access in China. {samples.FILLER}")
    chunks = samples.archive(
        tmp_path, [samples.article(1, text=samples.FILLER), samples.article(1, text=GERMAN * 2), long, long]
    )
    lake, ran = samples.run(chunks, tmp_path / "lake")
    assert [(one.article.text, one.record) for one in lake.articles()] == [(long["text"], "archive.jsonl:3")]
    assert ran.counts["repeated"] == 3


def test_copies_within_a_chunk_are_noted(tmp_path: Path) -> None:
    same = {"text": f"OpenAI ended API access in China. {samples.FILLER}"}
    chunks = samples.archive(tmp_path, [samples.article(n, **same) for n in (1, 2)] + [samples.article(3)])
    lake, _ = samples.run(chunks, tmp_path / "lake")
    assert [(one.article.id, one.copy_of) for one in lake.articles()] == [("1", None), ("2", "1"), ("3", None)]


def test_the_day_of_the_crawl_is_no_anchor_for_the_reader(tmp_path: Path) -> None:
    chunks = samples.archive(tmp_path, [samples.article(1), samples.article(2, basis=Basis.FETCHED.value)])
    lake, _ = samples.run(chunks, tmp_path / "lake")
    told = [one.analysis.events[0].announced_on for one in lake.articles() if one.analysis]
    assert [when.value if when else None for when in told] == ["2024-07", None]


BOUNDS = [
    (None, None, ["1", "2", "3", "4"]),
    ("2024-07-01", None, ["2", "3"]),
    (None, "2024-07-09", ["1", "2", "3"]),
    ("2024-07-10", "2024-07-31", ["3"]),
]


@pytest.mark.parametrize(("since", "until", "expected"), BOUNDS)
def test_articles_out_of_the_bounds_are_left_out(
    since: str | None, until: str | None, expected: list[str], tmp_path: Path
) -> None:
    """What is dated by its month alone may lie within."""
    dates = ["2024-06-30", "2024-07-09", "2024-07", None]
    chunks = samples.archive(tmp_path, [samples.article(n, date=date) for n, date in enumerate(dates, start=1)])
    lake, ran = samples.run(chunks, tmp_path / "lake", since=since, until=until)
    assert samples.ids(lake) == expected
    assert ran.counts.get("outside", 0) == 4 - len(expected)


def test_a_lake_of_other_bounds_is_refused(tmp_path: Path) -> None:
    chunks = samples.archive(tmp_path, [samples.article(1)])
    samples.run(chunks, tmp_path / "lake")
    with pytest.raises(LakeError, match="--since is 2024-01-01"):
        samples.run(chunks, tmp_path / "lake", since="2024-01-01")


def test_a_worker_with_another_reader_ends_the_run(tmp_path: Path) -> None:
    chunks = samples.archive(tmp_path, [samples.article(1)])
    with pytest.raises(EngineError, match="reads by 'block 1', others by 'block 0'"):
        samples.run(chunks, tmp_path / "lake", reader="block 0")


def test_a_worker_that_does_not_see_the_lake_ends_the_run(tmp_path: Path) -> None:
    chunks = samples.archive(tmp_path, [samples.article(1)])
    with pytest.raises(LakeError, match="workers must share the folder"):
        backfill.work(chunks[0], samples.terms(tmp_path / "elsewhere").keyed())


WRONG = [
    (Wanted(name="spark"), "is no engine"),
    (Wanted(name="inline", workers=2), "are for the engine processes"),
    (Wanted(name="dask://127.0.0.1:1", memory=1), "started with theirs"),
]


@pytest.mark.parametrize(("wanted", "words"), WRONG)
def test_an_engine_is_not_asked_what_it_does_not_do(wanted: Wanted, words: str) -> None:
    with pytest.raises(InputError, match=words), backfill.opened(wanted):
        pass


def test_chunks_that_ask_the_network_are_worked_on_one_at_a_time(tmp_path: Path) -> None:
    lake, _ = samples.run((), tmp_path)
    chunks = samples.archive(tmp_path, *([samples.article(n)] for n in range(4)))
    gdelt = [replace(chunk, form=ArchiveForm.GDELT) for chunk in chunks]
    engine = Local(name="inline", executor=InlineExecutor(), workers=9)
    told = samples.terms(tmp_path)
    work = running._Run(engine=engine, lake=lake, terms=told, tries=1, waiting=deque([*gdelt[:2], *chunks[2:]]))
    work.fill(9)
    assert list(work.flying.values()) == [gdelt[0], *chunks[2:]]
    assert list(work.waiting) == [gdelt[1]]


def test_how_far_it_has_come_is_told(tmp_path: Path) -> None:
    chunks = samples.archive(tmp_path, *([samples.article(n)] for n in range(4)))
    samples.run(chunks[:1], tmp_path / "lake")
    told: list[Standing] = []
    samples.run(chunks, tmp_path / "lake", watch=told.append)
    assert [(one.chunks, one.bytes, one.articles) for one in told] == [
        (1, 100, 0),
        (2, 200, 1),
        (3, 300, 2),
        (4, 400, 3),
    ]
    assert {(one.chunks_of, one.bytes_of, one.bytes_before) for one in told} == {(4, 400, 100)}


STANDING = Standing(chunks=5, chunks_of=10, bytes=600, bytes_of=1000, bytes_before=200, articles=50, seconds=20)


def test_rate_and_time_left_are_those_of_this_run() -> None:
    assert (STANDING.share, STANDING.rate, STANDING.left) == (0.6, 2.5, 20)
    begun = replace(STANDING, bytes=200, articles=0)
    assert (begun.rate, begun.left) == (None, None)
    assert replace(STANDING, bytes_of=0, bytes=0).share == 0.5
