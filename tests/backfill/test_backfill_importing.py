"""A lake into the database: at once or one by one, again, and stopped in the middle."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from resolving_samples import NOW, TIERS, imported, keep, read, source

from tracker.backfill.importing import plan
from tracker.backfill.stages import Pair
from tracker.cli.group import commands
from tracker.errors import LakeError
from tracker.lake import Gathered, Identity, Lake, Read
from tracker.model.archives import ArchiveForm, Chunk
from tracker.store import Store, soundness
from tracker.store.compare import dump, partition
from tracker.store.connection import open_database


def named(number: int) -> Pair:
    """An article that names its outlet."""
    article, analysis = read(number)
    return replace(article, source_id=article.source_id or sorted(TIERS)[number % 4]), analysis


PAIRS = tuple(map(named, range(40)))
SOURCES = {key: source(key) for key in TIERS}


def write(folder: Path, name: int, pairs: list[Read]) -> None:
    """A chunk of a lake."""
    identity = Identity(reader="rules 1", texts="any", chunk_bytes=1)
    lake = Lake.begun(str(folder), identity, now=NOW)
    gathered = Gathered()
    for one in pairs:
        gathered.add(one)
    chunk = Chunk(id=f"{name:016x}", input="/news/a.jsonl", form=ArchiveForm.JSON_LINES, part=(name, name + 1), size=1)
    lake.write(chunk, gathered, {"articles": len(pairs)})


def reads(numbers: range) -> list[Read]:
    return [Read(article=PAIRS[n][0], analysis=PAIRS[n][1], record=f"a.jsonl:{n}") for n in numbers]


@pytest.fixture
def lake(tmp_path: Path) -> str:
    """Two chunks; what the second says again of three articles is shorter."""
    folder = tmp_path / "lake"
    again = [replace(one, article=replace(one.article, text="Short."), record="b") for one in reads(range(3))]
    write(folder, 1, reads(range(25)))
    write(folder, 2, [*reads(range(25, 40)), *(replace(one, analysis=None) for one in again)])
    return str(folder)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a refresh makes of the same articles, where outlets are known."""
    path = tmp_path_factory.mktemp("whole") / "t.db"
    with Store.open(path) as store, store.writing():
        store.sources.sync(SOURCES.values(), NOW)
        keep(store, PAIRS)
    return path


