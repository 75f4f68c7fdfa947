"""docs/lake.md names every column of every table, with its type, and none besides."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pytest

from tracker.lake import SCHEMAS

PAGE = (Path(__file__).parents[2] / "docs" / "lake.md").read_text(encoding="utf-8")


def kind(of: pa.DataType) -> str:
    if pa.types.is_list(of):
        return f"list of {kind(of.value_type)}"
    return "struct" if pa.types.is_struct(of) else str(of)


def fields(of: pa.DataType) -> set[str]:
    return {field.name for field in of} if pa.types.is_struct(of) else fields(of.value_type)


@pytest.mark.parametrize("table", SCHEMAS)
def test_the_columns_are_documented(table: str) -> None:
    section = re.search(rf"^### {table}\n(.*?)(?=^##|\Z)", PAGE, re.DOTALL | re.MULTILINE)
    assert section is not None
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", section[1], re.MULTILINE)
    assert [(name, told.partition(":")[0].strip()) for name, told in rows] == [
        (field.name, kind(field.type)) for field in SCHEMAS[table]
    ]
    nested = {name: set(re.findall(r"\w+", told.partition(":")[2])) for name, told in rows if ":" in told}
    assert nested == {field.name: fields(field.type) for field in SCHEMAS[table] if pa.types.is_nested(field.type)}
