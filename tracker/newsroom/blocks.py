"""The small markup that stories are written in, as blocks: to HTML for the pages, to plain text for the truth.

    paragraphs are parted by blank lines        ## a subheading
    - item / 1. item   lists                     > quotation        | cell | cell |   table, first row its head
    !figure caption                              @09:14 a live-blog stamp
    [words](url) and **bold** inside a line

It does not know of outlets or pages, and it is no Markdown: what is not listed here is text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup, escape

LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
BOLD = re.compile(r"\*\*(.+?)\*\*")
SIGNS = {"## ": "heading", "!figure ": "figure", "@": "stamp"}
ITEM = re.compile(r"(?:-|\d+\.) +")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One piece of a story: `lines` for lists and quotes, `rows` for tables, `text` for everything else."""

    kind: str  # paragraph, heading, bullets, numbers, quote, table, figure, stamp
    text: str = ""
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def html(self) -> Markup:
        """The block as HTML."""
        return WRITERS[self.kind](self)

    @property
    def plain(self) -> str:
        """The block as a reader would copy it; lists and tables keep one line per item or row."""
        if self.rows:
            return "\n".join(" | ".join(bare(cell) for cell in row) for row in self.rows)
        return "\n".join(bare(line) for line in self.lines) if self.lines else bare(self.text)


def bare(text: str) -> str:
    """A line without its inline markup."""
    return BOLD.sub(r"\1", LINK.sub(r"\1", text))


def inline(text: str) -> Markup:
    """A line as HTML: escaped, then links and bold."""
    linked = LINK.sub(r'<a href="\2">\1</a>', str(escape(text)))
    bold = BOLD.sub(r"<strong>\1</strong>", linked)
    return Markup(bold)  # noqa: S704  escaped above; the stories are our own


def parse(markup: str) -> tuple[Block, ...]:
    """Blocks of a story, in order."""
    pieces = re.split(r"\n\s*\n", markup.strip())
    return tuple(_block([line.rstrip() for line in piece.splitlines()]) for piece in pieces if piece.strip())


def plain(blocks: tuple[Block, ...]) -> str:
    """What extraction should find on the page: all blocks but captions, parted by blank lines."""
    return "\n\n".join(block.plain for block in blocks if block.kind != "figure")


def _block(lines: list[str]) -> Block:
    first, whole = lines[0], " ".join(lines)
    if all(ITEM.match(line) for line in lines):
        kind = "bullets" if first.startswith("-") else "numbers"
        return Block(kind=kind, lines=tuple(ITEM.sub("", line, count=1) for line in lines))
    if all(line.startswith("|") for line in lines):
        return Block(kind="table", rows=tuple(_cells(line) for line in lines))
    if all(line.startswith("> ") for line in lines):
        return Block(kind="quote", lines=tuple(line[2:] for line in lines))
    kind = next((kind for sign, kind in SIGNS.items() if first.startswith(sign)), "paragraph")
    return Block(kind=kind, text=whole[len(_sign(kind)) :])


def _sign(kind: str) -> str:
    return next((sign for sign, named in SIGNS.items() if named == kind), "")


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip("|").split("|"))


def _joined(tag: str, parts: tuple[str, ...]) -> Markup:
    return Markup("\n").join(Markup("<{0}>{1}</{0}>").format(tag, inline(part)) for part in parts)


def _table(block: Block) -> Markup:
    head, *body = block.rows
    rows = Markup("\n").join(Markup("<tr>{}</tr>").format(_joined("td", row)) for row in body)
    form = Markup("<table>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody>\n</table>")
    return form.format(_joined("th", head), rows)


def _figure(block: Block) -> Markup:
    form = Markup(
        '<figure><img src="/img/{}.png" alt="" width="960" height="540" loading="lazy">\n'
        "<figcaption>{}</figcaption></figure>"
    )
    return form.format(re.sub(r"[^a-z]+", "-", block.text.lower())[:40].strip("-"), inline(block.text))


WRITERS: dict[str, Callable[[Block], Markup]] = {
    "paragraph": lambda block: _joined("p", (block.text,)),
    "heading": lambda block: _joined("h2", (block.text,)),
    "bullets": lambda block: Markup("<ul>\n{}\n</ul>").format(_joined("li", block.lines)),
    "numbers": lambda block: Markup("<ol>\n{}\n</ol>").format(_joined("li", block.lines)),
    "quote": lambda block: Markup("<blockquote>\n{}\n</blockquote>").format(_joined("p", block.lines)),
    "table": _table,
    "figure": _figure,
    "stamp": lambda block: Markup('<time class="stamp">{}</time>').format(block.text),
}
