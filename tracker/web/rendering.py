"""Templates: everything that is put into one is escaped, and what would hide or turn text is taken out of it."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tracker.web import decisions, marks, words
from tracker.web.asking import Answer, Ask

# Controls, and signs that turn the direction of writing: readers are misled by them.
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
# The pages that the head of each leads to, with their words.
PAGES = (
    ("", "Timeline"),
    ("upcoming", "Upcoming"),
    ("matrix", "Matrix"),
    ("map", "Map"),
    ("parties", "Parties"),
    ("sources", "Sources"),
)
IN_SCRIPT = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def page(ask: Ask, template: str, *, status: int = 200, **values: Any) -> Answer:
    """A page of a template; every template has `ask`, `links`, `settings` and the filters below."""
    text = (
        environment()
        .get_template(template)
        .render(ask=ask, links=ask.links, settings=ask.settings, reviewer=ask.reviewer, **values)
    )
    return Answer(body=text, status=status)


@cache
def environment() -> Environment:
    """The templates with their filters."""
    found = Environment(
        loader=PackageLoader("tracker.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
        auto_reload=False,
    )
    found.filters |= {
        "mark": marks.drawn,
        "spelt": words.spelt,
        "date": words.date,
        "precision": words.precision,
        "counted": words.counted,
        "listed": words.listed,
        "outside": outside,
        "data": data,
    }
    found.globals |= {"TIERS": words.TIERS, "BASES": words.BASES, "LANGUAGES": words.LANGUAGES, "PAGES": PAGES}
    found.globals |= {"LABELS": words.LABELS}
    found.globals |= {
        "review_fields": decisions.HINTS,
        "review_choices": decisions.CHOICES,
        "review_reasons": decisions.REASONS,
        "review_values": decisions.written,
        "review_told": decisions.told_value,
        "review_outcome": decisions.told,
        "review_unsettled": decisions.unsettled,
    }
    return found


def shown(value: object) -> object:
    """What an expression of a template gives: texts without hidden signs, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, str) and not value.isprintable():
        return type(value)(HIDDEN.sub("", value))
    return value


def outside(url: str | None) -> str | None:
    """An address of the web that a link may lead to; None for one of any other kind (`javascript:`)."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None


def data(value: object) -> Markup:
    """A value as JSON inside of `<script type="application/json">`, where nothing in it can end the script."""
    return Markup(json.dumps(value, ensure_ascii=False).translate(IN_SCRIPT))  # noqa: S704 - escaped above
