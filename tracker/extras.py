"""Libraries that one form needs, imported when it is written or read: they belong to extras of the package."""

from __future__ import annotations

import importlib
from typing import Any

from tracker.errors import InputError


def needed(module: str, what: str, *, extra: str = "exports") -> Any:
    """A module; raises InputError that says what to install where it is not there."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        name = module.partition(".")[0]
        raise InputError(f"{what} needs {name}, which is not installed; pip install 'tracker[{extra}]'") from error
