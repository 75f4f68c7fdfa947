"""The words of articles that show what reports say, and what stands beside an event."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
import query_samples

from tracker.query import Timeline
from tracker.query.background import background
from tracker.query.passages import Passage, Shown, of_reports

TEXT = (
    "The ministry met on Monday.\n"
    "Nothing was said about the chips for a long time, and people who had come from far away went home again, "
    "disappointed. In the evening the United States, by its Commerce Department, banned them from 9 July."
)


def place(words: str) -> dict[str, int]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words)}


DETAIL = {
    "actors": [
        {"party": {"name": "US Commerce Department"}, "span": place("Commerce Department")},
        {"party": {"name": "United States"}, "span": place("the United States, by its Commerce Department")},
    ],
    "targets": [{"party": {"name": "ministry"}, "span": place("ministry")}],
    "items": [
        {"text": "chips", "span": place("chips")},
        {"text": "title", "span": {"start": 0, "end": 5, "field": "title"}},
    ],
    "instruments": [],
    "effective_on": {"value": "2024-07-09", "basis": "stated", "span": place("9 July")},
    "announced_on": {"value": "2024-07-08", "basis": "feed"},
    "evidence": [place("In the evening the United States, by its Commerce Department, banned them from 9 July.")],
    "why": [
        {"what": "event", "words": "cue", "span": place("banned")},
        {"what": "status", "words": "x", "span": place("In")},
    ],
}


def marked(one: Passage) -> str:
    """A passage with what is marked in brackets, by field."""
    told, at = "", 0
    for part in one.apart:
        told += f"{one.text[at : part.start]}[{part.field} {one.text[part.start : part.end]}]"
        at = part.end
    return told + one.text[at:]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The sample with one article and report of our own."""
    path = query_samples.build(tmp_path / "t.db")
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE article SET title = 'Chips are out', text = ? WHERE id = 'halt-herald'", (TEXT,))
        quote = TEXT[DETAIL["evidence"][0]["start"] :]  # type: ignore[index]
        raw.execute(
            "UPDATE report SET detail = ?, quote = ? WHERE article_id = 'halt-herald'", (json.dumps(DETAIL), quote)
        )
    return path


def asked(path: Path) -> tuple[Passage, ...]:
    with Timeline.open(path) as timeline:
        (report,) = timeline.event("e-halt").reports
        return timeline.ask(lambda db, _: of_reports(db, {report.id: report.quote})).get(report.id, ())


QUOTED = """In the evening [actor the United States, by its Commerce Department], [type banned] them from \
[effective_on 9 July].
---
The [target ministry] met on Monday.
Nothing was said about the [item chips] for a long time, and people who had come from far away went home again, \
disappointed. In…
---
[item Chips] are out"""


def passages_of(timeline: Timeline, quotes: dict[str, str]) -> dict[str, tuple[Passage, ...]]:
    return timeline.ask(lambda db, _: of_reports(db, quotes))


def test_the_quote_comes_first_then_what_stands_elsewhere(path: Path) -> None:
    found = asked(path)
    assert "\n---\n".join(map(marked, found)) == QUOTED
    assert [one.title for one in found] == [False, False, True]


ABOUT = {
    "actor": "In the evening [actor the United States, by its Commerce Department], banned them from 9 July.",
    "type": "In the evening the United States, by its Commerce Department, [type banned] them from 9 July.",
    "target": None,
}


@pytest.mark.parametrize("field", ABOUT)
def test_of_a_passage_what_shows_one_field(path: Path, field: str) -> None:
    found = asked(path)[0].about(field)
    assert (found and marked(found)) == ABOUT[field]


def test_words_far_from_the_marked_ones_are_cut_off_between_words() -> None:
    text = f"{'before ' * 40}HERE{' after' * 40}"
    one = Passage(text=text, title=False, shown=(Shown(start=280, end=284, field="item", value=None),)).about("item")
    assert one is not None
    assert one.text.startswith("…before ")
    assert one.text.endswith(" after…")
    assert len(one.text) < 200


def test_an_article_with_other_words_by_now_shows_nothing(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE article SET text = 'X' || text WHERE id = 'halt-herald'")
    assert asked(path) == ()


def test_all_that_is_marked_is_what_the_reports_say(timeline: Timeline) -> None:
    for event in timeline.timeline():
        detail = timeline.event(event.id)
        quotes = {one.id: one.quote for one in detail.reports}
        found = passages_of(timeline, quotes)
        assert set(found) == set(quotes)
        for passages in found.values():
            assert passages[0].text in quotes.values()
            for one in passages[0].shown:
                assert one.field == "amount" or passages[0].text[one.start : one.end] == one.value


def test_beside_an_event_is_what_its_articles_tell_too(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE report SET article_id = 'api-herald', position = 1 WHERE event_id IN ('e-halt', 'e-tools')")
        raw.execute("UPDATE event SET verdict = 'reject' WHERE id = 'e-tools'")
    with Timeline.open(path) as timeline:
        detail = timeline.event("e-api")
        known = timeline.ask(lambda db, _: background(db, detail, detail.reports[:1]))
        assert [one.id for one in known.beside] == ["e-halt"]
        assert list(known.passages) == [detail.reports[0].id]
        gallium = timeline.event("e-gallium")
        ties = timeline.ask(lambda db, _: background(db, gallium, ())).ties
        assert [(one.words, one.measure_id) for one in ties] == [("retaliates against", "m-tools")]
