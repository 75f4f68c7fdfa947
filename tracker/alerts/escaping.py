"""What stands in articles, made harmless for the form that a template writes.

Control characters go from every form: they could move a terminal's cursor or hide words. Line breaks inside a value
become spaces. Knows nothing of templates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from markupsafe import Markup, escape

from tracker.model.alerts import Form

# C0 and C1 controls, the marks that turn the direction of writing, and lone surrogates.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
BREAKS = re.compile(r"\s*[\n\r\u2028\u2029]\s*")
# What starts markup anywhere in a line of Markdown, of Slack's, Teams' and Discord's too ("<@channel>", "@everyone").
MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|~<>&@])")
ADDRESS = re.compile(r"https?://[^\s<>()\[\]`\\|*@]+")
# What starts a list, or a heading under a line, at the beginning of a line.
LINE_START = re.compile(r"^(\s*)(-|=|\d+(?=[.)]))")


def plain(value: object) -> str:
    """A value as text on one line without control characters: nothing for None, a list by commas."""
    if isinstance(value, list | tuple):
        return ", ".join(map(plain, value))
    return CONTROL.sub("", BREAKS.sub(" ", "" if value is None else str(value)))


def markdown(value: object) -> str:
    """The same with all that Markdown would take for markup behind a backslash; addresses of the web stay usable."""
    text = plain(value)
    return text if ADDRESS.fullmatch(text) else LINE_START.sub(r"\1\\\2", MARKDOWN.sub(r"\\\1", text))


def html(value: object) -> Markup:
    """The same for HTML; what a filter has made safe already stays as it is."""
    return value if isinstance(value, Markup) else escape(plain(value))


ESCAPES: Mapping[Form, Callable[[object], object]] = {
    Form.TEXT: plain,
    Form.MARKDOWN: markdown,
    Form.HTML: html,
}


def one_line(text: str, limit: int) -> str:
    """A title: one line, no control characters, at most so long."""
    line = " ".join(CONTROL.sub(" ", text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def block(text: str) -> str:
    """A body: its line breaks kept, other control characters gone."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
