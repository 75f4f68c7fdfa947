"""The page that an article was taken from: to look at, as its source, or as a file; never to be run.

It is a stranger's page under our address: `tracker.web.originals` says what is taken out of it, and the headers that
every form of it goes under.
"""

from __future__ import annotations

from tracker.errors import NotFoundError
from tracker.model import Page
from tracker.web import originals, sanitising
from tracker.web.asking import HTML, Answer, Ask

PLAIN = "text/plain; charset=utf-8"
PDF = "application/pdf"
BYTES = "application/octet-stream"
FORMS = ("page", "source", "file")


def show(ask: Ask) -> Answer:
    """The page in one of its forms; what no browser shows as a page, or as text, is a file."""
    form = ask.choice("as", FORMS, "page")
    name = ask.path["id"]
    page = ask.timeline.original(name)
    if page is None:
        raise NotFoundError(f"the original of article {name!r} is not kept; its page says why")
    if form == "page" and originals.is_markup(page.content_type):
        return Answer(body=sanitising.KEPT.harmless(originals.text(page)), type=HTML, headers=originals.HEADERS)
    if form == "source" and originals.is_text(page.content_type):
        return Answer(body=originals.text(page), type=PLAIN, headers=originals.HEADERS)
    return _file(page, name)


def _file(page: Page, name: str) -> Answer:
    """The bytes as they came, to be saved."""
    kind = PDF if originals.media(page.content_type) == PDF else BYTES
    told = f'attachment; filename="{originals.name(page, name)}"'
    return Answer(body=page.body, type=kind, headers={**originals.HEADERS, "content-disposition": told})
