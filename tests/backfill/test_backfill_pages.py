"""Pages of archives become articles as in a refresh, each page's harm its own; addresses alone are asked for."""

from __future__ import annotations

from pathlib import Path

import backfill_samples as samples

from tracker.backfill.fetching import with_pages
from tracker.config import Config
from tracker.lake import Fault
from tracker.model import Item, TextFrom
from tracker.model.archives import Record

PARAGRAPHS = "".join(
    f"<p>The ministry said on Tuesday that rule {n} on the export of machines would take effect in autumn, and that it"
    " had told the companies concerned, which have until the end of the month to object.</p>"
    for n in range(6)
)
GERMAN = "".join(
    f"<p>Das Ministerium teilte am Dienstag mit, dass die Regel {n} über die Ausfuhr von Maschinen im Herbst gilt"
    " und dass es die betroffenen Unternehmen unterrichtet hat, die bis Ende des Monats widersprechen können.</p>"
    for n in range(6)
)


def page(number: int, body: str, lang: str = "en") -> samples.Line:
    date = '<meta property="article:published_time" content="2024-07-09T08:00:00Z">'
    head = f"<head><title>Ministry names rule {number}</title>{date}</head>"
    html = f'<!doctype html><html lang="{lang}">{head}<body><article><h1>Ministry names rule {number}</h1>{body}'
    return {"url": f"https://paper.example/{number}", "html": html}


def test_pages_become_articles_as_in_a_refresh(tmp_path: Path) -> None:
    hostile = page(3, f"<p {' '.join(f'a{n}=1' for n in range(600))}>{PARAGRAPHS}")
    lines = [page(1, PARAGRAPHS), page(2, GERMAN, "de"), hostile, page(4, "<p>Sorry.</p>"), samples.article(5)]
    lake, ran = samples.run(samples.archive(tmp_path, lines), tmp_path / "lake")
    first, german, short, given = [one.article for one in lake.articles(months=["2024-07"])]
    assert (first.title, first.published and first.published.day) == ("Ministry names rule 1", "2024-07-09")
    assert (first.text_from, first.source_id, first.site, first.unread) == (TextFrom.PAGE, None, "paper.example", None)
    assert german.unread == "language: de is not read yet"
    assert (short.unread or "").startswith("too short")
    assert given.url == "https://paper.example/5"
    assert [note.faults for note in lake.notes()] == [
        (Fault(key="archive.jsonl:3", reason="a tag has more than 500 attributes"),)
    ]
    assert (ran.counts["articles"], ran.counts["read"]) == (4, 2)


def test_addresses_are_asked_for_and_what_cannot_be_had_is_told(settled: Config) -> None:
    asked = next(source.url for source in settled.sources if source.url.startswith("http"))
    gone = asked.rstrip("/") + "/there-is-no-such-page"
    urls = (asked, gone, "http://127.0.0.1:9/private")
    items = [Record(key=str(n), item=Item(source_id="", url=url, title="")) for n, url in enumerate(urls)]
    whole = Record(key="3", fault="cut off")
    faults: dict[str, str] = {}
    found = list(with_pages(iter([*items, whole]), settled.settings.fetch, faults.__setitem__))
    assert [(one.key, one.page is not None) for one in found] == [("0", True), ("3", False)]
    assert sorted(faults) == ["1", "2"]
    assert "404" in faults["1"]
