"""A page's tree without what is by its name or form no part of the article, before the text is looked for.

By name: newsletter boxes, share bars, related links, notices; by form: hidden elements, and tables that only serve the
layout, which become plain containers. A named element stays if it holds a good part of the page's words: names mislead.
Not here: noise that only its words give away (`boilerplate`).
"""

from __future__ import annotations

import re
from collections import Counter
from copy import deepcopy
from functools import lru_cache

from lxml.html import HtmlElement

from tracker.articles.blocks import text_of

# Words of a class or id, parted at blanks, hyphens, underscores and capitals.
NOISE = frozenset(
    "newsletter newsletters signup subscribe subscription subscriptions promo promos promotion related recommended "
    "recommendations recirculation recirc share sharing sharebar sharetools social socials cookie cookies cookiebar "
    "consent gdpr advert advertisement advertising ad ads adslot sponsored sponsor disclaimer legal breadcrumb "
    "breadcrumbs crumbs pagination pager comments disqus trending popular mostread outbrain taboola whatsapp telegram "
    "follow tags taglist sidebar teaser teasers readmore seealso alsoread morestories latest cta donate donation "
    "appeal login masthead navbar menu menubar topbar toolbar skip copyright bio authorbio aboutauthor mediacontact "
    "contact caption captions credit".split()
)
LABELS = frozenset(
    "share sharing sharebar sharetools social socials breadcrumb breadcrumbs crumbs pagination pager tags taglist "
    "readmore credit follow skip".split()
)  # those of small things: where more unlinked words stand, the name means something else
MOST_LABEL = 30  # words
PRUNED = ("div", "section", "aside", "p", "ul", "ol", "span", "form", "table", "nav", "footer")
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
LAYOUT_WORDS = 80  # words in one cell from which a table is no table of data
RUNNING = 15  # words of a paragraph of running text
MOST_SHARE = 0.25  # of the page's words that a named element may hold and still go
LONG_PARAGRAPH, MOST_PARAGRAPHS = 40, 2  # words of a paragraph; an element with more such paragraphs stays
DATA = "application/ld+json"  # a script that may hold the text of a page that shows none
LONGEST_STYLE = 50_000  # characters of a style sheet

_MEDIA = re.compile(r"@[a-z-]+[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.IGNORECASE)  # rules for some screens only
_RULE = re.compile(r"(?:^|[},])\s*\.([\w-]+)\s*\{([^{}]*)\}")  # of one class alone, on no matter what page
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_BLOCKS = frozenset({"p", "div", "h1", "h2", "h3", "table", "ul", "ol", "section", "article", "blockquote"})


def shown(tree: HtmlElement) -> HtmlElement:
    """A copy without what is hidden, its layout tables made containers; the tree itself stays as it is."""
    tree = deepcopy(tree)
    hidden = _hidden_classes(tree)
    for unseen in list(tree.iter("script", "style")):
        if unseen.getparent() is not None and unseen.get("type") != DATA:
            unseen.drop_tree()
    total = _words(tree)
    for element in list(tree.iter(*PRUNED)):
        if element.getparent() is not None and _is_hidden(element, hidden) and _is_small(element, total):
            element.drop_tree()
    for table in list(tree.iter("table")):
        if _is_layout(table):
            _flatten(table)
    return tree


def pruned(page: HtmlElement) -> HtmlElement:
    """What is `shown`, the tree itself, without what is named as noise."""
    for data in list(page.iter("script")):
        data.drop_tree()
    total, telling = _words(page), _telling(page)
    for element in list(page.iter(*PRUNED)):
        if element.getparent() is not None and _is_noise(element, telling) and _is_small(element, total):
            element.drop_tree()
    return page


def _is_hidden(element: HtmlElement, hidden: frozenset[str]) -> bool:
    return (
        element.get("hidden") is not None
        or bool(HIDDEN.search(element.get("style") or ""))
        or not hidden.isdisjoint((element.get("class") or "").split())
    )


def _is_noise(element: HtmlElement, telling: frozenset[str]) -> bool:
    names = _named(element) & telling
    return bool(names) and not (names <= LABELS and _unlinked_words(element) > MOST_LABEL)


def _unlinked_words(element: HtmlElement) -> int:
    return _words(element) - sum(map(_words, element.iter("a")))


def _named(element: HtmlElement) -> frozenset[str]:
    """The words of noise in an element's class and id."""
    return _noise_in(f"{element.get('class') or ''} {element.get('id') or ''}")


@lru_cache(maxsize=4096)
def _noise_in(names: str) -> frozenset[str]:
    return NOISE.intersection(word.lower() for word in _WORD.findall(names))


def _telling(tree: HtmlElement) -> frozenset[str]:
    """The names of noise that mean it on this page: those of elements that hold little of its running text.

    Each paragraph counts once for every name above it, so that ten sections named for the advertisement in them
    weigh as much together as one would.
    """
    held: Counter[str] = Counter()
    total = 0
    for paragraph in tree.iter("p"):
        words = _words(paragraph)
        if words >= RUNNING:
            total += words
            above = (one for one in (paragraph, *paragraph.iterancestors()) if one.tag in PRUNED)
            held.update(dict.fromkeys({name for one in above for name in _named(one)}, words))
    return frozenset(name for name in NOISE if held[name] <= MOST_SHARE * total)


def _hidden_classes(tree: HtmlElement) -> frozenset[str]:
    """Classes that the page's own style sheets never show (a newsletter's preheader)."""
    styles = _MEDIA.sub("", " ".join((style.text or "")[:LONGEST_STYLE] for style in tree.iter("style")))
    return frozenset(name for name, rule in _RULE.findall(styles) if HIDDEN.search(rule))


def _is_small(element: HtmlElement, total: int) -> bool:
    return _words(element) <= MOST_SHARE * total and _long_paragraphs(element) <= MOST_PARAGRAPHS


def _long_paragraphs(element: HtmlElement) -> int:
    return sum(_words(paragraph) >= LONG_PARAGRAPH for paragraph in element.iter("p"))


def _is_layout(table: HtmlElement) -> bool:
    """Whether a table's cells hold parts of a page: other tables, or blocks with many words."""
    cells = list(table.iter("td"))
    if any(True for cell in cells for _ in cell.iter("table")):
        return True
    return any(_words(cell) >= LAYOUT_WORDS and any(child.tag in _BLOCKS for child in cell) for cell in cells)


def _flatten(table: HtmlElement) -> None:
    """Make containers of a table and of its own rows and cells, not of those of the tables inside."""
    own = [one for one in table.iter("td", "th", "tr", "tbody", "thead", "tfoot") if _table_of(one) is table]
    for element in (table, *own):
        element.tag = "div"


def _table_of(element: HtmlElement) -> HtmlElement | None:
    return next(element.iterancestors("table"), None)


def _words(element: HtmlElement) -> int:
    return len(text_of(element).split())
