"""Rules for sites and publishing systems that generic extraction gets wrong: data (`*.yaml`), how it is read and used.

A rule says where a page has its text, title, date and author, and what is none of it, by CSS selectors. It is found by
the page's host, or by what the page holds (a publishing system). What a rule does not say, or does not find, is left
to generic extraction. Not here: how text and fields are made of what is found.
"""

from __future__ import annotations

from tracker.articles.rules.files import BUNDLED, load
from tracker.articles.rules.rule import Rule, Rules

__all__ = ["BUNDLED", "Rule", "Rules", "load"]
