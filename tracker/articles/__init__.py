"""Pages and feed items to articles: text, title, date with its basis, author, language, near-duplicate signature.

`from_page` reads a fetched page, `from_item` the feed's own words where there is no page, `from_input` a saved file.
`given` completes an article that came as text. `Extractor` does the first for many `Job`s, in processes that can be
killed. `load_rules` reads rules for sites.
What is no article, or in a language that is not read, is a `Done` article with the reason in `unread`; a page that
would harm the process is `Poison`. `keys` and `likeness` serve whoever looks for copies.

It does not fetch, does not store, does not decide what a text means, and raises on no page.
"""

from __future__ import annotations

from tracker.articles.charset import decode
from tracker.articles.given import given
from tracker.articles.notices import notice
from tracker.articles.pool import Extractor
from tracker.articles.reading import READ_LANGUAGES, from_input, from_item, from_page, is_html
from tracker.articles.rules import Rules
from tracker.articles.rules import load as load_rules
from tracker.articles.signature import SIGNATURE_SCHEME, content_hash, exact_key, keys, length, likeness, signature
from tracker.articles.wires import credit
from tracker.articles.wires import is_own as is_wires_own
from tracker.articles.worker import Job

__all__ = [
    "READ_LANGUAGES",
    "SIGNATURE_SCHEME",
    "Extractor",
    "Job",
    "Rules",
    "content_hash",
    "credit",
    "decode",
    "exact_key",
    "from_input",
    "from_item",
    "from_page",
    "given",
    "is_html",
    "is_wires_own",
    "keys",
    "length",
    "likeness",
    "load_rules",
    "notice",
    "signature",
]
