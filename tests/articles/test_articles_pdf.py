"""PDF notices: paragraphs of lines, edges of pages, metadata with sanity, and what cannot be read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pdfs import pdf

from tracker.articles import from_page
from tracker.articles import pdf as reading
from tracker.model import Article, Basis, Done, Item, Page, Source, SourceKind, TextFrom, Tier, When

NOW = datetime(2024, 7, 1, 12, tzinfo=UTC)
SOURCE = Source(
    id="a", name="A", kind=SourceKind.FEED, url="https://a.example/", tier=Tier.OFFICIAL, language="en", country="US"
)
STRANGE = pdf([["A line of text."]]).replace(b"/Length", b"/Filter /Unknown\n/Length")
NOTICE = [
    [
        "Federal Gazette Vol. 12 No. 3",
        "Additions to the Control List",
        "The agency adds three entities to the list on the basis of a determin-",
        "ation by the committee that they act against the interests of the state.",
        "The change takes effect on 1 July 2024. The agency will deny licence",
        "applications unless the applicant shows that the goods serve health.",
        "The entities are:",
        "(1) Halder Microsystems Ltd., Quayside;",
        "(2) Northern Optics Group;",
        "(3) Third Research Institute.",
        "Page 1 of 3",
    ],
    [
        "Federal Gazette Vol. 12 No. 4",
        "Parties that shipped before that date may complete the shipment",
        "within thirty days if the goods were already on board of a ship or in",
        "Page 2 of 3",
    ],
    [
        "Federal Gazette Vol. 12 No. 5",
        "transit by land on that day, as the earlier notice of the agency said.",
        "Page 3 of 3",
    ],
]
TEXT = """The agency adds three entities to the list on the basis of a determination by the committee that they act \
against the interests of the state. The change takes effect on 1 July 2024. The agency will deny licence applications \
unless the applicant shows that the goods serve health.

The entities are:

(1) Halder Microsystems Ltd., Quayside;

(2) Northern Optics Group;

(3) Third Research Institute.

Parties that shipped before that date may complete the shipment within thirty days if the goods were already on board \
of a ship or in transit by land on that day, as the earlier notice of the agency said."""


def read(body: bytes, *, title: str = "", summary: str | None = None, content_type: str = "application/pdf") -> Article:
    url = "https://a.example/notice.pdf"
    page = Page(url=url, final_url=url, status=200, content_type=content_type, body=body, fetched_at=NOW)
    dated = When(value="2024-06-28", basis=Basis.FEED) if summary else None
    made = from_page(Item(source_id="a", url=url, title=title, summary=summary, published=dated), SOURCE, page, now=NOW)
    assert isinstance(made, Done)
    return made.value


@pytest.mark.parametrize("content_type", ["application/pdf", "application/octet-stream", "text/html", ""])
def test_a_notice_becomes_paragraphs(content_type: str) -> None:
    article = read(pdf(NOTICE), title="Additions to the Control List", content_type=content_type)
    assert article.text == TEXT
    assert (article.text_from, article.unread, article.language) == (TextFrom.PAGE, None, "en")


def test_metadata_serve_where_the_feed_is_silent() -> None:
    about = {"/Title": "Rule on Gallium Licences", "/Author": "Ann Lee", "/CreationDate": "D:20240620090000Z"}
    article = read(pdf(NOTICE, about=about))
    assert article.published is not None
    assert (article.title, article.author) == ("Rule on Gallium Licences", "Ann Lee")
    assert (article.published.value, article.published.basis) == ("2024-06-20", Basis.METADATA)


def test_the_feed_goes_before_the_metadata() -> None:
    about = {"/Title": "Rule on Gallium Licences", "/CreationDate": "D:20240620090000Z"}
    article = read(pdf(NOTICE, about=about), title="Agency adds three", summary="Three entities were added.")
    assert article.published is not None
    assert (article.title, article.published.value) == ("Agency adds three", "2024-06-28")


@pytest.mark.parametrize(
    ("about", "title"),
    [
        ({"/Title": "Microsoft Word - notice_final.docx"}, "Federal Gazette Vol. 12 No. 3"),
        ({"/Title": "notice-2024.pdf"}, "Federal Gazette Vol. 12 No. 3"),
        ({"/Title": "untitled"}, "Federal Gazette Vol. 12 No. 3"),
        ({"/Author": "jsmith2"}, "Federal Gazette Vol. 12 No. 3"),
    ],
)
def test_metadata_that_cannot_be(about: dict[str, str], title: str) -> None:
    article = read(pdf(NOTICE[:1], about=about | {"/CreationDate": "D:20990101000000Z"}))
    assert article.title == title
    assert article.author is None
    assert article.published is not None
    assert article.published.basis is Basis.FETCHED


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (pdf(NOTICE, password="secret"), "format: the PDF is encrypted"),
        (pdf([[], [], []]), "format: the PDF has no text, its pages are pictures"),
        (b"%PDF-1.7", "format: the PDF cannot be read"),
        (b"%PDF-1.7\n" + b"\x00\xff<<>>" * 500, "format: the PDF cannot be read"),
        (pdf(NOTICE)[:400], "format: the PDF cannot be read"),
        (STRANGE, "format: the PDF cannot be read (NotImplementedError)"),
        (b"%PDF-1.4\nstartxref\n99999999999999999999\n%%EOF", "format: the PDF cannot be read (OverflowError)"),
    ],
    ids=["encrypted", "scanned", "only a header", "rubbish", "cut off", "an unknown filter", "an endless place"],
)
@pytest.mark.filterwarnings("ignore")
def test_what_cannot_be_read_is_kept_with_the_reason(body: bytes, reason: str) -> None:
    article = read(body, title="Notice")
    assert (article.unread or "").startswith(reason)
    told = read(body, title="Notice", summary="The agency adds three entities to its control list.")
    assert (told.text, told.text_from) == ("The agency adds three entities to its control list.", TextFrom.FEED)
    assert told.unread is None
    assert (told.note or "").startswith(reason)


def test_pages_and_characters_are_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_PAGES", 2)
    article = read(pdf(NOTICE))
    assert article.note == "long: 2 of the PDF's 3 pages are read"
    assert "transit by land" not in article.text
    monkeypatch.setattr(reading, "MAX_TEXT", 400)
    assert read(pdf(NOTICE)).note == "long: 1 of the PDF's 3 pages are read"


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["The ban covers state-", "owned firms, it says."], ["The ban covers stateowned firms, it says."]),
        (["The ban covers the EU-", "China trade, it says."], ["The ban covers the EU-China trade, it says."]),
        (["Scope", "The ban covers every firm of the state."], ["Scope", "The ban covers every firm of the state."]),
        (["• Alpha Works", "• Beta Yard"], ["- Alpha Works", "- Beta Yard"]),
        ([], []),
    ],
)
def test_lines_become_paragraphs(lines: list[str], joined: list[str]) -> None:
    assert list(reading.paragraphs([lines])) == joined


def test_a_line_that_stands_on_few_pages_is_text() -> None:
    assert reading.without_edges([["Annex", "a"], ["Annex", "b"]]) == [["Annex", "a"], ["Annex", "b"]]
    pages = [[f"Gazette {n}", f"text {chr(97 + n)}", str(n)] for n in range(4)]
    assert reading.without_edges(pages) == [["text a"], ["text b"], ["text c"], ["text d"]]
