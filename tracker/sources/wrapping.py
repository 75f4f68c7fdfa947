"""A feed taken out of what stands around it: warnings of a script before it, a page that wraps it, words behind it.

Any of these breaks the XML, and titles and dates with it. Does not mend the XML itself.
"""

from __future__ import annotations

import re

_BEFORE = 20_000  # characters in which a feed has to begin
_BEHIND = 20_000  # characters in which it has to end
_DECLARATION = re.compile(r"<\?xml\b[^<>]{0,300}\?>\s*(?:<\?[^<>]{0,500}\?>\s*|<!--(?:[^-]|-(?!->)){0,2000}-->\s*)*\Z")
_ROOT = re.compile(r"<(?:(?:rss|feed|rdf:rdf)(?=[\s>])|(?:\w+:)(?:feed|rdf)\s[^<>]{0,2000}xmlns)", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!doctype\s", re.IGNORECASE)


def bare(text: str) -> str:
    """The feed in `text`, or `text` itself where there is none or where it has a DOCTYPE of its own."""
    root = _ROOT.search(text, 0, _BEFORE)
    if root is None or _DOCTYPE.search(text, 0, root.start()):
        return text.lstrip()
    before = text[: root.start()]
    declared = _DECLARATION.search(before)
    start = declared.start() if declared else root.start()
    name = re.match(r"<([\w:]+)", root[0])
    closing = f"</{name[1]}>" if name else "</rss>"
    end = text.rfind(closing, max(start, len(text) - _BEHIND))
    return text[start : end + len(closing) if end >= 0 else len(text)]
