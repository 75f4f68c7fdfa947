"""One rule and a set of them: which page a rule is for, and what it finds there. Reads no files."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache

from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from tracker.urls import host

SAID_BY = ("content", "datetime")  # attributes that hold what an element without text says


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """CSS selectors for the pages of some hosts, or for those that hold an element.

    Of each list of selectors the first that finds something counts; of `drop`, all.
    """

    name: str
    hosts: tuple[str, ...] = ()  # "gov.uk" is also its subdomains
    has: str | None = None  # an element that the page must hold, beside a host or instead of one
    body: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    author: tuple[str, ...] = ()

    def fits(self, address: str, tree: HtmlElement) -> bool:
        """Whether this rule is for the page with this host and tree."""
        at_home = not self.hosts or any(address == one or address.endswith(f".{one}") for one in self.hosts)
        return at_home and (self.has is None or bool(_found(self.has, tree)))

    def bodies(self, tree: HtmlElement) -> tuple[HtmlElement, ...]:
        """The elements with the page's text, in order and none inside another; () if the rule knows none."""
        found = _first(self.body, tree)
        return tuple(one for one in found if not any(above in found for above in one.iterancestors()))

    def without_dropped(self, tree: HtmlElement) -> HtmlElement:
        """A copy of the tree without what the rule drops; the tree itself where it drops nothing."""
        if not any(_found(one, tree) for one in self.drop):
            return tree
        tree = deepcopy(tree)
        for one in self.drop:
            for element in _found(one, tree):
                if element.getparent() is not None:
                    element.drop_tree()
        return tree

    def said(self, what: tuple[str, ...], tree: HtmlElement) -> tuple[str, ...]:
        """What the elements found by one of the rule's lists say, without those that say nothing."""
        return tuple(text for one in _first(what, tree) if (text := _text(one)))


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules in the order in which they are tried, those that name a host before those that do not."""

    rules: tuple[Rule, ...] = ()

    def find(self, url: str, tree: HtmlElement) -> Rule | None:
        """The first rule for a page, or None."""
        address = host(url) or ""
        return next((rule for rule in self._ordered() if rule.fits(address, tree)), None)

    def _ordered(self) -> Iterator[Rule]:
        yield from (rule for rule in self.rules if rule.hosts)
        yield from (rule for rule in self.rules if not rule.hosts)


@cache
def selector(css: str) -> etree.XPath:
    """A compiled selector; SelectorError where it is none."""
    return CSSSelector(css, translator="html")


def _first(selectors: tuple[str, ...], tree: HtmlElement) -> list[HtmlElement]:
    return next((found for one in selectors if (found := _found(one, tree))), [])


def _found(css: str, tree: HtmlElement) -> list[HtmlElement]:
    found: list[HtmlElement] = selector(css)(tree)  # type: ignore[assignment]  # of a selector, elements alone
    return found


def _text(element: HtmlElement) -> str:
    said = next((element.get(name) for name in SAID_BY if element.get(name)), None)
    return " ".join((said if said is not None else "".join(map(str, element.itertext()))).split())
