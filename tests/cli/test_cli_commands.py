"""The command line as a user meets it: its own process, its output and its exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from process import tracker

from tracker.cli.group import commands
from tracker.config import Config

DEAD = (
    "sources:\n  news:\n    - {id: dead, name: Dead, kind: feed, url: 'http://127.0.0.1:9/feed',"
    " tier: major, language: en}\n"
)


@pytest.fixture
def database(stocked: Config) -> Path:
    return stocked.settings.database


def test_help_lists_the_commands_with_examples() -> None:
    result = tracker("--help")
    assert result.returncode == 0
    assert "timeline" in result.stdout
    assert "Examples:" in result.stdout


def test_the_timeline_is_plain_text_when_piped(database: Path) -> None:
    result = tracker("--db", database, "timeline", "--actor", "OpenAI")
    assert result.returncode == 0
    assert "▼ access_restriction" in result.stdout
    assert "\x1b" not in result.stdout


def test_show_gives_quotes_and_links_for_a_short_id(database: Path) -> None:
    events = json.loads(tracker("--db", database, "timeline", "--json").stdout)
    result = tracker("--db", database, "show", events[0]["id"][:8])
    assert result.returncode == 0
    assert "OpenAI" in result.stdout
    assert "http://" in result.stdout
    shown = json.loads(tracker("--db", database, "show", "--json", events[0]["id"]).stdout)
    assert shown["reports"][0]["quote"].count("OpenAI")


def test_search_finds_articles_and_survives_odd_queries(database: Path) -> None:
    assert "OpenAI" in tracker("--db", database, "search", "OpenAI", "API").stdout
    for words in ("AND", "a*b (", "title:x"):
        result = tracker("--db", database, "search", "--", words)
        assert (result.returncode, result.stderr) == (0, ""), words
    for words in ('"', "-"):
        result = tracker("--db", database, "search", "--", words)
        assert (result.returncode, "name a word that is wanted" in result.stderr) == (2, True), words


def test_sources_show_their_health(database: Path, stocked: Config) -> None:
    rows = json.loads(tracker("--db", database, "sources", "--json").stdout)
    assert {row["id"] for row in rows} == {source.id for source in stocked.sources}
    assert stocked.sources[0].id in tracker("--db", database, "sources").stdout


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--db", "absent.db", "timeline"), 74, "absent.db: there is no database yet; run `tracker refresh` first"),
        (("--config", "absent.yaml", "refresh"), 78, "absent.yaml: no such file"),
        (("--db", "foreign.db", "timeline"), 74, "foreign.db: is no SQLite database, so it was left alone"),
        (("timeline", "--type", "nonsense"), 2, "'nonsense' is not one of"),
        (("nonsense",), 2, "No such command 'nonsense'"),
    ],
)
def test_an_error_is_one_message_and_a_code(words: tuple[str, ...], code: int, message: str, tmp_path: Path) -> None:
    (tmp_path / "foreign.db").write_text("no database", encoding="utf-8")
    result = tracker(*words, cwd=tmp_path)
    assert result.returncode == code, result.stderr
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_an_unknown_id_is_told(database: Path) -> None:
    result = tracker("--db", database, "show", "zzzz")
    assert result.returncode == 66
    assert "zzzz" in result.stderr


def test_a_bad_date_is_told(database: Path) -> None:
    result = tracker("--db", database, "timeline", "--since", "June")
    assert result.returncode == 65
    assert "June" in result.stderr


def test_a_wrong_config_gives_all_its_faults_at_once(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("sources:\n  news:\n    - {id: A B, kind: rss, url: ftp://x}\n", encoding="utf-8")
    result = tracker("--config", path, "sources", "check", "--config-only")
    assert result.returncode == 78
    for word in ("id", "kind", "url", "name"):
        assert f".{word}:" in result.stderr


def test_a_refresh_of_dead_sources_says_so_by_its_exit_code(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(DEAD, encoding="utf-8")
    result = tracker("--config", path, "refresh", "--json")
    assert result.returncode == 69, result.stderr
    report = json.loads(result.stdout)
    assert (report["sources_asked"], report["sources_failed"]) == (1, 1)
    assert report["faults"][0].startswith("dead: ")


def test_completion_knows_commands_and_options() -> None:
    assert "_TRACKER_COMPLETE" in tracker("completion", "bash").stdout


def test_the_demo_keeps_out_of_a_real_database(tmp_path: Path) -> None:
    config = tmp_path / "feeds.yaml"
    config.write_text(DEAD, encoding="utf-8")
    tracker("--config", config, "--db", tmp_path / "real.db", "refresh")
    result = tracker("--db", tmp_path / "real.db", "demo")
    assert result.returncode == 74
    assert "holds real sources (dead" in result.stderr


def test_a_quiet_refresh_still_tells_a_failure(tmp_path: Path) -> None:
    config = tmp_path / "feeds.yaml"
    config.write_text(DEAD, encoding="utf-8")
    result = tracker("--config", config, "refresh", "--quiet")
    assert (result.returncode, result.stdout) == (69, "")
    assert "! dead: " in result.stderr
    assert "nothing is new" not in result.stderr


def test_doctor_tells_of_a_database_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "t.db").touch()
    monkeypatch.setattr("os.access", lambda *_: False)  # as for another user; tests may be run by one who may all
    result = CliRunner().invoke(commands, ["--db", str(tmp_path / "t.db"), "doctor", "--json"], standalone_mode=False)
    assert "may not be read by user" in result.stdout
