"""Index pages: relative dates as tables, next pages. It is noon on 9 July 2024, UTC, when a page is fetched."""

from __future__ import annotations

import pytest
from sources_samples import FETCHED_AT, page, source

from tracker.model import Done, Listing, Selectors, SourceKind
from tracker.sources.html import parse
from tracker.sources.relative import read

DATES = [
    ("3 hours ago", "en", "2024-07-09T09:00:00Z"),
    ("Updated 3 hours ago", "en", "2024-07-09T09:00:00Z"),
    ("an hour ago", "en", "2024-07-09T11:00:00Z"),
    ("15 hours ago", "en", "2024-07-08T21:00:00Z"),
    ("5 min ago", "en", "2024-07-09T11:55:00Z"),
    ("3h ago", "en", "2024-07-09T09:00:00Z"),
    ("just now", "en", "2024-07-09T12:00:00Z"),
    ("Yesterday", "en", "2024-07-08"),
    ("today", "en", "2024-07-09"),
    ("Yesterday, 14:30", "en", "2024-07-08"),
    ("2 days ago", "en", "2024-07-07"),
    ("2 weeks ago", "en", "2024-06"),
    ("last month", "en", "2024-06"),
    ("8 months ago", "en", "2023-11"),
    ("a year ago", "en", "2023"),
    ("vor 2 Stunden", "de", "2024-07-09T10:00:00Z"),
    ("gestern", "de", "2024-07-08"),
    ("il y a 3 jours", "fr", "2024-07-06"),
    ("hace 2 horas", "es", "2024-07-09T10:00:00Z"),
    ("2 часа назад", "ru", "2024-07-09T10:00:00Z"),
    ("вчера", "ru", "2024-07-08"),
    ("3小时前", "zh", "2024-07-09T09:00:00Z"),
    ("昨天", "zh", "2024-07-08"),
    ("3時間前", "ja", "2024-07-09T09:00:00Z"),
    ("2시간 전", "ko", "2024-07-09T10:00:00Z"),
    ("3 hours ago", "de", "2024-07-09T09:00:00Z"),
    ("9 lipca 2024", "pl", "2024-07-09"),
    ("5 июля 2024 г., 14:30", "ru", "2024-07-05"),
    ("Jul 5", "en", "2024-07-05"),
    ("Dec 31", "en", "2023-12-31"),
    ("29 Feb", "en", "2024-02-29"),
    ("5. Juli", "de", "2024-07-05"),
    ("7月5日", "ja", "2024-07-05"),
    ("in 3 hours", "en", None),
    ("tomorrow", "en", None),
    ("12 August 2024", "en", None),
    ("06/07/2024", "en", None),
    ("soon", "en", None),
    ("May", "en", None),
    ("12", "en", None),
    ("5 min read", "en", None),
    ("Read more about the two new rules of last month", "en", None),
    ("yesterday", "xx", "2024-07-08"),
    ("99999999999 years ago", "en", None),
]


@pytest.mark.parametrize(("text", "language", "value"), DATES, ids=[f"{text} {code}" for text, code, _ in DATES])
def test_a_date_counted_from_now_is_no_more_exact_than_its_unit(text: str, language: str, value: str | None) -> None:
    when = read(text, now=FETCHED_AT, languages=(language, "en"))
    assert (when.value if when else None) == value


def listing(body: str, *, selectors: Selectors, url: str = "http://a.example/news/") -> Listing:
    asked = source(SourceKind.HTML, url=url, selectors=selectors)
    outcome = parse(asked, page(f"<html lang='de'><body>{body}</body></html>".encode(), url=url))
    assert isinstance(outcome, Done), outcome
    return outcome.value


@pytest.mark.parametrize(
    ("date", "value"),
    [
        ("<i>vor 3 Stunden</i>", "2024-07-09T09:00:00Z"),
        ("<i title='8 July 2024'>yesterday</i>", "2024-07-08"),
        ("<i datetime='2024-07-08T10:00:00Z'>vor 26 Stunden</i>", "2024-07-08T10:00:00Z"),
        ("<i><time datetime='2024-07-01'>gestern</time></i>", "2024-07-01"),
        ("<i>1 August 2031</i>", None),
        ("", None),
    ],
)
def test_an_items_date_may_be_relative_and_is_never_to_come(date: str, value: str | None) -> None:
    (item,) = listing(f"<p><a href='/1'>x</a>{date}</p>", selectors=Selectors(item="p", date="i")).items
    assert (item.published.value if item.published else None) == value


@pytest.mark.parametrize(
    ("link", "older"),
    [
        ("<a class='next' href='?page=2'>Older</a>", "http://a.example/news/?page=2"),
        ("<div class='next'><span>Seiten</span><a href='/news/2'>2</a></div>", "http://a.example/news/2"),
        ("<link class='next' rel='next' href='page/2'>", "http://a.example/news/page/2"),
        ("<a class='next' href='/news/'>1</a><a class='next' href='/news/2'>2</a>", "http://a.example/news/2"),
        ("<a class='next' href='/news/'>this very page</a>", None),
        ("<a class='next' href='javascript:more()'>more</a>", None),
        ("<span class='next'>no link</span>", None),
        ("", None),
    ],
)
def test_the_page_with_older_entries(link: str, older: str | None) -> None:
    request = listing(f"<p><a href='/1'>x</a></p>{link}", selectors=Selectors(item="p", next=".next")).older
    assert (request.url if request else None) == older


def test_without_a_selector_there_is_no_older_page() -> None:
    found = listing("<p><a href='/1'>x</a></p><a rel='next' href='/2'>2</a>", selectors=Selectors(item="p"))
    assert found.older is None
