"""Hostile feeds and pages on their whole way: fetched, read, stored, asked, exported and shown, with nothing harmed.

One refresh takes all of them, each from a source of its own, and what came of each is looked at afterwards.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hostile_corpus import CASES, FORMULA, Case
from icalendar import Calendar
from lxml import etree
from outlet import Answer, Outlet, Watcher, source
from stand_ins import KeptExtractor

from tracker.export import formats
from tracker.model import About, SourceKind
from tracker.query import Timeline
from tracker.store import Store, soundness
from tracker.web.pages import article, event, original, search, sources, timeline

sys.path.insert(0, str(Path(__file__).parents[1] / "web"))
from asking_pages import asked, clock, text

ABOUT = About(title="\u202e=1+1 <b>", query=None, filters={}, as_of="2026-01-05T12:00:00Z", cursor=1, schema=1)
WORDS = ("OpenAI", "access", '"API in China"', "act* -x", "\x00\ud800 script", "\u202egpj")
UNSEEN = frozenset("\x00\x07\x1b\u202e\u2066\u2069")


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, extractor: KeptExtractor) -> Iterator[Watcher]:
    with Outlet() as outlet:
        for case in CASES:
            outlet.routes[f"/{case.name}/feed"] = Answer(body=case.feed, headers=dict(case.headers))
            outlet.routes[f"/{case.name}/1"] = Answer(body=case.page, headers={"Content-Type": case.page_type})
        found = Watcher(outlet, tmp_path_factory.mktemp("hostile"), extractor)
        found.sources = tuple(_source(case) for case in CASES)
        found.refresh()
        found.refresh(timedelta(hours=3))
        yield found


def _source(case: Case) -> Any:
    kind = SourceKind.JSON_FEED if case.feed.startswith(b"{") else SourceKind.FEED
    return source(id=case.name, name=f"{case.name} {FORMULA}", kind=kind, url=f"http://outlet.example/{case.name}/feed")


@pytest.fixture(scope="module")
def asking(watched: Watcher) -> Iterator[Timeline]:
    with closing(Timeline.open(watched.config.settings.database, clock=clock)) as opened:
        yield opened


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_is_stored_or_refused_with_a_reason(watched: Watcher, case: Case) -> None:
    where = f"source_id = '{case.name}'"
    titles = tuple(title for (title,) in watched.rows(f"SELECT title FROM article WHERE {where} AND unread IS NULL"))
    if case.is_read:
        assert tuple(title.replace(FORMULA, "") for title in titles) == case.titles or case.name in {
            "long-title",
            "mixed",
        }
        assert len(titles) == len(case.titles)
        reports = watched.value(f"SELECT count(*) FROM report JOIN article ON article.id = article_id WHERE {where}")
        assert reports == len(titles)
    else:
        assert not titles
        told = watched.rows(f"SELECT unread FROM article WHERE {where} UNION SELECT reason FROM item WHERE {where}")
        assert any(reason for (reason,) in told)
    health = watched.rows(f"SELECT last_reason, notes FROM source_health WHERE id = '{case.name}'")[0]
    assert any(case.reason in (words or "") for words in health)


def test_the_database_is_sound_and_holds_only_text(watched: Watcher) -> None:
    with Store.open(watched.config.settings.database) as store:
        assert soundness.structure(store._db, thorough=True) == []
    with closing(sqlite3.connect(watched.config.settings.database)) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        db.text_factory = lambda raw: raw.decode("utf-8")  # strict: what is no UTF-8 is told
        for (table,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"):
            for row in db.execute(f"SELECT * FROM {table}"):
                assert not any("\x00" in value for value in row if isinstance(value, str)), table


def test_no_date_is_beyond_the_calendar(watched: Watcher) -> None:
    days = watched.rows("SELECT published FROM article WHERE published IS NOT NULL UNION SELECT day FROM event")
    assert days
    assert all("1990" <= day[:4] <= "2026" for (day,) in days)


@pytest.mark.parametrize("words", WORDS, ids=["a word", "another", "a phrase", "a beginning", "none", "turned"])
def test_every_question_has_an_answer(asking: Timeline, words: str) -> None:
    hits = asking.search(words, limit=100)
    assert {one.event.id for one in hits.events} <= {one.id for one in asking.timeline()}
    for hit in hits.articles:
        assert asking.article(hit.id).title == hit.title
    asking.parties(words)


@pytest.mark.parametrize("form", sorted(formats.FORMATS))
def test_every_export_can_be_read_back(asking: Timeline, tmp_path: Path, form: str) -> None:
    file, kind = tmp_path / f"x.{form}", formats.FORMATS[form].source
    asked_for: dict[str, Callable[[], Iterable[Any]]] = {
        "lines": asking.lines,
        "rows": asking.rows,
        "whole": asking.whole,
    }
    found = asked_for[kind.value]()
    count = formats.save(found, file, form=form, about=ABOUT)
    assert count == len(asking.timeline()) or form == "ics"
    read = file.read_bytes()
    if form in {"json", "jsonfeed", "stix"}:
        json.loads(read)
    elif form == "jsonl":
        assert len([json.loads(line) for line in read.splitlines()]) == count
    elif form in {"atom", "graphml"}:
        etree.fromstring(read)
    elif form == "ics":
        Calendar.from_ical(read)
    elif form == "csv":
        rows = list(csv.reader(read.decode("utf-8-sig").splitlines()))
        assert not [cell for row in rows[1:] for cell in row if cell.startswith(("=", "@", "+", "\t"))]
        assert len(rows) == count + 1


def test_every_page_shows_it_and_nothing_of_it_acts(asking: Timeline) -> None:
    events = [one.id for one in asking.timeline()]
    articles = [hit.id for hit in asking.search("access", limit=100, among=("articles",)).articles]
    assert events
    assert articles
    shown = [asked(asking, timeline.show), asked(asking, sources.show), asked(asking, search.show, text="access")]
    shown += [asked(asking, event.show, one) for one in events]
    shown += [asked(asking, article.show, one) for one in articles]
    shown += [asked(asking, original.show, one, **{"as": "page"}) for one in articles]
    shown += [asked(asking, sources.show_one, case.name) for case in CASES]
    for answer in shown:
        words = text(answer)
        words.encode()
        assert "window.pwned=1</script>" not in words
        assert "<script>alert" not in words
        assert "onerror=alert(1)>" not in words
        if "sandbox" not in dict(answer.headers).get("content-security-policy", ""):
            assert not UNSEEN & set(words)
