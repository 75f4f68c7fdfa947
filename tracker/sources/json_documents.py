"""JSON from strangers: read within bounds, and fields taken only where they have the right type."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tracker.encoding import decode
from tracker.model import Page

MAX_BYTES = 20_000_000
MAX_DEPTH = 100


def load(page: Page) -> Any:
    """The document, or None when the body is no JSON, too large or nested too deep."""
    if len(page.body) > MAX_BYTES:
        return None
    text = decode(page.body, page.content_type).lstrip("\ufeff \t\r\n")
    if not text.startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def text(record: Mapping[str, Any], name: str) -> str | None:
    """The string under `name`, or None. Numbers count as strings, for ids."""
    value = record.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else None


def records(value: object) -> list[Mapping[str, Any]]:
    """The objects of a JSON array, without whatever else stands in it; nothing for what is no array."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def record(value: object) -> Mapping[str, Any]:
    """The object itself, or an empty one for what is none."""
    return value if isinstance(value, dict) else {}
