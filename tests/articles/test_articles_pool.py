"""Pages in processes that can be killed: the same results, and a page that kills its process is alone in its fate."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tracker.articles import from_page
from tracker.articles.pool import Extractor
from tracker.articles.worker import LENGTH, Job, answer, frame
from tracker.model import Done, Item, Page, Poison, Source, SourceKind, Tier

NOW = datetime(2024, 7, 1, tzinfo=UTC)
SOURCE = Source(
    id="a", name="A", kind=SourceKind.FEED, url="https://a.example/", tier=Tier.MAJOR, language="en", country=None
)
PARAGRAPH = "<p>The ministry of trade has banned the export of raw nickel from Friday, it said in a statement.</p>"
SLOW = "<html><body>" + ("<p>" + "word " * 5 + "</p>") * 15_000  # takes some seconds of CPU, and passes the guard


def job(n: int, html: str | None = None) -> Job:
    url = f"https://a.example/{n}"
    body = html if html is not None else f"<html><title>Story {n}</title><body><article>{PARAGRAPH * 6}</article>"
    page = Page(url=url, final_url=url, status=200, content_type="text/html", body=body.encode(), fetched_at=NOW)
    return Job(item=Item(source_id="a", url=url, title=f"Story {n}"), source=SOURCE, page=page, now=NOW)


def here(one: Job) -> object:
    return from_page(one.item, one.source, one.page, now=one.now)


@pytest.fixture(scope="module")
def extractor() -> Iterator[Extractor]:
    with Extractor(workers=2) as made:
        yield made


@pytest.fixture(scope="module")
def single() -> Iterator[Extractor]:
    with Extractor(workers=1, seconds=2) as made:
        yield made


def test_results_are_those_of_from_page(extractor: Extractor) -> None:
    jobs = {n: job(n) for n in range(12)} | {12: job(12, ""), 13: job(13, "<p " + "a " * 9_000 + ">")}
    assert dict(extractor.extract(jobs.items())) == {n: here(one) for n, one in jobs.items()}


def test_no_jobs_no_results_no_processes() -> None:
    with Extractor() as extractor:
        assert list(extractor.extract(())) == []
        assert extractor.pids == ()


def test_jobs_are_taken_as_they_can_be_done(extractor: Extractor) -> None:
    taken: list[int] = []

    def jobs() -> Iterator[tuple[int, Job]]:
        for n in range(20):
            taken.append(n)
            yield n, job(n)

    results = extractor.extract(jobs())
    next(results)
    assert len(taken) <= 6
    assert len(list(results)) == 19


def test_few_pages_start_one_process() -> None:
    with Extractor(workers=2) as extractor:
        assert len(list(extractor.extract((n, job(n)) for n in range(5)))) == 5
        assert len(extractor.pids) == 1


def test_pages_that_wait_behind_a_slow_one_start_another_process() -> None:
    with Extractor(workers=2) as extractor:
        key, _ = next(extractor.extract([("slow", job(0, SLOW)), ("waiting", job(1))]))
        assert key == "waiting"


def test_leaving_early_leaves_no_answer_for_the_next(extractor: Extractor) -> None:
    next(extractor.extract((f"old {n}", job(n)) for n in range(9)))
    assert {key for key, _ in extractor.extract((f"new {n}", job(n)) for n in range(5))} == {
        f"new {n}" for n in range(5)
    }


def test_a_page_that_takes_too_long_is_poison_and_the_others_go_on(single: Extractor) -> None:
    found = dict(single.extract([(0, job(0)), (1, job(1, SLOW)), (2, job(2))]))
    assert found[1] == Poison(reason="reading the page took longer than 2 seconds")
    assert (found[0], found[2]) == (here(job(0)), here(job(2)))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV])
def test_a_process_that_dies_at_work_costs_its_page_alone(single: Extractor, how: signal.Signals) -> None:
    list(single.extract([(0, job(0))]))
    (pid,) = single.pids
    os.kill(pid, signal.SIGSTOP)

    def end() -> None:
        os.kill(pid, how)
        os.kill(pid, signal.SIGCONT)

    timer = threading.Timer(0.3, end)
    timer.start()
    found = dict(single.extract([(1, job(1)), (2, job(2))]))
    timer.join()
    assert found[1] == Poison(reason=f"reading the page ended its process ({how.name})")
    assert isinstance(found[2], Done)


def test_a_process_that_died_while_idle_costs_no_page(single: Extractor) -> None:
    list(single.extract([(0, job(0))]))
    (pid,) = single.pids
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert isinstance(dict(single.extract([(1, job(1))]))[1], Done)
    assert single.pids != (pid,)


def test_a_page_that_asks_for_too_much_memory_is_poison() -> None:
    big = replace(job(1).page, body=b"%PDF-1.7" + b"x" * 120_000_000)
    with Extractor(workers=1, memory=80_000_000) as small:
        found = dict(small.extract([(1, replace(job(1), page=big)), (2, job(2))]))
    assert isinstance(found[1], Poison)
    assert "MB of memory" in found[1].reason
    assert isinstance(found[2], Done)


def test_closing_ends_every_process(extractor: Extractor) -> None:
    list(extractor.extract((n, job(n)) for n in range(4)))
    pids = extractor.pids
    extractor.close()
    assert pids
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


class Planted:
    """What a pickle can have whoever reads it do."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return (os.mkdir, (str(self.path),))


def answered() -> dict[str, object]:
    article = here(job(1))
    assert isinstance(article, Done)
    title: dict[str, Any] = {"title": Planted(Path("planted"))}
    return {
        "a function": Planted(Path("planted")),
        "a function within an article": Done(value=replace(article.value, **title)),
        "another class": Path("planted"),
        "another value": ["planted"],
        "no article": Done(value="planted"),
    }


@pytest.mark.parametrize("name", answered())
def test_an_answer_makes_nothing_but_an_article(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A parser that a page has taken over writes the answers."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="no answer"):
        answer(frame(answered()[name])[LENGTH.size :])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "said",
    [LENGTH.pack(1 << 62), LENGTH.pack(5) + b"hello", b"\x00" * 100, frame(Planted(Path("planted")))],
    ids=["endless", "nonsense", "nothing", "a function"],
)
def test_a_process_that_babbles_costs_its_page_alone(
    single: Extractor, said: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    list(single.extract([(0, job(0))]))
    (process,) = single._processes
    told, other = os.pipe()
    os.write(other, said)
    os.dup2(told, process.fileno())
    found = dict(single.extract([(1, job(1)), (2, job(2))]))
    os.close(told)
    os.close(other)
    assert found[1] == Poison(reason="reading the page ended its process (SIGKILL)")
    assert found[2] == here(job(2))
    assert list(tmp_path.iterdir()) == []
