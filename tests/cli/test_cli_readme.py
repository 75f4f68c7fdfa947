"""What the README tells people to type works."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from tracker.cli.group import commands
from tracker.config import Config

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"(?:^ {4,}.*\n|^\n)+", README, re.MULTILINE)
TYPED = sorted(set(re.findall(r"(?:^ +|&& \.venv/bin/)(tracker [a-z].*)$", README, re.MULTILINE)))


@pytest.mark.parametrize("line", TYPED)
def test_a_command_of_the_readme_is_understood(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("articles.jsonl", "gold.jsonl"):
        Path(name).touch()
    words = shlex.split(line.split(" > ", maxsplit=1)[0])[1:]
    command = commands.get_command(click.Context(commands), words[0])
    assert command is not None, line
    command.make_context(words[0], words[1:])  # a wrong option or choice raises


def test_the_readme_shows_the_commands_that_matter() -> None:
    assert {shlex.split(line)[1] for line in TYPED} >= {"timeline", "show", "search", "serve", "extract", "refresh"}


def test_the_python_of_the_readme_runs(stocked: Config, capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = [block for block in BLOCKS if "import tracker" in block]
    code = "\n".join(line.removeprefix("    ") for line in example.splitlines() if line.strip())
    code = code.replace("db/tracker.db", str(stocked.settings.database)).replace("export_control", "access_restriction")
    code = code.replace("2024-10", "2024-01")
    exec(compile(code, "README.md", "exec"), {})
    assert "OpenAI" in capsys.readouterr().out


def test_make_has_the_targets_of_the_readme() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^ {4}make (\w+)$", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
