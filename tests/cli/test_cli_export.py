"""`tracker export` and `tracker timeline --format`, on the newsroom's timeline."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from process import tracker

from tracker.cli.export import FORMATS
from tracker.cli.group import commands
from tracker.config import Config
from tracker.errors import InputError
from tracker.export import formats, manifest
from tracker.store.connection import SCHEMA_VERSION


@pytest.fixture(scope="module")
def database(stocked: Config) -> Path:
    return stocked.settings.database


@pytest.fixture(scope="module")
def exported(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of CSV with its manifest."""
    file = tmp_path_factory.mktemp("exported") / "all.csv"
    done = tracker("--db", database, "export", "csv", "-o", file)
    assert (done.returncode, done.stderr) == (0, "")
    return file


def here(*args: object) -> str:
    """What the command line prints, in this process: a new one costs a second."""
    done = CliRunner().invoke(commands, [str(arg) for arg in args], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_command_knows_every_format() -> None:
    assert set(FORMATS) == set(formats.FORMATS)


def test_a_file_has_a_manifest_that_agrees(exported: Path, database: Path) -> None:
    with exported.open(encoding="utf-8", newline="") as opened:
        head, *rows = csv.reader(opened, strict=True)
    told = json.loads(manifest.beside(exported).read_text(encoding="utf-8"))
    assert (told["rows"], [column["name"] for column in told["columns"]]) == (len(rows), head)
    assert (told["bytes"], told["format"], told["filters"], told["schema"]) == (
        exported.stat().st_size,
        "csv",
        {},
        SCHEMA_VERSION,
    )
    assert told["cursor"] > 0
    listed = json.loads(tracker("--db", database, "timeline", "-n", 1000, "--json").stdout)
    assert [row[0] for row in rows] == [event["id"] for event in listed]
    assert sorted(path.name for path in exported.parent.iterdir()) == ["all.csv", "all.csv.manifest.json"]
    checked = tracker("export", "--verify", exported)
    assert (checked.returncode, checked.stdout) == (0, f"{exported}: as it was written, {len(rows)} events\n")


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "the file is gone": (lambda file: file.unlink(), "cannot be read (No such file"),
    "the manifest is gone": (lambda file: manifest.beside(file).unlink(), "manifest cannot be read (No such file"),
    "cut short": (lambda file: os.truncate(file, 100), "is cut short: 100 of "),
    "altered": (lambda file: file.write_bytes(file.read_bytes().replace(b"2", b"3", 1)), "was altered"),
    "longer": (lambda file: file.write_bytes(file.read_bytes() + b"x"), "was altered"),
    "other rows": (lambda file: told(file, lambda one: one | {"rows": 3}), "rows and not 3 as its manifest says"),
    "no JSON": (lambda file: manifest.beside(file).write_bytes(b"\xff{"), "is no manifest: no JSON"),
    "nested JSON": (lambda file: manifest.beside(file).write_bytes(b"[" * 9_000), "is no manifest: no JSON"),
    "half a manifest": (lambda file: manifest.beside(file).write_text('{"rows": 3}'), "is no manifest: format, rows"),
    "no number": (lambda file: told(file, lambda one: one | {"rows": "3"}), "rows and bytes have to be numbers"),
}


def told(file: Path, change: Callable[[dict[str, object]], dict[str, object]]) -> None:
    beside = manifest.beside(file)
    beside.write_text(json.dumps(change(json.loads(beside.read_text(encoding="utf-8")))), encoding="utf-8")


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_told(exported: Path, tmp_path: Path, fault: str) -> None:
    file = tmp_path / "all.csv"
    file.write_bytes(exported.read_bytes())
    manifest.beside(file).write_bytes(manifest.beside(exported).read_bytes())
    change, words = FAULTS[fault]
    change(file)
    with pytest.raises(InputError) as caught:
        manifest.verify(file)
    assert words in str(caught.value)
    assert str(file) in str(caught.value)


def test_a_fault_has_an_exit_code(tmp_path: Path) -> None:
    done = tracker("export", "--verify", tmp_path / "none.csv")
    assert (done.returncode, done.stdout) == (65, "")
    assert done.stderr.startswith(f"tracker: {tmp_path / 'none.csv.manifest.json'}: the manifest cannot be read")


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "csv"])
def test_every_format_is_written_and_verified(database: Path, tmp_path: Path, form: str) -> None:
    one, other = (tmp_path / f"{name}.{form}" for name in ("one", "other"))
    for file in (one, other):
        here("--db", database, "export", form, "--type", "access_restriction", "-o", file)
    assert (manifest.verify(one) > 0) is (form != "ics")  # no report of the newsroom tells when one takes effect
    assert one.read_bytes() == other.read_bytes()


def test_reports_go_with_objects_only(database: Path) -> None:
    done = tracker("--db", database, "export", "jsonl", "--reports", "-n", 2)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == 2
    assert all(one["reports"][0]["quote"] for one in found)
    refused = tracker("--db", database, "export", "csv", "--reports")
    assert (refused.returncode, refused.stdout) == (65, "")
    assert "csv has no place for reports; use jsonl, json" in refused.stderr


def test_a_failed_export_leaves_what_was_there(database: Path, tmp_path: Path) -> None:
    file = tmp_path / "kept.csv"
    file.write_text("kept", encoding="utf-8")
    done = tracker("--db", database, "export", "csv", "--type", "tariff", "--since", "never", "-o", file)
    assert done.returncode != 0
    assert [path.name for path in tmp_path.iterdir()] == ["kept.csv"]
    assert file.read_text(encoding="utf-8") == "kept"
    nowhere = tracker("--db", database, "export", "csv", "-o", tmp_path / "absent" / "a.csv")
    assert (nowhere.returncode, "cannot be written (No such file" in nowhere.stderr) == (65, True)


def test_a_saved_query_names_the_feed(database: Path, tmp_path: Path) -> None:
    (tmp_path / "queries.yaml").write_text(
        "blocks:\n  title: Blocks of access\n  filters: {type: access_restriction}\n", encoding="utf-8"
    )
    where = ("--config", tmp_path / "feeds.yaml", "--db", database)
    feed = json.loads(tracker(*where, "export", "jsonfeed", "--query", "blocks").stdout)
    assert feed["title"] == "Blocks of access"
    assert {item["tags"][0] for item in feed["items"]} == {"access_restriction"}


def test_the_timeline_has_the_same_forms(database: Path) -> None:
    asked = ("--db", database, "timeline", "-n", 3, "--format")
    rows = list(csv.reader(io.StringIO(here(*asked, "csv"), newline=""), strict=True))
    lines = [json.loads(line) for line in here(*asked, "jsonl").splitlines()]
    whole = json.loads(here(*asked, "json"))
    assert lines == whole
    assert [row[0] for row in rows] == ["id", *(one["id"] for one in whole)]
    assert here(*asked, "tsv").count("\n") == len(rows)
    assert here(*asked, "markdown").startswith("| date | type |")