def test_a_lake_is_imported_at_once_and_again_changes_nothing(lake: str, whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with Store.open(path) as store:
        assert plan(lake, store).new == 40
    done = imported(lake, path)
    assert (done.articles, done.repeated, done.new, done.at_once) == (40, 3, 40, True)
    assert partition(path) == partition(whole)
    before = dump(path)
    assert imported(lake, path).new == 0
    assert dump(path) == before


def test_a_database_that_has_articles_gets_the_others_one_by_one(lake: str, whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with Store.open(path) as store, store.writing():
        store.sources.sync(SOURCES.values(), NOW)
        keep(store, PAIRS[10:30])
    done = imported(lake, path)
    assert (done.known, done.new, done.at_once) == (20, 20, False)
    assert partition(path) == partition(whole)


def test_the_outlet_of_an_address_is_its_source_or_becomes_one(lake: str, tmp_path: Path) -> None:
    write(Path(lake), 3, [stranger("https://www.times.example.org/1"), stranger("https://herald.example/9")])
    imported(lake, tmp_path / "t.db")
    with Store.open(tmp_path / "t.db") as store, store.writing():
        found = {url: store.articles.get(key) for key, url in IDS.items()}
        assert [one and one.source_id for one in found.values()] == ["example.org", "herald"]
        store.sources.sync(SOURCES.values(), NOW)  # as the next refresh does
        assert store.sources.states().keys() == {*TIERS, "example.org"}


IDS = {"x1": "https://www.times.example.org/1", "x9": "https://herald.example/9"}


def stranger(url: str) -> Read:
    """An article that names no source."""
    article, analysis = PAIRS[0]
    key = f"x{url[-1]}"
    assert analysis is not None
    found = replace(article, id=key, url=url, source_id=None)
    return Read(article=found, analysis=replace(analysis, article_id=key), record=key)


STOPPED = """
import os, signal, sys
sys.path[:0] = {path!r}
from pathlib import Path
from resolving_samples import imported
from tracker.store import filling
from tracker.pipeline import settling
def killed(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
filling.Filling.end = settling.settle = killed
imported({lake!r}, Path({database!r}))
"""


@pytest.mark.parametrize("has", [range(0), range(10, 30)], ids=["at once", "one by one"])
def test_an_import_that_is_killed_is_done_by_the_next(has: range, lake: str, whole: Path, tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    with Store.open(path) as store, store.writing():
        store.sources.sync(SOURCES.values(), NOW)
        keep(store, [PAIRS[n] for n in has])
    here = Path(__file__).parent
    code = STOPPED.format(path=[str(here), str(here.parent)], lake=lake, database=str(path))
    done = subprocess.run([sys.executable, "-c", code], check=False, env=dict(os.environ))
    assert done.returncode == -signal.SIGKILL
    with Store.open(path) as store:
        assert store.counts()["article"] == (40 if has else 0)
    imported(lake, path)
    assert partition(path) == partition(whole)


def wrong(path: Path) -> list[object]:
    """What a doctor finds."""
    with closing(open_database(path, read_only=True)) as db:
        found = (soundness.references(db), soundness.full_text(db), soundness.tallies(db), soundness.miscounted(db))
        return [one for one in (*found, soundness.wrong_facets(db), soundness.structure(db, thorough=True)) if one]


def command(lake: str, path: Path, *words: str) -> Result:
    return CliRunner().invoke(commands, ["--db", str(path), "import", lake, *words], standalone_mode=False)


def test_the_command_tells_what_it_does(lake: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "t.db"
    dry = command(lake, path, "--dry-run", "--json")
    assert json.loads(dry.stdout)["new"] == 40
    done = command(lake, path, "--engine", "inline")
    assert "40 imported at once, 0 were there; 4 new outlets" in done.stdout, done
    stages = "parts surveyed", "parts noted", "parts put together", "parts made into events", "reports stored"
    told = [line.partition(":")[0] for line in done.stderr.splitlines()]
    assert tuple(told) == stages
    assert "nothing was imported" in command(lake, path, "--engine", "inline").stdout
    assert wrong(path) == []


def test_a_timeline_is_written_with_the_import_or_afterwards(lake: str, tmp_path: Path) -> None:
    path, other = tmp_path / "t.db", tmp_path / "other"
    done = command(lake, path, "--engine", "inline", "--timeline", "--quiet")
    assert f"tracker timeline --lake {lake}" in done.stdout, done
    CliRunner().invoke(commands, ["--db", str(path), "lake", str(other)], catch_exceptions=False)
    files = [[(one.name, one.read_bytes()) for one in sorted(folder.rglob("timeline/**/*.parquet"))]
             for folder in (Path(lake), other)]  # fmt: skip
    assert files[0] == files[1] != []
    assert len(list(Lake.open(lake).notes())) == 2  # the articles are there as they were


def test_a_timeline_is_not_written_to_what_is_no_folder(tmp_path: Path) -> None:
    done = command("memory://lake", tmp_path / "t.db", "--timeline")
    assert "not a folder of this machine" in str(done.exception)


def test_no_lake_and_no_engine_are_told_before_a_database_is_made(lake: str, tmp_path: Path) -> None:
    done = command(str(tmp_path), tmp_path / "t.db", "--engine", "inline")
    assert isinstance(done.exception, LakeError)
    done = command(lake, tmp_path / "t.db", "--engine", "spark")
    assert "is no engine" in str(done.exception)
    assert not (tmp_path / "t.db").exists()
