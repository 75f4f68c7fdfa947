"""Libraries that one format needs, imported when it is written: most are of the extra `exports`."""

from __future__ import annotations

import importlib
from typing import Any

from tracker.errors import InputError


def needed(module: str, what: str) -> Any:
    """A module; raises InputError that says what to install where it is not there."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        name = module.partition(".")[0]
        raise InputError(f"{what} needs {name}, which is not installed; pip install 'tracker[exports]'") from error
