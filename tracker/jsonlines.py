"""One line of JSON to the article that it holds: `{"id", "url", "title", "text", "published_at", "lang"}`.

All but `id` and `text` may be null; other fields are passed over. Not here: where lines come from (`extraction.inputs`,
`archives.lines`), and what is not told (a language, a signature).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from tracker.errors import InputError
from tracker.model import Article, Basis, TextFrom, When


def article(line: str, where: str) -> Article:
    """The article of a line; InputError says at `where` what is wrong with it."""
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(f"{where}: not JSON ({error.msg} at column {error.colno}); give one object a line") from None
    except RecursionError:
        raise InputError(f"{where}: nested too deeply; give one flat object a line") from None
    except ValueError:
        raise InputError(f"{where}: a number has too many digits; give it fewer") from None
    if not isinstance(value, dict):
        raise InputError(f"{where}: a JSON {type(value).__name__}, not an object with 'id' and 'text'")
    for field in ("id", "text"):
        if not isinstance(value.get(field), str):
            raise InputError(f"{where}: {field!r} is {_seen(value, field)}; it must be a string")
    for field in ("url", "title", "published_at", "lang"):
        if not isinstance(value.get(field), str | None):
            raise InputError(f"{where}: {field!r} is {_seen(value, field)}; it must be a string or null")
    return Article(
        id=value["id"],
        url=value.get("url"),
        title=_sound(value.get("title") or ""),
        text=_sound(value["text"]),
        published=published(value["published_at"], f"{where}: 'published_at'") if value.get("published_at") else None,
        language=value.get("lang"),
        text_from=TextFrom.INPUT,
    )


def _sound(text: str) -> str:
    """The text with lone surrogates, which no encoding holds, replaced one for one: offsets stay."""
    return text if text.isascii() else re.sub("[\ud800-\udfff]", "\ufffd", text)


def published(value: str, what: str) -> When:
    """A publication date from an ISO date, which may be partial or have a time; InputError names `what` it is."""
    match = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ]\d\d:\d\d.*)?)?)?", value)
    try:
        date(*(int(part or 1) for part in match.groups()))  # type: ignore[union-attr]
    except (AttributeError, ValueError):
        raise InputError(f"{what} is {value!r}; give an ISO date such as 2024-06-25") from None
    return When(value=value, basis=Basis.METADATA)


def _seen(value: Mapping[str, Any], field: str) -> str:
    return f"a {type(value[field]).__name__}" if field in value else "missing"
