"""Names that the database has never heard of are told, so that a slip of the pen is not taken for "there are none"."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tracker.cli.group import commands
from tracker.query import Timeline

TOLD: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({}, ()),
    ({"actor": "OpenAI", "target": ["CN", "co:alibaba"], "party": "comm"}, ()),
    ({"country": ["China", "us"], "source": "herald", "language": "EN", "measure": "m-api"}, ()),
    ({"actor": "Opnai"}, ("no party is called 'Opnai'; did you mean OpenAI?",)),
    ({"party": ["OpenAI", "qqqqqqqq"]}, ("no party is called 'qqqqqqqq'",)),
    ({"country": "Atlantis"}, ("no party that is known has its seat in 'Atlantis'",)),
    ({"source": "heralt"}, ("no source has the id 'heralt'; did you mean herald?",)),
    ({"subtype": "visa_bans"}, ("no event has the subtype 'visa_bans'; did you mean visa_ban?",)),
    ({"language": "klingon"}, ("no event has the language 'klingon'",)),
    (
        {"tag": "zzz", "measure": "m-none"},
        ("no event has the tag 'zzz'", "no measure has the id 'm-none'"),
    ),
]


@pytest.mark.parametrize(("filters", "told"), TOLD)
def test_names_that_are_unknown(timeline: Timeline, filters: dict[str, Any], told: tuple[str, ...]) -> None:
    assert timeline.unheard(**filters) == told


@pytest.mark.parametrize(
    "words",
    [
        ["timeline"],
        ["upcoming"],
        ["search", "chips"],
        ["counts"],
        ["trend"],
        ["matrix"],
        ["lag"],
        ["timeline", "--json"],
    ],
)
def test_commands_tell_them_beside_the_answer(timeline: Timeline, words: list[str]) -> None:
    path: Path = timeline.path
    found = CliRunner().invoke(commands, ["--db", str(path), *words, "--source", "heralt"], catch_exceptions=False)
    assert (found.exit_code, found.stderr) == (0, "note: no source has the id 'heralt'; did you mean herald?\n")
    assert "heralt" not in found.stdout
