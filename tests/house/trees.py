"""The code of `tracker` as syntax trees, parsed once for a process and not before a test asks."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).parent.parent.parent


@cache
def trees() -> Mapping[str, ast.Module]:
    """By the path from the project's root."""
    files = sorted((ROOT / "tracker").rglob("*.py"))
    return MappingProxyType({str(path.relative_to(ROOT)): ast.parse(path.read_text("utf-8")) for path in files})
