"""The house rules that a machine can check, over the code of `tracker`. The direction of imports is import-linter's."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from trees import ROOT, trees

FILES = sorted((ROOT / "tracker").rglob("*.py"))
TEST_FILES = sorted(path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__))

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
MAX_MEDIAN = 10
MAX_P90 = 30
NAMES_THAT_SAY_NOTHING = {"utils", "util", "common", "base", "helpers", "helper", "misc"}
SLOW_OR_OUTWARD = ("spacy", "datasette", "trafilatura", "httpx", "feedparser", "sqlite_utils", "pydantic", "bs4")
ROOT_NAMES = {"BaseException", "Exception"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions() -> Iterator[tuple[str, Function]]:
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                yield f"{path}:{node.lineno} {node.name}", node


def length(node: Function) -> int:
    """Lines from `def` to the end, docstring and all."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_there_is_code_to_check() -> None:
    assert len(FILES) > 20
    assert sum(1 for _ in functions()) > 100


def test_no_file_is_longer_than_400_lines() -> None:
    long = {
        name(path): lines for path in FILES if (lines := path.read_text(encoding="utf-8").count("\n")) > MAX_FILE_LINES
    }
    assert long == {}


def test_no_function_is_longer_than_60_lines() -> None:
    assert {where: length(node) for where, node in functions() if length(node) > MAX_FUNCTION_LINES} == {}


def test_most_functions_are_short() -> None:
    lengths = [length(node) for _, node in functions()]
    assert statistics.median(lengths) <= MAX_MEDIAN
    assert statistics.quantiles(lengths, n=10)[-1] <= MAX_P90


def test_every_module_says_what_it_does() -> None:
    assert [path for path, tree in trees().items() if not ast.get_docstring(tree)] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    parts = {name(path): {path.stem.lstrip("_"), *path.relative_to(ROOT).parts[:-1]} for path in FILES}
    assert [where for where, words in parts.items() if words & NAMES_THAT_SAY_NOTHING] == []


def test_nothing_is_mocked() -> None:
    pattern = re.compile(r"unittest(\.| import )mock|\bMagicMock\b|\bmocker\b|import mock\b")
    assert [name(path) for path in [*FILES, *TEST_FILES] if pattern.search(path.read_text(encoding="utf-8"))] == []


def test_no_test_reaches_outside_the_repository() -> None:
    pattern = re.compile(r"\.\./shared|/shared/|[\"']shared[\"']")
    evals = sorted((ROOT / "evals").rglob("*.py")) + sorted((ROOT / "benchmarks").rglob("*.py"))
    assert [name(path) for path in [*TEST_FILES, *evals] if pattern.search(path.read_text(encoding="utf-8"))] == []


def test_our_classes_inherit_from_no_other_class_of_ours_but_exceptions() -> None:
    """Subclassing what a library hands us (an enum, a Protocol, a pydantic model, click's Group) is its way of use."""
    bases = {node.name: [last_part(base) for base in node.bases] for tree in trees().values() for node in classes(tree)}
    wrong = [
        f"{child}({parent})"
        for child, parents in bases.items()
        for parent in parents
        if parent in bases and not is_exception(child, bases) and "Protocol" not in bases[child]
    ]
    assert wrong == []


def classes(tree: ast.Module) -> list[ast.ClassDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


def last_part(base: ast.expr) -> str:
    """`Group` of `click.Group`, `Protocol` of `Protocol[T]`."""
    if isinstance(base, ast.Subscript):
        return last_part(base.value)
    return base.attr if isinstance(base, ast.Attribute) else base.id if isinstance(base, ast.Name) else ""


def is_exception(child: str, bases: dict[str, list[str]]) -> bool:
    parents = bases.get(child, [])
    return any(parent in ROOT_NAMES or (parent in bases and is_exception(parent, bases)) for parent in parents)


def test_no_module_keeps_state_in_a_global_statement() -> None:
    assert [
        f"{path}:{node.lineno}"
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Global)
    ] == []


def test_nothing_below_the_pipeline_reads_the_clock() -> None:
    pattern = re.compile(r"\b(datetime\.now|datetime\.utcnow|date\.today|datetime\.today)\(")
    rooms = ("model", "config", "sources", "articles", "nlp", "resolve", "store")
    found = [
        f"{name(path)}: {match[0]}"
        for path in FILES
        if path.relative_to(ROOT / "tracker").parts[0].removesuffix(".py") in (*rooms, "urls", "dates", "errors")
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_only_the_config_reads_environment_variables() -> None:
    pattern = re.compile(r"\bos\.(environ|getenv)\b|from os import .*\b(environ|getenv)\b")
    found = {name(path) for path in FILES if pattern.search(path.read_text(encoding="utf-8"))}
    assert all(where.startswith("tracker/config/") for where in found), found


@pytest.mark.parametrize("module", ["tracker", "tracker.cli", "tracker.config"])
def test_importing_the_face_loads_nothing_slow(module: str) -> None:
    """`tracker --help` must be quick: what is slow is imported by the command that needs it."""
    code = f"import sys, {module}; print(*(sys.modules.keys() & set({SLOW_OR_OUTWARD!r})))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT, timeout=60
    )
    assert done.stderr == ""
    assert done.stdout.split() == []
