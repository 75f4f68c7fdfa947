"""What is said of words that are wrong or wanting, and the words of help."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from tracker.cli import scheduling
from tracker.cli.group import commands
from tracker.config import Config
from tracker.errors import InputError
from tracker.query.counting import FIELDS

SAID = [
    (("timeline", "--type", "sanctions"), "'sanctions' is none; did you mean 'sanction'?"),
    (("timeline", "--status", "in-force"), "'in-force' is none; did you mean 'in_force'?"),
    (("counts", "--tier", "xyz"), "'xyz' is not one of 'official', 'major', 'specialist', 'social'."),
    (("search", "--", "-drones"), "name a word that is wanted; -word only leaves out what others find"),
    (("search", " "), "name a word that is wanted; -word only leaves out what others find"),
]


@pytest.mark.parametrize(("words", "said"), SAID)
def test_what_is_wrong_is_said_with_a_remedy(stocked: Config, words: tuple[str, ...], said: str) -> None:
    path: Path = stocked.settings.database
    result = CliRunner().invoke(commands, ["--db", str(path), *words])
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr


def test_help_lists_every_field_of_counts() -> None:
    told = CliRunner().invoke(commands, ["counts", "--help"], catch_exceptions=False).stdout
    listed = re.sub(r"\s+", " ", told).partition("FIELD is ")[2].partition(", or a period.")[0]
    assert re.split(r", | or ", listed) == list(FIELDS)


@pytest.mark.parametrize("command", ["timeline", "export", "brief", "search"])
def test_no_line_of_help_is_wider_than_the_terminal(command: str) -> None:
    told = CliRunner().invoke(commands, [command, "--help"], catch_exceptions=False).stdout
    assert [line for line in told.splitlines() if len(line) > 80] == []


def test_cron_is_asked_in_minutes() -> None:
    with pytest.raises(InputError, match="cron cannot say 'every 7 minutes'; take 1m, 5m"):
        scheduling.cron_fields(timedelta(minutes=7))
