"""An explanation in words: each field with its value, the words that gave it, and why."""

from __future__ import annotations

import pytest

from tracker.cli import account, render
from tracker.extraction import JSON, Answer, Input
from tracker.model import Article, Basis, TextFrom, When

TEXT = "OpenAI will block API access from China in July."
ARTICLE = Article(
    id="a", url=None, title="OpenAI shuts out\x1b[31m China", text=TEXT, language="en", text_from=TextFrom.INPUT,
    published=When(value="2024-06-25T09:00:00Z", basis=Basis.METADATA),
)  # fmt: skip


def span(words: str) -> JSON:
    return {"start": TEXT.index(words), "end": TEXT.index(words) + len(words)}


EVENT: JSON = {
    "type": "access_restriction", "status": "announced", "direction": "restrict", "certainty": "confirmed",
    "actors": [{"name": "OpenAI", "kind": "company", "country": "US", "wikidata": None}],
    "targets": [{"name": "China", "kind": "place", "country": "CN", "wikidata": None}],
    "items": ["API access"], "instruments": [], "announced_on": "2024-06-25", "effective_on": "2024-07",
    "amounts": [{"kind": "money", "value": 5000000, "upper": None, "comparison": "at_most", "unit": "USD", "per": "day",
                 "text": "up to $5m a day"}],
    "evidence": [span(TEXT)], "confidence": 0.81,
    "spans": {"actors": [span("OpenAI")], "targets": [{"start": 17, "end": 22, "field": "title"}],
              "items": [span("API access")], "effective_on": [span("July")]},
    "why": [
        {"what": "event", "words": "cue 'block'", "span": span("block")},
        {"what": "status", "words": "modal 'will'", "weight": 1.25, "span": span("will")},
        {"what": "status", "words": "tag VB", "weight": -0.5, "span": span("will")},
        {"what": "actor", "words": "name: OpenAI", "span": span("OpenAI")},
        {"what": "announced", "words": "the article's own date"},
        {"what": "merged", "words": "told twice", "span": span("China")},
    ],
}  # fmt: skip
ROWS = [
    ("type", "access_restriction", "“block” 12–17", "cue 'block'"),
    ("status", "announced", "“will” 7–11", "modal 'will' (+1.25); tag VB (-0.50)"),
    ("direction", "restrict", "", ""),
    ("certainty", "confirmed", "", ""),
    ("actor", "OpenAI (company, US)", "“OpenAI” 0–6", "name: OpenAI"),
    ("target", "China (place, CN)", "“[31m” title 17–22", ""),
    ("item", "API access", "“API access” 18–28", ""),
    ("amount", "up to 5 million USD per day", "", ""),
    ("announced", "2024-06-25", "", "the article's own date"),
    ("effective", "2024-07", "“July” 43–47", ""),
    ("merged", "", "“China” 34–39", "told twice"),  # whatever a reader gives as its reasons is shown
]


def told(*events: JSON, unread: str | None = None) -> str:
    article = ARTICLE if unread is None else Article(
        id="a", url="https://a.example/1", title="", text="", published=None, language="zh",
        text_from=TextFrom.INPUT, unread=unread,
    )  # fmt: skip
    given = Input(article=article, name="note.txt", is_extracted=True)
    return render.text(*account.told(Answer(input=given, found={"id": "a", "events": list(events)})))


def test_the_rows_of_an_event() -> None:
    assert list(account.rows(EVENT, ARTICLE)) == ROWS


def test_the_rows_without_reasons() -> None:
    plain = {key: value for key, value in EVENT.items() if key != "why"}
    assert [row[:2] for row in account.rows(plain, ARTICLE)] == [row[:2] for row in ROWS[:-1]]


def test_an_article_with_an_event() -> None:
    shown = told(EVENT)
    assert "note.txt  2024-06-25  1 event" in shown
    assert "1. ▼ access_restriction, announced, confirmed  confidence 0.81" in shown
    assert f"“{TEXT}” (0–48)" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("unread", "words"),
    [(None, "no policy event found"), ("language: zh is not read yet", "no date  not read: language")],
)
def test_an_article_without_one(unread: str | None, words: str) -> None:
    assert words in told(unread=unread)
