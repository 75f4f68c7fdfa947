"""The documentation of the commands: nothing missing, nothing that is not there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import get_type_hints

import click
import pytest

from tracker.cli import exits
from tracker.cli.group import COMMANDS, commands
from tracker.query import Filters

PAGE = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")


FILTERS = {f"--{name.replace('_', '-')}" for name in get_type_hints(Filters)} | {"--query", "--lake"}


def section(name: str) -> str:
    """The part of the page about one command."""
    return titled(f"tracker {name}")


def titled(title: str) -> str:
    match = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    assert match, f"docs/commands.md has no section '## {title}'"
    return match.group(1)


def of_its_own(params: Sequence[click.Parameter], text: str) -> set[str]:
    """The options of a command, without the filters where its documentation leads to them."""
    options = {opt for p in params if isinstance(p, click.Option) for opt in p.opts}
    if options >= FILTERS:
        assert "[filters](#filters)" in text
        return options - FILTERS
    return options


def test_the_filters_are_documented_and_no_others() -> None:
    timeline = commands.get_command(click.Context(commands), "timeline")
    assert timeline is not None
    assert {opt for p in timeline.params for opt in p.opts} >= FILTERS
    assert (
        set(re.findall(r"`(--[a-z-]+)`", re.sub(r"\|[^|]*\|$", "", titled("Filters"), flags=re.MULTILINE))) == FILTERS
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_documented(name: str) -> None:
    command = commands.get_command(click.Context(commands), name)
    assert command is not None
    options = of_its_own(command.params, section(name))
    assert {opt for opt in options if f"`{opt}" not in section(name)} == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_no_option_is_documented_that_does_not_exist(name: str) -> None:
    command = commands.get_command(click.Context(commands), name)
    assert command is not None
    real = {opt for p in (*command.params, *commands.params) for opt in p.opts} | {"--help", "-h"}
    assert set(re.findall(r"`(--[a-z-]+)", section(name))) <= real


SUBCOMMANDS = {
    (name, inner): command
    for name in COMMANDS
    if isinstance(group := commands.get_command(click.Context(commands), name), click.Group)
    for inner, command in group.commands.items()
}


@pytest.mark.parametrize(("name", "inner"), SUBCOMMANDS)
def test_the_options_of_a_subcommand_are_documented_and_no_others(name: str, inner: str) -> None:
    params = SUBCOMMANDS[name, inner].params
    options = {opt for opt in of_its_own(params, section(name)) if opt.startswith("--")}
    assert set(re.findall(rf"`{inner} (--[a-z-]+)", section(name))) == options
    assert f"{name} {inner}" in section(name) or f"`{inner} " in section(name)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_examples_in_its_help(name: str) -> None:
    command = commands.get_command(click.Context(commands), name)
    assert command is not None
    assert command.help is not None
    assert f"  tracker" in command.help  # noqa: F541
    assert COMMANDS[name][1]


def test_every_exit_code_is_documented() -> None:
    codes = {exits.OK, exits.FAILED, exits.USAGE, exits.NOTHING_ANSWERED, exits.INTERRUPTED, *exits.CODES.values()}
    table = PAGE[PAGE.index("## Exit codes") : PAGE.index("## tracker refresh")]
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)} == codes
