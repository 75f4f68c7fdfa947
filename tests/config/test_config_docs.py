"""The documents tell every key, default and variable of the config, and every dependency and decision."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from tracker import config
from tracker.config import schema
from tracker.model import FetchSettings, Selectors, Source, SourceKind, Tier
from tracker.model.assertions import USUAL
from tracker.model.backups import BackupSettings, Keep

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs/config.md").read_text(encoding="utf-8")
INDEX = (ROOT / "docs/index.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)

# Heading of docs/config.md: the model whose keys it tells.
SECTIONS = {
    "Top level": schema.File,
    "A source": schema.SourceEntry,
    "Selectors of an index page": schema.SelectorsEntry,
    "Records of a list": schema.RecordsEntry,
    "Wanted": schema.WantedEntry,
    "Settings": schema.SettingsEntry,
    "Fetch": schema.FetchEntry,
    "Backup": schema.BackupEntry,
    "Assertions": schema.AssertionsEntry,
}


def rows(heading: str) -> dict[str, tuple[str, ...]]:
    """The table under a heading: key -> its other cells."""
    section = re.split(r"^#+ ", PAGE.split(f"# {heading}\n", maxsplit=1)[1], flags=re.MULTILINE)[0]
    lines = re.findall(r"^\| `(\w+)` \|(.*)\|$", section, flags=re.MULTILINE)
    return {key: tuple(cell.strip() for cell in cells.split(" | ")) for key, cells in lines}


@pytest.mark.parametrize(("heading", "model"), SECTIONS.items())
def test_every_key_is_told_and_no_other(heading: str, model: type[BaseModel]) -> None:
    assert set(rows(heading)) == set(model.model_fields)


@pytest.mark.parametrize(("heading", "model"), SECTIONS.items())
def test_what_is_required_is_told_so(heading: str, model: type[BaseModel]) -> None:
    required = {key for key, field in model.model_fields.items() if field.is_required()}
    assert {key for key, cells in rows(heading).items() if cells[1] == "required"} == required


def test_defaults_are_those_of_the_model() -> None:
    told = {key: cells[1].strip("`") for key, cells in rows("Fetch").items()}
    defaults = FetchSettings(user_agent="x")
    assert told.pop("respect_robots") == str(defaults.respect_robots).lower()
    assert (told.pop("throttling"), told.pop("proxy")) == ("[]", "null")
    assert {key: float(value) for key, value in told.items()} == {key: float(getattr(defaults, key)) for key in told}
    kept = {key: yaml.safe_load(cells[1].strip("`")) for key, cells in rows("Backup").items()}
    assert BackupSettings(keep=Keep(**{key: kept.pop(key) for key in ("daily", "weekly", "monthly")}), **kept) == (
        BackupSettings()
    )
    asserted = {key: cells[1].strip("`") for key, cells in rows("Assertions").items()}
    usual = {one.value: limit for one, limit in USUAL.of}
    usual |= {"enabled": USUAL.enabled, "together": USUAL.together, "history": USUAL.history}
    assert {key: yaml.safe_load(value) for key, value in asserted.items()} == usual
    settings = rows("Settings")
    assert settings["database"][1] == f"`{config.DATABASE}`"
    assert settings["reader_model"][1] == f"`{config.READER_MODEL}`"
    assert rows("Selectors of an index page")["link"][1] == f"`{Selectors(item='x').link}`"
    least = config.load(ROOT / "feeds.yaml", environ={}).sources[0]
    assert rows("A source")["interval"][1] == "`1h`"
    assert replace(least, interval=timedelta(hours=1)) == Source(
        **{field.name: getattr(least, field.name) for field in fields(least) if field.name != "interval"}
    )


def test_every_kind_and_tier_is_told() -> None:
    source = rows("A source")
    assert re.findall(r"`(\w+)`", source["kind"][0]) == [kind.value for kind in SourceKind]
    assert re.findall(r"`(\w+)`", source["tier"][0]) == [tier.value for tier in Tier]


def test_every_variable_is_told_and_no_other() -> None:
    assert set(rows("Environment")) == set(config.ENVIRONMENT)


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_are_good_configs(example: str, tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(example, encoding="utf-8")
    assert config.load(path, environ={}).sources


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 3


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    further = [line for line in (*extras["lake"], *extras["dask"]) if line not in extras["exports"]]
    lists = (project["dependencies"], extras["exports"], further)
    names = [sorted({re.split(r"[<>=!~ \[;]", line, maxsplit=1)[0] for line in lines}) for lines in lists]
    page = (ROOT / "docs/decisions/0002-dependencies.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([\w.-]+)` \| (\S.*) \| (\S.*) \|$", page, flags=re.MULTILINE)
    assert [name for name, _, _ in told] == [name for group in names for name in group]


def test_the_layers_are_told_as_they_are_checked() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    layers = next(one["layers"] for one in tools["importlinter"]["contracts"] if one["type"] == "layers")
    page = (ROOT / "docs/decisions/0001-rooms.md").read_text(encoding="utf-8")
    told = re.findall(r"^    (\w[\w |]*)$", page, flags=re.MULTILINE)
    assert [[part.strip() for part in line.split("|")] for line in told] == [
        [part.strip("() ") for part in layer.split("|")] for layer in layers
    ]


def test_the_index_lists_every_document() -> None:
    documents = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")} - {"index.md"}
    linked = set(re.findall(r"\]\(([^)]+)\)", INDEX))
    assert documents - linked == set()


def test_links_between_documents_lead_somewhere() -> None:
    for path in [*(ROOT / "docs").rglob("*.md"), ROOT / "db/README.md"]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"
