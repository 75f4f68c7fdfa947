"""The part of a page that holds its paragraphs: a second opinion that keeps the structure.

Every element is weighed by the words of the running text inside it; from the top, the way leads down as long as one
child holds nearly all of them. What is found keeps its headings, lists and tables, which a selector of paragraphs
loses. Not here: which of the two opinions is taken (`blocks`).
"""

from __future__ import annotations

from collections import Counter

from lxml.html import HtmlElement

from tracker.articles.blocks import text_of

NEARLY_ALL = 0.85  # of the words of running text
LEAST_WORDS = 8  # of a paragraph that counts as running text
MOST_LINKED = 0.5  # share of a block's letters that may be links

OUTSIDE = frozenset(
    "aside nav footer form figure figcaption button select option script style noscript template iframe svg head "
    "header textarea input label dialog menu video audio".split()
)
TEXTS = frozenset("p li dd td blockquote pre div section article span h2 h3".split())


def container(tree: HtmlElement) -> HtmlElement:
    """The deepest element that holds nearly all running text; the tree's root if there is none."""
    weights = _weights(tree)
    here, total = tree, weights[tree]
    while total:
        heaviest = max(
            (child for child in here if isinstance(child.tag, str)), key=lambda one: weights[one], default=None
        )
        if heaviest is None or weights[heaviest] < NEARLY_ALL * total or heaviest.tag in {"p", "li"}:
            return here
        here = heaviest
    return tree


def stripped(element: HtmlElement) -> None:
    """Take out what stands inside a container and is no text of its own: asides, figures, blocks of links."""
    for one in list(element.iter("*")):
        if one is element or one.getparent() is None:
            continue
        if one.tag in OUTSIDE or one.tag == "h1" or (one.tag in {"p", "ul", "ol", "div", "table"} and _is_linked(one)):
            one.drop_tree()


def _weights(tree: HtmlElement) -> Counter[HtmlElement]:
    weights: Counter[HtmlElement] = Counter()
    for element in tree.iter(*TEXTS):
        words = _own_words(element)
        if words < LEAST_WORDS or _is_linked(element):
            continue
        above = (element, *element.iterancestors())
        if any(one.tag in OUTSIDE for one in above):
            continue
        for one in above:
            weights[one] += words
    return weights


def _own_words(element: HtmlElement) -> int:
    """Words of an element and its inline children, not of the blocks inside it."""
    pieces = [element.text or ""]
    for child in element:
        if child.tag not in TEXTS and child.tag not in OUTSIDE and isinstance(child.tag, str):
            pieces.append(text_of(child))
        pieces.append(child.tail or "")
    return len("".join(pieces).split())


def _is_linked(element: HtmlElement) -> bool:
    """Whether a block is mostly links: a list of other articles, a menu."""
    links = sum(len(text_of(link).strip()) for link in element.iter("a"))
    return links > MOST_LINKED * len(text_of(element).strip())
