"""The Federal Register of the United States, through its API: rules, proposed rules, notices, presidential documents.

The source's URL is the API's list of documents, the page of a search, or an agency's page; what is `wanted` (agencies,
terms, types) narrows it. Each document's action and dates stand in its summary in plain sentences, so that whoever
reads it knows from when a rule holds. Comments, dockets and the documents' own text are not asked for.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from tracker.model import Done, Listing, Page, Poison, Request, Source
from tracker.sources import times
from tracker.sources.bodies import not_a
from tracker.sources.entries import Entry, listing
from tracker.sources.json_documents import load, record, records, text
from tracker.sources.plain import link, plain

ACCEPT = "application/json, */*;q=0.1"
DOCUMENTS = "/api/v1/documents.json"
PER_PAGE = 100
FIELDS = (
    "title abstract html_url pdf_url raw_text_url publication_date document_number agencies type action dates "
    "effective_on comments_close_on"
).split()
TYPES = {"rule": "RULE", "proposed-rule": "PRORULE", "notice": "NOTICE", "presidential-document": "PRESDOCU"}

# Field -> the sentence that tells it.
SENTENCES = (
    ("type", "Type: {}."),
    ("action", "Action: {}."),
    ("effective_on", "Effective date: {}."),
    ("comments_close_on", "Comments close on: {}."),
    ("dates", "Dates: {}."),
)
_AGENCY = re.compile(r"/agencies/(?P<slug>[a-z0-9-]+)/?\Z")
_LISTS = re.compile(r"/api/v1/documents(?:\.json)?\Z|/?\Z|/documents(?:/search)?/?\Z")  # the last two: pages for people
_WORD = re.compile(r"[\w-]+\Z")


def request(source: Source) -> Request:
    """The newest documents that are wanted. Another address of the API is asked as it stands."""
    parts = urlsplit(source.url)
    agency = _AGENCY.match(parts.path)
    if not (agency or _LISTS.match(parts.path)):
        return Request(url=source.url, accept=ACCEPT)
    given = parse_qsl(parts.query)
    named = {name for name, _ in given}
    wanted = source.wanted
    asked = [
        *given,
        *([("conditions[agencies][]", agency["slug"])] if agency else []),
        *(("conditions[agencies][]", one) for one in wanted.agencies),
        *(("conditions[type][]", TYPES.get(one.lower(), one.upper())) for one in wanted.types),
        *([("conditions[term]", _any(wanted.terms))] if wanted.terms and "conditions[term]" not in named else []),
        *([("order", "newest")] if "order" not in named else []),
        *([("per_page", str(PER_PAGE))] if "per_page" not in named else []),
        *(("fields[]", one) for one in FIELDS if "fields[]" not in named),
    ]
    return Request(url=f"{parts.scheme}://{parts.netloc}{DOCUMENTS}?{urlencode(asked)}", accept=ACCEPT)


def parse(source: Source, page: Page) -> Done[Listing] | Poison:
    """The documents of one answer; the next page of the list is older."""
    document = record(load(page))
    if fault := _fault(document):
        return Poison(reason=f"the Federal Register says: {fault}")
    if "results" not in document and "count" not in document:
        return Poison(reason=not_a("an answer of the Federal Register's API", page.body, page.content_type))
    entries = (_entry(one) for one in records(document.get("results")))
    following = link(text(document, "next_page_url"), page.final_url)
    is_near = following is not None and urlsplit(following).netloc == urlsplit(page.final_url).netloc
    older = Request(url=following, accept=ACCEPT) if following and is_near else None
    return listing(source, entries, base=urljoin(page.final_url, "/"), older=older)


def _any(terms: tuple[str, ...]) -> str:
    """Terms as the search takes them: `"export controls" | tariff`."""
    return " | ".join(one if _WORD.match(one) else '"{}"'.format(one.replace('"', " ")) for one in terms)


def _fault(document: Mapping[str, Any]) -> str | None:
    """What an answer complains of: `{"errors": {"conditions": "…"}}`, `{"status": 404, "message": "…"}`."""
    errors = document.get("errors")
    if isinstance(errors, dict):
        errors = [f"{key}: {value}" for key, value in errors.items()]
    if isinstance(errors, list) and errors:
        return plain("; ".join(map(str, errors[:5])))[:300]
    said = text(document, "message") or text(document, "error")
    return plain(said)[:300] if said and "results" not in document else None


def _entry(one: Mapping[str, Any]) -> Entry:
    """One document."""
    agencies = (text(agency, "name") or text(agency, "raw_name") for agency in records(one.get("agencies")))
    return Entry(
        url=text(one, "html_url") or text(one, "pdf_url") or text(one, "raw_text_url"),
        title=text(one, "title") or "",
        guid=text(one, "document_number"),
        author=", ".join(filter(None, agencies)),
        published=times.from_text(text(one, "publication_date")),
        summary=_summary(one),
        language="en",
    )


def _summary(one: Mapping[str, Any]) -> str:
    """The abstract, and in a sentence each what is done and from when."""
    told = [_words(one, "abstract")]
    told += [words.format(value.rstrip(".")) for name, words in SENTENCES if (value := _words(one, name))]
    return "".join(f"<p>{html.escape(words, quote=False)}</p>" for words in told if words)


def _words(one: Mapping[str, Any], name: str) -> str:
    """A field's text on one line."""
    return " ".join((text(one, name) or "").split())
