"""`tracker review`, `why` and `measure` as a user meets them: output and exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from process import Result
from process import tracker as process
from review_samples import of, report

from tracker.cli import main
from tracker.store import Store

Run = Callable[..., Result]


@pytest.fixture
def tracker(capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line, in this process: starting one takes longer than what it does."""

    def run(*words: object) -> Result:
        with pytest.raises(SystemExit) as end:
            main([str(word) for word in words])
        told = capsys.readouterr()
        return Result(args=list(map(str, words)), returncode=int(end.value.code or 0), stdout=told.out, stderr=told.err)

    return run


def test_a_decision_is_shown_kept_and_undone(tracker: Run, path: Path) -> None:
    acme, bolt = of(path, "acme-herald"), of(path, "bolt-wire")
    made = tracker("--db", path, "review", "same", acme, bolt, "--why", "one order", "--who", "ann")
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.splitlines()[-1] == f"now: {acme}"
    (judged,) = json.loads(tracker("--db", path, "review", "log", "--json").stdout)
    assert (judged["kind"], judged["who"], judged["why"]) == ("same", "ann", "one order")
    assert "by ann" in tracker("--db", path, "show", bolt).stdout  # a former id by now
    undone = tracker("--db", path, "review", "close", judged["id"][:6], "--json")
    assert json.loads(undone.stdout)["right"] == [bolt]
    assert tracker("--db", path, "review", "log", "--open").stdout.strip() == "nobody has decided anything yet"


def test_who_decides_is_the_login_by_default(tracker: Run, path: Path) -> None:
    made = process("--db", path, "review", "accept", of(path, "acme-herald"))
    assert (made.returncode, made.stderr) == (0, "")
    (judged,) = json.loads(tracker("--db", path, "review", "log", "--json").stdout)
    assert judged["who"]
    assert judged["why"] == "right as it is"


def test_why_and_measure_tell_their_stories(tracker: Run, story: Path) -> None:
    acme, bolt = of(story, "acme-herald"), of(story, "bolt-wire")
    told = tracker("--db", story, "why", acme[:9], bolt)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("two events of two measures")
    assert json.loads(tracker("--db", story, "why", acme, "--json").stdout)["event"]["id"] == acme
    measure = tracker("--db", story, "measure", acme)
    assert (measure.returncode, measure.stderr) == (0, "")
    assert "● in_force" in measure.stdout
    assert "3 independent sources" in measure.stdout


def test_what_is_rejected_is_left_out_of_the_timeline(tracker: Run, path: Path) -> None:
    bolt = of(path, "bolt-wire")
    tracker("--db", path, "review", "reject", bolt, "--why", "an opinion")
    shown = json.loads(tracker("--db", path, "timeline", "--json").stdout)
    assert bolt not in [event["id"] for event in shown]
    (rejected,) = json.loads(tracker("--db", path, "timeline", "--rejected", "--json").stdout)
    assert rejected["id"] == bolt
    assert "rejected: it is left out of the timeline" in tracker("--db", path, "show", bolt).stdout


def test_the_list_gives_what_waits_and_says_so_when_nothing_does(tracker: Run, path: Path) -> None:
    listed = tracker("--db", path, "review", "list")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert listed.stdout.strip()
    assert isinstance(json.loads(tracker("--db", path, "review", "list", "--json").stdout), list)


# Words after `review`, exit code, a part of the message; {acme} and {report} are ids.
WRONG = {
    "no reason": (("reject", "{acme}"), 2, "--why"),
    "no event": (("reject", "zzz", "--why", "x"), 66, "zzz"),
    "no field": (("edit", "{acme}", "colour", "red", "--why", "x"), 65, "status"),
    "no value": (("edit", "{acme}", "status", "on", "--why", "x"), 65, "in_force"),
    "itself": (("same", "{acme}", "{acme}", "--why", "x"), 65, "against itself"),
    "no judgement": (("close", "zzz"), 66, "no judgement 'zzz'"),
    "all of it": (("split", "{acme}", "{report}", "{report}", "--why", ""), 65, "--why"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_with_an_exit_code(tracker: Run, story: Path, name: str) -> None:
    words, code, message = WRONG[name]
    ids = {"acme": of(story, "acme-herald"), "report": report(story, "acme-herald")}
    result = tracker("--db", story, "review", *(word.format(**ids) for word in words))
    assert result.returncode == code
    assert message in result.stderr


def test_a_decision_waits_for_no_refresh(tracker: Run, path: Path) -> None:
    with Store.open(path) as store, store.writing():
        result = tracker("--db", path, "review", "accept", "e")
    assert result.returncode == 75
    assert "is writing to this database" in result.stderr


def test_nothing_is_decided_about_a_database_that_is_not_there(tracker: Run, tmp_path: Path) -> None:
    result = tracker("--db", tmp_path / "no.db", "review", "accept", "e")
    assert (result.returncode, (tmp_path / "no.db").exists()) == (74, False)
    assert "there is no database yet" in result.stderr
