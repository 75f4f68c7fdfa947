"""Saved queries: what a file may say, what is told of one that is wrong, and edits that keep all else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker.config import queries
from tracker.errors import ConfigError, NotFoundError
from tracker.model import SavedQuery
from tracker.query import given

FILE = """\
# Ours
chips:  # the daily list
  title: Chip controls on China
  filters: {type: [export_control, licence_decision], target: CN, since: 2024-10}
  order: oldest
sure:
  filters: {min_confidence: 0.8, reviewed: true}
"""
CHIPS = SavedQuery(
    name="chips",
    title="Chip controls on China",
    filters={"type": ("export_control", "licence_decision"), "target": "CN", "since": "2024-10"},
    oldest=True,
)
SURE = SavedQuery(name="sure", title="sure", filters={"min_confidence": "0.8", "reviewed": "true"})
NEW = SavedQuery(name="eased", title="What: was eased", filters={"direction": "ease", "actor": ("US", "no")})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "queries.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_queries_are_read_in_their_order(path: Path) -> None:
    assert list(queries.load(path, given).items()) == [("chips", CHIPS), ("sure", SURE)]
    assert given(SURE.filters) == {"min_confidence": 0.8, "reviewed": True}


def test_no_file_holds_no_queries(tmp_path: Path) -> None:
    assert queries.load(tmp_path / "queries.yaml", given) == {}


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_file_holds_no_queries(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    assert queries.load(path, given) == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("Chips!:\n  filters: {type: tariff}\n", "1: Chips!: no name for a query", id="name"),
        pytest.param(
            "a:\n  filters:\n    typ: tariff\n", "a.filters.typ: 'typ' is no filter; did you mean", id="filter"
        ),
        pytest.param("a:\n  filters: {min_confidence: high}\n", "takes a number, not 'high'", id="number"),
        pytest.param("a:\n  filters: {reviewed: maybe}\n", "reviewed takes true or false, not 'maybe'", id="truth"),
        pytest.param("a:\n  filters: {since: [2024, 2025]}\n", "since takes one value, not a list", id="list"),
        pytest.param("a:\n  filters: {type: {b: c}}\n", "neither a text nor a list of texts", id="mapping"),
        pytest.param("a:\n  title: b\n", "a.filters: no filters", id="none"),
        pytest.param("a:\n  filter: {type: tariff}\n", "did you mean 'filters'?", id="key"),
        pytest.param("a:\n  filters: {type: tariff}\n  order: best\n", "write newest or oldest", id="order"),
        pytest.param("a:\n  filters: {type: tariff}\n  title: [b]\n", "3: a.title: not a text", id="title"),
        pytest.param("- a\n", "no queries by name", id="list of queries"),
        pytest.param("a: tariff\n", "1: a: no mapping", id="text"),
        pytest.param("a: {filters: [\n", "not YAML", id="broken"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(path: Path, text: str, told: str) -> None:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        queries.load(path, given)
    assert told in str(caught.value)
    assert "queries.yaml:" in str(caught.value)


def test_an_edit_keeps_comments_and_order(path: Path) -> None:
    queries.add(path, NEW, given)
    assert path.read_text(encoding="utf-8").startswith(FILE)
    assert list(queries.load(path, given).values()) == [CHIPS, SURE, NEW]
    assert queries.remove(path, "sure", given) == SURE
    assert "# the daily list" in path.read_text(encoding="utf-8")
    assert list(queries.load(path, given)) == ["chips", "eased"]


def test_a_query_is_replaced_only_when_asked(path: Path) -> None:
    other = SavedQuery(name="chips", title="Other", filters={"type": "tariff"})
    with pytest.raises(ConfigError, match="there is a query 'chips' already; --replace"):
        queries.add(path, other, given)
    queries.add(path, other, given, replace=True)
    assert queries.find(path, "chips", given) == other


def test_what_cannot_be_kept_leaves_the_file_as_it_was(path: Path) -> None:
    with pytest.raises(ConfigError, match="no name for a query"):
        queries.add(path, SavedQuery(name="No!", title="", filters={"type": "tariff"}), given)
    assert path.read_text(encoding="utf-8") == FILE


def test_the_last_query_may_go_and_another_come(tmp_path: Path) -> None:
    path = tmp_path / "queries.yaml"
    queries.add(path, NEW, given)
    queries.remove(path, NEW.name, given)
    assert queries.load(path, given) == {}
    queries.add(path, NEW, given)
    assert list(queries.load(path, given).values()) == [NEW]


def test_an_unknown_name_is_told_with_the_nearest(path: Path) -> None:
    with pytest.raises(NotFoundError, match="no query 'chip'; did you mean 'chips'"):
        queries.find(path, "chip", given)
