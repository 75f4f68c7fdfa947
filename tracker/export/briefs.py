"""Briefs as Markdown, and as a page that phones and mail programs show: no scripts, nothing that is loaded.

Texts of articles are escaped for each form, and only http(s) addresses become links. It reads no database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from tracker.export import cells
from tracker.export.tables import MARKUP
from tracker.model.briefs import Brief, BriefGroup, BriefLine
from tracker.urls import is_http

FORMS = ("markdown", "html")
NOTHING = "Nothing."
LONGEST = 400  # signs of a quote
# What would end an address in Markdown, or be taken for something else in it.
IN_ADDRESS = re.compile(r"[\s<>()\[\]\\`\"'|*_{}]|[^\x21-\x7e]")
LINE_START = re.compile(r"^(\s*)([-=]|\d+(?=[.)]))")  # a list, a heading
SIGNS = {"restrict": "▼", "ease": "▲", "neutral": "■"}


def text(brief: Brief, form: str) -> str:
    """A brief in a form: markdown or html."""
    return html(brief) if form == "html" else markdown(brief)


def html(brief: Brief) -> str:
    """A page of its own."""
    return str(_template().render(brief=brief, words=words, shown=shown, address=address, signs=SIGNS))


def markdown(brief: Brief) -> str:
    """Markdown (CommonMark)."""
    return "\n".join(_lines(brief)) + "\n"


def words(line: BriefLine) -> str:
    """What is to be known of an event beside its summary."""
    parts = [line.date or "no date", line.type.replace("_", " "), line.status.replace("_", " ")]
    parts += [line.certainty] if line.certainty != "confirmed" else []
    many = f"{line.origins} independent account{'' if line.origins == 1 else 's'}"
    parts.append(many if line.reports == line.origins else f"{many} in {line.reports} reports")
    return ", ".join(parts)


def shown(text: str | None, limit: int = LONGEST) -> str:
    """A text of an article on one line, without controls, cut where it is long."""
    line = " ".join(cells.line(text or "").split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def address(url: str | None) -> str | None:
    """An address that may become a link; None for all that are not http(s)."""
    if url is None or not is_http(url):
        return None
    return IN_ADDRESS.sub(lambda sign: "".join(f"%{byte:02X}" for byte in sign[0].encode("utf-8", "replace")), url)


def _lines(brief: Brief) -> Iterator[str]:
    yield f"# {_marked(brief.title)}: {brief.first} to {brief.last}"
    yield ""
    yield f"About {_marked(brief.about)}; as of {brief.made_at}."
    for section in brief.sections:
        yield ""
        yield f"## {section.title} ({section.events})"
        yield ""
        if not section.groups:
            yield NOTHING
        for group in section.groups:
            yield from _group(group)
        if section.left_out:
            yield f"And {section.left_out} more."


def _group(group: BriefGroup) -> Iterator[str]:
    stands = f" ({group.status.replace('_', ' ')})" if group.status else ""
    yield f"### {_marked(shown(group.title))}{stands}"
    yield ""
    for line in group.lines:
        change = f"**{_marked(shown(line.change))}**: " if line.change else ""
        yield f"- {SIGNS.get(line.direction, '')} {change}{_marked(shown(line.summary))} ({_marked(words(line))})"
        if line.quote:
            yield f"  > {_marked(shown(line.quote))}"
            yield "  >"
        link = address(line.url)
        outlet = _marked(shown(line.outlet) or "source")
        yield f"  {'> ' if line.quote else ''}{f'[{outlet}]({link})' if link else outlet}{_on(line)}, `{line.event_id}`"
    yield ""


def _on(line: BriefLine) -> str:
    return f", {line.published[:10]}" if line.published else ""


def _marked(text: str) -> str:
    """Text with what Markdown would take for markup behind a backslash; of a number its point."""
    told = MARKUP.sub(r"\\\1", cells.line(text))
    return LINE_START.sub(
        lambda start: f"{start[1]}{start[2]}\\" if start[2].isdigit() else f"{start[1]}\\{start[2]}", told
    )


@cache
def _template() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - not for the sake of Markdown

    loader = PackageLoader("tracker.export", "templates")
    shelf = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return shelf.get_template("brief.html")
