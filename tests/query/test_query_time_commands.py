"""Time on the command line: what is ahead, what holds, what changed, what was known then, and dates that are none."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import life_samples
import past_samples
import pytest
from click.testing import CliRunner
from past_samples import REPORTS, Move, Said
from process import tracker

from tracker.cli import clock
from tracker.cli.group import commands
from tracker.model import EventType, Status

SAID = Said(EventType.TARIFF, Status.ANNOUNCED, "2024", "2024-07-09", ("us",), None, 0)
LIVES = {
    "plan": "a announced 2024-06-25 2024-07-09",
    "put-off": "a announced 2024-01-10 2024-07-01; b delayed 2024-06-20 2024-09-01",
    "law": "a in_force 2023-05-02; b suspended 2024-02-01; c in_force 2024-06-25",
}


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return life_samples.build(tmp_path_factory.mktemp("lives") / "t.db", LIVES)


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """At 01:00 one event, at 02:00 merged into another."""
    path = tmp_path_factory.mktemp("moved") / "t.db"
    store, reports = past_samples.opened(path)
    with store:
        past_samples.write(store, reports, Move((0,) * REPORTS, (SAID,) * 2, merges=False), 1)
        past_samples.write(store, reports, Move((1,) * REPORTS, (SAID,) * 2, merges=True), 2)
    return path


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2024, 7, 1, 12, tzinfo=UTC))


def asked(database: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(commands, ["--db", str(database), *words])
    return done.exit_code, done.output


def found(database: Path, *words: str) -> Any:
    code, output = asked(database, *words, "--json")
    assert code == 0, output
    return json.loads(output)


def ids(database: Path, *words: str) -> list[str]:
    return [event["id"].removeprefix("e-") for event in found(database, *words)]


LISTED = [
    ("upcoming", "plan.a put-off.b"),
    ("upcoming --within 30d", "plan.a"),
    ("upcoming --within 2024-09", "plan.a put-off.b"),
    ("upcoming --status delayed", "put-off.b"),
    ("upcoming -n 1", "plan.a"),
    ("timeline --upcoming --oldest", "put-off.b plan.a"),
    ("timeline --in-force-on today --oldest", "law.a law.c"),
    ("timeline --in-force-on 2024-03", ""),
    ("timeline --in-force-on 2024-09-01", "plan.a law.c put-off.b law.a"),
    ("timeline --last 11d", "plan.a law.c put-off.b"),
    ("timeline --last 6d", "plan.a law.c"),
    ("timeline --between 2024-01..2024-02 --oldest", "put-off.a law.b"),
    ("timeline --since 2024-Q2 --until yesterday --on effective", ""),
    ("timeline --on effective --between today..+10days", "plan.a put-off.a"),
]


@pytest.mark.parametrize(("line", "expected"), LISTED, ids=[line for line, _ in LISTED])
def test_what_is_listed(lives: Path, line: str, expected: str) -> None:
    assert sorted(ids(lives, *line.split())) == sorted(expected.split())


REFUSED = [
    (["timeline", "--since", "last month"], "not a date: 'last month'; write 2024,"),
    (["timeline", "--since", "2024-02-30"], "not a date: '2024-02-30'"),
    (["timeline", "--between", "2024-06.."], "not a period: '2024-06..'"),
    (["timeline", "--between", "2024-09..2024-06"], "ends before it begins: '2024-09..2024-06'"),
    (["timeline", "--since", "2024-09", "--until", "2024-06"], "ends before it begins: from 2024-09-01 to 2024-06-30"),
    (["timeline", "--last", "month"], "not a length of time: 'month'"),
    (["timeline", "--as-of", "now"], "not a date: 'now'"),
    (["timeline", "--within", "30d"], "`within` goes with `upcoming`"),
    (["timeline", "--changed-since", "99999"], "no cursor of this database: 99999"),
    (["changes", "--since", "99999"], "no cursor of this database: 99999"),
    (["upcoming", "--as-of", "2024"], "`as_of` goes with the timeline"),
    (["show", "e-plan.a", "--as-of", "2024-13"], "not a date: '2024-13'"),
]


@pytest.mark.parametrize(("words", "message"), REFUSED, ids=[" ".join(words) for words, _ in REFUSED])
def test_what_is_refused_and_why(lives: Path, words: list[str], message: str) -> None:
    done = CliRunner().invoke(commands, ["--db", str(lives), *words])
    assert done.exit_code != 0
    assert message in f"{done.output}{done.exception}"


def test_what_was_known_then(moved: Path) -> None:
    assert ids(moved, "timeline") == ["e1"]
    assert ids(moved, "timeline", "--as-of", "2024-12-01T01:30") == ["e0"]
    assert ids(moved, "timeline", "--as-of", "2024-11-30") == []
    assert ids(moved, "timeline", "--as-of", "2024-12-01T01:30", "--type", "sanction") == []
    assert ids(moved, "timeline", "--as-of", "2024-12-01T01:30", "--upcoming") == ["e0"]
    then = found(moved, "show", "e0", "--as-of", "2024-12-01T01:30")
    assert (then["id"], len(then["reports"])) == ("e0", REPORTS)
    assert found(moved, "show", "e0")["id"] == "e1"
    code, output = asked(moved, "show", "e0", "--as-of", "2024-12-01T01:30")
    assert code == 0
    assert "OpenAI acted on chips" in output


def test_what_changed_from_cursor_to_cursor(moved: Path) -> None:
    heard: list[tuple[str, str]] = []
    cursor, more = 0, True
    while more:
        told = found(moved, "changes", "--since", str(cursor), "--what", "event", "-n", "2")
        heard += [(one["id"], one["kind"]) for one in told["changes"]]
        cursor, more = told["cursor"], told["more"]
    assert sorted(heard) == [("e0", "merged"), ("e0", "new"), ("e1", "new")]
    assert found(moved, "changes", "--since", str(cursor))["changes"] == []
    assert ids(moved, "timeline", "--changed-since", "0") == ["e1"]
    assert ids(moved, "timeline", "--changed-since", str(cursor)) == []


def test_as_a_user_meets_them(moved: Path) -> None:
    done = tracker("--db", moved, "changes", "--since", 0, "--what", "event")
    assert (done.returncode, done.stderr) == (0, "")
    assert "merged" in done.stdout
    done = tracker("--db", moved, "upcoming", "--since", "2024-02-30")
    assert (done.returncode != 0, done.stdout) == (True, "")
    assert done.stderr.startswith("tracker: not a date: '2024-02-30'; write 2024")
