"""What `tracker schedule` prints, read as cron, systemd and a container engine read it."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tracker.cli import scheduling
from tracker.cli.group import commands
from tracker.cli.scheduling import Installation
from tracker.errors import InputError

FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
ODD = "a b%c$d'e\"f\\g;h"  # what one of the readers takes for its own
NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=12).filter(
    lambda name: name.isprintable() and "/" not in name and name.strip() == name and name not in {".", ".."}
)


def installed(folder: Path, **changes: Any) -> Installation:
    values: dict[str, Any] = {
        "python": Path(sys.executable), "config": folder / "feeds.yaml", "database": folder / "db" / "tracker.db",
        "user": "desk", "ids": (1000, 1000), "version": "1.2",
    }  # fmt: skip
    return Installation(**(values | changes))


def cron(line: str) -> tuple[list[str], str]:
    """The fields of a line of crontab and the command that the shell gets: the first bare % ends it."""
    *fields, command = line.split(" ", 5)
    given_to_shell = re.split(r"(?<!\\)%", command)[0].replace(r"\%", "%")
    return fields, given_to_shell


def field_values(text: str, low: int, high: int) -> set[int]:
    """The values of one field: *, a number, and steps."""
    base, _, step = text.partition("/")
    assert base == "*" or (base.isdigit() and low <= int(base) <= high), text
    assert not step or (base == "*" and 0 < int(step) <= high), text
    return set(range(low, high + 1, int(step or 1))) if base == "*" else {int(base)}


@pytest.mark.parametrize(
    ("every", "times"),
    [("1m", 1440), ("5m", 288), ("30m", 48), ("1h", 24), ("6h", 4), ("1d", 1)],
)
def test_cron_starts_it_so_often(tmp_path: Path, every: str, times: int) -> None:
    span = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}[every[-1]] * int(every[:-1])
    line = scheduling.crontab(installed(tmp_path), span).splitlines()[1]
    minutes, hours, *rest = [field_values(text, *span_) for text, span_ in zip(cron(line)[0], FIELDS, strict=True)]
    assert len(minutes) * len(hours) == times
    assert [len(found) for found in rest] == [31, 12, 8]


@pytest.mark.parametrize("minutes", [7, 45, 90, 3000])
def test_what_cron_cannot_say_is_told(tmp_path: Path, minutes: int) -> None:
    with pytest.raises(InputError, match="cron cannot say"):
        scheduling.crontab(installed(tmp_path), timedelta(minutes=minutes))


@given(NAMES)
def test_the_shell_of_cron_gets_the_words_as_they_are(name: str) -> None:
    of = installed(Path("/srv") / name)
    for line in scheduling.crontab(of, timedelta(minutes=5)).splitlines()[1::2]:
        command = cron(line)[1] if not line.startswith("#") else cron("* * * * * " + line.split(" ", 1)[1])[1]
        words = shlex.split(command.partition("; exec ")[2])
        assert words[: len(of.command())] == of.command()


def test_cron_runs_the_line_with_the_variables_of_its_file(tmp_path: Path) -> None:
    folder = tmp_path / ODD
    folder.mkdir()
    (folder / "tracker.env").write_text("DESK_TOKEN='of the desk'\n")
    python = folder / "python"
    python.write_text('#!/bin/sh\nprintf "%s\\n" "$DESK_TOKEN" "$@"\n')
    python.chmod(0o755)
    of = installed(folder, python=python)
    command = cron(scheduling.crontab(of, timedelta(minutes=5)).splitlines()[1])[1]
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True, timeout=20)
    assert done.stdout.splitlines()[: len(of.command())] == ["of the desk", *of.command()[1:]]


def unit(text: str) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False, comment_prefixes=("#",), delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(text)
    return parser


@given(NAMES)
def test_systemd_gets_the_words_as_they_are(name: str) -> None:
    """By the rules of systemd.service(5): words in double quotes with C escapes, %% and $$ for % and $."""
    of = installed(Path("/srv") / name)
    line = unit(scheduling.units(of, timedelta(minutes=5))["tracker.service"])["Service"]["ExecStart"]
    found = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', line)
    words = [re.sub(r"\\(.)", r"\1", quoted) if quoted else bare for quoted, bare in found]
    assert all(re.fullmatch(r"(?:[^%$]|%%|\$\$)*", word) for word in words)
    assert [word.replace("%%", "%").replace("$$", "$") for word in words] == of.command("run", "--once")


def test_the_units_are_confined_and_may_write_where_they_must(tmp_path: Path) -> None:
    of = installed(tmp_path, metrics=tmp_path / "node exporter" / "t.prom", backups=tmp_path / "kept")
    for text in (
        scheduling.units(of, timedelta(minutes=5))["tracker.service"],
        scheduling.service(of)["tracker.service"],
    ):
        found = re.findall(r"^ReadWritePaths=(.*)$", text, re.MULTILINE)
        assert found == [str(tmp_path / "db"), f'"{tmp_path}/node exporter"', str(tmp_path / "kept")]
        section = unit(text)["Service"]
        assert (section["ProtectSystem"], section["NoNewPrivileges"], section["User"]) == ("strict", "yes", "desk")
        assert int(section["TimeoutStopSec"]) > 5


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
@pytest.mark.parametrize("form", ["systemd", "service"])
def test_systemd_finds_no_fault(tmp_path: Path, form: str) -> None:
    folder = tmp_path / ODD
    folder.mkdir()
    of = installed(folder, user="root")
    files = scheduling.units(of, timedelta(minutes=5)) if form == "systemd" else scheduling.service(of)
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    words = ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name in files)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    ours = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "tracker." in line]
    assert (done.returncode, ours) == (0, [])


def test_a_container_sees_the_settings_and_may_write_the_database(tmp_path: Path) -> None:
    folder = tmp_path / ODD
    files = scheduling.container(installed(folder), timedelta(minutes=5))
    image = dict(line.split(" ", 1) for line in files["Dockerfile"].splitlines() if line and line[0] != "#")
    assert json.loads(image["ENTRYPOINT"])[3:] == [
        "--config", "/etc/tracker/feeds.yaml", "--db", "/var/lib/tracker/tracker.db",
    ]  # fmt: skip
    assert json.loads(image["CMD"]) == ["run", "--every", "300s", "--log", "json"]
    run = yaml.safe_load(files["compose.yaml"])["services"]["tracker"]
    mounts = {one["target"]: (one["source"].replace("$$", "$"), one.get("read_only", False)) for one in run["volumes"]}
    assert mounts == {"/etc/tracker": (str(folder), True), "/var/lib/tracker": (str(folder / "db"), False)}
    assert (run["user"], run["read_only"], run["cap_drop"]) == ("1000:1000", True, ["ALL"])


@pytest.mark.parametrize(
    ("named", "mounted"), [("/mnt/kept", ["/mnt/kept", "/mnt/kept"]), ("kept", ["kept", "/etc/tracker/kept"])]
)
def test_a_container_may_write_a_folder_of_backups_apart(tmp_path: Path, named: str, mounted: list[str]) -> None:
    compose = scheduling.container(installed(tmp_path, backups=tmp_path / named), timedelta(minutes=5))["compose.yaml"]
    last = yaml.safe_load(compose)["services"]["tracker"]["volumes"][-1]
    assert [last["source"], last["target"]] == [str(tmp_path / mounted[0]), mounted[1]]


@pytest.mark.parametrize(("named", "folders"), [("/mnt/kept", ["db", "/mnt/kept"]), ("db/kept", ["db"])])
def test_a_folder_of_backups_apart_may_be_written(tmp_path: Path, named: str, folders: list[str]) -> None:
    (tmp_path / "feeds.yaml").write_text(
        f"settings: {{backup: {{folder: {named}}}}}\n"
        "sources:\n  a:\n    - {id: x, name: X, kind: feed, url: 'https://x.example/f', tier: major, language: en}\n"
    )
    words = ["--config", str(tmp_path / "feeds.yaml"), "schedule", "--as", "service"]
    printed = CliRunner().invoke(commands, words, catch_exceptions=False, standalone_mode=False).output
    found = re.findall(r"^ReadWritePaths=(.*)$", printed, re.MULTILINE)
    assert found == [str(tmp_path / folder) for folder in folders]


def test_a_name_that_no_line_can_hold_is_refused() -> None:
    with pytest.raises(InputError, match="line break"):
        installed(Path("/srv/a\n* * * * * root rm"))


def test_it_prints_and_writes_this_installation(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_text(
        "sources:\n  a:\n    - {id: x, name: X, kind: feed, url: 'https://x.example/f', tier: major, language: en}\n"
    )
    words = ["--config", str(tmp_path / "feeds.yaml"), "schedule"]
    printed = CliRunner().invoke(commands, words, catch_exceptions=False, standalone_mode=False)
    assert (
        f"{sys.executable} -m tracker --config {tmp_path}/feeds.yaml --db {tmp_path}/db/tracker.db run"
        in printed.output
    )
    out = tmp_path / "units"
    words += ["--as", "systemd", "--write", str(out)]
    CliRunner().invoke(commands, words, catch_exceptions=False, standalone_mode=False)
    assert sorted(path.name for path in out.iterdir()) == ["tracker.service", "tracker.timer"]
    (tmp_path / "file").touch()
    refused = CliRunner().invoke(commands, [*words[:-1], str(tmp_path / "file" / "units")], standalone_mode=False)
    assert isinstance(refused.exception, InputError)
